"""What does a patient take home? What to take, how much and when, in words; nothing undecided and no jargon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from regimen.errors import RegimenError
from regimen.events import Event
from regimen.languages import ENGLISH, Language
from regimen.ledger import Drug, Ledger
from regimen.render.pages.amounts import MICROGRAMS, how_much, worked_out
from regimen.render.pages.certainty import Sorted, sort_out
from regimen.render.pages.days import stretches_of_weeks, when_of
from regimen.render.pages.missed import missed_rule
from regimen.render.pages.routes import AT_HOME, by_route, clinic_days, open_visits
from regimen.render.pages.saying import ByEvent, by_event
from regimen.render.pages.terms import Block, Box, Cell, Document, Facts, Heading, Paragraph, Sheet, Table
from regimen.render.runs import Run, daily_runs
from regimen.render.words import one_line

SIZE, LEAST = 13, 12
"""Points: the usual letters of a page for patients, and the smallest ones where that saves a second page."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which page this is: its version, its day, and who has checked what the definition only assumes."""

    version: str
    made: date
    checked_by: str = ""


def patient_page(ledger: Ledger, *, edition: Edition, subject: str = "", language: Language = ENGLISH) -> Document:
    """The page of one subject; what is not certain is left to the study team, and the page says so."""
    speaks, checked = language, bool(one_line(edition.checked_by))
    found = sort_out(ledger.calendar, checked=checked)
    if not found.certain and not found.held:
        raise RegimenError(_nothing_certain(found))
    title = speaks.say("Your medicines and visits")
    blocks = [
        _head(ledger, edition, subject, speaks), _whom_to_call(speaks), *_on_hold(found.held, speaks),
        *_medicines(ledger, found.certain, checked, speaks), *_visits(found.certain, speaks), *_more(found, speaks),
        *([Paragraph(speaks.review_note)] if speaks.review_note else []),
    ]  # fmt: skip
    foot = speaks.say("Page version {version}, made on {day}.", version=edition.version, day=speaks.day(edition.made))
    return Document(title, (Sheet(title, tuple(blocks), LEAST),), foot, SIZE, language=speaks.code)


def _nothing_certain(found: Sorted) -> str:
    nothing = "no dose and no visit of this calendar is certain, so there is nothing to tell a patient"
    month = "or print the month calendar: --kind month"
    if not found.more:
        return f"{nothing}; nothing is planned from here on, {month}"
    if not found.assumed:
        return f"{nothing}; answer what is undecided with --decide NAME=ANSWER, {month}"
    whose = ", ".join(dict.fromkeys(one_line(event.label) for event in found.assumed))
    return (
        f"{nothing}: its definition assumes what the protocol does not state of {whose}; regimen calendar gives the "
        "reasons. Compare them with the protocol and write what it says into the definition; or name who has compared "
        f"them: --checked-by NAME; {month}"
    )


def _head(ledger: Ledger, edition: Edition, subject: str, speaks: Language) -> Facts:
    checked = one_line(edition.checked_by)
    return Facts((
        (speaks.say("Study"), one_line(ledger.calendar.title)),
        (speaks.say("Your number in the study"), one_line(subject)),
        *([(speaks.say("Doses and days checked by"), checked)] if checked else []),
    ))  # fmt: skip


def _whom_to_call(speaks: Language) -> Box:
    """At the head of the page: nobody looks for a telephone number on the last one."""
    lines = (speaks.say("Call if you feel unwell, if you miss a day, or if anything on this page is not clear."),)
    phones = ((speaks.say("Study team"), ""), (speaks.say("At night and at weekends"), ""))
    return Box(speaks.say("Whom to call"), lines, phones)


def _medicines(ledger: Ledger, certain: Sequence[Event], checked: bool, speaks: Language) -> Iterator[Block]:
    doses, drugs = by_event(ledger), {drug.key: drug for drug in ledger.drugs}
    for item in dict.fromkeys(event.item for event in certain if event.kind == "dose"):
        ones = [event for event in certain if event.item == item]
        label = one_line(ones[0].label)
        yield Heading(label)
        for route in dict.fromkeys(event.route for event in ones):
            yield Paragraph(by_route(route, speaks))
        own = [event.first_day for event in ones if event.route in AT_HOME]
        if _has_gaps(own):
            yield Paragraph(speaks.say("Take it only on the days in this list, on no other day."), strong=True)
        yield from _table(ones, doses, speaks)
        yield from _until_told(label, own, certain, speaks)
        if own:
            yield _if_missed(label, drugs.get(item), checked, speaks)


