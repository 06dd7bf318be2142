"""Which texts are refused, where does the caret stand, and what is said to do?"""

from __future__ import annotations

import pytest

from regimen.errors import AmbiguousNotation, NotationError
from regimen.notation import read_cycles, read_dose, read_line, read_point, read_when, read_window
from regimen.notation.reading import LONGEST

# Text, what the caret points at, and the canonical text of each reading.
AMBIGUOUS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("10 mg PO qd", "qd", ("10 mg PO daily", "10 mg PO 4x/day")),
    ("10 mg PO Q.D. x4", "Q.D.", ("10 mg PO daily x4", "10 mg PO 4x/day x4")),
    ("10 mg PO od", "od", ("10 mg PO daily", "10 mg PO q2d")),
    ("10 mg PO qod x4", "qod", ("10 mg PO q2d x4", "10 mg PO 4x/day x4")),
    ("10 mg PO tiw", "tiw", ("10 mg PO 3x/week", "10 mg PO tid")),
    ("10 mg PO biw", "biw", ("10 mg PO 2x/week", "10 mg PO q2w")),
    ("10 mg PO qhs", "qhs", ("10 mg PO daily at 22:00", "10 mg PO q1h")),
    ("10 mg IV q3m x4", "q3m", ("10 mg IV q3min x4", "10 mg IV q3mo x4")),
    ("10 mg IV every 3 m", "every", ("10 mg IV q3min", "10 mg IV q3mo")),
    ("10 mg IV over 30 m", "over", ("10 mg IV over 30 min", "10 mg IV over 30 mo")),
    ("10 mg IV biweekly", "biweekly", ("10 mg IV 2x/week", "10 mg IV q2w")),
    ("10 mg IV bimonthly", "bimonthly", ("10 mg IV days 1, 15 q1mo", "10 mg IV q2mo")),
    ("10 mg IV monthly x4", "monthly", ("10 mg IV q1mo x4", "10 mg IV q28d x4")),
    ("10 mg IV q1w until week 48", "until", ("10 mg IV q1w through week 48", "10 mg IV q1w before week 48")),
    ("10 mg IV q1w until the end of cycle 4", "until", ("10 mg IV q1w through cycle 4", "10 mg IV q1w before cycle 4")),
    ("10 mg IV q1w until 2027-01-31", "until", ("10 mg IV q1w through 2027-01-31", "10 mg IV q1w before 2027-01-31")),
    ("1,000 mg IV day 1", "1,000", ("1000 mg IV day 1", "1 mg IV day 1")),
    ("1,250 mg IV day 1", "1,250", ("1250 mg IV day 1", "1.25 mg IV day 1")),
    ("2,5 mg PO daily", "2,5", ("2.5 mg PO daily", "2 or 5 mg PO daily")),
    (".5 mg PO daily", ".5", ("0.5 mg PO daily", "5 mg PO daily")),
    ("5.0 mg PO daily", "5.0", ("5 mg PO daily", "50 mg PO daily")),
    ("2.50 mg PO daily", "2.50", ("2.5 mg PO daily", "250 mg PO daily")),
    ("05 mg PO daily", "05", ("5 mg PO daily", "0.5 mg PO daily")),
    ("10 mg IV every 21-35 days x4", "every", ("10 mg IV q21d x4 window -0/+14 d", "10 mg IV q35d x4 window -14/+0 d")),
    ("10 mg IV q3-4w", "q3-4w", ("10 mg IV q3w window -0/+1 w", "10 mg IV q4w window -1/+0 w")),
    ("10 mg IV every 3 to 4 months", "every", ("10 mg IV q3mo", "10 mg IV q4mo")),
    (
        "10 mg IV day 1 from 4-6 w after end of radiotherapy",
        "4-6",
        (
            "10 mg IV day 1 from 4 w (4-6 w) after end of radiotherapy",
            "10 mg IV day 1 from 6 w (4-6 w) after end of radiotherapy",
        ),
    ),
    (
        "9 mcg/day IV days 1-14",
        "9 mcg/day",
        ("9 mcg IV days 1-14", "9 mcg/day CIV days 1-14", "9 mcg/day IV in 1 dose days 1-14"),
    ),
    (
        "9 μg/d intravenously over 24 hours days 1-14 every 3 months",
        "9 μg/d",
        ("9 mcg IV over 24 h days 1-14 q3mo", "9 mcg/day CIV days 1-14 q3mo"),
    ),
    ("9 mcg/day", "9 mcg/day", ("9 mcg daily", "9 mcg/day CIV", "9 mcg/day in 1 dose")),
    (
        "10 mg IV day 1 then 9 mcg/day IV days 2-14; 5 mg/day PO in 1 dose",
        "9 mcg/day",
        (
            "10 mg IV day 1 then 9 mcg IV days 2-14; 5 mg/day PO in 1 dose",
            "10 mg IV day 1 then 9 mcg/day CIV days 2-14; 5 mg/day PO in 1 dose",
            "10 mg IV day 1 then 9 mcg/day IV in 1 dose days 2-14; 5 mg/day PO in 1 dose",
        ),
    ),
    ("5 mg/h IV over 2 h day 1", "5 mg/h", ("10 mg IV over 2 h day 1", "5 mg/h CIV day 1")),
    ("50 mg/m2/day PO", "50", ("50 mg/m2 PO daily", "50 mg/m2/day PO in 1 dose", "50 mg/m2/day PO in 2 doses")),
    ("30 mg/kg/day PO tid", "tid", ("30 mg/kg PO tid", "30 mg/kg/day PO in 3 doses tid")),
    ("28 mcg CIV days 1-28", "28 mcg", ("28 mcg/day CIV days 1-28", "28 mcg CIV over 24 h days 1-28")),
    ("10 mg IV q10d on Mon", "on Mon", ("10 mg IV q10d", "10 mg IV q1w on Mon")),
    ("10 mg IV q1mo on Mon", "on Mon", ("10 mg IV q1mo", "10 mg IV q4w on Mon")),
    (
        "from 100 mg by 10 mg every week to 20 mg PO",
        "from",
        ("from 100 mg by -10 mg q1w to 20 mg PO daily", "from 100 mg by -10 mg q1w to 20 mg PO q1w"),
    ),
)


