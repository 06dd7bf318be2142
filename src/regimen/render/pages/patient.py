"""What does a patient take home? What to take, how much and when, in words; nothing undecided and no jargon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from regimen.errors import RegimenError
from regimen.events import Event
from regimen.languages import ENGLISH, Language
from regimen.ledger import Ledger
from regimen.render.pages.amounts import how_much
from regimen.render.pages.days import when_of
from regimen.render.pages.saying import ByEvent, by_event
from regimen.render.pages.terms import Block, Box, Cell, Document, Facts, Heading, Paragraph, Sheet, Table
from regimen.render.runs import Run, daily_runs
from regimen.render.words import one_line

SIZE = 13
"""Points: a page for patients has no letter below 12."""
BY_MOUTH = "PO"
_Routed = Callable[[Language], str]
_ROUTES: dict[str, _Routed] = {
    "PO": lambda language: language.say("You take it by mouth."),
    "IV": lambda language: language.say("You get it into a vein, from your study team."),
    "CIV": lambda language: language.say("You get it into a vein without a break, from your study team."),
    "subcut": lambda language: language.say("You get it as an injection under the skin."),
    "IM": lambda language: language.say("You get it as an injection into a muscle."),
}


@dataclass(frozen=True, slots=True)
class Edition:
    """Which page this is: its version and its day."""

    version: str
    made: date


def is_certain(event: Event) -> bool:
    """Whether it is planned and will take place: it hangs on no decision and is no "at most"."""
    return event.state == "planned" and not event.conditions and not event.optional


def patient_page(ledger: Ledger, *, edition: Edition, subject: str = "", language: Language = ENGLISH) -> Document:
    """The page of one subject; what is not certain is left to the study team, and the page says so."""
    speaks = language
    certain = [event for event in ledger.calendar if event.kind in ("dose", "visit") and is_certain(event)]
    held = [event for event in ledger.calendar if event.kind == "dose" and event.state == "held"]
    if not certain and not held:
        raise RegimenError(
            "no dose and no visit of this calendar is certain yet, so there is nothing to tell a patient; answer what "
            "is undecided with --decide NAME=ANSWER, or print the month calendar: --kind month"
        )
    title = speaks.say("Your medicines and visits")
    blocks = [
        _head(ledger, subject, speaks), *_medicines(ledger, certain, speaks), *_on_hold(held, speaks),
        *_visits(certain, speaks), *_more(ledger, certain, speaks), *_rules(certain, speaks),
        *([Paragraph(speaks.review_note)] if speaks.review_note else []),
    ]  # fmt: skip
    foot = speaks.say("Page version {version}, made on {day}.", version=edition.version, day=speaks.day(edition.made))
    return Document(title, (Sheet(title, tuple(blocks)),), foot, SIZE, language=speaks.code)


def _head(ledger: Ledger, subject: str, speaks: Language) -> Facts:
    return Facts((
        (speaks.say("Study"), one_line(ledger.calendar.title)),
        (speaks.say("Your number in the study"), one_line(subject)),
    ))  # fmt: skip


def _medicines(ledger: Ledger, certain: Sequence[Event], speaks: Language) -> Iterator[Block]:
    doses, visits = by_event(ledger), {event.first_day for event in certain if event.kind == "visit"}
    for item in dict.fromkeys(event.item for event in certain if event.kind == "dose"):
        ones = [event for event in certain if event.item == item]
        yield Heading(one_line(ones[0].label))
        for route in dict.fromkeys(event.route for event in ones):
            yield Paragraph(_by_route(route, speaks))
        yield _table(ones, doses, speaks)
        own = [event.first_day for event in ones if event.route == BY_MOUTH]
        if _has_gaps(own):
            yield Paragraph(speaks.say("Take it only on the days in this list, on no other day."), strong=True)
        if together := sorted(visits.intersection(own)):
            text = speaks.say(
                "On these days you come to the clinic. Do not take this medicine there or at home until you are told."
            )
            yield Box(text, tuple(map(speaks.day, together)))


def _by_route(route: str | None, speaks: Language) -> str:
    said = _ROUTES.get(route or "")
    return said(speaks) if said is not None else speaks.say("You get it from your study team.")


def _table(ones: Sequence[Event], doses: ByEvent, speaks: Language) -> Table:
    """A row for each stretch of days with the same amount."""
    rows = [
        (Cell((when_of(run, speaks),)), Cell(how_much(run[0], doses.get(run[0].id), speaks)))
        for run in _stretches(ones, doses)
    ]
    return Table((speaks.say("When"), speaks.say("How much")), tuple(rows), (5, 3))


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


def _more(ledger: Ledger, certain: Sequence[Event], speaks: Language) -> Iterator[Block]:
    """What was left out, because it is not certain, is not passed over in silence."""
    told = {event.id for event in certain}
    open_ones = [e for e in ledger.calendar if e.kind in ("dose", "visit") and e.id not in told and _may_come(e)]
    if open_ones or ledger.calendar.waiting:
        yield Paragraph(
            speaks.say("This page shows only what is certain today. There may be more; your study team will tell you.")
        )


def _may_come(event: Event) -> bool:
    return event.state in ("planned", "tentative", "held")


def _rules(certain: Sequence[Event], speaks: Language) -> Iterator[Block]:
    if any(event.route == BY_MOUTH for event in certain):
        yield Heading(speaks.say("If you miss a dose"))
        yield Paragraph(
            speaks.say("Call your study team and ask what to do. Never take a double dose to make up for it.")
        )
    yield Heading(speaks.say("Whom to call"))
    yield Paragraph(speaks.say("Call if you feel unwell, if you miss a day, or if anything on this page is not clear."))
    yield Facts(((speaks.say("Study team"), ""), (speaks.say("At night and at weekends"), "")))
