"""How does a definition's text become a value? One annotated type for each kind of text a definition holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from regimen.errors import DosingError, NotationError
from regimen.facts import POLICY_WORDS, LatePolicy, read_policy
from regimen.notation import read_cycles, read_dose, read_point, read_span, read_when, read_window
from regimen.notation.bag_rules import bag_changes
from regimen.notation.bands import banded_dose
from regimen.notation.reading import LONGEST
from regimen.notation.terms import Cycles, Dose, Phase, Point
from regimen.quantities import Amount, read_amount
from regimen.quantities.measured import Measure, read_measure
from regimen.timing import Span, Window, why_not_a_date

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text read by ``read`` into a ``kind``; a value that already is one passes unchanged."""

    kind: type
    read: Callable[[str], Any]
    describe: str
    examples: tuple[str, ...]

    def value(self, value: Any) -> Any:
        """The value of a text, or a complaint that says what was expected."""
        if isinstance(value, self.kind):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError(
                "text_expected",
                "found {found}; a text is expected, such as {example}",
                {"found": shape(value), "example": self.examples[0]},
            )
        if len(value) > LONGEST:
            size = f"the text has {len(value):,} characters; at most {LONGEST:,} are read; shorten it"
            raise PydanticCustomError("notation", "{sentence}", {"sentence": size})
        try:
            return self.read(value)
        except NotationError as error:
            raise PydanticCustomError("notation", "{sentence}", {"sentence": error.show()}) from None
        except DosingError as error:
            raise PydanticCustomError("notation", "{sentence}", {"sentence": " ".join(error.problems)}) from None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.value)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "description": self.describe, "examples": list(self.examples)}


def _text(kind: type, read: Callable[[str], Any], describe: str, *examples: str) -> Text:
    return Text(kind, read, describe, examples)


def shape(value: Any, most: int = 60) -> str:
    """What a value is, for a message: short texts in full, anything else by its kind."""
    if isinstance(value, str):
        return repr(value if len(value) <= most else value[: most - 1] + "…")
    return {dict: "keys with values", list: "a list", type(None): "nothing"}.get(type(value), type(value).__name__)


def _condition(text: str) -> tuple[str, str]:
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value) or "=" in value:
        raise NotationError(f"{shape(text)} is not a condition; write decision=answer, such as transplant=no.")
    return name, value


def read_date(text: str) -> date:
    """A date, year-month-day; raises ``NotationError`` for anything else."""
    if _ISO.fullmatch(text.strip()):
        year, month, day = (int(part) for part in text.split("-"))
        reason = why_not_a_date(year, month, day)
        if not reason:
            return date(year, month, day)
    else:
        reason = ""
    because = f" ({reason})" if reason else ""
    raise NotationError(f"{shape(text)} is not a date{because}; write year-month-day, such as 2027-01-31.")


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text.strip()):
        raise NotationError(f"{shape(text)} is not a whole number; write digits only, such as 72.")
    return int(text)


def _first_day(text: str) -> int:
    if text.strip() not in ("0", "1"):
        raise NotationError(f"first_day is 0 or 1 (what the protocol calls the anchor day), not {shape(text)}.")
    return int(text)


def _late(text: str) -> LatePolicy:
    policy = read_policy(text)
    if policy is None:
        known = "; ".join(POLICY_WORDS.values())
        raise NotationError(
            f"{shape(text)} is not a policy for late doses; write one of: {known}; or two of them with a limit, "
            "such as resume to total within 7 d, else restart."
        )
    return policy


