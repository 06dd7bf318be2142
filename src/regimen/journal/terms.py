"""What is a journal made of? Whose it is, its facts in the order they were recorded, and what links its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from regimen.errors import Problem
from regimen.facts import Fact, effective
from regimen.moments import Moment

FORMAT = "regimen-journal/1"
CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Opening:
    """Whose journal it is: what its first line says."""

    study: str
    """The study's id."""
    arm: str
    subject: str
    """The subject's pseudonymous key, such as 001; never a name."""
    trial: str = ""
    """The definition: a shipped name, or a path as seen from the journal's folder."""
    version: str = ""
    """The definition's version when the journal was opened."""
    digest: str = ""
    """SHA-256 of the definition's file when the journal was opened, in hexadecimal digits."""
    assume: tuple[str, ...] = ()
    """The assumptions opted into."""
    zone: str = ""
    """The IANA time zone of clock times."""
    horizon: str = ""
    """How far open ends are shown."""


@dataclass(frozen=True, slots=True)
class Journal:
    """One subject's journal as it was read; ``facts[n - 1]`` is line n, the first of them the opening."""

    path: Path
    opened: Opening
    facts: tuple[Fact, ...]
    hashes: tuple[str, ...]
    """The hash of each line; the last one stands for the whole journal."""

    @property
    def effective(self) -> tuple[Fact, ...]:
        """The facts that hold after corrections, without the opening."""
        return tuple(fact for fact in effective(self.facts) if fact.what != "opened")

    @property
    def anchors(self) -> Mapping[str, Moment]:
        """The anchors whose dates were recorded."""
        return {fact.target: fact.on for fact in self.effective if fact.what == "anchor" and fact.on is not None}

    @property
    def decisions(self) -> Mapping[str, str]:
        """The questions that were decided, with the latest answer."""
        return {fact.target: fact.answer for fact in self.effective if fact.what == "decision"}


@dataclass(frozen=True, slots=True)
class Examined:
    """What can be read of a file, and all that is wrong with it."""

    path: Path
    opened: Opening | None
    facts: tuple[Fact, ...]
    hashes: tuple[str, ...]
    """The hash that each whole line states; empty where it states none."""
    problems: tuple[Problem, ...]
    rest: bytes = b""
    """What stands after the last line end: a line whose writing was cut off."""
    complete: bool = False
    """Whether only the line end of that rest is missing."""

    @property
    def lines(self) -> int:
        """How many whole lines there are."""
        return len(self.hashes)


def corrections(facts: Sequence[Fact]) -> dict[int, int]:
    """Lines that were corrected, each with the line that corrects it directly."""
    return {fact.corrects: fact.number for fact in facts if fact.what == CORRECTED and fact.corrects is not None}


def place_of(facts: Sequence[Fact], number: int) -> int:
    """The line whose fact a chain of corrections is about; the number itself if it is no correction."""
    corrected = {fact.number: fact.corrects for fact in facts if fact.what == CORRECTED}
    while (before := corrected.get(number)) is not None:
        number = before
    return number


def latest_of(facts: Sequence[Fact], number: int) -> int:
    """The last correction of a line; the number itself if it was never corrected."""
    corrected = corrections(facts)
    while number in corrected:
        number = corrected[number]
    return number
