"""What is a clause while a text is read? Its name, its value and where it stands, plus the errors that point at it."""

from __future__ import annotations

from typing import Any, NamedTuple

from regimen.errors import NotationError
from regimen.notation.parsing import Token

Nodes = list[Any]


class Clause(NamedTuple):
    """One clause as read: which, its value, and where it stands (characters from 0, the end exclusive)."""

    name: str
    value: Any
    position: int
    end: int


class Edit(NamedTuple):
    """A stretch of the text and what to write instead."""

    start: int
    end: int
    text: str


class Ambiguity(NotationError):
    """Raised before the whole text is at hand: for each reading what it means, and the edits that say it."""

    def __init__(self, sentence: str, position: int | None, *readings: tuple[str, tuple[Edit, ...]]) -> None:
        self.edits = readings
        super().__init__(sentence, "", position)


def clause(name: str, value: Any, nodes: Nodes) -> Clause:
    """A clause that stands where its words stand."""
    first, last = nodes[0], nodes[-1]
    if len(nodes) == 1 and isinstance(first, Token):
        return Clause(name, value, first.start_pos, first.end_pos)
    places = [n for n in nodes if isinstance(n, Token)]
    first, last = places[0], places[-1]
    return Clause(name, value, first.start_pos, last.end_pos)


def wrong(token: Any, sentence: str, remedy: str = "") -> NotationError:
    """What is wrong at a word, and the remedy."""
    return NotationError(sentence, "", getattr(token, "start_pos", None), remedy)


def count_of(token: Token) -> int:
    """The number in a word such as ``x4`` or ``for 4 doses``: at least 1."""
    number = int("".join(c for c in token if c.isdigit()))
    if number < 1:
        raise wrong(token, f"{token} gives nothing; a count is at least 1.")
    return number
