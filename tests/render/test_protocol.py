"""What does a coordinator or a pharmacist read before trusting a definition? Sentences, open values and the grid."""

from __future__ import annotations

import json
import re

import pytest
from tests.build import study_of

from regimen.definition.loading import load_study
from regimen.errors import PlanError
from regimen.library import load, names
from regimen.render.protocol import WIDTH, as_json, as_text

VARIANTS = [(name, ()) for name in names()] + [("daratumumab-t-all", ("myeloma-label",))]


def flat(text: str) -> str:
    """The text with its lines joined, so that a sentence can be looked for wherever it is wrapped."""
    return " ".join(text.split())


def shown(name: str, *assume: str) -> str:
    """What is shown of a shipped trial, on one line."""
    return flat(as_text(load(name, assume=assume)))


SENTENCES = {
    "belimumab-sle": """
A model of the response to belimumab in systemic lupus erythematosus Name: belimumab-sle Registry: NCT04893161

Participants: 72, enrolled over 12 months Starts: Sat 1 Jun 2024 Completes: Sat 31 Jan 2026

The anchor day is day 0.

Week N is the day 7 × N days after the anchor: week 0 is the anchor day, week 1 the day 7 days later.

first_dose: first belimumab infusion.

Treatment Starts: on first_dose (first belimumab infusion).

- belimumab: 10 mg/kg intravenously over 1 hour on days 0, 14 and 28, then, from day 56, every 28 days through
week 48 (14 doses, days 0 to 336). Moves with its epoch (by default). Not stated: window (see below). Source:
registry, Detailed Description.

- Evaluation: at weeks 0, 2, 4, 8, 12, 24, 36 and 48 (8 visits, days 0 to 336). Done there: SLEDAI-2K,

- Treatment, belimumab, vials, strengths: the record names no vials; those of the intravenous product are

- Treatment, belimumab, window: the record gives no window.
""",
    "blinatumomab-maintenance": """
The anchor day is day 1. The day before it is day -1; there is no day 0.

A month is a calendar month, counted from the anchor: three months after 31 Jan is 30 Apr.

Arms blinatumomab: Maintenance, then Follow-up.

Cycles: 4 cycles of 3 months (365 to 366 days in all).

- blinatumomab: in each cycle, 9 mcg/day as a continuous intravenous infusion on days 1 to 14 (4 infusions of
14 days, cycles 1 to 4). Moves with its cycle (by default).

Follow-up Starts: on first_dose (first day of blinatumomab course 1). Lasts: 2 years.

- Follow-up, from: the record names endpoints at 2 years without saying from when; the first dose is taken.
""",
    "blinatumomab-mrd": """
transplant: Does the patient proceed to stem cell transplantation? Answer with --decide transplant=yes or
--decide transplant=no. Maintenance takes place only if no.

Screening Counted from: first_dose

- Screening: once, on any of days -28 to -14.

Cycles: up to 5 cycles of 6 weeks (at most 210 days in all).

(up to 5 infusions of 28 days, cycles 1 to 5)

Only if: transplant = no; undecided, and so tentative, until --decide transplant=yes or --decide transplant=no
is given.

Maintenance, only if transplant = no

Screening: once, on any of days −28 to −14.
""",
    "belimumab-cll": """
20 mg by mouth once a day for 1 week, then, from day 8, 50 mg once a day for 1 week, then, from day 15, 100 mg
once a day for 1 week, then, from day 22, 200 mg once a day for 1 week, then, from day 29, 400 mg once a day

(765 or 766 doses, days 1 to 765 or 766)

- rituximab: 375 mg/m2 intravenously on day 36, then, from day 64, 500 mg/m2 every 28 days for 5 doses (6
doses, days 36 to 176).

(up to 105 doses, days 1 to 729)

400 mg daily on days 29 to 765 or 766.

belimumab 200 mg: every 7 days on days 1 to 729
""",
    "daratumumab-t-all": """
- daratumumab: neither the dose nor the schedule is stated.

- Treatment, daratumumab, when: the summary gives no schedule.

myeloma-label: schedule of the myeloma label. Why: the summary gives no schedule;

Choose it with --assume myeloma-label.

There is none for the arm daratumumab. Its schedule is not stated, so there are no days to show. Choose an
assumption (see above): --assume myeloma-label
""",
}
"""What must be said of each shipped trial, in paragraphs."""


@pytest.mark.parametrize("name", names())
def test_sentences_of_the_shipped_trials(name):
    """Each shipped trial is said in plain sentences: facts, counting, rules, what is assumed and what is missing."""
    text = shown(name)
    assert [sentence for sentence in map(flat, SENTENCES[name].split("\n\n")) if sentence not in text] == []


