"""What does a dose come to, in which order is it scaled, reduced, capped and rounded, and what is said of it?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from tests.dosing.given import BLINATUMOMAB, CAPPED, MOSTELLER, UNCAPPED, given, q, subject

from regimen.dosing import Calvert, Policy, Reduction, Rounding, WeightBasis, read_bands, read_measures
from regimen.dosing.weights import dosing_weight
from regimen.errors import DosingError
from regimen.notation import read_dose
from regimen.quantities import read_amount
from regimen.safetext import unsafe
from regimen.timing import Span

MOSTELLER_70 = "body surface (Mosteller, 170 cm, 70 kg) ≈ 1.81812 m2; "
AS_COUNTED = "that is 140 mg/kg in all, as the protocol counts"
SEVEN_HUNDRED = "10 mg/kg × 70 kg = 700 mg; no cap; not rounded"
SENTENCES = [
    ("10 mg/kg IV", {}, SEVEN_HUNDRED),
    (
        "10 mg/kg IV over 1 h",
        {"doses": 14},
        SEVEN_HUNDRED + "; at 700 mg/h over 1 h; 700 mg × 14 = 9,800 mg in all; " + AS_COUNTED,
    ),
    ("200 mg subcut", {}, "200 mg for every subject; no cap; not rounded"),
    (
        "1.4 mg/m2 IV bolus max 2 mg",
        {},
        MOSTELLER_70 + "1.4 mg/m2 × 1.81812 m2 ≈ 2.54537 mg; 2.54537 mg is above the cap of 2 mg, so 2 mg; not rounded",
    ),
    (
        "1 mg/m2 IV bolus max 2 mg",
        {},
        MOSTELLER_70 + "1 mg/m2 × 1.81812 m2 ≈ 1.81812 mg; not above the cap of 2 mg; not rounded",
    ),
    (
        "9 mcg/day CIV",
        {"lasting": Span(7, "d")},
        "9 mcg/day for every subject; no cap; not rounded; at 0.375 mcg/h; 9 mcg/day × 168 h = 63 mcg in all",
    ),
    ("8 mg PO", {"times_a_day": 3}, "8 mg for every subject; no cap; not rounded; 8 mg × 3 a day = 24 mg/day"),
    (
        "5.1 mg/kg IV round to 10 mg",
        {},
        "5.1 mg/kg × 70 kg = 357 mg; no cap; 357 mg rounded to steps of 10 mg: 360 mg, +0.840336 %",
    ),
]


@pytest.mark.parametrize(("dose", "course", "sentence"), SENTENCES)
def test_every_step_of_a_calculation_is_said(dose, course, sentence):
    """What is multiplied with what, what caps and rounding did, and what it comes to."""
    result = given(dose, **course)
    assert result.sentence == sentence
    assert unsafe(result.sentence) == ()


def test_a_rate_for_four_days_is_a_total_for_the_course_not_for_the_day():
    """1,000 mg/m2/day × 4 days is 4,000 mg/m2 per course; each day is a quarter of it."""
    result = given("1000 mg/m2/day CIV", lasting=Span(4, "d"))
    assert str(result.stated_total) == "4,000 mg/m2"
    assert result.total.value == 4 * result.per_day.value == 96 * result.rate.value
    assert result.sentence.endswith("in all; that is 4,000 mg/m2 in all, as the protocol counts")
    assert result.administration is None


def test_bands_are_half_open_at_45_kg():
    """45 kg and more: 28 mcg/day; less: 15 mcg/m2/day, at most 28 mcg/day."""
    heavy = given(BLINATUMOMAB, subject(weight="45 kg", height="150 cm"))
    light = given(BLINATUMOMAB, subject(weight="44.9 kg", height="150 cm"))
    assert (str(heavy.per_day), str(light.per_day)) == ("28 mcg/day", "20.5168 mcg/day")
    assert heavy.steps[0] == "45 kg is in the band from 45 kg: 28 mcg/day CIV"
    assert light.steps[0] == "44.9 kg is in the band below 45 kg: 15 mcg/m2/day CIV max 28 mcg/day"
    assert given(BLINATUMOMAB, subject(weight="44.9 kg", height=None, surface="1.9 m2")).per_day == q("28 mcg/day")


def test_carboplatin_with_and_without_the_cap_of_the_gfr():
    """AUC 6 with a GFR above 125 mL/min is 900 mg when it is capped, and more when it is not."""
    person = subject(weight="80 kg", age="40 years", sex="male", creatinine="0.7 mg/dL")
    capped = given("AUC 6 IV over 1 h", person, Policy(calvert=CAPPED))
    uncapped = given("AUC 6 IV over 1 h", person, Policy(calvert=UNCAPPED))
    assert capped.administration == q("900 mg")
    assert uncapped.administration.value == 6 * (Fraction(100 * 80) / (72 * Fraction("0.7")) + 25)
    assert uncapped.administration.exceeds(q("900 mg"))
    assert "GFR capped at 125 mL/min" in capped.steps
    assert "GFR not capped" in uncapped.steps


@pytest.mark.parametrize(("auc", "most"), [("4", "600 mg"), ("5", "750 mg"), ("6", "900 mg")])
def test_the_published_largest_doses_of_carboplatin(auc, most):
    """With the GFR capped at 125 mL/min, AUC 4, 5 and 6 give at most 600, 750 and 900 mg."""
    person = subject(gfr="200 mL/min")
    assert given(f"AUC {auc} IV", person, Policy(calvert=Calvert("measured", "125 mL/min", None))).administration == q(
        most
    )


def test_kidney_function_by_cockcroft_and_gault():
    """(140 − age) × kg / (72 × creatinine), × 0.85 for women; a low creatinine is raised to the floor."""
    person = subject(age="60 years", sex="female", creatinine="0.5 mg/dL")
    policy = Policy(calvert=Calvert("Cockcroft-Gault", "125 mL/min", "0.7 mg/dL"))
    result = given("AUC 5 IV", person, policy)
    expected = Fraction(80 * 70) / (72 * Fraction("0.7")) * Fraction("0.85")
    assert result.administration.value == 5 * (expected + 25)
    assert "creatinine 0.5 mg/dL raised to the floor of 0.7 mg/dL" in result.steps


IDEAL = [
    ("Devine", "male", "172.72 cm", "68.4"),
    ("Devine", "female", "172.72 cm", "63.9"),
    ("Robinson", "male", "172.72 cm", "67.2"),
    ("Robinson", "female", "172.72 cm", "62.6"),
    ("Miller", "male", "172.72 cm", "67.48"),
    ("Miller", "female", "172.72 cm", "63.98"),
]


@pytest.mark.parametrize(("formula", "sex", "height", "kilograms"), IDEAL)
def test_ideal_weights_of_68_inches(formula, sex, height, kilograms):
    """So much at 60 in and so much for each of 8 more inches, worked out by hand."""
    found = dosing_weight(subject(height=height, sex=sex), WeightBasis("ideal", formula))
    assert found.value == Fraction(kilograms)


def test_the_adjusted_weight_counts_a_share_of_the_excess():
    """Ideal + 0.4 × (actual − ideal); below the declared excess the actual weight counts."""
    person = subject(weight="120 kg", height="172.72 cm", sex="male")
    adjusted = WeightBasis("adjusted", above=Fraction(130))
    assert dosing_weight(person, adjusted).value == Fraction("68.4") + Fraction("0.4") * (120 - Fraction("68.4"))
    lighter = subject(weight="80 kg", height="172.72 cm", sex="male")
    assert dosing_weight(lighter, adjusted).value == 80
    assert given("10 mg/kg IV", person, Policy(weight=adjusted)).administration == q("890.4 mg")


CAPS = [
    ("10 mg/kg IV max 600 mg", {}, "600 mg"),
    ("10 mg/kg IV max 0.6 g", {}, "600 mg"),
    ("10 mg/kg IV max 600 mg/dose", {}, "600 mg"),
    ("10 mg/kg IV max 8 mg/kg", {}, "560 mg"),
    ("10 mg/kg IV max 900 mg max 500 mg", {}, "500 mg"),
    ("10 mg/kg IV max 900 mg", {}, "700 mg"),
    ("8 mg PO max 24 mg/day", {"times_a_day": 4}, "6 mg"),
    ("8 mg PO max 24 mg/day", {"times_a_day": 3}, "8 mg"),
    ("90 mg/kg/day PO in 3 doses max 3000 mg/day", {}, "1,000 mg"),
    ("10 mg/kg IV over 1 h max 300 mg/h", {}, "300 mg"),
]


@pytest.mark.parametrize(("dose", "course", "each"), CAPS)
def test_caps_hold_after_scaling(dose, course, each):
    """Per dose, per day, per hour and per kg; of several the lowest holds."""
    assert str(given(dose, **course).administration) == each


def test_a_daily_cap_needs_to_know_how_often_a_day():
    """As needed: the cap is not applied silently, it is warned of."""
    result = given("8 mg PO prn max 24 mg/day")
    assert result.per_day is None
    assert result.warnings == ("the cap of 24 mg/day is not applied: how often a day the dose is given is not known.",)


def test_caps_come_before_rounding_and_rounding_never_breaks_them():
    """A capped dose is rounded down where rounding up would be above the cap."""
    result = given("10 mg/kg IV max 590 mg round to 100 mg", policy=Policy(rounding=Rounding(limit=Fraction(20))))
    assert (str(result.unrounded), str(result.administration)) == ("590 mg", "500 mg")
    assert "down because more would be above the cap" in result.sentence


LIFETIME = Policy(surface="Mosteller", lifetime=read_amount("550 mg/m2"))


def test_a_lifetime_cap_leaves_what_is_left():
    """550 mg/m2 in all, 500 mg/m2 given: 50 mg/m2 are left; at 550 nothing is given any more."""
    result = given("75 mg/m2 IV", policy=LIFETIME, given=q("500 mg/m2"))
    surface = given("1 mg/m2 IV").administration.value
    assert result.administration.value == 50 * surface
    with pytest.raises(DosingError, match="is reached"):
        given("75 mg/m2 IV", policy=LIFETIME, given=q("550 mg/m2"))
    with pytest.raises(DosingError, match="needs what the subject has had so far"):
        given("75 mg/m2 IV", policy=LIFETIME)
    flat = Policy(lifetime=read_amount("1000 mg"))
    assert given("400 mg IV", policy=flat, given=q("700 mg"), doses=2).administration == q("300 mg")
    assert "all doses together" in given("400 mg IV", policy=flat, given=q("500 mg"), doses=2).warnings[0]


ROUNDING = [
    ("10 mg/kg IV round to 50 mg", "nearest", "700 mg", "0"),
    ("5.1 mg/kg IV round to 50 mg", "nearest", "350 mg", "-7/357"),
    ("5.1 mg/kg IV round to 20 mg", "nearest", "360 mg", "3/357"),
    ("5.1 mg/kg IV round to 20 mg", "down", "340 mg", "-17/357"),
    ("5.1 mg/kg IV round to 50 mg", "up", "400 mg", "43/357"),
    ("4.5 mg/kg IV round to 30 mg", "nearest", "330 mg", "15/315"),
]


@pytest.mark.parametrize(("dose", "mode", "amount", "change"), ROUNDING)
def test_rounding_shows_before_after_and_difference(dose, mode, amount, change):
    """Nearest (a half goes up), down or up, with the difference in percent of the unrounded dose."""
    result = given(dose, policy=Policy(rounding=Rounding(mode, Fraction(15))))
    assert str(result.administration) == amount
    assert result.difference == Fraction(change) * 100


def test_rounding_beyond_the_limit_is_refused():
    """More than 10 % unless the study says otherwise; the unrounded dose, the rounded one and the change are shown."""
    with pytest.raises(DosingError, match=r"357 mg rounded to steps of 100 mg: 400 mg, \+12.0448 %"):
        given("5.1 mg/kg IV round to 100 mg")
    assert given("5.1 mg/kg IV round to 100 mg", policy=Policy(rounding=Rounding(limit=Fraction(13)))).difference > 12
    with pytest.raises(DosingError, match="0 mg, −100 %"):
        given("0.1 mg/kg IV round to 50 mg", policy=Policy(rounding=Rounding(limit=Fraction(100))))


def test_exactly_the_limit_is_allowed():
    """A change of exactly 10 % is not more than 10 %."""
    assert given("100 mg IV round to 55 mg").administration == q("110 mg")


def test_a_reduction_and_a_cap_need_an_order_where_it_matters():
    """1.4 mg/m2 capped at 2 mg, lowered to 75 %: 1.909 mg before the cap, 1.5 mg after it."""
    dose, to_75 = "1.4 mg/m2 IV bolus max 2 mg", Reduction.by(25, "neuropathy")
    with pytest.raises(DosingError, match=r"before the cap it is 1.90902 mg, after the cap 1.5 mg"):
        given(dose, reduction=to_75)
    after = given(dose, policy=Policy(surface="Mosteller", reduce="after the cap"), reduction=to_75)
    before = given(dose, policy=Policy(surface="Mosteller", reduce="before the cap"), reduction=to_75)
    assert (str(after.administration), str(before.administration)) == ("1.5 mg", "1.90902 mg")
    assert "reduced to 75 % (neuropathy): 2 mg × 75 % = 1.5 mg" in after.steps
    assert given("10 mg/kg IV", reduction=to_75).administration == q("525 mg")


LEVELS = Policy(levels={"1": read_dose("25 mg PO"), "-1": read_dose("20 mg PO"), "-2": read_dose("15 mg PO")})


def test_dose_levels_are_looked_up():
    """The definition's own level, or the one the subject was put on."""
    assert given("dose level 1 PO", policy=LEVELS).administration == q("25 mg")
    lowered = given("25 mg PO", policy=LEVELS, level="-1")
    assert (str(lowered.administration), lowered.steps[0]) == ("20 mg", "dose level -1: 20 mg PO")
    with pytest.raises(DosingError, match="there is no dose level '7'; declared are: 1, -1, -2"):
        given("dose level 7 PO", policy=LEVELS)


