"""When is a site open? Its file, with weekend, region and closures, as a value; every problem is named at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from regimen.definition.reading import Document, KeyPath, dotted, read_document
from regimen.definition.values import read_date, shape
from regimen.errors import DefinitionError, NotationError, Problem, RegimenError, SiteError
from regimen.notation import read_when
from regimen.workdays import Closure, Site

KEYS = {
    "name": "what the site is called",
    "weekend": "the weekdays on which it is closed, such as [Sat, Sun]; [] if it works every day",
    "region": "whose public holidays it keeps, such as DE-BY, US-NY or GB-ENG",
    "closures": "other closed days and why, such as {2027-12-24 to 2027-12-31: Christmas closure}",
}
"""The keys of a site file, with what each says."""

_WEEKEND = Site().weekend
_WANTED = ("the definition of a site", "weekend: [Sat, Sun]")
_TO = re.compile(r"\s+(?:to|through|–)\s+|\s*\.\.\s*")
_DAYS = "a day, such as 2027-12-24, or two with to between them, such as 2027-12-24 to 2027-12-31"


def load_site(source: str | Path | bytes, *, name: str = "") -> Site:
    """Read when a site is open: a ``Path`` from disk, text or bytes as the file itself.

    Raises ``SiteError`` with every problem found, each with file, line, column and key.
    """
    try:
        document = read_document(source, name=name, wanted=_WANTED)
    except DefinitionError as error:
        raise SiteError(error.problems) from None
    return _Reader(document).site()


class _Reader:
    """Reads the keys of one file and gathers what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def site(self) -> Site:
        """The site, or everything that is wrong."""
        data = self.document.data
        for key in data.keys() - KEYS.keys():
            close = get_close_matches(key, KEYS, n=1)
            remedy = f"did you mean {close[0]}?" if close else "remove it"
            self._wrong(
                (key,), f"the key {shape(key)} is not known here", f"known keys are {', '.join(KEYS)}", remedy, key=True
            )
        weekend = self._weekend(data["weekend"]) if "weekend" in data else _WEEKEND
        closures = tuple(self._closures(data["closures"])) if data.get("closures") is not None else ()
        name, region = self._text("name"), self._text("region")
        site = self._made(weekend, region, closures, name)
        if self.problems or site is None:
            raise SiteError(self.problems)
        return site

    def _made(self, weekend: tuple[int, ...], region: str, closures: tuple[Closure, ...], name: str) -> Site | None:
        try:
            return Site(weekend, region, closures, name)
        except RegimenError as error:
            self._wrong(("region",) if region else ("weekend",), str(error).rstrip("."))
        return None

    def _wrong(self, path: KeyPath, found: str, allowed: str = "", remedy: str = "", *, key: bool = False) -> None:
        place = self.document.place(path, key=key)
        self.problems.append(Problem(dotted(path), found, allowed, remedy, *place, self.document.name))

    def _text(self, key: str) -> str:
        value = self.document.data.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        self._wrong((key,), f"found {shape(value)}", f"expected is {KEYS[key]}")
        return ""

    def _weekend(self, value: Any) -> tuple[int, ...]:
        text = ", ".join(value) if isinstance(value, list) and all(isinstance(day, str) for day in value) else value
        if not isinstance(text, str):
            self._wrong(("weekend",), f"found {shape(value)}", f"expected are {KEYS['weekend']}")
            return _WEEKEND
        try:
            return read_weekdays(text) if text else ()
        except RegimenError as error:
            self._wrong(("weekend",), str(error).rstrip("."))
            return _WEEKEND

    def _closures(self, value: Any) -> Iterator[Closure]:
        if isinstance(value, list):
            listed: list[tuple[KeyPath, Any, Any]] = [(("closures", n), text, None) for n, text in enumerate(value)]
        elif isinstance(value, dict):
            listed = [(("closures", text), text, why) for text, why in value.items()]
        else:
            self._wrong(("closures",), f"found {shape(value)}", f"expected are {KEYS['closures']}")
            return
        for path, text, why in listed:
            if not isinstance(text, str) or not (why is None or isinstance(why, str)):
                self._wrong(path, f"found {shape(text if why is None else why)}", f"expected are {KEYS['closures']}")
                continue
            try:
                yield read_closure(text, why or "")
            except RegimenError as error:
                self._wrong(path, str(error).rstrip("."), key=True)


def read_closure(text: str, reason: str = "") -> Closure:
    """Closed days from ``2027-12-24`` or ``2027-12-24 to 2027-12-31``, both included.

    Raises ``RegimenError`` for anything else.
    """
    days = _TO.split(text.strip())
    if len(days) > 2:
        raise RegimenError(f"{shape(text)} is not understood; write {_DAYS}.")
    try:
        first, last = read_date(days[0]), read_date(days[-1])
    except NotationError as error:
        raise RegimenError(f"{error.sentence.rstrip('.')}; closed days are {_DAYS}.") from None
    if last < first:
        raise RegimenError(f"{shape(text)} ends before it begins; put the earlier day first.")
    return Closure(first, last, reason.strip())


def read_weekdays(text: str) -> tuple[int, ...]:
    """Weekdays (Monday = 0) from ``Sat, Sun``, ``Mon-Thu`` or ``Friday and Saturday``; refuses anything else."""
    try:
        phases = read_when(f"on {text.strip()}")
    except NotationError:
        phases = ()
    on = phases[0].weekdays if len(phases) == 1 else None
    if on is None or on.nth != 1 or any(character.isdigit() for character in text):
        raise RegimenError(f"{shape(text)} names no weekdays; write them such as Sat, Sun or Mon-Thu.")
    return on.days
