"""What does a definition say about one item? Doses, visits and procedures, and where their values come from."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from regimen.definition.dosing import BagsOfItem, Dosing, Tablets, Vials
from regimen.definition.sourced import Model, Sourced
from regimen.definition.values import (
    ConditionText,
    CountText,
    DoseText,
    Key,
    LateText,
    PointText,
    SpanText,
    WhenText,
    WindowText,
    Words,
)
from regimen.errors import NotationError
from regimen.notation import read_line
from regimen.notation.terms import Dose, Phase


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


class AtRestart(Model):
    """When something is done once more because an infusion is started again after a pause."""

    of: Annotated[Key, Field(description="The drug whose infusion is started again.")]
    lead: Annotated[
        SpanText | None,
        Field(alias="before", description="How long before the restart, such as 1 h; with it if left out."),
    ] = None
    days: Annotated[CountText, Field(ge=1, le=60, description="On how many days, the day of the restart first.")] = 1
    pause: Annotated[SpanText | None, Field(description="Only after a pause of at least so long, such as 4 h.")] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name, span in (("before", self.lead), ("pause", self.pause)):
            if span is not None and span.minutes is None:
                raise PydanticCustomError(
                    "span", "{name}: is a time in hours or minutes, such as 4 h, not {span}",
                    {"name": name, "span": str(span)},
                )  # fmt: skip
        if self.lead is not None and self.days > 1:
            raise PydanticCustomError("days", "before: and days: do not go together; leave one of them out")
        return self


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
    window_from: Annotated[
        Literal["planned", "current"],
        Field(description="What the window hangs on: the planned date, or where a delay has moved it."),
    ] = "current"
    working_days: Annotated[
        Literal["keep", "warn", "nearest", "next", "previous"],
        Field(description="What a weekend, holiday or closed day does to it, inside its window only."),
    ] = "keep"
    min_interval: Annotated[
        SpanText | None, Field(description="The least time between two of them, whatever the windows allow.")
    ] = None
    at_restart: Annotated[
        AtRestart | None, Field(description="Done once more when an infusion is started again after a pause.")
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
    late: Annotated[LateText | None, Field(description="What becomes of a missed or late dose and those after it.")] = (
        None
    )
    levels: Annotated[
        dict[Key, DoseText], Field(description="Dose levels by name, for reductions: level -> how much.")
    ] = {}
    dosing: Annotated[Dosing | None, Field(description="How its amounts are calculated, over what the study says.")] = (
        None
    )
    bags: Annotated[BagsOfItem | None, Field(description="How long the bags of its infusions run.")] = None
    vials: Annotated[Vials | None, Field(description="Which vials it comes in.")] = None
    tablets: Annotated[Tablets | None, Field(description="Which tablets it comes in.")] = None

    @model_validator(mode="before")
    @classmethod
    def _line(cls, value: Any) -> Any:
        value = _from_line(value, "item")
        if isinstance(value, dict) and isinstance(value.get("parts"), dict):
            value = {**value, "parts": {key: _from_line(part, "part") for key, part in value["parts"].items()}}
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
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
    def _complete(self) -> Self:
        _one_of(self)
        return self


class ProcedureItem(Placed):
    """Something done outside a visit, such as imaging or surgery."""

    procedure: Annotated[Words | None, Field(description="The name people use, if it differs from the key.")] = None
    between: Annotated[WhenText | None, Field(description="Any day of an interval, such as days -28 to -1.")] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _one_of(self)
        return self


def _one_of(item: VisitItem | ProcedureItem) -> None:
    if (item.when is None) == (item.between is None):
        raise PydanticCustomError(
            "schedule", "give either when: (target days) or between: (any day of an interval), not both and not neither"
        )
    if item.between is not None and (item.window is not None or item.preferred is not None):
        raise PydanticCustomError(
            "window", "an interval (between:) is its own window; leave out window: and preferred:, or name target days"
        )


def with_dose(phases: tuple[Phase, ...], dose: Dose | None) -> tuple[Phase, ...]:
    """The phases, the first of them with the dose unless it has its own."""
    if dose is None or phases[0].dose is not None:
        return phases
    return (replace(phases[0], dose=dose), *phases[1:])
