"""What does a calendar file say of doses that were late, held, missed or stopped?"""

from __future__ import annotations

from datetime import date

import icalendar
from tests.journals import calendar_after, fact, facts

from regimen.library import expand
from regimen.render.ics import Options, as_ics, previous_of

WEEKLY = "    doses: {drug: {dose: 100 mg PO, when: q1w x4, late: 'give late, shift the grid'}}\n"
MONDAY = date(2027, 1, 4)


def events_of(content):
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return sorted(events, key=lambda event: (event.decoded("DTSTART"), str(event["UID"])))


def test_a_moved_dose_keeps_its_entry():
    """After a late dose, the later entries keep their UIDs, get their new days, and are marked as changed."""
    planned = calendar_after(WEEKLY, MONDAY, [])
    first = as_ics(planned, Options())
    late = calendar_after(WEEKLY, MONDAY, [fact("given", "treatment/d8/drug", date(2027, 1, 14))])
    second = as_ics(late, Options(), previous_of([("first.ics", first)]))
    before, now = ({str(e["UID"]): e for e in events_of(content)} for content in (first, second))
    assert set(before) == set(now)
    moved = [now[uid].decoded("DTSTART") - before[uid].decoded("DTSTART") for uid in before]
    assert sorted(step.days for step in moved) == [0, 0, 3, 3, 3]
    assert {now[uid]["SEQUENCE"] for uid in now if now[uid]["DTSTART"].dt != before[uid]["DTSTART"].dt} == {1}


def test_held_doses_are_cancelled():
    """Doses on hold are cancelled in the feed, never dropped, and say so in their titles."""
    calendar = calendar_after(WEEKLY, MONDAY, [fact("held", "drug", date(2027, 1, 11), why="rash")])
    states = [(str(e["STATUS"]), str(e["SUMMARY"])) for e in events_of(as_ics(calendar, Options()))]
    assert states.count(("CANCELLED", "Cancelled: Treatment day")) == 3
    assert ("CONFIRMED", "Treatment day") in states


def test_reasons_stay_out_of_calendar_files():
    """The full profile says the planned day and the amount; who recorded what and why is in no file."""
    row = fact("given", "treatment/d8/drug", date(2027, 1, 14), amount="100 mg", why="neutropenia", by="A. Nurse")
    calendar = calendar_after(WEEKLY, MONDAY, [row])
    full = as_ics(calendar, Options(profile="full")).replace(b"\r\n ", b"").decode()
    assert not [word for word in ("neutropenia", "Nurse") if word in full]
    assert "Planned: Mon 11 Jan 2027" in full
    assert "Given: 100 mg" in full
    discreet = as_ics(calendar, Options()).replace(b"\r\n ", b"").decode()
    assert not [word for word in ("neutropenia", "Nurse", "journal", "100 mg", "Planned:") if word in discreet]


def test_a_paused_infusion_is_two_entries():
    """An infusion that was paused is written in its pieces, each with days of its own."""
    rows = facts(
        [
            fact("held", "blinatumomab", date(2027, 1, 14), why="fever"),
            fact("restarted", "blinatumomab", date(2027, 1, 17), then="resume", amount="28 mcg/day"),
        ]
    )
    calendar = expand("blinatumomab-mrd", {"first_dose": "2027-01-04"}, decide={"transplant": "yes"}, facts=rows)
    spans = [
        (e.decoded("DTSTART"), e.decoded("DTEND"))
        for e in events_of(as_ics(calendar, Options()))
        if str(e["SUMMARY"]).startswith("Treatment") and e.decoded("DTSTART") < date(2027, 2, 1)
    ]
    assert spans == [(date(2027, 1, 4), date(2027, 1, 14)), (date(2027, 1, 17), date(2027, 2, 4))]
