"""Where does an event go whose day is closed? Cases worked out by hand; Mon 4 Jan 2027 is the first dose."""

# Clock times are wall-clock times on purpose; the zone is given apart.
# ruff: noqa: DTZ001

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.journals import calendar_after, fact

from regimen.events import Calendar
from regimen.placement import on_working_days
from regimen.workdays import Closure, Site

MONDAY = date(2027, 1, 4)
WEEKENDS = Site()


def closed(*days: date, weekend: tuple[int, ...] = (5, 6)) -> Site:
    return Site(weekend, closures=tuple(Closure(day, day, "away") for day in days))


def jan(day: int) -> date:
    return date(2027, 1, 1) + timedelta(days=day - 1)


def placed(
    epoch: str, site: Site = WEEKENDS, *facts, on: date | datetime = MONDAY, zone: str | None = None
) -> Calendar:
    return on_working_days(calendar_after(epoch, on, list(facts), zone=zone), site)


def drug(when: str, window: str, policy: str, more: str = "") -> str:
    window = f", window: {window}" if window else ""
    return f"    doses:\n      drug: {{dose: 1 mg IV, when: '{when}'{window}, working_days: {policy}{more}}}\n"


def days(calendar: Calendar, item: str = "drug") -> list[int]:
    return [(event.first_day - date(2026, 12, 31)).days for event in calendar.of_item(item)]


# ---------------------------------------------------------------- one event


@pytest.mark.parametrize(
    ("policy", "window", "day", "put_on"),
    [
        ("nearest", "±3 d", 9, 8),  # Saturday: Friday is 1 day away, Monday 2
        ("nearest", "±3 d", 10, 11),  # Sunday: Monday
        ("nearest", "-0/+3 d", 9, 11),  # nothing before the target is allowed
        ("next", "±3 d", 9, 11),
        ("next", "-3/+1 d", 9, 9),  # Monday is outside
        ("next", "±2 d", 9, 11),  # both ends of a window are inside
        ("previous", "±3 d", 10, 8),
        ("previous", "-1/+3 d", 10, 10),
        ("nearest", "±3 d", 13, 13),  # a Wednesday stays
        ("warn", "±3 d", 9, 9),
        ("keep", "±3 d", 9, 9),
        ("nearest", "", 9, 9),  # no window, no other day
        ("nearest", "±12 h", 9, 9),  # hours around a day stay on that day
        ("nearest", "±1 w", 9, 8),
    ],
)
def test_one_dose(policy, window, day, put_on):
    """A dose moves as its policy says, inside its window only."""
    calendar = placed(drug(f"day {day - 3}", window, policy))
    assert days(calendar) == [put_on]


@pytest.mark.parametrize(("hours", "put_on"), [(20, 9), (24, 8), (30, 8)])
def test_windows_in_hours(hours, put_on):
    """A dose at 08:00 may lie at 08:00 of another day only if that is inside its hours."""
    assert days(placed(drug("day 6 at 08:00", f"±{hours} h", "nearest"))) == [put_on]


def test_two_equally_near_days():
    """A closed Wednesday between two open days: the later one is taken."""
    assert days(placed(drug("day 10", "±3 d", "nearest"), closed(jan(13)))) == [14]


def test_friday_and_saturday():
    """Another weekend is another weekend."""
    assert days(placed(drug("day 6", "±3 d", "nearest"), Site((4, 5)))) == [10]
    assert days(placed(drug("day 7", "±3 d", "nearest"), Site((4, 5)))) == [10]


def test_what_a_moved_event_says():
    """The target, the window, the planned day and the id stay; the new day has a reason."""
    before = calendar_after(drug("day 6", "±3 d", "nearest"), MONDAY, [])
    calendar = on_working_days(before, WEEKENDS)
    old, new = before.of_item("drug")[0], calendar.of_item("drug")[0]
    assert (new.id, new.window, new.due, new.was_planned) == (old.id, old.window, old.start, old.start)
    assert (new.start, new.end, new.current) == (jan(8), jan(8), jan(9))
    assert (new.offset_days, new.study_day, new.position) == (4, 5, old.position)
    assert new.because == "moved from Sat 9 Jan 2027 (Saturday) to the nearest working day in its window"
    assert new.why == f"2027-01-08: {new.because}; due {old.why}"
    assert [str(notice) for notice in calendar.notices] == [
        "drug: 1 moved to a working day in its window: Sat 9 Jan 2027 (Saturday) to Fri 8 Jan 2027."
    ]
    assert calendar.conventions[-2:] == (
        "Closed days: Saturday and Sunday.",
        "A day is moved to a working day only inside its window; of two equally near days the later one is taken.",
    )


