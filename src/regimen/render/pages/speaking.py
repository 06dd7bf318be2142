"""What does a patient page need of a language? Whole sentences, plurals, days and times; here in English."""

from __future__ import annotations

from datetime import date, time
from typing import Protocol

from regimen.safetext import day_in_words


class Speaking(Protocol):
    """A language: the English sentence is the id of each message."""

    code: str

    def say(self, text: str, /, **fields: object) -> str:
        """The sentence with its fields filled in."""

    def plural(self, one: str, many: str, /, *, n: int, **fields: object) -> str:
        """The sentence for so many."""

    def day(self, day: date) -> str:
        """A day with its weekday and month in words."""

    def time(self, clock: time) -> str:
        """A time of day."""


class English:
    """The sentences as they are written here."""

    code = "en"

    def say(self, text: str, /, **fields: object) -> str:
        """The sentence with its fields filled in."""
        return text.format(**fields)

    def plural(self, one: str, many: str, /, *, n: int, **fields: object) -> str:
        """The sentence for so many."""
        return self.say(one if n == 1 else many, n=n, **fields)

    def day(self, day: date) -> str:
        """As all pages print it."""
        return day_in_words(day)

    def time(self, clock: time) -> str:
        """On a 24-hour clock."""
        return clock.strftime("%H:%M")
