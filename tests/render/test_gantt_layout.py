"""Where do bars, marks, ticks and labels go? Answered with plain numbers, without a picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from tests.journals import study_from
from tests.render.gantt_trials import START, belimumab_leukaemia, blinatumomab_mrd, calendar, event, moment

from regimen.events import DatedWindow, Event
from regimen.library import expand
from regimen.render.gantt_head import Milestone, Stretch, cycles, day_one_or_zero, epochs
from regimen.render.gantt_lanes import LOWEST_LEVEL, Band, Bar, Lane, lanes
from regimen.render.gantt_layout import page
from regimen.render.gantt_rows import cycle_rows, milestone_rows
from regimen.render.gantt_scale import date_ticks, study_day_ticks, study_day_words
from regimen.render.gantt_shapes import Frame
from regimen.render.gantt_text import pack, shorten, wrap


def one_inch_per_ten(text: str, size: float, bold: bool) -> float:
    """Ten letters are an inch, whatever their size."""
    return len(text) / 10


def lane(*events: Event) -> Lane:
    (found,) = lanes(calendar(events), START)
    return found


def stretches(bars: tuple[Bar, ...]) -> list[tuple[float, float, str]]:
    return [(bar.start, bar.end, bar.dose) for bar in bars]


def test_consecutive_days_with_the_same_dose_are_one_bar() -> None:
    """A pause of one day or another dose begins a new bar; a day alone is a mark."""
    doses = {0: "5 mg", 1: "5 mg", 2: "10 mg", 3: "10 mg", 5: "10 mg", 6: "10 mg", 9: "10 mg"}
    found = lane(*(event("drug", day, dose=dose) for day, dose in doses.items()))
    assert stretches(found.bars) == [(0, 2, "5 mg"), (2, 4, "10 mg"), (5, 7, "10 mg")]
    assert [mark.at for mark in found.marks] == [9.5]


def test_a_run_ends_where_it_becomes_tentative_or_optional() -> None:
    """What is sure is never in one bar with what is not."""
    days = [event("drug", n, state="planned" if n < 2 else "tentative", optional=n >= 4) for n in range(6)]
    looks = [(bar.start, bar.end, bar.tentative, bar.optional) for bar in lane(*days).bars]
    assert looks == [(0, 2, False, False), (2, 4, True, False), (4, 6, True, True)]


def test_a_run_of_two_doses_a_day_says_so() -> None:
    """A bar with 5 mg on it means 5 mg a day, so two a day are written out."""
    twice = [event("drug", n, id=f"{n}/{k}", dose="5 mg") for n in range(30) for k in (1, 2)]
    assert stretches(lane(*twice).bars) == [(0, 30, "5 mg, 2 a day")]
    assert stretches(lane(*twice[1:]).bars) == [(0, 30, "5 mg, more than one a day")]


def test_times_of_day_are_marks_while_few_days_are_shown() -> None:
    """A dose at 08:00 and one at 20:00 are two marks on a short plot and part of a bar on a long one."""

    def twice(days: int) -> Lane:
        return lane(
            *(event("d", n, id=f"{n}/{h}", start=moment(n, h), end=moment(n, h)) for n in range(days) for h in (8, 20))
        )

    assert [round(mark.at * 24) for mark in twice(2).marks] == [8, 20, 32, 44]
    assert (twice(40).marks, stretches(twice(40).bars)) == ((), [(0, 40, "")])


def test_an_infusion_is_a_bar_and_a_short_one_a_mark() -> None:
    """14 days from 10:00 reach to 10:00 on day 15; one hour, even across midnight, is a mark at its start."""
    long = event("drug", 0, start=moment(0, 10), end=moment(14, 10), continuous=True)
    short = event("drug", 20, start=moment(20, 23), end=moment(21, 1))
    found = lane(long, short)
    assert [(bar.start * 24, bar.end * 24) for bar in found.bars] == [(10, 14 * 24 + 10)]
    assert [mark.at * 24 for mark in found.marks] == [20 * 24 + 23]


def test_nothing_in_a_lane_covers_anything_else() -> None:
    """Bars that overlap, a bolus during an infusion and two doses at one point each get a row of their own."""
    found = lane(
        event("drug", 0, last=9, id="a"),
        event("drug", 5, last=14, id="b"),
        event("drug", 10, last=12, id="c"),
        event("drug", 2, id="d", dose="1 mg"),
        event("drug", 2, id="e", dose="2 mg"),
        event("drug", 30, id="f"),
    )
    assert [(bar.start, bar.row) for bar in found.bars] == [(0, 0), (5, 1), (10, 0)]
    assert [(mark.at, mark.row) for mark in found.marks] == [(2.5, 1), (2.5, 2), (30.5, 0)]
    assert found.rows == 3


@pytest.mark.parametrize(
    ("doses", "heights"),
    [
        (("20 mg", "50 mg", "100 mg"), [LOWEST_LEVEL, (LOWEST_LEVEL + 1) / 2, 1]),
        (("1,000 mg", "200 mg"), [1, LOWEST_LEVEL]),
        (("20 mg", "1 g"), [1, 1]),
        (("20 mg", "dose not stated"), [1, 1]),
        (("20 mg",), [1]),
    ],
)
def test_higher_bars_for_higher_doses(doses: tuple[str, ...], heights: list[float]) -> None:
    """Heights follow the amounts where all have one unit, and say nothing otherwise."""
    found = lane(*(event("drug", 10 * n, last=10 * n + 9, dose=dose) for n, dose in enumerate(doses)))
    assert [bar.height for bar in found.bars] == heights


def test_a_lane_says_what_its_doses_have_in_common() -> None:
    """The lane's label holds doses, route and duration, and whether some of it was assumed."""
    first = event("drug", 0, dose="10 mg/kg", route="IV", duration="1 h")
    assert (lane(first).detail, lane(first).doubt) == ("10 mg/kg IV over 1 h", "")
    second = event("drug", 9, dose="5 mg/kg", route="IV", duration="2 h", basis="assumed: usual")
    assert (lane(first, second).detail, lane(first, second).doubt) == ("10 mg/kg, 5 mg/kg IV", "partly assumed")
    taper = [event("drug", n, dose=f"{100 - n} mg") for n in range(20)]
    assert lane(*taper).detail == "20 dose levels, 100 mg to 81 mg"