def test_no_study_day_0():
    """A dose that moves from day 1 to the day before gets study day -1 where there is no day 0."""
    text = """
    from: 5 d after first_dose
    doses:
      early: {dose: 1 mg IV, from: first_dose, when: day -1, window: ±5 d, working_days: next}
      drug: {dose: 1 mg IV, when: day 1}
"""
    calendar = placed(text.replace("    from: 5 d after first_dose\n", ""), closed(jan(3), weekend=()))
    early = calendar.of_item("early")[0]
    assert (early.start, early.offset_days, early.study_day) == (jan(4), 0, 1)


def test_order():
    """Events stay in the order of their days after a move, and keep their ids."""
    text = drug("day 6", "±3 d", "nearest") + "    visits:\n      visit: {when: day 5}\n"
    before = calendar_after(text, MONDAY, [])
    after = on_working_days(before, WEEKENDS)
    assert [event.start for event in after] == sorted(event.start for event in after)
    assert {event.id for event in after} == {event.id for event in before}


# ---------------------------------------------------------------- what stays, and what is said


@pytest.mark.parametrize(
    ("epoch", "site", "level", "said"),
    [
        (drug("day 6", "±3 d", "warn"), WEEKENDS, "warning", "its definition says to warn, so it stays"),
        (drug("day 6", "", "nearest"), WEEKENDS, "warning", "no window is stated for it, so it stays"),
        (drug("day 6", "±0 d", "nearest"), WEEKENDS, "warning",
         "there is no working day in its window (Sat 9 Jan 2027 to Sat 9 Jan 2027), so it stays"),
        (drug("day 6", "-3/+1 d", "next"), WEEKENDS, "warning",
         "no working day in its window (Wed 6 Jan 2027 to Sun 10 Jan 2027) from then on"),
        (drug("day 7", "-1/+3 d", "previous"), WEEKENDS, "warning", "Wed 13 Jan 2027) up to then"),
        (drug("day 1", "±3 d", "nearest"), closed(MONDAY), "warning", "this is the day given for first_dose"),
        (drug("day 6", "±3 d", "keep"), WEEKENDS, "note",
         "1 dose lies on a closed day and stays there, as its definition has it (working_days: keep): Sat 9 Jan 2027"),
    ],
)  # fmt: skip
def test_what_stays(epoch, site, level, said):
    """What cannot or must not be moved stays, and a notice says why."""
    before = calendar_after(epoch, MONDAY, [])
    calendar = on_working_days(before, site)
    assert calendar.events == before.events
    assert [notice.level for notice in calendar.notices] == [level]
    assert said in str(calendar.notices[0])


def test_daily_tablets_are_one_sentence():
    """Tablets of every weekend are kept in silence but for one sentence."""
    calendar = placed("    doses:\n      drug: {dose: 1 mg PO, when: daily x28}\n")
    assert [notice.level for notice in calendar.notices] == ["note"]
    assert "drug: 8 doses lie on closed days and stay there" in calendar.notices[0].sentence
    assert "Sun 10 Jan 2027 (Sunday); Sat 16 Jan 2027 (Saturday); 5 more" in calendar.notices[0].sentence


def test_an_open_week_says_nothing():
    """Where nothing lies on a closed day nothing is said."""
    assert placed(drug("days 1, 8, 15", "±3 d", "nearest")).notices == ()


def test_interval_visits():
    """A visit for which any day will do is fine with one open day, and a warning with none; it never moves."""
    text = "    visits:\n      screening: {between: days 6 to LAST}\n"
    assert placed(text.replace("LAST", "8")).notices == ()
    calendar = placed(text.replace("LAST", "7"))
    assert days(calendar, "screening") == [9]
    assert [notice.event for notice in calendar.notices] == ["treatment/d6/screening"]
    assert calendar.notices[0].sentence == (
        "any day from Sat 9 Jan 2027 to Sun 10 Jan 2027 would do, and the site is closed on each of them."
    )


def test_facts_do_not_move():
    """A dose given on a Saturday, or put on one by a person, stays where it is."""
    text = drug("days 6, 13, 20", "±3 d", "nearest", ", late: 'give late, keep the grid'")
    given = fact("given", "treatment/d6/drug", jan(9))
    moved = fact("moved", "treatment/d13/drug", jan(17))
    calendar = placed(text, WEEKENDS, given, moved)
    assert days(calendar) == [9, 17, 22]
    assert [event.state for event in calendar.of_item("drug")] == ["given", "planned", "planned"]
    assert "put on Sun 17 Jan 2027, when the site is closed (Sunday); it stays there" in str(calendar.notices[0])


def test_missed_and_cancelled_are_left_alone():
    """What does not take place is not moved and stands in nobody's way."""
    text = drug("days 6, 8", "±3 d", "next")
    calendar = placed(text, WEEKENDS, fact("missed", "treatment/d8/drug", why="ill"))
    assert days(calendar) == [11, 11]


