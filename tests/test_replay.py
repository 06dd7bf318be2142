"""What does ``--journal`` take from a journal, what may be given besides, and what does it refuse?"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.commands import ROOT, typed

import regimen
from regimen.checks.dated import with_findings
from regimen.errors import JournalError, RegimenError
from regimen.facts import Fact
from regimen.journal import append, open_journal, read_journal
from regimen.render.tables import as_text

V1 = ROOT / "examples" / "subjects" / "version-1.yaml"
V2 = ROOT / "examples" / "subjects" / "version-2.yaml"
S1 = ROOT / "examples" / "subjects" / "s001.jsonl"
NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
MONDAY = date(2027, 1, 4)


def opened(path: Path, trial: str, **more: object) -> Path:
    """A journal of subject 007 for a shipped trial."""
    definition = regimen.load(trial, assume=more.get("assume", ()))
    about = {"study": definition.study.id, "arm": next(iter(definition.arms)), "subject": "007", "trial": trial}
    open_journal(path, by="AN", now=NOW, **about, **more)
    return path


def journal(path: Path, trial: str, *facts: Fact, **more: object) -> Path:
    """The same, with facts."""
    opened(path, trial, **more)
    for fact in facts:
        append(path, replace(fact, by="AN"), now=NOW, unchecked=True)
    return path


def anchor(name: str = "first_dose", on: date = MONDAY) -> Fact:
    return Fact("anchor", name, on)


def refused(*arguments: object) -> str:
    answer = typed(*map(str, arguments))
    assert (answer.code, answer.out) == (1, "")
    return answer.err


# ---------------------------------------------------------------- from Python


def test_a_journal_is_enough():
    """The path of a journal gives the calendar of its subject, by the definition that it names."""
    calendar = regimen.replay(S1)
    given = [event for event in calendar.of_kind("dose") if event.state == "given"]
    assert [(event.start.isoformat(), event.given) for event in given] == [
        ("2027-01-04", "135 mg"), ("2027-01-30", "135 mg"),
    ]  # fmt: skip
    assert (calendar.journal.subject, calendar.journal.lines) == ("001", 9)
    assert calendar.journal.newest == datetime(2027, 2, 5, 8, tzinfo=UTC)


def test_a_journal_that_was_read():
    """What ``read_journal`` gives is taken as well, on another version of the study too."""
    read = regimen.read_journal(S1)
    assert regimen.replay(read) == regimen.replay(str(S1)) == regimen.replay(S1, V1)
    newer = regimen.replay(read, regimen.load(V2))
    assert len(newer) > len(regimen.replay(read))


def test_facts_alone():
    """``expand`` takes facts without a file; the calendar then says how many they were."""
    facts = read_journal(S1).facts
    calendar = regimen.expand(V1, {}, facts=facts)
    assert calendar == regimen.replay(S1)
    assert (calendar.journal.lines, calendar.journal.subject) == (9, "")


def test_a_plan_has_no_journal():
    """Without facts nothing is said of a journal."""
    assert regimen.expand("belimumab-sle", {"first_dose": "2027-01-04"}).journal is None


def test_arm_assumptions_and_zone_come_from_the_journal(tmp_path):
    """All that the opening line says is used."""
    path = journal(tmp_path / "j.jsonl", "daratumumab-t-all", anchor(), assume=("myeloma-label",), zone="Europe/Berlin")
    replayed = regimen.replay(path)
    assert len(replayed) == 38
    assert "Clock times are in Europe/Berlin." in replayed.conventions


def test_another_horizon_may_be_looked_at(tmp_path):
    """How far an open end is shown comes from the journal, and may be chosen anew."""
    definition, path = ROOT / "examples" / "until-progression.yaml", tmp_path / "j.jsonl"
    study = regimen.load(definition)
    about = {"study": study.study.id, "arm": next(iter(study.arms)), "subject": "007", "horizon": "3 mo"}
    open_journal(path, by="AN", now=NOW, **about)
    append(path, replace(anchor(), by="AN"), now=NOW, unchecked=True)
    short, long = regimen.replay(path, definition), regimen.replay(path, definition, horizon="12 mo")
    assert [event.start for event in long][: len(short) - 1] == [event.start for event in short][:-1]
    assert len(long) > len(short)


def test_what_the_journal_does_not_say_may_be_given(tmp_path):
    """An anchor, an answer or a zone that the journal leaves open can be given for a look."""
    path = opened(tmp_path / "j.jsonl", "blinatumomab-mrd")
    with pytest.raises(RegimenError, match="no date is given to count from"):
        regimen.replay(path)
    calendar = regimen.replay(path, on={"first_dose": "2026-03-02"}, decide={"transplant": "yes"})
    assert len(calendar.of_kind("dose")) == 5
    assert regimen.replay(path, on={"first_dose": "2026-03-02T10:00"}, zone="Europe/Berlin").journal.lines == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"arm": "other"}, r"the arm is other as given, and blinatumomab in .*j\.jsonl \(line 1\)"),
        ({"zone": "Europe/Lisbon"}, r"the time zone is Europe/Lisbon as given, and Europe/Berlin in .* \(line 1\)"),
        ({"on": {"first_dose": "2026-03-03"}}, r"first_dose is 2026-03-03.* as given, and .* \(line 2\)"),
        ({"decide": {"transplant": "no"}}, r"transplant is no as given, and yes in the journal \(line 3\)"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_contradiction_is_refused(given, words, tmp_path):
    """What is given besides may not say otherwise than the journal; the same twice is no contradiction."""
    on = datetime(2026, 3, 2, 10, tzinfo=UTC)
    facts = (Fact("anchor", "first_dose", on), Fact("decision", "transplant", answer="yes"))
    path = journal(tmp_path / "j.jsonl", "blinatumomab-mrd", *facts, zone="Europe/Berlin")
    assert regimen.replay(
        path, arm="blinatumomab", decide={"transplant": "yes"}, zone="Europe/Berlin"
    ) == regimen.replay(path)
    with pytest.raises(RegimenError, match=words):
        regimen.replay(path, **given)


def test_another_study_is_refused(tmp_path):
    """A trial that the journal is not of is refused, with both studies, the subject and the file."""
    path = journal(tmp_path / "j.jsonl", "belimumab-sle", anchor())
    with pytest.raises(RegimenError) as found:
        regimen.replay(path, "blinatumomab-mrd")
    assert str(found.value) == (
        f"blinatumomab-mrd is of study blinatumomab-mrd, and {path} is the journal of subject 007 of study "
        "belimumab-sle; give a definition of belimumab-sle, or the journal of a subject of blinatumomab-mrd."
    )


def test_a_damaged_journal_is_refused(tmp_path):
    """A journal that is not as it was written gives no calendar, and its faults are told."""
    path = journal(tmp_path / "j.jsonl", "belimumab-sle", anchor())
    path.write_text(path.read_text("utf-8").replace("2027-01-04", "2027-01-11"), encoding="utf-8")
    with pytest.raises(JournalError, match="changed after it was written"):
        regimen.replay(path)


# ---------------------------------------------------------------- typed


def test_the_journal_beside_its_trial_or_alone():
    """``calendar TRIAL --journal FILE`` and ``calendar FILE`` print the same."""
    beside = typed("calendar", str(V1), "--journal", str(S1))
    alone = typed("calendar", str(S1))
    assert (beside.code, beside.err) == (0, "")
    assert beside.out == alone.out == as_text(with_findings(regimen.replay(S1)))


@pytest.mark.parametrize("chosen", ["text", "md", "csv", "json"])
def test_every_format(chosen):
    """Every format of the calendar knows the journal."""
    out = typed("calendar", str(S1), "--format", chosen).out
    assert "neutropenia" in out
    if chosen == "csv":
        row = next(row for row in csv.DictReader(io.StringIO(out)) if row["id"] == "treatment/c2/d1/docetaxel")
        assert (row["state"], row["planned"], row["actual"], row["given"]) == (
            "given",
            "2027-01-25",
            "2027-01-30",
            "135 mg",
        )
    if chosen == "json":
        assert json.loads(out)["journal"]["lines"] == 9


@pytest.mark.parametrize("verb", ["ics", "gantt", "windows"])
def test_every_verb_that_dates_a_subject(verb, tmp_path):
    """Calendar files, timelines and windows are made after the journal, too."""
    pytest.importorskip("matplotlib")
    output = tmp_path / {"ics": "s.ics", "gantt": "s.svg", "windows": "s.txt"}[verb]
    more = ("--profile", "full") if verb == "ics" else ()
    assert typed(verb, str(V1), "--journal", str(S1), "-o", str(output), *more).code == 0
    whole = output.read_text(encoding="utf-8").replace("\n ", "")
    assert {"ics": "Given: 135 mg", "gantt": "<svg", "windows": "missed"}[verb] in whole


def test_a_calendar_file_after_a_journal_is_of_that_subject(tmp_path):
    """Entries of two subjects have ids of their own, by the keys in their journals."""
    one, two = (tmp_path / f"{n}.ics" for n in (1, 2))
    for source, path in ((S1, one), (S1.with_name("s002.jsonl"), two)):
        assert typed("ics", str(source), "-o", str(path)).code == 0
    ids = [{line for line in path.read_text("utf-8").splitlines() if line.startswith("UID")} for path in (one, two)]
    assert ids[0] & ids[1] == set()


def test_two_journals_are_refused():
    """A journal in the place of the trial and another beside it: whose calendar would it be?"""
    said = refused("calendar", S1, "--journal", S1.with_name("s002.jsonl"))
    assert "are two journals; give a trial with --journal FILE, or one journal alone, such as: regimen calendar" in said


def test_another_study_is_refused_when_typed():
    """The refusal names both studies."""
    said = refused("calendar", "belimumab-sle", "--journal", S1)
    assert "belimumab-sle is of study belimumab-sle, and" in said
    assert "is the journal of subject 001 of study amended" in said


def test_a_definition_that_is_another_file_is_said():
    """Where the definition is not the file that the journal was opened with, that is said, and the calendar is made."""
    answer = typed("calendar", str(V2), "--journal", str(S1))
    assert answer.code == 0
    assert f"note: {V2} is not as the definition was when {S1} was opened." in answer.err


def test_a_journal_whose_definition_is_gone(tmp_path):
    """A journal away from its definition says what cannot be found, and can be read with the trial beside it."""
    away = tmp_path / "s001.jsonl"
    away.write_bytes(S1.read_bytes())
    assert "version-1.yaml" in refused("calendar", away)
    assert typed("calendar", str(V1), "--journal", str(away)) == typed("calendar", str(V1), "--journal", str(S1))
    assert typed("deviations", str(V1), "--journal", str(away)).code == 0
    assert "there is no such file" in refused("diff", V1, away)


def test_a_journal_that_is_missing_is_said(tmp_path):
    """A path without a file is named."""
    assert str(tmp_path / "s.jsonl") in refused("calendar", tmp_path / "s.jsonl")
    assert str(tmp_path / "s.jsonl") in refused(
        "gantt", V1, "--journal", tmp_path / "s.jsonl", "-o", tmp_path / "s.png"
    )
