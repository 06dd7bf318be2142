"""Does every event arrive in a calendar program on its day, at its time, under a name that never changes?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.render.samples import ANCHOR, BERLIN, calendar, days_around, event, everything, infusion, lupus, ramp_up

from regimen.errors import RegimenError
from regimen.render.ics import Options, as_ics, exporting, uid_of
from regimen.render.words import one_line

ONE_DAY = timedelta(days=1)


FULL = Options(profile="full")


def events_of(*events, options=FULL):
    return read(as_ics(calendar(events), options))


def read(content):
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def only(*events, options=FULL):
    (one,) = events_of(*events, options=options)
    return one


def lines_of(content):
    """The file's lines with folded ones joined."""
    return content.decode().replace("\r\n ", "").split("\r\n")


@pytest.mark.parametrize("make", [lupus, ramp_up, everything])
def test_one_vevent_for_each_event(make):
    """Each event is there once, on its days, with its state."""
    one = make()
    found = {str(e["UID"]): (e.decoded("DTSTART"), e.decoded("DTEND"), str(e["STATUS"])) for e in read(as_ics(one))}
    meant = {
        uid_of(e.id, one.study): (
            e.start,
            e.end if isinstance(e.end, datetime) else e.end + ONE_DAY,
            "TENTATIVE" if e.state == "tentative" else "CONFIRMED",
        )
        for e in one
    }
    assert found == meant
    assert len(found) == len(one)


@pytest.mark.parametrize("make", [lupus, ramp_up, everything])
def test_lines(make):
    """Lines end with CR LF, hold at most 75 octets of UTF-8 without BOM, and split no letter."""
    content = as_ics(make())
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    physical = content.split(b"\r\n")
    assert max(map(len, physical)) <= 75
    assert content.startswith(b"BEGIN:VCALENDAR")
    assert all(line.decode("utf-8") is not None for line in physical)


def test_calendar_properties():
    """The calendar has these properties, no UID of its own and no METHOD."""
    head = lines_of(as_ics(lupus()))[:9]
    assert head == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//regimen//regimen calendar//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Appointments",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
        "X-REGIMEN-REVISION:0",
        "BEGIN:VEVENT",
    ]


def test_calendar_name_is_escaped():
    """Commas and semicolons of the study's name are escaped, also in a property that is not in the standard."""
    assert r"X-WR-CALNAME:A\, B\; C active" in lines_of(as_ics(calendar([event()], study="A, B; C"), FULL))


def test_event_properties():
    """Each event has these properties and no others: no repeat rule, no attendee, no alarm."""
    expected = {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "STATUS", "TRANSP", "CLASS",
        "DESCRIPTION", "CATEGORIES",
    }  # fmt: skip
    found = [*read(as_ics(everything())), *read(as_ics(calendar([infusion(datetime(2027, 1, 4, 10, tzinfo=BERLIN))])))]
    assert all(set(one) == expected and not one.subcomponents for one in found)
    assert {(str(one["CLASS"]), one["SEQUENCE"]) for one in found} == {("PRIVATE", 0)}


def test_order():
    """Time zones come first, then events by day, whole days before times, then by UID."""
    content = as_ics(everything()).decode()
    assert content.index("END:VTIMEZONE") < content.index("BEGIN:VEVENT")
    starts = re.findall(r"DTSTART[^:]*:(\d{8}\S*)", content[content.index("BEGIN:VEVENT") :])
    assert starts == sorted(starts)


def test_infusion_in_days():
    """A continuous infusion is one span of whole days up to the day after its last."""
    one = only(infusion())
    assert (one.decoded("DTSTART"), one.decoded("DTEND")) == (date(2027, 1, 4), date(2027, 1, 18))
    assert str(one["TRANSP"]) == "TRANSPARENT"


def test_infusion_with_times():
    """An infusion with times is a span of whole days and an event in UTC at the moment it stops."""
    start = datetime(2027, 3, 20, 10, tzinfo=BERLIN)
    content = as_ics(calendar([infusion(start, end=datetime(2027, 4, 3, 11, tzinfo=BERLIN))]), FULL)
    span, stop = read(content)
    assert (span.decoded("DTSTART"), span.decoded("DTEND")) == (date(2027, 3, 20), date(2027, 4, 4))
    assert "DTSTART:20270403T090000Z" in lines_of(content)
    assert str(stop["SUMMARY"]) == "C1D1 Blinatumomab 9 mcg/day CIV stops"
    assert "14 infusion days, stops Sat 3 Apr 2027 11:00 Europe/Berlin" in str(stop["DESCRIPTION"])
    assert span["UID"] != stop["UID"]


