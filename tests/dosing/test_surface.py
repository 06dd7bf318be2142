"""Do the formulas of the body surface give what was published, and are their powers exact to the last digit?"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regimen.dosing.measures import read_measures
from regimen.dosing.powers import PRECISION
from regimen.dosing.surface import FORMULAS, body_surface, surface_formula
from regimen.errors import DosingError
from regimen.quantities import exact_number

# 170 cm and 75 kg, 185 cm and 90 kg: the values that the R package admiral, used for submissions, is tested with.
PUBLISHED = {
    "Mosteller": ("1.882", "2.151"),
    "Du Bois": ("1.864", "2.141"),
    "Haycock": ("1.895", "2.161"),
    "Gehan-George": ("1.897", "2.16"),
    "Boyd": ("1.905", "2.158"),
    "Fujimoto": ("1.819", "2.086"),
    "Takahira": ("1.878", "2.158"),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_each_formula_gives_published_values(name):
    """Every formula agrees with values published for it, to three decimals."""
    values = [FORMULAS[name](Fraction(cm), Fraction(kg)) for cm, kg in ((170, 75), (185, 90))]
    assert tuple(exact_number(Fraction(round(value, 3))) for value in values) == PUBLISHED[name]


def test_mosteller_of_170_cm_and_70_kg():
    """Mosteller, 170 cm, 70 kg: 1.818 m2."""
    assert round(FORMULAS["Mosteller"](Fraction(170), Fraction(70)), 3) == Fraction("1.818")
    said = body_surface(read_measures(weight="70 kg", height="170 cm"), "Mosteller").steps
    assert said == ("body surface (Mosteller, 170 cm, 70 kg) ≈ 1.81812 m2",)


# As products: factor, exponent of cm, exponent of kg. Mosteller is a product too, with both exponents one half.
RATIONAL = {
    "Mosteller": (None, "0.5", "0.5"),
    "Du Bois": ("0.007184", "0.725", "0.425"),
    "Haycock": ("0.024265", "0.3964", "0.5378"),
    "Gehan-George": ("0.0235", "0.42246", "0.51456"),
    "Fujimoto": ("0.008883", "0.663", "0.444"),
    "Takahira": ("0.007241", "0.725", "0.425"),
}
heights = st.decimals("25", "260", places=1).map(Fraction)
weights = st.decimals("0.5", "400", places=2).map(Fraction)


def last_digit(value: Fraction) -> Fraction:
    """One unit in the last of the declared digits."""
    exponent = 0
    while value >= 10 ** (exponent + 1):
        exponent += 1
    while value < Fraction(10) ** exponent:
        exponent -= 1
    return Fraction(10) ** (exponent - PRECISION + 1)


@pytest.mark.parametrize("name", [name for name in RATIONAL if name not in ("Haycock", "Gehan-George")])
@given(heights, weights)
@settings(max_examples=40, deadline=None)
def test_powers_are_right_to_the_last_digit(name, height, weight):
    """Raised to the exponents' common denominator, the result and its neighbours enclose an exact whole-number power.

    No logarithm and no root is taken: value^q lies between (result − half a digit)^q and (result + half a digit)^q.
    """
    factor, of_height, of_weight = (Fraction(text) if text else Fraction(1, 60) for text in RATIONAL[name])
    whole = max(of_height.denominator, of_weight.denominator)
    target = factor**whole * height ** int(of_height * whole) * weight ** int(of_weight * whole)
    result = FORMULAS[name](height, weight)
    half = last_digit(result) / 2
    assert (result - half) ** whole <= target <= (result + half) ** whole


def fixed_log(value: Fraction, bits: int) -> int:
    """The natural logarithm × 2^bits by the series of the inverse hyperbolic tangent, in whole numbers."""
    doublings = 0
    while value > 2:
        value, doublings = value / 2, doublings + 1
    while value < 1:
        value, doublings = value * 2, doublings - 1

    def series(number: Fraction) -> int:
        z = (number - 1) / (number + 1)
        term = (z.numerator << bits) // z.denominator
        square = (z * z).limit_denominator(10**80)
        total, k = 0, 1
        while term:
            total += term // k
            term, k = term * square.numerator // square.denominator, k + 2
        return 2 * total

    return series(value) + doublings * series(Fraction(2))


def fixed_exp(value: int, bits: int) -> Fraction:
    """The exponential of value / 2^bits by its series."""
    halvings = 0
    while abs(value) >> halvings > 1 << (bits - 3):
        halvings += 1
    small = value >> halvings
    total, term, k = 1 << bits, 1 << bits, 1
    while term:
        term = term * small // (k << bits)
        total, k = total + term, k + 1
        if term == -1:
            break
    result = Fraction(total, 1 << bits)
    for _ in range(halvings):
        result = Fraction((result * result * (1 << bits)).__floor__(), 1 << bits)
    return result


@pytest.mark.parametrize("name", ["Haycock", "Gehan-George", "Boyd"])
@given(heights, weights)
@settings(max_examples=25, deadline=None)
def test_logarithms_agree_with_series_in_whole_numbers(name, height, weight):
    """A second calculation, by power series in integers of 400 binary digits, gives the same 30 digits and more."""
    bits = 400
    grams, ln10 = fixed_log(1000 * weight, bits), fixed_log(Fraction(10), bits)
    if name == "Boyd":
        factor = Fraction("0.0003207")
        exponent = Fraction("0.7285") - Fraction("0.0188") * Fraction(grams, ln10)
        log = Fraction(3, 10) * fixed_log(height, bits) + exponent * grams
    else:
        factor, of_height, of_weight = (Fraction(str(text)) for text in RATIONAL[name])
        log = of_height * fixed_log(height, bits) + of_weight * fixed_log(weight, bits)
    second = factor * fixed_exp(int(log), bits)
    assert abs(FORMULAS[name](height, weight) - second) <= last_digit(second)


@given(heights, weights)
def test_more_body_is_more_surface(height, weight):
    """Each formula grows with height, and with weight up to 400 kg."""
    for formula in FORMULAS.values():
        assert formula(height, weight) < formula(height + 1, weight)
        assert formula(height, weight) < formula(height, weight + 1)


def test_every_formula_names_its_source():
    """A formula has a name, reads as text, and says who published it where and when."""
    for name, formula in FORMULAS.items():
        assert name == formula.name
        assert any(str(year) in formula.source for year in range(1900, 2030))
        assert "cm" in formula.text
        assert formula.source.split()[0] in (name.split("-")[0], name.split()[0], "Mosteller", "Du")


def test_a_surface_is_rounded_only_where_the_study_says_so():
    """Rounding the surface itself is a choice, and both numbers are shown."""
    person = read_measures(weight="70 kg", height="170 cm")
    assert body_surface(person, "Mosteller", 2).value == Fraction("1.82")
    assert body_surface(person, "Mosteller", 2).steps[-1] == "body surface rounded to 2 decimals: 1.82 m2"
    assert body_surface(person, "Mosteller").value != Fraction("1.82")


def test_a_given_surface_is_taken_as_it_is():
    """A surface that was measured or calculated elsewhere needs no formula."""
    assert body_surface(read_measures(surface="1.8 m2"), "").steps == ("body surface 1.8 m2, as given",)


@pytest.mark.parametrize(
    ("name", "hint"), [("mosteler", "Did you mean Mosteller"), ("Dubois", "Du Bois"), ("x", "Boyd")]
)
def test_an_unknown_formula_is_refused(name, hint):
    """The sentence lists the formulas there are, and the nearest one."""
    with pytest.raises(DosingError, match=hint):
        surface_formula(name)
