"""What does a new version of a study change for its subjects? What is past stays; what is outstanding follows it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.test_journal_laws import PLANS, after, journals
from tests.journals import calendar_after, fact, facts
from tests.render.samples import ANCHOR, calendar, days_around, event

from regimen.changes import Amended, ForSubject, amended, changes
from regimen.errors import RegimenError
from regimen.events import Calendar, Notice, Waiting
from regimen.facts import Fact
from regimen.journal import Journal, append, open_journal, read_journal
from regimen.render.amendment import About, as_json, as_markdown, as_text
from regimen.replays import amend, subject_calendar, takes_effect

DAY = timedelta(days=1)
NOW = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
EFFECT = date(2027, 2, 1)
V1 = """
    doses:
      drug: {dose: 100 mg PO, when: q2w x6, late: "give late, shift the grid"}
    visits:
      check: {when: "days 1, 29, 57"}
"""
FEWER = V1.replace("100 mg", "80 mg").replace("x6", "x4")


def versions(new: str, rows: Iterable[Fact] = (), effect: date = EFFECT, old: str = V1) -> Amended:
    """A subject who started on Mon 4 Jan 2027, when a new version takes effect."""
    rows = list(rows)
    return amended(calendar_after(old, ANCHOR, rows), calendar_after(new, ANCHOR, rows), effect, facts(rows))


def doses(found: Calendar) -> list[tuple[str, str | None]]:
    return [(one.start.isoformat(), one.dose) for one in found.of_item("drug")]


# ---------------------------------------------------------------- what is past, what is outstanding


def test_past_stays_and_outstanding_follows():
    """Doses before 1 February keep the old dose; later ones have the new one, and two are no longer planned.

    Planned every two weeks from 4 January: 4 and 18 January, 1 and 15 February, then 1 and 15 March, which the new
    version does not have.
    """
    found = versions(FEWER)
    assert doses(found.after) == [
        ("2027-01-04", "100 mg"), ("2027-01-18", "100 mg"), ("2027-02-01", "80 mg"), ("2027-02-15", "80 mg"),
    ]  # fmt: skip
    assert [(c.aspects[0], c.event.start.isoformat()) for c in found.changes.entries if c.event] == [
        ("dose", "2027-02-01"), ("dose", "2027-02-15"), ("removed", "2027-03-01"), ("removed", "2027-03-15"),
    ]  # fmt: skip
    assert {one.first_day for one in found.kept} == {date(2027, 1, 4), date(2027, 1, 18)}
    assert found.left_behind == found.passed_over == found.too_early == found.seams == ()
    assert doses(found.throughout)[0] == ("2027-01-04", "80 mg")


def test_what_was_recorded_stays_after_the_day_too():
    """A dose given or missed stays as it was, even where its date lies after the new version takes effect."""
    rows = [
        fact("given", "treatment/d29/drug", date(2027, 2, 1), amount="100 mg"),
        fact("missed", "treatment/d43/drug", why="ill"),
    ]
    found = versions(FEWER, rows)
    assert [(one.state, one.dose) for one in found.after.of_item("drug")] == [
        ("planned", "100 mg"), ("planned", "100 mg"), ("given", "100 mg"), ("missed", "100 mg"),
    ]  # fmt: skip
    assert [c.aspects for c in found.changes.entries] == [("removed",), ("removed",)]


def test_what_happened_moves_the_new_version_too():
    """A late dose shifts the outstanding doses of the new version as it did those of the old one."""
    rows = [fact("given", "treatment/d15/drug", date(2027, 1, 21))]
    found = versions(FEWER, rows)
    assert doses(found.after)[1:] == [("2027-01-21", "100 mg"), ("2027-02-04", "80 mg"), ("2027-02-18", "80 mg")]


def test_new_events_before_the_day_are_not_asked():
    """A visit that only the new version has, before it takes effect, is named and not put on the calendar."""
    found = versions(V1.replace("days 1, 29, 57", "days 1, 8, 29, 36, 57"))
    assert [one.id for one in found.passed_over] == ["treatment/d8/check"]
    assert [c.id for c in found.changes.of("added")] == ["treatment/d36/check"]
    assert "treatment/d8/check" not in {one.id for one in found.after}


def test_outstanding_events_before_the_day_are_told():
    """An outstanding event that the new version puts before the day it takes effect is told, to be decided."""
    before = calendar([event(id="a", start=date(2027, 2, 3))])
    now = calendar([event(id="a", start=date(2027, 1, 28))])
    found = amended(before, now, EFFECT)
    assert [one.id for one in found.too_early] == ["a"]
    assert [c.days for c in found.changes.entries] == [-6]


@pytest.mark.parametrize(("day", "kept"), [(31, True), (32, False)])
def test_the_day_itself_is_of_the_new_version(day, kept):
    """What lies on the day before the new version takes effect is of the old one; the day itself is of the new one."""
    on = date(2027, 1, 1) + (day - 1) * DAY
    found = amended(calendar([event(start=on, id="a")]), calendar([event(start=on, id="a", dose="8 mg")]), EFFECT)
    assert bool(found.kept) is kept
    assert bool(found.changes.entries) is not kept


def test_the_rest_of_an_infusion_belongs_to_it():
    """An infusion that has begun stays whole, with what was resumed after a pause."""
    begun = event("blin", date(2027, 1, 25), id="a", actual=date(2027, 1, 25), state="given")
    rest = event("blin", date(2027, 2, 5), id="a/resumed1")
    found = amended(calendar([begun, rest]), calendar([replace(begun, dose="x"), replace(rest, dose="x")]), EFFECT)
    assert [one.id for one in found.kept] == ["a", "a/resumed1"]
    assert not found.changes


# ---------------------------------------------------------------- what the new version does not have


def test_recorded_ids_that_are_gone():
    """Each fact about an event or a scope that the new version lacks is told one by one; what was given stays."""
    rows = [
        fact("given", "treatment/d15/drug", date(2027, 1, 18)),
        fact("done", "treatment/d29/check", date(2027, 2, 1)),
        fact("reduced", "drug", date(2027, 2, 10), amount="50 mg", why="rash"),
        fact("held", "all", date(2027, 3, 1), why="fever"),
    ]
    new = V1.replace("drug:", "tablet:").replace("days 1, 29, 57", "days 1, 57")
    found = versions(new, rows)
    assert [(lost.line, lost.what, lost.target, lost.label) for lost in found.left_behind] == [
        (1, "given", "treatment/d15/drug", "drug"), (2, "done", "treatment/d29/check", "check"),
        (3, "reduced", "drug", ""),
    ]  # fmt: skip
    assert {"treatment/d15/drug", "treatment/d29/check"} <= {one.id for one in found.after}
    assert not [notice for notice in found.changes.appeared if "treatment/d15/drug" in notice.event]


def test_names_of_old_items_are_kept_where_something_uses_them():
    """A drug or epoch that only the old version has keeps its name as long as a past event needs it."""
    found = versions(V1.replace("drug:", "tablet:"))
    assert set(found.after.lanes) == {"tablet", "check", "drug"}
    late = versions(V1.replace("drug:", "tablet:"), effect=ANCHOR)
    assert set(late.after.lanes) == {"tablet", "check"}


def test_waiting_events_and_notices():
    """What waits for a date waits by the new version; notices about past events are the old version's."""
    before = calendar(
        [event(id="a", state="missed")], notices=(Notice("note", "a", "Old."), Notice("note", "b", "Old."))
    )
    now = calendar(
        [event(id="a")], waiting=(Waiting("transplant", ("b",), "Give it."), Waiting("x", ("a",), "y")),
        notices=(Notice("note", "a", "New."), Notice("note", "c", "New.")),
    )  # fmt: skip
    found = amended(before, now, EFFECT)
    assert [(n.event, n.sentence) for n in found.after.notices] == [("a", "Old."), ("c", "New.")]
    assert [part.events for part in found.after.waiting] == [("b",)]


