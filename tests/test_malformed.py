"""Which definitions and lines are refused, where does the message point, and does it say what to do?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from tests.commands import ROOT, environment, typed

GOOD = """\
format: regimen/1

study:
  id: wren-1
  title: WREN-1, a fictional study
  first_day: 1
  months: 28d
  source: protocol

sources:
  protocol: Protocol version 1

anchors:
  first_dose: first infusion
  surgery:
    title: day of surgery
    from: first_dose + 98 d

decisions:
  responder:
    question: Has the patient responded?

arms:
  main: [treatment, follow-up]

epochs:
  treatment:
    from: first_dose
    cycles: 21 d x4
    source: protocol, 5
    doses:
      vinorelbine:
        dose: 25 mg/m2 IV
        when: days 1, 8
        window: ±2 d
        source: protocol, 5.1
      prednisone:
        source: protocol, 5.2
        parts:
          start:
            dose: 60 mg PO
            when: days 1-5
          later:
            dose: 40 mg PO
            when: days 6-7
            if: responder=yes
    visits:
      clinic:
        when: day 1
        activities: [vitals, weight]
        source: protocol, 6
  follow-up:
    from: 28 d after surgery
    lasts: 12 mo
    source: protocol, 7
    visits:
      call:
        when: every 12 w
        source: protocol, 7