def test_lanes_follow_the_protocol_and_lose_nothing() -> None:
    """The order is that of the protocol; lanes without events are left out, items it does not name come last."""
    events = [event("b", 0), event("x", 0, label="extra"), event("a", 1), event("m", 0, kind="milestone")]
    found = lanes(calendar(events, lanes={"a": "Drug A", "none": "Nothing", "b": "Drug B"}), START)
    assert [each.name for each in found] == ["Drug A", "Drug B", "extra"]


def test_windows_cover_their_last_day() -> None:
    """A window by days ends at midnight after its last day, a window by the clock at its time."""
    by_day = event("v", 5, kind="visit", window=DatedWindow(START, START + timedelta(days=10)))
    by_clock = event("v", 20, kind="visit", window=DatedWindow(moment(20, 6), moment(20, 18)))
    assert lane(by_day, by_clock).bands == (Band(0, 11), Band(20.25, 20.75))


def test_a_cycle_lasts_until_the_next_one_starts() -> None:
    """Cycles of 42 days with 28 days of infusion are 42 days long; the last ends with what is known of it."""
    found = cycles(blinatumomab_mrd(), START, 1)
    assert [(c.start, c.end) for c in found[:5]] == [(0, 42), (42, 84), (84, 126), (126, 168), (168, 196)]
    assert [c.texts[-1] for c in found] == ["C1", "C2", "C3", "C4", "C5", "C1", "C2", "C3", "C4"]


def test_a_cycle_in_which_nothing_happens_is_a_band_too() -> None:
    """With doses in cycles 1 and 3 of five, the bands are five, of 21 days each."""
    study = study_from("    cycles: 21 d x5\n    doses:\n      drug: 10 mg PO on day 1 in cycles 1, 3\n")
    found = cycles(expand(study, {"first_dose": START}), START, 1)
    assert [(c.start, c.end, c.texts) for c in found] == [
        (21 * n, 21 * n + 21, (f"Cycle {n + 1}", f"C{n + 1}")) for n in range(5)
    ]


def test_cycles_of_several_courses_are_told_apart() -> None:
    """The first cycle of the second course is a band of its own, with the course in its name."""
    calendar = expand("examples/courses-with-rests.yaml", {"first_dose": START})
    assert [(c.start, c.texts[0]) for c in cycles(calendar, START, 1)][1:3] == [
        (14, "Course 1, cycle 2"), (56, "Course 2, cycle 1"),
    ]  # fmt: skip


