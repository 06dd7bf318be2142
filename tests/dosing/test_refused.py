"""Bad input of every kind gives a clear sentence and no result: at least thirty kinds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from tests.dosing.given import CAPPED, MOSTELLER, given, q, subject

from regimen.dosing import (
    BagRule,
    Calvert,
    Choice,
    Policy,
    Reduction,
    Rounding,
    WeightBasis,
    choose,
    infuse,
    plan_bags,
    plan_tablets,
    plan_vials,
    read_bags,
    read_bands,
    read_measure,
    read_measures,
)
from regimen.errors import DosingError
from regimen.safetext import unsafe
from regimen.timing import Span

WEIGHTS = [read_measure("weight", "70 kg", date(2027, 1, 4), "screening")]
CASES = {
    "negative weight": (lambda: read_measures(weight="-70 kg"), "it is negative"),
    "700 kg": (lambda: read_measures(weight="700 kg"), "outside 0.3 to 500 kg"),
    "a number alone": (lambda: read_measures(weight="70"), "has no unit"),
    "a dose unit as weight": (lambda: read_measures(weight="70 mg"), "mg is no unit of weight"),
    "height 1.7": (lambda: read_measures(height="1.7"), "write 1.7 cm or 1.7 m"),
    "height 1.7 cm": (lambda: read_measures(height="1.7 cm"), "Was 1.7 m meant"),
    "height in metres with a number of cm": (lambda: read_measures(height="170 m"), "Was 170 cm meant"),
    "creatinine 0": (lambda: read_measures(creatinine="0 mg/dL"), "it is 0"),
    "creatinine in the other unit": (lambda: read_measures(creatinine="90 mg/dL"), "Was 90 micromol/L meant"),
    "decimal comma": (lambda: read_measures(weight="70,5 kg"), "the comma"),
    "a body that cannot be": (lambda: read_measures(weight="170 kg", height="70 cm"), "no body has that"),
    "unknown sex": (lambda: read_measures(sex="unknown"), "female or male"),
    "no weight": (lambda: given("10 mg/kg IV", subject(weight=None)), "the weight is needed"),
    "no formula": (lambda: given("75 mg/m2 IV", policy=Policy()), "needs a named formula"),
    "unknown formula": (lambda: Policy(surface="Mostel"), "Did you mean Mosteller"),
    "unknown weight basis": (lambda: WeightBasis("lean"), "there are actual, ideal, adjusted"),
    "unknown ideal weight": (lambda: WeightBasis("ideal", "Broca"), "there are Devine, Robinson, Miller"),
    "ideal weight of a child": (
        lambda: given(
            "1 mg/kg IV", subject(height="120 cm", weight="22 kg", sex="male"), Policy(weight=WeightBasis("ideal"))
        ),
        "defined from 152.4 cm",
    ),
    "AUC without its rules": (lambda: given("AUC 6 IV", policy=Policy()), "declare where the GFR comes from"),
    "Cockcroft-Gault for a child": (
        lambda: given("AUC 6 IV", subject(age="9 years", sex="male", creatinine="0.5 mg/dL"), Policy(calvert=CAPPED)),
        "is for adults",
    ),
    "a GFR cap without unit": (lambda: Calvert("measured", "125", None), "has no unit"),
    "an unknown GFR": (lambda: Calvert("MDRD", None, None), "Cockcroft-Gault and measured"),
    "cap in another unit": (lambda: given("10 mg/kg IV max 600 units"), "cannot be compared"),
    "cap of a rate without time": (lambda: given("28 mcg/day CIV max 28 mcg"), "write 28 mcg/day"),
    "cap of a speed without duration": (lambda: given("10 mg IV max 5 mg/h"), "limits a speed"),
    "rounding in another unit": (lambda: given("10 mg IV round to 5 mL"), "cannot be rounded"),
    "rounding a rate to an amount": (lambda: given("28 mcg/day CIV round to 5 mcg"), "because it is a rate"),
    "rounding beyond the limit": (lambda: given("57 mg IV round to 50 mg"), "not allowed"),
    "an unknown way of rounding": (lambda: Rounding("commercial"), "nearest, down, up"),
    "a limit that is no percentage": (lambda: Rounding(limit=Fraction(1000)), "from 0 to 100 %"),
    "reduced to nothing": (lambda: Reduction(Fraction(0)), "hold the drug"),
    "reduced to all": (lambda: Reduction.by(0), "above 0 and below 100"),
    "an order of reduction": (lambda: Policy(reduce="sometimes"), "before the cap or after the cap"),
    "an amount per week": (lambda: given("20 mg/week PO"), "how much one dose is"),
    "times a day that contradict": (lambda: given("30 mg/day PO in 3 doses", times_a_day=2), "2 a day are planned"),
    "no doses": (lambda: given("30 mg PO", doses=0), "from 1 on"),
    "band gap": (
        lambda: read_bands("weight", [(">=45 kg", "9 mg IV"), ("<44 kg", "5 mg IV")]),
        "a gap from 44 to 45 kg",
    ),
    "band overlap": (lambda: read_bands("weight", [(">=45 kg", "9 mg IV"), ("<46 kg", "5 mg IV")]), "overlap"),
    "closed band": (lambda: read_bands("weight", [(">45 kg", "9 mg IV")]), "write >=45 kg or <45 kg"),
    "band without unit": (lambda: read_bands("weight", [(">=45", "9 mg IV")]), "has no unit"),
    "band of another unit": (lambda: read_bands("weight", [(">=45 cm", "9 mg IV")]), "no unit of weight"),
    "empty band": (lambda: read_bands("age", [("from 6 to <2 years", "9 mg IV")]), "is empty"),
    "band of nothing": (lambda: read_bands("sex", []), "bands are of weight"),
    "band with a bad dose": (lambda: read_bands("weight", [(">=45 kg", "9 IV")]), "the dose of the band"),
    "outside all bands": (
        lambda: given(read_bands("weight", [("from 10 to <20 kg", "9 mg IV")])),
        "is in none of the bands",
    ),
    "bags that are no bags": (lambda: read_bags("24"), "write 24 h, 7 d"),
    "weekday bags without a limit": (lambda: BagRule(weekdays=(0, 3)), "how many hours a bag may run"),
    "bags too long": (lambda: read_bags("7 d", longest=96), "longer than the 96 h allowed"),
    "bags below the least weight": (
        lambda: plan_bags(
            infuse([(q("28 mcg/day"), 168)]), read_bags("7 d", not_below=((168, Fraction(22)),)), weight=Fraction(20)
        ),
        "the subject has 20 kg",
    ),
    "bags with an unknown weight": (
        lambda: plan_bags(infuse([(q("28 mcg/day"), 168)]), read_bags("7 d", not_below=((168, Fraction(22)),))),
        "the weight is missing",
    ),
    "an infusion of an amount": (lambda: infuse([(q("28 mcg"), 24)]), "is not a rate"),
    "an infusion of months": (lambda: infuse([(q("28 mcg/day"), Span(1, "mo"))]), "no whole number of minutes"),
    "an infusion of two dimensions": (lambda: infuse([(q("28 mcg/day"), 24), (q("5 units/h"), 24)]), "do not measure"),
    "vials of another unit": (lambda: plan_vials(q("720 mg"), [q("100 units")], "least waste"), "cannot hold mg"),
    "vials without an objective": (lambda: plan_vials(q("720 mg"), [q("120 mg")], "cheapest"), "least waste or fewest"),
    "no vials": (lambda: plan_vials(q("720 mg"), [], "least waste"), "no vial strengths"),
    "vials for a rate": (
        lambda: plan_vials(q("28 mcg/day"), [q("35 mcg")], "least waste"),
        "not a rate|measure the same",
    ),
    "a strength twice": (lambda: plan_vials(q("1 g"), [q("1 g"), q("1000 mg")], "least waste"), "given twice"),
    "tablets that do not fit": (
        lambda: plan_tablets(q("37 mg"), [q("10 mg"), q("50 mg")]),
        "nearest are 30 mg and 40 mg",
    ),
    "tablets of another unit": (lambda: plan_tablets(q("37 mg"), [q("10 mL")]), "cannot make mg"),
    "no measure in time": (lambda: choose(WEIGHTS, date(2027, 1, 3)), "no measure was taken on or before"),
    "an unknown occasion": (lambda: choose(WEIGHTS, date(2027, 2, 1), Choice("C1D1")), "marked are: screening"),
    "a change of nothing": (lambda: Choice("latest", Fraction(0)), "not above 0"),
    "no cycles": (lambda: choose(WEIGHTS, date(2027, 2, 1), Choice("previous cycle")), "needs the first days"),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_gives_a_sentence_and_no_result(name):
    """The sentence says what was found and what to do, and can itself not be misread."""
    ask, why = CASES[name]
    with pytest.raises(DosingError, match=why) as caught:
        ask()
    for problem in caught.value.problems:
        assert problem.rstrip().endswith((".", "?"))
        assert len(problem) > 20
        assert unsafe(problem) == ()


def test_there_are_thirty_kinds_and_more():
    """Each kind is another mistake."""
    assert len(CASES) >= 30
    assert MOSTELLER is not None