"""

# What stands in GOOD, what is written instead, line:column and key path of the message, and words it must hold.
DEFINITIONS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    # ---- unknown keys, at every level
    (
        "anchors:\n",
        "anchor:\n",
        "13:1",
        "anchor",
        ("'anchor' is not known", "known keys are format", "did you mean anchors?"),
    ),
    ("  id: wren-1", "  id: wren-1\n  colour: red", "5:3", "study.colour", ("known keys are", "remove it")),
    ("  first_day: 1", "  first_day: 1\n  first-day: 1", "7:3", "study.first-day", ("did you mean first_day?",)),
    ("    title: day", "    titel: day", "16:5", "anchors.surgery.titel", ("did you mean title?",)),
    ("    question:", "    qestion:", "21:5", "decisions.responder.qestion", ("did you mean question?",)),
    ("  main: [t", "  main:\n    epoch: [t", "25:5", "arms.main.epoch", ("did you mean epochs?",)),
    ("    cycles:", "    cycels:", "29:5", "epochs.treatment.cycels", ("did you mean cycles?",)),
    (
        "        window:",
        "        windw:",
        "35:9",
        "epochs.treatment.doses.vinorelbine.windw",
        ("did you mean window?",),
    ),
    (
        "            if:",
        "            iff:",
        "46:13",
        "epochs.treatment.doses.prednisone.parts.later.iff",
        ("did you mean if?",),
    ),
    (
        "        activities:",
        "        activites:",
        "50:9",
        "epochs.treatment.visits.clinic.activites",
        ("did you mean activities?",),
    ),
    (
        "[vitals, weight]",
        "[{activity: vitals, wen: day 1}]",
        "50:41",
        "epochs.treatment.visits.clinic.activities[0].wen",
        ("did you mean when?",),
    ),
    (
        "    lasts: 12 mo",
        "    courses: {times: 2, rests: 3 w}",
        "54:25",
        "epochs.follow-up.courses.rests",
        ("did you mean rest?",),
    ),
    (
        "    lasts: 12 mo",
        "    procedures: {ct: {when: day 1, wndow: ±1 d}}",
        "54:36",
        "epochs.follow-up.procedures.ct.wndow",
        ("did you mean window?",),
    ),
    (
        "    source: protocol, 7\n    visits",
        "    source: {document: protocol, page: 7}\n    visits",
        "55:34",
        "epochs.follow-up.source.page",
        ("known keys are document, section",),
    ),
    (
        "\narms:",
        "\nassumptions:\n  label: {title: a, reason: b, sets: {}, set: {}}\narms:",
        "24:42",
        "assumptions.label.set",
        ("did you mean sets?",),
    ),
    # ---- missing keys
    ("format: regimen/1\n", "", "2:1", "format", ("it is missing", "add format:")),
    ("  id: wren-1\n", "", "4:3", "study.id", ("it is missing", "a short name", "add id:")),
    ("  title: WREN-1, a fictional study\n", "", "4:3", "study.title", ("it is missing", "add title:")),
    ("  first_day: 1\n", "", "4:3", "study.first_day", ("it is missing", "0 or 1", "add first_day:")),
    (
        "    question: Has the patient responded?",
        "    options: [yes, no]",
        "21:5",
        "decisions.responder.question",
        ("it is missing", "add question:"),
    ),
    (
        "    from: first_dose\n",
        "",
        "27:3",
        "epochs.treatment",
        ("does not say where it starts", "first_dose or surgery", "end of previous epoch"),
    ),
    (
        "        dose: 25 mg/m2 IV\n",
        "",
        "33:9",
        "epochs.treatment.doses.vinorelbine",
        ("no dose is given", "dose: not stated"),
    ),
    (
        "        when: days 1, 8\n",
        "",
        "33:9",
        "epochs.treatment.doses.vinorelbine",
        ("either when: or parts:", "when: not stated"),
    ),
    ("        when: day 1\n", "", "49:9", "epochs.treatment.visits.clinic", ("either when:", "or between:")),
    # ---- wrong shapes
    (
        "  main: [treatment, follow-up]",
        "  [treatment, follow-up]",
        "24:3",
        "arms",
        ("found a list", "keys with values", "indented further"),
    ),
    (
        "  main: [treatment, follow-up]",
        "  main: treatment",
        "24:9",
        "arms.main",
        ("found 'treatment'", "a list of epochs, such as [treatment, follow-up]"),
    ),
    ("  main: [treatment, follow-up]", "  main: []", "24:9", "arms.main.epochs", ("it is empty", "at least 1 entry")),
    ("  id: wren-1", "  id: [wren, 1]", "4:7", "study.id", ("found a list", "expected is a text")),
    ("  id: wren-1", "  id: my study", "4:7", "study.id", ("'my study'", "letters, digits", "write my-study")),
    (
        "  first_dose: first infusion",
        "  first_dose:",
        "14:14",
        "anchors.first_dose",
        ("found nothing", "such as: first infusion"),
    ),
    (
        "  protocol: Protocol version 1",
        "  the protocol: Protocol version 1",
        "11:3",
        'sources."the protocol"',
        ("starts with a letter", "write the-protocol"),
    ),
    (
        "  protocol: Protocol version 1",
        "  protocol: {version: 1}",
        "11:13",
        "sources.protocol",
        ("found keys with values", "expected is a text"),
    ),
    (
        "    question: Has the patient responded?",
        "    question: Has it?\n    options: [yes]",
        "22:14",
        "decisions.responder.options",
        ("it has 1 entry", "at least 2 entries"),
    ),
    (
        "    question: Has the patient responded?",
        "    question: Has it?\n    options: yes",
        "22:14",
        "decisions.responder.options",
        ("found 'yes'", "a list", "square brackets"),
    ),
    (
        "    cycles: 21 d x4",
        "    cycles: [21 d, 21 d]",
        "29:13",
        "epochs.treatment.cycles",
        ("found a list", "such as 42 d x5"),
    ),
    (
        "        dose: 25 mg/m2 IV",
        "        dose: {amount: 25}",
        "33:15",
        "epochs.treatment.doses.vinorelbine.dose",
        ("found keys with values", "such as 10 mg/kg IV over 1 h"),
    ),
    (
        "        when: days 1, 8",
        "        when: [1, 8]",
        "34:15",
        "epochs.treatment.doses.vinorelbine.when",
        ("found a list", "such as days 0, 14, 28"),
    ),
    (
        "            if: responder=yes",
        "            if: [responder]",
        "46:17",
        "epochs.treatment.doses.prednisone.parts.later.if",
        ("found a list", "such as transplant=no"),
    ),
    (
        "[vitals, weight]",
        "vitals",
        "50:21",
        "epochs.treatment.visits.clinic.activities",
        ("found 'vitals'", "a list", "square brackets"),
    ),
    ("      call:\n", "      - call:\n", "57:7", "epochs.follow-up.visits", ("each entry of the list needs visit:",)),
    (
        "    source: protocol, 7\n    visits",
        "    assumed: because\n    visits",
        "55:14",
        "epochs.follow-up.assumed",
        ("found 'because'", "keys with values"),
    ),
    # ---- values that are not offered
    ("format: regimen/1", "format: regimen/2", "1:9", "format", ("'regimen/2'", "write regimen/1")),
    ("  first_day: 1", "  first_day: 2", "6:14", "study.first_day", ("0 or 1", "not '2'")),
    ("  months: 28d", "  months: 31d", "7:11", "study.months", ("'31d'", "calendar or 28d or 30d")),
    ("  months: 28d", "  weeks: calendar", "7:10", "study.weeks", ("'calendar'", "elapsed or ordinal", "choose one")),
    (
        "        window: ±2 d",
        "        follows: cycles",
        "35:18",
        "epochs.treatment.doses.vinorelbine.follows",
        ("'cycles'", "did you mean cycle?"),
    ),
    ("  months: 28d", "  enrolment: 1e9", "7:14", "study.enrolment", ("'1e9' is not a whole number", "digits only")),
    ("  months: 28d", "  accrual: a year", "7:12", "study.accrual", ("is not a length of time", "28 d, 4 w, 3 mo")),
    (
        "  months: 28d",
        "  starts: 2027-02-30",
        "7:11",
        "study.starts",
        ("'2027-02-30' is not a date", "such as 2027-01-31"),
    ),
    (
        "  months: 28d",
        "  starts: 2027-13-01",
        "7:11",
        "study.starts",
        ("'2027-13-01' is not a date", "there is no month 13"),
    ),
    ("  months: 28d", "  starts: 04/01/2027", "7:11", "study.starts", ("'04/01/2027' is not a date", "year-month-day")),
    ("  months: 28d", "  starts: 2027-01", "7:11", "study.starts", ("'2027-01' is not a date", "year-month-day")),
    (
        "    cycles: 21 d x4",
        "    cycles: 21 d x4\n    courses: {times: 1e9}",
        "30:22",
        "epochs.treatment.courses.times",
        ("'1e9' is not a whole number",),
    ),
    # ---- names that point at nothing
    (
        "[treatment, follow-up]",
        "[treatment, folow-up]",
        "24:21",
        "arms.main[1]",
        ("no epoch 'folow-up'", "treatment, follow-up", "did you mean follow-up?"),
    ),
    (
        "    from: first_dose\n",
        "    from: first_doze\n",
        "28:11",
        "epochs.treatment.from",
        ("no anchor 'first_doze'", "first_dose, surgery", "did you mean first_dose?"),
    ),
    (
        "    from: first_dose\n",
        "    from: follow-up\n",
        "28:11",
        "epochs.treatment.from",
        ("no anchor 'follow-up'", "follow-up is an epoch: write start of follow-up"),
    ),
    (
        "    from: first_dose\n",
        "    from: end of vinorelbine\n",
        "28:11",
        "epochs.treatment.from",
        ("no epoch 'vinorelbine'", "write first dose of vinorelbine"),
    ),
    (
        "    from: 28 d after surgery",
        "    from: 28 d after last dose of vinorelbin",
        "53:11",
        "epochs.follow-up.from",
        ("no drug 'vinorelbin'", "did you mean vinorelbine?"),
    ),
    (
        "    from: 28 d after surgery",
        "    from: 28 d after end of tretment",
        "53:11",
        "epochs.follow-up.from",
        ("no epoch 'tretment'", "did you mean treatment?"),
    ),
    (
        "    cycles: 21 d x4",
        "    cycles: 21 d before surgry",
        "29:13",
        "epochs.treatment.cycles",
        ("no anchor 'surgry'", "did you mean surgery?"),
    ),
    (
        "        window: ±2 d",
        "        ends: surgry",
        "35:15",
        "epochs.treatment.doses.vinorelbine.ends",
        ("no anchor 'surgry'",),
    ),
    (
        "        source: protocol, 5.1",
        "        source: protocl, 5.1",
        "36:17",
        "epochs.treatment.doses.vinorelbine.source",
        ("no source 'protocl'", "did you mean protocol?"),
    ),
    (
        "            if: responder=yes",
        "            if: respnder=yes",
        "46:17",
        "epochs.treatment.doses.prednisone.parts.later.if",
        ("no decision 'respnder'", "did you mean responder?"),
    ),
    (
        "            if: responder=yes",
        "            if: responder=maybe",
        "46:17",
        "epochs.treatment.doses.prednisone.parts.later.if",
        ("cannot be 'maybe'", "yes, no", "choose one"),
    ),
    (
        "            if: responder=yes",
        "            if: responder",
        "46:17",
        "epochs.treatment.doses.prednisone.parts.later.if",
        ("is not a condition", "such as transplant=no"),
    ),
    (
        "            when: days 6-7",
        "            when: 1 h before dose of vinorelbin",
        "45:19",
        "epochs.treatment.doses.prednisone.parts.later.when",
        ("no drug 'vinorelbin'",),
    ),
    (
        "[vitals, weight]",
        "[{activity: vitals, when: before surgry}]",
        "50:47",
        "epochs.treatment.visits.clinic.activities[0].when",
        ("no anchor 'surgry'",),
    ),
    # ---- starts that wait for each other
    (
        "  first_dose: first infusion",
        "  first_dose: {title: a, from: surgery - 98 d}",
        "14:32",
        "anchors.first_dose.from",
        ("first_dose → surgery → first_dose", "an anchor with a date of its own"),
    ),
    (
        "    from: first_dose\n",
        "    from: start of treatment\n",
        "28:11",
        "epochs.treatment.from",
        ("treatment waits for itself",),
    ),
    # ---- one value against another
    (
        "        when: days 1, 8",
        "        when: days 0, 8",
        "34:15",
        "epochs.treatment.doses.vinorelbine.when",
        ("day 0 does not exist", "Declare first_day: 0"),
    ),
    (
        "        when: every 12 w",
        "        when: weeks 4, 8",
        "58:15",
        "epochs.follow-up.visits.call.when",
        ("week 4 can be read two ways", "weeks: elapsed puts it at offset 28", "weeks: ordinal at offset 21"),
    ),
    (
        "        when: every 12 w",
        "        when: every 4 w through week 48",
        "58:15",
        "epochs.follow-up.visits.call.when",
        ("week 48 can be read two ways", "offset 336"),
    ),
    (
        "        when: days 1, 8",
        "        when: days 1, 8\n        parts: {more: 5 mg IV day 2}",
        "33:9",
        "epochs.treatment.doses.vinorelbine",
        ("either when: or parts:",),
    ),
    (
        "        when: day 1\n",
        "        when: day 1\n        between: days 2-3\n",
        "49:9",
        "epochs.treatment.visits.clinic",
        ("either when:", "or between:"),
    ),
    (
        "      clinic:",
        "      vinorelbine:",
        "48:7",
        "epochs.treatment.visits.vinorelbine",
        ("also used under doses", "rename one of them"),
    ),
    (
        "        dose: 25 mg/m2 IV",
        "        dose: 9 mcg/day IV",
        "33:15",
        "epochs.treatment.doses.vinorelbine.dose",
        ("9 mcg/day is a rate", "9 mcg/day CIV", "write 9 mcg IV days 1, 8"),
    ),
    (
        "        dose: 25 mg/m2 IV",
        "        dose: 9 mcg CIV",
        "33:15",
        "epochs.treatment.doses.vinorelbine.dose",
        ("as a continuous infusion does not say whether", "9 mcg/day CIV", "9 mcg CIV over 24 h"),
    ),
    # ---- texts of notation
    (
        "        dose: 25 mg/m2 IV",
        "        dose: 25 IV",
        "33:15",
        "epochs.treatment.doses.vinorelbine.dose",
        ("has no unit", "such as 10 mg", "     ^"),
    ),
    (
        "        dose: 25 mg/m2 IV",
        "        dose: 25 mgg/m2 IV",
        "33:15",
        "epochs.treatment.doses.vinorelbine.dose",
        ("'mgg' is not a dose unit", "Did you mean mg?"),
    ),
    (
        "        dose: 25 mg/m2 IV",
        "        dose: 25 U IV",
        "33:15",
        "epochs.treatment.doses.vinorelbine.dose",
        ("'U'", "5 units"),
    ),
    (
        "        dose: 25 mg/m2 IV",
        "        dose: .5 mg IV",
        "33:15",
        "epochs.treatment.doses.vinorelbine.dose",
        ("write 0.5 mg IV", "write 5 mg IV"),
    ),
    (
        "        when: days 1, 8",
        "        when: day 1 q3m",
        "34:15",
        "epochs.treatment.doses.vinorelbine.when",
        ("every 3 minutes", "every 3 months"),
    ),
    (
        "        when: days 1, 8",
        "        when: daily within days 1-5",
        "34:15",
        "epochs.treatment.doses.vinorelbine.when",
        ("q1w within days",),
    ),
    (
        "        window: ±2 d",
        "        window: 2 d",
        "35:17",
        "epochs.treatment.doses.vinorelbine.window",
        ("expected a window", "±3 d"),
    ),
    (
        "        window: ±2 d",
        "        window: ±1 mo",
        "35:17",
        "epochs.treatment.doses.vinorelbine.window",
        ("in months or years", "hours, days or weeks"),
    ),
    (
        "    from: 28 d after surgery",
        "    from: 4-6 w after surgery",
        "53:11",
        "epochs.follow-up.from",
        ("gives no date", "write 4 w (4-6 w) after surgery", "write 6 w (4-6 w) after surgery"),
    ),
    (
        "    from: 28 d after surgery",
        "    from: after end of treatment",
        "53:11",
        "epochs.follow-up.from",
        ("Say how long after", "        ^"),
    ),
    (
        "    lasts: 12 mo",
        "    lasts: 12",
        "54:12",
        "epochs.follow-up.lasts",
        ("not a length of time", "a number and a unit"),
    ),
    ("    cycles: 21 d x4", "    cycles: 21 d x0", "29:13", "epochs.treatment.cycles", ("at least 1", "       ^")),
    (
        "    cycles: 21 d x4",
        "    cycles: four times",
        "29:13",
        "epochs.treatment.cycles",
        ("'four' is not understood",),
    ),
    (
        "      vinorelbine:\n        dose",
        "      zinc: '[q21d x4] 5 mg PO day 1'\n      vinorelbine:\n        dose",
        "32:13",
        "epochs.treatment.doses.zinc",
        ("a frame in brackets", "cycles: key"),
    ),
    # ---- the file itself
    (
        "      vinorelbine:\n",
        "      vinorelbine:\n        when: day 2\n",
        "35:9",
        "epochs.treatment.doses.vinorelbine.when",
        ("written twice, on lines 33 and 35", "keep one"),
    ),
    ("    cycles: 21", "\tcycles: 21", "29:1", "", ("a tab", "replace the tab with spaces")),
    (
        "    title: day of surgery",
        "    title: day: of surgery",
        "16:15",
        "",
        ("a second colon", 'put it in quotes: "day: of surgery"'),
    ),
    ("first infusion", "'first infusion", "14:15", "", ("a quote is opened here", "closing quote")),
    ("WREN-1, a", "WREN-1,\x00 a", "5:17", "", ("NUL character", "delete it")),
    (
        "[vitals, weight]",
        "&a [*a]",
        "50:25",
        "epochs.treatment.visits.clinic.activities[0]",
        ("inside the part it repeats", "write the values out"),
    ),
    ("[vitals, weight]", "[vitals, weight", "51:15", "", ("opened on line 50", "close the bracket")),
    ("  main: [t", "  main: !!python/object:os.system [t", "24:9", "arms.main", ("the tag", "delete the tag")),
    ("\narms:", "\n---\narms:", "23:1", "", ("a second document", "its own file")),
    ("WREN-1, a fictional study", "x" * 3000, "5:10", "study.title", ("3,000 characters", "at most 2,000")),
)


def refused(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What `regimen check` says on stderr about a file with this text."""
    monkeypatch.chdir(folder)
    Path("study.yaml").write_text(text, encoding="utf-8")
    answer = typed("check", "study.yaml")
    assert (answer.code, answer.out) == (1, "")
    return fits_on_a_screen(answer.err)


