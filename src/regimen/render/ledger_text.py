"""How does a ledger of doses read for a pharmacist, in a terminal or on paper?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from regimen.ledger import Drug, JoinedInfusion, Ledger, Sum
from regimen.quantities import Quantity
from regimen.render.columns import GAP, WIDTH, table_lines
from regimen.render.ledger_rows import LedgerRow, Marks, Named, as_named, rows_of, uncalculated
from regimen.render.outline import common_zone
from regimen.render.weekly import weekly_drugs
from regimen.render.words import counted, moment_in_words, one_line, wrapped

DOSES_AID = "Planning aid: verify every dose and date against the protocol. Not a medical device."
_HEADINGS = ("Date", "Position", "Ordered", "Amount", "Take", "In all so far", "How", "State")
_MOST_DAYS = 6
"""So many different amounts of a day are told."""
LinesOf = Callable[[Drug, Marks, Named, str], list[str]]
"""The lines of one drug, with the sentence that it is given on one weekday only, or an empty one."""
_LEAST = ((2, 24), (0, 18), (4, 18), (2, 14), (7, 12), (4, 12))


def as_text(ledger: Ledger, *, named: Named = as_named, more: Sequence[str] = ()) -> str:
    """The doses of one subject: warnings first, then each drug with its rows, calculations and totals."""
    return page_of(ledger, "Doses", _drug, named, more)


def page_of(ledger: Ledger, title: str, lines_of: LinesOf, named: Named, more: Sequence[str]) -> str:
    """A page about all drugs of a ledger; ``lines_of`` says what stands there for each of them."""
    marks = Marks(zone=common_zone(ledger.calendar) is None)
    weekly = dict(weekly_drugs(ledger.calendar))
    drugs = [lines_of(drug, marks, named, weekly.get(drug.key, "")) for drug in ledger.drugs]
    blocks = [
        head(ledger, title),
        warned(ledger, named),
        *drugs,
        marked(marks),
        [*(line for sentence in more for line in wrapped(sentence, WIDTH)), DOSES_AID],
    ]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block) + "\n"


def head(ledger: Ledger, title: str) -> list[str]:
    """Whose doses these are."""
    calendar = ledger.calendar
    facts = [("Study", one_line(calendar.study)), ("Arm", one_line(calendar.arm))]
    facts += [("Anchor", f"{one_line(key)}: {moment_in_words(moment)}") for key, moment in calendar.anchors.items()]
    if zone := common_zone(calendar):
        facts.append(("Times", f"local time in {zone}, 24-hour clock"))
    facts += [("Measures", one_line(sentence)) for sentence in ledger.about]
    return [*wrapped(f"{title}: {one_line(calendar.title)}", WIDTH), *named_lines(facts)]


def named_lines(facts: Iterable[tuple[str, str]], indent: str = "") -> list[str]:
    """Names with their sentences, the sentences below each other; a name is said once."""
    known = list(facts)
    margin = max((len(name) for name, _ in known), default=0) + len(GAP)
    lines, before = [], ""
    for name, sentence in known:
        lead = f"{indent}{'' if name == before else name:{margin}}"
        lines += wrapped(sentence, WIDTH, lead, " " * len(lead))
        before = name
    return lines


def warned(ledger: Ledger, named: Named) -> list[str]:
    """What is unusual, and what cannot be calculated, with what to do."""
    lines = ["Warnings"] if ledger.warnings else []
    for warning in ledger.warnings:
        lines += wrapped(one_line(warning), WIDTH, "  ! ", "    ")
    missing = uncalculated(ledger)
    lines += ["", "Not calculated"] if missing and lines else ["Not calculated"] if missing else []
    for drug, where, why in missing:
        lines += wrapped(f"{one_line(named(drug))}, {where}:", WIDTH, "  ! ", "    ")
        for problem in why:
            lines += wrapped(one_line(problem), WIDTH, "    ", "    ")
    return lines


# ---------------------------------------------------------------- one drug


def _drug(drug: Drug, marks: Marks, named: Named, weekly: str) -> list[str]:
    own = Marks(bases=marks.bases, zone=marks.zone)
    rows = rows_of(drug, own)
    lines = [*wrapped(titled(drug, named, weekly), WIDTH), *named_lines(drug.said, GAP), ""]
    lines += table_lines(_HEADINGS, [_cells(row) for row in rows], _LEAST)
    for steps, mark in own.calculations.items():
        lines += wrapped("; ".join(map(one_line, steps)), WIDTH, f"{GAP}{mark} ", " " * (len(mark) + 3))
    if drug.infusions:
        lines += ["", *_infusions(drug, marks.zone)]
    return [*lines, "", *_totals(drug)] if drug.total is not None else lines


def titled(drug: Drug, named: Named, weekly: str) -> str:
    """The drug's name, and that it is given on one weekday only where it is."""
    return one_line(named(drug.label)) + (f": {weekly}" if weekly else "")


