"""What do ``regimen diff``, ``deviations`` and ``amend`` print, and what do they refuse?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.commands import ROOT, Answer, typed

from regimen.journal import read_journal, verify
from regimen.subjects import digest_of, trial_of

SUBJECTS = ROOT / "examples" / "subjects"
V1, V2 = str(SUBJECTS / "version-1.yaml"), str(SUBJECTS / "version-2.yaml")
S1, S2, S3 = (str(SUBJECTS / f"s00{n}.jsonl") for n in (1, 2, 3))
FROM, TO = ("--on", "first_dose=2027-01-04"), ("--to-on", "first_dose=2027-01-11")


def data(*arguments: str) -> dict:
    """What a command gives to programs."""
    answer = typed(*arguments, "--json")
    assert (answer.code, answer.err) == (0, "")
    return json.loads(answer.out)


def refused(*arguments: str) -> str:
    """The words of a refusal, with nothing printed as data."""
    answer: Answer = typed(*arguments)
    assert (answer.code, answer.out) == (1, "")
    return answer.err


@pytest.mark.parametrize("journal", [S1, S2, S3])
def test_the_journals_to_try_are_whole(journal):
    """The journals of the examples are as they were written, and their definition has not changed since."""
    assert verify(journal).breaks == ()
    read = read_journal(journal)
    assert read.opened.digest == digest_of(trial_of(read))


# ---------------------------------------------------------------- two dates, two answers


def test_two_dates():
    """Two start dates a week apart: all 14 doses and 8 visits move by 7 days."""
    found = data("diff", "belimumab-sle", *FROM, *TO)
    assert found["counts"] == {"moved": 23}
    assert {change["days"] for change in found["changes"]} == {7}
    assert found["head"] == [{"what": "anchor first_dose", "before": "2027-01-04", "after": "2027-01-11", "days": 7}]


def test_two_answers_and_two_assumptions():
    """A decision or an assumption that differs is another calendar, named at the head."""
    mrd = ("diff", "blinatumomab-mrd", "--on", "first_dose=2026-03-02")
    found = data(*mrd, "--to-decide", "transplant=no")
    assert found["counts"] == {"state": 8}
    assert found["to"] == "blinatumomab-mrd, transplant = no"
    short = data("diff", "daratumumab-t-all", *FROM, "--assume", "myeloma-label-one-year", *TO)
    assert short["from"] == "daratumumab-t-all, assuming myeloma-label-one-year"
    assert {change["days"] for change in short["changes"]} == {7}


def test_two_arms():
    """Two arms of one study are two calendars; the head says which, and periods of the same name change places."""
    file = str(ROOT / "examples" / "crossover.yaml")
    found = data("diff", file, *FROM, "--arm", "AB", "--to-arm", "BA")
    assert {"what": "arm", "before": "AB", "after": "BA", "days": None} in found["head"]
    assert {change["days"] > 0 for change in found["changes"] if change["id"].startswith("period-a/")} == {True}
    assert {change["days"] < 0 for change in found["changes"] if change["id"].startswith("period-b/")} == {True}


def test_nothing_differs():
    """The same twice: nothing differs, and that is no failure."""
    answer = typed("diff", "belimumab-sle", "belimumab-sle", *FROM)
    assert answer.code == 0
    assert "nothing; 23 events the same in both" in answer.out


# ---------------------------------------------------------------- versions and journals


def test_two_versions():
    """Two definitions for any subject: versions at the head, what is added, removed and given otherwise."""
    found = data("diff", V1, V2, *FROM)
    assert [d["what"] for d in found["head"]] == ["version", "item ecg"]
    # Six third blood counts, and in two more cycles a dose and two blood counts; two ECGs; four doses.
    assert found["counts"] == {"added": 12, "removed": 2, "moved": 1, "dose": 4}


def test_two_versions_for_a_subject():
    """With a journal both versions are dated by what happened to that subject."""
    found = data("diff", V1, V2, "--journal", S1)
    assert found["from"] == f"{V1}, version 1.0, after {S1}"
    given = next(change for change in found["changes"] if change["id"] == "treatment/c2/d1/docetaxel")
    assert (given["from"], given["to"], given["aspects"]) == ("2027-01-30", "2027-01-30", ["dose"])


def test_what_the_last_line_changed():
    """A journal alone is compared with itself before its last line: one blood count was missed."""
    found = data("diff", S1)
    assert [(change["id"], change["aspects"]) for change in found["changes"]] == [
        ("treatment/c2/d1/blood-count", ["off"])
    ]
    assert found["to"].endswith("lines 1 to 9")


@pytest.mark.parametrize(
    ("lines", "counts"),
    [
        (("--since", "3"), {"off": 1, "happened": 5, "moved": 11}),
        (("--since", "7", "--until", "7"), {"happened": 1, "moved": 9}),
        (("--since", "8", "--until", "8"), {"dose": 1}),
        (("--until", "4"), {"happened": 1}),
    ],
)
def test_a_stretch_of_lines(lines, counts):
    """From a line, to a line, or one alone: what just those lines changed, a correction's amount too."""
    assert data("diff", S1, *lines)["counts"] == counts


