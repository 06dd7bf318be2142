"""Does one repeating entry stand for just the events it replaces? Expanded again, by ourselves and by dateutil."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st
from tests.build import calendar_of
from tests.render.ics.files import events_in, lines_of
from tests.render.samples import ANCHOR, BERLIN, calendar, days_around, event, everything, infusion, lupus, ramp_up

from regimen.errors import RegimenError
from regimen.library import expand
from regimen.render.ics import Options, Repeat, as_ics, entries, entries_of, export, previous_of
from regimen.render.ics.series import times_of

RRULE = Options(profile="full", rrule=True)
ONE_DAY = timedelta(days=1)


def doses(*days, **given):
    return [event(start=ANCHOR + timedelta(days=n), dose="5 mg", **given) for n in days]


def repeats(*events):
    return [entry.repeat and str(entry.repeat) for entry in entries_of(calendar(events), RRULE)]


@pytest.mark.parametrize(
    ("days", "rules"),
    [
        ((0, 1, 2), ["FREQ=DAILY;COUNT=3;INTERVAL=1"]),
        ((0, 7, 14, 21), ["FREQ=WEEKLY;COUNT=4;INTERVAL=1"]),
        ((0, 28, 56), ["FREQ=WEEKLY;COUNT=3;INTERVAL=4"]),
        ((0, 3, 6), ["FREQ=DAILY;COUNT=3;INTERVAL=3"]),
        ((0, 1), [None, None]),
        ((0, 1, 3), [None, None, None]),
        ((0, 14, 28, 56, 84, 112), ["FREQ=WEEKLY;COUNT=3;INTERVAL=2", "FREQ=WEEKLY;COUNT=3;INTERVAL=4"]),
        ((0, 5, 6, 7), [None, "FREQ=DAILY;COUNT=3;INTERVAL=1"]),
        ((0, 30, 59), [None, None, None]),
    ],
)
def test_steady_runs(days, rules):
    """Runs of three and more at a steady step of whole days become one entry; what is left stays single."""
    assert repeats(*doses(*days)) == rules


@pytest.mark.parametrize(
    "other",
    [
        {"dose": "10 mg"}, {"state": "tentative"}, {"optional": True}, {"basis": "assumed: x"}, {"label": "Other"},
        {"window": days_around(ANCHOR + ONE_DAY, 1, 1)}, {"activities": ("weigh",)}, {"end": ANCHOR + 2 * ONE_DAY},
        {"kind": "visit"}, {"source": "protocol 5.1"},
    ],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_only_like_events(other):
    """An event with another text, window, state or length is in no series with the rest."""
    first, second, third = doses(0, 1, 2)
    assert repeats(first, replace(second, **other), third) == [None, None, None]


def test_clock_times():
    """Events at one clock time of a zone repeat by that clock, through clock changes; another time is another."""
    days = [date(2027, 3, 27) + n * ONE_DAY for n in range(3)]
    at = [event(start=datetime(d.year, d.month, d.day, 9, tzinfo=BERLIN), kind="visit", id=f"v{d}") for d in days]
    (entry,) = entries_of(calendar(at), RRULE)
    assert entry.repeat == Repeat("DAILY", 1, 3)
    later = replace(at[1], start=at[1].start + timedelta(hours=1), end=at[1].end + timedelta(hours=1))
    assert repeats(at[0], later, at[2]) == [None, None, None]


def test_twice_a_day():
    """Twice a day is two series; without clock times the doses of a day are kept apart all the same."""
    for on in (datetime(2027, 1, 4, 7), date(2027, 1, 4)):  # noqa: DTZ001 - the zone is given apart
        when = "bid at 08:00,20:00 days 1-5" if isinstance(on, datetime) else "bid days 1-5"
        found = entries_of(calendar_of(on, zone="Europe/Berlin", when=when), RRULE)
        assert sorted(str(e.repeat) for e in found if e.repeat) == ["FREQ=DAILY;COUNT=5;INTERVAL=1"] * 2


def test_elapsed_times_repeat_in_utc():
    """Every 24 hours is elapsed time: it repeats in UTC, so it is an hour later by the clock after the change."""
    one = calendar_of(datetime(2027, 3, 27, 10), zone="Europe/Berlin", when="q24h x4")  # noqa: DTZ001
    (entry,) = [entry for entry in entries_of(one, RRULE) if entry.repeat]
    assert entry.start == datetime(2027, 3, 27, 9, tzinfo=UTC)
    assert [start for start, _ in times_of(entry)] == [dose.start.astimezone(UTC) for dose in one.of_kind("dose")]


def test_infusions_with_stops_stay_single():
    """An infusion with a stop of its own is several entries, and none of them repeats."""
    start = datetime(2027, 1, 4, 10, tzinfo=BERLIN)
    courses = [infusion(start + timedelta(days=28 * n), days=7, id=f"t/c{n}") for n in range(4)]
    assert repeats(*courses) == [None] * 8


def expanded(content):
    """Every start in a file, with repeats expanded by dateutil."""
    for one in events_in(content):
        start = one.decoded("DTSTART")
        if "RRULE" not in one:
            yield start
            continue
        naive = datetime.combine(start, datetime.min.time()) if not isinstance(start, datetime) else start
        rule = rrulestr(one["RRULE"].to_ical().decode(), dtstart=naive.replace(tzinfo=None))
        for moment in rule:
            yield moment.replace(tzinfo=naive.tzinfo) if isinstance(start, datetime) else moment.date()


def in_order(moments):
    return sorted(moments, key=lambda m: (str(m)[:10], str(m)))


CALENDARS = {
    "lupus": lupus, "ramp-up": ramp_up, "everything": everything,
    "cll": lambda: expand("belimumab-cll", on={"venetoclax_day_1": "2026-01-05"}),
    "t-all": lambda: expand("daratumumab-t-all", on={"first_dose": "2027-01-04"}, assume=["myeloma-label"]),
    "mrd": lambda: expand("blinatumomab-mrd", on={"first_dose": "2026-03-02T10:00"}, zone="Europe/Berlin"),
}  # fmt: skip


@pytest.mark.parametrize("make", CALENDARS.values(), ids=CALENDARS.keys())
@pytest.mark.parametrize("profile", ["full", "discreet"])
def test_the_same_days_by_dateutil(make, profile):
    """Expanded by dateutil, the file with repeats has the same starts as the one without."""
    one = make()
    single, repeated = (as_ics(one, Options(profile=profile, rrule=rrule)) for rrule in (False, True))
    assert in_order(expanded(repeated)) == in_order(expanded(single))


@given(st.lists(st.integers(0, 60), min_size=1, max_size=25, unique=True), st.integers(1, 3))
def test_any_days(days, like):
    """Whatever the days and however many kinds of event: expanding gives just these days."""
    events = [one for kind in range(like) for one in doses(*days[kind::like], id="") if one]
    events = [replace(one, id=f"t/{n}", label=f"L{n % like}") for n, one in enumerate(events)]
    content = as_ics(calendar(events), RRULE)
    assert sorted(expanded(content)) == sorted(one.start for one in events)


def test_only_these_rules():
    """Nothing but FREQ, COUNT and INTERVAL, daily or weekly, is ever written."""
    for make in CALENDARS.values():
        for line in lines_of(as_ics(make(), RRULE).split(b"BEGIN:VEVENT", 1)[1]):
            if line.startswith("RRULE"):
                rule = dict(part.split("=") for part in line.removeprefix("RRULE:").split(";"))
                assert set(rule) == {"FREQ", "COUNT", "INTERVAL"}
                assert rule["FREQ"] in ("DAILY", "WEEKLY")
            assert not line.startswith(("RDATE", "EXDATE", "RECURRENCE-ID", "DURATION"))


def test_what_a_series_says():
    """Its title has no position; its text says step, number, first and last day, and how far each may be moved."""
    days = [ANCHOR + timedelta(days=28 * n) for n in range(3)]
    events = [event(start=day, dose="5 mg", window=days_around(day, 1, 3)) for day in days]
    (entry,) = entries_of(calendar(events), RRULE)
    assert entry.summary == "Belimumab 5 mg"
    assert entry.description.split("\n") == [
        "Every 28 days, 3 times: Mon 4 Jan 2027 – Mon 1 Mar 2027",
        "Possible: each from 1 day before to 3 days after",
        "Planning aid: verify every date against the protocol.",
    ]


def test_a_weekly_series_names_its_weekday():
    """A weekly drug's series says on which day alone it is taken."""
    (entry,) = entries_of(calendar(doses(0, 7, 14)), RRULE)
    assert entry.summary.endswith(", only on Mondays")
    assert "Only on Mondays, on no other day of the week." in entry.description


def test_the_note_says_how_many():
    """A note says how many events became repeating entries and how many stayed single."""
    made = export(calendar([*doses(0, 1, 2), *doses(10, item="other")]), RRULE)
    assert "3 events written as 1 repeating entry, 1 entry singly." in made.notes


def test_a_wrong_rule_is_refused(monkeypatch):
    """A repeat that does not give the dates it stands for is not written."""
    monkeypatch.setattr(entries, "times_of", lambda entry: iter([]))
    with pytest.raises(RegimenError, match="its repeat does not give the dates it stands for"):
        as_ics(calendar(doses(0, 1, 2)), RRULE)


def test_a_longer_series_is_the_same_entry():
    """One more dose at the end raises the series' sequence; it stays one entry."""
    old = as_ics(calendar(doses(0, 1, 2)), RRULE)
    (entry,) = export(calendar(doses(0, 1, 2, 3)), RRULE, previous_of([("old.ics", old)])).entries
    assert (entry.sequence, entry.repeat) == (1, Repeat("DAILY", 1, 4))


def test_off_by_default():
    """Without being asked for, no event repeats."""
    assert b"RRULE" not in as_ics(ramp_up())