# ---------------------------------------------------------------- two doses of a drug


@pytest.mark.parametrize(
    ("when", "window", "policy", "more", "put_on"),
    [
        ("days 6, 8", "±3 d", "next", "", [9, 11]),  # Monday has its own dose, and Tuesday would change the order
        ("days 5, 6", "±3 d", "nearest", "", [8, 11]),  # Friday has its own dose, Monday is the next best
        ("days 6, 7", "±2 d", "next", "", [9, 11]),  # both want Monday: the one nearer to it gets it
        ("days 6, 7", "±3 d", "nearest", "", [8, 11]),
        ("days 6, 13", "±3 d", "next", ", min_interval: 7 d", [11, 18]),  # both move, so the interval is kept
        ("days 6, 13", "±3 d", "nearest", ", min_interval: 8 d", [8, 18]),  # 15 would be 7 days after 8
        ("days 1, 6", "±3 d", "previous", ", min_interval: 5 d", [4, 9]),  # Friday is 4 days after Monday
        ("days 6, 11", "±3 d", "next", ", min_interval: 4 d", [9, 14]),  # Monday is 3 days before Thursday
        ("days 6, 11", "±3 d", "next", ", min_interval: 3 d", [11, 14]),
        ("daily x8", "±3 d", "nearest", "", [4, 5, 6, 7, 8, 9, 10, 11]),
        ("daily x7", "±3 d", "nearest", "", [4, 5, 6, 7, 8, 9, 11]),  # the last one has Monday to itself
    ],
)
def test_two_doses(when, window, policy, more, put_on):
    """No dose reaches another one of its drug, changes places with it, or comes nearer than the minimum interval."""
    assert days(placed(drug(when, window, policy, more))) == put_on


def test_why_a_dose_could_not_move():
    """The notice of a dose that another one held back names that one."""
    calendar = placed(drug("days 6, 8", "±3 d", "next"))
    assert "on Mon 11 Jan 2027 it would meet drug (Day 8), due on Mon 11 Jan 2027, so it stays" in str(
        calendar.notices[0]
    )
    calendar = placed(drug("days 6, 11", "±3 d", "next", ", min_interval: 4 d"))
    assert "it would come nearer to drug (Day 11) on Thu 14 Jan 2027 than the minimum interval of 4 d" in str(
        calendar.notices[0]
    )


def test_two_items_of_one_drug():
    """Two items that give the same drug, however it is written, keep apart like one."""
    text = """
    doses:
      loading: {drug: Drug, dose: 1 mg IV, when: day 5}
      main: {drug: drug, dose: 1 mg IV, when: day 6, window: -1/+1 d, working_days: nearest}
"""
    calendar = placed(text)
    assert days(calendar, "main") == [9]
    assert "it would meet Drug (Day 5)" in str(calendar.notices[0])


def test_two_doses_of_one_day_move_together():
    """Tablets of morning and evening stay on one day when that day moves."""
    calendar = placed(drug("bid days 6", "±3 d", "nearest", ", min_interval: 8 h").replace("IV", "PO"))
    assert days(calendar) == [8, 8]
    timed = placed(drug("bid at 08:00,20:00 days 6", "±3 d", "nearest", ", min_interval: 8 h").replace("IV", "PO"))
    assert [event.start for event in timed.of_item("drug")] == [datetime(2027, 1, 8, 8), datetime(2027, 1, 8, 20)]


def test_either_or():
    """Doses of which only one can happen do not stand in each other's way."""
    text = """
    doses:
      one: {drug: drug, dose: 1 mg IV, when: day 6, window: ±1 d, working_days: nearest, if: q=yes}
      two: {drug: drug, dose: 1 mg IV, when: day 5, if: q=no}
"""
    study = "decisions: {q: {question: 'q?'}}\nepochs:"
    from tests import journals

    head = journals._HEAD.replace("epochs:", study).replace("ARM", "treatment").replace(", MORE", "")
    from regimen.definition.loading import load_study

    calendar = on_working_days(calendar_after(load_study(head + text.lstrip("\n")), MONDAY, []), WEEKENDS)
    assert days(calendar, "one") == [8]


# ---------------------------------------------------------------- what hangs on a dose

PREMEDICATION = """
    doses:
      drug: {dose: 1 mg IV, when: 'days 6, 20', window: ±3 d, working_days: POLICY}
      before: {dose: 8 mg PO, when: bid 1 d before dose of drug}
      after: {dose: 8 mg PO, when: days 1-2 after dose of drug}
"""


