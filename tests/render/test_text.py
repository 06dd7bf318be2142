"""Does a coordinator find in the terminal what happens when, and what is not certain?"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from tests.render.samples import ANCHOR, BERLIN, calendar, days_around, event, everything, infusion, lupus, ramp_up

from regimen.events import DatedWindow, Waiting
from regimen.render.tables import as_text

PLANNING_AID = "Planning aid: verify every date against the protocol."


def lines_of(*events, **given):
    return as_text(calendar(events, **given)).splitlines()


def text_of(*events, **given):
    return "\n".join(lines_of(*events, **given))


def test_head():
    """The head names the study, the arm, the anchors in words, what follows and how days were counted."""
    assert as_text(lupus()).startswith("""\
Belimumab in systemic lupus erythematosus
Study        NCT04893161
Arm          belimumab
Anchors      first_dose: Mon 4 Jan 2027
Contents     14 doses, 8 visits, 1 milestone; Mon 4 Jan 2027 – Mon 6 Dec 2027
Conventions  The first dose is day 0.
             Week N is 7 × N days after the first dose.

Date             Position  Study day  What                            Window
---------------  --------  ---------  ------------------------------  ---------------------------

Treatment (Mon 4 Jan 2027 – Mon 6 Dec 2027)
Mon 4 Jan 2027   Day 0     0          Belimumab 10 mg/kg IV over 1 h
Mon 4 Jan 2027   Week 0    0          Evaluation week 0, SLEDAI
Mon 18 Jan 2027  Day 14    14         Belimumab 10 mg/kg IV over 1 h
Mon 18 Jan 2027  Week 2    14         Evaluation week 2, SLEDAI       Fri 15 – Thu 21 Jan 2027
""")


def test_foot():
    """After the table come totals, notes and the reminder to verify."""
    assert as_text(lupus()).endswith("""
Mon 6 Dec 2027   Day 336   336        End of treatment
Mon 6 Dec 2027   Week 48   336        Evaluation week 48, SLEDAI      Fri 3 – Thu 9 Dec 2027

Totals     Doses  Dose days  First           Last            Of these
Belimumab  14     14         Mon 4 Jan 2027  Mon 6 Dec 2027

Notes
  - Windows are not stated in the protocol text for doses.

