"""Which word may come next, and what is then complete? The parser's tables, shipped or made afresh."""

from __future__ import annotations

import json
import os.path
from functools import cache
from typing import Any, NamedTuple
from zlib import crc32

END = "$END"
_HERE = os.path.dirname(__file__)
GRAMMAR = os.path.join(_HERE, "grammar.lark")
TABLES = os.path.join(_HERE, "tables.json")


class Rule(NamedTuple):
    """One alternative of the grammar, as needed to reduce it."""

    callback: str
    size: int
    keep: tuple[int, ...]
    """Which of its children stay: punctuation is dropped."""
    splice: tuple[int, ...]
    """Which of its children are lists to be spliced in (``_rule`` and repetitions)."""
    shape: str
    """``call`` the callback, ``list`` the children (spliced later), or pass on a ``single`` child."""
    origin: int


class Tables(NamedTuple):
    """An LALR(1) automaton: an action is the state to shift to, or ``-1 - rule`` to reduce."""

    terminals: tuple[tuple[str, str, str | None], ...]
    """Name, regular expression and possible first characters (None: any), strongest first."""
    rules: tuple[Rule, ...]
    origins: tuple[str, ...]
    states: tuple[dict[str, int], ...]
    starts: dict[str, int]
    ends: dict[str, int]


@cache
def tables() -> Tables:
    """The shipped tables, or fresh ones when the grammar has changed since they were made."""
    if os.path.exists(TABLES):
        with open(TABLES, "rb") as file:
            shipped = json.load(file)
        if shipped["grammar"] == fingerprint():
            return _from_json(shipped)
    from regimen.notation.tables import tables_text

    return _from_json(json.loads(tables_text()))


def fingerprint() -> int:
    """A number that changes with the grammar."""
    with open(GRAMMAR, "rb") as file:
        return crc32(file.read())


def _from_json(data: dict[str, Any]) -> Tables:
    rules = tuple(
        Rule(name, size, tuple(keep), tuple(cut), shape, o) for name, size, keep, cut, shape, o in data["rules"]
    )
    terminals = tuple((name, regex, first) for name, regex, first in data["terminals"])
    return Tables(terminals, rules, tuple(data["origins"]), tuple(data["states"]), data["starts"], data["ends"])