def test_a_choice_is_never_made_for_anyone():
    """A range or several amounts need the chosen one, and it must be allowed."""
    assert given("5 or 10 mg/kg IV", chosen=Decimal(10)).administration == q("700 mg")
    assert given("5-10 mg/kg IV", chosen=Decimal(7)).administration == q("490 mg")
    for dose, chosen, why in (
        ("5 or 10 mg/kg IV", None, "nobody has chosen"),
        ("5 or 10 mg/kg IV", Decimal(7), "is not 5 or 10 mg/kg"),
        ("5-10 mg/kg IV", Decimal(11), "is not from 5 to 10 mg/kg"),
        ("5 mg/kg IV", Decimal(5), "leaves nothing to choose"),
    ):
        with pytest.raises(DosingError, match=why):
            given(dose, chosen=chosen)


def test_an_unstated_dose_has_no_amount():
    """What the protocol leaves open stays open."""
    with pytest.raises(DosingError, match="does not state the dose"):
        given("not stated")


def test_warnings_about_measures_come_with_the_dose():
    """A dose from unusual measures says so."""
    assert "Was 154 lb meant" in given("10 mg/kg IV", subject(weight="154 kg", height="160 cm")).warnings[0]


def test_what_is_missing_is_told_at_once():
    """A dose per m2 without formula, height and weight names all three."""
    with pytest.raises(DosingError) as caught:
        given("375 mg/m2 IV", subject(weight=None, height=None), Policy())
    assert len(caught.value.problems) == 3
    with pytest.raises(DosingError) as caught:
        given("AUC 5 IV", subject(weight=None), Policy(calvert=CAPPED))
    assert len(caught.value.problems) == 4


