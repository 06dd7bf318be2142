"""Why was a text not understood, and what could stand there? One short sentence, the place, and one suggestion."""

from __future__ import annotations

import re

from regimen.errors import NotationError
from regimen.notation.automaton import END
from regimen.notation.parsing import Unexpected

_EXPECTED = {
    "UNIT": "a unit such as mg, mg/kg or mcg/day",
    "NUMBER": "an amount such as 10 mg",
    "DAYLIST": "numbers such as 1, 8, 15 or 1-14",
    "CLOCKS": "a 24-hour time such as 08:00",
    "TO": "to and the last amount",
    "BY": "by and the step",
    "OFF": "off",
    "ON": "on",
    "SPAN": "a length such as 28 d, 4 w or 3 mo",
    "EVERY_SHORT": "an interval such as q28d",
    "DOSE_OF": "last dose of a NAME",
    "NAMED_POINT": "a day, week, month or cycle number",
    "DATE": "a date such as 2027-01-31",
    "EDGE_OF": "start of or end of an epoch",
    "NAME": "a name",
    "WINDOW": "a window such as ±3 d",
    "TIMES": "a count such as x4",
    "DAYS": "days such as days 1-14",
    "THEN": "then",
    "RSQB": "]",
    "RPAR": ")",
    END: "the end of the text",
}
_MOST = 4
_CLAUSES = "days, an interval, how often, a count or an end"
_WHOLE = {
    "line": f"a route, {_CLAUSES}",
    "when": _CLAUSES,
    "dose_text": "a route, a duration or a maximum",
    "cycles": "a count such as x6, or an end such as until progression",
}
_IN_FRAME = "a count such as x6, an end such as until progression, or the closing ]"
_VOCABULARY = (
    "day", "days", "week", "weeks", "month", "months", "every", "daily", "bid", "tid", "qid", "weekly", "then",
    "until", "through", "before", "for", "from", "over", "bolus", "IV", "CIV", "subcut", "IM", "PO", "IT",
    "intravitreal", "RT", "cycles", "cycle", "odd", "even", "max", "round", "bags", "prn", "at", "on", "if",
    "cut", "repeating", "up", "to", "twice", "once", "hold", "stop", "within", "after", "dose", "of", "doses",
    "intravenously", "orally", "subcutaneously", "continuous", "mg", "mcg", "progression",
)  # fmt: skip
_EXAMPLES = {
    "line": "For example: 9 mcg/day CIV days 1-14 q3mo x4.",
    "when": "For example: days 0, 14, 28 then every 28 days through week 48.",
    "dose_text": "For example: 10 mg/kg IV over 1 h.",
    "cycles": "For example: q28d x6, or 42 d x5, then 84 d x4, or q21d until progression.",
    "point": "For example: first_dose, 28 d after last dose of radiotherapy, end of treatment, week 48, 2027-01-31.",
    "window": "For example: ±3 d, or -3/+5 d.",
}
_STARTS_WITH_DOSE = "A line starts with the dose: 10 mg/kg IV over 1 h days 0, 14, 28 then q28d through week 48."
_LATER_IN_LINE = re.compile(
    r"\s*(days?\b|weeks?\b|months?\b|cycles?\b|d\d|q\d|every\b|each\b|daily\b|weekly\b|bid\b|tid\b|qid\b"
    r"|once\b|twice\b|prn\b"
    r"|\d+ ?x ?/|\d+ ?x (daily|weekly|per|a)\b|on\b|at\b|x ?\d"
    r"|until\b|through\b|for\b|iv\b|civ\b|po\b|im\b|sc\b|subcut|intraven|oral|by\b)",
    re.IGNORECASE,
)


def explained(error: Unexpected, text: str, start: str) -> NotationError:
    """The error for people."""
    position = error.position
    if start == "line" and _LATER_IN_LINE.match(text):
        word = _word_at(text, 0)
        return NotationError(f"{word!r} stands where the dose should be.", text, _first(text), _STARTS_WITH_DOSE)
    if position >= len(text):
        what = "the text ends too early"
    else:
        what = f"{_word_at(text, position)!r} is not understood here"
    return NotationError(
        f"{what}; expected {_expected(error.allowed, start)}.", text, position, _suggestion(text, position, start)
    )


def _first(text: str) -> int:
    return len(text) - len(text.lstrip())


def _expected(allowed: frozenset[str], start: str) -> str:
    known = [words for name, words in _EXPECTED.items() if name in allowed]
    if len(allowed) > 2 * _MOST and start in _WHOLE and "NAMED_POINT" not in allowed:
        return _IN_FRAME if "RSQB" in allowed else _WHOLE[start]
    return " or ".join(known[:_MOST]) if known else "the end of the text"


def _word_at(text: str, position: int) -> str:
    found = re.match(r"\s*([A-Za-z]+|[^\s,;]+|\S)", text[position:])
    return found[1][:40] if found else text[position : position + 20]


def _suggestion(text: str, position: int, start: str) -> str:
    from difflib import get_close_matches

    rest = text[position:]
    if start == "dose_text" and _LATER_IN_LINE.match(rest):
        return "How often and when it is given is said under when:, not under dose:."
    if start == "when" and re.match(r"\s*[\d.]+ ?[a-z%]", rest, re.IGNORECASE):
        return "How much is given is said under dose:, not under when:."
    if re.search(r"\bafter\s*$", text[:position]) and start in ("point", "line", "when"):
        return "Say how long after, and after what: 28 d after last dose of NAME, or 4 w after end of NAME."

    whole = re.search(r"[A-Za-z]{0,40}$", text[:position])
    word = re.match(r"\s*([A-Za-z]{0,40})", text[position:])
    token = (whole[0] if whole else "") + (word[1] if word else "")
    close = get_close_matches(token, _VOCABULARY, n=1, cutoff=0.75) if len(token) > 2 else []
    if close and close[0].lower() != token.lower():
        return f"Did you mean {close[0]!r} instead of {token!r}?"
    return _EXAMPLES.get(start, _EXAMPLES["line"])
