"""When are bags changed, and do their hours sum to the infusion's?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.render.ics.files import events_in
from tests.render.samples import BERLIN, calendar, event, infusion

from regimen.errors import RegimenError
from regimen.library import expand, load
from regimen.lines import expand_line
from regimen.render.ics import Options, entries_of, export
from regimen.render.ics.bags import bag_changes, bag_lengths, bags_in_words
from regimen.timing import Span

TEN = datetime(2026, 3, 16, 10, tzinfo=BERLIN)
HOUR = timedelta(hours=1)


def asked(length=None):
    return Options(bags=True, bag_length=length)


def course(days=28, start=TEN, **given):
    """An infusion that runs for exactly so many times 24 hours."""
    end = (start.astimezone(UTC) + timedelta(days=days)).astimezone(BERLIN)
    return infusion(start, end=end, id="t/course", **given)


def test_changes_across_a_clock_change():
    """28 days from 16 Mar 10:00 in Berlin are 672 h: six changes 96 h apart, at 11:00 once the clocks have changed."""
    changes = [start.astimezone(BERLIN) for start, _ in bag_changes(course(), asked(Span(96, "h")))]
    assert [(moment.day, moment.hour) for moment in changes] == [
        (20, 10),
        (24, 10),
        (28, 10),
        (1, 11),
        (5, 11),
        (9, 11),
    ]
    assert (course().end.day, course().end.hour) == (13, 11)


def test_the_last_bag_is_the_rest():
    """14 days in bags of 96 h are three of 96 h and one of 48 h."""
    lengths = bag_lengths(course(14), asked(Span(96, "h")))
    assert [length / HOUR for length in lengths] == [96, 96, 96, 48]
    assert bags_in_words(lengths) == "3 of 96 h and 1 of 48 h"
    assert bags_in_words(bag_lengths(course(28), asked(Span(7, "d")))) == "4 of 168 h"


@given(st.integers(1, 60 * 24 * 40), st.integers(1, 60 * 24 * 8), st.integers(0, 600))
def test_bag_hours_sum_to_the_infusion(minutes, bag, day):
    """Whatever the lengths: bags sum to the infusion, each but the last is whole, and changes lie strictly inside."""
    start = TEN + timedelta(days=day)
    end = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(BERLIN)
    one, options = infusion(start, end=end), asked(Span(bag, "min"))
    lengths = bag_lengths(one, options)
    assert sum(lengths, timedelta(0)) == timedelta(minutes=minutes)
    assert all(length == timedelta(minutes=bag) for length in lengths[:-1])
    assert timedelta(0) < lengths[-1] <= timedelta(minutes=bag)
    moments = [moment for moment, _ in bag_changes(one, options)]
    expected = [start.astimezone(UTC) + k * timedelta(minutes=bag) for k in range(1, len(lengths))]
    assert moments == expected
    assert all(moment < end.astimezone(UTC) for moment in moments)


def test_whole_days():
    """An infusion of whole days has whole-day changes if a bag lasts whole days."""
    found = list(bag_changes(infusion(), asked(Span(96, "h"))))
    assert found == [(date(2027, 1, 4 + n), date(2027, 1, 5 + n)) for n in (4, 8, 12)]


def test_whole_days_and_hours():
    """Where a bag lasts no whole days and the infusion has no clock time, no change is shown, and a note says why."""
    made = export(calendar([infusion()]), asked(Span(36, "h")))
    assert len(made.entries) == 1
    assert any("1 infusion of Blinatumomab: they start without a clock time" in note for note in made.notes)


def test_the_definition_comes_first():
    """The definition's own bag length is taken; the given one only where there is none."""
    own = course(14, bags=Span(48, "h"))
    assert len(bag_lengths(own, asked(Span(96, "h")))) == 7
    assert len(bag_lengths(course(14), asked(Span(96, "h")))) == 4


def test_no_length_is_said():
    """An infusion without any bag length is named in a note, never passed over."""
    made = export(calendar([course(), event()]), asked())
    assert len(made.entries) == 3
    sentence = "1 infusion of Blinatumomab: no bag length is stated; give one, such as --bags 96h."
    assert f"No bag changes are shown for {sentence}" in made.notes


def test_from_the_notation_to_the_entry():
    """`bags 24 h` of a line reaches the file: seven days have six changes."""
    line = expand_line("100 mg/m2/day CIV days 1-7 bags 24 h", TEN.replace(tzinfo=None), zone="Europe/Berlin")
    found = [
        entry
        for entry in entries_of(line.calendar, Options(profile="full", bags=True))
        if "bag change" in entry.summary
    ]
    assert len(found) == 6
    assert found[0].start == datetime(2026, 3, 17, 9, tzinfo=UTC)
    assert found[0].description.startswith("Change 1 of 6\n")
    assert "Bags: 7 of 24 h" in found[0].description


def test_a_step_starts_its_own_bags():
    """Where the dose steps up, a new infusion begins and with it a new bag: the step falls on a change."""
    text = "[q42d x1] 9 mcg/day CIV days 1-7 in cycle 1 bags 96 h; 28 mcg/day CIV days 8-28 in cycle 1 bags 96 h"
    line = expand_line(text, TEN.replace(tzinfo=None), zone="Europe/Berlin")
    first, second = line.calendar.of_kind("dose")
    assert (second.start - first.start) == timedelta(days=7)
    lengths = [bag_lengths(one, asked()) for one in (first, second)]
    assert [[length / HOUR for length in one] for one in lengths] == [[96, 72], [96] * 5 + [24]]


def test_not_asked_for():
    """Without being asked for, no change is shown."""
    assert len(entries_of(calendar([course(bags=Span(24, "h"))]))) == 2


@pytest.mark.parametrize("length", [Span(1, "mo"), Span(1, "y")])
def test_lengths_that_are_none(length):
    """A bag of a month has no fixed length."""
    with pytest.raises(RegimenError, match="has no fixed length in hours; give hours or days"):
        asked(length)


def test_the_changes_of_a_trial():
    """Blinatumomab for 28 days in bags of 7 days has three changes in each of five cycles, in discreet words."""
    one = expand(load("blinatumomab-mrd"), on={"first_dose": "2026-03-02T10:00"}, zone="Europe/Berlin",
                 decide={"transplant": "yes", "retreatment": "no"})  # fmt: skip
    made = export(one, asked(Span(7, "d")))
    found = [str(e["SUMMARY"]) for e in events_in(made.content())]
    assert sum(title.startswith("Treatment change") for title in found) == 15
    assert sum(title.startswith("Treatment stops") for title in found) == 5