def fits_on_a_screen(said: str) -> str:
    """At most 24 lines, hardly one of them wide, and no word of the program's own insides."""
    assert len(said.splitlines()) <= 24
    assert len([line for line in said.splitlines() if len(line) > 160 and "known keys are" not in line]) <= 2
    assert not [word for word in ("Traceback", "pydantic", "Input should", "ValidationError", "None") if word in said]
    return said


def test_the_definition_that_the_slips_are_made_in_is_fine(tmp_path, monkeypatch):
    """A sound definition has no findings, and the exit code is 0."""
    monkeypatch.chdir(tmp_path)
    sound = GOOD.replace("    doses:\n", "    not_stated: {late: the protocol is silent}\n    doses:\n")
    Path("study.yaml").write_text(sound, encoding="utf-8")
    assert typed("check", "study.yaml") == (0, "study.yaml: no findings.\n", "")


@pytest.mark.parametrize(("old", "new", "place", "path", "words"), DEFINITIONS)
def test_a_malformed_definition_is_refused_at_its_place(old, new, place, path, words, tmp_path, monkeypatch):
    """A slip is told with file, line, column and key path: what was found, what is allowed, what to do; exit code 1."""
    assert GOOD.count(old) == 1
    said = refused(GOOD.replace(old, new), tmp_path, monkeypatch)
    assert f"study.yaml:{place}: {path + ': ' if path else ''}" in said
    assert not [word for word in words if word not in said]


