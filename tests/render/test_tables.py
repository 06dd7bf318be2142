"""Do CSV and JSON carry every event as it is, safely for a spreadsheet and in a fixed order for a program?"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.render.samples import ANCHOR, BERLIN, calendar, event, everything, infusion, lupus, ramp_up

from regimen.render.tables import CSV_COLUMNS, as_csv, as_json, as_markdown, as_text
from regimen.timing import Span

HEADER = (
    "id,kind,label,epoch,cycle,day,study_day,offset_days,start,end,earliest,latest,state,optional,dose,route,"
    "duration,bags,dose_days,basis,why,source,conditions,activities\r\n"
)
EVENT_KEYS = [
    *("id", "kind", "item", "label", "epoch", "cycle", "day", "position", "study_day"),
    *("offset_days", "start", "end", "window", "preferred", "state", "optional", "dose", "route"),
    *("duration", "continuous", "bags", "dose_days", "activities", "basis", "source", "conditions", "why"),
]
ROOT = Path(__file__).parents[2]


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def cell(column, **given):
    return rows_of(as_csv(calendar([event(**given)])))[0][column]


def test_csv_header():
    """The first line names the columns; without events it is the only one."""
    assert as_csv(calendar()) == HEADER


@pytest.mark.parametrize("make", [lupus, ramp_up, everything])
def test_csv_reads_back(make):
    """There is one row for each event, in the calendar's order, with ISO dates; daily doses are not merged."""
    one = make()
    rows = rows_of(as_csv(one))
    assert [(r["id"], r["kind"], r["start"], r["end"], r["dose"], r["study_day"]) for r in rows] == [
        (e.id, e.kind, e.start.isoformat(), e.end.isoformat(), e.dose or "", str(e.study_day)) for e in one
    ]
    windows = [(row["earliest"], row["latest"]) for row in rows]
    assert windows == [
        (e.window.earliest.isoformat(), e.window.latest.isoformat()) if e.window else ("", "") for e in one
    ]


def test_csv_row():
    """A row says each fact in its own cell; what is not known is empty."""
    course = infusion(
        route="CIV", duration="14 d", source="protocol 5.1", conditions=("a=yes", "b=no"), state="tentative",
        bags=Span(96, "h"),
    )  # fmt: skip
    assert as_csv(calendar([course])).splitlines()[1] == (
        "treatment/d0/blinatumomab,dose,Blinatumomab,treatment,1,0,0,0,2027-01-04,2027-01-17,,,tentative,no,9 mcg/day,"
        "CIV,14 d,96 h,14,stated,2027-01-04 = first_dose 2027-01-04 + 0 d,protocol 5.1,a=yes; b=no,"
    )


def test_csv_line_ends():
    """Every line ends with CR LF, as RFC 4180 asks, also when a cell holds a line end of its own."""
    text = as_csv(calendar([event(why="first\nsecond")]))
    assert text.endswith("\r\n")
    assert text.count("\r\n") == 2
    assert rows_of(text)[0]["why"] == "first\nsecond"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("column", ["label", "dose", "why", "activities", "conditions", "source"])
def test_csv_runs_no_formula(start, column):
    """A text that a spreadsheet would run as a formula gets a single quote before it."""
    text = f"{start}cmd|' /C calc'!A0"
    given = (text,) if column in ("activities", "conditions") else text
    assert cell(column, **{column: given}) == f"'{text}"


@pytest.mark.parametrize("text", ["10 mg", "a=b", "'quoted", "1-2", 'say "=1+1", twice', " =1"])
def test_csv_leaves_other_text_alone(text):
    """Any other text, with commas and quotes, reads back unchanged."""
    assert cell("label", label=text) == text


def test_csv_numbers_stay_numbers():
    """A negative study day is a number and gets no quote."""
    early = {"study_day": -7, "offset_days": -7, "day": -7, "cycle": None}
    assert [cell(c, **early) for c in ("study_day", "offset_days", "day", "cycle")] == ["-7", "-7", "-7", ""]


def test_csv_dose_days_are_of_doses():
    """Only doses have dose days."""
    assert cell("dose_days", end=ANCHOR + timedelta(days=1)) == "2"
    assert cell("dose_days", kind="visit") == ""


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_csv_any_text(text):
    """Any text at all reads back, apart from the quote before a formula."""
    assert cell("label", label=text).removeprefix("'") == text.removeprefix("'")


