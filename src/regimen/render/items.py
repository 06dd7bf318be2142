"""How is one drug, visit or procedure said in a sentence? Its rule in words, with what the plan makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from regimen.definition.items import AtRestart, DoseItem, Part, ProcedureItem, VisitItem
from regimen.definition.models import Epoch, Study
from regimen.notation import dose_in_words, point_in_words, when_in_words, when_text, window_in_words
from regimen.notation.terms import Phase, Unstated
from regimen.plan import Plan, Point
from regimen.plan.extents import Extents
from regimen.render.activities import happening, position_of
from regimen.render.words import counted, one_line
from regimen.rules.phases import settled
from regimen.timing import Elapsed, Nth

Item = DoseItem | VisitItem | ProcedureItem
_NOUNS = {DoseItem: "dose", VisitItem: "visit", ProcedureItem: "time"}
_CLOSED = {
    "warn": "it stays, and is warned of",
    "nearest": "moved to the nearest working day",
    "next": "moved to the next working day",
    "previous": "moved to the working day before",
}
_KINDS = {DoseItem: "dose", VisitItem: "visit", ProcedureItem: "activity"}


@dataclass(frozen=True, slots=True)
class ItemSaid:
    """One item: its sentence, the same as notation, and what else is said about it."""

    key: str
    kind: str
    name: str
    sentence: str
    notation: tuple[str, ...]
    parts: tuple[str, ...]
    """A sentence for each part, where it has several."""
    details: tuple[str, ...]
    positions: tuple[str, ...]
    """Every planned position; empty without a plan."""


def say_items(study: Study, key: str, plan: Plan | None, name: str) -> Iterator[ItemSaid]:
    """The items of an epoch (called ``name`` in the plan), in the order of the definition."""
    epoch = study.epochs[key]
    extents = Extents(plan) if plan is not None else None
    points = happening(plan, extents, name) if plan is not None and extents is not None else []
    for item_key, item in epoch.items():
        own = [point for point in points if point.content is not None and point.content.item == item_key]
        visits = [point for point in own if point.content is not None and point.content.kind == _KINDS[type(item)]]
        yield _Sentence(study, epoch, item_key, item, visits, extents).said()


def condition_said(study: Study, condition: tuple[str, str]) -> str:
    """``transplant = no; undecided, and so tentative, until --decide transplant=yes or … is given``."""
    name, answer = condition
    options = study.decisions[name].options if name in study.decisions else (answer,)
    choices = " or ".join(f"--decide {name}={option}" for option in options)
    return f"{name} = {answer}; undecided, and so tentative, until {choices} is given."


def _lasting(points: list[Point]) -> str:
    """How long each infusion is, where all are as long."""
    minutes = {p.length.minutes for p in points if isinstance(p.length, Elapsed)}
    whole = minutes.pop() if len(minutes) == 1 and all(isinstance(p.length, Elapsed) for p in points) else 0
    return f" of {counted(whole // 1440, 'day')}" if whole and not whole % 1440 else ""


def _spelled_out(phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """A new dose after *then* keeps the rhythm of the phase before it, and says so."""
    told = [phases[0]]
    for phase in phases[1:]:
        last = told[-1]
        own = any((phase.days, phase.every, phase.frequency, phase.weekdays, phase.on_off, phase.relative, phase.stop))
        silent = own or phase.unstated or phase.hold
        inherited = {} if silent else {"frequency": last.frequency, "weekdays": last.weekdays, "every": last.every}
        told.append(replace(phase, **inherited))  # type: ignore[arg-type]
    return tuple(told)


def _restart_said(rule: AtRestart) -> str:
    when = f"{rule.lead.words} before" if rule.lead is not None else "with"
    days = f", on {counted(rule.days, 'day')}" if rule.days > 1 else ""
    pause = f", after a pause of {rule.pause.words} or more" if rule.pause is not None else ""
    return f"Once more {when} each restart of {rule.of}{days}{pause}."


def name_of(key: str, item: Item) -> str:
    """The name people use for an item."""
    if isinstance(item, DoseItem):
        return one_line(item.drug or key)
    return one_line((item.visit if isinstance(item, VisitItem) else item.procedure) or key)


class _Sentence:
    """One item being said."""

    def __init__(
        self, study: Study, epoch: Epoch, key: str, item: Item, points: list[Point], extents: Extents | None
    ) -> None:
        self.study, self.epoch, self.key, self.item, self.points, self.extents = (
            study,
            epoch,
            key,
            item,
            points,
            extents,
        )
        self.in_cycles = epoch.cycles is not None and item.from_ is None

    def said(self) -> ItemSaid:
        rules = list(self._rules())
        parts: tuple[str, ...] = ()
        name = name_of(self.key, self.item)
        count = self._count()
        ending = f" ({count})." if count else "."
        if len(rules) == 1:
            sentence = f"{name}: {self._rule(*rules[0][1:])}{ending}"
        else:
            sentence = f"{name}, in {len(rules)} parts{ending}"
            parts = tuple(f"{part_key}: {self._rule(part, phases)}." for part_key, part, phases in rules)
        notation = tuple(when_text(phases) for _, _, phases in rules)
        positions = tuple(position_of(point) for point in self.points)
        return ItemSaid(
            self.key, _KINDS[type(self.item)], name, sentence, notation, parts, tuple(self._details()), positions
        )

    def _rules(self) -> Iterator[tuple[str, Part | None, tuple[Phase, ...]]]:
        if isinstance(self.item, DoseItem):
            yield from self.item.schedules()
        else:
            yield "", None, self.item.when or self.item.between or ()

    # ------------------------------------------------------------ the rule
    def _rule(self, part: Part | None, phases: Sequence[Phase]) -> str:
        if phases[0].unstated:
            dose = phases[0].dose
            if dose is None or isinstance(dose.amount, Unstated):
                return "neither the dose nor the schedule is stated"
            return f"{dose_in_words(dose)}, schedule not stated"
        text = self._phases(part, tuple(phases))
        if not isinstance(self.item, DoseItem) and self.item.between is not None:
            text = "once, on any of " + text.removeprefix("on ")
        scoped = any(p.cycles is not None or p.relative is not None for p in phases)
        if self.in_cycles and not scoped and (part is None or part.from_ is None):
            text = f"in each cycle, {text}"
        place = (part.from_ if part is not None else None) or self.item.from_
        if place is not None:
            text += f", counted from {point_in_words(place)}"
        condition = part.if_ if part is not None else None
        return text + (f", only if {condition[0]} = {condition[1]}" if condition is not None else "")

    def _said(self, phrase: str) -> str:
        """A visit takes place so many times; only a dose is given in doses."""
        if isinstance(self.item, DoseItem):
            return phrase
        return re.sub(r"\b(?:for )?(\d+) dose(s?)\b", r"\1 time\2", phrase)

    def _phases(self, part: Part | None, phases: tuple[Phase, ...]) -> str:
        """Phases in words; after *then* the day on which the next one starts, where the plan knows it."""
        starts = self._starts(phases) if part is None else {}
        words = [self._said(when_in_words((phase,))) for phase in _spelled_out(phases)]
        text = words[0]
        for number, phrase in enumerate(words[1:], start=1):
            silent = number not in starts or phases[number].start is not None or phases[number].days is not None
            day = "" if silent else f", from {starts[number]},"
            text += f", then{day} {phrase}"
        return text

    def _starts(self, phases: tuple[Phase, ...]) -> dict[int, str]:
        """The first day of each phase: each phase has its own content, in order of its points."""
        if len(phases) == 1:
            return {}
        cycle = self.points[0].cycle if self.points else None
        firsts: dict[int, Point] = {}
        for point in self.points:
            if point.cycle == cycle:
                firsts.setdefault(id(point.content), point)
        # A phase such as `hold for 7 d` is read after those before it, never alone.
        ends = [len(settled(phases[:n])) for n in range(len(phases) + 1)]
        levels = [end - start for start, end in pairwise(ends)]
        if len(firsts) != sum(levels) or (cycle is not None and not self.in_cycles):
            return {}
        ordered = list(firsts.values())
        found = {n: ordered[sum(levels[:n])].day for n in range(len(phases)) if levels[n]}
        return {n: f"day {day}" for n, day in found.items() if day is not None}

    # ------------------------------------------------------------ how many, and where
    def _count(self) -> str:
        points, item = self.points, self.item
        if not points or (not isinstance(item, DoseItem) and item.between is not None):
            return ""
        sure = [p for p in points if self.extents is None or self.extents.stays(p)]
        continuous = all(p.content is not None and p.content.continuous for p in points)
        noun = "infusion" if continuous else _NOUNS[type(item)]
        number = counted(len(points), noun) + (_lasting(points) if continuous else "")
        if not sure:
            return f"as many {noun}s as the dates allow"
        if self._ends_early():
            number = f"at most {number}"
        elif any(p.optional for p in points):
            number = f"up to {number}"
        elif len(sure) != len(points):
            number = f"{len(sure)} or {number}" if len(points) - len(sure) == 1 else f"{len(sure)} to {number}"
        return f"{number}{self._span(points, sure)}"

    def _ends_early(self) -> bool:
        """Whether an event such as progression may end it sooner."""
        cycles = self.epoch.cycles
        until = cycles is not None and cycles.until is not None
        return until or any(phase.until is not None for _, _, phases in self._rules() for phase in phases)

    def _span(self, points: list[Point], sure: list[Point]) -> str:
        if self.extents is None:
            return ""
        cycles = sorted({point.cycle for point in points if point.cycle is not None})
        if cycles and all(point.cycle is not None for point in points):
            courses = " of each course" if self.epoch.courses is not None else ""
            return f", {self._cycles(cycles)}{courses}"
        ordered = sorted(points, key=lambda p: self.extents.from_root(p.id) or (0, 0))  # type: ignore[union-attr]
        first, last = ordered[0], ordered[-1]
        if first.day is None or last.day is None:
            named = [position_of(p) for p in (first, last) if not isinstance(p.offset, Nth)]
            return f", {' to '.join(dict.fromkeys(named))}" if len(named) == 2 and all(named) else ""
        if len(points) == 1:
            return f", day {first.day}"
        end = str(last.day) if last in sure or not sure else f"{sure[-1].day} or {last.day}"
        return f", days {first.day} to {end}"

    def _cycles(self, cycles: list[int]) -> str:
        if len(cycles) == 1:
            return f"cycle {cycles[0]}"
        whole = cycles == list(range(cycles[0], cycles[-1] + 1))
        return f"cycles {cycles[0]} to {cycles[-1]}" if whole else f"cycles {', '.join(map(str, cycles))}"

    # ------------------------------------------------------------ what else
    def _details(self) -> Iterator[str]:
        item = self.item
        if isinstance(item, VisitItem) and item.activities:
            yield f"Done there: {', '.join(self._activities(item))}."
        if item.if_ is not None:
            yield f"Only if {condition_said(self.study, item.if_)}"
        if isinstance(item, DoseItem) and item.ends is not None:
            yield f"No dose on or after {point_in_words(item.ends)}."
        yield from self._windows()
        yield f"{self._follows()}."
        yield from self._afterwards()
        marks = {"Assumed": self._marked("assumed"), "Not stated": self._marked("not_stated")}
        yield from (f"{word}: {', '.join(fields)} (see below)." for word, fields in marks.items() if fields)
        source = item.source or self.epoch.source
        yield f"Source: {source}." if source is not None else "No source is named."
        if item.note is not None:
            yield f"Note: {one_line(item.note)}"

    def _activities(self, item: VisitItem) -> Iterator[str]:
        for activity in item.activities:
            extra = [when_in_words(activity.when)] if activity.when is not None else []
            extra += [window_in_words(activity.window)] if activity.window is not None else []
            yield one_line(activity.activity) + (f" ({'; '.join(extra)})" if extra else "")

    def _windows(self) -> Iterator[str]:
        if self.item.window is not None:
            yield f"Window: {window_in_words(self.item.window)}."
        if self.item.preferred is not None:
            yield f"Preferred: {window_in_words(self.item.preferred)}."
        parts = self.item.parts if isinstance(self.item, DoseItem) else {}
        for key, part in parts.items():
            if part.window is not None:
                yield f"Window of part {key}: {window_in_words(part.window)}."

    def _follows(self) -> str:
        default = "anchor" if isinstance(self.item, ProcedureItem) else "cycle"
        follows = self.item.follows or default
        stated = "" if self.item.follows is not None else " (by default)"
        words = {
            "cycle": f"Moves with its {'cycle' if self.in_cycles else 'epoch'}",
            "anchor": "Stays on the calendar when doses move, counted from its anchor",
            "previous planned": "Each counts from the planned date of the one before",
            "previous actual": "Each counts from the actual date of the one before",
        }
        return f"{words[follows]}{stated}"

    def _afterwards(self) -> Iterator[str]:
        """What holds once something has happened, or a day is closed."""
        item = self.item
        if isinstance(item, DoseItem) and item.late is not None:
            yield f"Late or missed: {item.late}."
        if isinstance(item, DoseItem) and item.levels:
            yield f"Dose levels: {'; '.join(f'{name}: {dose_in_words(dose)}' for name, dose in item.levels.items())}."
        if item.min_interval is not None:
            yield f"At least {item.min_interval.words} from one to the next."
        if item.window_from != "current":
            yield "The window hangs on the planned day, whatever has moved it."
        if item.working_days != "keep":
            yield f"On a closed day: {_CLOSED[item.working_days]}, inside its window only."
        if item.at_restart is not None:
            yield _restart_said(item.at_restart)

    def _marked(self, kind: str) -> list[str]:
        parts = self.item.parts.values() if isinstance(self.item, DoseItem) else ()
        return list(dict.fromkeys(field for one in (self.item, *parts) for field in getattr(one, kind)))