def test_infusion_within_a_day():
    """An infusion within one day is one event with its times."""
    start = datetime(2027, 3, 20, 10, tzinfo=BERLIN)
    one = only(infusion(start, end=start + timedelta(hours=4)))
    assert one.decoded("DTEND") - one.decoded("DTSTART") == timedelta(hours=4)


def test_clock_times():
    """A time in a named zone is written as that zone's clock time."""
    start = datetime(2027, 7, 5, 8, 30, tzinfo=BERLIN)
    content = as_ics(calendar([event(start=start, end=start + timedelta(hours=1), kind="visit")]))
    assert "DTSTART;TZID=Europe/Berlin:20270705T083000" in lines_of(content)
    assert "DTEND;TZID=Europe/Berlin:20270705T093000" in lines_of(content)
    assert str(read(content)[0]["TRANSP"]) == "OPAQUE"


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("UTC"), ZoneInfo("Etc/UTC"), timezone(timedelta(hours=2))], ids=str)
def test_other_zones_become_utc(zone):
    """A time whose zone has no IANA name of its own is written in UTC."""
    start = datetime(2027, 7, 5, 8, 30, tzinfo=zone)
    content = as_ics(calendar([event(start=start)]))
    assert f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}" in lines_of(content)
    assert b"VTIMEZONE" not in content


def test_a_moment_is_shown():
    """A time without a length is shown as 15 minutes, and the text says that this is only shown."""
    one = only(event(start=datetime(2027, 7, 5, 23, 50, tzinfo=BERLIN)))
    assert one.decoded("DTEND") == datetime(2027, 7, 6, 0, 5, tzinfo=BERLIN)
    assert "no length is stated, shown as 15 min" in str(one["DESCRIPTION"])


@pytest.mark.parametrize(("fold", "utc"), [(0, "20271031T003000Z"), (1, "20271031T013000Z")])
def test_one_of_two_equal_times(fold, utc):
    """A clock time that happens twice is written in UTC: of the local time readers disagree which one is meant."""
    one = event(start=datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN, fold=fold))
    assert f"DTSTART:{utc}" in lines_of(as_ics(calendar([one])))


def test_start_and_end_are_written_alike():
    """When the end is a clock time that happens twice, the start is in UTC as well; readers miscount mixed lengths."""
    start = datetime(2027, 10, 31, 0, 30, tzinfo=BERLIN)
    lines = lines_of(as_ics(calendar([event(start=start, end=start.replace(hour=2))])))
    assert {"DTSTART:20271030T223000Z", "DTEND:20271031T003000Z"} <= set(lines)


def test_length_across_the_repeated_hour():
    """From 02:45 to the second 02:15 is half an hour, not an end before the start."""
    start = datetime(2027, 10, 31, 2, 45, tzinfo=BERLIN)
    one = only(event(start=start, end=start.replace(minute=15, fold=1)))
    assert one.decoded("DTEND").astimezone(UTC) - one.decoded("DTSTART").astimezone(UTC) == timedelta(minutes=30)


