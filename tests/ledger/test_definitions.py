"""What may a definition declare about amounts, and how is a mistake told? At its line and column, with what to do."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.journals import study_from

from regimen.definition.dosing import Formula, Ideal
from regimen.definition.loading import load_study
from regimen.dosing import Calvert, Choice
from regimen.dosing.declared import declared
from regimen.dosing.surface import FORMULAS
from regimen.dosing.weights import IDEAL_FORMULAS
from regimen.errors import DefinitionError
from regimen.notation.banded import Bands
from regimen.quantities import read_amount, read_quantity

FULL = """
    doses:
      drug:
        dose: 5 mg/kg/day CIV
        when: days 1-7
        dosing:
          surface: Du Bois
          surface_decimals: 2
          surface_weight: ideal
          weight: {basis: adjusted, formula: Robinson, factor: 0.25, above: 130 %}
          measure: C1D1
          recalculate: 5 %
          compared_with: baseline
          calvert: {gfr: Cockcroft-Gault, cap: 125 mL/min, floor: none, weight: ideal}
          rounding: down
          round_limit: 5 %
          lifetime: 550 mg/m2
          reduce: after the cap
        bags: {change: 'Mon, Thu', longest: 4 d, not_below: {96 h: 22 kg}}
        vials: {strengths: [120 mg, 0.4 g], take: fewest vials}
        levels: {minus-1: 4 mg/kg/day CIV}
"""


def item_of(study, key="drug"):
    return study.epochs["treatment"].doses[key]


def test_every_key_becomes_a_value():
    """Each declared key arrives where amounts are calculated."""
    found = declared(item_of(study_from(FULL)))
    policy = found.policy
    assert (policy.surface, policy.surface_decimals, policy.surface_weight.kind) == ("Du Bois", 2, "ideal")
    weight = policy.weight
    assert (weight.kind, weight.formula, weight.factor, weight.above) == ("adjusted", "Robinson", Fraction(1, 4), 130)
    assert found.choices == dict.fromkeys(("weight", "surface"), Choice("C1D1", Fraction(5), False))
    assert policy.calvert == Calvert("Cockcroft-Gault", "125 mL/min", None, policy.surface_weight)
    assert (policy.rounding.mode, policy.rounding.limit) == ("down", 5)
    assert (policy.lifetime, policy.reduce) == (read_amount("550 mg/m2"), "after the cap")
    assert (found.bags.weekdays, found.bags.longest, found.bags.not_below) == ((0, 3), 96, ((96, Fraction(22)),))
    assert (found.vials.strengths, found.vials.take) == (
        (read_quantity("120 mg"), read_quantity("0.4 g")),
        "fewest vials",
    )
    assert list(policy.levels) == ["minus-1"]


def test_the_drug_overrides_the_study():
    """What the drug says counts; what it leaves out counts as the study says."""
    study = load_study(
        """
format: regimen/1
study: {id: s, title: S, first_day: 1, dosing: {surface: Boyd, measure: latest, round_limit: 3 %}}
anchors: {first_dose: first dose}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
    doses:
      one: {dose: 5 mg/m2 IV, when: day 1, dosing: {surface: Haycock}}
      two: {dose: 5 mg/m2 IV, when: day 1}
