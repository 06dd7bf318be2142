"""How is the grammar made into the parser's tables? By lark, once, ahead of time: the result is kept in ``tables.json``.

Run ``python -m regimen.notation.tables`` after a change of the grammar.
"""

from __future__ import annotations

import json
import re
from typing import Any
from zlib import crc32

from regimen.notation.automaton import GRAMMAR, TABLES

STARTS = ("line", "when", "dose_text", "cycles", "point", "window")


def tables_text() -> str:
    """The content of ``tables.json`` for the grammar as it is."""
    from lark import Lark

    text = GRAMMAR.read_text("utf-8")
    lark = Lark(text, parser="lalr", start=list(STARTS), maybe_placeholders=False)
    automaton = lark.parser.parser._parse_table
    order = {rule: number for number, rule in enumerate(lark.rules)}
    origins = sorted({str(rule.origin.name) for rule in lark.rules})
    parts: dict[str, Any] = {
        "grammar": crc32(GRAMMAR.read_bytes()),
        "starts": automaton.start_states,
        "ends": automaton.end_states,
        "origins": origins,
        "terminals": [_terminal(terminal) for terminal in _strongest_first(lark)],
        "rules": [_rule(rule, origins) for rule in lark.rules],
        "states": [_row(automaton.states[number], order) for number in range(len(automaton.states))],
    }
    return "{\n" + ",\n".join(f'"{key}": {_compact(value)}' for key, value in parts.items()) + "\n}\n"


def _compact(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], list | dict):
        return "[\n" + ",\n".join(_compact(row) for row in value) + "\n]"
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _strongest_first(lark: Any) -> list[Any]:
    used = [t for t in lark.terminals if t.name not in lark.ignore_tokens]
    return sorted(used, key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))


def _terminal(terminal: Any) -> list[str | None]:
    regex = terminal.pattern.to_regexp()
    first = first_characters(regex)
    return [terminal.name, regex, None if first is None else "".join(sorted(first))]


def _rule(rule: Any, origins: list[str]) -> list[Any]:
    name = str(rule.origin.name)
    keep = [k for k, symbol in enumerate(rule.expansion) if not (symbol.is_term and symbol.filter_out)]
    splice = [k for k in keep if not rule.expansion[k].is_term and rule.expansion[k].name.startswith("_")]
    shape = "list" if name.startswith("_") else "single" if rule.options.expand1 and not rule.alias else "call"
    return [str(rule.alias or name), len(rule.expansion), keep, splice, shape, origins.index(name)]


def _row(row: dict[str, Any], order: dict[Any, int]) -> dict[str, int]:
    from lark.parsers.lalr_analysis import Shift

    return {name: to if action is Shift else -1 - order[to] for name, (action, to) in row.items()}


# ---------------------------------------------------------------- the first characters of a regular expression


def first_characters(regex: str) -> set[str] | None:
    """Every lower-case ASCII character a match can start with; None when it may be any, or nothing."""
    from re import _parser  # type: ignore[attr-defined]

    found, empty = _first(_parser.parse(regex))
    return None if empty or found is None else {c.lower() for c in found}


def _first(items: Any) -> tuple[set[str] | None, bool]:
    """The possible first characters of a sequence, and whether the whole of it can match the empty text."""
    found: set[str] = set()
    for operator, argument in items:
        here, empty = _first_of(str(operator), operator, argument)
        if here is None:
            return None, False
        found |= here
        if not empty:
            return found, False
    return found, True


def _first_of(name: str, operator: Any, argument: Any) -> tuple[set[str] | None, bool]:
    if name in ("ASSERT", "ASSERT_NOT", "AT"):
        return set(), True
    if name == "SUBPATTERN":
        return _first(argument[-1])
    if name == "BRANCH":
        parts = [_first(part) for part in argument[1]]
        known = [chars for chars, _ in parts if chars is not None]
        return (set().union(*known) if len(known) == len(parts) else None), any(empty for _, empty in parts)
    if name in ("MAX_REPEAT", "MIN_REPEAT"):
        chars, empty = _first(argument[2])
        return chars, empty or argument[0] == 0
    return _matching(operator, argument), False


def _matching(operator: Any, argument: Any) -> set[str] | None:
    """All characters of plain text and the few signs of the notation that a one-character pattern matches."""
    from re import _compiler  # type: ignore[attr-defined]
    from re import _parser

    pattern = _parser.SubPattern(_parser.State(), [(operator, argument)])
    pattern.state.str = ""
    one = _compiler.compile(pattern, re.IGNORECASE)
    return {chr(code) for code in (*range(32, 127), 0xB1) if one.match(chr(code))}


if __name__ == "__main__":
    TABLES.write_text(tables_text(), encoding="utf-8")
    print(f"{TABLES.name} is made from {GRAMMAR.name}")