def _cells(row: LedgerRow) -> tuple[tuple[str, ...], ...]:
    return (
        (row.date,), (row.position,), (row.ordered,), (row.amount,), row.take, (row.cumulative,), (row.how,), row.state,
    )  # fmt: skip


def _infusions(drug: Drug, zone: bool) -> Iterator[str]:
    starts = {one.event.id: one.event.start for one in drug.administrations}
    said: dict[tuple[str, ...], list[JoinedInfusion]] = {}
    for infusion in drug.infusions:
        said.setdefault(tuple(step for step in infusion.steps if " stop " not in step), []).append(infusion)
    for steps, infusions in said.items():
        noun = "Infusion" if len(infusions) == 1 else "Infusions"
        first = ", ".join(moment_in_words(starts[infusion.events[0]], zone=zone) for infusion in infusions)
        yield from wrapped(f"{noun} from {first}:", WIDTH, GAP, GAP * 2)
        for step in steps:
            yield from wrapped(step, WIDTH, GAP * 2, GAP * 3)
        for infusion in infusions:
            for step in infusion.steps:
                if " stop " in step:
                    yield from wrapped(step, WIDTH, GAP * 2, GAP * 3)


def _totals(drug: Drug) -> list[str]:
    assert drug.total is not None
    noun = "infusion" if drug.infusions else "dose"
    counts = len(drug.infusions) or sum(one.amount is not None and not one.off for one in drug.administrations)
    rows = [(cycle.title, _sum(cycle, noun)) for cycle in drug.cycles] if len(drug.cycles) > 1 else []
    total = f"{drug.total.shown}{_stated(drug.stated)} in {counted(counts, noun)}"
    if drug.before is not None and drug.before.value:
        total += f", after {drug.before} before the study"
    return named_lines([("On one day", _by_day(drug)), *rows, ("In all", total)], GAP)


def _by_day(drug: Drug) -> str:
    """What the days give, the same amounts together: ``9 mcg on 7 days; 28 mcg on 49 days``."""
    counts = Counter(day.amount for day in drug.days)
    shown = [f"{amount.shown} on {counted(days, 'day')}" for amount, days in counts.items()]
    return "; ".join(shown[:_MOST_DAYS]) + (f"; {len(shown) - _MOST_DAYS} other amounts" if shown[_MOST_DAYS:] else "")


def _sum(cycle: Sum, noun: str) -> str:
    doses = f" in {counted(cycle.count, noun)}" if noun == "dose" else ""
    return f"{cycle.amount.shown}{_stated(cycle.stated)}{doses}"


def _stated(stated: Quantity | None) -> str:
    return f" ({stated}, as the protocol counts)" if stated is not None else ""


def marked(marks: Marks) -> list[str]:
    """What the letters in the tables mean."""
    lines = ["Marks"] if marks.bases else []
    for text, mark in marks.bases.items():
        lines += wrapped(text, WIDTH, f"{GAP}{mark} ", " " * (len(mark) + 3))
    return lines
