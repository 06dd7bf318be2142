"""What does a definition declare about amounts? Formulas, weights, limits, bags, vials and tablets."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from regimen.definition.sourced import Model, Sourced
from regimen.definition.values import (
    AmountText,
    BagsText,
    CountText,
    CreatinineText,
    FiltrationText,
    HoursText,
    PercentText,
    ShareText,
    TotalText,
    WeightText,
    Words,
)
from regimen.errors import DosingError
from regimen.notation.bag_rules import BagRule

Formula = Literal["Mosteller", "Du Bois", "Haycock", "Gehan-George", "Boyd", "Fujimoto", "Takahira"]
Ideal = Literal["Devine", "Robinson", "Miller"]


class Weight(Model):
    """Which weight counts: as measured, an ideal one, or an adjusted one between the two."""

    basis: Annotated[Literal["actual", "ideal", "adjusted"], Field(description="Which weight counts.")]
    formula: Annotated[Ideal, Field(description="The formula of the ideal weight.")] = "Devine"
    factor: Annotated[
        ShareText | None,
        Field(description="The share of what is above the ideal weight that an adjusted one counts."),
    ] = None
    above: Annotated[
        PercentText | None, Field(description="Only for subjects above so many percent of the ideal weight.")
    ] = None


def _weight(value: Any) -> Any:
    return {"basis": value} if isinstance(value, str) else value


BasisText = Annotated[
    Weight, BeforeValidator(_weight, json_schema_input_type=Literal["actual", "ideal", "adjusted"] | Weight)
]


class Carboplatin(Sourced):
    """How Calvert's formula is used; every choice moves the dose, so each is declared."""

    gfr: Annotated[
        Literal["Cockcroft-Gault", "measured"], Field(description="Where the kidney function (GFR) comes from.")
    ]
    cap: Annotated[FiltrationText, Field(description="The highest GFR used, such as 125 mL/min, or none.")]
    floor: Annotated[CreatinineText, Field(description="The lowest creatinine used, such as 0.7 mg/dL, or none.")]
    weight: Annotated[BasisText | None, Field(description="Which weight the GFR is estimated from.")] = None


class Dosing(Sourced):
    """How amounts are calculated: for the whole study, or for one drug in its place."""

    surface: Annotated[Formula | None, Field(description="The formula of the body surface, for doses per m2.")] = None
    surface_decimals: Annotated[
        CountText | None, Field(description="To how many decimals the body surface is rounded; not at all if left out.")
    ] = None
    surface_weight: Annotated[
        BasisText | None, Field(description="Which weight the body surface counts from; actual if left out.")
    ] = None
    weight: Annotated[BasisText | None, Field(description="Which weight doses per kg count from.")] = None
    measure: Annotated[
        Words | None,
        Field(description="Which measurement of weight or surface counts: latest, previous cycle, screening, C1D1 …"),
    ] = None
    recalculate: Annotated[
        PercentText | None, Field(description="By more than how many percent it must change for a new calculation.")
    ] = None
    compared_with: Annotated[
        Literal["last used", "baseline"], Field(description="What a later measurement is compared with.")
    ] = "last used"
    calvert: Annotated[Carboplatin | None, Field(description="How a dose by AUC is calculated.")] = None
    rounding: Annotated[
        Literal["nearest", "down", "up"], Field(description="In which direction a dose is rounded, if it says to what.")
    ] = "nearest"
    round_limit: Annotated[
        PercentText | None, Field(description="The largest change by rounding; 10 % if left out.")
    ] = None
    lifetime: Annotated[TotalText | None, Field(description="The most that a subject may have in all.")] = None
    reduce: Annotated[
        Literal["before the cap", "after the cap"] | None,
        Field(description="Whether a reduced dose is reduced before or after it is capped."),
    ] = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.recalculate is not None and self.measure is None:
            raise PydanticCustomError(
                "measure", "recalculate: needs measure:, which says what a new measurement is compared with"
            )
        if self.surface_decimals is not None and self.surface_decimals > 10:
            raise PydanticCustomError("decimals", "a body surface is rounded to 0 to 10 decimals")
        return self

    def over(self, general: "Dosing | None") -> "Dosing":
        """This one laid over the study's: each key that is said here counts, the others as said there."""
        if general is None:
            return self
        own = {name: getattr(self, name) for name in self.model_fields_set}
        return general.model_copy(update={**own, "assumed": {**general.assumed, **self.assumed}})


class Vials(Sourced):
    """Which vials there are, and which of them are taken for an amount."""

    strengths: Annotated[tuple[AmountText, ...], Field(description="What one vial of each kind holds.", min_length=1)]
    take: Annotated[
        Literal["least waste", "fewest vials"], Field(description="What is sought: least waste, or fewest vials.")
    ] = "least waste"


class Tablets(Sourced):
    """Which tablets there are, and whether they may be halved."""

    strengths: Annotated[tuple[AmountText, ...], Field(description="What one tablet of each kind holds.", min_length=1)]
    halves: Annotated[Literal["yes", "no"], Field(description="Whether tablets may be halved.")] = "no"


class Bags(Sourced):
    """How long the bags of an infusion run."""

    change: Annotated[BagsText, Field(description="How long bags run in turn, or on which weekdays they are changed.")]
    longest: Annotated[
        HoursText | None, Field(description="The longest that one bag may run; needed with weekdays.")
    ] = None
    not_below: Annotated[
        dict[HoursText, WeightText],
        Field(description="Bags that run so long are not used below a weight: {7 d: 22 kg}."),
    ] = {}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        try:
            _ = self.rule
        except DosingError as error:
            raise PydanticCustomError("bags", "{sentence}", {"sentence": str(error).rstrip(".")}) from None
        return self

    @property
    def rule(self) -> BagRule:
        """What the keys say together."""
        least = tuple((hours, weight.value) for hours, weight in self.not_below.items())
        return BagRule(*self.change, self.longest, least)


def _bags(value: Any) -> Any:
    return {"change": value} if isinstance(value, str) else value


BagsOfItem = Annotated[Bags, BeforeValidator(_bags, json_schema_input_type=str | Bags)]
