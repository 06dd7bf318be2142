"""How long is each cycle, and where does the clock of cycles end? Gathers the parts of a ``cycles:`` value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from regimen.errors import NotationError
from regimen.notation.assembly import gather
from regimen.notation.clauses import Clause
from regimen.notation.parsing import Token
from regimen.notation.terms import Cycles, Run, Until, UpTo
from regimen.timing import Span

_BOUNDS = ("up_to", "until", "through", "before", "lasting")


class Stretch(NamedTuple):
    """One length as written: ``every`` it, ``plain``, or last of a list that is ``repeating``."""

    span: Span
    times: int | None
    kind: str
    position: int | None


def assemble_cycles(nodes: Sequence[Any]) -> Cycles:
    """A clock of cycles from its lengths, the separators between them and the clauses that bound it."""
    clauses = [n for n in nodes if isinstance(n, Clause)]
    places = {n.name: n.position for n in clauses}
    found = gather(clauses)
    bounded = any(name in found for name in ("times", *_BOUNDS))
    _refuse_lone_length(nodes, bounded)
    runs = _runs([n for n in nodes if not isinstance(n, Clause)], bounded)
    if "times" in found:
        count, noun = found.pop("times")
        runs = _counted(runs, count, noun, places["times"])
    if "at_most" in found:
        if "until" not in found:
            raise NotationError(
                "'at most' follows an open end: until progression, at most 24 mo.", "", places["at_most"]
            )
        found["until"] = Until(found["until"].event, found.pop("at_most"))
    cycles = Cycles(tuple(runs), **found)
    _check_bounds(cycles, places)
    return cycles


def _refuse_lone_length(nodes: Sequence[Any], bounded: bool) -> None:
    """A length alone is one cycle to one reader and cycles without end to another."""
    lengths = [n for n in nodes if isinstance(n, Stretch)]
    if len(lengths) == 1 and not bounded and lengths[0].kind == "plain" and lengths[0].times is None:
        span = lengths[0].span
        raise NotationError(
            f"{span} alone can be read as one cycle and as cycles without end.", "", lengths[0].position,
            f"Write {span} x1 for one cycle, {span} x6 for a number of them, or every {span} until they end.",
        )  # fmt: skip


def _runs(nodes: list[Any], bounded: bool) -> list[Run]:
    groups: list[list[Stretch]] = [[]]
    for node in nodes:
        if isinstance(node, Stretch):
            groups[-1].append(node)
        elif isinstance(node, Token) and node.type == "THEN":
            groups.append([])
    last = groups[-1][-1]
    if bounded and last.kind == "plain" and len(groups[-1]) == 1:
        groups[-1][-1] = last._replace(kind="every")
    runs = [(run, place) for group in groups for run, place in _group(group)]
    for run, place in runs[:-1]:
        if run.times is None:
            raise NotationError("cycles without a count never end, so nothing can follow them; add a count.", "", place)
    return [run for run, _ in runs]


def _group(group: list[Stretch]) -> list[tuple[Run, int | None]]:
    first, last = group[0], group[-1]
    if last.kind == "repeating":
        if any(stretch.kind != "plain" for stretch in group[:-1]):
            raise NotationError("a repeating list is of plain lengths: 21 d, 14 d repeating.", "", last.position)
        return [(Run(tuple(stretch.span for stretch in group), last.times), first.position)]
    return [(Run((span,), times if times or kind == "every" else 1), position) for span, times, kind, position in group]


def _counted(runs: list[Run], count: int, noun: str, place: int | None) -> list[Run]:
    if noun == "doses":
        raise NotationError("a clock of cycles is counted in cycles, not doses.", "", place)
    if runs[-1].times is not None:
        raise NotationError("the number of cycles is given twice.", "", place)
    return [*runs[:-1], replace(runs[-1], times=count)]


def _check_bounds(cycles: Cycles, places: dict[str, int]) -> None:
    up_to: UpTo | None = cycles.up_to
    if up_to is not None and up_to.noun == "doses":
        raise NotationError("a clock of cycles is bounded in cycles, not doses.", "", places["up_to"])
    bounds = [name for name in _BOUNDS if getattr(cycles, name)]
    if cycles.runs[-1].times is not None and bounds:
        raise NotationError(
            "a count of cycles and a bound are both given; one of them decides.", "", places[bounds[0]],
            "Keep x and a count, or use every 28 d with the bound.",
        )  # fmt: skip
    if "through" in bounds and "before" in bounds:
        raise NotationError("'through' and 'before' are two ends; keep one.", "", places["before"])
    if "until" in bounds and {"through", "before", "lasting"} & set(bounds):
        raise NotationError(
            "an open end (until an event) and a fixed end cannot both hold.", "", places["until"],
            "Write until progression, at most 24 mo; or only the fixed end.",
        )  # fmt: skip