# ---------------------------------------------------------------- where the versions meet


@pytest.mark.parametrize(
    ("days", "effect", "seam"),
    [
        ("days 1, 15, 29, 43", EFFECT, None),
        ("days 1, 15, 30, 44", date(2027, 2, 2), (1, 14, 15)),
        ("days 1, 15, 28, 42", EFFECT, (27, 13, 14)),
    ],
)
def test_a_renamed_day_is_noticed(days, effect, seam):
    """A dose whose day has another number would come a day after the old one, or not at all; the gap is told.

    The old version has days 1, 15, 29 and 43. With day 30 from 2 February, 29 (1 February) stays and 30 comes a day
    later. With day 28 (31 January) from 1 February, 28 is passed over and 29 no longer planned: 27 days without.
    """
    old = V1.replace("q2w x6", '"days 1, 15, 29, 43"')
    found = versions(V1.replace("q2w x6", f'"{days}"'), effect=effect, old=old)
    seams = [(one.days, one.least, one.most) for one in found.seams if one.first.item == "drug"]
    assert seams == ([seam] if seam else [])


# ---------------------------------------------------------------- laws


@settings(max_examples=40)
@given(journals(), st.dates(date(2026, 12, 1), date(2028, 12, 31)))
def test_the_same_version_changes_nothing(journal, effect):
    """Replayed on the version it is on, a journal gives the same calendar, from whatever day."""
    name, rows = journal
    now = after(PLANS[name], rows)
    found = amended(now, now, effect, rows)
    assert not found.changes
    assert found.left_behind == found.passed_over == found.seams == ()


