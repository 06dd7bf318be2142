"""What does a coordinator read aloud?"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from tests.notation import strategies
from tests.notation.accepted import ACCEPTED

from regimen.notation import (
    cycles_in_words,
    dose_in_words,
    line_in_words,
    line_text,
    point_in_words,
    read_cycles,
    read_dose,
    read_line,
    read_point,
    read_when,
    read_window,
    when_in_words,
    window_in_words,
)
from regimen.notation.terms import Line

SAID = (
    (read_dose, dose_in_words, "10 mg/kg IV over 1 h", "10 mg/kg intravenously over 1 hour"),
    (read_dose, dose_in_words, "1 tablet PO prn max 2500 mg/day", "1 tablet by mouth (at most 2,500 mg/day) as needed"),
    (read_dose, dose_in_words, "AUC 5 IV over 30 min", "a dose for AUC 5 intravenously over 30 minutes"),
    (read_dose, dose_in_words, "30 mg/kg/day PO in 3 doses", "30 mg/kg/day by mouth divided into 3 doses"),
    (read_dose, dose_in_words, "5 or 10 mg/kg subcut", "5 or 10 mg/kg subcutaneously"),
    (
        read_dose,
        dose_in_words,
        "from 100 mg by 10 mg every day to 20 mg PO",
        "100 mg, lowered by 10 mg every day to 20 mg, by mouth",
    ),
    (read_dose, dose_in_words, "not stated", "an amount that is not stated"),
    (
        read_when,
        when_in_words,
        "days 0, 14, 28 then q28d through week 48",
        "on days 0, 14 and 28, then every 28 days through week 48",
    ),
    (read_when, when_in_words, "days 1-14 q3mo x4", "on days 1 to 14, repeated every 3 months, for 4 cycles"),
    (read_when, when_in_words, "days 1, 8, 15 q28d", "on days 1, 8 and 15, repeated every 28 days"),
    (
        read_when,
        when_in_words,
        "q1w x8 then q2w until progression",
        "every week for 8 doses, then every 2 weeks until progression",
    ),
    (
        read_when,
        when_in_words,
        "bid days 1-5 of weeks 1, 3 at 08:00, 20:00",
        "twice a day on days 1 to 5 of weeks 1 and 3 at 08:00 and 20:00",
    ),
    (read_when, when_in_words, "daily on Mon-Fri, Sun", "once a day on Monday to Friday and Sunday"),
    (
        read_when,
        when_in_words,
        "1 h before dose of blinatumomab in cycles 2+",
        "1 hour before each dose of blinatumomab in cycles 2 and later",
    ),
    (
        read_when,
        when_in_words,
        "q4w growing by 2 w to 12 w",
        "every 4 weeks, lengthened by 2 weeks each time up to 12 weeks",
    ),
    (
        read_when,
        when_in_words,
        "q28d -3/+5 d if responder=yes",
        "every 28 days if responder is yes (up to 3 days early, up to 5 days late)",
    ),
    (read_when, when_in_words, "hold for 2 w then stop", "held for 2 weeks, then stop"),
    (read_when, when_in_words, "2 w on 1 w off x3", "2 weeks on and 1 week off for 3 cycles"),
    (read_when, when_in_words, "not stated", "on a schedule that is not stated"),
    (read_cycles, cycles_in_words, "42 d x5, then 84 d x4", "5 cycles of 42 days, then 4 cycles of 84 days"),
    (read_cycles, cycles_in_words, "q28d until progression", "cycles of 28 days until progression"),
    (read_cycles, cycles_in_words, "21 d, 14 d repeating", "cycles of 21 days and 14 days in turn"),
    (read_point, point_in_words, "28 d after last dose of radiotherapy", "28 days after the last dose of radiotherapy"),
    (
        read_point,
        point_in_words,
        "4 w (4-6 w) after end of radiotherapy",
        "4 weeks (allowed: 4 to 6 weeks) after the end of radiotherapy",
    ),
    (read_point, point_in_words, "2027-01-04", "Mon 4 Jan 2027"),
    (read_point, point_in_words, "first_dose - 3 d", "3 days before first dose"),
    (read_window, window_in_words, "-0/+5 d", "not early, up to 5 days late"),
    (
        read_line,
        line_in_words,
        "[q42d x5] a: 9 mcg/day CIV days 1-7 in cycle 1; 1000 mg PO day 1",
        (
            "In 5 cycles of 42 days: a: 9 mcg/day as a continuous intravenous infusion on days 1 to 7 in cycle 1; "
            "1,000 mg by mouth on day 1."
        ),
    ),
)


@pytest.mark.parametrize(("read", "say", "written", "said"), SAID)
def test_each_value_is_said_in_plain_words(read, say, written, said):
    """Abbreviations are written out, lists end in `and`, dates and numbers are as people read them."""
    assert say(read(written)) == said


UNSAFE = re.compile(
    r"[µμ]|\bug\b|\bSC\b|\bIU\b|\bU\b|\bq\d|\bbid\b|\btid\b|\bqd\b"
    r"|(?<![\d.])\.\d|\d\.\d*0(?!\d)|24:00|00:00|,,|,\.|  "
)


@pytest.mark.parametrize("written", [written for written, _ in ACCEPTED])
def test_nothing_unsafe_is_said(written):
    """No sentence holds a form that can be misread: no short frequency, no bare point, no trailing zero."""
    said = line_in_words(read_line(written))
    assert not UNSAFE.search(said)
    assert said.endswith(".")


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(strategies.lines)
def test_every_line_can_be_said(line: Line):
    """There are words for every value of the notation, and no part of them is empty."""
    assume("None" not in line_text(line))  # an item may be called so
    said = line_in_words(line)
    assert "None" not in said or "None" in line_text(line)  # somebody may have named a drug so
    assert ", ," not in said
