"""What does a definition say? The typed, frozen model of a study in the format ``regimen/1``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from regimen.definition.values import (
    ConditionText,
    CountText,
    CyclesText,
    DateText,
    DoseText,
    FirstDayText,
    Key,
    PointText,
    SpanText,
    WhenText,
    WindowText,
    Words,
)
from regimen.errors import NotationError
from regimen.notation import read_line
from regimen.notation.terms import Dose, Phase
from regimen.timing import Counting

FORMAT = "regimen/1"


class Model(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


class Source(Model):
    """Where a value comes from; no sentence is copied."""

    document: Annotated[Words, Field(description="A key of `sources`, or the document's name.")]
    section: Annotated[Words | None, Field(description="Which section, table or page.")] = None

    def __str__(self) -> str:
        return f"{self.document}, {self.section}" if self.section else self.document


def _source(value: Any) -> Any:
    if isinstance(value, str):
        document, _, section = (part.strip() for part in value.partition(","))
        return {"document": document, "section": section or None}
    return value


SourceText = Annotated[Source, BeforeValidator(_source, json_schema_input_type=str | Source)]
Reasons = dict[Words, Words]


class Sourced(Model):
    """What every item may say about itself: its source, and which of its values are not the protocol's own."""

    source: Annotated[SourceText | None, Field(description="Document and section the values come from.")] = None
    assumed: Annotated[Reasons, Field(description="Values that are assumed: key -> reason.")] = {}
    not_stated: Annotated[Reasons, Field(description="Values the protocol leaves open: key -> what is missing.")] = {}
    note: Annotated[Words | None, Field(description="A remark, kept as text.")] = None


class Anchor(Sourced):
    """A named date that offsets count from."""

    title: Annotated[Words, Field(description="What happens on that date, in the protocol's words.")]
    from_: Annotated[
        PointText | None, Field(alias="from", description="Where it lies when no date is given for it.")
    ] = None


class Decision(Sourced):
    """A named question that opens or closes parts of the plan; undecided unless answered."""

    question: Annotated[Words, Field(description="The question, as one would ask it.")]
    options: Annotated[tuple[Words, ...], Field(description="The possible answers.", min_length=2)] = ("yes", "no")


class Activity(Model):
    """Something done at a visit; with ``when`` only on those of the visit's days."""

    activity: Annotated[Words, Field(description="What is done.")]
    when: Annotated[WhenText | None, Field(description="On which of the visit's days; all if left out.")] = None
    window: Annotated[WindowText | None, Field(description="Its own window, if narrower than the visit's.")] = None


def _activity(value: Any) -> Any:
    return {"activity": value} if isinstance(value, str) else value


ActivityText = Annotated[Activity, BeforeValidator(_activity, json_schema_input_type=str | Activity)]
Follows = Literal["cycle", "anchor", "previous planned", "previous actual"]


class Placed(Sourced):
    """What doses, visits and procedures share: when they happen and what they follow."""

    when: Annotated[WhenText | None, Field(description="On which days or how often.")] = None
    from_: Annotated[
        PointText | None,
        Field(alias="from", description="Its own starting point; it then counts from there, not in each cycle."),
    ] = None
    if_: Annotated[ConditionText | None, Field(alias="if", description="Only if a decision was taken so.")] = None
    window: Annotated[WindowText | None, Field(description="Allowed early and late; none means not stated.")] = None
    preferred: Annotated[WindowText | None, Field(description="A narrower window inside the allowed one.")] = None
    follows: Annotated[
        Follows | None,
        Field(description="What it follows when dates move; doses and visits: cycle, procedures: anchor."),
    ] = None


class Part(Sourced):
    """One part of a drug's schedule, with its own dose, days and condition."""

    dose: Annotated[DoseText | None, Field(description="How much; the item's own dose if left out.")] = None
    when: Annotated[WhenText, Field(description="On which days or how often.")]
    from_: Annotated[PointText | None, Field(alias="from", description="Its own starting point.")] = None
    if_: Annotated[ConditionText | None, Field(alias="if", description="Only if a decision was taken so.")] = None
    window: Annotated[WindowText | None, Field(description="Allowed early and late.")] = None