def test_premedication_moves_along():
    """What is given before and after a dose moves with it, by as many days, and says why."""
    calendar = placed(PREMEDICATION.replace("POLICY", "next"))
    assert days(calendar) == [11, 25]
    assert days(calendar, "before") == [10, 10, 24, 24]
    assert days(calendar, "after") == [12, 13, 26, 27]
    assert "moved with drug, which left Sat 9 Jan 2027 (Saturday)" in calendar.of_item("before")[0].because
    assert calendar.of_item("before")[0].current is None


def test_premedication_that_was_given_holds_its_dose():
    """Once the premedication was given, its dose is not moved away from it."""
    given = fact("given", "treatment/d6-1/before/1", jan(8))
    calendar = placed(PREMEDICATION.replace("POLICY", "next"), WEEKENDS, given)
    assert days(calendar) == [9, 25]
    assert "before, which hangs on it, has already taken place, so it stays" in str(calendar.notices[0])


def test_premedication_keeps_apart_too():
    """A dose stays where its premedication would meet another dose of that drug."""
    text = PREMEDICATION.replace("POLICY", "next") + "      own: {drug: before, dose: 8 mg PO, when: day 7}\n"
    calendar = placed(text)
    assert days(calendar) == [9, 25]
    assert "it would meet before (Day 7)" in str(calendar.notices[0])


def test_premedication_with_a_policy_of_its_own():
    """What hangs on a dose is put on a working day only from where its dose has gone, however late that was settled."""
    text = """
    doses:
      drug: {dose: 1 mg IV, when: 'days 7, 14', window: ±3 d, working_days: next, min_interval: 7 d}
      before: {dose: 8 mg PO, when: 1 d before dose of drug, window: ±2 d, working_days: previous}
"""
    # The first dose cannot leave Sun 10 until the second has left Sun 17; by then Sat 9 had become Fri 8.
    calendar = placed(text)
    assert days(calendar) == [11, 18]
    assert days(calendar, "before") == [8, 15]
    assert [event.due for event in calendar.of_item("before")] == [jan(10), jan(17)]
    assert on_working_days(calendar, WEEKENDS) == calendar


def test_the_dose_in_the_way_is_the_nearest():
    """Of two doses that were meant for one day and lie on two, the notice names the nearer one, the second time too."""
    text = """
    doses:
      one: {drug: drug, dose: 1 mg IV, when: 'days 3, 4', window: -0/+2 d, working_days: nearest}
      two: {drug: drug, dose: 1 mg IV, when: day 4}
"""
    calendar = placed(text, closed(jan(6), jan(7), weekend=()))
    assert days(calendar, "one") == [6, 8]
    assert "it would meet drug (Day 4), due on Thu 7 Jan 2027" in str(calendar.notices[0])
    assert on_working_days(calendar, closed(jan(6), jan(7), weekend=())) == calendar


# ---------------------------------------------------------------- infusions and clocks


def test_an_infusion_keeps_its_length():
    """A continuous infusion moves as a whole; across a clock change its hours stay the same."""
    text = "    doses:\n      drug: {dose: 9 mcg/day CIV, when: 'days 6-12', window: ±3 d, working_days: nearest}\n"
    plain = placed(text).of_item("drug")[0]
    assert (plain.start, plain.end) == (jan(8), jan(14))
    # Sat 20 Mar 2027 to Sat 27 Mar; one day later the clocks go forward before it ends. 6 Mar is the first Saturday.
    late = placed(text, closed(date(2027, 3, 19)), on=datetime(2027, 3, 15, 10), zone="Europe/Berlin").of_item("drug")[
        0
    ]
    assert (late.start.isoformat(), late.end.isoformat()) == (
        "2027-03-22T10:00:00+01:00", "2027-03-29T11:00:00+02:00",
    )  # fmt: skip


def test_a_time_that_does_not_exist_is_not_chosen():
    """A day on which the clocks jump over the dose's time is passed over."""
    text = "    doses:\n      drug: {dose: 1 mg IV, when: day 1 at 02:30, window: ±2 d, working_days: nearest}\n"
    # Sun 28 Mar 2027 has no 02:30 in Berlin; the site works on Sundays and not on the Saturday before.
    text = text.replace("day 1", "day 6")
    site = closed(date(2027, 3, 27), date(2027, 3, 26), weekend=())
    calendar = placed(text, site, on=date(2027, 3, 22), zone="Europe/Berlin")
    assert calendar.of_item("drug")[0].first_day == date(2027, 3, 29)


def test_years_without_holidays_are_said():
    """Where the library knows no holidays of a year, that is a warning."""
    pytest.importorskip("holidays")
    calendar = placed(drug("day 2", "±3 d", "nearest"), Site(region="US-NY"), on=date(2101, 1, 3))
    assert "the public holidays of US-NY are not known for 2101" in str(calendar.notices[0])