def test_plan_and_what_happened():
    """A definition and a journal: all that is no longer as planned, and back."""
    there = data("diff", V1, S1)
    assert there["from"] == f"{V1}, version 1.0, as planned for subject 001"
    assert there["counts"] == data("diff", S1, "--since", "3")["counts"]
    back = data("diff", S1, V1)
    assert {c["id"]: -(c["days"] or 0) for c in back["changes"]} == {c["id"]: c["days"] or 0 for c in there["changes"]}


def test_two_journals():
    """Two journals are compared as they stand; the head says that they have other anchors."""
    found = data("diff", S1, S2)
    assert found["head"][0]["days"] == 35
    assert "subject 001" in found["from"]
    assert "subject 002" in found["to"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("belimumab-sle", *FROM), "nothing to compare"),
        (("belimumab-sle", *FROM, *TO, "--since", "3"), "--since cannot be given"),
        ((S1, *FROM), "--on cannot be given here, because a journal gives its own dates"),
        ((S1, S2, "--since", "3"), "--since cannot be given here"),
        ((S1, V1, "--journal", S2), "--journal cannot be given"),
        ((V1, V2, "--journal", S1, *FROM), "--on cannot be given"),
        ((S1, "--since", "2"), "at line 1"),
        ((S1, "--since", "1"), "no change from line 1"),
        ((S1, "--since", "12"), "its lines are 1 to 9"),
        ((S1, "--until", "12"), "its lines are 1 to 9"),
        ((S1, "--since", "5", "--until", "4"), "no change from line 5 to line 4"),
        (("no-such-trial", *FROM, *TO), "there is no trial"),
        (("nothing.jsonl",), "there is no journal"),
        (("belimumab-sle", *FROM, "--to-on", "first_dos=2027-01-11"), "no anchor"),
        (("belimumab-sle", *FROM, "--to-on", "2027-01-11"), "--to-on '2027-01-11' is not understood"),
    ],
)
def test_diff_refuses(arguments, words):
    """What makes no sense together, or is not there, is refused by name, with what to do."""
    assert words in refused("diff", *arguments)


@pytest.mark.parametrize("number", ["0", "x", "-1"])
def test_a_line_has_a_number(number):
    """A line is a whole number from 1; anything else is wrong usage."""
    assert typed("diff", S1, f"--since={number}").code == 2


# ---------------------------------------------------------------- deviations


def test_deviations_of_a_journal():
    """The journal alone, or with its trial, gives the same list; overdue is asked for by a day."""
    found = data("deviations", S1)
    assert [(one["id"], one["verdict"], one["days_out"]) for one in found["deviations"]] == [
        ("treatment/c1/d8/blood-count", "late", 1), ("treatment/c2/d1/blood-count", "missed", 0),
        ("treatment/c2/d1/docetaxel", "late", 2),
    ]  # fmt: skip
    corrected = found["deviations"][2]
    assert [corrected[key] for key in ("given", "line", "corrected_by", "cause")] == ["135 mg", 7, 8, "toxicity"]
    assert data("deviations", V1, "--journal", S1) == found
    overdue = data("deviations", S1, "--as-of", "2027-02-12")["deviations"]
    assert [one["id"] for one in overdue if one["verdict"] == "overdue"] == [
        "treatment/c2/d8/blood-count", "treatment/c2/d15/ecg",
    ]  # fmt: skip


