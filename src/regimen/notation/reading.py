"""How is a text of notation read? Tidied, checked for what is read two ways, parsed, explained when it fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from regimen.errors import AmbiguousNotation, NotationError, Reading
from regimen.notation import canonical, words
from regimen.notation.automaton import tables
from regimen.notation.building import Builder
from regimen.notation.clauses import Ambiguity, Edit
from regimen.notation.explaining import explained
from regimen.notation.parsing import Parser, Unexpected
from regimen.notation.refusals import refuse_ambiguities, without_quoted
from regimen.notation.terms import Cycles, Dose, Line, Phase, Point
from regimen.timing import Span, Window

LONGEST = 4000
_LONG_NUMBER = re.compile(r"\d{13,}")
_TIDY = str.maketrans({"–": "-", "—": "-", "−": "-", "‑": "-", "×": "x", "µ": "u", "μ": "u", "²": "2", "\u00a0": " "})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read_line(text: str) -> Line:
    """Read one line of dose and schedule; raise ``NotationError`` that shows the place and what to write."""
    return _read(text, "line")  # type: ignore[no-any-return]


def read_when(text: str) -> tuple[Phase, ...]:
    """Read the value of ``when:``: phases joined by *then*."""
    return _read(text, "when")  # type: ignore[no-any-return]


def read_dose(text: str) -> Dose:
    """Read the value of ``dose:``."""
    return _read(text, "dose_text")  # type: ignore[no-any-return]


def read_cycles(text: str) -> Cycles:
    """Read the value of ``cycles:``."""
    return _read(text, "cycles")  # type: ignore[no-any-return]


def read_point(text: str) -> Point:
    """Read a point, such as ``28 d after last dose of radiotherapy``."""
    return _read(text, "point")  # type: ignore[no-any-return]


def read_window(text: str) -> Window:
    """Read a window, such as ``±3 d``."""
    return _read(text, "window")  # type: ignore[no-any-return]


_SPAN = re.compile(
    r"\s*\d+(\.\d+)?\s*-?\s*(min(ute)?s?|h(ou)?rs?|h|d(ays?)?|w(ee)?ks?|w|mo(nth)?s?|y(ea)?rs?|y)\s*", re.IGNORECASE
)


def read_span(text: str) -> Span:
    """Read a length of time, such as ``28 d`` or ``24 months``."""
    _checked(text)
    if not _SPAN.fullmatch(text):
        raise NotationError(
            f"{text.strip()!r} is not a length of time.",
            text,
            0,
            "Write a number and a unit: 28 d, 4 w, 3 mo, 2 y, 12 h.",
        )
    return words.span(text)


@lru_cache(maxsize=2048)
def _read(text: str, start: str) -> Any:
    tidy = tidied(_checked(text))
    if refused := refuse_ambiguities(tidy):
        raise AmbiguousNotation(refused.sentence, text, refused.position, _canonical(refused.readings, start))
    try:
        return _parser().parse(tidy, start)
    except Unexpected as error:
        raise explained(error, text, start) from None
    except Ambiguity as error:
        readings = tuple(Reading(meaning, _edited(tidy, edits)) for meaning, edits in error.edits)
        raise AmbiguousNotation(error.sentence, text, error.position, _canonical(readings, start)) from None
    except NotationError as error:
        raise NotationError(error.sentence, text, error.position, error.suggestion) from None


def _canonical(readings: tuple[Reading, ...], start: str) -> tuple[Reading, ...]:
    """Each reading in its canonical text; one with something else still wrong in it stays as it is."""
    return tuple(Reading(reading.meaning, _printed(reading.text, start)) for reading in readings)


def _printed(text: str, start: str) -> str:
    try:
        value = _read(text, start)
    except NotationError:
        return text
    return str(_TEXTS[start](value))


def tidied(text: str) -> str:
    """One spelling of dashes, times signs and micro signs, in the same places; quoted names stay as they are."""
    if '"' not in text:
        return text.translate(_TIDY)
    return '"'.join(part if k % 2 else part.translate(_TIDY) for k, part in enumerate(text.split('"')))


def _edited(text: str, edits: tuple[Edit, ...]) -> str:
    for start, end, instead in sorted(edits, reverse=True):
        text = text[:start] + instead + text[end:]
    return " ".join(text.split())


def _checked(text: str) -> str:
    if found := _CONTROL.search(text):
        raise NotationError(
            f"character {ord(found[0]):#04x} at position {found.start() + 1} cannot be printed; type the text again."
        )
    if not text.isascii():
        _refuse_foreign_digits(text)
    if not text.strip():
        raise NotationError("the text is empty; write a dose and a schedule such as 10 mg PO daily x14.")
    if len(text) > LONGEST:
        raise NotationError(
            f"the text has {len(text):,} characters; at most {LONGEST:,} are read. Split it into items."
        )
    if found := _LONG_NUMBER.search(text):
        raise NotationError(
            f"a number of {len(found[0]):,} digits cannot be meant; at most 12 digits are read.", text, found.start()
        )
    return text


_TEXTS: dict[str, Callable[[Any], str]] = {
    "line": canonical.line_text,
    "when": canonical.when_text,
    "dose_text": canonical.dose_text,
    "cycles": canonical.cycles_text,
    "point": canonical.point_text,
    "window": canonical.window_text,
}


def _refuse_foreign_digits(text: str) -> None:
    for position, character in enumerate(without_quoted(text)):
        if character.isdecimal() and not character.isascii():
            raise NotationError(
                f"{character!r} is a digit of another script.", text, position, "Write the digits 0 to 9."
            )


@cache
def _parser() -> Parser:
    return Parser(tables(), Builder())
