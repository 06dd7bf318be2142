"""Which amounts can be converted, added and printed, and which cannot?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regimen.errors import DosingError
from regimen.quantities import Quantity, Unit, exact, exact_number, is_short, known_units, read_amount, read_quantity
from regimen.quantities.dimensions import dimension_of, factor
from regimen.safetext import unsafe

CONVERSIONS = [
    ("1 g", "mg", "1,000 mg"),
    ("1 mg", "mcg", "1,000 mcg"),
    ("500 ng", "mcg", "0.5 mcg"),
    ("0.25 L", "mL", "250 mL"),
    ("3 million units", "units", "3,000,000 units"),
    ("2 billion cells", "million cells", "2,000 million cells"),
    ("250 cGy", "Gy", "2.5 Gy"),
    ("10 mCi", "MBq", "370 MBq"),
    ("1 GBq", "mCi", "27.027 mCi"),
    ("9 mcg/day", "mcg/h", "0.375 mcg/h"),
    ("28 mcg/day", "mcg/h", "1.16667 mcg/h"),
    ("1 mg/min", "mg/day", "1,440 mg/day"),
    ("15 mcg/m2/day", "mg/m2/day", "0.015 mg/m2/day"),
]


@pytest.mark.parametrize(("text", "unit", "same"), CONVERSIONS)
def test_within_a_dimension_units_convert_exactly(text, unit, same):
    """A unit changes into another of its dimension by an exact factor; a rate per day into one per hour."""
    target = read_quantity(f"1 {unit}").unit
    converted = read_quantity(text).to(target)
    assert str(converted) == same
    assert converted.to(read_quantity(text).unit) == read_quantity(text)


REFUSED = [
    ("5 mg", "units", "how many mg a unit is depends on the product"),
    ("5 units", "mg", "how many mg a unit is depends on the product"),
    ("5 mL", "mg", "the volume depends on the concentration"),
    ("5 mmol", "mEq", "depends on the charge of the ion"),
    ("5 mmol", "mg", "depends on the molar mass"),
    ("5 tablets", "capsules", "a count of tablets"),
    ("5 Gy", "MBq", "absorbed radiation"),
    ("5 mg/kg", "mg", "one is per kg, the other per subject"),
    ("5 mg/kg", "mg/m2", "one is per kg, the other per m2"),
    ("5 mg/day", "mg", "one is per day, the other an amount"),
    ("5 mg/week", "mg/day", "one is per week, the other per day"),
]


@pytest.mark.parametrize(("text", "unit", "why"), REFUSED)
def test_between_dimensions_nothing_converts(text, unit, why):
    """mg into units, mL into mg, mmol into mEq: refused with the reason."""
    with pytest.raises(DosingError, match=why):
        read_quantity(text).to(read_quantity(f"1 {unit}").unit)


units = st.builds(
    Unit,
    st.sampled_from([u for u in known_units() if u != "%"]),
    st.sampled_from([None, "kg", "m2"]),
    st.sampled_from([None, "day", "h", "min"]),
)


@given(units, units, units)
def test_factors_are_a_group(one, two, three):
    """There and back is 1, and a detour over a third unit changes nothing."""
    if any(dimension_of(u) != dimension_of(one) or u.per != one.per for u in (two, three)):
        return
    if len({u.time is None for u in (one, two, three)}) > 1:
        return
    assert factor(one, two) * factor(two, one) == 1
    assert factor(one, two) * factor(two, three) == factor(one, three)


@given(st.decimals("0.0001", "99999", places=4), st.sampled_from(["mg", "mcg/day", "mg/m2", "units", "tablets"]))
def test_what_is_printed_is_read_again(value, unit):
    """Printing and reading an amount gives the same amount, and nothing in it can be misread."""
    amount = read_amount(f"{value.normalize():f} {unit}")
    assert read_amount(str(amount)) == amount
    assert exact(amount).value == Fraction(value)
    assert unsafe(str(amount)) == ()
    assert unsafe(str(exact(amount))) == ()


@given(st.fractions(min_value=Fraction(1, 10**6), max_value=10**7, max_denominator=10**9))
@settings(max_examples=300)
def test_a_number_is_printed_in_full_or_marked_as_shortened(value):
    """What is printed is the number itself, or differs by less than half of its last digit and is marked with ≈."""
    text = exact_number(value)
    shown = Fraction(text.replace(",", ""))
    assert (shown == value) == is_short(value) or not is_short(value)
    assert abs(shown - value) <= value / 10**5
    assert abs(shown - value) < Fraction(1, 100) or value < 1
    assert Quantity(value, Unit("mg")).sign == ("=" if is_short(value) else "≈")
    assert unsafe(f"{text} mg") == ()


UNREADABLE = [
    ("70", "has no unit"),
    ("", "does not start with a number"),
    ("mg", "does not start with a number"),
    ("5.0 mg", "write 5"),
    ("0.50 mg", "write 0.5"),
    ("5. mg", "write 5"),
    (".5 mg", "write 0.5"),
    ("1,000 mg", "thousands or as a decimal point"),
    ("1,5 mg", "thousands or as a decimal point"),
    ("-3 mg", "is negative"),
    ("−3 mg", "is negative"),
    ("0 mg", "more than 0"),
    ("1e3 mg", "not a plain number"),
    ("007 mg", "not a plain number"),
    ("9" * 5000 + " mg", "has 5,003 characters"),
    ("\u0667 mg", "does not start with a number"),
    ("5 IU", "5 units"),
    ("5 U", "5 units"),
    ("5 u/kg", "5 units"),
    ("5 mgs", "Did you mean 5 mg"),
    ("5 parsecs", "not a dose unit"),
    ("5 mg/hour/day", "not a dose unit"),
    ("5 mg/kg/kg", "not a dose unit"),
]


@pytest.mark.parametrize(("text", "why"), UNREADABLE)
def test_amounts_are_read_strictly(text, why):
    """An amount that could be misread is refused with what to write instead."""
    with pytest.raises(DosingError, match=why):
        read_amount(text)


def test_sums_and_differences_keep_the_first_unit():
    """Adding and comparing convert exactly; different dimensions cannot be added."""
    assert read_quantity("1 g").plus(read_quantity("1 mg")) == Quantity(Fraction(1001, 1000), Unit("g"))
    assert read_quantity("1 g").minus(read_quantity("1 mg")).to(Unit("mg")) == read_quantity("999 mg")
    assert read_quantity("1 g").exceeds(read_quantity("999 mg"))
    assert not read_quantity("1 g").exceeds(read_quantity("1000 mg"))
    with pytest.raises(DosingError, match="depends on the product"):
        read_quantity("1 mg").plus(read_quantity("1 units"))


def test_rates_and_measures_multiply_only_with_what_they_are_per():
    """10 mg/kg takes kg, 9 mcg/day takes hours; anything else is refused."""
    assert str(read_quantity("10 mg/kg").for_measure("kg", Fraction(70))) == "700 mg"
    assert str(read_quantity("9 mcg/day").in_hours(168)) == "63 mcg"
    with pytest.raises(DosingError, match="is not per m2"):
        read_quantity("10 mg/kg").for_measure("m2", Fraction(2))
    with pytest.raises(DosingError, match="is not a rate"):
        read_quantity("10 mg").in_hours(24)


def test_one_is_singular():
    """1 tablet, 2 tablets, 0.5 tablets."""
    printed = [str(Quantity(Fraction(n), Unit("tablets"))) for n in (1, 2, Fraction(1, 2))]
    assert printed == ["1 tablet", "2 tablets", "0.5 tablets"]
    assert str(Quantity(Fraction(6), Unit("AUC"))) == "AUC 6"


def test_to_pint_keeps_dimensions_apart():
    """pint gets exact fractions; units stay units of activity, not a small part of a nit."""
    pytest.importorskip("pint")
    from regimen.quantities.in_pint import to_pint

    rate = to_pint(read_quantity("15 mcg/m2/day"))
    assert rate.magnitude == Fraction(15)
    assert rate.to("mg / meter ** 2 / hour").magnitude == Fraction(15, 24000)
    assert to_pint(read_quantity("3 million units")).to("units_of_activity").magnitude == 3_000_000
    assert to_pint(read_quantity("10 mCi")).to("MBq").magnitude == 370
    assert not to_pint(read_quantity("5 units")).is_compatible_with("mg")
    for unit in known_units():
        assert isinstance(to_pint(Quantity(Fraction(1, 3), Unit(unit))).magnitude, Fraction), unit


def test_amounts_stay_decimals():
    """The notation's amounts are decimals as written."""
    assert read_amount("0.35 mg").value == Decimal("0.35")
