"""What does a coordinator see who types `regimen record`, and what is in the journal afterwards?"""

from __future__ import annotations

import argparse
import json
import re
import shlex
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.commands import ROOT, process, typed
from tests.journal.samples import NOW, chain_holds

from regimen.cli.parser import make_parser
from regimen.facts import KINDS
from regimen.journal import read_journal


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """A folder to work in and a clock that stands still."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("regimen.cli.clock.now", lambda: NOW)


def record(words):
    return typed("record", "s001.jsonl", *shlex.split(words))


def said(words):
    """What is printed for a command that succeeds."""
    answer = record(words)
    assert (answer.code, answer.out.endswith("\n")) == (0, True), answer.err
    return (answer.out + answer.err).rstrip("\n")


def refused(words):
    """What is printed for a command that is refused; nothing is written."""
    before = Path("s001.jsonl").read_bytes() if Path("s001.jsonl").exists() else None
    answer = record(words)
    assert (answer.code, answer.out) == (1, "")
    assert (Path("s001.jsonl").read_bytes() if Path("s001.jsonl").exists() else None) == before
    return (
        answer.err.removeprefix("regimen:").strip().replace("s001.jsonl: ", "").removesuffix("\nNothing was recorded.")
    )


OPEN = 'open belimumab-sle --subject 001 --arm belimumab --by "A. Nurse"'


def begin(trial="belimumab-sle", first="first_dose 2027-01-04", more=""):
    said(f"open {trial} --subject 001 --by AN {more}")
    said(f"anchor {first} --by AN")


# ---------------------------------------------------------------- every kind of fact


def test_a_day_at_a_site():
    """Each command says in one sentence what was recorded, with the number of its line."""
    commands = [
        (OPEN, "Line 1: journal opened for subject 001 of belimumab-sle, arm belimumab; recorded by A. Nurse."),
        ("anchor first_dose 2027-01-04 --by AN", "Line 2: first_dose is Mon 4 Jan 2027; recorded by AN."),
        ('given treatment/d14/belimumab --on 2027-01-20 --amount "700 mg" --by AN',
         "Line 3: treatment/d14/belimumab given on Wed 20 Jan 2027, 700 mg; recorded by AN."),
        ('correct 3 --on 2027-01-19 --why "typed wrong" --by AN',
         ("Line 4: line 3 is corrected to: treatment/d14/belimumab given on Tue 19 Jan 2027, 700 mg, because: "
          "typed wrong; "
         "recorded by AN.")),
        ('done treatment/d14/evaluation --on 2027-01-19 --by AN',
         "Line 5: treatment/d14/evaluation done on Tue 19 Jan 2027; recorded by AN."),
        ('missed treatment/d28/evaluation --why "bus strike" --cause logistics --by AN',
         "Line 6: treatment/d28/evaluation missed, cause logistics, because: bus strike; recorded by AN."),
        ('skipped treatment/d28/belimumab --on 2027-01-30 --why "rash" --then skip --by AN',
         "Line 7: treatment/d28/belimumab is skipped on Sat 30 Jan 2027, then skip, because: rash; recorded by AN."),
        ("moved treatment/d56/evaluation --to 2027-03-02 --by AN",
         "Line 8: treatment/d56/evaluation moved to Tue 2 Mar 2027; recorded by AN."),
        ('delayed treatment/d56/belimumab --to 2027-03-08 --cause toxicity --why "neutropenia" --by AN',
         ("Line 9: treatment/d56/belimumab delayed to Mon 8 Mar 2027, cause toxicity, because: neutropenia; "
          "recorded by "
         "AN.")),
        ("held belimumab --from 2027-03-10 --why fever --by AN",
         "Line 10: belimumab on hold from Wed 10 Mar 2027, because: fever; recorded by AN."),
        ('restarted belimumab --on 2027-03-20 --amount "5 mg/kg" --by AN',
         "Line 11: belimumab started again on Sat 20 Mar 2027, 5 mg/kg; recorded by AN."),
        ('reduced belimumab --from 2027-04-20 --amount "4 mg/kg" --why rash --by AN',
         "Line 12: belimumab changed from Tue 20 Apr 2027, 4 mg/kg, because: rash; recorded by AN."),
        ('visit "toxicity check" --on 2027-04-21 --why rash --by AN',
         "Line 13: unscheduled visit toxicity check on Wed 21 Apr 2027, because: rash; recorded by AN."),
        ("discontinued all --on 2027-05-01 --why progression --by AN",
         "Line 14: everything stopped for good on Sat 1 May 2027, because: progression; recorded by AN."),
        ("withdrawn --on 2027-05-02 --why moved --by AN",
         "Line 15: subject left the study on Sun 2 May 2027, because: moved; recorded by AN."),
    ]  # fmt: skip
    assert [record(words).out.rstrip("\n") for words, _ in commands] == [sentence for _, sentence in commands]
    journal = read_journal("s001.jsonl")
    assert [fact.what for fact in journal.facts] == [
        "opened", "anchor", "given", "corrected", "done", "missed", "skipped", "moved", "delayed", "held", "restarted",
        "reduced", "visit", "discontinued", "withdrawn",
    ]  # fmt: skip
    assert {fact.recorded for fact in journal.facts} == {NOW}
    assert chain_holds(Path("s001.jsonl").read_bytes())


def test_a_decision_is_recorded():
    """A question of the protocol is answered with one of its answers."""
    begin("blinatumomab-mrd")
    assert said("decision transplant yes --on 2027-01-20 --by AN") == (
        "Line 3: transplant is decided: yes; recorded by AN."
    )
    assert refused("decision transplnt yes --by AN") == (
        "target: 'transplnt' is not a decision of this study; there are: transplant, retreatment; did you mean "
        "transplant?"
    )


def test_every_kind_of_fact_can_be_typed():
    """There is a word for each kind of fact, and each word, option and argument explains itself."""
    verb = next(a for a in make_parser()._actions if isinstance(a, argparse._SubParsersAction)).choices["record"]
    words = next(a for a in verb._actions if isinstance(a, argparse._SubParsersAction)).choices
    assert {{"open": "opened", "correct": "corrected"}.get(word, word) for word in words} == set(KINDS)
    for name, word in words.items():
        assert [action.dest for action in word._actions if not action.help] == []
        assert typed("record", "x.jsonl", name, "--help").code == 0


# ---------------------------------------------------------------- opening


def test_the_opening_line_holds_how_the_calendar_is_made(tmp_path):
    """The definition's place, version and digest, assumptions, zone and horizon go into the first line."""
    (tmp_path / "trials").mkdir()
    text = (ROOT / "examples" / "first-day-1.yaml").read_text(encoding="utf-8")
    text = text.replace("  first_day:", '  version: "2.0"\n  first_day:', 1)
    (tmp_path / "trials" / "mine.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "subjects").mkdir()
    answer = typed("record", "subjects/s7.jsonl", "open", "trials/mine.yaml", "--subject", "S-007", "--by", "AN",
                   "--tz", "Europe/Berlin", "--horizon", "24 mo")  # fmt: skip
    assert answer.code == 0, answer.err
    opened = read_journal("subjects/s7.jsonl").opened
    assert (opened.trial, opened.version, opened.subject) == ("../trials/mine.yaml", "2.0", "S-007")
    assert (opened.zone, opened.horizon, len(opened.digest)) == ("Europe/Berlin", "24 mo", 64)
    anchor = json.loads(typed("show", "trials/mine.yaml", "--json").out)["anchors"]
    name = anchor[0]["key"] if isinstance(anchor, list) else next(iter(anchor))
    assert typed("record", "subjects/s7.jsonl", "anchor", name, "2027-01-04", "--by", "AN").code == 0


def test_a_changed_definition_is_said(tmp_path):
    """If the definition is no longer the one that the journal was opened with, each recording says so."""
    mine = tmp_path / "mine.yaml"
    mine.write_text((ROOT / "seeds" / "belimumab-sle.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    begin("mine.yaml")
    assert read_journal("s001.jsonl").opened.trial == "./mine.yaml"
    mine.write_text(mine.read_text(encoding="utf-8") + "# a word more\n", encoding="utf-8")
    assert "note: the definition ./mine.yaml has changed since the journal was opened." in said(
        "given treatment/d0/belimumab --on 2027-01-04 --by AN"
    )
    mine.unlink()
    words = said("given treatment/d14/belimumb --on 2027-01-20 --by AN")
    assert words.startswith("Line 4: treatment/d14/belimumb given")
    assert "note: what it is about was not checked, because ./mine.yaml cannot be planned: " in words


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("open no-such-trial --subject 001 --by AN", "there is no trial 'no-such-trial'"),
        ("open belimumab-sle --subject 001 --arm placebo --by AN", "belimumab-sle has no arm 'placebo'"),
        ("open belimumab-sle --subject Anna --by AN", "subject: 'Anna' is not a subject's key"),
        ("open belimumab-sle --subject 001 --by AN --tz Berlin", "there is no time zone 'Berlin'"),
        ("open daratumumab-t-all --subject 001 --by AN", "--assume myeloma-label:"),
    ],
)
def test_openings_that_cannot_be_planned(words, wrong):
    """A journal is opened for a subject of an arm that has a plan."""
    assert wrong in refused(words)
    assert not Path("s001.jsonl").exists()


def test_an_assumption_goes_with_the_journal():
    """What was opted into at the opening holds for all that is recorded."""
    begin("daratumumab-t-all", more="--assume myeloma-label")
    assert said("given daratumumab --on 2027-01-11 --by AN") == (
        "Line 3: treatment/d8/daratumumab given on Mon 11 Jan 2027; recorded by AN.\n"
        "note: taken to be treatment/d8/daratumumab (due 2027-01-11)."
    )


# ---------------------------------------------------------------- what is typed wrong


def test_all_that_is_wrong_is_told_at_once():
    """A date, an amount and a reason that are wrong are told together."""
    begin()
    assert refused("delayed treatment --to 20.01.2027 --cause toxic --by AN").splitlines() == [
        "on: '20.01.2027' is not a date; is it 2027-01-20?",
        "why: delayed needs the reason; say why, in a few words",
        "cause: 'toxic' is not the cause; logistics, toxicity, other; did you mean toxicity?",
    ]


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        ("given treatment/d14/belimumb --on 2027-01-20 --by AN",
         ("target: this subject's plan has no 'treatment/d14/belimumb'; did you mean treatment/d14/belimumab (due "
         "2027-01-18) or treatment/d140/belimumab (due 2027-05-24) or treatment/d84/belimumab (due 2027-03-29)?")),
        ("given belimumab --on 2027-02-30 --by AN",
         "on: '2027-02-30' is not a date (February 2027 has 28 days); write year-month-day, such as 2027-01-20"),
        ("given belimumab --on 01-20 --by AN",
         "on: '01-20' is not a date; it has no year; write year-month-day, such as 2027-01-20"),
        ("given belimumab --on 2027-01-20T10:00 --by AN",
         ("on: '2027-01-20T10:00' does not say in which time zone; add the distance from UTC, such as "
         "2027-01-20T10:00+01:00")),
        ("given belimumab --by AN", ("on: given needs the date; give a day, such as 2027-01-20\n"
         "on: which belimumab is meant is not said; give the day, or the event's id")),
        ("missed treatment/d14/belimumab --by AN", "why: missed needs the reason; say why, in a few words"),
        ('given treatment/d14/belimumab --on 2027-01-20 --amount 700 --by AN',
         ("amount: the text ends too early; expected a unit such as mg, mg/kg or mcg/day or to and the last "
          "amount.\n  700\n"
         "     ^\nFor example: 10 mg/kg IV over 1 h.")),
        ("anchor first_dose 2027-01-05 --by AN",
         ("target: line 2 already says: first_dose anchor on 2027-01-04; correct line 2 if it is wrong, or record it "
         "--unchecked")),
        ("correct 9 --strike --why x --by AN",
         ("corrects: there is no line 9 to correct; can be corrected: lines 2 to 2; look up the number with: regimen "
         "journal show")),
        ("correct 1 --strike --why x --by AN",
         ("corrects: line 1 opens the journal and cannot be corrected; begin a journal of its own for another subject, "
         "study or arm")),
        ("correct 2 --why x --by AN",
         ("say what is right (such as --on 2027-01-19), or --strike if it never happened, or --restore if an earlier "
         "correction was wrong; one of the three.")),
        ("correct 2 --strike --on 2027-01-05 --why x --by AN",
         ("say what is right (such as --on 2027-01-19), or --strike if it never happened, or --restore if an earlier "
         "correction was wrong; one of the three.")),
        ("correct 2 --restore --why x --by AN",
         "line 2 is no correction, so there is nothing to restore; see journal show."),
        ("correct 2 --on 2027-13-05 --why x --by AN",
         "instead.on: '2027-13-05' is not a date (there is no month 13); write year-month-day, such as 2027-01-20"),
        ("correct 2 --on 2027-01-05 --by AN", "why: corrected needs the reason; say why, in a few words"),
    ],
)  # fmt: skip
def test_what_is_refused(words, wrong):
    """A refusal names the place, what was found and what to do; nothing is written."""
    begin()
    assert refused(words).removeprefix("regimen: ") == wrong


