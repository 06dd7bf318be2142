"""What cannot be recorded, and does the refusal say what was found, what is allowed and what to do, all at once?"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from tests.journal.samples import DOSE, GIVEN, NOW, begun, filled, opened

from regimen.errors import JournalError, RegimenError
from regimen.facts import NEEDS_REASON, Fact
from regimen.journal import append, open_journal, read_journal

DAY = date(2027, 1, 20)
KINDS = (
    "kinds are: opened, anchor, decision, given, done, missed, skipped, moved, delayed, held, restarted, reduced, "
    "discontinued, withdrawn, visit, corrected"
)
ON = "give a day, such as 2027-01-20"
WHY = "say why, in a few words"
TEXT = "write it on one line, without spaces at its ends"
LEVEL = "give the amount, or the level as the definition names it"
APART = "leave it out, or record it apart"

REFUSED = [
    (Fact("givn", DOSE, DAY, by="AN"), [f"what: 'givn' is not a kind of fact; {KINDS}; did you mean given?"]),
    (Fact("", DOSE, DAY, by="AN"), [f"what: '' is not a kind of fact; {KINDS}"]),
    (Fact("opened", "x", answer="y", by="AN"), [("what: a journal is opened once; begin another with: regimen "
                                                "record FILE open …")]),
    (Fact("given", "", DAY, by="AN"), ["target: given needs what it is about; say what it is about"]),
    (Fact("given", DOSE, by="AN"), [f"on: given needs the date; {ON}"]),
    (Fact("given", DOSE, DAY), ["by: given needs who recorded it; say who, by name or initials"]),
    (Fact("given", "two words", DAY, by="AN"), ["target: 'two words' holds a space; give an id, a key or a name"]),
    (Fact("given", DOSE, DAY, answer="yes", by="AN"), [f"answer: given takes no answer (the answer); {APART}"]),
    (Fact("done", "treatment/d0/evaluation", DAY, amount="5 mg", by="AN"),
     [f"amount: done takes no amount (how much); {APART}"]),
    (Fact("given", DOSE, DAY, then="wait", by="AN"),
     [("then: 'wait' is not what becomes of the doses after it; skip, keep, shift, resume, restart, ask; say one of "
      "skip, keep, shift, resume, restart, ask")]),
    (Fact("given", DOSE, DAY, then="shft", by="AN"),
     [("then: 'shft' is not what becomes of the doses after it; skip, keep, shift, resume, restart, ask; did you mean "
      "shift?")]),
    (Fact("given", DOSE, DAY, cause="toxic", by="AN"),
     ["cause: 'toxic' is not the cause; logistics, toxicity, other; did you mean toxicity?"]),
    (Fact("missed", DOSE, by="AN"), [f"why: missed needs the reason; {WHY}"]),
    (Fact("skipped", DOSE, by="AN"), [f"why: skipped needs the reason; {WHY}"]),
    (Fact("delayed", "treatment/c3", DAY, cause="other", by="AN"), [f"why: delayed needs the reason; {WHY}"]),
    (Fact("delayed", "treatment/c3", DAY, why="snow", by="AN"),
     ["cause: delayed needs the cause; say one of logistics, toxicity, other; protocols cap delays by cause"]),
    (Fact("held", "belimumab", DAY, by="AN"), [f"why: held needs the reason; {WHY}"]),
    (Fact("restarted", "belimumab", DAY, by="AN"), [f"level: restarted needs the dose level or how much; {LEVEL}"]),
    (Fact("reduced", "belimumab", DAY, why="rash", by="AN"), [(f"amount: reduced needs how much or the dose "
                                                              f"level; {LEVEL}")]),
    (Fact("discontinued", "all", DAY, by="AN"), [f"why: discontinued needs the reason; {WHY}"]),
    (Fact("withdrawn", "", DAY, by="AN"), [f"why: withdrawn needs the reason; {WHY}"]),
    (Fact("withdrawn", "all", DAY, why="moved", by="AN"), [(f"target: withdrawn takes no target (what it is "
                                                           f"about); {APART}")]),
    (Fact("visit", "toxicity check", DAY, by="AN"), [f"why: visit needs the reason; {WHY}"]),
    (Fact("decision", "transplant", by="AN"), ["answer: decision needs the answer; say the answer"]),
    (Fact("given", DOSE, date(2207, 1, 20), by="AN"),
     ["on: the year 2207 is not from 1900 to 2199; give a day, or a time with its distance from UTC"]),
    (Fact("given", DOSE, datetime.fromisoformat("2027-01-20T10:00"), by="AN"),
     ["on: 2027-01-20T10:00:00 does not say in which time zone; give a day, or a time with its distance from UTC"]),
    (Fact("given", DOSE, datetime(2027, 1, 20, 10, 0, 0, 5, tzinfo=timezone.utc), by="AN"),  # noqa: UP017
     [("on: 2027-01-20T10:00:00.000005+00:00 is finer than a journal holds (seconds, and minutes from UTC); "
       "give a day, "
      "or a time with its distance from UTC")]),
    (Fact("missed", DOSE, why="a\nb", by="AN"),
     [f"why: 'a\\nb' holds a character that is not printed (U+000A); {TEXT}"]),
    (Fact("missed", DOSE, why="21\u202e12", by="AN"),
     [f"why: '21\\u202e12' holds a character that is not printed (U+202E); {TEXT}"]),
    (Fact("missed", DOSE, why=" late", by="AN"), [f"why: ' late' begins or ends with a space; {TEXT}"]),
    (Fact("corrected", why="wrong", by="AN"),
     ["corrects: corrected needs the number of the line it corrects; say the number of the line it corrects"]),
    (Fact("corrected", corrects=3, by="AN"), [f"why: corrected needs the reason; {WHY}"]),
    (Fact("corrected", corrects=1, why="wrong", by="AN"),
     [("corrects: line 1 opens the journal and cannot be corrected; begin a journal of its own for another subject, "
      "study or arm")]),
    (Fact("corrected", corrects=7, why="wrong", by="AN"),
     [("corrects: there is no line 7 to correct; can be corrected: lines 2 to 6; look up the number with: regimen "
      "journal show")]),
    (Fact("corrected", corrects=3, why="wrong", by="AN"),
     ["corrects: line 3 was already corrected by line 4; correct line 4, which holds now"]),
    (Fact("corrected", corrects=2, why="wrong", by="AN", instead=Fact("opened", "x", answer="y")),
     ["instead.what: 'opened' cannot take the place of a fact; strike the fact out and record the right one"]),
    (Fact("corrected", corrects=5, why="wrong", by="AN", instead=Fact("missed", DOSE)),
     [f"instead.why: missed needs the reason; {WHY}"]),
    (GIVEN, [(f"target: line 4 already says: {DOSE} given on 2027-01-19; correct line 4 if it is wrong, or record it "
             "--unchecked")]),
    (Fact("anchor", "first_dose", DAY, by="AN"),
     [("target: line 2 already says: first_dose anchor on 2027-01-04; correct line 2 if it is wrong, or record it "
      "--unchecked")]),
    (Fact("missed", "treatment/d14/evaluation", why="again", by="AN"),
     [("target: line 5 already says: treatment/d14/evaluation missed; correct line 5 if it is wrong, or record it "
      "--unchecked")]),
    (Fact("corrected", corrects=5, why="wrong", by="AN", instead=GIVEN),
     [(f"target: line 4 already says: {DOSE} given on 2027-01-19; correct line 4 if it is wrong, or record it "
      "--unchecked")]),
    (Fact("delayed", "", None),
     ["target: delayed needs what it is about; say what it is about", f"on: delayed needs the date; {ON}",
      "cause: delayed needs the cause; say one of logistics, toxicity, other; protocols cap delays by cause",
      "by: delayed needs who recorded it; say who, by name or initials", f"why: delayed needs the reason; {WHY}"]),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "said"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_recorded(fact, said, tmp_path):
    """Each refusal names the key, what was found and what to do; all of them are told, and nothing is written."""
    path = filled(tmp_path)
    before = path.read_bytes()
    with pytest.raises(JournalError) as error:
        append(path, fact, now=NOW)
    assert str(error.value).splitlines() == [f"{path}: {line}" for line in [*said, "Nothing was recorded."]]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("700", "the text ends too early; expected a unit"),
        ("1,000 mg", "'1,000' is read as 1000 and, with a decimal comma, as a fraction near 1."),
        ("5.0 mg", "'5.0' is read as 50 when the point is not seen."),
        (".5 mg", "'.5' loses its point easily"),
        ("5 IU", "units"),
    ],
)
def test_amounts_that_are_misread(amount, said, tmp_path):
    """An amount is one that everybody reads alike, as in the notation."""
    path = begun(tmp_path)
    with pytest.raises(JournalError) as error:
        append(path, Fact("given", DOSE, DAY, amount=amount, by="AN"), now=NOW)
    assert said in str(error.value)
    assert str(error.value).startswith(f"{path}: amount: ")


def test_a_definition_may_want_more_reasons(tmp_path):
    """Which kinds need a reason is a matter of the protocol."""
    path = begun(tmp_path)
    with pytest.raises(JournalError, match="given needs the reason"):
        append(path, GIVEN, now=NOW, reasons={*NEEDS_REASON, "given"})
    assert append(path, GIVEN, now=NOW).number == 2


def test_a_missed_dose_may_be_given_late(tmp_path):
    """Missed, then given late, is no contradiction; given, then missed, is one."""
    path = begun(tmp_path)
    append(path, Fact("missed", DOSE, why="bus strike", by="AN"), now=NOW)
    append(path, GIVEN, now=NOW)
    with pytest.raises(JournalError, match="line 3 already says"):
        append(path, Fact("missed", DOSE, why="bus strike", by="AN"), now=NOW)


def test_unchecked_records_what_an_earlier_line_rules_out(tmp_path):
    """A contradiction may be recorded on purpose; what is wrong by itself never."""
    path = filled(tmp_path)
    assert append(path, GIVEN, now=NOW, unchecked=True).number == 7
    with pytest.raises(JournalError, match="missed needs the reason"):
        append(path, Fact("missed", DOSE, by="AN"), now=NOW, unchecked=True)


@pytest.mark.parametrize(
    "now", [datetime.fromisoformat("2027-02-01T09:00"), datetime(2027, 2, 1, 9, tzinfo=timezone(timedelta(hours=1)))]
)
def test_the_time_of_recording_is_utc(now, tmp_path):
    """A clock without a zone, or in another one, is refused."""
    path = begun(tmp_path)
    for record in (lambda: append(path, GIVEN, now=now), lambda: opened(tmp_path / "other.jsonl", now=now)):
        with pytest.raises(RegimenError, match="is not in UTC; give the moment in UTC"):
            record()
    assert not (tmp_path / "other.jsonl").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "Anna"}, ("subject: 'Anna' is not a subject's key; letters, digits, - . _ and at least one "
                               "digit; give "
         "the code that the study uses, such as 001; a journal never holds a name")),
        ({"subject": "Anna Example 1"}, ("subject: 'Anna Example 1' is not a subject's key; letters, digits, - "
                                         ". _ and at "
         "least one digit; give the code that the study uses, such as 001; a journal never holds a name")),
        ({"subject": ""}, ("subject: '' is not a subject's key; letters, digits, - . _ and at least one digit; "
                           "give the "
         "code that the study uses, such as 001; a journal never holds a name")),
        ({"arm": ""}, "answer: opened needs the answer; say the answer"),
        ({"by": ""}, "by: opened needs who recorded it; say who, by name or initials"),
        ({"trial": "a\tb"}, "trial: 'a\\tb' holds a character that is not printed (U+0009)"),
    ],
)  # fmt: skip
def test_openings_that_are_refused(changes, said, tmp_path):
    """A journal is for a coded subject of one arm, and somebody opens it."""
    path = tmp_path / "s.jsonl"
    with pytest.raises(JournalError) as error:
        opened(path, **changes)
    assert f"{path}: {said}" in str(error.value).splitlines()
    assert not path.exists()


def test_a_journal_is_opened_once(tmp_path):
    """Opening a journal again, or another file as a journal, changes nothing."""
    path = begun(tmp_path)
    before = path.read_bytes()
    with pytest.raises(RegimenError) as error:
        opened(path, subject="002")
    assert str(error.value) == f"{path} is the journal of subject 001 already; give another name."
    notes = tmp_path / "notes.txt"
    for text in ("call the lab", "call the lab\n", "{}\n"):
        notes.write_text(text, encoding="utf-8")
        with pytest.raises(RegimenError) as error:
            opened(notes)
        assert str(error.value) == f"{notes} exists and is not a journal; give another name."
        assert notes.read_text(encoding="utf-8") == text
    assert path.read_bytes() == before


def test_an_empty_file_may_become_a_journal(tmp_path):
    """A file of no bytes, as a crash or a sync program leaves it, is opened like a new one."""
    path = tmp_path / "s.jsonl"
    path.touch()
    opened(path)
    assert read_journal(path).opened.subject == "001"


def test_there_must_be_a_journal(tmp_path):
    """What is missing, a folder or beyond a missing folder is said with what to do."""
    path = tmp_path / "none.jsonl"
    begin = f"there is no journal {path}; begin one with: regimen record {path} open TRIAL --subject KEY --by WHO"
    for read in (read_journal, lambda path: append(path, GIVEN, now=NOW)):
        with pytest.raises(RegimenError) as error:
            read(path)
        assert str(error.value) == begin
        with pytest.raises(RegimenError, match="Is a directory"):
            read(tmp_path)
    with pytest.raises(RegimenError) as error:
        open_journal(tmp_path / "no" / "s.jsonl", study="x", arm="y", subject="1", by="AN", now=NOW)
    assert str(error.value) == f"the folder {tmp_path / 'no'} does not exist; make it first or write elsewhere."
