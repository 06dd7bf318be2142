"""What in a text could be misread on a ward? Forms that have led to wrong doses, each with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from regimen.quantities import known_units

_MEASURES = ("lb", "cm", "mm", "m2", "mmol/L", "micromol/L", "mg/dL")
_UNITS = "|".join(sorted((re.escape(unit) for unit in {*known_units(), *_MEASURES} - {"%"}), key=len, reverse=True))
# No letter, digit or point before: part of a longer number, a file name or an id is not meant.
_FRONT = r"(?<![\w.,/-])"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"


@dataclass(frozen=True, slots=True)
class Misreading:
    """A form that could be misread: where it is (from 0), what was found, how it is misread and what to write."""

    start: int
    found: str
    why: str
    instead: str

    def __str__(self) -> str:
        return f"{self.found!r} {self.why}; write {self.instead}"


class _Form(NamedTuple):
    pattern: re.Pattern[str]
    why: str
    instead: str


def _form(pattern: str, why: str, instead: str, flags: int = 0) -> _Form:
    return _Form(re.compile(pattern, flags), why, instead)


_FORMS = (
    _form(r"[µμ][gG](?![a-zA-Z])", "is read as mg", "mcg"),
    _form(r"\bug\b", "is read as mg", "mcg"),
    _form(r"(?<=\d)cc\b|(?<=\d )cc\b|\bcc\b(?=\s*/)", "is read as 00 or as units", "mL"),
    _form(r"(?<![\w/])\d[\d.,]*\s*(?:I\.?U\.?|M\.?I\.?U\.?|[Uu])(?![\w'’])|\bI\.?U\.?(?!\w)",
          "is read as 0, 4, 10 or IV", "units"),
    _form(r"\bq\.?\s?d\b\.?|\bo\.?d\b\.|\bod\b", "is read as four times a day or as the right eye", "daily",
          re.IGNORECASE),
    _form(r"\b(?:tiw|biw|qhs)\b", "is read as other times", "the words: 3 times a week, at bedtime", re.IGNORECASE),
    _form(r"\bq\.?\s?o\.?\s?d\b\.?", "is read as every day or four times a day", "every other day", re.IGNORECASE),
    _form(r"\b(?:MSO4|MgSO4|MS)\b", "is read as morphine or as magnesium", "the whole name"),
    _form(r"(?<![\w.+-])@|@(?![\w-])|(?<=\d)@(?=\d)", "is read as 2", "at"),
    _form(r"\b(?:S\.?C\.?|S\.?Q\.?|[Ss]ub-?[qQ])(?![\w'’])", "is read as SL or as every", "subcut"),
    _form(r"\b[Dd]/[Cc]\b", "is read as discharge or as discontinue", "stop, or discharge"),
    _form(rf"{_FRONT}\d[\d,]*\.\d*0(?=\s*(?:{_UNITS}|%)(?!\w))|\bAUC\s\d+\.\d*0\b",
          "is read as ten times as much", "no zero after the point"),
    _form(r"(?<![\w.,)\]\"'’/*])\.\d+(?![\w.]*[a-z]{2,}\()", "is read without its point", "a zero before the point"),
    _form(rf"{_FRONT}\d[\d.,]*(?:{_UNITS})(?![\w-])", "runs into its unit, whose m or g is read as zeros or 9",
          "a space between number and unit"),
    _form(r"(?<![\w:])\d{1,2}(?::\d\d)?\s?(?:[ap]\.m\.|[ap]m\b)|\b(?:12\s)?(?:noon|midnight) (?:on|of)\b",
          "is read as the other half of the day", "a time from 00:01 to 23:59", re.IGNORECASE),
    _form(r"(?<![\w:.T+-])(?:00|24):00(?::00)?(?![\w:])(?! \(start of day\))", "belongs to one day or to the next",
          "23:59 or 00:01"),
    _form(r"(?<![\w./-])\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?![\w/])", "is read as day/month and as month/day",
          "the month's name, such as 4 Jan 2027"),
    _form(r"(?<![\w./-])\d{1,2}-\d{1,2}-\d{4}(?![\w-])", "is read as day-month and as month-day",
          "the month's name, such as 4 Jan 2027"),
    _form(r"(?<![\w./-])\d{1,2}\.\d{1,2}\.\d{4}(?![\w.])", "is read as day.month and as month.day",
          "the month's name, such as 4 Jan 2027"),
    _form(rf"\b\d{{1,2}}[ -](?:{_MONTHS})[ -]\d{{2}}(?![\w:])", "is read as another century or as the day",
          "the year with four digits"),
)  # fmt: skip


def unsafe(text: str) -> tuple[Misreading, ...]:
    """Every form in ``text`` that could be misread, in order; none in a text that is safe to print."""
    found = sorted(_found(text), key=lambda misreading: (misreading.start, -len(misreading.found)))
    kept: list[Misreading] = []
    for misreading in found:
        if not kept or misreading.start >= kept[-1].start + len(kept[-1].found):
            kept.append(misreading)
    return tuple(kept)


def _found(text: str) -> Iterator[Misreading]:
    for form in _FORMS:
        for hit in form.pattern.finditer(text):
            yield Misreading(hit.start(), hit[0].strip(), form.why, form.instead)