@pytest.mark.parametrize(("text", "at", "readings"), AMBIGUOUS)
def test_what_people_read_two_ways_is_refused_with_its_readings(text, at, readings):
    """An ambiguous text is refused at its place; every reading shown is a whole text that reads as just that."""
    with pytest.raises(AmbiguousNotation) as caught:
        read_line(text)
    error = caught.value
    assert error.text[error.position :].startswith(at)
    assert tuple(reading.text for reading in error.readings) == readings
    assert len({read_line(reading.text) for reading in error.readings}) == len(readings) >= 2
    assert all(reading.meaning and f"write {reading.text}" in str(error) for reading in error.readings)


# Text, what the caret points at (empty: the end), and words that the message must hold.
MALFORMED: tuple[tuple[str, str, str], ...] = (
    ("10 IV daily", "IV", "has no unit"),
    ("10 PO", "PO", "such as 10 mg"),
    ("10", "", "a unit such as mg"),
    ("5 U subcut daily", "5 U", "5 units"),
    ("5 IU/kg IV daily", "5 IU", "5 units"),
    ("2 MIU subcut daily", "2 MIU", "3 million units"),
    ("10 xg PO daily", "xg", "is not a dose unit"),
    ("10 mgg PO daily", "mgg", "Did you mean mg?"),
    ("10 mg PO dialy", "dialy", "Did you mean 'daily'"),
    ("10 mg PO daily untill progression", "untill", "Did you mean 'until'"),
    ("10 mg PO daily days 14-1", "days", "1-14"),
    ("10 mg PO days 1, 1", "days", "list each day once"),
    ("10 mg PO days 8, 1", "days", "rising order"),
    ("10 mg PO weeks 1 and day 8", "1 and day 8", "mixes weeks and days"),
    ("10 mg PO bid at 08:00", "at 08:00", "Give 2 times"),
    ("10 mg PO bid at 20:00, 08:00", "at 20:00", "rising order"),
    ("10 mg PO at 08:00, 20:00", "at 08:00", "Write bid at"),
    ("10 mg PO daily at 8 am", "8 am", "08:00"),
    ("10 mg PO daily at 25:00", "at", "24-hour"),
    ("10 mg PO daily at 00:00", "at 00:00", "00:01"),
    ("10 mg PO daily at 24:00", "at 24:00", "23:59"),
    ("10 mg PO daily q28d", "daily", "days 1-21"),
    ("10 mg PO day 1 day 8", "1 day 8", "1, 8, 15"),
    ("10 mg PO x0", "x0", "at least 1"),
    ("10 mg PO in cycle 0", "in cycle 0", "count from 1"),
    ("10 mg PO in cycles 5, 3", "in cycles", "rising order"),
    ("10 mg PO daily for 0 d", "for", "at least 1"),
    ("10 mg PO daily for 1.5 days", "for", "smaller unit"),
    ("10 mg PO 3x/week on Mon, Wed", "3x/week", "disagree"),
    ("10 mg PO on Mon, Mon", "on Mon", "name each once"),
    ("10 mg PO in 3 doses bid", "in 3 doses", "leave one of them out"),
    ("10 mg PO daily tid", "tid", "Keep one"),
    ("10 mg PO for 3 d hold for 4 d", "hold", "keep one"),
    ("10 mg IV q1w through week 4 before week 8", "before", "keep one"),
    ("10 mg IV q1w until progression for 24 mo", "until", "at most 24 mo"),
    ("10 mg IV q1w at most 24 mo", "at most", "until progression, at most"),
    ("10 mg IV q1w until progression then q2w", "then", "from end of treatment"),
    ("10 mg IV q1w x4 then stop then q2w", "then q2w", "hold for"),
    ("10 mg IV q1w and every 2 weeks", "and", "Write then"),
    ("10 mg IV day 1 of a 28-day cycle q28d", "day 1", "given twice"),
    ("10 mg IV within days 1-5", "within", "q1w within days"),
    ("10 mg IV growing by 2 w to 12 w", "growing", "every 4 w"),
    ("10 mg IV q4w for 6 cycles", "for 6", "Write x6"),
    ("10 mg IV day 1 schedule not stated", "schedule", "Leave one of them out"),
    ("10 mg IV day 0 through week 1", "day 0", "weeks: elapsed"),
    ("10-5 mg IV", "10-5", "smaller amount first"),
    ("5 or 5 mg IV", "5 or", "list each choice once"),
    ("from 100 mg by 10 mg to 20 mg PO", "to", "an interval"),
    ("from 100 mg by +10 mg every day to 20 mg PO", "from", "check the sign"),
    ("from 100 mg by 10 mcg every day to 20 mg PO", "from", "same unit"),
    ("weekly 10 mg IV", "weekly", "starts with the dose"),
    ("PO 10 mg daily", "PO", "starts with the dose"),
    ("3x/week on days 1,3,5 of each week", "3x/week", "starts with the dose"),
    ("Day 1: 10 mg IV; Day 8: 20 mg IV", "Day 1", "10 mg IV day 1"),
    ("IV: 10 mg", "IV", "only a name"),
    ("10 mg PO then", "", "ends too early"),
    ("10 mg PO through", "", "a length such as"),
    ("10 mg PO 1 h before dose of", "", "a name"),
    ("10 mg PO from after surgery", "surgery", "Say how long after"),
    ("10 mg PO daily through 2027-02-30", "2027-02-30", "such as 2027-01-31"),
    ("10 mg PO from 8 w (4-6 w) after end of radiotherapy", "8 w", "outside the allowed"),
    ("10 mg PO ±1 mo", "±1", "hours, days or weeks"),
    ("[q28d 10 mg PO", "10", "closing ]"),
    ("[28 d x3 x4] 10 mg PO", "x4", "given twice"),
    ("[q28d x3 until progression] 10 mg PO", "until", "one of them decides"),
    ("[q28d, then 21 d x2] 10 mg PO", "q28d", "add a count"),
    ("; 10 mg PO", ";", "an amount such as 10 mg"),
)


