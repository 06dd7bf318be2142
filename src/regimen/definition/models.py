"""What does a definition say? The typed, frozen model of a study in the format ``regimen/1``."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from regimen.definition.dosing import Dosing
from regimen.definition.items import Anchor, Decision, DoseItem, ProcedureItem, VisitItem
from regimen.definition.sourced import Model, Sourced
from regimen.definition.values import (
    ConditionText,
    CountText,
    CyclesText,
    DateText,
    FirstDayText,
    Key,
    PointText,
    SpanText,
    Words,
)
from regimen.timing import Counting

FORMAT = "regimen/1"


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


def _runs_on(item: DoseItem) -> bool:
    doses = [phase.dose for _, _, phases in item.schedules() for phase in phases]
    return any(dose is not None and dose.continuous for dose in doses)


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
    max_delay: Annotated[
        dict[Literal["logistics", "toxicity", "other"], SpanText],
        Field(description="The longest delay of a cycle or dose, by cause; past it a person decides."),
    ] = {}
    course_of: Annotated[
        Key | None, Field(description="The epoch it repeats as a new course, such as retreatment.")
    ] = None
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

    @model_validator(mode="after")
    def _restarts(self) -> Self:
        infused = [key for key, item in self.doses.items() if _runs_on(item)]
        for key, item in self.items():
            rule = item.at_restart
            if rule is not None and (rule.of not in infused or rule.of == key):
                raise PydanticCustomError(
                    "restart", "{key}: at_restart: of: {of} is no other continuous infusion of this epoch; it has "
                    "{infused}", {"key": key, "of": rule.of, "infused": ", ".join(infused) or "none"},
                )  # fmt: skip
        return self


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
    version: Annotated[Words | None, Field(description="The protocol's version that this definition encodes.")] = None
    effective: Annotated[DateText | None, Field(description="The date from which this version holds.")] = None
    first_day: Annotated[FirstDayText, Field(description="What the protocol calls the anchor day: 0 or 1.")]
    counts_from: Annotated[
        Key | None, Field(description="The anchor that study days count from; else that of the first epoch with doses.")
    ] = None
    weeks: Annotated[
        Literal["elapsed", "ordinal"] | None,
        Field(description="elapsed: week N is day 7 × N after the anchor; ordinal: week 1 is days 1-7."),
    ] = None
    months: Annotated[Literal["calendar", "28d", "30d"], Field(description="What a month is.")] = "calendar"
    enrolment: Annotated[CountText | None, Field(description="How many participants are to be enrolled.")] = None
    accrual: Annotated[SpanText | None, Field(description="Over how long they are enrolled.")] = None
    starts: Annotated[DateText | None, Field(description="The study's stated start.")] = None
    completes: Annotated[DateText | None, Field(description="The study's stated completion.")] = None
    dosing: Annotated[Dosing | None, Field(description="How amounts are calculated, for all its drugs.")] = None

    @model_validator(mode="after")
    def _one_way_to_count(self) -> Self:
        if self.first_day == 0 and self.weeks == "ordinal":
            raise PydanticCustomError(
                "counting",
                "first_day: 0 and weeks: ordinal contradict each other: week 1 starts on day 1, and day 0 would be in "
                "no week; use weeks: elapsed, or first_day: 1",
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
