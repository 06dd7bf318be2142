"""Do administrations, days, cycles and totals agree exactly, and does a ledger that contradicts itself fail?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.ledgers import amounts, drug, ledger, q

from regimen.dosing.subjects import read_subject
from regimen.errors import DosingError
from regimen.ledger.dispensing import dispensed, shelf, shelves
from regimen.ledger.terms import added

FOUR_DAYS = """
    cycles: 28 d x2
    doses:
      fluorouracil:
        dose: 1000 mg/m2/day CIV
        when: days 1-4
        dosing: {surface: Mosteller}
"""


def test_four_days_are_never_one():
    """1,000 mg/m2/day for 4 days is 4,000 mg/m2 a course, and a day has a quarter of it."""
    found = drug(ledger(FOUR_DAYS, surface="2 m2"))
    one = found.administrations[0]
    assert (str(one.amount), str(one.calculated.per_day), one.minutes) == ("8,000 mg", "2,000 mg/day", 4 * 1440)
    assert [str(cycle.stated) for cycle in found.cycles] == ["4,000 mg/m2"] * 2
    assert [str(day.amount) for day in found.days] == ["2,000 mg"] * 8
    assert str(found.stated) == "8,000 mg/m2"
    assert "that is 4,000 mg/m2 in all, as the protocol counts" in one.steps


LINES = st.sampled_from(
    [
        ("{n} mg/kg IV over 1 h", "days 1, 8, 15", "kg"),
        ("{n} mg PO", "daily x5", ""),
        ("{n} mg/m2 IV", "day 1", "m2"),
        ("{n} mg/day PO in 2 doses", "bid days 1-3", ""),
        ("{n} mcg/day CIV", "days 1-14", ""),
        ("{n} mcg/m2/day CIV", "days 1-4", "m2"),
        ("{n} mcg/kg/h CIV", "days 2-3", "kg"),
    ]
)


@settings(max_examples=150)
@given(
    line=LINES, number=st.decimals("0.1", "900", places=1), kilograms=st.decimals("30", "150", places=2),
    surface=st.decimals("0.5", "2.5", places=2), cycles=st.integers(1, 4), bags=st.sampled_from(["24 h", "72 + 96 h"]),
)  # fmt: skip
def test_sums_agree_with_plain_fractions(line, number, kilograms, surface, cycles, bags):
    """Whatever is given, and how often: all sums are the exact products, without any rounding."""
    dose, when, per = line
    study = (
        f"    cycles: 28 d x{cycles}\n    doses:\n      drug:\n        dose: {dose.format(n=f'{number.normalize():f}')}"
    )
    study += f"\n        when: {when}\n" + (f"        bags: {bags}\n" if "CIV" in dose else "")
    found = drug(ledger(study, weight=f"{kilograms} kg", surface=f"{surface} m2"))
    factor = {"kg": Fraction(kilograms), "m2": Fraction(surface), "": Fraction(1)}[per]
    times = {"days 1, 8, 15": 3, "daily x5": 5, "day 1": 1, "bid days 1-3": 3, "days 1-14": 14, "days 1-4": 4,
             "days 2-3": 48}[when]  # fmt: skip
    expected = Fraction(number) * factor * times * cycles
    unit = found.total.unit
    assert found.total.value == expected
    assert added((one.amount for one in found.administrations), unit).value == expected
    assert added((day.amount for day in found.days), unit).value == expected
    assert added((cycle.amount for cycle in found.cycles), unit).value == expected
    assert found.administrations[-1].cumulative.value == expected
    assert shelf(dispensed(found)).needed.value == expected
    assert sum(one.needed.value for one in shelves(dispensed(found)).days.values()) == expected
    for infusion in found.infusions:
        assert sum(bag.minutes for bag in infusion.bags.bags) == infusion.bags.infusion.minutes


@pytest.mark.parametrize(
    "change",
    [
        lambda d: {"total": q("8001 mg")},
        lambda d: {"days": d.days[:-1]},
        lambda d: {"cycles": (replace(d.cycles[0], amount=q("8000.5 mg")), *d.cycles[1:])},
        lambda d: {"administrations": (*d.administrations[:-1], replace(d.administrations[-1], amount=q("1 mg")))},
        lambda d: {"administrations": (*d.administrations[:-1], replace(d.administrations[-1], cumulative=q("1 mg")))},
        lambda d: {"infusions": (replace(d.infusions[0], total=q("7999 mg")), *d.infusions[1:])},
    ],
)
def test_a_ledger_that_contradicts_itself_is_refused(change):
    """One number changed anywhere, and there is no ledger."""
    found = drug(ledger(FOUR_DAYS, surface="2 m2"))
    with pytest.raises(DosingError, match="must not be used"):
        replace(found, **change(found))


STEPPED = """
    cycles: 42 d x1
    doses:
      blinatumomab:
        parts:
          step-1: 9 mcg/day CIV days 1-7
          step-2: 28 mcg/day CIV days 8-28
        bags: BAGS
