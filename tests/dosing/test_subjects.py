"""What does a subject file say, which measure applies when, and is every mistake told with its line?"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from tests.dosing.given import given

from regimen.dosing import Choice, choose, read_measure
from regimen.dosing.subjects import read_subject
from regimen.errors import DefinitionError, DosingError

TEXT = """\
format: regimen-subject/1
subject: S-001
sex: female
measures:
  - on: 2026-12-20
    at: screening
    weight: 70 kg
    height: 170 cm
    age: 54 years
    creatinine: 80 micromol/L
  - on: 2027-01-04
    at: C1D1
    weight: 73 kg
  - on: 2027-02-01
    weight: 78 kg
  - on: 2027-03-01
    weight: 84 kg
"""
CYCLES = [date(2027, 1, 4), date(2027, 2, 1), date(2027, 3, 1)]


def test_a_subject_file_gives_dated_measures():
    """Sex, pseudonym and every measure with its day and occasion."""
    subject = read_subject(TEXT)
    assert (subject.name, subject.sex, subject.warnings) == ("S-001", "female", ())
    assert [(m.written, m.occasion) for m in subject.series("weight")] == [
        ("70 kg", "screening"),
        ("73 kg", "C1D1"),
        ("78 kg", ""),
        ("84 kg", ""),
    ]


def test_json_is_read_too():
    """The same in JSON."""
    text = '{"format": "regimen-subject/1", "subject": "S-2", "measures": [{"on": "2027-01-04", "weight": "154 lb"}]}'
    assert read_subject(text).series("weight")[0].value == Fraction("69.85322498")


APPLIES = [
    ("latest", None, True, ["73 kg", "78 kg", "84 kg"]),
    ("screening", None, True, ["70 kg", "70 kg", "70 kg"]),
    ("C1D1", None, True, ["73 kg", "73 kg", "73 kg"]),
    # 73 is 4.3 % from 70; 78 is 11.4 %: anew; 84 is 7.7 % from 78, which is now the baseline, or 20 % from 70.
    ("screening", 10, True, ["70 kg", "78 kg", "78 kg"]),
    ("screening", 10, False, ["70 kg", "78 kg", "84 kg"]),
    ("C1D1", 10, True, ["73 kg", "73 kg", "84 kg"]),
    # From cycle to cycle 6.8 % and 7.7 %: never anew, although the weight crept up by 15 %.
    ("previous cycle", 10, True, ["73 kg", "73 kg", "73 kg"]),
    ("previous cycle", 7, True, ["73 kg", "73 kg", "84 kg"]),
    ("previous cycle", None, True, ["73 kg", "73 kg", "78 kg"]),
    ("latest", 10, True, ["70 kg", "78 kg", "78 kg"]),
]


@pytest.mark.parametrize(("baseline", "change", "moves", "weights"), APPLIES)
def test_the_study_says_which_weight_applies(baseline, change, moves, weights):
    """Latest, an occasion, or the previous cycle; with or without a change that makes the dose anew."""
    rule = Choice(baseline, None if change is None else Fraction(change), moves)
    subject = read_subject(TEXT)
    used = [subject.on(day, {"weight": rule}, CYCLES[: n + 1]).get("weight").written for n, day in enumerate(CYCLES)]
    assert used == weights


def test_a_change_of_exactly_the_limit_is_not_more_than_it():
    """77 kg differs from 70 kg by exactly 10 %: the dose stays; at 77.01 kg it is calculated anew."""
    base = read_measure("weight", "70 kg", date(2027, 1, 4), "screening")
    rule = Choice("screening", Fraction(10))
    for text, used in (("77 kg", "70 kg"), ("77.01 kg", "77.01 kg"), ("63 kg", "70 kg"), ("62.9 kg", "62.9 kg")):
        later = read_measure("weight", text, date(2027, 2, 1))
        chosen = choose([base, later], date(2027, 2, 2), rule)
        assert chosen.measure.written == used
    assert chosen.steps == (
        "weight 70 kg (screening, Mon 4 Jan 2027) is the baseline",
        "weight 62.9 kg (Mon 1 Feb 2027) differs by 10.1429 % from 70 kg, more than 10 %: calculated anew",
    )


def test_the_reason_for_a_weight_is_a_step_of_the_dose():
    """A dose says which weight it counts from and why."""
    measures = read_subject(TEXT).on(date(2027, 2, 1), {"weight": Choice("screening", Fraction(10))}, CYCLES[:2])
    assert given("10 mg/kg IV", measures).sentence == (
        "weight 70 kg (screening, Sun 20 Dec 2026) is the baseline; weight 78 kg (Mon 1 Feb 2027) differs by 11.4286 % "
        "from 70 kg, more than 10 %: calculated anew; 10 mg/kg × 78 kg = 780 mg; no cap; not rounded"
    )


def test_no_later_measure_is_used():
    """A dose never counts from a measure that was taken after it."""
    subject = read_subject(TEXT)
    assert subject.on(date(2026, 12, 31)).get("weight").written == "70 kg"
    with pytest.raises(DosingError, match="no measure was taken on or before Sat 19 Dec 2026"):
        subject.on(date(2026, 12, 19))


def test_an_occasion_marked_twice_is_refused():
    """Two screenings: which one is not guessed."""
    text = TEXT.replace("at: C1D1", "at: screening")
    with pytest.raises(DosingError, match="2 measures are marked 'screening'"):
        read_subject(text).on(date(2027, 3, 1), {"weight": Choice("screening")})


MISTAKES = [
    ("on: 2027-01-04", "on: 2026-12-20", 5, "two measures of weight on 2026-12-20: 70 kg and 73 kg"),
    ("sex: female", "sex: f", 3, "female or male"),
    ("subject: S-001", "name: S-001", 2, "not known here"),
    ("format: regimen-subject/1", "format: regimen/1", 1, "regimen-subject/1"),
    ("weight: 70 kg", "weight: 70", 7, "has no unit"),
    ("weight: 70 kg", "wieght: 70 kg", 7, "did you mean weight"),
    ("weight: 70 kg", "weight: 700 kg", 5, "Was 700 lb meant"),
    ("height: 170 cm", "height: 1.7", 8, "1.7 cm or 1.7 m"),
    ("on: 2027-02-01", "on: 01/02/2027", 14, "is not a date"),
    ("on: 2027-02-01", "on: 2027-02-30", 14, "February 2027 has 28 days"),
    ("  - on: 2027-02-01\n    weight: 78 kg", "  - weight: 78 kg", 14, "has no date"),
    ("  - on: 2027-02-01\n    weight: 78 kg", "  - on: 2027-02-01", 14, "nothing is measured"),
    ("creatinine: 80 micromol/L", "creatinine: 0 micromol/L", 10, "it is 0"),
    ("creatinine: 80 micromol/L", "creatinine:", 10, "has no value"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "why"), MISTAKES)
def test_every_mistake_is_told_with_its_line(right, wrong, line, why):
    """Line, key path, what was found and what to do."""
    assert right in TEXT
    with pytest.raises(DefinitionError) as caught:
        read_subject(TEXT.replace(right, wrong, 1), name="subject.yaml")
    assert line in [problem.line for problem in caught.value.problems]
    assert why in str(caught.value)
    assert "subject.yaml" in str(caught.value)


def test_all_mistakes_are_told_at_once():
    """Three mistakes, three problems."""
    text = TEXT.replace("sex: female", "sex: f").replace("170 cm", "170").replace("80 micromol/L", "80 mg/L")
    with pytest.raises(DefinitionError) as caught:
        read_subject(text)
    assert [problem.line for problem in caught.value.problems] == [3, 8, 10]


def test_unusual_measures_and_jumps_are_warned_of():
    """154 kg after 70 kg were probably pounds."""
    subject = read_subject(TEXT.replace("73 kg", "154 kg"))
    assert any("the ratio is that of kg to lb" in warning for warning in subject.warnings)
    assert subject.on(date(2027, 1, 4)).warnings == subject.warnings
