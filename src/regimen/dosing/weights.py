"""Which weight does a dose count from: the actual, an ideal or an adjusted one? Named formulas, in kg and cm."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from regimen.dosing.measures import SEXES, Measures, missing
from regimen.errors import DosingError
from regimen.quantities import equals, exact_number

_INCH = Fraction("2.54")
BASES = ("actual", "ideal", "adjusted")


@dataclass(frozen=True, slots=True)
class IdealFormula:
    """An ideal weight: so many kg at 60 in of height (``base``), and so many more for each further inch (``step``)."""

    name: str
    source: str
    base: dict[str, Fraction]
    step: dict[str, Fraction]

    def __call__(self, height: Fraction, sex: str) -> Fraction:
        """The ideal weight in kg of a height in cm; below 60 in (152.4 cm) the formula is not defined."""
        return self.base[sex] + self.step[sex] * (height / _INCH - 60)


def _kilograms(female: str, male: str) -> dict[str, Fraction]:
    return {"female": Fraction(female), "male": Fraction(male)}


IDEAL_FORMULAS = {
    formula.name: formula
    for formula in (
        IdealFormula(
            "Devine", "Devine BJ. Drug Intell Clin Pharm 1974; 8: 650-655",
            _kilograms("45.5", "50"), _kilograms("2.3", "2.3"),
        ),
        IdealFormula(
            "Robinson", "Robinson JD, Lupkiewicz SM, Palenik L, et al. Am J Hosp Pharm 1983; 40: 1016-1019",
            _kilograms("49", "52"), _kilograms("1.7", "1.9"),
        ),
        IdealFormula(
            "Miller", "Miller DR, Carlson JD, Lloyd BJ, Day BJ. Am J Hosp Pharm 1983; 40: 1622-1625",
            _kilograms("53.1", "56.2"), _kilograms("1.36", "1.41"),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WeightBasis:
    """Which weight is used; ``above`` limits the ideal or adjusted weight to subjects heavier than that.

    ``factor`` is the share of the excess over the ideal weight that an adjusted weight counts (0.4 in most protocols).
    ``above`` is in percent of the ideal weight: with 120, who weighs at most 120 % of it gets the actual weight; None
    means always.
    """

    kind: str = "actual"
    formula: str = "Devine"
    factor: Fraction = Fraction(2, 5)
    above: Fraction | None = None

    def __post_init__(self) -> None:
        problems = []
        if self.kind not in BASES:
            problems.append(f"there is no weight {self.kind!r}; there are {', '.join(BASES)}.")
        if self.formula not in IDEAL_FORMULAS:
            problems.append(f"there is no ideal weight {self.formula!r}; there are {', '.join(IDEAL_FORMULAS)}.")
        if not 0 <= self.factor <= 1:
            problems.append(f"the factor {exact_number(self.factor)} of an adjusted weight is not from 0 to 1.")
        if problems:
            raise DosingError(*problems)


ACTUAL = WeightBasis()


@dataclass(frozen=True, slots=True)
class DosingWeight:
    """The weight in kg a dose counts from, and how it was found (nothing for the actual weight in kg)."""

    value: Fraction
    steps: tuple[str, ...] = ()


def dosing_weight(measures: Measures, basis: WeightBasis = ACTUAL) -> DosingWeight:
    """The weight in kg by the declared basis; DosingError if a measure is missing or a formula does not apply."""
    if basis.kind == "actual":
        weight = measures.value("weight")
        said = measures.by_kind["weight"].step
        return DosingWeight(weight, (said,) if said else ())
    ideal, said = _ideal(measures, basis)
    actual = measures.value("weight") if basis.kind == "adjusted" or basis.above is not None else None
    if actual is not None and basis.above is not None and actual * 100 <= ideal * basis.above:
        limit = f"{exact_number(actual)} kg is not above {exact_number(basis.above)} % of it"
        return DosingWeight(actual, (said, f"{limit}: the actual weight is used"))
    if basis.kind == "ideal" or actual is None:
        return DosingWeight(ideal, (said,))
    adjusted = ideal + basis.factor * (actual - ideal)
    sum_ = (
        f"{exact_number(ideal)} kg + {exact_number(basis.factor)} × ({exact_number(actual)} − {exact_number(ideal)}) kg"
    )
    return DosingWeight(adjusted, (said, f"adjusted weight: {sum_} {equals(adjusted)} {exact_number(adjusted)} kg"))


def _ideal(measures: Measures, basis: WeightBasis) -> tuple[Fraction, str]:
    problems = [missing("height")] if measures.get("height") is None else []
    if measures.sex not in SEXES:
        problems.append(missing("sex"))
    if problems:
        raise DosingError(*problems)
    height, sex = measures.value("height"), str(measures.sex)
    if height < 60 * _INCH:
        raise DosingError(
            f"the ideal weight by {basis.formula} is defined from 152.4 cm (60 in) of height on, and the subject has "
            f"{exact_number(height)} cm; use the actual weight, or another rule of the protocol."
        )
    ideal = IDEAL_FORMULAS[basis.formula](height, sex)
    return (
        ideal,
        f"ideal weight ({basis.formula}, {sex}, {exact_number(height)} cm) {equals(ideal)} {exact_number(ideal)} kg",
    )
