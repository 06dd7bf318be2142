"""How does one language say a sentence, a number of things, a day and a time? Doses go in as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from regimen.errors import RegimenError
from regimen.languages.catalogue import KNOWN, code_of, needs_babel, translations
from regimen.safetext import day_in_words
from regimen.timing import WEEKDAY_WORDS

if TYPE_CHECKING:
    from babel import Locale

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def message(text: str) -> str:
    """The text itself, marked for the catalogues: for tables of sentences that are said elsewhere."""
    return text


REVIEW = message("Translated without review by a clinical translator. Have it reviewed before patients use it.")


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its code: ``Language("de").say("Clinic visit")``. Raises RegimenError if it cannot be used."""

    code: str = "en"

    def __post_init__(self) -> None:
        object.__setattr__(self, "code", code_of(self.code))
        if not self.is_english:
            needs_babel(self.code)

    @property
    def is_english(self) -> bool:
        """Whether this is the language that the sentences are written in."""
        return self.code == "en"

    @property
    def name(self) -> str:
        """The language's own name: ``Deutsch``."""
        return KNOWN[self.code]

    @property
    def review_note(self) -> str:
        """What a translated page must say of its translation; empty for English."""
        return "" if self.is_english else self.say(REVIEW)

    def say(self, text: str, /, **fields: object) -> str:
        """The English sentence in this language, its ``{fields}`` filled in unchanged. Raises Untranslated."""
        found = text if self.is_english else translations(self.code).gettext(text)
        return found.format(**_plain(fields)) if fields else found

    def plural(self, one: str, many: str, /, *, n: int, **fields: object) -> str:
        """As ``say``, with the form that ``n`` asks for: ``plural("{n} tablet", "{n} tablets", n=2)``."""
        found = (one if n == 1 else many) if self.is_english else translations(self.code).ngettext(one, many, n)
        return found.format(n=n, **_plain(fields))

    def day(self, day: date) -> str:
        """A day with its weekday, both month and weekday in words: ``Mon 4 Jan 2027``, ``Montag, 4. Januar 2027``."""
        if self.is_english:
            return day_in_words(day)
        from babel.dates import format_date

        return format_date(day, "full", locale=self._locale())

    def month(self, day: date) -> str:
        """The month with its year, as a heading: ``January 2027``."""
        if self.is_english:
            return f"{_MONTHS[day.month - 1]} {day.year:04d}"
        from babel.dates import format_skeleton

        # A bare day would do for Babel, but not for its types.
        return format_skeleton("yMMMM", datetime.combine(day, time(12)), locale=self._locale())

    def weekday(self, day: date | int, *, short: bool = False) -> str:
        """The name of the day of the week, of a date or by number (Monday = 0): ``Monday``, or ``Mon``."""
        number = day if isinstance(day, int) else day.weekday()
        if self.is_english:
            return WEEKDAY_WORDS[number][: 3 if short else None]
        names = self._locale().days["stand-alone"]["abbreviated" if short else "wide"]
        return str(names[number])

    def time(self, moment: time | datetime) -> str:
        """The time on a 24-hour clock, the same in every language: ``08:00``."""
        return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"

    def amount(self, text: str) -> str:
        """A dose as it is, its point and units too; in other languages without the comma of thousands.

        Where a comma parts decimals, 1,000 mg would be read as one milligram.
        """
        return text if self.is_english else _THOUSANDS.sub("", text)

    def _locale(self) -> Locale:
        from babel import Locale

        return Locale.parse(self.code.replace("-", "_"))


def _plain(fields: dict[str, object]) -> dict[str, object]:
    """The fields, which must be whole numbers or texts: a binary fraction would be printed by nobody's rule."""
    wrong = [name for name, value in fields.items() if not isinstance(value, str | int)]
    if wrong:
        raise TypeError(f"{', '.join(wrong)}: give texts or whole numbers; doses are put in words beforehand")
    return fields


def readable_languages() -> Iterator[Language]:
    """Every language that can be used here: English alone without Babel."""
    for code in KNOWN:
        try:
            yield Language(code)
        except RegimenError:
            return


ENGLISH = Language()