MISTAKES = (
    ("  first_day: 1", "  first_day: 2"),
    ("    title: day of surgery", "    titel: day of surgery\n    title: day of surgery"),
    ("[treatment, follow-up]", "[treatment, folow-up]"),
    ("    cycles: 21 d x4", "    cycles: 21 d x0"),
    ("        dose: 25 mg/m2 IV", "        dose: 25 U IV"),
    ("            if: responder=yes", "            if: respnder=yes"),
    ("        when: day 1\n", "        when: day 1 q3m\n"),
    ("    lasts: 12 mo", "    lasts: 12"),
)
PLACES = ("6:14", "16:5", "25:21", "30:13", "34:15", "47:17", "50:15", "55:12")


def test_all_problems_of_a_file_are_told_at_once(tmp_path, monkeypatch):
    """Unknown keys, wrong values, malformed texts and names that point at nothing are told together, in file order."""
    text = GOOD
    for old, new in MISTAKES:
        text = text.replace(old, new)
    monkeypatch.chdir(tmp_path)
    Path("study.yaml").write_text(text, encoding="utf-8")
    said = typed("check", "study.yaml").err.splitlines()
    places = [line.split(": ")[0] for line in said if line.startswith("study.yaml:")]
    assert places == [f"study.yaml:{place}" for place in PLACES]


