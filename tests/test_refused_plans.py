"""What reads well and still cannot be dated: contradictions between a dose, its days and its bounds are refused."""

from __future__ import annotations

from datetime import date

import pytest
from tests.build import calendar_of

from regimen.errors import AmbiguousNotation, RegimenError
from regimen.library import expand
from regimen.lines import expand_line

MONDAY = date(2027, 1, 4)

# A line, words that its refusal holds, and why it is refused.
LINES = [
    ("9 mcg/day CIV days 1-7 then 28 mcg days 8-28", "28 mcg IV", "28 mcg in all would be a 21-fold underdose"),
    ("200 mg CIV over 48 h days 1-4", "disagree", "four days of one infusion are 96 h"),
    ("9 mcg/day CIV days 1-3 over 24 h", "disagree", "three days are 72 h"),
    ("9 mcg/day CIV for 10 d x3", "days 1-10 q21d x3", "one infusion, or three?"),
    ("9 mcg/day CIV q1w x3", "how long each runs", "no length is given"),
    ("10 mg IV days 1, 8, 15 for 2 w", "beyond the bound", "day 15 falls exactly on the bound"),
    ("10 mg IV days 1, 8, 15 through day 10", "beyond the bound", "day 15 would be dropped"),
    ("10 mg PO daily days 1-14 for 1 w", "beyond the bound", "seven days would be dropped"),
    ("[28 d x2] 10 mg IV days 1, 8, 15 through day 10", "beyond the bound", "in every cycle"),
    ("[28 d x3] 10 mg PO daily x30", "holds 28", "a count is per cycle"),
    ("[28 d x3] 10 mg PO daily for 30 d", "reaches beyond the 28 days", "a length is per cycle"),
    ("10 mg PO 3x/week on days 1,3,5 for 4 w", "of each week", "one week or every week?"),
    ("40 mg PO q1w days 10-60 x4", "within days 10-60", "51 days do not fit into a week"),
    ("10 mg IV q3w x4 then hold for 2 w then q3w x2", "read as a pause", "hold belongs to a titration"),
    ("10 mg IV q1w x8 then q2w through day 40", "gives nothing", "the second phase starts on day 57"),
    ("10 mg IV q1w through cycle 2", "there are no cycles", "a bound needs what it names"),
]


@pytest.mark.parametrize(("line", "words", "why"), LINES)
def test_a_line_that_contradicts_itself_is_refused(line: str, words: str, why: str) -> None:
    """Nothing is dropped to make a contradiction fit; the refusal says what to write."""
    with pytest.raises(RegimenError) as refused:
        expand_line(line, MONDAY)
    assert words in str(refused.value), why


@pytest.mark.parametrize(
    ("line", "reading"),
    [
        ("1 000 mg PO daily x3", "1000 mg PO daily x3"),
        ("0.50 mg PO daily x3", "0.5 mg PO daily x3"),
        ("10 mg IV twice monthly x4", "10 mg IV q2w x4"),
        ("10 mg IV semi-monthly x4", "10 mg IV days 1, 15 q1mo x4"),
    ],
)
def test_a_number_or_month_that_can_be_read_two_ways_shows_lines_that_mean_one(line: str, reading: str) -> None:
    """Every reading that is offered is a whole line that can be dated."""
    with pytest.raises(AmbiguousNotation) as refused:
        expand_line(line, MONDAY)
    assert reading in [offered.text for offered in refused.value.readings]
    for offered in refused.value.readings:
        assert expand_line(offered.text, MONDAY).occurrences


def test_day_0_with_ordinal_weeks_is_refused_for_a_line_too() -> None:
    """Ordinal weeks start on day 1, so there is no day 0."""
    with pytest.raises(RegimenError, match="contradict"):
        expand_line("10 mg IV weeks 1, 2", MONDAY, first_day=0, weeks="ordinal")


def test_an_interval_follows_a_list_of_months_by_one_new_interval() -> None:
    """Months 0, 1, 6 then every 12 months: 18 and 30 months after the anchor, never drifting from a month's end."""
    line = expand_line("1 mL IM months 0, 1, 6 then q12mo x2", date(2026, 12, 31))
    days = [occurrence.start for occurrence in line.occurrences]
    assert days == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 6, 30), date(2028, 6, 30), date(2029, 6, 30)]


def test_a_rate_over_part_of_a_day_is_summed_over_that_part() -> None:
    """9 mcg/day over 12 hours is 4.5 mcg, and 9 mcg/h over 12 hours is 108 mcg."""
    per_day = expand_line("9 mcg/day CIV over 12 h day 1", MONDAY).totals
    per_hour = expand_line("9 mcg/h CIV over 12 h day 1", MONDAY).totals
    assert [str(total) for total in (*per_day, *per_hour)] == ["4.5 mcg", "108 mcg"]


def test_a_listed_day_that_a_date_cuts_off_is_named() -> None:
    """A bound that only the calendar knows may leave a listed day out, and then the calendar says so."""
    calendar = calendar_of(MONDAY, when="days 1, 22, 43 before 2027-02-01")
    assert [event.offset_days for event in calendar.of_kind("dose")] == [0, 21]
    assert any("left out by a bound or weekday: Day 43" in note for note in calendar.notes)


def test_what_counts_from_an_optional_end_says_so() -> None:
    """A start after "up to" cycles is that of the most cycles; fewer move it earlier, and the calendar says so."""
    calendar = expand("blinatumomab-mrd", {"first_dose": "2026-03-02"}, decide={"transplant": "yes"})
    assert any("Follow-up: counts from the most that 'up to' allows" in note for note in calendar.notes)


STUDY = """\
format: regimen/1
study: {id: two, title: Two anchors, first_day: 0%s}
anchors: {collection: collection of cells, infusion: infusion of cells}
arms: {one: [before, after]}
epochs:
  before: {from: collection, doses: {a: 1 mg PO day 0}}
  after: {from: infusion, visits: {check: {when: day 28}}}
"""


@pytest.mark.parametrize(("key", "study_day"), [("", 60), (", counts_from: infusion", 28)])
def test_a_study_says_which_anchor_its_days_count_from(key: str, study_day: int) -> None:
    """Study days count from the anchor of the first epoch with doses, or from the one the study names."""
    from regimen.definition.loading import load_study

    calendar = expand(load_study(STUDY % key), {"collection": "2027-01-01", "infusion": "2027-02-02"})
    assert [event.study_day for event in calendar.of_kind("visit")] == [study_day]


def test_twice_daily_is_said_once_with_all_its_doses() -> None:
    """A drug given twice a day stands on one line that counts every dose."""
    from regimen.render.text import as_text

    text = as_text(calendar_of(MONDAY, when="bid for 7 d"))
    assert "2 times a day Mon 4 Jan 2027 – Sun 10 Jan 2027 (14 doses)" in text


def test_the_sentence_of_a_line_says_where_each_phase_starts() -> None:
    """After *then* the resolved start is printed, as day and date."""
    line = expand_line("16 mg/kg IV q1w x8 then q2w x8 then q4w x2", MONDAY)
    assert "Phase 2 starts on Day 57, Mon 1 Mar 2027. Phase 3 starts on Day 169, Mon 21 Jun 2027." in line.sentence