def _until_told(medicine: str, own: Sequence[date], certain: Sequence[Event], speaks: Language) -> Iterator[Box]:
    """On which days a medicine of one's own is not taken before somebody says so."""
    lines = list(stretches_of_weeks(sorted(clinic_days(certain).intersection(own)), speaks))
    for first, last in open_visits(certain):
        if any(first <= day <= last for day in own):
            between = {"first": speaks.day(first), "last": speaks.day(last)}
            lines.append(speaks.say("The day of your visit between {first} and {last}", **between))
    if lines:
        text = speaks.say(
            "On these days you come to the clinic. Do not take {medicine} there or at home until you are told. If you "
            "come on another day, do the same on that day.", medicine=medicine,
        )  # fmt: skip
        yield Box(text, tuple(lines))


def _if_missed(medicine: str, drug: Drug | None, checked: bool, speaks: Language) -> Box:
    policy = drug.late if drug is not None and (checked or not drug.late_assumed) else None
    double = speaks.say("Never take a double dose to make up for a missed one.")
    return Box(
        speaks.say("If you miss a dose of {medicine}", medicine=medicine), (*missed_rule(policy, speaks), double)
    )


def _table(ones: Sequence[Event], doses: ByEvent, speaks: Language) -> Iterator[Block]:
    """A row for each stretch of days with the same amount; what the clinic works out is said once."""
    runs = list(_stretches(ones, doses))
    amounts = [how_much(run[0], doses.get(run[0].id), speaks, often=_often(run)) for run in runs]
    if all(lines == (worked_out(speaks),) for lines in amounts):
        yield Paragraph(worked_out(speaks))
        yield Table((speaks.say("When"),), tuple((Cell((when_of(run, speaks),)),) for run in runs), (1,))
        return
    rows = tuple((Cell((when_of(run, speaks),)), Cell(lines)) for run, lines in zip(runs, amounts, strict=True))
    yield Table((speaks.say("When"), speaks.say("How much")), rows, (5, 3))
    if any(MICROGRAMS in line for lines in amounts for line in lines):
        yield Paragraph(speaks.say("mcg means micrograms: thousandths of a milligram."))


def _often(run: Run) -> bool:
    """Whether some day has more than one of these doses."""
    return len({event.first_day for event in run}) < len(run)


def _stretches(ones: Sequence[Event], doses: ByEvent) -> Iterator[Run]:
    """Daily runs, parted where the amount of the subject changes."""
    for run in daily_runs(ones):
        start = 0
        for at in range(1, len(run) + 1):
            if at == len(run) or _amount(run[at], doses) != _amount(run[start], doses):
                yield run[start:at]
                start = at


def _amount(event: Event, doses: ByEvent) -> object:
    one = doses.get(event.id)
    return (one.amount, one.tablets) if one is not None else None


def _has_gaps(days: Iterable[date]) -> bool:
    ordered = sorted(set(days))
    return bool(ordered) and (ordered[-1] - ordered[0]).days + 1 > len(ordered)


def _on_hold(held: Sequence[Event], speaks: Language) -> Iterator[Block]:
    for label in dict.fromkeys(one_line(event.label) for event in held):
        yield Box(speaks.say("Do not take {medicine} now. Your study team tells you when to go on.", medicine=label))


def _visits(certain: Sequence[Event], speaks: Language) -> Iterator[Block]:
    visits = [event for event in certain if event.kind == "visit"]
    if not visits:
        return
    yield Heading(speaks.say("Your visits to the clinic"))
    rows = tuple((Cell((when_of((event,), speaks),)), Cell((one_line(event.label),))) for event in visits)
    yield Table((speaks.say("When"), speaks.say("Visit")), rows, (5, 3))


def _more(found: Sorted, speaks: Language) -> Iterator[Block]:
    """What was left out, because it is not certain, is not passed over in silence."""
    if not found.more:
        return
    yield Heading(speaks.say("What is not certain yet"))
    yield Paragraph(
        speaks.say("This page shows only what is certain today. There may be more; your study team will tell you.")
    )
    if found.open_medicines:
        yield Box(speaks.say("Your study team will tell you about more days or doses of:"), found.open_medicines)
