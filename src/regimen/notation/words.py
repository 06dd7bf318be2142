"""Which words mean what? The small dictionaries behind the grammar's tokens, and how a token's text becomes a value."""

from __future__ import annotations

import re
from datetime import time
from functools import lru_cache
from itertools import pairwise

from regimen.errors import NotationError
from regimen.notation.terms import Frequency, OnWeekdays, Scope
from regimen.timing import WEEKDAYS, Span, Window

_NUMBER_WORDS = {"once": 1, "twice": 2, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_FREQUENCIES = {"daily": 1, "every day": 1, "each day": 1, "bid": 2, "tid": 3, "qid": 4}
_STEPS = {
    "weekly": Span(1, "w"),
    "alternate days": Span(2, "d"),
    "on alternate days": Span(2, "d"),
    "fortnightly": Span(2, "w"),
    "yearly": Span(1, "y"),
    "annually": Span(1, "y"),
}
_ROUTES = {
    "CIV": r"continuous|civ",
    "IV": r"iv\b|i\.v\.|intravenous",
    "subcut": r"subcut|subq|sc\b|s\.c\.|sq\b",
    "IM": r"im\b|i\.m\.|intramuscular",
    "PO": r"po\b|p\.o\.|per os|oral|by mouth",
    "IT": r"it\b|intrathecal",
    "intravitreal": r"intravitreal",
    "intradermal": r"intradermal",
    "intraperitoneal": r"intraperitoneal|ip\b",
    "intravesical": r"intravesical",
    "intra-articular": r"intra-?articular",
    "intra-arterial": r"intra-?arterial",
    "inhaled": r"inhaled|by inhalation",
    "nebulised": r"nebuli",
    "intranasal": r"nasal|intranasal",
    "topical": r"topical",
    "transdermal": r"transdermal",
    "sublingual": r"sublingual",
    "buccal": r"buccal",
    "rectal": r"rectal",
    "vaginal": r"vaginal",
    "ophthalmic": r"ophthalmic",
    "RT": r"rt\b|radiotherapy",
}
ROUTE_WORDS = {
    "CIV": "as a continuous intravenous infusion",
    "IV": "intravenously",
    "subcut": "subcutaneously",
    "IM": "intramuscularly",
    "PO": "by mouth",
    "IT": "intrathecally",
    "intravitreal": "into the eye (intravitreal)",
    "intradermal": "intradermally",
    "intraperitoneal": "intraperitoneally",
    "intravesical": "into the bladder (intravesical)",
    "intra-articular": "into the joint (intra-articular)",
    "intra-arterial": "into the artery (intra-arterial)",
    "inhaled": "by inhalation",
    "nebulised": "by nebuliser",
    "intranasal": "into the nose (intranasal)",
    "topical": "on the skin (topical)",
    "transdermal": "through the skin (transdermal)",
    "sublingual": "under the tongue (sublingual)",
    "buccal": "in the cheek (buccal)",
    "rectal": "rectally",
    "vaginal": "vaginally",
    "ophthalmic": "in the eye (ophthalmic)",
    "RT": "as radiotherapy",
}
RESERVED = frozenset(
    [
        "daily", "weekly", "fortnightly", "monthly", "yearly", "annually", "once", "twice", "bid", "tid", "qid",
        "every", "each", "day", "days", "week", "weeks", "month", "months", "hour", "hours", "cycle", "cycles",
        "course", "courses", "iv", "civ", "sc", "sq", "subcut", "im", "po", "it", "ip", "rt", "oral", "orally",
        "over", "bolus", "max", "maximum", "bags", "round", "prn", "for", "through", "until", "before", "after",
        "within", "up", "at", "on", "in", "to", "of", "and", "or", "then", "hold", "stop", "by", "cut", "if", "with",
        "without", "from", "auc", "start", "end", "previous", "first", "last", "dose", "doses", "the", "not",
        "stated", "repeating", "repeat", "repeated", "rounded", "followed", "window", "off", "odd", "even", "all",
        "starting", "level", "taper", "schedule",
    ]
)  # fmt: skip
"""Words of the notation; a name that is one of them is quoted."""
_JOINING = frozenset(["and", "or", "of", "to", "the", "not", "first", "last", "start", "end"])
_EVENT = re.compile(r"[A-Za-z][A-Za-z'/-]*( [A-Za-z][A-Za-z'/-]*)*")
_ROUTE_PATTERN = {route: re.compile(rf".*?\b({pattern})", re.IGNORECASE) for route, pattern in _ROUTES.items()}
_UNIT_LETTERS = (
    ("min", "min"), ("mo", "mo"), ("h", "h"), ("d", "d"), ("w", "w"), ("y", "y"),
)  # fmt: skip
_UNIT_WORD = re.compile(r"min(ute)?s?|h(ou)?rs?|h|d(ay)?s?|w(ee)?ks?|w|mo(nth)?s?|mos|y(ea)?rs?|y", re.IGNORECASE)
_RANGE = re.compile(r"(-?\d+)(?:\s*(?:-|to|through)\s*(-?\d+))?")
_NAMES_A_TIME = re.compile(
    r"(days?|weeks?|months?|cycles?|hours?|[cdw])\s*-?\d|(daily|weekly|bid|tid|prn|q\d)", re.IGNORECASE
)
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")


@lru_cache(maxsize=256)
def route(text: str) -> str:
    """The one printed spelling of a route: ``intravenously`` is IV, ``SC`` is subcut."""
    return next(name for name, pattern in _ROUTE_PATTERN.items() if pattern.match(text))


@lru_cache(maxsize=1024)
def span(text: str) -> Span:
    """A span from its text; half hours become minutes, other fractions are refused."""
    found = re.match(r"\D*?(\d+(?:\.\d+)?)[\s-]*([a-z]+)", text, re.IGNORECASE)
    assert found is not None, text
    number, unit = found[1], unit_of(found[2])
    if "." in number:
        return _fractional(text, number, unit)
    if int(number) == 0:
        raise NotationError(f"a length of time of zero ({text.strip()}) does not say when; give at least 1.")
    return Span(int(number), unit)


def _fractional(text: str, number: str, unit: str) -> Span:
    from decimal import Decimal

    minutes = Decimal(number) * 60
    if unit != "h" or minutes != int(minutes):
        raise NotationError(
            f"{text.strip()} is not a whole number of minutes, days, weeks or months; write it in a smaller unit."
        )
    return Span(int(minutes), "min")


def unit_of(word: str) -> str:
    """The short unit of a word such as ``weeks`` or ``wk``; other words are no length of time."""
    found = _UNIT_WORD.fullmatch(word)
    if found is None:
        raise NotationError(f"{word!r} is not a unit of time; write min, h, d, w, mo or y.")
    return next(unit for letters, unit in _UNIT_LETTERS if word.lower().startswith(letters))


@lru_cache(maxsize=512)
def step(text: str) -> Span:
    """A step from ``q28d``, ``weekly``, ``every other week``."""
    lowered = " ".join(text.lower().split())
    if lowered in _STEPS:
        return _STEPS[lowered]
    if lowered.startswith("once"):
        return Span(1, "w")
    if found := re.search(r"every (other )?([a-z]+)$", lowered):
        return Span(2 if found[1] else 1, unit_of(found[2]))
    return span(lowered)


@lru_cache(maxsize=512)
def ranges(text: str) -> tuple[tuple[int, int], ...]:
    """Inclusive ranges from a list such as ``1-5, 8 and 15``; refuses what is out of order or listed twice."""
    tidy = re.sub(r"\s*,?\s*\band\b\s*|\s*&\s*", ",", text.lower())
    tidy = re.sub(r"days? ", "", tidy)
    found = [_RANGE.fullmatch(part.strip()) for part in tidy.split(",") if part.strip()]
    pairs = tuple((int(m[1]), int(m[2]) if m[2] else int(m[1])) for m in found if m)
    for a, b in pairs:
        if b < a:
            raise NotationError(f"the range {a}-{b} runs backwards; write the smaller number first: {b}-{a}.")
    for (_, before), (after, _) in pairwise(pairs):
        if after <= before:
            raise NotationError(
                f"the list {text.strip()} is not in rising order at {after}; list each day once, in order."
            )
    return pairs


def without_d(text: str) -> str:
    """``D1, D8-D15`` as plain numbers."""
    return re.sub(r"\b(on )?d(?=-?\d)", "", text, flags=re.IGNORECASE)


@lru_cache(maxsize=256)
def label(text: str) -> str:
    """An item's label; one that reads like a time or a route is refused, because its meaning would be lost."""
    if text.startswith('"'):
        return text[1:-2]
    name = text.rstrip(":").strip()
    if names_a_time(name):
        raise NotationError(
            f"the label {name!r} reads like a part of the schedule, but a label is only a name.", "", None,
            f'Write it after the dose, such as 10 mg IV day 1; or quote it if it is a name: "{name}":',
        )  # fmt: skip
    return name


def names_a_time(name: str) -> bool:
    """Whether a label would be taken for days, a frequency or a route."""
    return bool(_NAMES_A_TIME.match(name)) or any(p.fullmatch(name) for p in _ROUTE_PATTERN.values())


_CONDITION = re.compile(r'if (?:"([^"]*)"|([\w-]+)) ?= ?(?:"([^"]*)"|([\w-]+))', re.IGNORECASE)


def condition(text: str) -> tuple[str, str]:
    """A decision and the answer it needs, from ``if responder=yes``."""
    found = _CONDITION.fullmatch(text)
    assert found is not None, text
    return found[1] or found[2], found[3] or found[4]


def is_plain_event(name: str) -> bool:
    """Whether an event can stand after *until* without quotes: words, none of which is a word of the notation."""
    parts = set(re.split("[^a-z]+", name.lower()))
    return bool(_EVENT.fullmatch(name)) and not parts & ((RESERVED | {"x", "q"}) - _JOINING)


def event(text: str) -> str:
    """What an open end waits for, from ``until progression`` or ``until "two negative scans"``."""
    name = text[len("until ") :].strip()
    return name[1:-1] if name.startswith('"') else " ".join(name.split())


@lru_cache(maxsize=128)
def scope(text: str) -> Scope:
    """Which cycles: ``in cycles 2-5``, ``odd cycles``, ``in every 3rd cycle from 6``, ``in all cycles but 3``."""
    lowered = text.lower()
    numbers = tuple(int(n) for n in re.findall(r"\d+", lowered))
    if "odd" in lowered or "even" in lowered:
        return Scope("odd" if "odd" in lowered else "even")
    if ordinal := _ORDINAL.search(lowered):
        nth = int(ordinal[1])
        if nth < 1:
            raise NotationError(f"every {ordinal[0]} cycle does not exist; write every 2nd, 3rd and so on.")
        return Scope("every", nth=nth, start=numbers[1] if len(numbers) > 1 else nth)
    listed = re.findall(r"(\d+)(\+|\s*(?:-|to)\s*(\d+))?", lowered)
    pairs = tuple((int(a), None if tail == "+" else int(b or a)) for a, tail, b in listed)
    for a, last in pairs:
        if a < 1 or (last is not None and last < a):
            raise NotationError(f"cycles {a}-{last} cannot be: cycles count from 1, the smaller number first.")
    for (_, last), (after, _) in pairwise(pairs):
        if last is None or after <= last:
            raise NotationError(f"the cycles are not in rising order at {after}; list each cycle once, in order.")
    return Scope("but" if re.search(r"\b(but|except)\b", lowered) else "list", pairs)


@lru_cache(maxsize=64)
def frequency(text: str) -> Frequency:
    """How often a day or week: ``bid``, ``twice daily``, ``3x/week``."""
    lowered = " ".join(text.lower().replace(".", "").split())
    if lowered in _FREQUENCIES:
        return Frequency(_FREQUENCIES[lowered], "day")
    word = re.match(r"\d+|[a-z]+", lowered)
    assert word is not None, text
    n = int(word[0]) if word[0].isdigit() else _NUMBER_WORDS[word[0]]
    if n < 1:
        raise NotationError(f"{text.strip()} gives no dose; write how often it is given.")
    return Frequency(n, "week" if "week" in lowered else "day")


@lru_cache(maxsize=64)
def weekdays(text: str) -> OnWeekdays:
    """Weekdays from ``on Mon-Fri``, ``on Mon, Wed and Fri``, ``every 2nd of Mon-Fri``."""
    lowered = text.lower()
    nth = int(found[1]) if (found := _ORDINAL.search(lowered)) else 1
    body = lowered.partition(" of ")[2] if found else re.sub(r"^(on|every|each) ", "", lowered)
    if body.strip() == "weekdays":
        body = "mon-fri"
    days: list[int] = []
    for part in re.split(r"\s*(?:,\s*and\b|,|\band\b)\s*", body):
        ends = [_weekday(word) for word in re.split(r"\s*-\s*|\s+(?:to|through)\s+", part) if word.strip()]
        if ends:
            days += [(ends[0] + k) % 7 for k in range((ends[-1] - ends[0]) % 7 + 1)]
    if len(set(days)) != len(days):
        raise NotationError(f"{text.strip()} names a weekday twice; name each once.")
    if nth < 1:
        raise NotationError(f"{text.strip()} names no day; write every 2nd, 3rd and so on.")
    return OnWeekdays(tuple(sorted(days)), nth)


def _weekday(word: str) -> int:
    return [name.lower() for name in WEEKDAYS].index(word.strip()[:3])


def clocks(text: str) -> tuple[time, ...]:
    """Clock times in rising order; midnight is refused because 00:00 and 24:00 are read as different days."""
    times = []
    for hour, minute in re.findall(r"(\d{1,2}):(\d{2})", text):
        if (hour, minute) in (("0", "00"), ("00", "00"), ("24", "00")):
            raise NotationError(
                f"{hour}:{minute} is read as the start and as the end of a day.", "", None,
                "Write 00:01 for the start or 23:59 for the end, and name that day.",
            )  # fmt: skip
        if int(hour) > 23 or int(minute) > 59:
            raise NotationError(f"{hour}:{minute} is not a time; write 24-hour times from 00:01 to 23:59.")
        times.append(time(int(hour), int(minute)))
    if sorted(set(times)) != times:
        raise NotationError(f"the times {text.strip()} are not in rising order; list each time once, in order.")
    return tuple(times)


@lru_cache(maxsize=128)
def window(text: str) -> Window:
    """A window from ``±3 d``, ``-3/+5 d`` or ``-1 d/+2 w``; days or hours, both ends included."""
    parts = re.findall(r"(\d+)\s*([a-z]*)", text.lower())
    units = [unit_of(word) if word else None for _, word in parts]
    if any(unit in ("mo", "y") for unit in units):
        raise NotationError(f"the window {text.strip()} is in months or years; give it in hours, days or weeks.")
    last = units[-1] or "d"
    spans = [Span(int(n), unit or last) for (n, _), unit in zip(parts, units, strict=True)]
    return Window(spans[0], spans[-1])