@pytest.mark.parametrize("words", ["", "gven x --by AN", "given", "given x --on 2027-01-04", "correct two --by AN"])
def test_wrong_usage(words):
    """A word that is missing or unknown is usage, with exit code 2."""
    begin()
    assert record(words).code == 2


def test_unchecked_records_it_all_the_same():
    """What does not fit the plan can be recorded on purpose."""
    begin()
    assert said("given treatment/d14/belimumb --on 2027-01-20 --unchecked --by AN").startswith(
        "Line 3: treatment/d14/belimumb given"
    )
    assert said("anchor first_dose 2027-01-05 --unchecked --by AN").startswith("Line 4: first_dose is Tue 5 Jan")


def test_a_journal_must_be_opened_first():
    """Recording to a journal that does not exist says how to begin one."""
    assert refused("anchor first_dose 2027-01-04 --by AN") == (
        "regimen: there is no journal s001.jsonl; begin one with: regimen record s001.jsonl open TRIAL "
        "--subject KEY --by WHO"
    ).removeprefix("regimen: ")


# ---------------------------------------------------------------- a drug and a day


def test_a_drug_and_a_day():
    """A drug's key with a day finds the dose, says which it is, and says if none is left."""
    begin()
    assert said("given belimumab --on 2027-01-20 --then keep --by AN") == (
        "Line 3: treatment/d14/belimumab given on Wed 20 Jan 2027, then give late, keep the grid; recorded by AN.\n"
        "note: taken to be treatment/d14/belimumab (due 2027-01-18)."
    )
    assert refused("given belimumab --on 2027-01-21 --by AN").startswith(
        "target: no belimumab is open on 2027-01-21; nearest: treatment/d14/belimumab (due 2027-01-18), "
        "recorded on line 3;"
    )
    assert said("correct 3 --strike --why 'other patient' --by AN").startswith("Line 4: line 3 is struck out")
    assert said("given belimumab --on 2027-01-21 --by AN").startswith("Line 5: treatment/d14/belimumab given on Thu 21")


