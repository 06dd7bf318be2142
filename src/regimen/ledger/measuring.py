"""What is known of the subject on the day of a dose? Measures given once for all, or a subject's dated ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from regimen.dosing import Choice, Measures


class Measured(Protocol):
    """Where measures come from: ``dosing.subjects.Subject`` or ``Given``."""

    def on(self, day: date, rules: Mapping[str, Choice] | None = None, cycle_starts: Sequence[date] = ()) -> Measures:
        """The measures that apply to a dose on a day."""


@dataclass(frozen=True, slots=True)
class Given:
    """Measures without a date: they hold for every dose."""

    measures: Measures

    def on(self, day: date, rules: Mapping[str, Choice] | None = None, cycle_starts: Sequence[date] = ()) -> Measures:
        """The same on every day."""
        del day, rules, cycle_starts
        return self.measures
