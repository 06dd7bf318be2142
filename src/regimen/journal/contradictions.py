"""Does a fact say again, or deny, what an earlier one says? Two people may record the same dose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from regimen.facts import Fact, effective
from regimen.journal.dates import moment_text
from regimen.journal.terms import latest_of, place_of

_TOOK_PLACE = frozenset({"given", "done"})
_RULED_OUT = {
    "given": _TOOK_PLACE,
    "done": _TOOK_PLACE,
    "missed": _TOOK_PLACE | {"missed"},
    "skipped": _TOOK_PLACE | {"skipped"},
    "moved": _TOOK_PLACE,
    "anchor": frozenset({"anchor"}),
    "withdrawn": frozenset({"withdrawn"}),
    "visit": frozenset({"visit"}),
}
"""Kinds that cannot be said after others about the same target. A missed dose may still be given late."""


class Contradiction(NamedTuple):
    """What an earlier line says, and what to do instead."""

    found: str
    remedy: str


def contradiction(facts: Sequence[Fact], fact: Fact) -> Contradiction | None:
    """The latest fact that rules this one out; None if there is none."""
    said = fact.instead if fact.what == "corrected" else fact
    if said is None or said.what not in _RULED_OUT:
        return None
    place = place_of(facts, fact.corrects) if fact.corrects is not None else 0
    for earlier in reversed(effective(facts)):
        if earlier.number != place and earlier.what in _RULED_OUT[said.what] and _same(earlier, said):
            when = f" on {moment_text(earlier.on)}" if earlier.on is not None else ""
            about = f"{earlier.target} " if earlier.target else ""
            last = latest_of(facts, earlier.number)
            return Contradiction(
                f"line {last} already says: {about}{earlier.what}{when}", f"correct line {last} if it is wrong"
            )
    return None


def _same(earlier: Fact, said: Fact) -> bool:
    if said.what == "visit":
        return (earlier.target, earlier.on) == (said.target, said.on)
    return earlier.target == said.target