def test_all_of_a_journal():
    """With --all what took place as planned is listed too."""
    verdicts = [one["verdict"] for one in data("deviations", S1, "--all")["deviations"]]
    assert sorted(verdicts) == ["in", "in", "in", "late", "late", "missed"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((V1,), "give a trial with --journal FILE, or the journal alone"),
        ((S1, "--journal", S1), "give a trial with --journal FILE, or the journal alone"),
        ((S1, "--as-of", "2027-02-30"), "--as-of: '2027-02-30' is not a date"),
        ((V2, "--journal", "nothing.jsonl"), "there is no journal"),
    ],
)
def test_deviations_refuses(arguments, words):
    """A journal is needed, once, and the day must be one."""
    assert words in refused("deviations", *arguments)


# ---------------------------------------------------------------- amend


def test_amend():
    """Two subjects on study and one who left: change sets for two, the third is named."""
    found = data("amend", V1, V2, "--journal", S1, S2, S3)
    assert found["takes_effect"] == "2027-02-15"
    first, second, third = found["subjects"]
    assert first["changes"]["counts"] == {"added": 10, "moved": 1, "dose": 2}
    assert [lost["target"] for lost in first["left_behind"]] == ["treatment/c1/d15/ecg"]
    assert [one["id"] for one in first["passed_over"]] == [
        "treatment/c1/d15/blood-count", "treatment/c2/d15/blood-count",
    ]  # fmt: skip
    assert second["changes"]["counts"] == {"added": 12, "removed": 2, "moved": 1, "dose": 3}
    assert third["off_study"].startswith("left the study on Wed 20 Jan 2027")


def test_amend_on_another_day():
    """--journal may be given again, and a site may take the version into use later.

    From 1 June only the last blood count of subject 002, on 7 June, is still to come, 49 days after the one before it;
    subject 001 has nothing left to come.
    """
    found = data("amend", V1, V2, "--journal", S1, "--journal", S2, "--effective", "2027-06-01")
    assert [one["changes"]["counts"] for one in found["subjects"]] == [{}, {"added": 1}]
    assert [[seam["days"] for seam in one["seams"]] for one in found["subjects"]] == [[], [49]]


def test_amend_says_what_fails():
    """A subject who cannot be replayed makes the exit code 1, and the others are shown all the same."""
    answer = typed("amend", V1, "belimumab-sle", "--journal", S1, "--effective", "2027-02-15")
    assert answer.code == 1
    assert "the journal is of study amended, not of belimumab-sle" in answer.out
    assert "effective: YYYY-MM-DD" in refused("amend", V2, V1, "--journal", S1)


def test_amend_names_every_damaged_journal(tmp_path):
    """All that is wrong with any of the journals is told at once."""
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path in paths:
        path.write_bytes(Path(S1).read_bytes()[:-40])
    words = refused("amend", V1, V2, "--journal", *map(str, paths))
    assert all(str(path) in words for path in paths)


# ---------------------------------------------------------------- formats and files


@pytest.mark.parametrize(
    "command", [("diff", S1), ("deviations", S1), ("amend", V1, V2, "--journal", S1, S2)], ids=lambda c: c[0]
)
@pytest.mark.parametrize("form", ["text", "md", "json"])
def test_a_file_holds_what_the_screen_shows(command, form, tmp_path):
    """With -o the same bytes go to a file; each format is what it says."""
    shown = typed(*command, "--format", form)
    file = tmp_path / "out"
    assert typed(*command, "--format", form, "-o", str(file)) == (0, "", f"wrote {file}\n")
    assert file.read_bytes() == shown.out.encode("utf-8")
    if form == "json":
        json.loads(shown.out)
    else:
        assert shown.out.endswith("Planning aid: verify every date against the protocol.\n")
        assert ("\n| --- |" in shown.out) is (form == "md")


def test_deviations_as_csv():
    """A spreadsheet gets a row for each deviation under a heading; line ends are CR LF."""
    answer = typed("deviations", S1, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.out, newline="")))
    assert [row["days_out"] for row in rows] == ["1", "0", "2"]
    assert answer.out.count("\r\n") == answer.out.count("\n") == 4


def test_a_changed_definition_is_said(tmp_path):
    """Where the definition is no longer the one the journal was opened with, that is said beside the answer."""
    (tmp_path / "version-1.yaml").write_text(Path(V1).read_text("utf-8").replace("75 mg", "70 mg"), encoding="utf-8")
    (tmp_path / "s.jsonl").write_bytes(Path(S1).read_bytes())
    answer = typed("diff", str(tmp_path / "s.jsonl"))
    assert answer.code == 0
    assert "has changed since" in answer.err