def test_a_dose_given_over_a_time_has_a_rate():
    """700 mg over 90 min run at 466.667 mg/h."""
    result = given("10 mg/kg IV over 90 min")
    assert (str(result.rate), str(result.administration)) == ("466.667 mg/h", "700 mg")
    assert given("10 mg/kg IV").rate is None


def test_the_surface_can_be_given():
    """A surface from elsewhere needs neither formula nor height."""
    result = given("375 mg/m2 IV", subject(weight=None, height=None, surface="1.8 m2"), Policy())
    assert result.sentence == "body surface 1.8 m2, as given; 375 mg/m2 × 1.8 m2 = 675 mg; no cap; not rounded"
    assert MOSTELLER.surface == "Mosteller"


def test_bands_of_surface_use_the_studys_formula():
    """A band of surface is chosen by the surface as the study calculates it, and says how."""
    bands = read_bands(
        "surface", [("<1.5 m2", "10 mg PO"), ("from 1.5 to <1.818 m2", "20 mg PO"), (">=1.818 m2", "30 mg PO")]
    )
    result = given(bands)
    assert str(result.administration) == "30 mg"
    assert result.steps[0] == "body surface (Mosteller, 170 cm, 70 kg) ≈ 1.81812 m2"
    with pytest.raises(DosingError, match="needs a named formula"):
        given(bands, policy=Policy())


def test_bands_of_age():
    """Under 2 years, from 2 to under 6, from 6 on; months are read as parts of years."""
    bands = read_bands("age", [("<2 years", "5 mg PO"), ("from 2 to <6 years", "10 mg PO"), (">=6 years", "15 mg PO")])
    found = [
        str(given(bands, read_measures(age=age)).administration)
        for age in ("23 months", "24 months", "5 years", "6 years")
    ]
    assert found == ["5 mg", "10 mg", "10 mg", "15 mg"]