def test_what_needs_a_decision_is_said_at_once():
    """What the new fact leaves to a person is told with it, once: the dates of each choice and how to record it."""
    begin()
    answer = record("given treatment/d14/belimumab --on 2027-01-20 --by AN")
    assert answer.out == "Line 3: treatment/d14/belimumab given on Wed 20 Jan 2027; recorded by AN.\n"
    assert re.fullmatch(
        r"decision: treatment/d14/belimumab: 2 d late; .*Mon 1 Feb 2027.*Wed 3 Feb 2027.*\n", answer.err
    )
    assert record("done treatment/d14/evaluation --on 2027-01-18 --by AN").err == ""
    assert record("correct 3 --then keep --why decided --by AN").err == ""


def test_a_time_is_read_on_the_clocks_of_the_journal():
    """With a time zone in the opening line a time needs no distance from UTC; the journal keeps it with one."""
    begin(more="--tz Europe/Berlin")
    assert said("given belimumab --on 2027-01-20T10:05 --by AN").startswith(
        "Line 3: treatment/d14/belimumab given on Wed 20 Jan 2027 10:05 UTC+01:00"
    )
    assert '"on": "2027-01-20T10:05+01:00"' in Path("s001.jsonl").read_text(encoding="utf-8")
    assert "02:30 on 2027-03-28 does not exist in Europe/Berlin" in refused(
        "given treatment/d84/belimumab --on 2027-03-28T02:30 --by AN"
    )


