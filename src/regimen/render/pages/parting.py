"""Where may a word be parted that is wider than its column? Between letters only; a number is never parted."""

from __future__ import annotations

from itertools import pairwise

from regimen.render.pages.fitting import POINT, inside
from regimen.render.pages.terms import Document, Table

PARTING = "\u200b"
"""A place where a line may end, which is not seen."""
_NO_BREAK = "\u00a0"
_LETTER = 0.6
"""The width of a letter in sizes, bold ones among them: an estimate on the safe side."""
_PADDING = 0.9
"""What a cell leaves free at both sides, in sizes."""
_LATIN = 0x250
"""Letters from here on may be joined to each other, or part by themselves."""


def columns_of(table: Table, document: Document, paper: str) -> tuple[int, ...]:
    """How many letters are sure to fit on one line of each column."""
    width, share = inside(document, paper)[0], sum(table.weights)
    size = document.size * POINT
    return tuple(max(4, int((width * one / share / size - _PADDING) / _LETTER)) for one in table.weights)


def line_of(document: Document, paper: str) -> int:
    """How many letters are sure to fit on one line of the page, inside of a box."""
    return int((inside(document, paper)[0] / (document.size * POINT) - 2 * _PADDING) / (_LETTER * 1.5))


def parted(text: str, letters: int) -> str:
    """The text with places to part every word that has more letters than the line."""
    return " ".join(_fitting(word, letters) for word in text.split(" "))


def _fitting(word: str, letters: int) -> str:
    if len(word) <= letters:
        return word
    if _NO_BREAK in word:
        # What was held together does not fit together.
        return parted(word.replace(_NO_BREAK, " "), letters)
    ends = pairwise(word)
    return word[0] + "".join(f"{PARTING if _may_part(one, other) else ''}{other}" for one, other in ends)


def _may_part(one: str, other: str) -> bool:
    return ord(one) < _LATIN and ord(other) < _LATIN and (one.isalpha() or one in "-_/") and other.isalpha()