@settings(max_examples=40)
@given(journals(), st.sampled_from(["series skip", "series ask", "cycles ask", "months skip"]),
       st.dates(date(2026, 12, 1), date(2028, 12, 31)))  # fmt: skip
def test_nothing_past_moves_and_nothing_is_invented(journal, other, effect):
    """On any other version: what took place or lies before the day is as it was, the rest is the new version's own."""
    name, rows = journal
    before, throughout = after(PLANS[name], rows), after(PLANS[other], rows)
    found = amended(before, throughout, effect, rows)
    old, new = {one.id: one for one in before}, {one.id: one for one in throughout}
    kept = {one.id for one in found.kept}
    for one in found.after:
        assert one == (old if one.id in kept else new)[one.id]
    assert all(one.id in kept for one in before if one.first_day < effect or one.actual is not None)
    gone = {one.id for one in throughout} - kept - {one.id for one in found.after}
    assert gone == {one.id for one in found.passed_over}
    assert all(one.first_day < effect and one.id not in old for one in found.passed_over)
    assert changes(before, found.after) == found.changes
    starts = [one.first_day for one in found.after]
    assert starts == sorted(starts)


# ---------------------------------------------------------------- journals

DEFINITION = """\
format: regimen/1
study: {id: small, title: A small study, first_day: 1VERSION}
anchors: {first_dose: first dose, surgery: surgery}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two versions of a study and the journal of a subject on the first."""
    (tmp_path / "v1.yaml").write_text(DEFINITION.replace("VERSION", "") + V1.lstrip("\n"), encoding="utf-8")
    second = DEFINITION.replace("VERSION", ", version: '2.0', effective: 2027-02-01").replace(", surgery: surgery", "")
    (tmp_path / "v2.yaml").write_text(second + FEWER.lstrip("\n"), encoding="utf-8")
    return tmp_path


def journal_of(folder: Path, subject: str, *rows: Fact, **opened: str) -> Journal:
    path = folder / f"s{subject}.jsonl"
    about = {"study": "small", "arm": "main", "trial": "./v1.yaml", **opened}
    open_journal(path, subject=subject, by="AN", now=NOW, **about)
    for row in (fact("anchor", "first_dose", ANCHOR), *rows):
        append(path, replace(row, by="AN"), now=NOW)
    return read_journal(path)


def for_subjects(folder: Path, *some: Journal, **asked: date) -> tuple[ForSubject, ...]:
    return amend(folder / "v1.yaml", folder / "v2.yaml", some, **asked)


def test_each_subject_on_study(folder):
    """Each subject's journal is replayed; those who left or stopped for good are named, and nothing is written."""
    some = [
        journal_of(folder, "001"),
        journal_of(folder, "002", fact("withdrawn", "", date(2027, 1, 20), why="moved away")),
        journal_of(folder, "003", fact("discontinued", "all", date(2027, 1, 21), why="toxicity")),
        journal_of(folder, "004", fact("discontinued", "drug", date(2027, 1, 21), why="toxicity")),
    ]
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    found = for_subjects(folder, *some)
    assert [one.amended is not None for one in found] == [True, False, False, True]
    assert found[1].off_study == "left the study on Wed 20 Jan 2027 (line 3: moved away)"
    assert found[2].off_study == "treatment was stopped for good on Thu 21 Jan 2027 (line 3: toxicity)"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_an_anchor_that_is_gone(folder):
    """An anchor that the new version does not have is told, and the rest is replayed without it."""
    (found,) = for_subjects(folder, journal_of(folder, "001", fact("anchor", "surgery", date(2027, 5, 1))))
    assert [(lost.line, lost.target) for lost in found.amended.left_behind] == [(3, "surgery")]
    assert len(found.amended.changes.entries) == 4


def test_what_goes_wrong_is_told_with_its_subject(folder):
    """A journal of another study or of an arm that is gone stops no other subject's."""
    found = for_subjects(
        folder, journal_of(folder, "001", study="other"), journal_of(folder, "002", arm="control"),
        journal_of(folder, "003"),
    )  # fmt: skip
    assert "the journal is of study other, not of small" in found[0].refused
    assert "control" in found[1].refused
    assert found[2].amended is not None


def test_from_when_it_holds(folder):
    """The day is the definition's own, or the one given; without either nothing is guessed."""
    assert takes_effect(folder / "v2.yaml") == EFFECT
    assert takes_effect(folder / "v2.yaml", date(2027, 3, 1)) == date(2027, 3, 1)
    with pytest.raises(RegimenError, match="effective: YYYY-MM-DD"):
        takes_effect(folder / "v1.yaml")
    (found,) = for_subjects(folder, journal_of(folder, "001"), effective_from=date(2027, 3, 1))
    assert len(found.amended.kept) == 4 + 2 + 1


