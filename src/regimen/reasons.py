"""Why does a point fall on its date? The chain of offsets from the anchor down, as a sentence can say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from regimen.events import day_of
from regimen.moments import Moment, comparable, last_given
from regimen.plan import Gathered, Point


@dataclass(slots=True)
class Reasons:
    """Reasons for the dates of one walk; the chain of a shared parent is said once and remembered."""

    points: Mapping[str, Point]
    moments: Mapping[str, Moment]
    stops: Mapping[str, Moment]
    given: frozenset[str]
    """The anchors whose dates were given."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What follows from recorded facts instead of the plan, by point."""
    said: dict[str, str] = field(default_factory=dict)

    def chain(self, point: Point) -> str:
        """How a point was reached: its anchor and date, then every offset on the way."""
        if point.id in self.words:
            return self.words[point.id]
        if isinstance(point.base, str) and point.base in self.said:
            before = self.said[point.base]
        elif isinstance(point.base, str):
            parent = self.points[point.base]
            before = self.said[point.base] = self.chain(parent)
        elif isinstance(point.base, Gathered):
            before = self._gathered_reason(point.base)
        elif point.base is not None:
            return f"{point.base.isoformat()}{_added(point.term)}"
        else:
            return f"{point.name.replace('_', ' ')} {self.moments[point.id].isoformat()}"
        if point.id.startswith("@") and point.id[1:] in self.given:
            return f"{point.name.replace('_', ' ')} {self.moments[point.id].isoformat()}"
        cycle = f" ({point.name})" if point.cycle is not None and point.content is None and point.term else ""
        return f"{before}{_added(point.term)}{cycle}"

    def _gathered_reason(self, base: Gathered) -> str:
        dated = {id: self.moments[id] for id in base.ids if id in self.moments}
        chosen = (min if base.which in ("first", "earliest") else max)(dated, key=lambda id: comparable(dated[id]))
        moment = last_given(chosen, self.moments, self.stops) if base.which in ("last", "after") else dated[chosen]
        words = {
            "first": "first dose",
            "last": "last dose",
            "after": "the day after the last dose",
            "latest": "",
            "earliest": "",
        }[base.which]
        point = self.points[chosen]
        name = point.name or (f"of {point.content.label}" if point.content is not None else chosen)
        return " ".join(part for part in (words, name, day_of(moment).isoformat()) if part)


def _added(term: str) -> str:
    if not term:
        return ""
    if term[0] in "-−":
        return f" − {term[1:].strip()}"
    return (
        f" + {term}" if term[0].isdigit() and not term.endswith("on or after") and "before" not in term else f", {term}"
    )