@dataclass(frozen=True, slots=True)
class DoseOrBands(Text):
    """A dose as one text, or a text for each band of weight, surface or age."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        one = core_schema.no_info_plain_validator_function(self.value)
        bands = core_schema.dict_schema(core_schema.str_schema(), one)
        return core_schema.no_info_wrap_validator_function(self._either, bands)

    def _either(self, value: Any, read_each: Callable[[Any], Any]) -> Any:
        # Keys without any number are no bands, and what is wanted is one text.
        if not isinstance(value, dict) or not any(character.isdigit() for key in value for character in str(key)):
            return self.value(value)
        try:
            return banded_dose(read_each(value))
        except DosingError as error:
            raise PydanticCustomError("notation", "{sentence}", {"sentence": " ".join(error.problems)}) from None

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        one = {"type": "string", "examples": list(self.examples)}
        bands = {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}}
        return {"description": self.describe, "anyOf": [one, bands]}


def _total(text: str) -> Amount:
    amount = read_amount(text)
    if amount.unit.time is not None:
        raise DosingError(f"{amount} is a rate; write an amount, such as 550 mg/m2.")
    return amount


def _strength(text: str) -> Amount:
    amount = _total(text)
    if amount.unit.per is not None:
        raise DosingError(f"{amount} depends on the subject; write what one holds, such as 120 mg.")
    return amount


def _percent(text: str) -> Fraction:
    if not text.strip().endswith("%"):
        raise DosingError(f"{shape(text)} is not a percentage; write a number and %, such as 10 %.")
    return Fraction(read_amount(text).value)


def _share(text: str) -> Fraction:
    if not re.fullmatch(r"0(?:\.\d{1,6})?|1", text.strip(), re.ASCII):
        raise DosingError(f"{shape(text)} is not a share; write a number from 0 to 1, such as 0.4.")
    return Fraction(text.strip())


def _hours(text: str) -> int:
    span = read_span(text)
    minutes = span.minutes if span.days is None else span.days * 1440
    if not minutes or minutes % 60:
        raise DosingError(f"{shape(text)} is no number of whole hours; write 96 h or 7 d.")
    return minutes // 60


class OrNone(NamedTuple):
    """A text that was read and is in order, or None where the protocol says there is none."""

    text: str | None


def _limit(kind: str) -> Callable[[str], OrNone]:
    def read(text: str) -> OrNone:
        if text.strip().lower() == "none":
            return OrNone(None)
        return OrNone(read_measure(kind, text).written)

    return read


DoseText = Annotated[Dose, DoseOrBands(
    Dose, read_dose, "How much, by which route and over how long; or one text for each band of weight, surface or age.",
    ("10 mg/kg IV over 1 h", "9 mcg/day CIV", "not stated"),
)]  # fmt: skip
WhenText = Annotated[tuple[Phase, ...], _text(
    tuple, read_when, "On which days or how often, in phases joined by then.",
    "days 0, 14, 28 then every 28 days through week 48", "days 1-14", "daily", "not stated",
)]  # fmt: skip
CyclesText = Annotated[Cycles, _text(
    Cycles, read_cycles, "The lengths and the number of the cycles.",
    "42 d x5", "every 21 d up to 6 cycles", "28 d x3, then 21 d, 14 d repeating",
)]  # fmt: skip
PointText = Annotated[Point, _text(
    Point, read_point, "A point in time: an anchor, the start or end of an epoch, a dose, and a gap if there is one.",
    "first_dose", "28 d after last dose of radiotherapy", "end of previous epoch", "randomised + 3 y",
)]  # fmt: skip
WindowText = Annotated[Window, _text(
    Window, read_window, "Days or hours allowed early and late, both ends included.", "±3 d", "-3/+5 d",
)]  # fmt: skip
SpanText = Annotated[Span, _text(Span, read_span, "A length of time.", "28 d", "24 mo", "3 y")]
ConditionText = Annotated[tuple[str, str], _text(
    tuple, _condition, "Only if a decision was taken so.", "transplant=no",
)]  # fmt: skip
DateText = Annotated[date, _text(date, read_date, "A date, year-month-day.", "2027-01-31")]
CountText = Annotated[int, _text(int, _whole, "A whole number.", "72")]
FirstDayText = Annotated[int, _text(int, _first_day, "What the protocol calls the anchor day: 0 or 1.", "0", "1")]
LateText = Annotated[LatePolicy, _text(
    LatePolicy, _late, "What becomes of a missed or late dose and those after it.",
    "give late, shift the grid", "give late, keep the grid within 8 h, else skip",
    "resume to total within 7 d, else restart",
)]  # fmt: skip
AmountText = Annotated[Amount, _text(Amount, _strength, "An amount with its unit.", "120 mg")]
TotalText = Annotated[Amount, _text(Amount, _total, "An amount in all.", "550 mg/m2", "1000 mg")]
PercentText = Annotated[Fraction, _text(Fraction, _percent, "A percentage.", "10 %")]
ShareText = Annotated[Fraction, _text(Fraction, _share, "A number from 0 to 1.", "0.4")]
HoursText = Annotated[int, _text(int, _hours, "A length of time in whole hours or days.", "96 h", "7 d")]
WeightText = Annotated[Measure, _text(
    Measure, lambda text: read_measure("weight", text), "A weight with its unit.", "22 kg",
)]  # fmt: skip
FiltrationText = Annotated[OrNone, _text(
    OrNone, _limit("gfr"), "A filtration rate with its unit, or none.", "125 mL/min", "none",
)]  # fmt: skip
CreatinineText = Annotated[OrNone, _text(
    OrNone, _limit("creatinine"), "A creatinine with its unit, or none.", "0.7 mg/dL", "none",
)]  # fmt: skip
BagsText = Annotated[tuple[tuple[int, ...], tuple[int, ...]], _text(
    tuple, bag_changes, "How long bags run in turn, or the weekdays of their change.",
    "24 h", "72 + 96 h", "7 d", "Mon, Thu",
)]  # fmt: skip
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=80)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