def _from_line(value: Any, name: str) -> Any:
    """A dose item or a part written as one line of notation."""
    if not isinstance(value, str):
        return value
    try:
        line = read_line(value)
    except NotationError as error:
        raise PydanticCustomError("notation", "{sentence}", {"sentence": error.show()}) from None
    if line.frame is not None:
        raise PydanticCustomError(
            "frame", "a frame in brackets belongs to the whole epoch; write it as the epoch's cycles: key instead"
        )
    if len(line.items) == 1 or name == "part":
        return _split(line.items[0].phases)
    return {"parts": {item.label or str(n): _split(item.phases) for n, item in enumerate(line.items, start=1)}}


def _as_given(value: Any) -> Any:
    """Unchanged; what a key may hold before it is read is said beside it for the schema."""
    return value


def _split(phases: tuple[Phase, ...]) -> dict[str, Any]:
    return {"dose": phases[0].dose, "when": phases}


class DoseItem(Placed):
    """A drug, or anything else that is given in doses (cells, radiotherapy, a device)."""

    drug: Annotated[Words | None, Field(description="The name people use, if it differs from the key.")] = None
    dose: Annotated[DoseText | None, Field(description="How much, by which route and over how long.")] = None
    parts: Annotated[
        dict[Key, Part],
        BeforeValidator(_as_given, json_schema_input_type=dict[Key, Part | str]),
        Field(description="Parts with their own dose, days and conditions; or each as one line of notation."),
    ] = {}
    ends: Annotated[PointText | None, Field(description="No dose on or after this point.")] = None

    @model_validator(mode="before")
    @classmethod
    def _line(cls, value: Any) -> Any:
        value = _from_line(value, "item")
        if isinstance(value, dict) and isinstance(value.get("parts"), dict):
            value = {**value, "parts": {key: _from_line(part, "part") for key, part in value["parts"].items()}}
        return value

    @model_validator(mode="after")
    def _complete(self) -> DoseItem:
        if (self.when is None) == (not self.parts) and not self._as_needed():
            raise PydanticCustomError(
                "schedule", "a dose item has either when: or parts:; write when: not stated if the protocol is silent"
            )
        missing = [key for key, _, phases in self.schedules() if phases[0].dose is None and not phases[0].unstated]
        if missing:
            raise PydanticCustomError("dose", "no dose is given; write dose: 10 mg PO, or dose: not stated")
        return self

    def _as_needed(self) -> bool:
        return self.when is None and not self.parts and self.dose is not None and self.dose.prn

    def schedules(self) -> Iterator[tuple[str, Part | None, tuple[Phase, ...]]]:
        """Each part's key ("" for the item itself), the part, and its phases with the dose written in."""
        if self.when is not None or self._as_needed():
            yield "", None, with_dose(self.when or (Phase(),), self.dose)
        for key, part in self.parts.items():
            yield key, part, with_dose(part.when, part.dose or self.dose)


class VisitItem(Placed):
    """A planned encounter; either on target days (``when``) or any day of an interval (``between``)."""

    visit: Annotated[Words | None, Field(description="The name people use, if it differs from the key.")] = None
    between: Annotated[
        WhenText | None, Field(description="An interval visit: any day of it will do, such as days -28 to -1.")
    ] = None
    activities: Annotated[tuple[ActivityText, ...], Field(description="What is done there.")] = ()

    @model_validator(mode="after")
    def _complete(self) -> VisitItem:
        _one_of(self)
        return self


class ProcedureItem(Placed):
    """Something done outside a visit, such as imaging or surgery."""

    procedure: Annotated[Words | None, Field(description="The name people use, if it differs from the key.")] = None
    between: Annotated[WhenText | None, Field(description="Any day of an interval, such as days -28 to -1.")] = None

    @model_validator(mode="after")
    def _complete(self) -> ProcedureItem:
        _one_of(self)
        return self