def test_a_day_still_to_come_is_said(monkeypatch):
    """A dose that was given tomorrow is a slip of the finger or of the clock: recorded, and said."""
    begin()
    monkeypatch.setattr("regimen.cli.clock.now", lambda: datetime(2027, 1, 18, 23, 0, tzinfo=UTC))
    assert "note" not in said("done treatment/d14/evaluation --on 2027-01-19 --by AN")
    assert "note: 2027-01-20 has not come yet; correct line 4 if the date is wrong." in said(
        "given treatment/d14/belimumab --on 2027-01-20 --by AN"
    )


# ---------------------------------------------------------------- corrections


def test_a_correction_keeps_the_rest_of_the_fact():
    """Only what is typed changes; an empty text takes a value away; the original line stays."""
    begin()
    said('given treatment/d14/belimumab --on 2027-01-20 --amount "700 mg" --why "late bus" --by AN')
    said("correct 3 --on 2027-01-19 --why 'typed wrong' --by BN")
    said('correct 4 --amount "" --reason "late train" --why "not weighed" --by BN')
    journal = read_journal("s001.jsonl")
    (_, fact) = journal.effective
    assert (fact.what, fact.target, fact.on) == ("given", "treatment/d14/belimumab", date(2027, 1, 19))
    assert (fact.amount, fact.why, fact.by, fact.number) == ("", "late train", "BN", 3)
    assert journal.facts[2].amount == "700 mg"


