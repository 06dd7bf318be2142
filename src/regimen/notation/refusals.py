"""What is refused before it is parsed, because people read it two ways? Each entry shows the readings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from regimen.errors import AmbiguousNotation, NotationError, Reading

Instead = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A pattern, why it is refused, and for each reading what it means and the text that says it."""

    pattern: re.Pattern[str]
    why: str
    readings: tuple[tuple[str, Instead], ...] = ()
    remedy: str = ""


def _refusal(pattern: str, why: str, *readings: tuple[str, Instead], remedy: str = "") -> Refusal:
    return Refusal(re.compile(pattern, re.IGNORECASE), why, readings, remedy)


def _decimal_comma(found: re.Match[str]) -> str:
    """``1,250`` with its comma read as a decimal point, without a trailing zero."""
    return f"{found[1]}.{found[2]}".rstrip("0").rstrip(".")


def _step(number: int) -> Callable[[re.Match[str]], str]:
    """One end of a range of steps, with the other end as its window where the unit allows one."""

    def text(found: re.Match[str]) -> str:
        low, high, unit = int(found[1]), int(found[2]), found[3].lower()
        chosen, early, late = (low, 0, high - low) if number == 1 else (high, high - low, 0)
        window = "" if unit.startswith("m") else f" window -{early}/+{late} {unit}"
        return f"every {chosen} {unit}{window}"

    return text


_COUNTED = r"(?:[munk]?c?g|ml|l|units?|mmol|meq|[cmg]?gy|cells|million|billion|[mg]bq|tablets?|tabs?|capsules?)\b"
"""What an amount counts: a comma before it is no list of days."""

