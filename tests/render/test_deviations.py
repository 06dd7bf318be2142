"""Does a list of deviations read so that a monitor can use it: on a screen, a page, in a spreadsheet, in a program?"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.journals import fact, facts
from tests.render.samples import ANCHOR, BERLIN, calendar, days_around, event

from regimen.changes import Deviation, deviations
from regimen.events import DatedWindow, Event
from regimen.render.deviations import CSV_COLUMNS, About, as_csv, as_json, as_markdown, as_text

DAY = timedelta(days=1)
NOON = datetime(2027, 1, 9, 12, tzinfo=UTC)
ABOUT = About("A study of everything", "NCT00000000", "001", date(2027, 3, 1))


def late(**given: Any) -> Event:
    """A dose 3 days out of its window."""
    actual = ANCHOR + 5 * DAY
    given = {"window": days_around(ANCHOR, 1, 2), "given": "700 mg", "dose": "10 mg/kg", **given}
    return event(start=actual, planned=ANCHOR, actual=actual, current=ANCHOR, state="given", **given)


def listed(one: Event | None = None, **told: Any) -> tuple[Deviation, ...]:
    """The list for one late dose and what the journal says of it."""
    one = one or late()
    row = {"why": "bus strike", "cause": "logistics", "by": "AN", "recorded": NOON, **told}
    return deviations(calendar([one]), facts([fact("given", one.id, ANCHOR + 5 * DAY, **row)]), everything=True)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_text():
    """Each deviation has its planned and actual date and how far out it was; below stand window, reason, record."""
    lines = as_text(listed(), ABOUT).splitlines()
    assert lines[0] == "Deviations: A study of everything"
    assert "Subject  001" in lines
    assert "As of    Mon 1 Mar 2027" in lines
    assert "In all   1 late" in lines
    at = next(n for n, line in enumerate(lines) if line.startswith("Mon 4 Jan 2027"))
    assert re.sub(r" {2,}", "|", lines[at]) == "Mon 4 Jan 2027|Sat 9 Jan 2027|Day 5 Belimumab 10 mg/kg|late, +3 d"
    assert lines[at + 1 : at + 3] == [
        "    window Sun 3 – Wed 6 Jan 2027",
        "    bus strike (logistics); 700 mg given; recorded by AN on Sat 9 Jan 2027 12:00 UTC, line 1",
    ]
    assert lines[-1] == "Planning aid: verify every date against the protocol."


def test_nothing_to_list():
    """Without a deviation the list says so, and whether it was asked what is overdue."""
    assert "In all   no deviation" in as_text((), ABOUT)
    assert "no day given, so nothing is said to be overdue" in as_text((), About("A", "a"))


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (late(), "late, +3 d"),
        (late(window=None), "no window stated, +5 d from due"),
        (late(window=days_around(ANCHOR + 7 * DAY, 1, 1)), "early, −1 d"),
        (late(window=days_around(ANCHOR, 5, 5), preferred=days_around(ANCHOR, 1, 1)),
         "in, outside the preferred window"),
        (event(state="missed"), "missed"),
    ],
)  # fmt: skip
def test_verdicts_in_words(one, said):
    """What is out says by how much; what has no window says how far from the day it was due."""
    text = as_text(deviations(calendar([one]), everything=True), ABOUT)
    assert any(line.rstrip().endswith(said) for line in text.splitlines())


def test_hours_out():
    """A window in hours is told in hours and minutes, and exactly in the file for a spreadsheet."""
    ten = datetime(2027, 1, 4, 10, tzinfo=BERLIN)
    actual = ten + timedelta(hours=3, minutes=30)
    one = event(start=actual, planned=ten, current=ten, actual=actual, state="done",
                window=DatedWindow(ten, ten + timedelta(hours=2)))  # fmt: skip
    found = deviations(calendar([one]))
    assert "late, +1 h 30 min" in as_text(found, ABOUT)
    assert [rows_of(as_csv(found, ABOUT))[0][name] for name in ("days_out", "minutes_out")] == ["1", "90"]


def test_a_moved_due_day_is_told():
    """Where the current day is not the planned one, both are told."""
    due = ANCHOR + 2 * DAY
    one = late(window=None)
    moved = event(**{f: getattr(one, f) for f in ("start", "planned", "actual", "state")}, current=due)
    assert "due Wed 6 Jan 2027" in as_text(deviations(calendar([moved])), ABOUT)


def test_an_edited_line_is_marked():
    """A corrected fact names the line that corrected it, on the screen and in the file."""
    one = late()
    rows = facts([
        fact("given", one.id, ANCHOR, by="AN", recorded=NOON),
        fact("corrected", corrects=1, why="misread", by="BC", recorded=NOON,
             instead=fact("given", one.id, ANCHOR + 5 * DAY)),
    ])  # fmt: skip
    found = deviations(calendar([one]), rows)
    assert "recorded by BC on Sat 9 Jan 2027 12:00 UTC, line 1, corrected by line 2" in as_text(found, ABOUT)
    assert rows_of(as_csv(found, ABOUT))[0]["corrected_by"] == "2"


def test_csv():
    """One row for each deviation, ISO dates, signed numbers as numbers; lines end with CR LF."""
    text = as_csv(listed(), ABOUT)
    assert text.count("\r\n") == text.count("\n") == 2
    assert tuple(text.splitlines()[0].split(",")) == CSV_COLUMNS
    assert rows_of(text)[0] == {
        "subject": "001", "id": "treatment/d5/belimumab", "kind": "dose", "label": "Belimumab", "position": "Day 5",
        "verdict": "late", "planned": "2027-01-04", "due": "2027-01-04", "earliest": "2027-01-03",
        "latest": "2027-01-06", "actual": "2027-01-09", "days_from_due": "5", "days_out": "3", "minutes_out": "",
        "dose": "10 mg/kg", "given": "700 mg", "reason": "bus strike", "cause": "logistics", "by": "AN",
        "recorded": "2027-01-09T12:00:00Z", "line": "1", "corrected_by": "",
    }  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_runs_no_formula(start):
    """Text that a spreadsheet would run is quoted; a negative number stays a number."""
    (row,) = rows_of(as_csv(listed(why=f"{start}1+1", by=f"{start}A"), ABOUT))
    assert (row["reason"], row["by"]) == (f"'{start}1+1", f"'{start}A")
    early = late(window=days_around(ANCHOR + 7 * DAY, 1, 1))
    assert rows_of(as_csv(listed(early), ABOUT))[0]["days_out"] == "-1"


def test_json():
    """Programs get the same values, with nothing for what there is not."""
    data = json.loads(as_json(listed(), ABOUT))
    assert (data["study"], data["subject"], data["as_of"]) == ("NCT00000000", "001", "2027-03-01")
    assert set(data["deviations"][0]) == set(CSV_COLUMNS)
    assert (data["deviations"][0]["days_out"], data["deviations"][0]["minutes_out"]) == (3, None)


def test_markdown():
    """A page has one table, and nothing in it is taken for Markdown."""
    text = as_markdown(listed(why="a | b *c*"), ABOUT)
    row = next(line for line in text.splitlines() if line.startswith("| Mon 4 Jan 2027"))
    assert row.count(" | ") == 5
    assert "a \\| b \\*c\\* (logistics)" in row
    assert "- **As of:** Mon 1 Mar 2027" in text


@pytest.mark.parametrize("render", [as_text, as_markdown])
def test_no_line_break_gets_in(render):
    """A reason with line breaks or direction characters stays one harmless sentence."""
    text = render(listed(why="a\nb\u202ec"), ABOUT)
    assert "a bc (logistics)" in text
