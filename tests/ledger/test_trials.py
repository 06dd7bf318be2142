"""What do the five trials come to? Values worked out by hand, each with its source in the definition."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from tests.ledger.ledgers import amounts, drug, q

from regimen.ledger.dispensing import dispensed, shelf, shelves
from regimen.pharmacy import doses, person


def of(trial, start, on="2027-01-04", take="", **measures):
    assume = measures.pop("assume", ())
    decide = measures.pop("decide", {})
    who = person(**(measures or {"weight": "70 kg", "height": "170 cm"}))
    return doses(trial, {start: on}, person=who, take=take, assume=assume, decide=decide)


def test_belimumab_in_lupus():
    """10 mg/kg × 70 kg = 700 mg on 14 days are 9,800 mg, 140 mg/kg as the protocol counts."""
    found = drug(of("belimumab-sle", "first_dose", weight="70 kg"))
    assert amounts(found) == ["700 mg"] * 14
    assert (found.total, found.stated) == (q("9800 mg"), q("140 mg/kg"))
    assert [str(one.cumulative) for one in found.administrations][::13] == ["700 mg", "9,800 mg"]
    assert found.administrations[0].steps == (
        "10 mg/kg × 70 kg = 700 mg", "no cap", "not rounded", "at 700 mg/h over 1 h",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("take", "each", "total", "waste"),
    [
        ("least waste", {"120 mg": 6}, {"120 mg": 84}, "280 mg"),
        ("fewest vials", {"400 mg": 2}, {"400 mg": 28}, "1,400 mg"),
    ],
)
def test_vials_of_belimumab_by_both_objectives(take, each, total, waste):
    """700 mg from 120 and 400 mg: 6 × 120 mg waste 20 mg; 2 × 400 mg waste 100 mg, 14 times."""
    found = drug(of("belimumab-sle", "first_dose", weight="70 kg", take=take))
    assert {str(s): n for s, n in found.administrations[0].vials.counts} == each
    whole = shelf(dispensed(found))
    assert {str(taken.strength): taken.count for taken in whole.taken} == total
    assert (str(whole.waste), str(whole.needed), whole.lines) == (waste, "9,800 mg", 14)


def test_blinatumomab_maintenance():
    """9 mcg/day for 14 days is 126 mcg a course, 504 mcg in four; a day is 9 mcg."""
    found = drug(of("blinatumomab-maintenance", "first_dose", "2027-01-31", weight="70 kg"))
    assert amounts(found) == ["126 mcg"] * 4
    assert [(cycle.title, str(cycle.amount)) for cycle in found.cycles] == [
        (f"Maintenance, cycle {n}", "126 mcg") for n in range(1, 5)
    ]
    assert (str(found.total), len(found.days), {str(day.amount) for day in found.days}) == ("504 mcg", 56, {"9 mcg"})
    assert [one.event.start.isoformat() for one in found.administrations] == [
        "2027-01-31", "2027-04-30", "2027-07-31", "2027-10-31",
    ]  # fmt: skip


def test_blinatumomab_for_residual_disease():
    """28 mcg/day for 28 days is 784 mcg a cycle; what is assumed says so, what may not happen too."""
    found = drug(of("blinatumomab-mrd", "first_dose", "2026-03-02", weight="70 kg", decide={"transplant": "yes"}))
    assert amounts(found) == ["784 mcg"] * 5
    assert str(found.total) == "3,920 mcg"
    assert all("assumed: dose" in one.event.basis for one in found.administrations)
    assert [one.event.optional for one in found.administrations] == [False, True, True, True, True]


@pytest.mark.parametrize(("weight", "day"), [("45 kg", "28"), ("44.9 kg", None)])
def test_the_dose_by_weight_of_blinatumomab(weight, day):
    """From 45 kg 28 mcg/day; at 44.9 kg and 150 cm 15 mcg/m2/day × √(150 × 44.9 / 3600) m2."""
    with localcontext() as context:
        context.prec = 40
        surface = (Decimal(150) * Decimal("44.9") / Decimal(3600)).sqrt()
        expected = Decimal(day) if day else 15 * surface
    found = drug(
        of("blinatumomab-mrd", "first_dose", "2026-03-02", weight=weight, height="150 cm",
           assume=["label-by-weight"], decide={"transplant": "yes"})
    )  # fmt: skip
    assert abs(found.administrations[0].calculated.per_day.value - Fraction(expected)) < Fraction(1, 10**30)
    assert all("assumed: dose (the label's dose by weight" in one.event.basis for one in found.administrations)
    assert abs(found.total.value - Fraction(expected) * 140) < Fraction(1, 10**26)


def test_rituximab_by_surface():
    """375 mg/m2, then 500 mg/m2 five times: 2,875 mg/m2 in all; Mosteller is assumed and said to be."""
    found = drug(of("belimumab-cll", "venetoclax_day_1", "2026-01-05"), "rituximab")
    with localcontext() as context:
        context.prec = 40
        surface = Fraction((Decimal(170) * 70 / 3600).sqrt())
    values = [one.amount.value for one in found.administrations]
    for value, stated in zip(values, [375, 500, 500, 500, 500, 500], strict=True):
        assert abs(value - stated * surface) < Fraction(1, 10**28)
    assert str(found.stated) == "2,875 mg/m2"
    assert str(found.administrations[0].amount) == "681.795 mg"
    assert (
        "Assumed",
        "surface (the summary names no formula for the body surface; Mosteller's is taken)",
    ) in found.said


def test_venetoclax_tablets_of_the_ramp_up():
    """20, 50, 100, 200, 400 mg in weekly steps: 2 of 10 mg, 1 of 50 mg, 1, 2 and 4 of 100 mg, for 737 days the last."""
    found = drug(of("belimumab-cll", "venetoclax_day_1", "2026-01-05"), "venetoclax")
    lines = dispensed(found)
    weeks = [lines[7 * n] for n in range(5)]
    assert [[(str(t.strength), t.count) for t in line.taken] for line in weeks] == [
        [("10 mg", 2)], [("50 mg", 1)], [("100 mg", 1)], [("100 mg", 2)], [("100 mg", 4)],
    ]  # fmt: skip
    assert [str(one.cumulative) for one in found.administrations[6:35:7]] == [
        "140 mg", "490 mg", "1,190 mg", "2,590 mg", "5,390 mg",
    ]  # fmt: skip
    total = {str(taken.strength): taken.count for taken in shelves(lines).total.taken}
    assert total == {"10 mg": 14, "50 mg": 7, "100 mg": 7 + 14 + 4 * 737}
    assert str(found.total) == f"{7 * (20 + 50 + 100 + 200) + 400 * 737:,} mg"


def test_belimumab_injections_over_24_months():
    """105 weekly injections of 200 mg are 21,000 mg, all but the first of them at most."""
    found = drug(of("belimumab-cll", "venetoclax_day_1", "2026-01-05"), "belimumab")
    assert (len(found.administrations), str(found.total)) == (105, "21,000 mg")
    assert all("assumed: dose" in one.event.basis for one in found.administrations)


def test_daratumumab_by_the_label():
    """16 mg/kg × 80 kg = 1,280 mg for each of the 37 doses of two years."""
    found = drug(of("daratumumab-t-all", "first_dose", weight="80 kg", assume=["myeloma-label"]))
    assert (len(found.administrations), set(amounts(found)), str(found.total)) == (37, {"1,280 mg"}, "47,360 mg")
