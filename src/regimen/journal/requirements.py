"""What must each kind of fact say, and what makes no sense in it? All that is wrong with a fact, gathered."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import NamedTuple

from regimen.errors import NotationError
from regimen.facts import CAUSES, KINDS, NEEDS_REASON, POLICIES, Fact
from regimen.journal.dates import why_not_recordable


class Complaint(NamedTuple):
    """One thing wrong with a fact: the key, what was found, what is allowed, what to do."""

    key: str
    found: str
    allowed: str = ""
    remedy: str = ""


CONTENT = ("target", "on", "amount", "level", "answer", "cause", "then", "corrects", "instead")
"""The keys of which each kind of fact takes its own."""


@dataclass(frozen=True)
class Form:
    """The keys a kind of fact needs, those of which it needs one, and those it may have."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()

    @cached_property
    def refuses(self) -> tuple[str, ...]:
        """The keys that make no sense in it."""
        takes = {*self.needs, *self.may, *self.one_of}
        return tuple(key for key in CONTENT if key not in takes)


FORMS: dict[str, Form] = {
    "opened": Form(("target", "answer")),
    "anchor": Form(("target", "on")),
    "decision": Form(("target", "answer"), ("on",)),
    "given": Form(("target", "on"), ("amount", "level", "cause", "then")),
    "done": Form(("target", "on"), ("cause", "then")),
    "missed": Form(("target",), ("on", "cause", "then")),
    "skipped": Form(("target",), ("on", "cause", "then")),
    "moved": Form(("target", "on"), ("cause", "then")),
    "delayed": Form(("target", "on", "cause"), ("then",)),
    "held": Form(("target", "on"), ("cause",)),
    "restarted": Form(("target", "on"), ("then",), ("level", "amount")),
    "reduced": Form(("target", "on"), ("cause",), ("amount", "level")),
    "discontinued": Form(("target", "on"), ("cause",)),
    "withdrawn": Form(("on",)),
    "visit": Form(("target", "on")),
    "corrected": Form(("corrects",), ("instead",)),
}

MEANINGS = {
    "target": "what it is about",
    "on": "the date",
    "amount": "how much",
    "level": "the dose level",
    "answer": "the answer",
    "cause": "the cause",
    "then": "what becomes of the doses after it",
    "corrects": "the number of the line it corrects",
    "instead": "what holds in its place",
    "why": "the reason",
    "by": "who recorded it",
}
_TEXTS = ("target", "amount", "level", "answer", "cause", "then", "why", "by")
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_CHOICES = {"cause": CAUSES, "then": POLICIES}
_FREE = frozenset({"visit", "opened"})
"""Kinds whose target is a name, not an id."""


def complaints(fact: Fact, *, reasons: Collection[str] = NEEDS_REASON, inside: str = "") -> list[Complaint]:
    """All that is wrong with a fact by itself; ``inside`` is ``instead.`` for what a correction puts in a place."""
    form = FORMS.get(fact.what)
    if form is None:
        return [_unknown_kind(fact.what, inside)]
    if inside and fact.what in ("opened", "corrected"):
        return [Complaint(f"{inside}what", f"{fact.what!r} cannot take the place of a fact", remedy=_CORRECT)]
    found = [*_missing(fact, form, reasons, inside), *_surplus(fact, form, inside), *_values(fact, inside)]
    if fact.instead is not None and fact.what == "corrected":
        found += complaints(fact.instead, reasons=reasons, inside="instead.")
    return found


_CORRECT = "strike the fact out and record the right one"


def _unknown_kind(what: object, inside: str) -> Complaint:
    close = get_close_matches(str(what), KINDS, n=1, cutoff=0.6)
    hint = f"did you mean {close[0]}?" if close else ""
    return Complaint(f"{inside}what", f"{what!r} is not a kind of fact", f"kinds are: {', '.join(KINDS)}", hint)


def _missing(fact: Fact, form: Form, reasons: Collection[str], inside: str) -> Iterator[Complaint]:
    for key in form.needs:
        if not getattr(fact, key):
            yield Complaint(f"{inside}{key}", f"{fact.what} needs {MEANINGS[key]}", remedy=_example(key))
    if form.one_of and not any(getattr(fact, key) for key in form.one_of):
        words = " or ".join(MEANINGS[key] for key in form.one_of)
        remedy = "give the amount, or the level as the definition names it"
        yield Complaint(f"{inside}{form.one_of[0]}", f"{fact.what} needs {words}", remedy=remedy)
    if not inside and not fact.by:
        yield Complaint("by", f"{fact.what} needs {MEANINGS['by']}", remedy="say who, by name or initials")
    if fact.what in reasons and not fact.why:
        yield Complaint(f"{inside}why", f"{fact.what} needs {MEANINGS['why']}", remedy="say why, in a few words")


def _example(key: str) -> str:
    if key == "cause":
        return f"say one of {', '.join(CAUSES)}; protocols cap delays by cause"
    if key == "on":
        return "give a day, such as 2027-01-20"
    return f"say {MEANINGS[key]}"


def _surplus(fact: Fact, form: Form, inside: str) -> Iterator[Complaint]:
    for key in form.refuses:
        if getattr(fact, key):
            yield Complaint(
                f"{inside}{key}",
                f"{fact.what} takes no {key} ({MEANINGS[key]})",
                remedy="leave it out, or record it apart",
            )


def _values(fact: Fact, inside: str) -> Iterator[Complaint]:
    for key in _TEXTS:
        if (value := getattr(fact, key)) and (wrong := why_not_text(value)):
            yield Complaint(f"{inside}{key}", wrong, remedy="write it on one line, without spaces at its ends")
    for key, choices in _CHOICES.items():
        if (value := getattr(fact, key)) and value not in choices:
            close = get_close_matches(str(value), choices, n=1, cutoff=0.6)
            hint = f"did you mean {close[0]}?" if close else f"say one of {', '.join(choices)}"
            yield Complaint(f"{inside}{key}", f"{value!r} is not {MEANINGS[key]}", ", ".join(choices), hint)
    if fact.on is not None and (wrong := why_not_recordable(fact.on)):
        yield Complaint(f"{inside}on", wrong, remedy="give a day, or a time with its distance from UTC")
    if fact.target and fact.what not in _FREE and len(str(fact.target).split()) != 1:
        yield Complaint(f"{inside}target", f"{fact.target!r} holds a space", remedy="give an id, a key or a name")
    if not inside and fact.recorded is not None and not is_utc(fact.recorded):
        yield Complaint("recorded", f"{fact.recorded.isoformat()} is not in UTC", remedy="give the moment in UTC")


def is_utc(moment: datetime) -> bool:
    """Whether a moment is told in UTC itself."""
    return moment.tzinfo is UTC or (moment.tzinfo is not None and not moment.utcoffset())


def why_not_text(value: object) -> str:
    """Why a value cannot stand as text in a journal; empty if it can."""
    if not isinstance(value, str):
        return f"{value!r} is not text"
    if unsafe := _UNSAFE.search(value):
        return f"{value[:40]!r} holds a character that is not printed (U+{ord(unsafe.group()):04X})"
    return f"{value[:40]!r} begins or ends with a space" if value != value.strip() else ""


@lru_cache(maxsize=256)
def why_not_amount(text: str) -> str:
    """Why a text is not an amount that everybody reads alike; empty if it is one."""
    from regimen.notation import read_dose

    try:
        read_dose(text)
    except NotationError as error:
        return str(error)
    return ""