def test_a_wrong_value_is_not_blamed_on_the_values_that_mention_it(tmp_path, monkeypatch):
    """An anchor that cannot be read is told once; what counts from it is not told to name an unknown anchor."""
    said = refused(GOOD.replace("first_dose: first infusion", "first_dose:"), tmp_path, monkeypatch)
    assert len(said.splitlines()) == 1


def test_a_file_with_endless_problems_shows_the_first_and_how_many_more(tmp_path, monkeypatch):
    """More problems than fit on a screen are counted."""
    said = refused(GOOD + "".join(f"key{n}: 1\n" for n in range(3000)), tmp_path, monkeypatch)
    assert said.splitlines()[-1].endswith("2,980 more problems are not shown; correct these first and try again")


CIRCLES = (
    (
        ("    from: first_dose\n", "    from: start of follow-up\n"),
        ("    from: 28 d after surgery", "    from: 28 d after end of treatment"),
    ),
    (
        ("    from: first_dose\n", "    from: start of follow-up\n"),
        ("    from: 28 d after surgery", "    from: 28 d after last dose of vinorelbine"),
    ),
)


@pytest.mark.parametrize("edits", CIRCLES)
def test_epochs_that_wait_for_each_other_are_refused_at_the_first(edits, tmp_path, monkeypatch):
    """Two epochs, each starting after the other, never start: the message shows the circle, once."""
    text = GOOD
    for old, new in edits:
        text = text.replace(old, new)
    said = refused(text, tmp_path, monkeypatch)
    assert "study.yaml:28:11: epochs.treatment.from: these starts wait for each other" in said
    assert said.count("treatment → follow-up → treatment") == said.count("wait for each other") == 1


# ---------------------------------------------------------------- lines of notation