def _one_of(item: VisitItem | ProcedureItem) -> None:
    if (item.when is None) == (item.between is None):
        raise PydanticCustomError(
            "schedule", "give either when: (target days) or between: (any day of an interval), not both and not neither"
        )


def with_dose(phases: tuple[Phase, ...], dose: Dose | None) -> tuple[Phase, ...]:
    """The phases, the first of them with the dose unless it has its own."""
    if dose is None or phases[0].dose is not None:
        return phases
    return (replace(phases[0], dose=dose), *phases[1:])


class Courses(Model):
    """Cycles repeated in longer courses, with a rest between."""

    times: Annotated[CountText, Field(description="How many courses.")]
    rest: Annotated[SpanText | None, Field(description="From the end of one course to the start of the next.")] = None


def _named_list(value: Any, name: str) -> Any:
    """A list of items with a name each becomes a map keyed by the name in small letters."""
    if not isinstance(value, list):
        return value
    items: dict[str, Any] = {}
    for entry in value:
        if not isinstance(entry, dict) or not isinstance(entry.get(name) or entry.get("key"), str):
            raise PydanticCustomError("list", "each entry of the list needs {name}: and a name", {"name": name})
        entry = dict(entry)
        key = entry.pop("key", None) or slug(entry[name])
        if key in items:
            raise PydanticCustomError(
                "list", "two entries are named {key}; give each a key: of its own, or use parts:", {"key": key}
            )
        items[key] = entry
    return items