def test_json_keys():
    """Keys are there and in this order, whatever the event."""
    read = json.loads(as_json(everything()))
    assert list(read) == ["study", "title", "arm", "anchors", "conventions", "notes", "waiting", "events"]
    assert all(list(one) == EVENT_KEYS for one in read["events"])
    assert [list(one) for one in read["waiting"]] == [["for", "events", "remedy"]]


def test_json_values():
    """Dates are ISO, zoned times carry their offset, what is not known is null."""
    read = json.loads(as_json(everything()))
    assert read["anchors"] == {"first_dose": "2027-01-04T10:00:00+01:00"}
    by_id = {one["id"]: one for one in read["events"]}
    course, sample = by_id["treatment/d0/blinatumomab"], by_id["treatment/d1/pk"]
    assert (course["start"], course["end"], course["dose_days"]) == ("2027-01-04", "2027-01-17", 14)
    assert course["window"] == {"earliest": "2027-01-04", "latest": "2027-01-07"}
    assert (course["continuous"], course["preferred"], course["source"]) == (True, None, None)
    assert (sample["start"], sample["end"]) == ("2027-01-05T08:30:00+01:00", "2027-01-05T08:45:00+01:00")
    assert by_id["maintenance/c1/d1/blinatumomab"]["conditions"] == ["transplant=no"]


@pytest.mark.parametrize("make", [lupus, ramp_up, everything])
def test_json_round_trip(make):
    """Reading and writing again gives the same text, and no event is lost."""
    text = as_json(make())
    assert json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n" == text
    assert [one["id"] for one in json.loads(text)["events"]] == [one.id for one in make()]


def test_json_letters():
    """Letters stay letters."""
    assert '"title": "Größe 薬"' in as_json(calendar(title="Größe 薬"))


def test_json_naive_time():
    """A time without a zone is written without an offset and not given one."""
    read = json.loads(as_json(calendar([event(start=datetime(2027, 1, 4, 10))])))  # noqa: DTZ001
    assert read["events"][0]["start"] == "2027-01-04T10:00:00"


def test_csv_columns_are_event_facts():
    """Each column is a fact of the event or an end of its window."""
    assert set(CSV_COLUMNS) - set(EVENT_KEYS) == {"earliest", "latest"}


PROGRAM = """
import hashlib
from regimen.render import tables
from regimen.render.ics import as_ics
from tests.render.samples import everything, infusion, calendar, BERLIN
from datetime import datetime
timed = calendar([infusion(datetime(2027, 3, 20, 10, tzinfo=BERLIN))])
for write in (tables.as_text, tables.as_csv, tables.as_json, tables.as_markdown):
    print(hashlib.sha256(write(everything()).encode()).hexdigest())
print(hashlib.sha256(as_ics(everything())).hexdigest(), hashlib.sha256(as_ics(timed)).hexdigest())
"""


def test_same_bytes_everywhere():
    """Time zone, locale and hash seed of the machine change no byte of any output."""
    settings = [
        ("UTC", "C", "0"),
        ("America/New_York", "de_DE.UTF-8", "4711"),
        ("Pacific/Kiritimati", "tr_TR.UTF-8", "1"),
    ]
    paths = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    outputs = set()
    for zone, language, seed in settings:
        given = {
            **os.environ,
            "TZ": zone,
            "LANG": language,
            "LC_ALL": language,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": paths,
        }
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=given, capture_output=True, text=True, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert hashlib.sha256(as_text(everything()).encode()).hexdigest() in outputs.pop()


def test_every_output_ends_its_last_line():
    """Text, JSON and Markdown end with one line end."""
    for write in (as_text, as_json, as_markdown):
        assert write(everything()).endswith("\n")
        assert not write(everything()).endswith("\n\n")


def test_zoned_times_in_csv():
    """A zoned time carries its offset, so that nobody reads it as another zone's."""
    assert cell("start", start=datetime(2027, 7, 4, 10, tzinfo=BERLIN)) == "2027-07-04T10:00:00+02:00"
