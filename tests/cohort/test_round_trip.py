"""Do the subjects that simulate draws reach the cohort and the forecast alike, whatever they are written as?"""

from __future__ import annotations

import csv
import io

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.commands import typed

from regimen.cohort.subjects import decision_column
from regimen.definition.loading import load_study
from regimen.library import load, names

ASSUMED = {"daratumumab-t-all": ("myeloma-label-one-year",)}
OPEN = ("--horizon", "24 mo")


def drawn(tmp_path, trial, ending, *options):
    """The path of a subject file that ``regimen simulate`` wrote, with an answer to every decision."""
    assume = ASSUMED.get(trial, ())
    study = load(trial, assume=assume)
    (tmp_path / "sites.csv").write_text(
        "site,start,rate,arm\n" + "".join(f"site {n},2027-01-0{n},2/mo,{arm}\n" for n, arm in enumerate(study.arms, 4))
    )
    shares = [text for name in study.decisions for text in ("--share", f"{name}=yes:0.5")]
    file = tmp_path / f"subjects{ending}"
    answer = typed("simulate", trial, "--enrol", str(tmp_path / "sites.csv"), "--weeks", "40", "--seed", "3",
                   *shares, *(f"--assume={name}" for name in assume), *options, "-o", str(file))  # fmt: skip
    assert answer.code == 0, answer.err
    return file


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
@pytest.mark.parametrize("trial", names())
def test_simulated_subjects_are_read_by_both(tmp_path, trial, ending):
    """Of the five trials: a cohort has exactly the doses and visits that the forecast of the same file counts."""
    file = drawn(tmp_path, trial, ending, "--weight", "70 kg", "--height", "170 cm")
    assume = [f"--assume={name}" for name in ASSUMED.get(trial, ())]
    out = tmp_path / "events.parquet"
    answer = typed("cohort", trial, str(file), "-o", str(out), *assume, *OPEN)
    assert answer.code == 0, answer.err
    assert "Not used" not in answer.out
    events = pq.read_table(out)
    events = events.filter(pc.is_valid(events["start"]))
    looked = ("--from", "2026-01-01", "--until", "2040-12-31", "--by", "month", *assume, *OPEN)
    told = typed("forecast", trial, "--enrol", str(file), *looked, "-o", str(tmp_path / "forecast.csv"))
    assert told.code == 0, told.err
    rows = list(csv.DictReader(io.StringIO((tmp_path / "forecast.csv").read_text(encoding="utf-8"))))
    counted = {kind: sum(float(row["expected"]) for row in rows if row["kind"] == kind and row["site"] == "all")
               for kind in ("subjects", "doses", "visits")}  # fmt: skip
    assert counted["subjects"] == len(set(events["subject"].to_pylist())) > 5
    for kind, name in (("doses", "dose"), ("visits", "visit")):
        assert round(counted[kind]) == pc.sum(pc.equal(events["kind"], name)).as_py(), kind


CLASH = """\
format: regimen/1
study: {id: clash, title: An anchor and a decision of one name, first_day: 0}
anchors: {first_dose: first infusion, transplant: day of transplantation}
decisions:
  transplant: {question: Is there a transplantation?, options: ["yes", "no"]}
arms: {main: [treatment, after]}
epochs:
  treatment:
    from: first_dose
    doses: {antibody: {dose: 10 mg IV, when: q1w x3}}
  after:
    from: end of treatment
    if: transplant = yes
    doses: {tablet: {dose: 5 mg PO, when: daily x2}}
"""


def test_a_decision_named_like_an_anchor(tmp_path):
    """It is the column decide_NAME for all three: drawn, counted and dated."""
    trial = tmp_path / "clash.yaml"
    trial.write_text(CLASH, encoding="utf-8")
    assert decision_column(load_study(CLASH), "transplant") == "decide_transplant"
    (tmp_path / "sites.csv").write_text("site,start,rate\nA,2027-01-04,1/w\n")
    file = tmp_path / "subjects.csv"
    given = ("simulate", str(trial), "--enrol", str(tmp_path / "sites.csv"), "--weeks", "30", "--seed", "1")
    assert typed(*given, "--share", "transplant=yes:0.5", "-o", str(file)).code == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    yes = sum(row["decide_transplant"] == "yes" for row in rows)
    assert 0 < yes < len(rows) == 30
    assert typed("cohort", str(trial), str(file), "-o", str(tmp_path / "out.parquet")).code == 0
    events = pq.read_table(tmp_path / "out.parquet")
    assert pc.sum(pc.equal(events["kind"], "dose")).as_py() == 3 * 30 + 2 * yes
    assert doses(tmp_path, "tablet", str(trial), "--enrol", str(file), "--weeks", "60") == 2 * yes


def test_what_nobody_decided_is_said(tmp_path):
    """Without an answer the draw says which decisions are open, and the forecast asks for one."""
    (tmp_path / "sites.csv").write_text("site,start,rate\nA,2027-01-04,1/w\n")
    file = tmp_path / "subjects.csv"
    trial = "blinatumomab-mrd"
    answer = typed(
        "simulate", trial, "--enrol", str(tmp_path / "sites.csv"), "--weeks", "9", "--seed", "1", "-o", str(file)
    )
    assert "nothing is decided of transplant, retreatment; --decide transplant=yes" in answer.err
    told = typed("forecast", trial, "--enrol", str(file), "--weeks", "60")
    assert told.code == 1
    assert "is not decided" in told.err


def test_an_answer_of_ones_own_counts(tmp_path):
    """A subject's own answer holds, whatever is declared for the others."""
    trial = tmp_path / "clash.yaml"
    trial.write_text(CLASH, encoding="utf-8")
    (tmp_path / "one.csv").write_text(
        "subject,site,first_dose,decide_transplant\nA,x,2027-01-04,yes\nB,x,2027-01-04,\nC,x,2027-01-05,no\n"
    )
    given = (str(trial), "--enrol", str(tmp_path / "one.csv"), "--weeks", "9")
    assert doses(tmp_path, "tablet", *given, "--decide", "transplant=no") == 2
    assert doses(tmp_path, "tablet", *given, "--share", "transplant=yes:0.5") == 3


def doses(tmp_path, item, *options):
    """How many doses of a drug a forecast expects in all."""
    file = tmp_path / "counted.csv"
    told = typed("forecast", *options, "-o", str(file))
    assert told.code == 0, told.err
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))
    wanted = ("doses", item, "all")
    return sum(float(row["expected"]) for row in rows if (row["kind"], row["item"], row["site"]) == wanted)
