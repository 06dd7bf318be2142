"""What becomes of amounts after what happened? Levels, reductions, recorded amounts, pauses and what is not given."""

# Recorded times are wall-clock times on purpose; the zone is given apart.
# ruff: noqa: DTZ001

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.journals import fact
from tests.ledger.ledgers import amounts, drug, ledger

TABLETS = """
    cycles: 28 d x3
    doses:
      lenalidomide:
        dose: 25 mg PO
        when: day 1
        levels: {minus-1: 20 mg PO, minus-2: 15 mg PO}
        tablets: {strengths: [5 mg, 20 mg, 25 mg]}
"""
PER_KG = """
    cycles: 21 d x3
    doses:
      drug: {dose: 10 mg/kg IV max 650 mg, when: day 1, dosing: {reduce: REDUCE}}
"""


def test_a_level_holds_from_its_day_on():
    """After a reduction to level minus-1 the dose is 20 mg, with its own tablets and its own steps."""
    rows = [fact("reduced", "lenalidomide", date(2027, 2, 1), level="minus-1")]
    found = drug(ledger(TABLETS, rows=rows))
    assert amounts(found) == ["25 mg", "20 mg", "20 mg"]
    assert found.administrations[1].steps[0] == "dose level minus-1: 20 mg PO"
    assert [one.tablets.steps[0] for one in found.administrations[:2]] == [
        "25 mg = 1 tablet of 25 mg", "20 mg = 1 tablet of 20 mg",
    ]  # fmt: skip
    assert str(found.total) == "65 mg"


def test_another_amount_holds_from_its_day_on():
    """A dose changed to 10 mg by a journal keeps its route and is packed anew."""
    rows = [fact("reduced", "lenalidomide", date(2027, 3, 1), amount="10 mg")]
    found = drug(ledger(TABLETS, rows=rows))
    assert amounts(found) == ["25 mg", "25 mg", "10 mg"]
    assert found.administrations[2].tablets.steps == ("10 mg = 2 tablets of 5 mg",)
    assert found.administrations[2].ordered == "10 mg PO"


@pytest.mark.parametrize(("order", "expected"), [("before the cap", "525 mg"), ("after the cap", "487.5 mg")])
def test_a_dose_lowered_to_a_percentage(order, expected):
    """75 % of 700 mg is 525 mg, below the cap of 650 mg; 75 % of the capped dose is 487.5 mg."""
    rows = [fact("reduced", "drug", date(2027, 1, 25), amount="75 %")]
    found = drug(ledger(PER_KG.replace("REDUCE", order), rows=rows))
    assert amounts(found) == ["650 mg", expected, expected]


def test_a_changed_dose_that_is_no_dose_is_told():
    """What cannot be read as a dose is not calculated, and the sentence says what to record."""
    rows = [fact("reduced", "drug", date(2027, 1, 25), amount="half")]
    found = drug(ledger(PER_KG.replace("REDUCE", "before the cap"), rows=rows))
    assert amounts(found)[0] == "650 mg"
    assert "'half', which is no dose" in amounts(found)[1]
    assert "record an amount, such as 20 mg" in amounts(found)[1]


def test_what_was_recorded_is_counted():
    """A recorded amount stands in the sums, and a difference from the calculated one is a warning."""
    rows = [fact("given", "treatment/c1/d1/drug", date(2027, 1, 4), amount="600 mg")]
    found = ledger(PER_KG.replace("REDUCE", "before the cap"), rows=rows)
    assert amounts(drug(found)) == ["600 mg", "650 mg", "650 mg"]
    assert str(drug(found).total) == "1,900 mg"
    assert found.warnings == ("C1D1 drug: recorded as given 600 mg, calculated 650 mg; what was recorded is counted.",)


@pytest.mark.parametrize("text", ["5 mL", "half a vial"])
def test_a_recorded_amount_of_another_kind_is_not_added(text):
    """5 mL cannot be added to mg; the calculated amount is counted, and that is said."""
    rows = [fact("given", "treatment/c1/d1/drug", date(2027, 1, 4), amount=text)]
    found = ledger(PER_KG.replace("REDUCE", "before the cap"), rows=rows)
    assert str(drug(found).total) == "1,950 mg"
    assert f"recorded as given {text}, which cannot be added to 650 mg" in found.warnings[0]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (fact("missed", "treatment/c2/d1/drug", date(2027, 1, 25), then="skip"), "missed"),
        (fact("skipped", "treatment/c2/d1/drug"), "cancelled"),
    ],
)
def test_what_is_not_given_counts_nothing(row, state):
    """A missed or skipped dose has no amount and stays in the list."""
    found = drug(ledger(PER_KG.replace("REDUCE", "before the cap"), rows=[row]))
    assert amounts(found) == ["650 mg", state, "650 mg"]
    assert (str(found.total), len(found.days)) == ("1,300 mg", 2)


