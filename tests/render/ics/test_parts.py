"""How is a large calendar split, and is the whole there again in its parts?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.render.ics.files import events_in
from tests.render.samples import BERLIN, calendar, event, lupus, ramp_up

from regimen.render.ics import Options, export, parts, previous_of, size_note


def test_a_part_for_each_year():
    """Each calendar year in which entries start is a whole file of its own; nothing is lost or doubled."""
    made = export(ramp_up(), Options())
    found = made.parts()
    assert [part.ending for part in found] == ["-2026", "-2027", "-2028"]
    together = [str(e["UID"]) for part in found for e in events_in(part.content)]
    assert sorted(together) == sorted(entry.uid for entry in made.entries)
    assert all(part.content.startswith(b"BEGIN:VCALENDAR\r\n") for part in found)
    assert all(e.decoded("DTSTART").year == int(part.ending[1:]) for part in found for e in events_in(part.content))


def test_a_large_year_by_month(monkeypatch):
    """A year that is too large becomes a file for each month."""
    monkeypatch.setattr(parts, "LARGEST", 20_000)
    endings = [part.ending for part in export(lupus(), Options()).parts()]
    assert endings == ["-2027"]
    monkeypatch.setattr(parts, "LARGEST", 5_000)
    endings = [part.ending for part in export(lupus(), Options()).parts()]
    assert endings == [f"-2027-{month:02d}" for month in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)]


def test_each_part_has_its_own_zones():
    """A part holds the zones of its own entries."""
    timed = event(start=datetime(2027, 5, 5, 9, tzinfo=BERLIN), kind="visit", id="v")
    by_year = {p.ending: p.content for p in export(calendar([timed, event(start=date(2028, 1, 3))]), Options()).parts()}
    assert b"VTIMEZONE" in by_year["-2027"]
    assert b"VTIMEZONE" not in by_year["-2028"]


def test_parts_are_compared_together():
    """The parts of the last export together are what the next is compared with."""
    first = export(ramp_up(), Options()).parts()
    previous = previous_of([(f"a{part.ending}.ics", part.content) for part in first])
    assert export(ramp_up(), Options(), previous).parts() == first


def test_a_large_file_is_said():
    """Over 900,000 bytes a sentence says so and what to do."""
    assert size_note(900_000) == ""
    assert "use --split or --rrule" in size_note(900_001).lower()


def test_two_years_are_one_file_without_splitting():
    """Without splitting there is one file."""
    days = [event(start=date(2027, 12, 30) + timedelta(days=n)) for n in range(4)]
    assert len(events_in(export(calendar(days), Options()).content())) == 4
