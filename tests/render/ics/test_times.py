"""At which day or time does every program show an entry? Days, clock times, elapsed time, visits given a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from tests.build import calendar_of
from tests.render.ics.files import FULL, events_in, events_of, lines_of, only
from tests.render.samples import ANCHOR, BERLIN, calendar, event, everything, infusion, lupus

from regimen.errors import RegimenError
from regimen.moments import zone_named
from regimen.render.ics import Options, as_ics, entries_of, export

NINE = Options(profile="full", at=time(9), zone=BERLIN)


def test_elapsed_times_are_in_utc():
    """Every 12 hours is written in UTC, twice a day in the zone's clock time: so no rule of a zone moves the first."""
    start = datetime(2027, 3, 27, 20)  # noqa: DTZ001 - the zone is given apart
    hours = calendar_of(start, zone="Europe/Berlin", when="q12h x3")
    clock = calendar_of(start, zone="Europe/Berlin", when="bid at 08:00,20:00 days 1-2")
    lines = lines_of(as_ics(hours))
    assert [line for line in lines if line.startswith("DTSTART:2") and line.endswith("Z")] == [
        "DTSTART:20270327T190000Z", "DTSTART:20270328T070000Z", "DTSTART:20270328T190000Z",
    ]  # fmt: skip
    lines = lines_of(as_ics(clock))
    assert sum(line.startswith("DTSTART;TZID=Europe/Berlin:") for line in lines) == 5


def test_nothing_floats():
    """No time stands without a zone; the time of a VTIMEZONE's change alone is by its own clock."""
    for line in lines_of(as_ics(everything()).split(b"BEGIN:VEVENT", 1)[1]):
        if line.startswith(("DTSTART", "DTEND")):
            assert line.endswith("Z") or ";TZID=" in line or ";VALUE=DATE:" in line


def test_zone_data_are_named_where_there_is_a_zone():
    """The version of the zone data is in a file with clock times, and only there."""
    assert sum(line.startswith("X-REGIMEN-TZDATA:20") for line in lines_of(as_ics(everything()))) == 1
    assert b"TZDATA" not in as_ics(lupus())


def test_visits_get_the_time():
    """--at gives visits and activities of a whole day their clock time: 15 minutes, opaque for visits."""
    visit, activity = event("v", kind="visit"), event("a", kind="activity")
    for one in events_of(visit, activity, options=NINE):
        assert one.decoded("DTSTART") == datetime(2027, 1, 4, 9, tzinfo=BERLIN)
        assert one.decoded("DTEND") == datetime(2027, 1, 4, 9, 15, tzinfo=BERLIN)
    assert str(only(visit, options=NINE)["TRANSP"]) == "OPAQUE"
    assert str(only(activity, options=NINE)["TRANSP"]) == "TRANSPARENT"


@pytest.mark.parametrize(
    "kept",
    [
        event("dose"), event("end", kind="milestone"), event("v", kind="visit", end=ANCHOR + timedelta(days=3)),
        event("v", kind="visit", start=datetime(2027, 1, 4, 14, tzinfo=BERLIN)), infusion(),
    ],
    ids=["dose", "milestone", "interval visit", "timed visit", "infusion"],
)  # fmt: skip
def test_what_keeps_its_days_and_times(kept):
    """--at changes no dose, milestone, visit on any day of a stretch, or visit that has a time."""
    (with_at,), (without) = entries_of(calendar([kept]), NINE), entries_of(calendar([kept]), FULL)
    assert (with_at,) == without


def test_a_time_that_does_not_exist_names_every_visit():
    """A clock time inside a gap is refused with every visit it falls on, and nothing is made."""
    gap = Options(at=time(2, 30), zone=BERLIN)
    days = (date(2027, 3, 28), date(2027, 3, 29), date(2028, 3, 26))
    visits = [event("v", kind="visit", start=day) for day in days]
    with pytest.raises(RegimenError) as caught:
        as_ics(calendar(visits), gap)
    said = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in said] == [visits[0].id, visits[2].id]
    assert "Sun 28 Mar 2027 02:30 Europe/Berlin does not exist" in said[0]


def test_a_time_that_comes_twice_is_said():
    """Of a clock time inside a fold the first is meant; it is written in UTC, and a note says so."""
    made = export(calendar([event("v", kind="visit", start=date(2027, 10, 31))]), Options(at=time(2, 30), zone=BERLIN))
    assert any("Sun 31 Oct 2027 02:30 Europe/Berlin (UTC+02:00)" in note for note in made.notes)
    (one,) = events_in(made.content())
    assert one.decoded("DTSTART") == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"at": time(9)}, "needs the zone it is in, such as Europe/Berlin"),
        ({"at": time(0), "zone": BERLIN}, "00:00 belongs to one day and ends another"),
        ({"profile": "secret"}, "There is no profile 'secret'; choose discreet or full"),
        ({"revised": datetime(2027, 1, 4)}, "The revision time has no time zone"),  # noqa: DTZ001
    ],
)
def test_options_that_cannot_be_followed(given, sentence):
    """Options that are wrong, or do not go together, are refused with what to give."""
    with pytest.raises(RegimenError, match=sentence):
        Options(**given)


def test_all_wrong_options_at_once():
    """All that is wrong with the options is said together."""
    with pytest.raises(RegimenError) as caught:
        Options(profile="x", at=time(9), revised=datetime(2027, 1, 4))  # noqa: DTZ001
    assert len(str(caught.value).splitlines()) == 3


def test_other_data_on_this_computer_are_said(monkeypatch):
    """When the computer's own zone data differ from those used, a note says so."""
    monkeypatch.setattr("regimen.render.ics.exporting.machine_differs", lambda key, first, last: f"{key} differs")
    made = export(everything(), FULL)
    assert "Europe/Berlin differs" in made.notes
    assert zone_named("Europe/Berlin").key == "Europe/Berlin"


def test_visits_only_are_opaque():
    """Only visits with a time block the day; whatever else is shown as free."""
    found = {(str(e["TRANSP"]), str(e["CATEGORIES"].to_ical().decode())) for e in events_in(as_ics(everything()))}
    assert ("OPAQUE", "Visit") in found
    assert {category for transparency, category in found if transparency == "OPAQUE"} == {"Visit"}
