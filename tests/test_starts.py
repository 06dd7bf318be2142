"""On which days could a subject start? Tables by hand, and a plain search over every day and window."""

from __future__ import annotations

import json
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commands import typed
from tests.journals import study_from

from regimen.errors import DatingError, RegimenError
from regimen.library import expand
from regimen.starts import LONGEST, suggest_starts
from regimen.workdays import Closure, Site

FIRST, LAST = date(2027, 1, 4), date(2027, 1, 17)
"""Two weeks from Monday to Sunday."""


def visits(*rows: str) -> str:
    return "    visits:\n" + "".join(f"      v{n}: {{{row}}}\n" for n, row in enumerate(rows, start=1))


def starts(text: str, site: Site = Site(), first: date = FIRST, last: date = LAST, **more):  # noqa: B008 - frozen
    return suggest_starts(study_from(text, more.pop("arm_of", ("treatment",)), more.pop("anchors", "")), site, first,
                          last, **more)  # fmt: skip


def days(found) -> list[int]:
    return [start.day.day for start in found]


# ---------------------------------------------------------------- what works


@pytest.mark.parametrize(
    ("text", "good"),
    [
        # A week later is the same weekday: every working day works.
        (visits("when: 'days 1, 8', window: ±0 d, working_days: warn"), [4, 5, 6, 7, 8, 11, 12, 13, 14, 15]),
        # Two days later must be a working day too.
        (visits("when: day 3, window: ±0 d, working_days: warn"), [4, 5, 6, 11, 12, 13]),
        # Without a window, warn still needs its day to be open.
        (visits("when: day 3, working_days: nearest"), [4, 5, 6, 11, 12, 13]),
        # Kept and without another day: counted, not refused; those on working days come first.
        (visits("when: day 3"), [4, 5, 6, 11, 12, 13, 7, 8, 14, 15]),
        # Off target by one day from Thursday, when Saturday becomes Friday; Sunday becomes Monday.
        (visits("when: day 3, window: ±1 d, working_days: nearest"), [4, 5, 6, 11, 12, 13, 7, 8, 14, 15]),
        (visits("when: day 3, window: -1/+0 d, working_days: nearest"), [4, 5, 6, 11, 12, 13, 7, 14]),
        # The same windows without a policy: the site can choose, so the window counts.
        (visits("when: day 3, window: -1/+0 d"), [4, 5, 6, 11, 12, 13, 7, 14]),
        # Any day of an interval will do.
        (visits("between: days 2 to 3"), [4, 5, 6, 7, 11, 12, 13, 14]),
        # Fewest off target first, then fewest days moved.
        (visits("when: day 3, window: ±2 d, working_days: next"), [4, 5, 6, 11, 12, 13, 8, 15, 7, 14]),
    ],
)
def test_good_starts(text, good):
    """Starts work if every window has a working day; the best come first."""
    assert days(starts(text).good) == good


def test_others_say_what_is_wrong():
    """Every other day of the range is told with what is wrong; a closed day needs no more than that."""
    found = starts(visits("when: day 3, window: -1/+0 d, working_days: nearest"))
    wrong = {start.day.day: [(o.event, o.sentence) for o in start.obstacles] for start in found.others}
    assert list(wrong) == [8, 9, 10, 15, 16, 17]
    assert wrong[9] == [("", "the site is closed (Saturday)")]
    assert wrong[8][0][0] == "treatment/d3/v1"
    assert "no working day in its window (Sat 9 Jan 2027 to Sun 10 Jan 2027)" in wrong[8][0][1]
    assert found.blockers == (("treatment/d3/v1", 2),)


def test_holidays_and_closures_count():
    """A closure in the middle of a window takes the start it belongs to."""
    site = Site(closures=(Closure(date(2027, 1, 13), date(2027, 1, 13), "away"),))
    found = starts(visits("when: day 8, window: ±0 d, working_days: warn"), site)
    assert days(found.good) == [4, 5, 7, 8, 11, 12, 14, 15]