Planning aid: verify every date against the protocol.
""")


def test_daily_doses_share_a_line():
    """730 daily doses in five levels are five lines, each with its first and last day and their number."""
    lines = [line for line in as_text(ramp_up()).splitlines() if "daily" in line]
    assert lines[0] == (
        "Mon 5 Jan 2026   Day 1 to 7     1 to 7     "
        "Venetoclax 20 mg PO, daily Mon 5 Jan 2026 – Sun 11 Jan 2026 (7 doses)"
    )
    assert lines[4].endswith("Venetoclax 400 mg PO, daily Mon 2 Feb 2026 – Tue 4 Jan 2028 (702 doses)")
    assert len(lines) == 5


def test_infusion():
    """An infusion says its first and last day, how many there are, and when it stops."""
    assert "Mon 4 Jan 2027 – Sun 17 Jan 2027, 14 infusion days, stops Mon 18 Jan 2027" in text_of(infusion())


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (datetime(2027, 4, 3, 11, tzinfo=BERLIN), "14 infusion days, stops Sat 3 Apr 2027 11:00"),
        (datetime(2027, 4, 3, 10, tzinfo=BERLIN), "infusion of 335 h, stops Sat 3 Apr 2027 10:00"),
    ],
)
def test_infusion_over_a_clock_change(end, words):
    """Infusion days are elapsed days of 24 hours; 14 of them from 10:00 end at 11:00 after the spring change."""
    text = text_of(infusion(datetime(2027, 3, 20, 10, tzinfo=BERLIN), end=end))
    assert words in text
    assert "Times     local time in Europe/Berlin, 24-hour clock" in text


def test_infusion_to_the_last_day_of_all():
    """An infusion on the last day a calendar has still has words for its end."""
    assert "1 infusion day, stops at the end of Fri 31 Dec 9999" in text_of(infusion(date(9999, 12, 31), days=1))


def test_interval_visit():
    """A visit that may be on any day of an interval says so, and is not a visit on its first day."""
    assert "any day within Mon 7 Dec 2026 – Sun 3 Jan 2027" in as_text(everything())


def test_states():
    """Tentative events name the open question, optional ones say so; planned needs no word."""
    tentative = event(state="tentative", conditions=("transplant=no",))
    optional = event(start=ANCHOR + timedelta(days=7), optional=True)
    lines = lines_of(tentative, optional, event(start=ANCHOR + timedelta(days=14)))
    rows = [line for line in lines if re.match(r"Mon \d+ Jan 2027 ", line)]
    assert [row.split("Belimumab")[1].strip() for row in rows] == ["tentative (transplant=no)", "optional", ""]


def test_marks():
    """What is assumed or not stated has a mark in its line, and the reason once beneath the table."""
    first, second = "assumed: usual amount", "not stated: the route"
    days = [ANCHOR + timedelta(weeks=n) for n in range(3)]
    lines = lines_of(*(event(start=day, basis=basis) for day, basis in zip(days, (first, second, first), strict=True)))
    assert [line[-3:] for line in lines if re.match(r"Mon \d+ Jan 2027 ", line)] == ["[a]", "[b]", "[a]"]
    place = lines.index("Marks")
    assert lines[place + 1 : place + 3] == [f"  [a]  {first}", f"  [b]  {second}"]


def test_marks_do_not_run_out():
    """After z come aa, ab and so on."""
    days = (ANCHOR + timedelta(days=2 * n) for n in range(28))
    text = text_of(*(event(start=day, basis=f"assumed: {day}") for day in days))
    assert re.findall(r"^  (\[\w+\]) +assumed", text, re.MULTILINE)[-3:] == ["[z]", "[aa]", "[ab]"]


def test_epochs():
    """Each epoch has a heading with its name and days, in the order of their first days."""
    text = text_of(
        event("a", date(2027, 6, 7), epoch="follow_up"), event("b"), event("c", date(2026, 12, 7), epoch="screening")
    )
    headings = ["Screening (Mon 7 Dec 2026)", "Treatment (Mon 4 Jan 2027)", "Follow-up (Mon 7 Jun 2027)"]
    assert [line for line in text.splitlines() if line.endswith(")")] == headings


def test_totals():
    """Totals count doses and the days they fall on, and how many may not happen."""
    lines = as_text(everything()).splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("Totals"))
    assert lines[place + 1 : place + 4] == [
        "Blinatumomab   2      28         Mon 4 Jan 2027  Sat 17 Apr 2027  1 tentative, 1 assumed or not stated",
        "Dexamethasone  7      7          Mon 4 Jan 2027  Sun 10 Jan 2027",
        "Belimumab      3      3          Wed 6 Jan 2027  Wed 20 Jan 2027  1 optional, 3 assumed or not stated",
    ]


def test_twice_daily_totals():
    """Two doses on one day are two doses on one dose day."""
    times = (datetime(2027, 1, 4, hour, tzinfo=BERLIN) for hour in (8, 20))
    assert "Belimumab  2      1          Mon 4 Jan 2027" in text_of(*(event(start=time) for time in times))


def test_twice_daily_lines():
    """Doses at two clock times are two lines, each with its time."""
    times = [datetime(2027, 1, 4 + day, hour, tzinfo=BERLIN) for day in range(5) for hour in (8, 20)]
    text = text_of(*(event(start=time) for time in times))
    assert "daily at 08:00 Mon 4 Jan 2027 – Fri 8 Jan 2027 (5 doses)" in text
    assert "daily at 20:00 Mon 4 Jan 2027 – Fri 8 Jan 2027 (5 doses)" in text


def test_zones():
    """One time zone is named once in the head; several are named in every line."""
    tokyo = datetime.fromisoformat("2027-01-11T10:00:00+09:00")
    text = text_of(event(start=datetime(2027, 1, 4, 10, tzinfo=BERLIN)), event(start=tokyo))
    assert "Times" not in text
    assert "Mon 4 Jan 2027 10:00 Europe/Berlin" in text
    assert "Mon 11 Jan 2027 10:00 UTC+09:00" in text
    naive = event(start=datetime(2027, 1, 4, 10))  # noqa: DTZ001
    assert "Times     24-hour clock; no time zone stated" in text_of(naive)


def test_windows_of_a_run():
    """A run of daily doses says the window each of them has."""
    days = [ANCHOR + timedelta(days=n) for n in range(3)]
    assert "each −1/+2 d" in text_of(*(event(start=day, window=days_around(day, 1, 2)) for day in days))


def test_two_windows():
    """A preferred window stands beside the allowed one."""
    one = event(window=days_around(ANCHOR, 3, 3), preferred=DatedWindow(ANCHOR, ANCHOR))
    assert "Fri 1 – Thu 7 Jan 2027, preferred Mon 4 Jan 2027" in text_of(one)


def test_waiting():
    """What has no date says what it waits for, which events, and what to do."""
    waiting = Waiting("transplant", tuple(f"follow_up/d{n}/visit" for n in range(8)), "Give transplant=DATE.")
    assert """
