"""How do the words for a place in time become points? The callbacks of that part of the grammar."""

# ruff: noqa: D102 (each method is named after its alternative in grammar.lark, which says what it is)

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from regimen.notation import words
from regimen.notation.clauses import Nodes, wrong
from regimen.notation.parsing import Token
from regimen.notation.terms import Point
from regimen.timing import Span, Window, why_not_a_date

_NO_NAMES = frozenset(
    ["after", "before", "of", "the", "and", "or", "to", "from", "through", "until", "for", "then", "in"]
)
_SAY_AFTER_WHAT = "Say how long after, and after what: 28 d after last dose of NAME, or 4 w after end of NAME."
_GAP_RANGE = re.compile(r"(\d+)\s*(?:-|to)\s*(\d+)\s*([a-z]+)", re.IGNORECASE)


class PointCallbacks:
    """Points, names and windows."""

    def plain_point(self, nodes: Nodes) -> Point:
        point: Point = nodes[0]
        return point

    def shifted_point(self, nodes: Nodes) -> Point:
        base: Point = nodes[0]
        return replace(base, shift=words.span(str(nodes[2])), sign=-1 if nodes[1].type == "MINUS" else 1)

    def gap_point(self, nodes: Nodes) -> Point:
        base: Point = nodes[-1]
        gap = words.span(str(nodes[0]))
        allowed = next((n for n in nodes if isinstance(n, tuple)), None)
        if allowed and not _inside(gap, allowed):
            raise wrong(nodes[0], f"the chosen gap {gap} lies outside the allowed {allowed[0]} to {allowed[1]}.")
        earlier = any(isinstance(n, Token) and n.type == "BEFORE" for n in nodes)
        return replace(base, shift=gap, sign=-1 if earlier else 1, allowed=allowed)

    def gap_range(self, nodes: Nodes) -> tuple[Span, Span]:
        token = next(n for n in nodes if n.type == "SPAN_RANGE")
        found = _GAP_RANGE.fullmatch(token)
        unit = words.unit_of(found[3]) if found else None
        if found is None or unit is None:
            raise wrong(token, f"{token} is not a range of time.", "Write it as 4-6 w or 10-14 d.")
        if int(found[2]) < int(found[1]):
            raise wrong(token, f"the range {token} runs backwards; write the smaller number first.")
        return Span(int(found[1]), unit), Span(int(found[2]), unit)

    def numbered_point(self, nodes: Nodes) -> Point:
        kind, number = nodes[0].split()
        return Point(kind.lower(), int(number))

    def date_point(self, nodes: Nodes) -> Point:
        year, month, day = (int(part) for part in nodes[0].split("-"))
        if reason := why_not_a_date(year, month, day):
            raise wrong(nodes[0], f"{nodes[0]} is not a date ({reason}).", "Write year-month-day, such as 2027-01-31.")
        return Point("date", date=date(year, month, day))

    def edge_point(self, nodes: Nodes) -> Point:
        return Point("end" if "end" in nodes[0].lower() else "start", names=nodes[1])

    def dose_point(self, nodes: Nodes) -> Point:
        return Point("last" if "last" in nodes[0].lower() else "first", names=nodes[1])

    def previous_point(self, _: Nodes) -> Point:
        return Point("previous")

    def anchor_point(self, nodes: Nodes) -> Point:
        return Point("anchor", names=(nodes[0],))

    def names(self, nodes: Nodes) -> tuple[str, ...]:
        return tuple(n for n in nodes if not isinstance(n, Token))

    def name(self, nodes: Nodes) -> str:
        token, text = nodes[0], str(nodes[0])
        if token.type == "QUOTED":
            return text[1:-1]
        if text.lower() in _NO_NAMES:
            raise wrong(token, f"{text!r} stands where a name should be.", _SAY_AFTER_WHAT)
        return text

    def window(self, nodes: Nodes) -> Window:
        return words.window(str(nodes[0]))


def _inside(gap: Span, allowed: tuple[Span, Span]) -> bool:
    low, high = allowed
    if gap.unit == low.unit:
        return low.n <= gap.n <= high.n
    if gap.days is None or low.days is None or high.days is None:
        return False
    return low.days <= gap.days <= high.days