# A line, what the caret stands under (empty: there is no caret), and words that the message must hold.
LINES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("10 IV daily x3", "IV", ("has no unit", "such as 10 mg")),
    ("10 mgg PO daily x3", "mgg", ("not a dose unit", "Did you mean mg?")),
    ("10 mg PO dialy x3", "dialy", ("Did you mean 'daily'",)),
    ("daily x3", "daily", ("where the dose should be", "A line starts with the dose")),
    ("10 mg PO qd x4", "qd", ("write 10 mg PO daily x4", "write 10 mg PO 4x/day x4", "Mon 4 Jan 2027, Tue 5 Jan 2027")),
    ("10 mg IV q3m x4", "q3m", ("q3min", "q3mo", "Sun 4 Apr 2027")),
    ("10 mg IV biweekly x4", "biweekly", ("twice a week", "every two weeks")),
    ("10 mg IV every 21-35 days x4", "every", ("choose a step", "q21d", "q35d")),
    ("9 mcg/day IV days 1-14", "9 mcg/day", ("9 mcg IV", "9 mcg/day CIV")),
    ("1,000 mg IV day 1", "1,000", ("1000 mg", "1 mg")),
    (".5 mg PO daily x3", ".5", ("0.5 mg",)),
    ("5 U subcut daily x3", "5 U", ("5 units",)),
    ("10 mg IV q1w until week 48", "until", ("through week 48", "before week 48")),
    ("10 mg IV day 1 from 4-6 w after surgery", "4-6", ("the range kept", "4 w (4-6 w)")),
    ("10 mg IV after end of radiotherapy", "after", ("is not understood",)),
    ("10 mg IV day 1 ±3", "±3", ("is not understood",)),
    ("10 mg IV q0d x3", "q0d", ("at least 1",)),
    ("10 mg IV day 1 x0", "x0", ("at least 1",)),
    ("10 mg IV day 0 in week 1", "day 0", ("weeks: ordinal", "weeks: elapsed")),
    ("10 mg PO daily through 2027-02-30", "2027-02-30", ("is not a date",)),
    ("10 mg PO daily at 25:00 x3", "at", ("24-hour",)),
    ("10 mg IV with food x2", "with", ("is not understood",)),
    ("[q21d x2 10 mg IV day 1", "10", ("closing ]",)),
    ("", "", ("the text is empty", "such as 10 mg PO daily x14")),
    ("10 mg\x00PO", "", ("0x00 at position 6", "type the text again")),
    ("9" * 5000, "", ("5,000 characters", "at most 4,000")),
    ("10 mg PO", "", ("on which days or how often", "days 1, 8, 15")),
    ("10 mg PO daily", "", ("without an end", "--horizon", "a count (x12)")),
    ("[q21d] 10 mg IV day 1", "", ("have no end", "--horizon", "a count (x6)")),
    ("10 mg IV week 4", "", ("week 4 can be read two ways", "offset 28", "offset 21")),
    ("10 mg IV days -3 to 3", "", ("--first-day 0 or --first-day 1",)),
    ("10 mg PO daily x1000000000", "", ("more than 100,000 events", "--limit")),
    ("10 mg PO days 1-999999999", "", ("999,999,999 days", "100,000")),
    ("10 mg IV day 999999999999", "", ("outside the calendar (years 1 to 9999)",)),
    ("10 mg IV days 1-5 x2", "", ("give 5 doses and the count says x2", "remove the count")),
    ("10 mg IV q1w x5 through day 8", "", ("x5", "allows only 2", "keep one of them")),
    ("10 mg IV q28d for 28 d", "", ("exactly on the bound", "through", "before")),
    ("10 mg IV 1 h before dose of zinc", "", ("no drug 'zinc'",)),
)


@pytest.mark.parametrize(("line", "at", "words"), LINES)
def test_a_malformed_line_is_refused_with_a_caret_under_its_place(line, at, words):
    """A line that cannot be dated is told in one screen, the caret under the place, with what to write; exit code 1."""
    answer = typed("line", line, "--start", "2027-01-04")
    assert (answer.code, answer.out) == (1, "")
    said = fits_on_a_screen(answer.err).splitlines()
    assert not [word for word in words if word not in answer.err]
    carets = [number for number, text in enumerate(said) if text.strip() == "^"]
    assert len(carets) == bool(at)
    for number in carets:
        assert said[number - 1][2:] == line
        assert line[said[number].index("^") - 2 :].startswith(at)


# ---------------------------------------------------------------- what is asked of a sound definition

ON = ("--on", "first_dose=2027-01-04")
SLE = ("calendar", "belimumab-sle")
MRD = ("calendar", "blinatumomab-mrd")
LINE = ("line", "10 mg IV q1w x9")