Not dated yet
  Waiting for transplant: 8 events without a date
    follow_up/d0/visit, follow_up/d1/visit, follow_up/d2/visit, follow_up/d3/visit, follow_up/d4/visit,
    follow_up/d5/visit and 2 more
    To do: Give transplant=DATE.

Planning aid""" in as_text(calendar([event()], waiting=(waiting,)))


def test_empty():
    """A calendar without events says so and still says what is missing."""
    text = as_text(calendar(anchors={}, waiting=(Waiting("first_dose", ("a",), "Give it."),)))
    assert "Anchors   none given" in text
    assert "Contents  no dated events" in text
    assert "Waiting for first_dose: 1 event without a date" in text
    assert text.endswith(f"{PLANNING_AID}\n")


@pytest.mark.parametrize("make", [lupus, ramp_up, everything])
def test_width(make):
    """No line is wider than 120 columns, and none ends in blanks."""
    lines = as_text(make()).splitlines()
    assert max(map(len, lines)) <= 120
    assert [line for line in lines if line != line.rstrip()] == []


def test_narrow_table():
    """Where a line would be too wide, its details go beneath it, and the columns stay aligned."""
    lines = as_text(everything()).splitlines()
    header = next(line for line in lines if line.startswith("Date "))
    what = header.index("What")
    row = next(n for n, line in enumerate(lines) if "Dexamethasone 8 mg" in line)
    assert lines[row].index("Dexamethasone") == what
    assert lines[row].index("each −0/+1 d") == header.index("Window")
    assert lines[row + 1] == " " * (what + 2) + "daily Mon 4 Jan 2027 – Sun 10 Jan 2027 (7 doses)"


def test_wide_letters_stay_aligned():
    """Letters that take two columns in a terminal, or none, do not move the next column."""
    labels = {"薬": -1, "q\u0303": 1, "abcd": 0}
    days = [ANCHOR + timedelta(weeks=n) for n in range(len(labels))]
    events = [
        event(start=day, label=label, window=days_around(day, 1, 1)) for day, label in zip(days, labels, strict=True)
    ]
    rows = [line for line in lines_of(*events) if re.match(r"Mon \d+ Jan 2027 ", line)]
    assert [row.index("Sun ") - rows[-1].index("Sun ") for row in rows] == list(labels.values())


def test_no_colour_and_no_control_characters():
    """A label cannot steer the terminal."""
    text = text_of(event(label="\x1b[31mred\x07\nline"))
    assert "[31mred line" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"dose": "10 mg/kg", "route": "IV", "duration": "1 h"}, "Belimumab 10 mg/kg IV over 1 h"),
        ({"label": "Belimumab 10 mg", "dose": "10 mg", "route": "IV"}, "Belimumab 10 mg IV"),
        ({"label": "Belimumab 110 mg kit", "dose": "10 mg"}, "Belimumab 110 mg kit 10 mg"),
        ({"dose": "2 mg", "route": "IV", "duration": "bolus"}, "Belimumab 2 mg IV bolus"),
        ({"kind": "visit", "duration": "2 h"}, "Belimumab 2 h"),
    ],
)
def test_what(given, words):
    """What is given reads as a protocol writes it, with nothing said twice."""
    row = next(line for line in lines_of(event(**given)) if line.startswith("Mon 4 Jan 2027 "))
    assert row.split("0          ")[1] == words