"""
    )
    one, two = (declared(item_of(study, key), study.study.dosing) for key in ("one", "two"))
    assert (one.policy.surface, two.policy.surface) == ("Haycock", "Boyd")
    assert one.policy.rounding == two.policy.rounding
    assert one.choices == two.choices != {}


def test_nothing_declared_is_nothing_guessed():
    """Without keys there is no formula of the surface, no Calvert, no bags, no vials; rounding is limited to 10 %."""
    found = declared(item_of(study_from("    doses:\n      drug: {dose: 5 mg PO, when: day 1}")))
    assert (found.policy.surface, found.policy.calvert, found.bags, found.vials, found.said) == (
        None, None, None, None, (),
    )  # fmt: skip
    assert found.policy.rounding.limit == 10


def test_the_names_are_those_of_the_formulas():
    """A definition may name each formula there is, and no other."""
    assert set(Formula.__args__) == set(FORMULAS)
    assert set(Ideal.__args__) == set(IDEAL_FORMULAS)


@pytest.mark.parametrize(
    ("bands", "kind"),
    [
        ("{'<45 kg': 5 mg PO, '>=45 kg': 10 mg PO}", "weight"),
        ("{below 1.5 m2: 5 mg PO, from 1.5 m2: 10 mg PO}", "surface"),
        ("{below 12 years: 5 mg PO, from 12 to <18 years: 7 mg PO, from 18 years: 10 mg PO}", "age"),
        ("{below 6 months: 5 mg PO, from 6 months: 10 mg PO}", "age"),
    ],
)
def test_a_dose_by_bands(bands, kind):
    """A dose may be one text for each band; the unit of the limits says of what."""
    dose = item_of(study_from(f"    doses:\n      drug: {{dose: {bands}, when: day 1}}")).dose
    assert isinstance(dose.amount, Bands)
    assert (dose.amount.kind, dose.route) == (kind, "PO")


HEAD = "    doses:\n      drug:\n        dose: 5 mg/kg/day CIV\n        when: days 1-7\n"
IN = " " * 8
DOSED = HEAD + "        dosing: {"
BAD = [
    (DOSED + "surface: Mostellar}", "12:27", "dosing.surface", ("allowed is Mosteller", "did you mean Mosteller?")),
    (DOSED + "surfaces: Boyd}", "12:18", "dosing.surfaces", ("'surfaces' is not known", "did you mean surface?")),
    (DOSED + "surface_decimals: two}", "12:36", "dosing.surface_decimals", ("not a whole number",)),
    (DOSED + "surface_decimals: 11}", "12:17", "dosing", ("0 to 10 decimals",)),
    (DOSED + "weight: lean}", "12:26", "dosing.weight.basis", ("allowed is actual or ideal or adjusted",)),
    (DOSED + "weight: {basis: adjusted, factor: 40}}", "12:52", "dosing.weight.factor", ("from 0 to 1",)),
    (DOSED + "weight: {basis: ideal, above: 120}}", "12:48", "dosing.weight.above", ("not a percentage", "10 %")),
    (DOSED + "recalculate: 10 %}", "12:17", "dosing", ("needs measure:",)),
    (DOSED + "measure: latest, recalculate: 10}", "12:48", "dosing.recalculate", ("not a percentage",)),
    (DOSED + "measure: latest, recalculate: -5 %}", "12:48", "dosing.recalculate", ("negative",)),
    (DOSED + "calvert: {gfr: Cockcroft, cap: none, floor: none}}", "12:33", "dosing.calvert.gfr", ("Cockcroft-Gault",)),
    (DOSED + "calvert: {gfr: measured, cap: '125', floor: none}}", "12:48", "dosing.calvert.cap", ("125 mL/min",)),
    (DOSED + "calvert: {gfr: measured, cap: none}}", "12:27", "dosing.calvert.floor", ("it is missing", "0.7 mg/dL")),
    (DOSED + "calvert: {gfr: measured, cap: none, floor: 0 mg/dL}}", "12:61", "dosing.calvert.floor", ("it is 0",)),
    (DOSED + "round_limit: ten}", "12:31", "dosing.round_limit", ("not a percentage",)),
    (DOSED + "lifetime: 550 mg/m2/day}", "12:28", "dosing.lifetime", ("is a rate",)),
    (DOSED + "lifetime: 550}", "12:28", "dosing.lifetime", ("550 has no unit",)),
    (DOSED + "lifetime: 5.0 mg}", "12:28", "dosing.lifetime", ("ten times as much", "write 5.")),
    (DOSED + "reduce: sometimes}", "12:26", "dosing.reduce", ("before the cap or after the cap",)),
    (HEAD + IN + "bags: 24", "12:15", "bags.change", ("no rule for bags", "24 h")),
    (HEAD + IN + "bags: 0 h", "12:15", "bags", ("more than 0 h",)),
    (HEAD + IN + "bags: Mon, Thu", "12:15", "bags", ("say how many hours",)),
    (HEAD + IN + "bags: {change: 96 h, longest: 48 h}", "12:15", "bags", ("96 h runs longer than the 48 h",)),
    (HEAD + IN + "bags: {change: 7 d, not_below: {7 d: '22'}}", "12:46", 'bags.not_below."7 d"', ("22 has no unit",)),
    (HEAD + IN + "bags: {change: 7 d, not_below: {long: 22 kg}}", "12:41", "bags.not_below.long", ("not a length",)),
    (HEAD + IN + "vials: {strengths: []}", "12:28", "vials.strengths", ("empty",)),
    (HEAD + IN + "vials: {strengths: [120 mg/kg]}", "12:29", "vials.strengths[0]", ("depends on the subject",)),
    (HEAD + IN + "vials: {strengths: [120 mg, 400]}", "12:37", "vials.strengths[1]", ("400 has no unit",)),
    (HEAD + IN + "vials: {strengths: [120 units]}", "12:29", "vials.strengths[0]", ("does not measure",)),
    (HEAD + IN + "vials: {strengths: [1 mg], take: cheapest}", "12:42", "vials.take", ("least waste or fewest vials",)),
    (HEAD + IN + "tablets: {strengths: [5 mg], halves: maybe}", "12:46", "tablets.halves", ("yes or no",)),
    (HEAD + IN + "vials: {strengths: [5 mg]}\n        tablets: {strengths: [5 mg]}", "13:9", "tablets", ("both",)),
    (HEAD.replace("CIV", "CIV bags 24 h") + IN + "bags: 48 h", "12:9", "bags", ("bags 24 h", "again")),
    (HEAD.replace("/kg/day CIV", " PO") + IN + "bags: 48 h", "12:9", "bags", ("continuous infusions",)),
]  # fmt: skip


@pytest.mark.parametrize(("epoch", "place", "path", "words"), BAD)
def test_a_wrong_declaration_is_told_at_its_place(epoch, place, path, words):
    """The problem says line, column and key, what was found, what is allowed and what to do; no study comes of it."""
    with pytest.raises(DefinitionError) as caught:
        study_from(epoch)
    (problem,) = caught.value.problems
    assert (f"{problem.line}:{problem.column}", problem.path) == (place, f"epochs.treatment.doses.drug.{path}")
    for word in words:
        assert word in str(problem)


BANDS = "    doses:\n      drug:\n        when: day 1\n        dose:\n"
BAD_BANDS = [
    ("          '<45 kg': 5 mg PO\n          '>=50 kg': 10 mg PO", "dose", "gap from 45 to 50 kg"),
    ("          '<45 kg': 5 mg PO\n          '>=40 kg': 10 mg PO", "dose", "overlap"),
    ("          '<45 kg': 5 mg PO\n          '>=1.5 m2': 10 mg PO", "dose", "do not say what the bands are of"),
    ("          '<45': 5 mg PO\n          '>=45': 10 mg PO", "dose", "kg for weight, m2 for body surface"),
    ("          '<=45 kg': 5 mg PO\n          '>45 kg': 10 mg PO", "dose", "leaves open to which band"),
    ("          '<45 kg': 5 mg PO\n          '>=45 kg': 10 mg IV", "dose", "differ in route"),
    ("          '<45 kg': 5 mgg PO\n          '>=45 kg': 10 mg PO", 'dose."<45 kg"', "'mgg' is not a dose unit"),
    ("          '<45 kg': 9 mcg/day IV\n          '>=45 kg': 28 mcg/day IV", "dose", "continuous"),
]  # fmt: skip


@pytest.mark.parametrize(("bands", "path", "words"), BAD_BANDS)
def test_a_wrong_band_is_told_at_its_place(bands, path, words):
    """Gaps, overlaps, limits without a unit, closed ends and doses that do not go together give no study."""
    with pytest.raises(DefinitionError) as caught:
        study_from(BANDS + bands)
    problem = caught.value.problems[0]
    assert problem.path == f"epochs.treatment.doses.drug.{path}"
    assert problem.line in (11, 12)
    assert words in str(problem)


def test_a_cap_for_life_belongs_to_a_drug():
    """A study cannot declare one lifetime cap for all its drugs, and a source must be one it lists."""
    text = """