# The command, its exit code, and words that the message must hold.
COMMANDS: tuple[tuple[tuple[str, ...], int, tuple[str, ...]], ...] = (
    ((*SLE, "--on", "first_dose=2027-02-30"), 1, ("'2027-02-30' is not a date", "such as 2027-01-04")),
    ((*SLE, "--on", "first_dose=2027-13-01"), 1, ("'2027-13-01' is not a date", "such as 2027-01-04")),
    ((*SLE, "--on", "first_dose=04/01/2027"), 1, ("'04/01/2027' is not a date", "year-month-day")),
    ((*SLE, "--on", "first_dose=2027-01"), 1, ("'2027-01' is not a date", "a year alone is not enough")),
    ((*SLE, "--on", "first_dose=20270104"), 1, ("'20270104' is not a date",)),
    ((*SLE, "--on", "first_dose=2027-1-4"), 1, ("'2027-1-4' is not a date",)),
    ((*SLE, "--on", "first_dose=tomorrow"), 1, ("'tomorrow' is not a date",)),
    ((*SLE, "--on", "first_dose=2027-01-04T25:00"), 1, ("is not a date with a time")),
    ((*SLE, "--on", "first_dose=2027-01-04T10:00+05:00"), 1, ("is not a date",)),
    ((*SLE, "--on", "first_dose=0000-01-01"), 1, ("'0000-01-01' is not a date",)),
    ((*SLE, "--on", "2027-01-04"), 1, ("--on '2027-01-04' is not understood", "--on first_dose=2027-01-04")),
    ((*SLE, "--on", "first_dose="), 1, ("is not understood", "--on first_dose=2027-01-04")),
    ((*SLE, *ON, "--on", "first_dose=2027-01-05"), 1, ("first_dose twice (2027-01-04 and 2027-01-05)", "give it once")),
    ((*SLE, "--on", "first_doze=2027-01-04"), 1, ("no anchor 'first_doze'", "Did you mean first_dose?")),
    (SLE, 1, ("no date is given to count from", "--on first_dose=2027-01-04")),
    ((*SLE, *ON, "--arm", "belimumb"), 1, ("no arm 'belimumb'", "Did you mean belimumab?")),
    ((*MRD, *ON, "--decide", "transplant=maybe"), 1, ("yes or no, not 'maybe'",)),
    ((*MRD, *ON, "--decide", "transplant"), 1, ("--decide 'transplant' is not understood", "--decide transplant=no")),
    ((*MRD, *ON, "--decide", "tranplant=no"), 1, ("no decision 'tranplant'", "Did you mean transplant?")),
    ((*SLE, *ON, "--assume", "label"), 1, ("no assumption 'label'", "none")),
    (
        ("calendar", "daratumumab-t-all", *ON, "--assume", "myeloma"),
        1,
        ("no assumption", "Did you mean myeloma-label?"),
    ),
    (("calendar", "daratumumab-t-all", *ON), 1, ("the schedule is not stated", "--assume myeloma-label")),
    ((*SLE, *ON, "--tz", "Europe/Berln"), 1, ("no time zone 'Europe/Berln'", "Europe/Berlin")),
    ((*SLE, *ON, "--tz", "../../etc/passwd"), 1, ("no time zone",)),
    ((*SLE, *ON, "--horizon", "two years"), 1, ("is not a length of time", "3 mo")),
    ((*SLE, *ON, "--horizon", "24"), 1, ("'24' is not a length of time", "3 mo")),
    ((*SLE, *ON, "--horizon", "0 mo"), 1, ("zero", "at least 1")),
    ((*SLE, *ON, "--horizon", "3 m"), 1, ("'3 m' is not a length of time",)),
    ((*SLE, "--on", "first_dose=9999-12-31"), 1, ("outside the calendar (years 1 to 9999)",)),
    (("calendar", "blinatumomab-mrd", "--on", "first_dose=0001-01-01"), 1, ("outside the calendar",)),
    ((*SLE, *ON, "--limit", "5"), 1, ("more than 5 events", "--limit")),
    ((*SLE, *ON, "--limit", "0"), 2, ("'0' is not a whole number from 1",)),
    ((*SLE, *ON, "--format", "xml"), 2, ("'xml'", "csv")),
    ((*SLE, *ON, "-o", "no-such-folder/x.csv"), 1, ("does not exist", "make it first")),
    (("calendar", "belimumab-sl", *ON), 1, ("no trial 'belimumab-sl'", "Did you mean belimumab-sle?")),
    (("calendar", "no-such-file.yaml", *ON), 1, ("no-such-file.yaml: there is no such file", "check the name")),
    (("calendar", "seeds/", *ON), 1, ("this is a folder", "the definition file itself")),
    (("calendar",), 2, ("the following arguments are required: TRIAL",)),
    (("calender", "belimumab-sle"), 2, ("'calender'", "calendar")),
    (("ics", "belimumab-sle", *ON), 2, ("required: -o",)),
    (("gantt", "belimumab-sle", *ON, "-o", "x.bmp"), 1, (".bmp", ".png, .svg or .pdf")),
    (("line", "10 mg IV q1w x9"), 2, ("required: --start",)),
    ((*LINE, "--start", "yesterday"), 1, ("'yesterday' is not a date",)),
    ((*LINE, "--start", "9999-12-30"), 1, ("outside the calendar",)),
    ((*LINE, "--start", "2027-01-04", "--first-day", "2"), 2, ("'2'",)),
    ((*LINE, "--start", "2027-01-04", "--weeks", "calendar"), 2, ("'calendar'", "elapsed")),
    (("line", "10 mg IV day 0", "--start", "2027-01-04", "--first-day", "1"), 1, ("use --first-day 0",)),
    (("line", "10 mg IV days -3 to 3", "--start", "0001-01-02", "--first-day", "1"), 1, ("outside the calendar",)),
    (("line", "10 mg IV daily at 02:30 x2", "--start", "2027-03-28", "--tz", "Europe/Berlin"), 1, ("does not exist",)),
)


@pytest.mark.parametrize(("arguments", "code", "words"), COMMANDS)
def test_what_cannot_be_done_is_refused_in_words(arguments, code, words, monkeypatch):
    """A date, name, zone or length that cannot be used is refused with what to write: code 1, or 2 for usage."""
    monkeypatch.chdir(ROOT)
    answer = typed(*arguments)
    assert (answer.code, answer.out) == (code, "")
    fits_on_a_screen(answer.err)
    assert not [word for word in words if word not in answer.err]


