"""Which texts are read, and as what?"""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.notation.accepted import ACCEPTED

from regimen.notation import (
    cycles_text,
    dose_text,
    line_text,
    point_text,
    read_cycles,
    read_dose,
    read_line,
    read_point,
    read_span,
    read_when,
    read_window,
    when_text,
    window_text,
)
from regimen.notation.terms import DayList, Dose, Interval, Item, Line, Phase, Point, Unstated
from regimen.quantities import Amount, Unit
from regimen.timing import Span


@pytest.mark.parametrize(("written", "canonical"), ACCEPTED)
def test_long_and_short_forms_have_one_canonical_text(written, canonical):
    """However a line is written, its canonical text is the same, and is its own canonical text."""
    assert line_text(read_line(written)) == canonical
    assert read_line(canonical) == read_line(written)


def test_a_line_means_its_parts():
    """The dose, its days and the next phase of belimumab's line are read as written."""
    first = Phase(
        dose=Dose(Amount(Decimal(10), Unit("mg", "kg")), "IV", Span(1, "h")),
        days=DayList("day", ((0, 0), (14, 14), (28, 28))),
    )
    then = Phase(every=Interval(Span(28, "d")), through=Point("week", 48))
    line = "10 mg/kg IV over 1 h days 0, 14, 28 then q28d through week 48"
    assert read_line(line) == Line((Item((first, then)),))


OTHERS = (
    (read_dose, dose_text, "not stated", "dose not stated"),
    (read_dose, dose_text, "2 Gy RT", "2 Gy RT"),
    (read_dose, dose_text, "2 x10^6 cells/kg IV", "2 million cells/kg IV"),
    (read_dose, dose_text, "10 mg/kg, intravenously, over 60 minutes", "10 mg/kg IV over 60 min"),
    (read_when, when_text, "not stated", "not stated"),
    (read_when, when_text, "on days 0, 14 and 28, then every 28 days", "days 0, 14, 28 then q28d"),
    (read_cycles, cycles_text, "42 d x5, then 84 d x4", "q42d x5, then q84d x4"),
    (read_cycles, cycles_text, "28 d for 6 cycles", "q28d x6"),
    (
        read_cycles,
        cycles_text,
        "28 d until progression, at most 24 mo, cut",
        "q28d until progression, at most 24 mo cut",
    ),
    (read_cycles, cycles_text, "21 d, 14 d repeating x3", "21 d, 14 d repeating x3"),
    (read_point, point_text, "the end of the previous epoch", "end of previous"),
    (read_point, point_text, "randomised + 3 years", "randomised + 3 y"),
    (read_point, point_text, "28 days after the last dose of radiotherapy", "28 d after last dose of radiotherapy"),
    (read_point, point_text, "2027-01-31", "2027-01-31"),
    (read_window, window_text, "+/- 3 days", "±3 d"),
    (read_window, window_text, "-1 d/+2 w", "-1 d/+2 w"),
)


@pytest.mark.parametrize(("read", "text", "written", "canonical"), OTHERS)
def test_values_of_a_definition_are_read_alone(read, text, written, canonical):
    """The values of dose:, when:, cycles: and window: are read by the same grammar, each on its own."""
    assert text(read(written)) == canonical


def test_an_unstated_dose_is_kept():
    """A dose the protocol does not give is read as not stated; nothing is invented."""
    assert read_dose("not stated") == Dose(Unstated("dose"))


def test_spans_are_read_alone():
    """A length of time is a number and a unit; half an hour is 30 minutes."""
    assert [read_span(text) for text in ("28 d", "24 months", "0.5 h")] == [
        Span(28, "d"),
        Span(24, "mo"),
        Span(30, "min"),
    ]


def test_once_weekly_is_every_week():
    """`once weekly` gives dates: it is a step of a week, not a number of days still to be named."""
    assert read_line("5 mg PO once weekly") == read_line("5 mg PO every week")


def test_a_window_is_no_part_of_the_day_list():
    """The -3 of a window after a day is not the end of a range."""
    assert read_when("day 1 -3/+5 d")[0].days == DayList("day", ((1, 1),))
