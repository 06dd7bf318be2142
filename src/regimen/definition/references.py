"""Do the names in a definition point at something? Epochs of arms, anchors, decisions and drugs that texts mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from regimen.definition.models import DoseItem, Epoch, Placed, Study
from regimen.notation.terms import Phase, Point

Complaint = tuple[tuple[str | int, ...], str, str, str, bool]
"""Path, what was found, what is allowed, what to do, and whether the key rather than the value is meant."""


def check_references(study: Study) -> Iterator[Complaint]:
    """Every name that points at nothing."""
    for name, arm in study.arms.items():
        for index, key in enumerate(arm.epochs):
            if key not in study.epochs:
                yield (("arms", name, index), *_unknown("epoch", key, study.epochs), False)
        yield from _point(study, arm.from_, ("arms", name, "from"))
    for name, anchor in study.anchors.items():
        yield from _point(study, anchor.from_, ("anchors", name, "from"))
    for name, epoch in study.epochs.items():
        yield from _epoch(study, name, epoch)


def _epoch(study: Study, name: str, epoch: Epoch) -> Iterator[Complaint]:
    root: tuple[str | int, ...] = ("epochs", name)
    yield from _point(study, epoch.from_, (*root, "from"))
    yield from _condition(study, epoch.if_, (*root, "if"))
    seen: dict[str, str] = {}
    for section, items in (("doses", epoch.doses), ("visits", epoch.visits), ("procedures", epoch.procedures)):
        for key, item in items.items():
            if key in seen:
                yield (
                    (*root, section, key), f"the key {key!r} is also used under {seen[key]}",
                    "a key is used once in an epoch, because ids are made of it", "rename one of them", True,
                )  # fmt: skip
            seen.setdefault(key, section)
            yield from _item(study, (*root, section, key), item)


def _item(study: Study, path: tuple[str | int, ...], item: Placed) -> Iterator[Complaint]:
    yield from _condition(study, item.if_, (*path, "if"))
    yield from _point(study, item.from_, (*path, "from"))
    if item.source is not None and study.sources and item.source.document not in study.sources:
        yield ((*path, "source"), *_unknown("source", item.source.document, study.sources), False)
    yield from _phases(study, item.when or (), (*path, "when"))
    if isinstance(item, DoseItem):
        yield from _point(study, item.ends, (*path, "ends"))
        for key, part in item.parts.items():
            yield from _condition(study, part.if_, (*path, "parts", key, "if"))
            yield from _point(study, part.from_, (*path, "parts", key, "from"))
            yield from _phases(study, part.when, (*path, "parts", key, "when"))


def _phases(study: Study, phases: Iterable[Phase], path: tuple[str | int, ...]) -> Iterator[Complaint]:
    for phase in phases:
        yield from _condition(study, phase.condition, path)
        for point in (phase.start, phase.through, phase.before):
            yield from _point(study, point, path)
        for name in ([phase.relative.item] if phase.relative else []) + ([phase.without[1]] if phase.without else []):
            if not _drug(study, name):
                yield (path, *_unknown("drug", name, _drugs(study)), False)


def _point(study: Study, point: Point | None, path: tuple[str | int, ...]) -> Iterator[Complaint]:
    if point is None:
        return
    for name in point.names:
        if point.kind == "anchor" and name not in study.anchors:
            found, allowed, remedy = _unknown("anchor", name, study.anchors)
            if name in study.epochs:
                remedy = f"{name} is an epoch: write start of {name}, or a gap such as 28 d after end of {name}"
            yield (path, found, allowed, remedy, False)
        elif (
            point.kind in ("start", "end") and name not in study.epochs and name.rpartition("-")[0] not in study.epochs
        ):
            found, allowed, remedy = _unknown("epoch", name, study.epochs)
            if _drug(study, name):
                remedy = f"{name} is a drug: write first dose of {name} or last dose of {name}"
            yield (path, found, allowed, remedy, False)
        elif point.kind in ("first", "last") and not _drug(study, name):
            yield (path, *_unknown("drug", name, _drugs(study)), False)


def _condition(study: Study, condition: tuple[str, str] | None, path: tuple[str | int, ...]) -> Iterator[Complaint]:
    if condition is None:
        return
    name, value = condition
    if name not in study.decisions:
        yield (path, *_unknown("decision", name, study.decisions), False)
    elif value not in study.decisions[name].options:
        options = study.decisions[name].options
        yield (
            path,
            f"{name} cannot be {value!r}",
            f"its options are {', '.join(options)}",
            "choose one of them",
            False,
        )


def _drugs(study: Study) -> list[str]:
    names = {
        name for epoch in study.epochs.values() for key, i in epoch.doses.items() for name in (key, i.drug) if name
    }
    return sorted(names)


def _drug(study: Study, name: str) -> bool:
    return name.lower() in {known.lower() for known in _drugs(study)}


def _unknown(what: str, name: str, known: Iterable[str]) -> tuple[str, str, str]:
    names = list(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    allowed = f"the {what}s are {', '.join(names)}" if names else f"the definition has no {what}s"
    return (
        f"there is no {what} {name!r}",
        allowed,
        f"did you mean {close[0]}?" if close else "add it, or correct the name",
    )