def test_what_is_moved_is_told():
    """Each event off its target day is told with the target, the day and why."""
    found = starts(
        visits("when: day 3, window: ±2 d, working_days: nearest"), first=date(2027, 1, 7), last=date(2027, 1, 8)
    )
    (thursday, friday) = found.good
    assert (thursday.day.day, thursday.days_moved, friday.day.day, friday.days_moved) == (7, 1, 8, 1)
    (shift,) = thursday.shifts
    assert (shift.label, shift.target, shift.day, shift.days, shift.why) == (
        "v1", date(2027, 1, 9), date(2027, 1, 8), -1, "Saturday",
    )  # fmt: skip


def test_weekdays():
    """Only the weekdays asked for are looked at."""
    found = starts(visits("when: day 1"), weekdays=(0, 1))
    assert days(found.good) == [4, 5, 11, 12]
    assert found.others == ()


def test_cycles_and_relative_parts():
    """Cycles, premedication and follow-up after the last dose are looked at like everything else."""
    text = """
    cycles: 21 d x3
    doses:
      drug: {dose: 1 mg IV, when: day 1, window: -0/+2 d, working_days: next}
      before: {dose: 8 mg PO, when: 1 d before dose of drug, working_days: warn}
  later:
    from: 28 d after last dose of drug
    visits:
      call: {when: day 1, window: ±0 d, working_days: warn}
"""
    # Premedication lies on the day before, so Mondays fall out; all else keeps the weekday.
    found = starts(text, arm_of=("treatment", "later"))
    assert days(found.good) == [5, 6, 7, 8, 12, 13, 14, 15]
    assert {o.event for start in found.others for o in start.obstacles} >= {"treatment/c1/d1-1/before"}


def test_other_anchors_are_fixed():
    """What counts from another anchor is looked at with the date given for it; what waits for one is told."""
    text = """
    visits:
      v1: {when: day 1}
      v2: {from: surgery, when: day 1, window: ±0 d, working_days: warn}
"""
    saturday = {"surgery": date(2027, 3, 6)}
    found = starts(text, anchors="surgery: surgery", on=saturday)
    assert found.good == ()
    assert [days for _, days in found.blockers] == [10]
    found = starts(text, anchors="surgery: surgery", on={"surgery": date(2027, 3, 5)})
    assert len(found.good) == 10
    waiting = starts(text, anchors="surgery: surgery")
    assert [w.for_ for w in waiting.waiting] == ["surgery"]
    other = starts(text, anchors="surgery: surgery", on={"first_dose": FIRST})
    assert other.anchor == "surgery"


def test_hours_need_a_time():
    """Where hours count from the start, its time of day is needed; without one no day can be dated."""
    text = "    doses:\n      drug: {dose: 1 mg IV, when: q6h x4}\n"
    with pytest.raises(DatingError, match="has no time of day"):
        starts(text)
    assert len(starts(text, at=time(8)).good) == 10


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(LAST, FIRST, "before it begins"), (FIRST, FIRST + timedelta(days=LONGEST), "narrow it")],
)
def test_ranges(first, last, said):
    """A range that ends before it begins, or is too long, is refused."""
    with pytest.raises(DatingError, match=said):
        starts(visits("when: day 1"), first=first, last=last)
    with pytest.raises(RegimenError, match="no anchor 'frist_dose'"):
        starts(visits("when: day 1"), anchor="frist_dose")