def slug(name: str) -> str:
    """A key from a name: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "item"


def _doses(value: Any) -> Any:
    return _named_list(value, "drug")


def _visits(value: Any) -> Any:
    return _named_list(value, "visit")


def _procedures(value: Any) -> Any:
    return _named_list(value, "procedure")


class Epoch(Sourced):
    """A named stretch of the study, such as screening, treatment or follow-up."""

    title: Annotated[Words | None, Field(description="The name people use, if it differs from the key.")] = None
    from_: Annotated[
        PointText | None,
        Field(alias="from", description="Where it starts: an anchor, or a gap after an end or a dose."),
    ] = None
    if_: Annotated[ConditionText | None, Field(alias="if", description="Only if a decision was taken so.")] = None
    cycles: Annotated[CyclesText | None, Field(description="Length and number of its cycles.")] = None
    courses: Annotated[Courses | None, Field(description="Repeats of all its cycles, with rests between.")] = None
    lasts: Annotated[SpanText | None, Field(description="How long it lasts, where no cycles say it.")] = None
    first_day: Annotated[FirstDayText | None, Field(description="As in study, for this epoch only.")] = None
    weeks: Annotated[Literal["elapsed", "ordinal"] | None, Field(description="As in study, here only.")] = None
    months: Annotated[Literal["calendar", "28d", "30d"] | None, Field(description="As in study, here only.")] = None
    doses: Annotated[
        dict[Key, DoseItem],
        BeforeValidator(_doses, json_schema_input_type=dict[Key, DoseItem | str] | list[dict[str, Any]]),
        Field(description="Drugs, by key; each with its keys, or as one line of notation."),
    ] = {}
    visits: Annotated[
        dict[Key, VisitItem],
        BeforeValidator(_visits, json_schema_input_type=dict[Key, VisitItem] | list[dict[str, Any]]),
        Field(description="Visits, by key."),
    ] = {}
    procedures: Annotated[
        dict[Key, ProcedureItem],
        BeforeValidator(_procedures, json_schema_input_type=dict[Key, ProcedureItem] | list[dict[str, Any]]),
        Field(description="Procedures, by key."),
    ] = {}

    def items(self) -> Iterator[tuple[str, DoseItem | VisitItem | ProcedureItem]]:
        """All items with their keys, in the order doses, visits, procedures."""
        yield from self.doses.items()
        yield from self.visits.items()
        yield from self.procedures.items()


class Assumption(Sourced):
    """A named set of values one may opt into; ``sets`` has the shape of the definition itself."""

    title: Annotated[Words, Field(description="What is assumed, in a few words.")]
    reason: Annotated[Words, Field(description="Why one may assume it.")]
    sets: Annotated[dict[str, Any], Field(description="The values, in the shape of the definition: epochs: …")]


class Arm(Sourced):
    """The planned path of a group of subjects: epochs in order."""

    title: Annotated[Words | None, Field(description="The name people use, if it differs from the key.")] = None
    from_: Annotated[
        PointText | None,
        Field(alias="from", description="Where an epoch 'from end of previous epoch' starts if first."),
    ] = None
    epochs: Annotated[tuple[Key, ...], Field(description="Keys of epochs, in order.", min_length=1)]


def _arm(value: Any) -> Any:
    return {"epochs": value} if isinstance(value, list) else value


ArmText = Annotated[Arm, BeforeValidator(_arm, json_schema_input_type=list[str] | Arm)]


def _anchor(value: Any) -> Any:
    return {"title": value} if isinstance(value, str) else value


AnchorText = Annotated[Anchor, BeforeValidator(_anchor, json_schema_input_type=str | Anchor)]


class Facts(Sourced):
    """What the registry or the protocol's first page says about the study, and how it counts."""

    id: Annotated[Key, Field(description="A short name, as used on the command line.")]
    registry: Annotated[Words | None, Field(description="Registry number, such as NCT04893161.")] = None
    title: Annotated[Words, Field(description="The study's title.")]
    first_day: Annotated[FirstDayText, Field(description="What the protocol calls the anchor day: 0 or 1.")]
    weeks: Annotated[
        Literal["elapsed", "ordinal"] | None,
        Field(description="elapsed: week N is day 7 × N after the anchor; ordinal: week 1 is days 1-7."),
    ] = None
    months: Annotated[Literal["calendar", "28d", "30d"], Field(description="What a month is.")] = "calendar"
    enrolment: Annotated[CountText | None, Field(description="How many participants are to be enrolled.")] = None
    accrual: Annotated[SpanText | None, Field(description="Over how long they are enrolled.")] = None
    starts: Annotated[DateText | None, Field(description="The study's stated start.")] = None
    completes: Annotated[DateText | None, Field(description="The study's stated completion.")] = None

    @model_validator(mode="after")
    def _one_way_to_count(self) -> Facts:
        if self.first_day == 0 and self.weeks == "ordinal":
            raise PydanticCustomError(
                "counting",
                "first_day: 0 and weeks: ordinal contradict each other: week 1 starts on day 1, and day 0 would be in no "
                "week; use weeks: elapsed, or first_day: 1",
            )
        return self

    def counting(self, epoch: Epoch | None = None) -> Counting:
        """How days, weeks and months are counted, in an epoch if it says so itself."""
        first = self.first_day if epoch is None or epoch.first_day is None else epoch.first_day
        weeks = self.weeks if epoch is None or epoch.weeks is None else epoch.weeks
        months = self.months if epoch is None or epoch.months is None else epoch.months
        return Counting(first, weeks, months)


class Study(Model):
    """A whole definition."""

    model_config = ConfigDict(title="regimen/1: a study's doses and visits")

    format: Annotated[Literal["regimen/1"], Field(description="The format of this file.")]
    study: Annotated[Facts, Field(description="Facts about the study and how it counts.")]
    sources: Annotated[dict[Key, Words], Field(description="Documents that items refer to: key -> what it is.")] = {}
    anchors: Annotated[dict[Key, AnchorText], Field(description="Named dates that offsets count from.", min_length=1)]
    decisions: Annotated[
        dict[Key, Decision], Field(description="Named questions that open or close parts of the plan.")
    ] = {}
    assumptions: Annotated[dict[Key, Assumption], Field(description="Named sets of values to opt into.")] = {}
    arms: Annotated[dict[Key, ArmText], Field(description="Arms as sequences of epochs.", min_length=1)]
    epochs: Annotated[dict[Key, Epoch], Field(description="Epochs by key.", min_length=1)]