def test_a_cycle_starts_on_its_first_day_also_without_a_dose_that_day() -> None:
    """A drug given on day 8 only does not shift its cycle to day 8."""
    given = [event("drug", 7 + 28 * n, cycle=n + 1, day=8) for n in range(2)]
    assert [(c.start, c.end) for c in cycles(calendar(given), START, 1)] == [(0, 28), (28, 36)]


def test_an_epoch_ends_where_its_last_milestone_stands() -> None:
    """An end and the start of the next epoch on one day do not overlap."""
    found = epochs(blinatumomab_mrd(), START)
    assert [(e.texts[0], e.start, e.end, e.tentative) for e in found] == [
        ("Screening", -28, -13, False),
        ("Treatment", 0, 210, False),
        ("Maintenance", 210, 511, True),
        ("Follow-up", 575, 1122, True),
    ]


@pytest.mark.parametrize(
    ("pairs", "first_day"),
    [
        ([(1, 0)], 1),
        ([(0, 0)], 0),
        ([(-3, -3), (15, 14)], 1),
        ([(-3, -3)], None),
        ([(None, 0)], None),
        ([(99, 0)], None),
    ],
)
def test_the_first_day_is_read_from_the_events(pairs: list[tuple[int | None, int]], first_day: int | None) -> None:
    """Whether the anchor is day 0 or day 1 shows only from that day on; days before it are the same in both."""
    assert day_one_or_zero(replace(event("d", offset), study_day=day) for day, offset in pairs) == first_day


@pytest.mark.parametrize(
    ("offset", "first_day", "words"),
    [(0, 1, "Day 1"), (0, 0, "Day 0"), (28, 1, "Day 29"), (28, 0, "Day 28"), (-1, 1, "Day −1"), (-1, 0, "Day −1")],
)
def test_there_is_no_day_zero_when_the_first_day_is_one(offset: int, first_day: int, words: str) -> None:
    """The day before day 1 is day −1."""
    assert study_day_words(offset, first_day) == words


@pytest.mark.parametrize(
    ("days", "room", "texts"),
    [
        (3, 0.5, ["Mon 4 Jan\n2027", "Tue 5 Jan\n2027", "Wed 6 Jan\n2027"]),
        (30, 5, ["Mon 4 Jan\n2027", "Mon 11 Jan\n2027", "Mon 18 Jan\n2027", "Mon 25 Jan\n2027", "Mon 1 Feb\n2027"]),
        (30, 10, ["Mon 4 Jan\n2027", "Mon 18 Jan\n2027", "Mon 1 Feb\n2027"]),
        (100, 20, ["Feb\n2027", "Mar\n2027", "Apr\n2027"]),
        (400, 70, ["Apr\n2027", "Jul\n2027", "Oct\n2027", "Jan\n2028"]),
        (1500, 100, ["Jan\n2028", "Jan\n2029", "Jan\n2030", "Jan\n2031"]),
    ],
)
def test_dates_are_days_weeks_months_or_years(days: int, room: float, texts: list[str]) -> None:
    """The unit follows the span, the step follows the room, and the year is always there."""
    assert [tick.text for tick in date_ticks(START, 0, days, lambda _: room)] == texts


def test_a_tick_stands_in_the_middle_of_its_day() -> None:
    """A dose on the first of a month is exactly above that month's tick."""
    (tick,) = date_ticks(date(2027, 1, 20), 0, 90, lambda _: 20)[:1]
    assert (tick.text, tick.at) == ("Feb\n2027", 12.5)


@pytest.mark.parametrize(("end", "room", "step"), [(60, 6, 7), (300, 20, 28), (1100, 80, 84), (4000, 300, 336)])
def test_study_days_step_in_weeks(end: float, room: float, step: int) -> None:
    """Ticks count from the anchor in steps of 7 or 28 days and their multiples, also before it."""
    places = [tick.at - 0.5 for tick in study_day_ticks(-40, end, 1, lambda _: room)]
    assert {after - before for before, after in pairwise(places)} == {step}
    assert 0 in places


def test_few_days_are_all_named() -> None:
    """Three days have three ticks."""
    assert [tick.text for tick in study_day_ticks(0, 3, 1, lambda _: 0.5)] == ["Day 1", "Day 2", "Day 3"]


