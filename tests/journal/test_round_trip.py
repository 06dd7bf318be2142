"""Is what is read back what was recorded, whatever it was, and does a second reader find the same chain?"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.journal.samples import NOW, begun, chain_holds, facts, filled, opened, words

from regimen.facts import Fact, effective
from regimen.journal import append, latest_of, place_of, read_journal
from regimen.journal.dates import read_moment


@given(st.lists(facts(), max_size=6))
def test_what_was_recorded_is_read_back(recorded):
    """Every fact comes back as it was, with its line's number and the time of recording."""
    with tempfile.TemporaryDirectory() as folder:
        path = begun(Path(folder))
        kept = [append(path, fact, now=NOW, unchecked=True) for fact in recorded]
        assert kept == [replace(fact, number=n, recorded=NOW) for n, fact in enumerate(recorded, 2)]
        assert read_journal(path).facts[1:] == tuple(kept)
        assert chain_holds(path.read_bytes())


@given(facts(), facts(by=False), words, words)
def test_a_correction_is_read_back(fact, instead, why, by):
    """A correction comes back with what it puts in the place, and the one who corrects vouches for that."""
    with tempfile.TemporaryDirectory() as folder:
        path = begun(Path(folder))
        append(path, fact, now=NOW)
        kept = append(path, Fact("corrected", corrects=2, instead=instead, why=why, by=by), now=NOW)
        assert kept.instead == replace(instead, by=by, recorded=NOW)
        journal = read_journal(path)
        assert journal.facts[2] == kept
        assert journal.effective == (replace(instead, by=by, recorded=NOW, number=2),)


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=8))
@settings(max_examples=60)
def test_corrections_of_corrections(steps):
    """However often a fact is corrected or struck out, the latest correction holds, in the fact's own place."""
    with tempfile.TemporaryDirectory() as folder:
        path = begun(Path(folder))
        holds: dict[int, str | None] = {}
        for n in range(2, 5):
            append(path, Fact("decision", f"question{n}", answer="yes", by="AN"), now=NOW)
            holds[n] = "yes"
        for number, (which, strike) in enumerate(steps):
            place = 2 + which % 3
            instead = None if strike else Fact("decision", f"question{place}", answer=f"answer{number}")
            latest = latest_of(read_journal(path).facts, place)
            kept = append(path, Fact("corrected", corrects=latest, instead=instead, why="wrong", by="AN"), now=NOW)
            assert place_of(read_journal(path).facts, kept.number) == place
            holds[place] = None if strike else f"answer{number}"
        journal = read_journal(path)
        assert {f.number: f.answer for f in journal.effective} == {n: a for n, a in holds.items() if a is not None}
        assert [f.number for f in journal.effective] == sorted(f.number for f in journal.effective)
        assert journal.effective == tuple(f for f in effective(journal.facts) if f.what != "opened")


def test_the_file_is_lines_that_people_can_read(tmp_path):
    """One fact on a line, only keys that are set, in a fixed order, letters of all languages as themselves."""
    lines = filled(tmp_path).read_text(encoding="utf-8").splitlines()
    assert [line[: line.index(', "hash"')] for line in lines] == [
        (
            '{"number": 1, "what": "opened", "format": "regimen-journal/1", "study": "belimumab-sle", "arm": '
            '"belimumab", '
            '"subject": "001", "by": "A. Nurse", "recorded": "2027-02-01T09:30:00Z"'
        ),
        (
            '{"number": 2, "what": "anchor", "target": "first_dose", "on": "2027-01-04", "by": "AN", '
            '"recorded": "2027-02-01T09:30:00Z"'
        ),
        (
            '{"number": 3, "what": "given", "target": "treatment/d14/belimumab", "on": "2027-01-20", "amount": '
            '"700 mg", '
            '"by": "AN", "recorded": "2027-02-01T09:30:00Z"'
        ),
        (
            '{"number": 4, "what": "corrected", "corrects": 3, "instead": {"what": "given", '
            '"target": "treatment/d14/belimumab", "on": "2027-01-19", "amount": "700 mg"}, "why": "typed wrong", '
            '"by": "AN", "recorded": "2027-02-01T09:30:00Z"'
        ),
        (
            '{"number": 5, "what": "missed", "target": "treatment/d14/evaluation", "why": "bus strike – „Streik“", '
            '"by": "Müller", "recorded": "2027-02-01T09:30:00Z"'
        ),
        (
            '{"number": 6, "what": "held", "target": "belimumab", "on": "2027-01-25T08:05+01:00", "why": "fever", '
            '"by": "AN", "recorded": "2027-02-01T09:30:00Z"'
        ),
    ]
    assert [json.loads(line)["number"] for line in lines] == [1, 2, 3, 4, 5, 6]


def test_the_same_facts_give_the_same_bytes(tmp_path):
    """Nothing but what is recorded, and when, is in the file."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert filled(tmp_path / "a").read_bytes() == filled(tmp_path / "b").read_bytes()


def test_old_lines_are_never_rewritten(tmp_path):
    """Recording only adds bytes behind those that are there."""
    path = begun(tmp_path)
    for answer in ("yes", "no", "yes"):
        before = path.read_bytes()
        append(path, Fact("decision", "transplant", answer=answer, by="AN"), now=NOW)
        assert path.read_bytes().startswith(before)
        assert len(path.read_bytes()) > len(before)


def test_the_opening_says_whose_journal_it_is(tmp_path):
    """Study, arm, subject, definition and how it is expanded come back from the first line."""
    path = tmp_path / "s.jsonl"
    about = {
        "trial": "../trials/mine.yaml", "version": "2.0", "digest": "ab" * 32, "assume": ("label", "weight"),
        "zone": "Europe/Berlin", "horizon": "24 mo", "why": "consented",
    }  # fmt: skip
    began = opened(path, **about)
    assert read_journal(path) == began
    assert (began.opened.trial, began.opened.assume, began.opened.zone) == (
        about["trial"],
        about["assume"],
        "Europe/Berlin",
    )
    assert began.facts[0] == Fact("opened", "belimumab-sle", answer="belimumab", why="consented", by="A. Nurse",
                                  recorded=NOW, number=1)  # fmt: skip


def test_anchors_and_decisions_that_hold(tmp_path):
    """A journal tells its anchors as corrected, and the last answer to each question."""
    path = begun(tmp_path)
    for fact in (
        Fact("anchor", "first_dose", read_moment("2027-01-04"), by="AN"),
        Fact("decision", "transplant", answer="no", by="AN"),
        Fact(
            "corrected", corrects=2, instead=Fact("anchor", "first_dose", read_moment("2027-01-05")), why="x", by="AN"
        ),
        Fact("decision", "transplant", answer="yes", by="AN"),
    ):
        append(path, fact, now=NOW)
    journal = read_journal(path)
    assert dict(journal.anchors) == {"first_dose": read_moment("2027-01-05")}
    assert dict(journal.decisions) == {"transplant": "yes"}
