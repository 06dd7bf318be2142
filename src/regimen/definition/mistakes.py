"""What did the writer of a YAML file probably mean where the parser gave up?"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from regimen.errors import Problem

TAB = ("a tab where only spaces may stand", "spaces", "replace the tab with spaces, two for each level")


class _Mistake(NamedTuple):
    """What the parser's words (with the character it stopped at, in brackets) mean to the writer of the file."""

    sign: str
    found: str
    allowed: str
    remedy: str
    at_opening: bool = False
    """The place to look at is where the unfinished part began, not where the parser gave up."""


_MISTAKES = (
    _Mistake(r"\[\t\]$", *TAB),
    _Mistake(
        "scanning a (double-)?quoted scalar: found unexpected",
        "a quote is opened here and never closed",
        "",
        "add the closing quote at the end of the text",
        at_opening=True,
    ),
    _Mistake(
        "mapping values are not allowed",
        "an indented line with a key below a key that already has a value",
        "either a value or indented keys",
        "start the line in the same column as its neighbours, or move the value of the key above",
    ),
    _Mistake(
        "could not find expected ':'",
        "a line that is not a key with a value",
        "key: value",
        "put a colon and a space after the key; if the line continues the text above, indent it further",
        at_opening=True,
    ),
    _Mistake(
        "flow (sequence|mapping): .*expected ','",
        "a comma or a closing bracket is missing before this place; the bracket was opened on line {opened}",
        "",
        "put a comma between the values and close the bracket",
    ),
    _Mistake(
        "expected '?<document start",
        "text that does not belong to the keys above",
        "all top-level keys in the same column",
        "start every top-level key in column 1; after a closing } nothing may follow",
    ),
    _Mistake(
        "surrogate|invalid Unicode character",
        "a character written as a code that cannot be read here",
        "",
        "write the character itself instead of its \\u code",
    ),
    _Mistake(
        "escape|hexdecimal",
        "a backslash in double quotes, where it has a special meaning",
        "",
        "use single quotes, or write the backslash twice",
    ),
    _Mistake(
        "sequence entries are not allowed",
        "a list begins on the same line as its key",
        "each - on its own line",
        "move the - to the next line; if it belongs to the text, put the text in quotes",
    ),
    _Mistake(
        "scanning a block scalar",
        "text after | or >, which start a block of text",
        "",
        "{quote_it}; a comparison such as >= 5 always stands in quotes",
        at_opening=True,
    ),
    _Mistake("scanning an? (alias|anchor)", "text that begins with * or &", "", "{quote_it}", at_opening=True),
    _Mistake("tag", "text that begins with !, which marks a tag", "plain values", "{quote_it}", at_opening=True),
    _Mistake(
        "cannot start any token|keys are not allowed",
        'text that begins with "{char}", which has a special meaning',
        "",
        "{quote_it}",
    ),
    _Mistake(r"directive|incompatible", "a line that begins with %", "keys with values", "delete the line"),
    _Mistake(r"\[:\]$", "a key is missing before the colon", "key: value", "write the key, or delete the line"),
    _Mistake(
        "node content",
        'a value is missing before "{char}"',
        "",
        "write the value or delete the extra sign; if it belongs to the text, put the text in quotes",
    ),
    _Mistake(
        r"expected (key|<block end>|'-')",
        "this line does not line up with the lines above",
        "the same column for all keys, or all dashes, of one group",
        "give the line the same number of spaces as its neighbours",
    ),
)
_ANYTHING_ELSE = _Mistake(
    "",
    "this place cannot be read as YAML or JSON",
    "",
    "check indentation, colons and quotes here and in the line above",
)


def syntax_problem(error: Any, text: str, name: str) -> Problem:
    """Turn a syntax error of the parser into one problem in plain words, at the place to look at."""
    if getattr(error, "problem_mark", None) is None:
        return Problem("", _ANYTHING_ELSE.found, remedy=_ANYTHING_ELSE.remedy, line=1, column=1, source=name)
    lines = text.splitlines()
    mark, opening = error.problem_mark, error.context_mark or error.problem_mark
    line = lines[mark.line] if mark.line < len(lines) else ""
    char = line[mark.column : mark.column + 1]
    mistake = _mistake(f"{error.context}: {error.problem} [{char}]", line, mark.column)
    if mistake.at_opening or mark.line >= len(lines):
        mark = opening
    quote_it = _quote_it(lines[opening.line][opening.column :] if opening.line < len(lines) else "")
    found = mistake.found.replace("{char}", char).replace("{opened}", str(opening.line + 1))
    remedy = mistake.remedy.replace("{quote_it}", quote_it)
    return Problem("", found, mistake.allowed, remedy, mark.line + 1, mark.column + 1, name)


def _mistake(words: str, line: str, column: int) -> _Mistake:
    colon = re.match(r"""[ ]*(?:- +)*[^\s"'#{\[][^:]*: +(?=\S)""", line)
    if "mapping values are not allowed" in words and colon and colon.end() <= column:
        value = line[colon.end() :]
        return _Mistake("", "a second colon in one line", "", f"the value holds a colon, so {_quote_it(value)}")
    if re.search("expected (key|<block end>)", words) and line[:column].rstrip().endswith(('"', "'")):
        remedy = "close each quote on the line where it opens, and let nothing follow it; look at the lines above too"
        return _Mistake("", "text after a closing quote", "", remedy)
    return next((mistake for mistake in _MISTAKES if re.search(mistake.sign, words)), _ANYTHING_ELSE)


def _quote_it(text: str) -> str:
    text = text.split(" #")[0].rstrip()
    if not text or len(text) > 60 or re.search(r"[\[\]{}]", text):
        return "put the whole text in quotes"
    return "put it in quotes: " + ("'" + text.replace("'", "''") + "'" if re.search(r'["\\]', text) else f'"{text}"')
