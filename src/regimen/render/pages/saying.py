"""How do pages name a dose, a visit and what became of it, for the people who give them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from regimen.events import Event
from regimen.ledger import Administration, Ledger
from regimen.render.ledger_rows import Marks, amount_in_words, taken
from regimen.render.outcomes import state_in_words
from regimen.render.pages.terms import Block, Paragraph, Sheet, texts_of_block
from regimen.render.words import PLANNING_AID, one_line
from regimen.safetext import clock_in_words

ByEvent = Mapping[str, Administration]


def by_event(ledger: Ledger) -> ByEvent:
    """The administration of each dose, by the id of its event."""
    return {one.event.id: one for drug in ledger.drugs for one in drug.administrations}


def dose_in_words(one: Administration) -> str:
    """The dose as ordered, and the amount that it comes to for this subject where that says more."""
    ordered = one_line(one.ordered)
    if one.off or one.amount is None:
        return ordered
    amount = amount_in_words(one)
    if amount.replace(",", "") in ordered.replace(",", ""):
        return ordered
    return f"{ordered} {amount}" if one.amount.sign != "=" else f"{ordered} = {amount}"


def event_in_words(event: Event, doses: ByEvent) -> str:
    """A dose with its amount, anything else by its name."""
    one = doses.get(event.id)
    if event.kind != "dose":
        return one_line(event.label)
    words = dose_in_words(one) if one is not None else one_line(event.dose or "")
    return f"{one_line(event.label)} {words}".strip()


def tablets_of(one: Administration | None) -> str:
    """The vials or tablets of one administration; empty where they are not stated."""
    return ", ".join(taken((one,))) if one is not None and not one.off else ""


def time_of(event: Event) -> str:
    """The time of day it is due; empty for a whole day."""
    return clock_in_words(event.start) if isinstance(event.start, datetime) else ""


def remarks_of(event: Event, marks: Marks) -> tuple[str, ...]:
    """What must be known of its state: not decided, at most, missed; and the letter of what is assumed."""
    optional = "optional" if event.optional else ""
    return tuple(part for part in (state_in_words(event, told=False), optional, _basis(event, marks)) if part)


def _basis(event: Event, marks: Marks) -> str:
    """``assumed [a]``, or ``not stated [b]``; empty for what the protocol states."""
    letter = marks.basis(event.basis)
    word = "assumed" if event.basis.startswith("assumed") else one_line(event.basis).partition(":")[0]
    return f"{word} {letter}" if letter else ""


def notes_of(marks: Marks, title: str) -> tuple[Sheet, ...]:
    """A last sheet that says what each letter stands for; none where there is no letter."""
    told = tuple(Paragraph(f"{letter} {text}") for text, letter in marks.bases.items())
    return (Sheet(f"Notes: {one_line(title)}", told),) if told else ()


def see_notes(blocks: Sequence[Block], marks: Marks) -> Iterator[Paragraph]:
    """Where the letters of a sheet are explained, if it has any: a page must not grow with them."""
    texts = [text for block in blocks for text in texts_of_block(block)]
    letters = [letter for letter in marks.bases.values() if any(letter in text for text in texts)]
    if letters:
        yield Paragraph(f"{' '.join(letters)}: see the notes on the last page.")


def foot_of(ledger: Ledger, subject: str) -> str:
    """Whose page of which study it is, and that it is to be verified."""
    who = f"subject {one_line(subject)}" if subject else "subject: ____________"
    return f"{one_line(ledger.calendar.study)}, arm {one_line(ledger.calendar.arm)}, {who}. {PLANNING_AID}"
