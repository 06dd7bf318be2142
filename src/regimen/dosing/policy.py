"""What does the study declare about its doses? Formulas, weights, rounding, limits and levels; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from regimen.dosing.renal import Calvert
from regimen.dosing.rounding import DEFAULT_ROUNDING, Rounding
from regimen.dosing.surface import surface_formula
from regimen.dosing.weights import ACTUAL, WeightBasis
from regimen.errors import DosingError
from regimen.notation.terms import Dose
from regimen.quantities import Amount, exact_number

ORDERS = ("before the cap", "after the cap")


@dataclass(frozen=True, slots=True)
class Policy:
    """How amounts are calculated in a study.

    ``surface`` names the formula of the body surface; without one no dose per m2 is given. ``surface_decimals`` rounds
    the surface itself. ``weight`` is what a dose per kg counts from, ``surface_weight`` what the formula is given.
    ``lifetime`` is the most of a drug that is given in all, in mg or mg/m2. ``levels`` names the dose of each level.
    ``reduce`` says whether a reduced dose is reduced before or after its cap; needed only where it makes a difference.
    """

    surface: str | None = None
    surface_decimals: int | None = None
    weight: WeightBasis = ACTUAL
    surface_weight: WeightBasis = ACTUAL
    calvert: Calvert | None = None
    rounding: Rounding = DEFAULT_ROUNDING
    lifetime: Amount | None = None
    levels: Mapping[str, Dose] = field(default_factory=dict)
    reduce: str | None = None

    def __post_init__(self) -> None:
        problems: list[str] = []
        if self.surface is not None:
            try:
                surface_formula(self.surface)
            except DosingError as error:
                problems += error.problems
        if self.surface_decimals is not None and not 0 <= self.surface_decimals <= 10:
            problems.append(f"a body surface with {self.surface_decimals} decimals is not possible; give 0 to 10.")
        if self.reduce not in (None, *ORDERS):
            problems.append(f"a dose is reduced {' or '.join(ORDERS)}, not {self.reduce!r}.")
        if self.lifetime is not None and self.lifetime.unit.time is not None:
            problems.append(f"a lifetime cap is an amount, such as 550 mg/m2, not {self.lifetime}.")
        if problems:
            raise DosingError(*problems)


@dataclass(frozen=True, slots=True)
class Reduction:
    """A dose lowered TO ``percent`` of the full dose; ``by`` makes one from what is taken off."""

    percent: Fraction
    reason: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.percent < 100:
            raise DosingError(
                f"a reduction to {exact_number(self.percent)} % is none; give a percentage above 0 and below 100, or "
                "hold the drug."
            )

    @classmethod
    def by(cls, percent: Fraction | int, reason: str = "") -> Reduction:
        """Lowered BY so many percent: by 25 % is to 75 %."""
        return cls(Fraction(100) - percent, reason)
