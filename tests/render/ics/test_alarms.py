"""When does a program remind, and of what never?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.render.ics.files import events_in, lines_of
from tests.render.samples import ANCHOR, BERLIN, calendar, event, infusion

from regimen.errors import RegimenError
from regimen.render.ics import Options, as_ics
from regimen.timing import Span

TEN = datetime(2027, 1, 4, 10, tzinfo=BERLIN)


DAY_BEFORE = Span(1, "d")


def triggers(*events, alarm=DAY_BEFORE, **given):
    content = as_ics(calendar(events), Options(alarm=alarm, **given))
    return [line.removeprefix("TRIGGER:") for line in lines_of(content) if line.startswith("TRIGGER")]


@pytest.mark.parametrize(
    ("alarm", "whole_day", "timed"),
    [
        (Span(1, "d"), "-PT15H", "-P1D"),
        (Span(2, "d"), "-P1DT15H", "-P2D"),
        (Span(2, "h"), "-PT2H", "-PT2H"),
        (Span(30, "min"), "-PT30M", "-PT30M"),
    ],
)
def test_when(alarm, whole_day, timed):
    """Days before a whole day mean at 09:00 so many days before; hours count from midnight, and from a time exactly."""
    assert triggers(event(), alarm=alarm) == [whole_day]
    assert triggers(event(start=TEN), alarm=alarm) == [timed]
    nine = datetime.combine(ANCHOR, datetime.min.time()) - timedelta(days=1) + timedelta(hours=9)
    assert datetime.combine(ANCHOR, datetime.min.time()) - timedelta(hours=15) == nine


def test_one_display_alarm():
    """Each event has at most one alarm; it is shown, says the title, and does nothing else."""
    (one,) = events_in(as_ics(calendar([event()]), Options(alarm=Span(1, "d"))))
    (alarm,) = one.subcomponents
    assert sorted(alarm) == ["ACTION", "DESCRIPTION", "TRIGGER"]
    assert (str(alarm["ACTION"]), str(alarm["DESCRIPTION"])) == ("DISPLAY", str(one["SUMMARY"]))


def test_off_by_default():
    """Without being asked for there is no alarm."""
    assert b"VALARM" not in as_ics(calendar([event()]))


@pytest.mark.parametrize(
    "one",
    [event(state="cancelled"), event(state="held"), event(state="tentative"), event(kind="milestone")],
    ids=lambda one: f"{one.kind}-{one.state}",
)
def test_never(one):
    """What is cancelled, uncertain, or only a key date reminds of nothing."""
    assert triggers(one) == []


def test_past_events():
    """Events before the given day have no alarm, those on it do."""
    days = [event(start=ANCHOR + timedelta(days=n)) for n in range(4)]
    assert len(triggers(*days, as_of=date(2027, 1, 6))) == 2
    assert len(triggers(*days)) == 4


def test_stops_of_infusions_remind_too():
    """A span of days reminds in the morning before, its stop so long before the moment."""
    assert triggers(infusion(TEN)) == ["-PT15H", "-P1D"]


@pytest.mark.parametrize("alarm", [Span(1, "mo"), Span(1, "w"), Span(1, "y")])
def test_other_lengths(alarm):
    """Only days, hours and minutes are understood."""
    with pytest.raises(RegimenError, match="give days, hours or minutes: 1d, 2h, 30min"):
        Options(alarm=alarm)


def test_too_early():
    """More than a year before is a slip."""
    with pytest.raises(RegimenError, match="more than a year early"):
        Options(alarm=Span(400, "d"))
