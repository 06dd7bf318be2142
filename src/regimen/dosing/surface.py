"""How large is a body's surface? Seven named formulas, each with its source, from height in cm and weight in kg."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction

from regimen.dosing.measures import Measures
from regimen.dosing.powers import log10, power, root, settled
from regimen.errors import DosingError
from regimen.quantities import equals, exact_number


@dataclass(frozen=True, slots=True)
class SurfaceFormula:
    """A formula for the body surface in m2: how it reads, who published it where, and its calculation."""

    name: str
    text: str
    source: str
    calculate: Callable[[Fraction, Fraction], Fraction]

    def __call__(self, height: Fraction, weight: Fraction) -> Fraction:
        """The surface in m2 for a height in cm and a weight in kg, in 34 significant digits."""
        return settled(self.calculate(height, weight))


def _product(factor: str, of_height: str, of_weight: str) -> Callable[[Fraction, Fraction], Fraction]:
    def calculate(height: Fraction, weight: Fraction) -> Fraction:
        return Fraction(factor) * power(height, Fraction(of_height)) * power(weight, Fraction(of_weight))

    return calculate


def _mosteller(height: Fraction, weight: Fraction) -> Fraction:
    return root(height * weight / 3600)


def _boyd(height: Fraction, weight: Fraction) -> Fraction:
    grams = 1000 * weight
    exponent = Fraction("0.7285") - Fraction("0.0188") * log10(grams)
    return Fraction("0.0003207") * power(height, Fraction("0.3")) * power(grams, exponent)


FORMULAS = {
    formula.name: formula
    for formula in (
        SurfaceFormula(
            "Mosteller", "square root of (cm × kg / 3600)",
            "Mosteller RD. N Engl J Med 1987; 317: 1098", _mosteller,
        ),
        SurfaceFormula(
            "Du Bois", "0.007184 × cm^0.725 × kg^0.425",
            "Du Bois D, Du Bois EF. Arch Intern Med 1916; 17: 863-871", _product("0.007184", "0.725", "0.425"),
        ),
        SurfaceFormula(
            "Haycock", "0.024265 × cm^0.3964 × kg^0.5378",
            "Haycock GB, Schwartz GJ, Wisotsky DH. J Pediatr 1978; 93: 62-66", _product("0.024265", "0.3964", "0.5378"),
        ),
        SurfaceFormula(
            "Gehan-George", "0.0235 × cm^0.42246 × kg^0.51456",
            "Gehan EA, George SL. Cancer Chemother Rep 1970; 54: 225-235", _product("0.0235", "0.42246", "0.51456"),
        ),
        SurfaceFormula(
            "Boyd", "0.0003207 × cm^0.3 × g^(0.7285 − 0.0188 × log10 g)",
            "Boyd E. The growth of the surface area of the human body. University of Minnesota Press 1935", _boyd,
        ),
        SurfaceFormula(
            "Fujimoto", "0.008883 × cm^0.663 × kg^0.444",
            "Fujimoto S, Watanabe T, Sakamoto A, et al. Nippon Eiseigaku Zasshi 1968; 23: 443-450",
            _product("0.008883", "0.663", "0.444"),
        ),
        SurfaceFormula(
            "Takahira", "0.007241 × cm^0.725 × kg^0.425",
            "Takahira H. Rep Imp Gov Inst Nutr Tokyo 1925; 1: 61-95", _product("0.007241", "0.725", "0.425"),
        ),
    )
}  # fmt: skip


def surface_formula(name: str) -> SurfaceFormula:
    """The formula of that name; DosingError names those there are."""
    if name in FORMULAS:
        return FORMULAS[name]
    close = get_close_matches(name.lower(), [known.lower() for known in FORMULAS], n=1)
    hint = next((f" Did you mean {known}?" for known in FORMULAS if close and known.lower() == close[0]), "")
    raise DosingError(f"there is no formula {name!r} for the body surface; there are {', '.join(FORMULAS)}.{hint}")


@dataclass(frozen=True, slots=True)
class Surface:
    """A body surface in m2 and how it was found."""

    value: Fraction
    steps: tuple[str, ...]


def body_surface(
    measures: Measures, formula: str, decimals: int | None = None, weight: Fraction | None = None
) -> Surface:
    """The surface by a named formula, or as given; rounded to ``decimals`` places only where the study says so.

    ``weight`` in kg stands in for the actual weight where another is declared.
    """
    given = measures.get("surface")
    if given is not None:
        return Surface(given.value, (f"body surface {given}, as given",))
    named = surface_formula(formula)
    height, kilograms = measures.value("height"), weight if weight is not None else measures.value("weight")
    value = named(height, kilograms)
    of = f"{named.name}, {exact_number(height)} cm, {exact_number(kilograms)} kg"
    said = f"body surface ({of}) {equals(value)} {exact_number(value)} m2"
    if decimals is None:
        return Surface(value, (said,))
    rounded = Fraction(round(value * 10**decimals), 10**decimals)
    return Surface(rounded, (said, f"body surface rounded to {decimals} decimals: {exact_number(rounded)} m2"))