"""


@pytest.mark.parametrize(
    ("start", "zone", "stop"),
    [
        ("2027-01-04", "Europe/Berlin", "2027-02-01 10:00 +0100"),
        ("2027-03-22", "Europe/Berlin", "2027-04-19 11:00 +0200"),
        ("2027-03-27", "Europe/Berlin", "2027-04-24 11:00 +0200"),
        ("2027-10-25", "Europe/Berlin", "2027-11-22 09:00 +0100"),
        ("2027-03-08", "America/New_York", "2027-04-05 11:00 -0400"),
        ("2027-03-22", None, "2027-04-19 10:00 "),
    ],
)
@pytest.mark.parametrize("bags", ["24 h", "48 h", "72 + 96 h", "7 d"])
def test_a_stepped_cycle_is_one_infusion_of_672_hours(start, zone, stop, bags):
    """63 + 588 = 651 mcg in 672 h, whatever the clocks do; a dose step is a change of the bag."""
    on = datetime.fromisoformat(f"{start}T10:00")
    found = drug(ledger(STEPPED.replace("BAGS", bags), on, zone=zone))
    assert amounts(found) == ["63 mcg", "588 mcg"]
    (infusion,) = found.infusions
    assert (str(infusion.total), infusion.bags.infusion.hours) == ("651 mcg", 672)
    assert 168 * 60 in infusion.bags.changes
    lines = dispensed(found)
    assert lines[-1].end.strftime("%Y-%m-%d %H:%M %z") == stop
    assert sum(
        (line.end - line.start).total_seconds() if zone is None else line.bag.minutes * 60 for line in lines
    ) == (672 * 3600)


def test_a_step_that_the_clocks_move_is_said():
    """By the infusion's hours the step is at 11:00, by the calendar at 10:00; both are told."""
    found = drug(ledger(STEPPED.replace("BAGS", "24 h"), datetime(2027, 3, 22, 10), zone="Europe/Berlin"))  # noqa: DTZ001
    said = " ".join(found.infusions[0].steps)
    assert "by the hours of the infusion C1D8 begins Mon 29 Mar 2027 11:00, by the calendar at 10:00" in said


def test_bags_without_a_rule_are_not_guessed():
    """Where nobody says how long a bag runs, there is no plan of bags, and vials cannot be counted."""
    study = STEPPED.replace("        bags: BAGS\n", "        vials: {strengths: [35 mcg]}\n")
    found = drug(ledger(study))
    assert found.infusions[0].bags is None
    assert "how long a bag runs is not stated" in found.infusions[0].problems[0]
    assert ("Bags", "not stated, so no bags are planned") in found.said


def test_vials_of_an_infusion_are_those_of_its_bags():
    """Each bag of 28 mcg takes one vial of 35 mcg and leaves 7 mcg, each of 9 mcg leaves 26 mcg."""
    study = STEPPED.replace("BAGS", "24 h\n        vials: {strengths: [35 mcg]}")
    whole = shelf(dispensed(drug(ledger(study))))
    assert (whole.lines, whole.taken[0].count, str(whole.waste)) == (28, 28, f"{7 * 26 + 21 * 7} mcg")


def test_a_day_of_several_doses_is_one_day():
    """Two of 250 mg on one day are 500 mg on that day."""
    study = "    doses:\n      drug: {dose: 250 mg PO, when: bid days 1-2}"
    found = drug(ledger(study))
    assert [(day.name, str(day.amount), day.count) for day in found.days] == [
        ("2027-01-04", "500 mg", 2), ("2027-01-05", "500 mg", 2),
    ]  # fmt: skip


def test_a_cap_per_day_knows_how_often():
    """At most 800 mg a day, given three times 300 mg: each is lowered to 800/3 mg."""
    study = "    doses:\n      drug: {dose: 300 mg PO max 800 mg/day, when: tid days 1-2}"
    found = drug(ledger(study))
    assert {one.amount.value for one in found.administrations} == {Fraction(800, 3)}


def test_measures_before_each_dose():
    """The measure of a subject file that applies on the day of the dose is the one that counts."""
    file = """
format: regimen-subject/1
subject: S-1
measures:
  - {on: 2027-01-01, at: screening, weight: 70 kg}
  - {on: 2027-01-10, weight: 76 kg}
  - {on: 2027-01-20, weight: 78 kg}
"""
    study = "    doses:\n      drug:\n        dose: 10 mg/kg IV\n        when: days 1, 8, 22\n        dosing: DOSING"
    for dosing, expected in (
        ("{measure: screening}", ["700 mg", "700 mg", "700 mg"]),
        ("{measure: latest}", ["700 mg", "760 mg", "780 mg"]),
        ("{measure: screening, recalculate: 10 %}", ["700 mg", "700 mg", "780 mg"]),
        ("{measure: latest, recalculate: 5 %}", ["700 mg", "760 mg", "760 mg"]),
    ):
        found = drug(ledger(study.replace("DOSING", dosing), subject=read_subject(file)))
        assert amounts(found) == expected, dosing


def test_a_dose_before_the_first_measure_is_not_calculated():
    """No measure is taken from the future."""
    file = "format: regimen-subject/1\nsubject: S-1\nmeasures:\n  - {on: 2027-01-10, weight: 70 kg}\n"
    study = "    doses:\n      drug: {dose: 10 mg/kg IV, when: 'days 1, 8'}"
    first, second = amounts(drug(ledger(study, subject=read_subject(file))))
    assert "no measure was taken on or before Mon 4 Jan 2027" in first
    assert second == "700 mg"