def test_chosen_assumption():
    """A chosen assumption is said to be chosen, and its values are said and marked as assumed, with the reason."""
    text = shown("daratumumab-t-all", "myeloma-label")
    assert "16 mg/kg intravenously every week for 8 doses, then, from day 57, every 2 weeks for 8 doses" in text
    assert "Assumed - Treatment, daratumumab, dose: schedule of the myeloma label: the summary gives no" in text
    assert "Administration. Chosen here." in text
    assert "every 7 days on days 1 to 50; every 14 days on days 57 to 155; every 28 days on days 169 to" in text


GRID = """\
Treatment
  Day                        0  14  28  56  84  112  140  168  196  224  252  280  308  336
  Week                       0  2   4   8   12            24             36             48
  -------------------------  -  --  --  --  --  ---  ---  ---  ---  ---  ---  ---  ---  ---
  belimumab 10 mg/kg         X  X   X   X   X    X    X    X    X    X    X    X    X    X
  Evaluation                 X  X   X   X   X              X              X              X
    SLEDAI-2K                X  X   X   X   X              X              X              X
"""


def test_grid_of_belimumab_in_sle():
    """Doses, visits and activities stand over the day and the week the protocol names, with an X where they happen."""
    assert GRID in as_text(load("belimumab-sle"))


@pytest.mark.parametrize(("name", "assume"), VARIANTS)
def test_text_fits_a_terminal(name, assume):
    """No line is wider than a terminal, none ends in a space, and the text ends by asking for verification."""
    lines = as_text(load(name, assume=assume)).splitlines()
    assert [line for line in lines if len(line) > WIDTH or line != line.rstrip()] == []
    assert lines[-1] == "Planning aid: verify every date against the protocol."


@pytest.mark.parametrize(("name", "assume"), VARIANTS)
def test_json_says_the_same(name, assume):
    """The JSON holds the sentences of the text, every open value, and the canonical notation beside each sentence."""
    study = load(name, assume=assume)
    text, data = flat(as_text(study)), json.loads(as_json(study))
    items = [item for epoch in data["epochs"] for item in epoch["items"]]
    assert all(flat(item["sentence"]) in text for item in items)
    assert all(entry["reason"] in text for kind in ("assumed", "not_stated") for entry in data[kind])
    assert all(item["notation"] for item in items)


def test_json_positions():
    """The JSON lists every planned position of an item, and its grid names the columns as the text does."""
    (epoch,) = json.loads(as_json(load("belimumab-sle")))["epochs"]
    assert epoch["items"][0]["positions"][:4] == ["Day 0", "Day 14", "Day 28", "Day 56"]
    assert epoch["grids"][0]["columns"][:2] == ["Day 0 Week 0", "Day 14 Week 2"]
    assert epoch["items"][0]["notation"] == ["10 mg/kg IV over 1 h days 0, 14, 28 then q28d through week 48"]


def test_same_study_same_bytes():
    """The same definition gives the same text, byte for byte."""
    assert as_text(load("blinatumomab-mrd")) == as_text(load("blinatumomab-mrd"))


def test_one_arm_of_several():
    """With an arm named, only its epochs are shown; an unknown arm is refused with the known ones."""
    study = study_of(when="daily x3", more_epochs="other: {from: first_dose, lasts: 7 d, title: Other}\n")
    assert "Other" not in as_text(study, "main")
    with pytest.raises(PlanError, match=r"no arm 'mian'; its arms are: main\. Did you mean main\?"):
        as_text(study, "mian")


def test_wide_grid_is_cut_into_blocks():
    """A grid wider than the page continues below, with the row labels repeated and no column lost."""
    text = as_text(study_of(when="q28d x24", dose="1000 mg PO"))
    lines = text.splitlines()
    heads = [line for line in lines if line.startswith("  Day ")]
    assert len(heads) == 2
    assert [int(n) for head in heads for n in re.findall(r"\d+", head)] == [1 + 28 * k for k in range(24)]
    assert sum(line.startswith("  drug 1,000 mg") for line in lines) == 2


def test_many_positions_become_a_sentence():
    """A row with more than 24 positions is a sentence, so that it can be read."""
    assert "  drug 1 mg: daily on days 1 to 25." in as_text(study_of(when="daily x25"))
    assert "  drug 1 mg  X" in as_text(study_of(when="daily x24"))


