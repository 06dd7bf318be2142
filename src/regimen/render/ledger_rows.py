"""What does a pharmacist read of a ledger, in words, before anyone decides how to print it?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from regimen.dosing import TabletPlan, VialPlan
from regimen.events import DatedWindow
from regimen.ledger import Administration, Drug, Ledger
from regimen.ledger.calculating import span_of
from regimen.quantities import Quantity
from regimen.render.runs import Run, daily_runs
from regimen.render.words import counted, day_in_words, moment_in_words, one_line, window_in_words


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One administration, or equal ones on consecutive days, in words."""

    date: str
    position: str
    ordered: str
    amount: str
    take: tuple[str, ...]
    cumulative: str
    how: str
    state: tuple[str, ...]
    administrations: tuple[Administration, ...]


@dataclass(slots=True)
class Marks:
    """Numbers for calculations and letters for what is assumed, each told once."""

    calculations: dict[tuple[str, ...], str] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    zone: bool = True
    """Whether each time says its zone; not where all have one, which is said once."""

    def calculation(self, steps: tuple[str, ...]) -> str:
        """The number of a calculation, such as ``(1)``; empty for none."""
        return self.calculations.setdefault(steps, f"({len(self.calculations) + 1})") if steps else ""

    def basis(self, basis: str) -> str:
        """The letter of what is not the protocol's own, such as ``[a]``; empty for what is stated."""
        text = one_line(basis)
        return "" if text == "stated" else self.bases.setdefault(text, f"[{_letters(len(self.bases))}]")


Named = Callable[[str], str]
"""How a drug's name is printed."""


def as_named(name: str) -> str:
    """The name as the definition has it."""
    return name


def rows_of(drug: Drug, marks: Marks) -> tuple[LedgerRow, ...]:
    """The lines of one drug; equal doses on consecutive days share one."""
    by_event = {one.event.id: one for one in drug.administrations}
    runs = daily_runs(one.event for one in drug.administrations)
    return tuple(_row(ones, marks) for run in runs for ones in _equal(run, by_event))


def _equal(run: Run, by_event: dict[str, Administration]) -> Iterator[tuple[Administration, ...]]:
    def alike(one: Administration) -> tuple[object, ...]:
        return one.amount, one.steps, one.ordered, one.vials, one.tablets, one.problems, one.event.given

    for _, group in groupby((by_event[event.id] for event in run), key=alike):
        yield tuple(group)


def _row(ones: tuple[Administration, ...], marks: Marks) -> LedgerRow:
    first, last = ones[0], ones[-1]
    return LedgerRow(
        _dates(ones, marks.zone), positions(first, last), first.ordered, amount_in_words(first), taken(ones),
        last.cumulative.shown if last.cumulative is not None else "", marks.calculation(first.steps),
        tuple(states(first, marks)), ones,
    )  # fmt: skip


def amount_in_words(one: Administration) -> str:
    """What one administration gives; a word where it gives nothing or is not known."""
    if one.off:
        return "none"
    if one.amount is None:
        return "not calculated"
    # Read alone, the amount of four days has been given in one.
    return one.amount.shown if one.minutes is None else f"{one.amount.shown} in {span_of(one.minutes)}"


def _dates(ones: Sequence[Administration], zone: bool) -> str:
    first, last = ones[0].event, ones[-1].event
    if first is last:
        return moment_in_words(first.start, zone=zone)
    days = len({one.event.first_day for one in ones})
    if days == 1:
        return f"{day_in_words(first.first_day)}, {counted(len(ones), 'dose')}"
    often = "daily" if days == len(ones) else f"{len(ones)} doses"
    return f"{days_in_words(first.first_day, last.first_day)}, {often} ({counted(len(ones), 'dose')})"


def days_in_words(first: date, last: date) -> str:
    """From a day to another, without what both share: ``Mon 5 – Sun 11 Jan 2026``."""
    return window_in_words(DatedWindow(first, last))


def positions(first: Administration, last: Administration) -> str:
    """From the first to the last, a word that both begin with said once."""
    one, other = one_line(first.event.position), one_line(last.event.position)
    word = one.rpartition(" ")[0]
    return one if one == other else f"{one} to {other.removeprefix(f'{word} ') if word else other}"


def states(one: Administration, marks: Marks) -> Iterator[str]:
    """What a reader must know of its state: tentative, given, optional, assumed."""
    event = one.event
    if event.state != "planned":
        conditions = ", ".join(one_line(condition) for condition in event.conditions)
        yield f"{event.state} ({conditions})" if conditions else event.state
    if event.optional:
        yield "optional"
    if mark := marks.basis(event.basis):
        yield mark


# ---------------------------------------------------------------- vials and tablets


def taken(ones: Sequence[Administration]) -> tuple[str, ...]:
    """What is taken for one administration: vials with what is left over, or tablets."""
    plan: VialPlan | TabletPlan | None = ones[0].vials or ones[0].tablets
    if plan is None:
        return ()
    each = " each" if len(ones) > 1 else ""
    if isinstance(plan, TabletPlan):
        return tuple(f"{words}{each}" for words in tablets_in_words(plan))
    return (vials_in_words(plan.counts) + each, *([f"waste {plan.waste}"] if plan.waste.value else []))


def vials_in_words(counts: Iterable[tuple[Quantity, int]]) -> str:
    """``1 × 400 mg + 2 × 120 mg``."""
    return " + ".join(f"{count:,} × {strength}" for strength, count in counts)


def tablets_in_words(plan: TabletPlan) -> Iterator[str]:
    """``2 tablets of 10 mg``."""
    for strength, count in plan.whole:
        yield f"{counted(count, 'tablet')} of {strength}"
    for strength, count in plan.halves:
        yield f"{counted(count, 'half tablet')} of {strength}"


def uncalculated(ledger: Ledger) -> list[tuple[str, str, tuple[str, ...]]]:
    """What cannot be calculated or packed: the drug, where it is first, and why; each reason once for a drug."""
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for drug in ledger.drugs:
        by_reason: dict[tuple[str, ...], list[Administration]] = {}
        for one in drug.administrations:
            if one.problems:
                by_reason.setdefault(one.problems, []).append(one)
        for why, ones in by_reason.items():
            more = f" and {len(ones) - 1} more" if len(ones) > 1 else ""
            where = f"{one_line(ones[0].event.position)} {moment_in_words(ones[0].event.start)}{more}".strip()
            found.append((drug.label, where, why))
        whole = dict.fromkeys(problem for infusion in drug.infusions for problem in infusion.problems)
        found += [(drug.label, "infusions", (problem,)) for problem in (*whole, *drug.problems)]
    return found


def _letters(number: int) -> str:
    rest, letter = divmod(number, 26)
    return (_letters(rest - 1) if rest else "") + chr(ord("a") + letter)
