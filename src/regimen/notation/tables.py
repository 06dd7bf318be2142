"""How is the grammar made into the parser's tables? By lark, ahead of time: ``tables.json`` keeps the result.

Run ``python -m regimen.notation.tables`` after a change of the grammar.
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from regimen.notation.automaton import GRAMMAR, TABLES, fingerprint

_PARSER, _COMPILER = import_module("re._parser"), import_module("re._compiler")
STARTS = ("line", "when", "dose_text", "cycles", "point", "window")


def tables_text() -> str:
    """The content of ``tables.json`` for the grammar as it is; the same bytes on every run."""
    from lark import Lark

    lark = Lark(Path(GRAMMAR).read_text("utf-8"), parser="lalr", start=list(STARTS), maybe_placeholders=False)
    automaton = lark.parser.parser._parse_table
    rules = sorted(lark.rules, key=lambda rule: (rule.origin.name, [s.name for s in rule.expansion], str(rule.alias)))
    order = {rule: number for number, rule in enumerate(rules)}
    origins = sorted({str(rule.origin.name) for rule in rules})
    numbers = _numbered(automaton)
    parts: dict[str, Any] = {
        "grammar": fingerprint(),
        "starts": {start: numbers[state] for start, state in automaton.start_states.items()},
        "ends": {start: numbers[state] for start, state in automaton.end_states.items()},
        "origins": origins,
        "terminals": [_terminal(terminal) for terminal in _strongest_first(lark)],
        "rules": [_rule(rule, origins) for rule in rules],
        "states": [_row(automaton.states[state], order, numbers) for state in numbers],
    }
    return "{\n" + ",\n".join(f'"{key}": {_compact(value)}' for key, value in parts.items()) + "\n}\n"


def _numbered(automaton: Any) -> dict[int, int]:
    """New numbers for the states, in the order they are reached: lark's own differ from run to run."""
    from lark.parsers.lalr_analysis import Shift

    waiting = [automaton.start_states[start] for start in STARTS]
    numbers: dict[int, int] = {}
    for state in waiting:
        if state not in numbers:
            numbers[state] = len(numbers)
            row = automaton.states[state]
            waiting += [row[name][1] for name in sorted(row) if row[name][0] is Shift]
    return numbers


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


def _row(row: dict[str, Any], order: dict[Any, int], numbers: dict[int, int]) -> dict[str, int]:
    from lark.parsers.lalr_analysis import Shift

    return {name: numbers[to] if action is Shift else -1 - order[to] for name, (action, to) in row.items()}


# ---------------------------------------------------------------- the first characters of a regular expression


def first_characters(regex: str) -> set[str] | None:
    """Every lower-case ASCII character a match can start with; None when it may be any, or nothing."""
    found, empty = _first(_PARSER.parse(regex))
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
    pattern = _PARSER.SubPattern(_PARSER.State(), [(operator, argument)])
    pattern.state.str = ""
    one = _COMPILER.compile(pattern, re.IGNORECASE)
    return {chr(code) for code in (*range(32, 127), 0xB1) if one.match(chr(code))}


if __name__ == "__main__":
    Path(TABLES).write_text(tables_text(), encoding="utf-8")
    print(f"{Path(TABLES).name} is made from {Path(GRAMMAR).name}")
