"""Does a fact name something that this subject's plan has, at a level and in a window that fit?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from regimen.events import Event, day_of
from regimen.facts import ALL, Fact
from regimen.journal.dates import moment_text
from regimen.journal.known import OF_EVENTS, Known, due_in_words, outside
from regimen.journal.meant import meant
from regimen.journal.requirements import Complaint
from regimen.moments import Moment

_TAKES_PLACE = {"dose": "given", "visit": "done", "activity": "done"}
_OF_SCOPES = {
    "delayed": ("cycle", "epoch", "event"),
    "held": ("all", "drug", "epoch", "cycle"),
    "restarted": ("all", "drug", "epoch", "cycle"),
    "reduced": ("drug",),
    "discontinued": ("all", "drug", "epoch"),
}
"""Facts about a stretch of the plan, with what can be named."""
_ODD_STATES = frozenset({"cancelled", "not applicable", "held"})


@dataclass(frozen=True, slots=True)
class Settled:
    """A fact with the id that was meant, what is wrong with its target, and what to know about it."""

    fact: Fact
    complaints: tuple[Complaint, ...] = ()
    notes: tuple[str, ...] = ()


def settled(fact: Fact, known: Known) -> Settled:
    """The fact with its target checked; a drug's or visit's key with a day becomes the id of the event meant."""
    said = fact.instead if fact.what == "corrected" else fact
    if said is None or not said.target:
        return Settled(fact)
    found, notes = meant(said, known)
    if isinstance(found, Complaint):
        return Settled(fact, (_inside(found, fact),))
    wrong = tuple(_inside(complaint, fact) for complaint in _complaints(found, known))
    notes += tuple(_state_notes(found, known))
    return Settled(replace(fact, instead=found) if fact.what == "corrected" else found, wrong, notes)


def _inside(complaint: Complaint, fact: Fact) -> Complaint:
    if fact.what != "corrected":
        return complaint
    remedy = "say why with --reason" if complaint.key == "why" else complaint.remedy
    return complaint._replace(key=f"instead.{complaint.key}", remedy=remedy)


# ---------------------------------------------------------------- is it in the plan


def _complaints(fact: Fact, known: Known) -> Iterator[Complaint]:
    if fact.what == "anchor":
        yield from _named(fact, known.anchors, "an anchor of this study")
    elif fact.what == "decision":
        yield from _decision(fact, known)
    elif fact.what in OF_EVENTS:
        yield from _event(fact, known)
    elif fact.what in _OF_SCOPES:
        yield from _scope(fact, known)


def _named(fact: Fact, names: Mapping[str, object], what: str) -> Iterator[Complaint]:
    if fact.target not in names:
        yield Complaint("target", f"{fact.target!r} is not {what}", f"there are: {', '.join(names) or 'none'}",
                        _suggested(fact.target, list(names)))  # fmt: skip


def _decision(fact: Fact, known: Known) -> Iterator[Complaint]:
    yield from _named(fact, known.decisions, "a decision of this study")
    answers = known.decisions.get(fact.target, ())
    if answers and fact.answer and fact.answer not in answers:
        yield Complaint(
            "answer", f"{fact.answer!r} is no answer to {fact.target}", f"answers are: {', '.join(answers)}"
        )


def _event(fact: Fact, known: Known) -> Iterator[Complaint]:
    kind = known.kinds.get(fact.target)
    if kind is None:
        ids = [id for id, kind in known.kinds.items() if kind in OF_EVENTS[fact.what]]
        yield Complaint(
            "target", f"this subject's plan has no {fact.target!r}", remedy=_suggested(fact.target, ids, known)
        )
    elif kind not in OF_EVENTS[fact.what]:
        instead = _TAKES_PLACE.get(kind)
        remedy = f"record it as {instead}" if instead else "record what was given or done there"
        yield Complaint("what", f"{fact.target} is a {kind}, which cannot be {fact.what}", remedy=remedy)
    elif fact.on is not None:
        yield from _window(fact, fact.on, known.events.get(fact.target))


def _window(fact: Fact, on: Moment, event: Event | None) -> Iterator[Complaint]:
    """A day outside the window needs a reason; a move to such a day is a delay."""
    days = outside(event.window, on) if event is not None and event.window is not None else 0
    if event is None or not days or fact.what not in ("given", "done", "moved"):
        return
    late = f"{abs(days)} day{'s' if abs(days) != 1 else ''} {'after' if days > 0 else 'before'} the window"
    found = f"{moment_text(on)} is {late} of {due_in_words(event)}"
    if fact.what == "moved":
        remedy = "record it as delayed, with the cause" if days > 0 else "choose a day inside the window"
        yield Complaint("on", found, "an event is moved within its window", remedy)
    elif not fact.why:
        yield Complaint("why", found, remedy="say why")


def _scope(fact: Fact, known: Known) -> Iterator[Complaint]:
    names = {
        "all": (ALL,), "drug": tuple(known.drugs), "epoch": known.epochs, "cycle": known.cycles,
        "event": tuple(id for id, kind in known.kinds.items() if kind != "milestone"),
    }  # fmt: skip
    allowed = _OF_SCOPES[fact.what]
    choices = [name for kind in allowed for name in names[kind]]
    if fact.target not in choices:
        words = ", ".join("all" if kind == "all" else f"{_ARTICLES[kind]} {kind}" for kind in allowed)
        yield Complaint("target", f"{fact.target!r} cannot be {fact.what} in this subject's plan",
                        f"{fact.what} takes {words}", _suggested(fact.target, choices, known))  # fmt: skip
    yield from _dose(fact, known)
    event = known.events.get(fact.target)
    if fact.what == "delayed" and event is not None and fact.on is not None and day_of(fact.on) < day_of(event.due):
        yield Complaint("on", f"{moment_text(fact.on)} is before {due_in_words(event)}", remedy="a delay ends later")


def _dose(fact: Fact, known: Known) -> Iterator[Complaint]:
    """A changed dose is one drug's, at a level that the definition has."""
    drugs = [fact.target] if fact.target in known.drugs else list(known.drugs)
    if fact.amount and len(drugs) > 1:
        said = f"{fact.target} may hold {len(drugs)} drugs ({', '.join(drugs)}), and the amount is one"
        yield Complaint("amount", said, remedy="record it for each drug")
    levels = list(dict.fromkeys(level for drug in drugs for level in known.drugs[drug]))
    if fact.level and fact.level not in levels:
        there = f"levels are: {', '.join(levels)}" if levels else "the definition names no levels"
        yield Complaint("level", f"{fact.target} has no dose level {fact.level!r}", there,
                        "name one of them, or give the amount" if levels else "give the amount")  # fmt: skip


_ARTICLES = {"drug": "a", "epoch": "an", "cycle": "a", "event": "an"}


def _suggested(wrong: str, choices: Sequence[str], known: Known | None = None) -> str:
    key = wrong.split("/")[-1]
    alike = [name for name in choices if key in (name, name.split("/")[-1]) and ("/" in name) != ("/" in wrong)]
    near = list(dict.fromkeys([*get_close_matches(wrong, choices, n=3, cutoff=0.75), *alike]))[:3]
    if not near:
        return "look it up with: regimen calendar … --format csv" if known is not None else ""
    events = known.events if known is not None else {}
    return f"did you mean {' or '.join(due_in_words(events[id]) if id in events else id for id in near)}?"


def _state_notes(fact: Fact, known: Known) -> Iterator[str]:
    event = known.events.get(fact.target)
    if event is None or fact.what not in OF_EVENTS:
        return
    if event.state in _ODD_STATES:
        because = f" ({event.because})" if event.because else ""
        yield f"{event.id} is {event.state} in the present calendar{because}."
    if event.conditions and event.state == "tentative":
        yield f"{event.id} hangs on a decision that is not recorded: {', '.join(event.conditions)}."