def test_a_hold_leaves_no_amount():
    """Doses on hold are listed as held, without an amount."""
    rows = [fact("held", "drug", date(2027, 1, 20))]
    assert amounts(drug(ledger(PER_KG.replace("REDUCE", "before the cap"), rows=rows))) == ["650 mg", "held", "held"]


BERLIN = ZoneInfo("Europe/Berlin")
INFUSION = """
    cycles: 42 d x1
    doses:
      blinatumomab:
        dose: 28 mcg/day CIV
        when: days 1-28
        bags: 96 h
        late: resume to total within 7 d, else restart
"""


def test_a_pause_cuts_the_infusion_and_its_bags():
    """After 10 days a pause of 3 days: 240 h and 432 h, each with bags of its own, and still 784 mcg."""
    rows = [
        fact("held", "blinatumomab", datetime(2027, 1, 14, 10)),
        fact("restarted", "blinatumomab", datetime(2027, 1, 17, 10)),
    ]
    found = ledger(INFUSION, datetime(2027, 1, 4, 10), rows, zone="Europe/Berlin")
    one = drug(found)
    assert [(str(part.amount), part.minutes) for part in one.administrations] == [
        ("280 mcg", 240 * 60), ("504 mcg", 432 * 60),
    ]  # fmt: skip
    assert [[bag.minutes // 60 for bag in infusion.bags.bags] for infusion in one.infusions] == [
        [96, 96, 48], [96, 96, 96, 96, 48],
    ]  # fmt: skip
    assert str(one.total) == "784 mcg"
    assert "plans no premedication and no days in hospital after a restart" in found.warnings[0]


LIFE = """
    cycles: 21 d x5
    doses:
      doxorubicin: {dose: 60 mg/m2 IV, when: day 1, dosing: {lifetime: 450 mg/m2}}
"""


def test_a_lifetime_cap_counts_what_went_before():
    """240 mg/m2 before, three times 60, then the 30 that are left, then nothing; 2 m2 of surface."""
    found = ledger(LIFE, surface="2 m2", before={"doxorubicin": "240 mg/m2"})
    *given, last = amounts(drug(found))
    assert given == ["120 mg", "120 mg", "120 mg", "60 mg"]
    assert "the lifetime cap of 450 mg/m2 is reached: 450 mg/m2 were given. No dose is given." in last
    assert found.warnings == (
        "C4D1 doxorubicin: lowered from 120 mg to 60 mg, all that is left of the lifetime cap of 450 mg/m2.",
    )


def test_a_lifetime_cap_counts_what_was_recorded():
    """100 mg given instead of 120 mg are 50 mg/m2 of the cap."""
    rows = [fact("given", "treatment/c1/d1/doxorubicin", date(2027, 1, 4), amount="100 mg")]
    found = drug(ledger(LIFE, rows=rows, surface="2 m2", before={"doxorubicin": "360 mg/m2"}))
    assert amounts(found)[:2] == ["100 mg", "80 mg"]


def test_nothing_before_must_be_said():
    """Nobody said what the subject had before: no dose, but a sentence; 0 mg/m2 is an answer."""
    assert "needs what the subject has had so far" in amounts(drug(ledger(LIFE, surface="2 m2")))[0]
    found = drug(ledger(LIFE, surface="2 m2", before={"doxorubicin": "0 mg/m2"}))
    assert amounts(found) == ["120 mg"] * 5


@pytest.mark.parametrize("zone", [None, BERLIN])
def test_a_restart_at_another_rate(zone):
    """An infusion that is restarted at 9 mcg/day runs on at that rate, and so do later cycles."""
    rows = [
        fact("held", "blinatumomab", datetime(2027, 1, 14, 10, tzinfo=zone)),
        fact("restarted", "blinatumomab", datetime(2027, 1, 17, 10, tzinfo=zone), amount="9 mcg/day"),
    ]
    study = INFUSION.replace("x1", "x2")
    found = drug(ledger(study, datetime(2027, 1, 4, 10), rows, zone="Europe/Berlin"))
    assert [one.ordered for one in found.administrations] == ["28 mcg/day CIV", "9 mcg/day CIV", "9 mcg/day CIV"]
    assert amounts(found) == ["280 mcg", "162 mcg", "252 mcg"]
    assert [str(infusion.total) for infusion in found.infusions] == amounts(found)
