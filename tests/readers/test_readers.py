"""Does every independent reader find our calendar, the same days, times, titles and states, in our files?"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.golden.trials import PROFILES, SECRET, SUBJECT, TRIALS, calendar_of, path_of
from tests.readers import versions
from tests.readers.corpus import (
    ALWAYS_AT_UTC,
    CORPUS,
    HOSTILE,
    LONG,
    ZONES,
    changes_of,
    clock_changes,
    hostile_texts,
    rows_of,
)
from tests.readers.installed import READERS, Row, read

from regimen.moments import zone_named
from regimen.render.ics import Options, as_ics
from regimen.render.words import one_line

pytestmark = pytest.mark.slow
GOING_BY_THE_FILE = ("recurring-ical-events", "ical.js", "libical")
"""Readers that can do with the file's own time zones alone.

Not node-ical, which knows none but its own; not vobject, which takes a zone that was at UTC in the year 2000 for UTC,
and so Dublin's and Casablanca's; not `ical`, which takes the first observance that is not repeated for the only one.
"""


def found_by(reader, content, tmp_path):
    path = tmp_path / "calendar.ics"
    path.write_bytes(content)
    (found,) = read(reader, path)
    return found


def as_read_by(reader, rows):
    """The rows with the one known mistake of a reader; it has a test of its own below."""
    return (
        sorted(row._replace(summary=_twice_unescaped(row.summary)) for row in rows) if reader == "node-ical" else rows
    )


def _twice_unescaped(text):
    return text.replace("\\n", "\\\n").replace("\\N", "\\\n")


@pytest.mark.parametrize("name", CORPUS)
@pytest.mark.parametrize("reader", READERS)
def test_reads_what_is_meant(reader, name, tmp_path, needs):
    """A reader finds each event once, on its days or at its times in UTC, with its title and status, and no other."""
    needs(reader)
    assert found_by(reader, CORPUS[name].content(), tmp_path) == as_read_by(reader, CORPUS[name].rows())


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("reader", READERS)
def test_reads_each_version(reader, number, profile, tmp_path, needs):
    """After a change a reader finds what moved where it is now, and what was dropped once more, as cancelled."""
    needs(reader)
    options = Options(profile=profile, subject=SUBJECT, secret=SECRET)
    assert found_by(reader, versions.files(options)[number], tmp_path) == versions.rows(number, options)


TITLES = {"visit": "Clinic visit", "dose": "Treatment day", "activity": "Appointment", "milestone": "Key date"}


def golden_rows(trial):
    """UID, days and status of each event of a trial, and its discreet title, without asking the exporter."""
    calendar, rows = calendar_of(trial), []
    for event in calendar:
        assert not isinstance(event.start, datetime)
        digest = bytearray(
            hmac.new(SECRET, json.dumps([calendar.study, SUBJECT, event.id]).encode(), hashlib.sha256).digest()
        )
        digest[6], digest[8] = digest[6] & 0x0F | 0x80, digest[8] & 0x3F | 0x80
        marks = ["to be confirmed"] * (event.state == "tentative") + ["may not take place"] * event.optional
        title = ("Treatment" if event.continuous else TITLES[event.kind]) + (f" ({', '.join(marks)})" if marks else "")
        end = (event.end + timedelta(days=1)).isoformat()
        status = {"planned": "CONFIRMED", "tentative": "TENTATIVE"}[event.state]
        rows.append((event, Row(str(UUID(bytes=bytes(digest[:16]))), event.start.isoformat(), end, title, status)))
    return rows


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize("reader", READERS)
def test_golden_file_holds_the_events(reader, trial, needs):
    """In the discreet golden file a reader finds the trial's events, worked out here from the calendar alone."""
    needs(reader)
    (found,) = read(reader, path_of(trial, "discreet"))
    assert found == sorted(row for _, row in golden_rows(trial))


@pytest.mark.parametrize("trial", TRIALS)
@pytest.mark.parametrize("reader", READERS)
def test_full_golden_file_names_the_doses(reader, trial, needs):
    """In the full golden file a reader finds the same, and each title says position, drug, dose and route."""
    needs(reader)
    (found,) = read(reader, path_of(trial, "full"))
    meant = golden_rows(trial)
    assert [row[:3] + row[4:] for row in found] == sorted(row[:3] + row[4:] for _, row in meant)
    titles = {row.uid: row.summary for row in found}
    for event, row in meant:
        parts = (event.position, event.label, event.dose, event.route)
        assert [part for part in parts if part and one_line(part) not in titles[row.uid]] == []


@pytest.mark.parametrize("reader", GOING_BY_THE_FILE)
def test_time_zones_of_the_file_suffice(reader, tmp_path, needs):
    """A reader that has never heard of a zone's name finds every time by the file's VTIMEZONE alone."""
    needs(reader)
    content = CORPUS["clock-changes"].content()
    renamed = content.replace(b";TZID=", b";TZID=Unheard_of/").replace(b"\r\nTZID:", b"\r\nTZID:Unheard_of/")
    assert renamed.count(b"TZID:Unheard_of/") == len(ZONES) + 1
    assert found_by(reader, renamed, tmp_path) == CORPUS["clock-changes"].rows()


@pytest.mark.parametrize("name", ["belimumab-cll", "belimumab-sle", "blinatumomab-maintenance"])
def test_series_give_the_single_events(name, tmp_path, needs):
    """Repeated entries, expanded by a reader, give the same days, titles and states as single ones."""
    needs("recurring-ical-events")
    one, options = calendar_of(name), Options(profile="discreet", subject=SUBJECT, secret=SECRET)
    content = as_ics(one, Options(profile="discreet", subject=SUBJECT, secret=SECRET, rrule=True))
    assert b"RRULE" in content
    found = found_by("recurring-ical-events", content, tmp_path)
    assert sorted(row[1:] for row in found) == sorted(row[1:] for row in rows_of(one, options))


MISREAD = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//written by hand//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20270104T000000Z
DTSTART;VALUE=DATE:20270104
DTEND;VALUE=DATE:20270105
SUMMARY:C:\\\\new\\\\Name\\, two\\nlines
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
""".replace(b"\n", b"\r\n")


@pytest.mark.parametrize("reader", READERS)
def test_backslash_before_an_n(reader, tmp_path, needs):
    """Of an escaped backslash before an n node-ical alone makes a line end; when that is mended, this test says so."""
    needs(reader)
    (row,) = found_by(reader, MISREAD, tmp_path)
    meant = "C:\\new\\Name, two\nlines"
    assert row.summary == (
        "C:\\\new\\\name, two\nlines".replace("new", "ew").replace("name", "ame") if reader == "node-ical" else meant
    )


def test_corpus_is_what_it_says():
    """The corpus has both changes of all zones, long and many-lettered titles, and 2,000 events."""
    assert [len(changes_of(zone_named(key))) for key in ZONES] == [2] * len(ZONES)
    clocks = {(str(event.start.tzinfo), event.start.fold) for event in clock_changes()}
    assert clocks == {(key, fold) for key in ZONES for fold in (0, 1)} | {(ALWAYS_AT_UTC, 0)}
    assert len(hostile_texts()) == len(HOSTILE) > max(len(text) >= LONG - 20 for text in HOSTILE)
    assert len(CORPUS["two-thousand"].rows()) == 2_000
    assert sum(name.rsplit("-", 1)[0] in TRIALS for name in CORPUS) == len(TRIALS) * len(PROFILES) == 10
