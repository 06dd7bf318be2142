"""Which texts are measures, which are refused, and which are warned of?"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimen.dosing import Bounds, read_measure, read_measures
from regimen.dosing.plausible import jumps
from regimen.errors import DosingError
from regimen.safetext import unsafe

READ = [
    ("weight", "70 kg", "70", ""),
    ("weight", "70kg", "70", ""),
    ("weight", "70 KG", "70", ""),
    ("weight", "154 lb", "69.85322498", "154 lb = 69.85322498 kg"),
    ("weight", "154 pounds", "69.85322498", "154 lb = 69.85322498 kg"),
    ("weight", "11 st 4 lb", "71.66759446", "11 st 4 lb = 71.66759446 kg"),
    ("weight", "3500 g", "3.5", "3,500 g = 3.5 kg"),
    ("height", "170 cm", "170", ""),
    ("height", "1.70 m", "170", "1.7 m = 170 cm"),
    ("height", "5 ft 7 in", "170.18", "5 ft 7 in = 170.18 cm"),
    ("height", "67 inches", "170.18", "67 in = 170.18 cm"),
    ("creatinine", "1.0 mg/dL", "1", ""),
    ("age", "54 years", "54", ""),
    ("age", "18 months", "1.5", "18 months = 1.5 years"),
    ("gfr", "90 mL/min", "90", ""),
    ("surface", "1.8 m2", "1.8", ""),
    ("surface", "1.8 m²", "1.8", ""),
]


@pytest.mark.parametrize(("kind", "text", "value", "step"), READ)
def test_measures_are_read_in_the_units_people_use(kind, text, value, step):
    """Every unit becomes the one formulas use, exactly, and a change of unit is said."""
    measure = read_measure(kind, text)
    assert measure.value == Fraction(value)
    assert measure.step == step
    assert unsafe(f"{measure.written} {measure}") == ()


def test_creatinine_changes_by_the_laboratories_factor():
    """88.4 micromol/L are 1 mg/dL; the sign for micro is read and never printed."""
    for text in ("88.4 micromol/L", "88.4 umol/L", "88.4 µmol/L", "0.0884 mmol/L"):
        measure = read_measure("creatinine", text)
        assert measure.value == 1
        assert "micromol" in measure.written or "mmol" in measure.written


@given(st.decimals("1", "600", places=3))
def test_pounds_and_kilograms_agree(number):
    """A pound is 0.45359237 kg exactly."""
    pounds = read_measure("weight", f"{number} lb")
    assert pounds.value == Fraction(number) * Fraction("0.45359237")


REFUSED = [
    ({"weight": "70"}, "the number 70 has no unit; write 70 kg or 70 lb"),
    ({"weight": "70 mg"}, "mg is no unit of weight"),
    ({"weight": "-70 kg"}, "it is negative"),
    ({"weight": "0 kg"}, "it is 0"),
    ({"weight": "700 kg"}, "outside 0.3 to 500 kg, so it is not used. Was 700 lb meant"),
    ({"weight": "70,5 kg"}, "the comma can be read in two ways"),
    ({"weight": "seventy kg"}, "not a number with a unit"),
    ({"weight": "7e1 kg"}, "not a number with a unit|no unit of weight|do not go together"),
    ({"weight": "70 kg 5 kg"}, "do not go together"),
    ({"weight": ""}, "nothing is written"),
    ({"weight": "9" * 5000 + " kg"}, "it has 5,003 characters"),
    ({"weight": "\u0667\u0660 kg"}, "not a number with a unit"),
    ({"height": "1.7"}, "write 1.7 cm or 1.7 m"),
    ({"height": "1.7 cm"}, "Was 1.7 m meant"),
    ({"height": "170 m"}, "Was 170 cm meant"),
    ({"height": "170 in"}, "Was 170 cm meant"),
    ({"height": "5 ft 14 in"}, "14 in is 1 ft or more"),
    ({"height": "7 in 5 ft"}, "do not go together"),
    ({"creatinine": "0 mg/dL"}, "it is 0"),
    ({"creatinine": "88 mg/dL"}, "Was 88 micromol/L meant"),
    ({"creatinine": "0.9 micromol/L"}, "Was 0.9 mg/dL meant"),
    ({"creatinine": "0.9"}, "has no unit"),
    ({"age": "54"}, "has no unit"),
    ({"age": "540 years"}, "outside 0 to 125 years"),
    ({"sex": "F"}, "write female or male"),
    ({"wieght": "70 kg"}, "is not a measure"),
    ({"weight": "70 kg", "height": "67 cm"}, "no body has that, so neither is used. Was 67 in meant"),
]


@pytest.mark.parametrize(("texts", "why"), REFUSED)
def test_what_cannot_be_true_is_refused(texts, why):
    """A missing unit, an impossible number or an unknown word gives a sentence and no measure."""
    with pytest.raises(DosingError, match=why) as caught:
        read_measures(**texts)
    assert all(unsafe(problem) == () for problem in caught.value.problems)


WARNED = [
    ({"weight": "154 kg", "height": "160 cm"}, "Was 154 lb meant"),
    ({"weight": "70 lb", "height": "172 cm"}, "Was 70 kg meant"),
    (
        {"weight": "70 kg", "height": "80 cm"},
        "index of 109.4 kg/m2, which is unusual; check both. Was 70 lb or 80 in meant",
    ),
    ({"weight": "260 kg"}, "weight 260 kg is unusual"),
    ({"creatinine": "0.1 mg/dL"}, "creatinine 0.1 mg/dL is unusual"),
    ({"age": "110 years"}, "is unusual"),
]


@pytest.mark.parametrize(("texts", "why"), WARNED)
def test_what_is_unusual_is_warned_of_and_used(texts, why):
    """Units that are often exchanged (kg and lb, cm and in) are named where the other one fits."""
    measures = read_measures(**texts)
    assert any(why in warning for warning in measures.warnings)
    assert all(unsafe(warning) == () for warning in measures.warnings)


def test_usual_measures_raise_no_warning():
    """An adult, a child and an infant are nothing unusual."""
    for weight, height in (("70 kg", "170 cm"), ("110 kg", "185 cm"), ("18 kg", "110 cm"), ("4 kg", "54 cm")):
        assert read_measures(weight=weight, height=height).warnings == ()


def test_everything_wrong_is_told_at_once():
    """Three wrong measures give three sentences."""
    with pytest.raises(DosingError) as caught:
        read_measures(weight="70", height="1.7", sex="x")
    assert len(caught.value.problems) == 3


def test_bounds_are_a_choice_of_the_study():
    """A study of neonates allows what others refuse."""
    wide = Bounds(possible={**Bounds().possible, "weight": (Fraction("0.2"), Fraction(500))})
    with pytest.raises(DosingError, match="outside"):
        read_measures(weight="0.25 kg")
    assert read_measures(bounds=wide, weight="0.25 kg").value("weight") == Fraction(1, 4)


def test_a_series_that_jumps_by_the_ratio_of_its_units_is_noticed():
    """70 kg and then 154 kg: the second was probably pounds."""
    series = [read_measure("weight", text) for text in ("70 kg", "154 kg", "150 kg")]
    assert list(jumps(series)) == [
        "weight 70 kg and then 154 kg: the ratio is that of kg to lb; check the unit of each."
    ]
    assert list(jumps([read_measure("weight", text) for text in ("70 kg", "78 kg")])) == []


def test_a_missing_measure_is_named_when_it_is_needed():
    """Nothing is assumed for a measure that nobody gave."""
    with pytest.raises(DosingError, match="the weight is needed and missing; give it with its unit, such as 70 kg"):
        read_measures(height="170 cm").value("weight")