@pytest.mark.parametrize("key", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_vtimezone_means_the_same_as_the_zone(key):
    """A reader that knows only the file's own time zone puts every daily event at the same moment."""
    zone = ZoneInfo(key)
    start = datetime(2027, 1, 1, 8, tzinfo=zone)
    content = as_ics(calendar([event(start=start + timedelta(days=n)) for n in range(730)]))
    (written,) = icalendar.Calendar.from_ical(content).walk("VTIMEZONE")
    only_from_file = written.to_tz(lookup_tzid=False)
    for n in range(730):
        local = start + timedelta(days=n)
        assert local.replace(tzinfo=only_from_file).utcoffset() == local.utcoffset()


def test_summary_and_description():
    """The title says position and dose and what is uncertain; the text says window, state, reason and basis."""
    one = event(
        dose="10 mg/kg", route="IV", duration="1 h", state="tentative", conditions=("transplant=no",), optional=True,
        basis="assumed: usual amount", source="protocol 5.1", window=days_around(ANCHOR, 3, 3), activities=("weigh",),
    )  # fmt: skip
    written = only(one)
    assert str(written["SUMMARY"]) == "Day 0 Belimumab 10 mg/kg IV (tentative, optional, assumed)"
    assert str(written["STATUS"]) == "TENTATIVE"
    assert str(written["DESCRIPTION"]).split("\n") == [
        "Window: Fri 1 – Thu 7 Jan 2027",
        "State: tentative, hangs on transplant=no",
        "Optional: may not happen",
        "Duration: 1 h",
        "To do: weigh",
        "Why: 2027-01-04 = first_dose 2027-01-04 + 0 d",
        "Basis: assumed: usual amount",
        "Source: protocol 5.1",
        "Planning aid: verify every date against the protocol.",
    ]


@given(st.text(), st.text(), st.text())
def test_any_text(label, why, study):
    """Any text at all passes through the file and reads back without a change or a new line of its own."""
    content = as_ics(calendar([event(label=label, why=why)], study=study), FULL)
    (one,) = read(content)
    assert f"Why: {one_line(why)}" in str(one["DESCRIPTION"]) or not one_line(why)
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", content)


def test_text_cannot_add_properties():
    """A label with line ends and property names stays a title."""
    label = "x\r\nATTENDEE:mailto:a@example.org\nEND:VEVENT\n\\n;,\\"
    one = only(event(label=label, position=""))
    assert str(one["SUMMARY"]) == r"x ATTENDEE:mailto:a@example.org END:VEVENT \n;,\ ".strip()
    assert "ATTENDEE" not in one


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"start": datetime(2027, 1, 4, 10)}, "Mon 4 Jan 2027 10:00 has no time zone; give the site's time zone"),  # noqa: DTZ001
        ({"start": date(9999, 12, 31)}, "is on Fri 31 Dec 9999; a calendar file needs the day after"),
        ({"start": datetime(9999, 12, 31, 8, tzinfo=BERLIN)}, "is on Fri 31 Dec 9999; a calendar file needs"),
        ({"start": datetime(1, 1, 1, 0, 30, tzinfo=BERLIN)}, "is on Mon 1 Jan 0001; a calendar file needs"),
        ({"start": datetime(2027, 3, 28, 2, 30, tzinfo=BERLIN)}, "02:30 Europe/Berlin does not exist, the clock"),
        ({"end": date(2027, 1, 3)}, "ends on Sun 3 Jan 2027, before it starts on Mon 4 Jan 2027"),
        ({"end": datetime(2027, 1, 4, 10, tzinfo=BERLIN)}, "give both as days or both as times"),
    ],
)  # fmt: skip
def test_refused(given, sentence):
    """An event that no calendar file can hold as it is meant is refused with its id, and no file is made."""
    with pytest.raises(RegimenError) as caught:
        as_ics(calendar([event("good"), event(id="bad/one", **given)]))
    assert str(caught.value).startswith("bad/one: ")
    assert sentence in str(caught.value)


def test_last_day_but_one():
    """30 Dec 9999 is the last whole day a calendar file can hold."""
    assert only(event(start=date(9999, 12, 30))).decoded("DTEND") == date(9999, 12, 31)


def test_all_faults_at_once():
    """All events that cannot be written are named together, and ids that occur twice."""
    naive = datetime(2027, 1, 4, 10)  # noqa: DTZ001
    with pytest.raises(RegimenError) as caught:
        as_ics(calendar([event(id="a", start=naive), event(id="b", start=naive), event(id="c"), event(id="c")]))
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["a", "b", "c"]


def test_empty_calendar():
    """A calendar without events is refused, since a file without events is not a valid one."""
    with pytest.raises(RegimenError, match="no dated events"):
        as_ics(calendar())


@pytest.mark.parametrize(
    ("meant", "said"),
    [
        (b"SUMMARY:Day 0", b"SUMMARY:Day 1"),
        (b"20270104", b"20270103"),
        (b"CONFIRMED", b"TENTATIVE"),
        (b"SEQUENCE:0", b"SEQUENCE:1"),
        (b"Treatment", b"Visit"),
    ],
)
def test_file_that_reads_back_differently(monkeypatch, meant, said):
    """When the file does not read back as meant, it is refused and the difference shown."""
    written = exporting.written
    monkeypatch.setattr(exporting, "written", lambda *given: written(*given).replace(meant, said))
    with pytest.raises(RegimenError, match="does not read back as written"):
        as_ics(calendar([event()]), FULL)


def test_file_that_lost_an_event(monkeypatch):
    """When an event is missing from the file, it is refused."""
    written = exporting.written
    monkeypatch.setattr(exporting, "written", lambda name, entries, number: written(name, entries[:-1], number))
    with pytest.raises(RegimenError, match="meant 2 events, the file has 1"):
        as_ics(calendar([event("a"), event("b")]))


def test_very_many_faults():
    """Of very many events that cannot be written the first forty are named, and how many more there are."""
    naive = datetime(2027, 1, 4, 10)  # noqa: DTZ001
    with pytest.raises(RegimenError) as caught:
        as_ics(calendar([event(id=f"t/{n}", start=naive) for n in range(100)]))
    said = str(caught.value).splitlines()
    assert (len(said), said[-1]) == (41, "… and 60 more like these")