# Open or enormous schedules: what is written instead in GOOD, the options, and words that the message must hold.
SCHEDULES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("21 d x4", "every 21 d", ("no end", "--horizon", "x6")),
    ("21 d x4", "21 d until progression", ("no end", "--horizon")),
    ("21 d x4", "21 d x1000000000", ("more than 100,000 cycles", "check the count")),
    ("21 d x4", "21 d x4\n    courses: {times: 100000000}", ("100,000,000 courses", "at most 100,000")),
    (
        "12 mo\n    source: protocol, 7\n    visits:\n      call:\n        when: every 12 w",
        "3000 y\n    visits:\n      call:\n        when: daily x1000000000",
        ("100,000 events", "check counts"),
    ),
    ("    lasts: 12 mo\n", "", ("without an end", "--horizon")),
)


@pytest.mark.parametrize(("old", "new", "words"), SCHEDULES)
def test_a_schedule_without_an_end_is_not_dated(old, new, words, tmp_path):
    """An open end or an enormous count gives no calendar, but a message that says what to change."""
    file = tmp_path / "study.yaml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    answer = typed("calendar", str(file), *ON)
    assert (answer.code, answer.out) == (1, "")
    assert not [word for word in words if word not in fits_on_a_screen(answer.err)]


# ---------------------------------------------------------------- hostile files, in a process with little memory

MEMORY = 1_500_000_000


def _bomb() -> str:
    names = "abcdefghi"
    lines = [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise(names)]
    return "\n".join(["a: &a [x, x, x, x, x, x, x, x, x]", *lines])


HOSTILE: tuple[tuple[str, Callable[[], str | bytes], str], ...] = (
    ("empty", lambda: "", "the file is empty"),
    ("only comments", lambda: "# nothing\n", "only comments"),
    ("a list", lambda: "- a\n", "starts with a list"),
    ("NUL bytes", lambda: GOOD.replace("12 w", "12\x00w"), "58:23: an invisible NUL character"),
    ("not UTF-8", lambda: GOOD.replace("a fictional", "a f\u00efctional").encode("latin-1"), "5:21: the character"),
    ("UTF-16", lambda: GOOD.encode("utf-16"), "saved as UTF-16"),
    ("a bomb of aliases", _bomb, "more keys and values than allowed"),
    ("an alias in itself", lambda: "a: &a {b: {c: *a}}\n", "inside the part it repeats"),
    ("ten million characters", lambda: GOOD + "#" * 10_000_000, "the file is too big"),
    ("brackets without end", lambda: "a: " + "[" * 400_000, "nested too deeply"),
    ("deep maps", lambda: "\n".join(" " * n + "a:" for n in range(2000)), "nested too deeply"),
    ("one enormous word", lambda: GOOD.replace("21 d x4", "9" * 1_000_000), "at most 4,000"),
    ("an enormous length", lambda: GOOD.replace("12 mo", "9" * 5000 + " mo"), "54:12"),
    ("an enormous number", lambda: GOOD.replace("21 d x4", "21 d x" + "9" * 3000), "3,000 digits cannot be meant"),
    ("a hundred thousand keys", lambda: "".join(f"k{n}: 1\n" for n in range(90_000)), "more problems are not shown"),
    (
        "a hundred thousand doses",
        lambda: GOOD + "".join(f"# {n}\n" for n in range(90_000)) + "x: 1\n",
        "'x' is not known",
    ),
)
_LIMITED = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({m}, {m}))
from regimen.cli import main
sys.exit(main(sys.argv[1:]))
"""


def bounded(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own with bounded memory; the time-out is a safety net, not a timing."""
    code = _LIMITED.format(m=MEMORY)
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment(), capture_output=True, encoding="utf-8", timeout=20, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "make", "words"), HOSTILE, ids=[name for name, _, _ in HOSTILE])
def test_a_hostile_file_is_refused_in_bounded_time_and_memory(name, make, words, tmp_path):
    """Whatever a file holds, it is refused in words, at once and in little memory."""
    file = tmp_path / "study.yaml"
    content = make()
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    answer = bounded("check", str(file))
    assert answer.returncode == 1
    assert words in fits_on_a_screen((answer.stdout + answer.stderr).replace(str(tmp_path), ""))


@pytest.mark.parametrize(
    "arguments",
    [
        ("line", "10 mg PO daily x1000000000", "--start", "2027-01-04"),
        ("line", "10 mg PO daily", "--start", "2027-01-04", "--horizon", "999999999999 y"),
        ("line", "10 mg IV days 1-100000 q1d x100000", "--start", "2027-01-04"),
        ("line", "10 mg PO " + "a" * 3900, "--start", "2027-01-04"),
        ("line", "[" * 3900, "--start", "2027-01-04"),
        ("calendar", "belimumab-sle", "--on", "first_dose=" + "9" * 100_000),
    ],
)
def test_an_enormous_request_is_refused_in_bounded_time_and_memory(arguments):
    """Enormous counts, horizons and texts on the command line are refused in words."""
    answer = bounded(*arguments)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "Traceback" not in answer.stderr


def test_a_folder_or_a_missing_file_is_named(tmp_path):
    """A folder or a missing file given as a definition is named in the message."""
    assert f"{tmp_path}: this is a folder" in typed("check", str(tmp_path)).err
    missing = typed("check", str(tmp_path / "nothing.yaml"))
    assert (missing.code, missing.out) == (1, "")
    assert "nothing.yaml: there is no such file; check the name and the folder" in missing.err
