"""How is the expected calendar of an example written down? One case for each way an example is dated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def _monday() -> Mapping[str, str]:
    return {"first_dose": "2027-01-04"}


@dataclass(frozen=True, slots=True)
class Case:
    """An example, what it is dated with, and what has to come out; every expected value was worked out by hand.

    ``offsets`` and ``dates`` together name every lane of the calendar: an item's key, or ``key: activity`` for an
    activity with a date of its own. In ``offsets``, ``0..4`` is every day from 0 to 4 and ``x2`` is twice that day.
    """

    file: str
    says: str
    offsets: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    on: Mapping[str, str] = field(default_factory=_monday)
    arm: str | None = None
    decisions: Mapping[str, str] = field(default_factory=dict)
    assume: tuple[str, ...] = ()
    horizon: str | None = None
    zone: str | None = None
    points: Mapping[str, str] = field(default_factory=dict)
    """Ids, each with its position and start."""
    lasting: Mapping[str, str] = field(default_factory=dict)
    """Ids, each with its start and its end (the last day, or the moment it stops)."""
    doses: Mapping[str, str] = field(default_factory=dict)
    """Items, each with its amounts in order and how often in a row."""
    windows: Mapping[str, str] = field(default_factory=dict)
    """Ids, each with the earliest and the latest day allowed."""
    preferred: Mapping[str, str] = field(default_factory=dict)
    activities: Mapping[str, str] = field(default_factory=dict)
    tentative: Mapping[str, str] = field(default_factory=dict)
    """Items, each with the offsets that hang on an open question; everything else is planned."""
    optional: Mapping[str, str] = field(default_factory=dict)
    """Items, each with the offsets that may not happen."""
    basis: Mapping[str, str] = field(default_factory=dict)
    """Items, each with words that its events' basis holds, in order; everything else is stated."""
    ends: Mapping[str, str] = field(default_factory=dict)
    """Epochs, each with the day before which it ends."""
    waiting: tuple[str, ...] = ()
    """What undated events wait for."""
    undated: tuple[str, ...] = ()
    """Names of items that are kept and give no dates."""
    refused: str = ""
    """Words of the sentence with which it is refused; then nothing else is expected."""
