"""Is the amount of every event of a cohort the ledger's, and empty where nobody knows it?"""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from tests.cohort.second_opinion import check

from regimen.cohort import amounts
from regimen.cohort.kernel import Cohort, events_of
from regimen.definition.loading import load_study
from regimen.facts import Fact
from regimen.library import load
from regimen.workdays import Site

SLE = load("belimumab-sle")
FIRST = date(2027, 1, 4)
COLUMNS = ("subject", "kind", "start", "amount", "unit")


def given(study, table, **options):
    """The amounts of the doses of each subject, with their units."""
    rows = [row for batch in events_of(study, table, columns=COLUMNS, **options) for row in batch.to_pylist()]
    found = {}
    for row in rows:
        if row["kind"] == "dose":
            found.setdefault(row["subject"], []).append((row["amount"], row["unit"]))
        else:
            assert (row["amount"], row["unit"]) == (None, None)
    return found


def batch(**columns):
    size = len(next(iter(columns.values())))
    rows = {"subject": [f"S-{n}" for n in range(size)], "first_dose": [FIRST] * size}
    return pa.RecordBatch.from_pydict(rows | columns)


def test_ten_mg_per_kg():
    """70 kg get 14 doses of 700 mg; without a weight, or a date, no amount is guessed."""
    found = given(SLE, batch(weight_kg=[70.0, 58.5, None, 70.0], first_dose=[FIRST, FIRST, FIRST, None]))
    assert found["S-0"] == [(700.0, "mg")] * 14
    assert found["S-1"] == [(585.0, "mg")] * 14
    assert found["S-2"] == found["S-3"] == [(None, None)] * 14


@pytest.mark.parametrize(
    ("column", "value"),
    [("weight", "70 kg"), ("weight", "70000 g"), ("weight_kg", 70), ("weight_kg", "70"), ("Weight kg", 70.0)],
)
def test_a_weight_is_written_in_many_ways(column, value):
    """Texts with a unit, or numbers under a name with a unit: the same dose."""
    assert given(SLE, batch(**{column: [value]}))["S-0"] == [(700.0, "mg")] * 14


def test_pounds():
    """154 lb are 69.85322498 kg: 698.5 mg once rounded as the ledger does, not 1,540 mg."""
    amount, unit = given(SLE, batch(weight=["154 lb"]))["S-0"][0]
    assert (amount, unit) == (pytest.approx(698.5, rel=1e-3), "mg")


def test_what_needs_more_than_a_weight(tmp_path):
    """A dose per m2 is empty with the weight alone, and there with the height; a flat dose is always there."""
    study = load_study(CAPPED.replace("LIFETIME", ""))
    found = given(study, batch(weight_kg=[70.0, 70.0], height_cm=[None, 170.0]))
    assert [amount for amount, _ in found["S-0"]].count(None) == 2 + 6
    assert None not in [amount for amount, _ in found["S-1"]]


CAPPED = """\
format: regimen/1
study: {id: made-up, title: A made-up study, first_day: 1}
anchors: {first_dose: first infusion}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
    doses:
      antibody: {dose: 10 mg/kg IV, when: every 1 mo x4, window: ±3 d, working_days: next}
      infusion: {dose: 9 mcg/m2/day CIV, when: "days 1-14, 29-42", dosing: {surface: Mosteller}}
      tablet: {dose: 5 mg PO, when: daily x3}
      anthracycline: {dose: 60 mg/m2 IV, when: q3w x6, dosing: {surface: Mosteller LIFETIME}}
"""


@pytest.mark.parametrize("lifetime", ["", ", lifetime: 300 mg/m2"])
@pytest.mark.parametrize("site", [None, Site()])
def test_infusions_months_and_caps(lifetime, site):
    """Of infusions the whole, of months every shape, with a lifetime cap: as the ledger has it."""
    bodies = [{"weight": "70 kg", "height": "170 cm"}, {"weight": "95.4 kg", "height": "181 cm"}, {"weight": "50 kg"}]
    people = [{"subject": f"S-{n}", "first_dose": FIRST + timedelta(days=n), **bodies[n % 3]} for n in range(0, 90, 2)]
    check(load_study(CAPPED.replace("LIFETIME", lifetime)), people, site=site)


def test_what_was_recorded_counts():
    """A journal that says what was given is believed; a dose that was missed has no amount."""
    facts = (Fact("given", "treatment/d0/belimumab", FIRST, number=1, amount="650 mg"),
             Fact("missed", "treatment/d14/belimumab", None, number=2, why="ill"))  # fmt: skip
    found = given(SLE, batch(weight_kg=[70.0, 70.0]), facts={"S-0": facts})
    assert found["S-0"][:3] == [(650.0, "mg"), (None, None), (700.0, "mg")]
    assert found["S-1"] == [(700.0, "mg")] * 14


def test_doses_without_an_amount_are_counted():
    """The kernel counts dated doses that have none; what waits for a date is counted elsewhere."""
    cohort = Cohort(SLE, columns=COLUMNS)
    list(cohort.events_of(batch(weight_kg=[70.0, None, None], first_dose=[FIRST, FIRST, None])))
    assert cohort.counted["unmeasured"] == 14
    assert cohort.counted["undated"] == 23
    without = Cohort(SLE, columns=("subject", "event"))
    list(without.events_of(batch(weight_kg=[None])))
    assert without.counted["unmeasured"] == 0


def test_many_weights_are_forgotten_and_found_again(monkeypatch):
    """However many weights there are, the table of amounts stays small, and every amount is right."""
    monkeypatch.setattr(amounts, "MOST", 1000)
    cohort = Cohort(SLE, columns=COLUMNS)
    for turn in range(4):
        weights = [40 + turn * 10 + n / 10 for n in range(100)]
        rows = [row for b in cohort.events_of(batch(weight_kg=weights)) for row in b.to_pylist()]
        doses = [row["amount"] for row in rows if row["kind"] == "dose"]
        assert doses == pytest.approx([10 * weight for weight in weights for _ in range(14)], abs=0.5)
    assert len(next(iter(cohort.amounts.values())).numbers) <= 200