# ---------------------------------------------------------------- a second opinion


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3),
    st.sets(st.integers(0, 6), min_size=1, max_size=3), st.sets(st.integers(0, 60), max_size=8),
)  # fmt: skip
def test_against_a_plain_search(rows, weekend, away):
    """Looking at every day of every window gives the same starts in the same order."""
    closed = [FIRST + timedelta(days=n) for n in sorted(away)]
    site = Site(tuple(weekend), closures=tuple(Closure(day, day) for day in closed))
    text = visits(*(f"when: day {day}, window: -{a}/+{b} d, working_days: warn" for day, a, b in rows))
    theirs = []
    for start in (FIRST + timedelta(days=n) for n in range(14)):
        if start.weekday() in weekend or start in closed:
            continue
        shifts = []
        for day, early, late in rows:
            due = start + timedelta(days=day - 1)
            open_ = [n for n in range(-early, late + 1)
                     if (d := due + timedelta(days=n)).weekday() not in weekend and d not in closed]  # fmt: skip
            shifts.append(min(map(abs, open_), default=None))
        if None not in shifts:
            theirs.append((sum(n > 0 for n in shifts), sum(shifts), start))
    found = starts(text, site)
    assert [(len(s.shifts), s.days_moved, s.day) for s in found.good] == sorted(theirs)
    assert len(found.good) + len(found.others) == 14


def test_a_plan_is_the_same_on_every_start():
    """The plan compiled once gives each start the calendar that it gets by itself."""
    from regimen.calendars import make_calendar
    from regimen.library import load, plan_for

    study = load("blinatumomab-mrd")
    reach = {"first": date(2027, 1, 1), "last": date(2027, 12, 31)}
    plan = plan_for(study, reach)
    for day in (date(2027, 1, 1), date(2027, 6, 30), date(2027, 12, 31)):
        assert make_calendar(plan, {"first_dose": day}).events == expand(study, {"first_dose": day}).events


# ---------------------------------------------------------------- the command

ASKED = ("suggest-start", "examples/nested-windows.yaml", "--from", "2027-01-04", "--to", "2027-01-17")


def test_the_command():
    """The best starts are a table; the others are counted or told; exit code 0 if any works."""
    answer = typed(*ASKED, "--count", "2", "--closed", "2027-03-08=away")
    assert (answer.code, answer.err) == (0, "")
    assert "first_dose from Mon 4 Jan 2027 to Sun 17 Jan 2027: 14 days looked at, 10 work." in answer.out
    assert "Mon 8 Mar 2027 (away)." in answer.out
    assert "Tue 5 Jan 2027  0           0" in answer.out
    assert "8 more work; list them with --count 10." in answer.out
    assert "4 days on which the site is closed: 2 x Saturday; 2 x Sunday" in answer.out


def test_the_command_as_json():
    """JSON has every day that was looked at."""
    answer = typed(*ASKED, "--weekdays", "Sat,Mon", "--json")
    data = json.loads(answer.out)
    assert [start["day"] for start in data["starts"]] == ["2027-01-04", "2027-01-11"]
    assert [start["obstacles"][0]["sentence"] for start in data["others"]] == ["the site is closed (Saturday)"] * 2
    assert data["anchor"] == "first_dose"


def test_no_start_works(tmp_path):
    """Where no start works that is said, with what blocks most, and the exit code is 1."""
    path = tmp_path / "study.yaml"
    path.write_text(
        "format: regimen/1\nstudy: {id: s, title: S, first_day: 1}\nanchors: {first_dose: first dose}\n"
        "arms: {a: [t]}\nepochs:\n  t:\n    from: first_dose\n" + visits("when: day 2, working_days: warn"),
        encoding="utf-8",
    )
    answer = typed("suggest-start", str(path), "--from", "2027-01-08", "--to", "2027-01-10", "--at", "10:00")
    assert answer.code == 1
    assert "No start of this range works." in answer.out
    assert "v1 (Day 2): due on Sat 9 Jan 2027" in answer.out
    assert "t/d2/v1 stands in the way most often: on 1 of these 3." in answer.out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--at", "25:00"), "is not a time"), (("--weekdays", "Foo"), "names no weekdays"),
        (("--from", "4 January"), "--from: '4 January' is not a date"), (("--anchor", "first_dsoe"), "Did you mean"),
    ],
)  # fmt: skip
def test_refusals(more, said):
    """What cannot be understood is refused with what to write instead."""
    kept = [word for n, word in enumerate(ASKED) if more[0] not in (word, ASKED[n - 1])]
    answer = typed(*kept, *more)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err