@pytest.mark.parametrize(("text", "at", "said"), MALFORMED)
def test_what_is_malformed_is_refused_with_its_place_and_a_remedy(text, at, said):
    """A malformed line is refused at its place, marked by the caret, with what to write, on one screen."""
    with pytest.raises(NotationError) as caught:
        read_line(text)
    error = caught.value
    assert error.position is not None
    assert error.text[error.position :].startswith(at) if at else error.position == len(text)
    assert said in str(error)
    assert len(str(error).splitlines()) <= 8
    assert max(map(len, str(error).splitlines())) <= 200


ALONE = (
    (read_dose, "10 mg daily", "under when:"),
    (read_when, "10 mg", "under dose:"),
    (read_cycles, "28 d, 21 d until progression", "Keep x and a count"),
    (read_cycles, "q28d x6 for 6 cycles", "given twice"),
    (read_cycles, "q28d for 6 doses", "not doses"),
    (read_point, "4-6 w after end of radiotherapy", "gives no date"),
    (read_point, "after radiotherapy", "Say how long after"),
    (read_window, "3 d", "±3 d"),
    (read_window, "±3", "±3 d"),
)


@pytest.mark.parametrize(("read", "text", "said"), ALONE)
def test_values_of_a_definition_are_refused_with_a_remedy(read, text, said):
    """A malformed value of a definition says which key or which form is meant."""
    with pytest.raises(NotationError, match=said.replace("(", r"\(")):
        read(text)


@pytest.mark.parametrize("text", ["10 mg PO after", "10 mg PO from after", "10 mg PO before the"])
def test_a_joining_word_is_no_name(text):
    """A point that says `after` and not after what is refused, not read as a point of that name."""
    with pytest.raises(NotationError):
        read_line(text)


def test_digits_of_other_scripts_are_refused():
    """Only the digits 0 to 9 make a number; others are refused with a remedy."""
    with pytest.raises(NotationError, match="digits 0 to 9"):
        read_line("1\u0660 mg PO daily")


@pytest.mark.parametrize("text", ["", "   ", "10 mg\x00PO", "x" * (LONGEST + 1), "y" * 100_000])
def test_texts_that_are_no_line_at_all_are_refused(text):
    """An empty text, control characters and texts beyond the longest length are refused before they are parsed."""
    with pytest.raises(NotationError):
        read_line(text)


def test_a_quoted_name_is_only_a_name():
    """What would be refused in a line is no more than a name inside quotation marks."""
    assert read_line('"qd .5": 10 mg PO daily').items[0].label == "qd .5"


def test_the_error_shows_what_was_typed():
    """The line in a message is the line as typed, not as tidied."""
    with pytest.raises(NotationError) as caught:
        read_line("10 µg PO days 1–5 dialy")
    assert "10 µg PO days 1–5 dialy" in str(caught.value)