def test_a_correction_is_corrected_by_pointing_to_the_latest():
    """A line that was corrected is not corrected again: the refusal names the line that holds now."""
    begin()
    said("given treatment/d14/belimumab --on 2027-01-20 --by AN")
    said("correct 3 --on 2027-01-19 --why x --by AN")
    assert refused("correct 3 --on 2027-01-18 --why x --by AN") == (
        "corrects: line 3 was already corrected by line 4; correct line 4, which holds now"
    )
    assert said("correct 4 --on 2027-01-18 --why y --by AN") == (
        "Line 5: line 4, and with it line 3, is corrected to: treatment/d14/belimumab given on Mon 18 Jan 2027, "
        "because: y; "
        "recorded by AN."
    )


def test_striking_and_restoring():
    """Striking out a correction strikes out the fact; restoring brings back what held before the correction."""
    begin()
    said("given treatment/d14/belimumab --on 2027-01-20 --by AN")
    said("correct 3 --on 2027-01-19 --why x --by AN")
    assert said("correct 4 --strike --why y --by AN") == (
        "Line 5: line 4, and with it line 3, is struck out; nothing takes its place, because: y; recorded by AN."
    )
    assert [fact.what for fact in read_journal("s001.jsonl").effective] == ["anchor"]
    said("correct 5 --restore --why z --by AN")
    assert read_journal("s001.jsonl").effective[1].on == date(2027, 1, 19)
    said("correct 6 --on 2027-01-18 --why z --by AN")
    said("correct 7 --restore --why z --by AN")
    assert read_journal("s001.jsonl").effective[1].on == date(2027, 1, 19)


def test_a_day_outside_the_window_needs_a_reason():
    """A dose outside its window is a deviation, and a deviation has a reason."""
    text = (ROOT / "seeds" / "belimumab-sle.yaml").read_text(encoding="utf-8")
    not_stated = "        not_stated:\n          window: the record gives no window\n"
    assert not_stated in text
    Path("mine.yaml").write_text(text.replace(not_stated, "        window: ±3 d\n", 1), encoding="utf-8")
    begin("mine.yaml")
    assert refused("given treatment/d14/belimumab --on 2027-01-22 --by AN") == (
        "why: 2027-01-22 is 1 day after the window of treatment/d14/belimumab (due 2027-01-18, window 2027-01-15 to "
        "2027-01-21); say why"
    )
    said("given treatment/d14/belimumab --on 2027-01-22 --why snow --by AN")


# ---------------------------------------------------------------- crashes and many hands


def test_recording_mends_what_a_crash_left():
    """A line that was cut off is put aside before anything is added, and that is said."""
    begin()
    whole = Path("s001.jsonl").read_bytes()
    Path("s001.jsonl").write_bytes(whole + b'{"number": 3, "wh')
    assert said("given belimumab --on 2027-01-04 --by AN") == (
        "Line 3: treatment/d0/belimumab given on Mon 4 Jan 2027; recorded by AN.\n"
        "note: s001.jsonl: line 3 had been cut off after 17 bytes and is not a fact; what was there is kept in "
        "s001.jsonl.torn. Record that fact again.\n"
        "note: taken to be treatment/d0/belimumab (due 2027-01-04)."
    )
    assert Path("s001.jsonl.torn").read_bytes() == b'{"number": 3, "wh\n'
    assert chain_holds(Path("s001.jsonl").read_bytes())


def test_an_edited_journal_takes_no_more_facts():
    """Nothing is recorded behind an edited past."""
    begin()
    data = Path("s001.jsonl").read_bytes()
    Path("s001.jsonl").write_bytes(data.replace(b"2027-01-04", b"2027-01-05"))
    assert "this line was changed after it was written" in refused("given belimumab --on 2027-01-04 --by AN")


def test_the_command_itself(tmp_path):
    """`regimen record` as a process of its own uses the clock of the machine, in UTC."""
    before = datetime.now(UTC).replace(microsecond=0)
    answer = process("record", "s2.jsonl", *shlex.split(OPEN), cwd=tmp_path)
    assert (answer.returncode, answer.stderr) == (0, b"")
    recorded = read_journal(tmp_path / "s2.jsonl").facts[0].recorded
    assert recorded is not None
    assert before <= recorded <= datetime.now(UTC)
    assert re.search(r'"recorded": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"', (tmp_path / "s2.jsonl").read_text("utf-8"))
