"""Into which files is a large calendar split, so that every program takes each of them?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from regimen.events import day_of
from regimen.render.ics.entry import Entry

LARGEST = 900_000
"""Bytes; beyond it some programs refuse a file."""


class Part(NamedTuple):
    """One file: what its name ends in, such as ``-2027`` or ``-2027-03``, and its bytes."""

    ending: str
    content: bytes


def in_parts(entries: Sequence[Entry], file: Callable[[Sequence[Entry]], bytes]) -> tuple[Part, ...]:
    """One part for each calendar year in which entries start, or for each month of a year that is too large."""
    return tuple(part for year, group in _grouped(entries, 4) for part in _of_year(year, group, file))


def _of_year(year: str, entries: Sequence[Entry], file: Callable[[Sequence[Entry]], bytes]) -> Iterator[Part]:
    content = file(entries)
    if len(content) <= LARGEST:
        yield Part(f"-{year}", content)
        return
    for month, group in _grouped(entries, 7):
        yield Part(f"-{month}", file(group))


def _grouped(entries: Sequence[Entry], letters: int) -> Iterator[tuple[str, list[Entry]]]:
    """The entries by the first letters of their day: four for the year, seven for the month."""
    for key, group in groupby(entries, lambda entry: day_of(entry.start).isoformat()[:letters]):
        yield key, list(group)