@pytest.mark.parametrize(
    ("text", "room", "left"),
    [("abcdef", 0.6, "abcdef"), ("abcdef", 0.5, "abcd…"), ("ab cd", 0.4, "ab…"), ("ab", 0.1, "")],
)
def test_what_is_cut_ends_in_an_ellipsis(text: str, room: float, left: str) -> None:
    """A text that does not fit shows that something is missing."""
    assert shorten(text, room, 9, one_inch_per_ten) == left


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two", ("one two",)),
        ("one two three", ("one two", "three")),
        ("incomprehensible", ("incomprehe", "nsible")),
        ("one two three four five", ("one two", "three fou…")),
        ("", ()),
        ("on Mon\u00a04\u00a0Jan", ("on", "Mon 4 Jan")),
    ],
)
def test_long_names_are_wrapped(text: str, lines: tuple[str, ...]) -> None:
    """Names break between words, a word too long for a line inside it, a date never; the rest is an ellipsis."""
    assert wrap(text, 1.0, 9, one_inch_per_ten, lines=2) == lines


def test_rows_are_filled_from_the_first() -> None:
    """A span goes to the first row where it touches nothing; a small overlap may be allowed."""
    assert pack([(0, 5), (3, 8), (5, 9), (8.0, 9)]) == (0, 1, 0, 1)
    assert pack([(0, 5), (4, 8)], slack=1) == (0, 0)


def test_no_milestone_line_runs_through_a_label() -> None:
    """Labels of milestones close together are stacked so that every line passes beside the labels below."""
    frame = Frame(0, 10, 0, 100, one_inch_per_ten, "colour")
    found = [Milestone(at, f"label {at:g}") for at in (2.0, 4.0, 5.0, 5.5, 60.0, 97.0, 99.0)]
    drawing = milestone_rows(frame, found, 0, 5)
    for line in drawing.uprights:
        for words in drawing.words:
            width, x = len(words.text) / 10, frame.x(line.at)
            start = words.x - (width if words.side == "right" else 0)
            assert not (start < x < start + width and line.top <= words.y)


def test_numbers_of_many_cycles_come_at_even_steps() -> None:
    """150 weekly cycles are numbered every tenth: 1, 11, 21 and so on."""
    frame = Frame(0, 10, 0, 1060, one_inch_per_ten, "colour")
    found = [Stretch(7 * n, 7 * n + 7, (f"Cycle {n + 1}", f"C{n + 1}")) for n in range(150)]
    assert [words.text for words in cycle_rows(frame, found, 0).words] == [f"C{n}" for n in range(1, 150, 10)]


def test_dots_of_a_crowded_lane_are_small_enough_to_be_told_apart() -> None:
    """105 weekly injections over two years keep a gap between their marks."""
    layout = page(belimumab_leukaemia(), 11.0, "colour", one_inch_per_ten)
    weekly = next(drawing for drawing in layout.chart if len(drawing.dots) == 105)
    assert weekly.dots[0].size <= 7 * layout.frame.per_day * 72


def test_a_cycle_that_may_not_happen_is_dashed() -> None:
    """In "up to 5 cycles" the bands of the cycles that may not happen look like their doses."""
    found = cycles(blinatumomab_mrd(), START, 1)
    assert [(c.tentative, c.optional) for c in found] == [(False, False), *[(False, True)] * 4, *[(True, True)] * 4]
    frame = Frame(0, 10, -30, 600, one_inch_per_ten, "colour")
    assert [box.fill.dashed for box in cycle_rows(frame, found, 0).boxes] == [c.optional for c in found]


def test_the_chart_shows_every_event_whole() -> None:
    """From the first event to the last nothing is outside the frame."""
    layout = page(blinatumomab_mrd(), 11.0, "colour", one_inch_per_ten)
    assert layout.frame.start < -28
    assert layout.frame.end > 1123


def test_the_last_cycle_ends_where_its_epoch_ends():
    """A band shows a cycle's whole length, the last one too: four courses of three months from 31 Jan end on 31 Jan."""
    calendar = expand("blinatumomab-maintenance", {"first_dose": "2027-01-31"})
    origin = date(2027, 1, 31)
    bands = cycles(calendar, origin, 1)
    ends = [origin + timedelta(days=band.end) for band in bands]
    assert ends == [date(2027, 4, 30), date(2027, 7, 31), date(2027, 10, 31), date(2028, 1, 31)]