format: regimen/1
study: {id: s, title: S, first_day: 1, dosing: {lifetime: 5 mg, source: labell}}
sources: {label: The label}
anchors: {first_dose: first dose}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
    source: label
    doses:
      one: {dose: 5 mg/m2 IV, when: day 1, vials: {strengths: [5 mg], source: lable}}
"""
    with pytest.raises(DefinitionError) as caught:
        load_study(text)
    told = "\n".join(map(str, caught.value.problems))
    assert "study.dosing.lifetime: a lifetime cap is of one drug" in told
    assert "study.dosing.source: there is no source 'labell'" in told
    assert "epochs.treatment.doses.one.vials.source: there is no source 'lable'; the sources are label" in told


def test_an_assumption_may_set_bands():
    """A dose by bands that an assumption sets is marked as assumed, like any other value."""
    text = """
format: regimen/1
study: {id: s, title: S, first_day: 1}
anchors: {first_dose: first dose}
arms: {main: [treatment]}
assumptions:
  by-weight:
    title: by weight
    reason: the label has it so
    sets: {epochs: {treatment: {doses: {one: {dose: {below 45 kg: 5 mg PO, from 45 kg: 10 mg PO}}}}}}
epochs:
  treatment:
    from: first_dose
    doses:
      one: {dose: not stated, when: day 1, not_stated: {dose: nobody says}}
"""
    item = item_of(load_study(text, assume=["by-weight"]), "one")
    assert item.assumed == {"dose": "by weight: the label has it so"}
    assert item.not_stated == {}
