"""What can be recorded about one subject? Facts: what happened or was decided, when, by whom and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from regimen.timing import Span

KINDS: dict[str, str] = {
    "opened": "the journal was opened for a subject of a study",
    "anchor": "the date of an anchor became known",
    "decision": "a question of the protocol was decided",
    "given": "a dose was given",
    "done": "a visit or procedure took place",
    "missed": "something planned did not take place",
    "skipped": "it was decided that something planned does not take place",
    "moved": "something planned was moved to another day",
    "delayed": "a cycle, an epoch or an event was delayed",
    "held": "doses were put on hold",
    "restarted": "doses on hold were started again",
    "reduced": "the dose was changed from a day on",
    "discontinued": "treatment was stopped for good",
    "withdrawn": "the subject left the study",
    "visit": "an unscheduled visit was added",
    "corrected": "an earlier fact was corrected or struck out",
}
"""What a fact can say, with its meaning."""

NEEDS_REASON = frozenset(
    {"missed", "skipped", "delayed", "held", "reduced", "discontinued", "withdrawn", "visit", "corrected"}
)
"""Facts that protocols want a reason for."""

CAUSES = ("logistics", "toxicity", "other")
"""Why a dose or cycle is late; protocols cap delays by cause."""

POLICIES = ("skip", "keep", "shift", "resume", "restart", "ask")
"""What becomes of the doses after a missed or late one; see ``LatePolicy``."""

POLICY_WORDS = {
    "skip": "skip",
    "keep": "give late, keep the grid",
    "shift": "give late, shift the grid",
    "resume": "resume to total",
    "restart": "restart",
    "ask": "ask",
}
"""How a definition says each policy."""

ALL = "all"
"""The scope of everything that is planned."""


@dataclass(frozen=True, slots=True)
class LatePolicy:
    """What becomes of a missed or late dose and those after it.

    ``skip``: it is not given, the grid stays. ``keep``: it is given late, the grid stays. ``shift``: it is given late
    and what follows counts from it. ``resume``: an infusion goes on until its total is reached. ``restart``: a new
    cycle begins. ``ask``: a person decides. With ``within`` this holds up to so much delay, ``beyond`` past it.
    """

    policy: str
    within: Span | None = None
    beyond: str = ""

    def __str__(self) -> str:
        if self.within is None:
            return POLICY_WORDS[self.policy]
        return f"{POLICY_WORDS[self.policy]} within {self.within}, else {POLICY_WORDS[self.beyond]}"


_POLICY = re.compile(r"(?P<first>.+?)(?: within (?P<n>\d+) ?(?P<unit>min|h|d|w),? else (?P<beyond>.+))?", re.IGNORECASE)
_BY_WORDS = {words.replace(",", ""): policy for policy, words in POLICY_WORDS.items()}


def read_policy(text: str) -> LatePolicy | None:
    """Read ``resume to total within 7 d, else restart`` and its like; None for anything else."""
    found = _POLICY.fullmatch(" ".join(text.split()))
    policy = _policy(found["first"]) if found else None
    if found is None or policy is None:
        return None
    if found["n"] is None:
        return LatePolicy(policy)
    beyond = _policy(found["beyond"])
    return LatePolicy(policy, Span(int(found["n"]), found["unit"].lower()), beyond) if beyond else None


def _policy(words: str) -> str | None:
    return _BY_WORDS.get(words.lower().replace(",", "").replace(" and ", " ").strip())


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a journal.

    ``target`` is an event's id, or a scope: a cycle or epoch by the beginning of its ids (``treatment/c3``,
    ``treatment``), a drug or visit by its key, ``all``, or the name of an anchor or a decision.
    """

    what: str
    target: str = ""
    on: date | datetime | None = None
    """When it happened, takes effect, or what it was moved to."""
    amount: str = ""
    """How much was given, or the new dose, as written."""
    level: str = ""
    """The dose level it is given at from now on."""
    answer: str = ""
    """What was decided."""
    cause: str = ""
    """One of ``CAUSES``, for a delay."""
    then: str = ""
    """One of ``POLICIES``, where a person decided what becomes of the doses after it."""
    why: str = ""
    by: str = ""
    recorded: datetime | None = None
    """When it was written down, in UTC."""
    corrects: int | None = None
    """The number of the fact that it corrects."""
    instead: Fact | None = None
    """What a correction puts in that fact's place; nothing strikes it out."""
    number: int = 0
    """Its line in the journal, from 1."""


def effective(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that hold, in journal order: corrected ones replaced where they stand, struck ones gone.

    A correction may itself be corrected. What it points to is checked when a journal is read.
    """
    written = tuple(facts)
    holds: dict[int, Fact | None] = {}
    places: dict[int, int] = {}
    for fact in written:
        if fact.what != "corrected":
            holds[fact.number], places[fact.number] = fact, fact.number
            continue
        place = places.get(fact.corrects or 0)
        if place is None:
            continue
        places[fact.number] = place
        holds[place] = replace(fact.instead, number=place) if fact.instead is not None else None
    return tuple(fact for fact in holds.values() if fact is not None)