REFUSALS: tuple[Refusal, ...] = (
    _refusal(
        r"(?<![\w.])q\.?o\.?d\b\.?", "'qod' is read as every other day and as four times a day (qid).",
        ("every other day", "q2d"), ("four times a day", "4x/day"),
    ),
    _refusal(
        r"(?<![\w.])q\.?d(?=x\d|\b)\.?", "'qd' is read as daily and as four times a day (qid).",
        ("once a day", "daily"), ("four times a day", "4x/day"),
    ),
    _refusal(
        r"(?<![\w.])o\.?d\b\.?",
        "'od' is read as once daily, as every other day and as the right eye (name that in the label).",
        ("once a day", "daily"), ("every other day", "q2d"),
    ),
    _refusal(
        r"\bq(\d+)m\b", "'q\\1m' is read as every \\1 minutes and as every \\1 months.",
        ("every \\1 minutes", "q\\1min"), ("every \\1 months", "q\\1mo"),
    ),
    _refusal(
        r"(?<![\w.])tiw\b", "'tiw' is read as three times a week and as three times a day.",
        ("three times a week", "3x/week"), ("three times a day", "tid"),
    ),
    _refusal(
        r"(?<![\w.])biw\b", "'biw' is read as twice a week and as every two weeks.",
        ("twice a week", "2x/week"), ("every two weeks", "q2w"),
    ),
    _refusal(
        r"(?<![\w.])qhs\b", "'qhs' is read as at bedtime and as every hour.",
        ("once a day at bedtime, here at 22:00", "daily at 22:00"), ("every hour", "q1h"),
    ),
    _refusal(
        r"\bevery (\d+) ?m\b", "'m' is read as minutes and as months.",
        ("every \\1 minutes", "q\\1min"), ("every \\1 months", "q\\1mo"),
    ),
    _refusal(
        r"\b(over|for|bags|hold for|up to|at most) (\d+) ?m\b", "'m' is read as minutes and as months.",
        ("\\2 minutes", "\\1 \\2 min"), ("\\2 months", "\\1 \\2 mo"),
    ),
    _refusal(
        r"\bbi-?weekly\b", "'biweekly' is read as twice a week and as every two weeks.",
        ("twice a week (then name the days)", "2x/week"), ("every two weeks", "q2w"),
    ),
    _refusal(
        r"\bbi-?monthly\b", "'bimonthly' is read as twice a month and as every two months.",
        ("twice a month, here on days 1 and 15", "days 1, 15 q1mo"), ("every two calendar months", "q2mo"),
    ),
    _refusal(
        r"\b(?:twice (?:a month|monthly)|semi-?monthly)\b",
        "twice a month is read as two days of each month and as every two weeks.",
        ("twice a month, here on days 1 and 15", "days 1, 15 q1mo"), ("every two weeks", "q2w"),
    ),
    _refusal(
        r"\bmonthly\b", "'monthly' is read as every calendar month and as every 28 days (4 weeks).",
        ("every calendar month", "q1mo"), ("every 28 days", "q28d"),
    ),
    _refusal(
        r"\buntil (?:(?:the )?(?:end of )?)(day|week|month|cycle) (-?\d+)",
        "'until \\1 \\2' is read with and without \\1 \\2 itself; 'until' takes events only, such as progression.",
        ("\\1 \\2 included", "through \\1 \\2"), ("\\1 \\2 left out", "before \\1 \\2"),
    ),
    _refusal(
        r"\buntil (\d{4}-\d\d-\d\d)", "'until \\1' is read with and without that day; 'until' takes events only.",
        ("that day included", "through \\1"), ("that day left out", "before \\1"),
    ),
    _refusal(
        rf"(?<![\d.,])([1-9]\d{{0,2}})[ '](\d{{3}})(?![\d.,-])(?=\s*{_COUNTED})",
        "'\\1 \\2' is read as \\1\\2 and as the two numbers \\1 and \\2.",
        ("\\1\\2, without a separator", "\\1\\2"),
        ("two amounts to choose from", lambda found: f"{found[1]} or {int(found[2])}"),
    ),
    _refusal(
        rf"(?<![\d.,])([1-9]\d{{0,2}}),(\d{{3}})(?![\d.,-])(?=\s*{_COUNTED})",
        "'\\1,\\2' is read as \\1\\2 and, with a decimal comma, as a fraction near \\1.",
        ("\\1\\2, without a separator", "\\1\\2"), ("the comma as a decimal point", _decimal_comma),
    ),
    _refusal(
        rf"(?<![\d.,])(\d+),(\d{{1,2}})(?![\d.,-])(?=\s*{_COUNTED})",
        "'\\1,\\2' is read as a decimal and as the two numbers \\1 and \\2.",
        ("the decimal, with a point", _decimal_comma), ("two amounts to choose from", "\\1 or \\2"),
    ),
    _refusal(
        r"(?<![\w.])\.(\d+)", "'.\\1' loses its point easily and becomes \\1.",
        ("the decimal", lambda found: f"0.{found[1]}".rstrip("0").rstrip(".")),
        ("the whole number", lambda found: str(int(found[1]))),
    ),
    _refusal(
        r"(?<![\w.])(\d+)\.(0+)(?![\d])(?=\s*[a-z%])", "'\\1.\\2' is read as \\1\\2 when the point is not seen.",
        ("\\1, without a trailing zero", "\\1"), ("\\1\\2, the point being a slip", "\\1\\2"),
    ),
    _refusal(
        r"(?<![\w.])(\d+\.\d*[1-9])(0+)(?!\d)(?=\s*[a-z%µ])", "'\\1\\2' ends in a zero that says nothing.",
        ("\\1, without the zero", "\\1"),
        ("the point being a slip", lambda found: str(int(f"{found[1]}{found[2]}".replace(".", "")))),
    ),
    _refusal(
        r"(?<!level )(?<![\w.:+-])0(\d+)(?![\d:-])(?=\s*[a-z%µ])",
        "'0\\1' starts with a zero: a lost point, or nothing?",
        ("\\1, without the zero", lambda found: str(int(found[1]))),
        ("the decimal 0.\\1", lambda found: f"0.{found[1]}".rstrip("0").rstrip(".")),
    ),
    _refusal(
        r"(?<![\w.-])\d[\d.,]*\s*(?:IU|I\.U\.|U)(?!\w)", "'U' and 'IU' are read as 0, 4, 10 or IV.",
        remedy="Write the word out: 5 units.",
    ),
    _refusal(
        r"(?<=million)\s*(?:IU|I\.U\.|U)(?!\w)|(?<![\w.-])\d[\d.,]*\s*M\.?I?\.?U(?!\w)",
        "'U', 'IU' and 'MIU' are read as 0, 4, 10 or IV.",
        remedy="Write the words out: 5 units, 3 million units.",
    ),
    _refusal(
        r"\b(?:every |q ?)(\d+) ?(?:-|to) ?(\d+) ?(d|w|wks?|h|mo|days?|weeks?|hours?|months?)\b",
        "'every \\1 to \\2 \\3' is a range, so it gives no dates: choose a step, and give the rest as a window.",
        ("every \\1 \\3, the rest as a window", _step(1)), ("every \\2 \\3, the rest as a window", _step(2)),
    ),
    _refusal(
        r"(?<!\()(?<![\d-])\b(\d+) ?(?:-|to) ?(\d+) (d|w|mo|days?|weeks?|months?) "
        r"(after|before)\b(?! (?:each|dose|every))",
        "a gap of '\\1-\\2 \\3' gives no date.",
        ("the shortest gap, the range kept", "\\1 \\3 (\\1-\\2 \\3) \\4"),
        ("the longest gap, the range kept", "\\2 \\3 (\\1-\\2 \\3) \\4"),
    ),
    _refusal(
        r"\bday 0\b(?=.*\bweek 1\b)(?!.*\bweek 0\b)|\bfrom day 0\b(?=.*\bweek 1\b)",
        "day 0 and week 1 come from two ways of counting.",
        remedy="With weeks: ordinal, week 1 is days 1-7 and there is no day 0; with weeks: elapsed, day 0 is week 0.",
    ),
)  # fmt: skip


def refuse_ambiguities(text: str) -> AmbiguousNotation | None:
    """The refusal for the first pattern found in ``text``; raised at once when it has no readings to show."""
    bare = without_quoted(text)
    for refusal in REFUSALS:
        found = refusal.pattern.search(bare)
        if found is None:
            continue
        why = found.expand(refusal.why)
        if not refusal.readings:
            raise NotationError(why, text, found.start(), refusal.remedy)
        readings = tuple(
            Reading(found.expand(meaning), _rewritten(text, found, instead)) for meaning, instead in refusal.readings
        )
        return AmbiguousNotation(why, text, found.start(), readings)
    return None


def is_ambiguous(text: str) -> bool:
    """Whether any of the patterns is in the text."""
    return any(refusal.pattern.search(text) for refusal in REFUSALS)


def without_quoted(text: str) -> str:
    """The same length, with the inside of quotation marks blotted out: a quoted name is only a name."""
    if '"' not in text:
        return text
    return '"'.join("_" * len(part) if k % 2 else part for k, part in enumerate(text.split('"')))


def _rewritten(text: str, found: re.Match[str], instead: Instead) -> str:
    new = found.expand(instead) if isinstance(instead, str) else instead(found)
    return text[: found.start()] + new + text[found.end() :]