def test_days_around_zero_are_daily():
    """A daily row across the anchor stays daily, whether or not the protocol has a day 0."""
    assert "daily on days −13 to 14." in as_text(study_of(when="days -13 to -1, 1-14", first_day=1))
    assert "daily on days −13 to 14." in as_text(study_of(when="days -13 to 14", first_day=0))
    assert "daily" not in as_text(study_of(when="days -13 to -1, 1-14", first_day=0)).partition("Schedule of")[2]


def test_optional_positions_are_marked():
    """What belongs to an "up to" stands in brackets, and the legend says what they mean."""
    text = as_text(study_of(when="day 1", cycles="28 d x3".replace("x3", "up to 3 cycles")))
    assert re.search(r"drug 1 mg +X +\(X\) +\(X\)", text)
    assert "(X): at most planned" in text


def test_dose_that_changes_stands_in_the_cells():
    """A row whose dose changes has the dose in its cells instead of an X."""
    text = as_text(study_of(line="100 mg PO day 1 then 50 mg days 8, 15"))
    assert re.search(r"drug +100 mg +50 mg +50 mg", text)


def test_open_end_is_shown_for_a_year_and_said():
    """An open end is shown for twelve months, and the text says so."""
    text = flat(as_text(study_of(when="q28d until progression")))
    assert "The arm main has an open end; what is open is shown for 12 months." in text
    assert "(at most 14 doses, days 1 to 365)" in text


WINDOWED = """\
format: regimen/1
study: {id: small, title: A small study, first_day: 1, weeks: ordinal}
anchors: {first_dose: first dose, surgery: day of surgery}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
    visits:
      clinic:
        visit: Clinic visit
        when: days 8, 15
        window: -1/+3 d
        preferred: ±1 d
        follows: previous actual
        activities: [vital signs, {activity: ECG, when: day 8}, {activity: blood level, window: ±2 h}]
    procedures:
      imaging: {procedure: CT, when: month 3}
      check: {procedure: Wound check, when: days 1-2, from: surgery}
"""


def test_windows_and_what_follows():
    """Windows are said in words, and what an item follows, with a mark where it is the format's default."""
    text = flat(as_text(load_study(WINDOWED)))
    assert "Window: up to 1 day early, up to 3 days late. Preferred: up to 1 day early or late." in text
    assert "Each counts from the actual date of the one before." in text
    assert "Stays on the calendar when doses move, counted from its anchor (by default)." in text
    assert "Where no window is shown, the definition gives none; that is not a window of 0 days." in text


def test_activities_have_rows():
    """Each activity has a row below its visit on the days it is done; one with its own window stands once."""
    text = as_text(load_study(WINDOWED))
    assert re.search(r"    ECG +X\n", text)
    assert text.partition("Schedule of")[2].count("blood level") == 1
    assert "Done there: vital signs, ECG (on day 8), blood level (up to 2 hours early or late)." in flat(text)


def test_months_are_columns():
    """A position that only the calendar can place is a column under the name the protocol gives it."""
    assert re.search(r"\n  Month +3\n", as_text(load_study(WINDOWED)))


def test_other_starting_points_have_their_own_grid():
    """What counts from another anchor is shown apart, because its day 1 is another day."""
    text = as_text(load_study(WINDOWED))
    assert "treatment, counted from surgery\n  Day          1  2\n" in text
    assert "counted from surgery (2 times, days 1 to 2)" in flat(text)


def test_own_starting_point_in_the_same_grid():
    """An item that counts its days from a later point stands under the epoch's day, not under its own day number."""
    text = as_text(load_study(WINDOWED.replace("from: surgery", "from: 14 d after first_dose")))
    day, wound = (
        next(line for line in text.splitlines() if line.startswith(f"  {word}")) for word in ("Day ", "Wound")
    )
    assert [day[match.start() : match.end() + 1].strip() for match in re.finditer("X", wound)] == ["15", "16"]


def test_weekdays_are_named():
    """Weekdays are named and counted, because their dates depend on the start."""
    text = as_text(study_of(when="on Mon-Fri x25"))
    assert "drug 1 mg: on Mon–Fri, 25 times." in text


def test_parts_are_said_one_by_one():
    """A drug in parts has a sentence for each, with its dose, its days and its condition."""
    text = flat(
        as_text(
            load_study(
                WINDOWED.replace(
                    "    visits:\n",
                    "    doses: {drug: {parts: {loading: 8 mg/kg IV day 1, later: 6 mg/kg IV q7d x3 from day 8}}}\n"
                    "    visits:\n",
                )
            )
        )
    )
    assert "drug, in 2 parts (4 doses, days 1 to 22). - loading: 8 mg/kg intravenously on day 1." in text
    assert "- later: 6 mg/kg intravenously every 7 days for 3 doses from day 8." in text