def test_both_projections_are_there(folder):
    """The calendar on the old version, from the day on, and on the new version throughout can each be had."""
    journal = journal_of(folder, "001")
    (found,) = for_subjects(folder, journal)
    assert found.amended.before == subject_calendar(journal)
    assert doses(found.amended.throughout) == [(day, "80 mg") for day, _ in doses(found.amended.before)[:4]]


# ---------------------------------------------------------------- as people and programs read it


def everything(folder: Path) -> tuple[tuple[ForSubject, ...], About]:
    """A subject who has it all, one who left, and one who cannot be replayed."""
    found = for_subjects(
        folder, journal_of(folder, "001", fact("anchor", "surgery", date(2027, 5, 1))),
        journal_of(folder, "002", fact("withdrawn", "", date(2027, 1, 20), why="moved away")),
        journal_of(folder, "003", study="other"),
    )  # fmt: skip
    amended_one = replace(
        found[0].amended, passed_over=(event(id="new"),), too_early=(event(id="early"),),
        seams=found[0].amended.seams,
    )  # fmt: skip
    return (replace(found[0], amended=amended_one), *found[1:]), About("A small study", "v1.yaml", "v2.yaml", EFFECT)


def test_text(folder):
    """The text has each subject's changes, what is left behind, what is to be decided, and who is left out and why."""
    text = as_text(*everything(folder))
    assert "Takes effect  Mon 1 Feb 2027; what is past stays as it was" in text
    assert "Subjects      1 subject on study, 1 left out, 1 that cannot be replayed" in text
    assert "Nothing was written: journals and definitions are as they were." in text
    assert "Subject 001 (s001.jsonl)\n" in text
    assert re.search(
        r"^Past +4 past events stay as they were; the new version would have had \d of them other", text, re.M
    )
    assert "dose: 100 mg PO -> 80 mg PO" in text
    assert "Recorded, and not in the new version (1)\n  - line 3 gives the anchor surgery" in text
    assert "not asked of this subject (1)\n  - Mon 4 Jan 2027: Day 0 Belimumab (new)" in text
    assert "before the day it takes effect (1)\n  - Mon 4 Jan 2027: Day 0 Belimumab (early)" in text
    assert "Left out (1)\n  - 002 (s002.jsonl): left the study on Wed 20 Jan 2027 (line 3: moved away)" in text
    assert "Cannot be replayed (1)\n  - 003 (s003.jsonl): the journal is of study other, not of small." in text
    assert max(map(len, text.splitlines())) <= 120


def test_a_seam_in_words():
    """Where the versions meet, both events, the days between them and what either version has are said."""
    old = calendar([event(start=ANCHOR + n * 14 * DAY, id=f"d{n}", position=f"Day {n * 14}") for n in range(4)])
    new = calendar([event(start=ANCHOR + n * 14 * DAY + (n > 1) * DAY, id=f"d{n}x") for n in range(4)])
    found = ForSubject("001", Path("s001.jsonl"), amended(old, new, ANCHOR + 29 * DAY))
    text = as_text([found], About("A", "a", "b", EFFECT))
    assert "To decide: where the two versions meet (1)" in text
    assert (
        " ".join(text.split()).count("(d2) to Tue 2 Feb 2027: Day 29 Belimumab (d2x) is 1 day, where either version")
        == 1
    )
    assert json.loads(as_json([found], About("A", "a", "b", EFFECT)))["subjects"][0]["seams"] == [
        {"last": "d2", "first": "d2x", "days": 1, "least": 14, "most": 15}
    ]


def test_markdown_and_json(folder):
    """The page and the data hold the same subjects and sentences."""
    subjects, about = everything(folder)
    page = as_markdown(subjects, about)
    for words in ("# Subject 001", "100 mg PO -> 80 mg PO", "## Left out", "## Cannot be replayed", "surgery"):
        assert words in page
    data = json.loads(as_json(subjects, about))
    assert data["takes_effect"] == "2027-02-01"
    assert [sorted(one) for one in data["subjects"]][1] == ["journal", "off_study", "refused", "subject"]
    first = data["subjects"][0]
    assert first["changes"]["counts"] == {"removed": 2, "dose": 2}
    assert first["left_behind"][0]["line"] == 3
    assert [one["id"] for one in first["passed_over"]] == ["new"]


def test_windows_are_of_the_version():
    """A wider window of the new version holds for what is outstanding only."""
    old = [event(start=ANCHOR, id="a", window=days_around(ANCHOR, 1, 1)),
           event(start=EFFECT, id="b", window=days_around(EFFECT, 1, 1))]  # fmt: skip
    new = [replace(old[0], window=days_around(ANCHOR, 3, 3)), replace(old[1], window=days_around(EFFECT, 3, 3))]
    found = amended(calendar(old), calendar(new), EFFECT)
    assert [c.id for c in found.changes.of("window")] == ["b"]
