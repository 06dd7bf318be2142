"""What is the ledger of a calendar? Every dose event of every drug, calculated, joined, packed and added up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from regimen.definition.items import DoseItem
from regimen.definition.models import Study
from regimen.dosing.declared import Declared, declared
from regimen.errors import DosingError
from regimen.events import RESTART, RESUMED, Calendar, Event
from regimen.facts import LatePolicy
from regimen.ledger.calculating import Calculator, Due
from regimen.ledger.infusing import Hanging, joined
from regimen.ledger.measuring import Measured
from regimen.ledger.summing import cycles_of, days_of, stated_of, total_of
from regimen.ledger.terms import OFF, Administration, Drug, JoinedInfusion, Ledger
from regimen.plan import Content, Plan
from regimen.quantities import Quantity
from regimen.safetext import moment_in_words


def make_ledger(
    study: Study,
    plan: Plan,
    calendar: Calendar,
    measured: Measured,
    *,
    about: Sequence[str] = (),
    before: Mapping[str, Quantity] | None = None,
    take: str = "",
    warnings: Sequence[str] = (),
) -> Ledger:
    """The amounts of all doses of a calendar for one subject.

    ``plan`` is the one that the calendar was dated from, ``measured`` where the subject's measures come from, ``about``
    what is said of them. ``before`` is what the subject had of a drug before the study, by its key, for lifetime caps;
    ``take`` is what is sought with vials, over what the definition says. What cannot be calculated is in the problems
    of its administration. Raises DosingError if the sums of a drug disagree.
    """
    making = _Making(study, plan, calendar, measured, before or {}, take)
    unknown = [key for key in making.before if key not in making.keys]
    if unknown:
        raise DosingError(f"there is no drug {unknown[0]!r}; the drugs are {', '.join(making.keys) or 'none'}.")
    drugs = tuple(making.drug(key) for key in making.keys)
    return Ledger(calendar, tuple(about), drugs, tuple(dict.fromkeys((*warnings, *making.warnings))))


def amounts_of(study: Study, plan: Plan, calendar: Calendar, measured: Measured) -> dict[str, Quantity]:
    """By event the amounts that ``make_ledger`` has, without vials, bags and sums; no entry where there is none."""
    making = _Making(study, plan, calendar, measured, {}, "")
    found: dict[str, Quantity] = {}
    for key in making.keys:
        events = making.events(key)
        for one in Calculator(measured, packed=False).all([making.due(event) for event in events]):
            if one.amount is not None:
                found[one.event.id] = one.amount
    return found


@dataclass(slots=True)
class _Making:
    study: Study
    plan: Plan
    calendar: Calendar
    measured: Measured
    before: Mapping[str, Quantity]
    take: str
    warnings: dict[str, None] = field(default_factory=dict)
    contents: dict[str, Content] = field(init=False)
    starts: Mapping[str, tuple[date, ...]] = field(init=False)
    declarations: dict[int, Declared] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.contents = {point.id: point.content for point in self.plan if point.content is not None}
        self.starts = cycle_starts(self.calendar)

    @property
    def keys(self) -> list[str]:
        """The keys of the drugs that have doses, in the order of the protocol."""
        found = dict.fromkeys(event.item for event in self.calendar.of_kind("dose"))
        return sorted(found, key=lambda key: _place(self.calendar, key))

    def events(self, key: str) -> list[Event]:
        """The doses of one drug."""
        return [event for event in self.calendar.of_item(key) if event.kind == "dose"]

    def drug(self, key: str) -> Drug:
        """One drug: its administrations, infusions and sums."""
        events = self.events(key)
        dues = [self.due(event) for event in events]
        calculator = Calculator(self.measured, self.take, self.before.get(key))
        administrations = calculator.all(dues)
        self.warnings.update(calculator.warnings)
        self.warnings.update(dict.fromkeys(self._restarts(events)))
        by_event = {due.event.id: due.declared for due in dues}
        infusions: list[JoinedInfusion] = []
        hanging = Hanging(self.measured, self.take)
        numbers: dict[str, int] = {}
        for number, parts in enumerate(joined(administrations)):
            infusions.append(hanging.infusion(parts, by_event[parts[0].event.id]))
            numbers.update((part.event.id, number) for part in parts)
        administrations = [replace(one, infusion=numbers.get(one.event.id)) for one in administrations]
        label = self.calendar.lanes.get(key, events[0].label)
        said = tuple(dict.fromkeys(line for due in dues for line in due.declared.said))
        late, late_assumed = _late(dues)
        return self._summed(
            Drug(
                key, label, said, tuple(administrations), tuple(infusions), before=self.before.get(key), late=late,
                late_assumed=late_assumed,
            )
        )  # fmt: skip

    def _content(self, event: Event) -> Content:
        """What the plan says of an event; what a restart brought has the content of its item that fits its dose."""
        if RESTART not in event.id:
            return self.contents[event.id.partition(RESUMED)[0] if event.id not in self.contents else event.id]
        contents = [c for c in self.contents.values() if (c.epoch, c.item) == (event.epoch, event.item)]
        return next((content for content in contents if content.dose == event.dose), contents[0])

    def _restarts(self, events: Sequence[Event]) -> Iterator[str]:
        """What a person has to see to when an infusion is started again and no item of the definition says it."""
        seen_to = {event.hangs_on for event in self.calendar if RESTART in event.id}
        for event in events:
            if event.is_piece and event.id not in seen_to:
                yield (
                    f"{event.position} {event.label} on {moment_in_words(event.start)} after a pause: the definition "
                    "plans no premedication and no days in hospital after a restart (at_restart:); see the protocol."
                )

    def _summed(self, drug: Drug) -> Drug:
        given = [one for one in drug.administrations if one.amount is not None and not one.off]
        if not given or given[0].amount is None:
            return drug
        unit = given[0].amount.unit
        try:
            total, days = total_of(given, unit), days_of(given, unit)
            cycles = cycles_of(given, unit, self.calendar)
        except DosingError as error:
            return replace(drug, problems=("its amounts cannot be added up: " + " ".join(error.problems),))
        return replace(drug, days=days, cycles=cycles, total=total, stated=stated_of(given))

    def due(self, event: Event) -> Due:
        """A dose with what the plan says and the definition declares."""
        content = self._content(event)
        assert content.order is not None
        item: DoseItem = content.order.item
        if id(item) not in self.declarations:
            self.declarations[id(item)] = declared(item, self.study.study.dosing)
        return Due(event, content, self.declarations[id(item)], self.starts.get(event.id, ()))


def cycle_starts(calendar: Calendar) -> dict[str, tuple[date, ...]]:
    """For each dose in a cycle, the first days of the cycles of its epoch up to its own."""
    firsts: dict[str, dict[int, date]] = {}
    for event in calendar.of_kind("dose"):
        if event.cycle is not None and event.state not in OFF:
            known = firsts.setdefault(event.epoch, {})
            known[event.cycle] = min(known.get(event.cycle, event.first_day), event.first_day)
    up_to = {
        (epoch, cycle): tuple(sorted(day for number, day in known.items() if number <= cycle))
        for epoch, known in firsts.items()
        for cycle in known
    }
    return {event.id: up_to.get((event.epoch, event.cycle or 0), ()) for event in calendar.of_kind("dose")}


def _late(dues: Sequence[Due]) -> tuple[LatePolicy | None, bool]:
    """The one rule for missed doses that all doses have, and whether it is assumed; none where they differ."""
    items = [due.content.order.item for due in dues if due.content.order is not None]
    if len({item.late for item in items}) != 1:
        return None, False
    return items[0].late, any("late" in item.assumed for item in items)


def _place(calendar: Calendar, key: str) -> int:
    lanes = list(calendar.lanes)
    return lanes.index(key) if key in lanes else len(lanes)


def off_or_uncalculated(drug: Drug) -> list[Administration]:
    """The administrations that have no amount although something is to be given."""
    return [one for one in drug.administrations if one.amount is None and not one.off]
