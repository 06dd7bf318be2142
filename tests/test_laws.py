"""What holds for every plan and every calendar, whatever the protocol says?"""

# Anchors and clock times are wall-clock times on purpose; the zone is given apart.
# ruff: noqa: DTZ001

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.build import ZERO, calendar_of, days, plan_of, study_of

from regimen.calendars import make_calendar
from regimen.errors import DatingError, PlanError, RegimenError
from regimen.events import Calendar
from regimen.plan import make_plan
from regimen.timing import Counting, Span

anchors = st.dates(date(1990, 1, 1), date(2150, 12, 31))
steps = st.integers(1, 40)
few = st.integers(1, 8)


# ---------------------------------------------------------------- any small study


@st.composite
def day_schedules(draw: st.DrawFn) -> str:
    """A schedule whose every date is a fixed number of days from the anchor."""
    step, n = draw(steps), draw(few)
    listed = sorted(draw(st.sets(st.integers(1, 28), min_size=1, max_size=5)))
    numbers = ", ".join(map(str, listed))
    return draw(
        st.sampled_from(
            [
                f"q{step}d x{n}",
                f"daily x{n}",
                f"days {numbers}",
                f"days {numbers} q{step + 28}d x{n}",
                f"q{step}d x{n} then q{n}w x{step}",
                f"days {numbers} then q{step}d x{n}",
                f"q{step}d through day {step * n}",
                f"{n} d on {step} d off x{n}",
                f"bid x{2 * n}",
                f"days {', '.join(map(str, sorted({d % 7 + 1 for d in listed})))} of each week x{n}",
            ]
        )
    )


@st.composite
def calendar_schedules(draw: st.DrawFn) -> str:
    """A schedule some of whose dates only the calendar knows."""
    step, n = draw(st.integers(1, 12)), draw(few)
    return draw(
        st.sampled_from(
            [
                f"every {step} mo x{n}",
                f"on Mon-Fri x{n}",
                f"q{step}w on Thu x{n}",
                f"every {step} mo x{n} then q{step}d x{n}",
                f"q{step}d x{n} then every {step} mo x{n}",
                f"on Mon,Wed,Fri x{n} then q{step}w x{n}",
                f"days 1-3 every {step} mo x{n}",
                f"daily for {step} mo",
                f"months 0, {step}, {step + n}",
            ]
        )
    )


schedules = st.one_of(day_schedules(), calendar_schedules())
cycle_texts = st.one_of(
    st.none(),
    st.builds(lambda length, n: f"{length} d x{n}", st.integers(28, 60), few),
    st.builds(lambda length, n: f"{length} mo x{n}", st.integers(1, 6), few),
)


@st.composite
def studies(draw: st.DrawFn, any_schedule: st.SearchStrategy[str] = schedules) -> dict[str, object]:
    """One to three drugs and perhaps a visit, on one timeline or in cycles."""
    cycles = draw(cycle_texts)
    inside = st.builds(
        lambda days_: "days " + ", ".join(map(str, sorted(days_))), st.sets(st.integers(1, 28), min_size=1, max_size=4)
    )
    chosen = any_schedule if cycles is None else inside
    doses = {f"drug{k}": (f"{k} mg PO", draw(chosen)) for k in range(1, draw(st.integers(1, 3)) + 1)}
    visits = {"check": draw(inside)} if draw(st.booleans()) else None
    return {"cycles": cycles, "doses": doses, "visits": visits}


def dated(calendar: Calendar) -> dict[str, tuple[object, object, str | None]]:
    return {event.id: (event.start, event.end, event.dose) for event in calendar}


# ---------------------------------------------------------------- ids


@given(studies(), anchors)
def test_ids_are_unique(said: dict[str, object], on: date) -> None:
    """Every point of a plan and every event of a calendar has an id of its own."""
    plan = plan_of(**said)
    points = [point.id for point in plan.points]
    assert len(points) == len(set(points))
    events = [event.id for event in make_calendar(plan, {ZERO: on})]
    assert len(events) == len(set(events))


@given(st.sampled_from(["q1w", "q28d", "every 3 months", "daily", "on Mon,Thu", "days 1, 8 q21d"]), anchors, few, few)
def test_a_longer_horizon_changes_no_id_and_no_date(when: str, on: date, shorter: int, more: int) -> None:
    """Extending the horizon of an open end adds events; those that were there keep id, date and dose."""
    said = {"when": f"{when} until progression"}
    before = dated(calendar_of(on, horizon=Span(shorter, "mo"), **said))
    after = dated(calendar_of(on, horizon=Span(shorter + more, "mo"), **said))
    assert {id: what for id, what in after.items() if id in before} == before


@given(anchors, few, few)
def test_a_longer_horizon_adds_cycles_at_the_end(on: date, shorter: int, more: int) -> None:
    """Open cycles under a longer horizon keep the ids and dates they had."""
    said = {"cycles": "every 21 d until progression", "when": "days 1, 8"}
    before = dated(calendar_of(on, horizon=Span(shorter, "mo"), **said))
    after = dated(calendar_of(on, horizon=Span(shorter + more, "mo"), **said))
    assert {id: what for id, what in after.items() if id in before} == before


@given(studies(), anchors, st.integers(0, 2))
def test_another_item_changes_no_id(said: dict[str, object], on: date, at: int) -> None:
    """An id says where in the protocol an event stands: inserting a drug or a visit changes no other id or date."""
    inside = "day 2"
    doses = list(said["doses"].items())  # type: ignore[attr-defined]
    more = {**said, "doses": dict([*doses[:at], ("added", ("7 mg IV", inside)), *doses[at:]])}
    more["visits"] = {"added-visit": inside, **(said["visits"] or {})}  # type: ignore[dict-item]
    before, after = dated(calendar_of(on, **said)), dated(calendar_of(on, **more))
    kept = {id: what for id, what in after.items() if id in before}
    # The end of an epoch without cycles is the day after its last event, and may move.
    assert kept.keys() == before.keys()
    assert all(kept[id] == before[id] for id in before if not id.endswith("/end"))


@given(st.one_of(day_schedules(), calendar_schedules()), anchors, steps, few)
def test_a_later_phase_changes_no_earlier_id(when: str, on: date, step: int, n: int) -> None:
    """A phase added at the end changes no id and no date of the phases before it."""
    if when.startswith("months"):
        return
    before = dated(calendar_of(on, when=when))
    after = dated(calendar_of(on, when=f"{when} then q{step}d x{n}"))
    assert {id: what for id, what in after.items() if id in before} == before
    assert len(after) == len(before) + n


@given(anchors, st.integers(1, 10), st.integers(1, 10))
def test_more_cycles_change_no_earlier_id(on: date, n: int, more: int) -> None:
    """Adding cycles at the end changes no id and no date of those before."""
    before = dated(calendar_of(on, cycles=f"28 d x{n}", when="days 1, 8, 15"))
    after = dated(calendar_of(on, cycles=f"28 d x{n + more}", when="days 1, 8, 15"))
    assert {id: what for id, what in after.items() if id in before and id != "treatment/end"} == {
        id: what for id, what in before.items() if id != "treatment/end"
    }


FOLLOW_UP = """
follow-up:
  from: 28 d after last dose of drug
  visits:
    call: {when: 'q4w x3'}
"""


@given(anchors, few, few)
def test_what_counts_from_the_last_dose_of_an_open_series_waits(on: date, shorter: int, more: int) -> None:
    """The last dose of an open series is not known: what counts from it waits, and no horizon changes that."""
    said = {"when": "q1w until progression", "more_epochs": FOLLOW_UP, "arm": ("treatment", "follow-up")}
    for months in (shorter, shorter + more):
        calendar = calendar_of(on, horizon=Span(months, "mo"), **said)
        assert not [event for event in calendar if event.epoch == "follow-up"]
        assert "follow-up/d1/call" in [id for waiting in calendar.waiting for id in waiting.events]


MORE = """
extra:
  from: end of treatment
  doses:
    extra: {dose: 1 mg PO, when: 'q7d x3'}
"""


@given(studies(), anchors)
def test_another_epoch_changes_no_id(said: dict[str, object], on: date) -> None:
    """An epoch added after another changes nothing in it."""
    before = dated(calendar_of(on, **said))
    after = dated(calendar_of(on, **said, more_epochs=MORE, arm=("treatment", "extra")))
    assert {id: what for id, what in after.items() if id.startswith("treatment/")} == before


# ---------------------------------------------------------------- dates enter in one place


@given(studies(), anchors, anchors)
def test_one_plan_serves_every_anchor(said: dict[str, object], on: date, other: date) -> None:
    """A plan holds no date: dating it for one subject leaves it as it was for the next."""
    plan = plan_of(**said)
    first = make_calendar(plan, {ZERO: on})
    make_calendar(plan, {ZERO: other})
    assert make_calendar(plan, {ZERO: on}) == first
    assert plan == plan_of(**said)


@given(st.builds(lambda n, step: f"q{step}d x{n}", few, steps), anchors)
def test_two_readings_of_one_text_give_one_calendar(when: str, on: date) -> None:
    """The same text and the same date give the same calendar, down to its printed form."""
    assert repr(calendar_of(on, when=when)) == repr(calendar_of(on, when=when))


@given(studies(day_schedules()).filter(lambda said: "mo" not in str(said["cycles"])), anchors, st.integers(-2000, 2000))
def test_moving_the_anchor_moves_what_is_counted_in_days(said: dict[str, object], on: date, moved: int) -> None:
    """Moving the anchor by n days moves every event that is counted in days by n days, and changes nothing else."""
    plan = plan_of(**said)
    by = timedelta(days=moved)
    before, after = make_calendar(plan, {ZERO: on}), make_calendar(plan, {ZERO: on + by})
    assert [(e.id, e.start + by, e.end + by, e.position, e.offset_days) for e in before] == [
        (e.id, e.start, e.end, e.position, e.offset_days) for e in after
    ]


@given(studies(), anchors)
def test_a_time_of_day_changes_no_date(said: dict[str, object], on: date) -> None:
    """An anchor with a time of day gives the same days as its date alone."""
    plan = plan_of(**said)
    whole = make_calendar(plan, {ZERO: on})
    timed = make_calendar(plan, {ZERO: datetime(on.year, on.month, on.day, 10, 30)})
    assert {e.id: (e.first_day, e.study_day) for e in timed} == {e.id: (e.first_day, e.study_day) for e in whole}


# ---------------------------------------------------------------- every event


@given(studies(), anchors)
def test_events_are_sorted_and_told(said: dict[str, object], on: date) -> None:
    """Events are ordered by start; each ends no earlier than it starts, and its reason begins with its date."""
    events = calendar_of(on, **said).events
    assert [e.first_day for e in events] == sorted(e.first_day for e in events)
    for event in events:
        assert event.last_day >= event.first_day
        assert event.why.startswith(event.first_day.isoformat())
        assert event.offset_days == (event.first_day - on).days


@given(studies(), anchors, st.sampled_from([0, 1]))
def test_the_study_day_of_an_event_is_that_of_its_date(said: dict[str, object], on: date, first_day: int) -> None:
    """The study day is the offset, or one more when the anchor is day 1; it is then never 0."""
    if first_day == 0:
        said = {**said, "visits": None}
    for event in calendar_of(on, **said, first_day=first_day):
        expected = event.offset_days + (1 if first_day == 1 and event.offset_days >= 0 else 0)
        assert event.study_day == expected
        assert first_day == 0 or event.study_day != 0


@given(studies(), anchors)
def test_the_day_of_a_dose_is_counted_from_its_cycle_or_epoch(said: dict[str, object], on: date) -> None:
    """Without cycles the day in a position is the study day; in cycles of days it counts from the cycle's start."""
    calendar = calendar_of(on, **said)
    for event in calendar:
        if event.kind == "milestone" or event.cycle is not None:
            continue
        assert event.day == event.study_day
        assert event.position.startswith(("Day ", "Month "))


@pytest.mark.parametrize("first_day", [0, 1])
def test_study_days_and_offsets_are_two_ways_to_say_one_day(first_day: int) -> None:
    """Offset to study day and back is the same day, in both conventions; with first_day 1 no day is called 0."""
    counting = Counting(first_day)
    names = [counting.day_of_offset(offset) for offset in range(-3000, 3001)]
    assert [counting.offset_of_day(name) for name in names] == list(range(-3000, 3001))
    assert (0 in names) == (first_day == 0)
    assert names == sorted(set(names))


# ---------------------------------------------------------------- decisions


@given(day_schedules(), anchors)
def test_an_undecided_branch_is_tentative_and_a_closed_one_is_gone(when: str, on: date) -> None:
    """Undecided, an epoch is tentative; decided for it, planned on the same days; decided against it, gone."""
    more = f"""
extra:
  from: {ZERO}
  if: responder=yes
  doses:
    extra: {{dose: 1 mg PO, when: '{when}'}}
"""
    said = {"when": when, "decisions": ("responder",), "more_epochs": more, "arm": ("treatment", "extra")}
    open_ = calendar_of(on, **said)
    assert {e.state for e in open_ if e.epoch == "extra"} == {"tentative"}
    assert {e.conditions for e in open_ if e.epoch == "extra"} == {("responder=yes",)}
    assert {e.state for e in open_ if e.epoch == "treatment"} == {"planned"}
    yes = calendar_of(on, decided={"responder": "yes"}, **said)
    assert dated(yes) == dated(open_)
    assert {e.state for e in yes} == {"planned"}
    no = calendar_of(on, decided={"responder": "no"}, **said)
    assert {e.epoch for e in no} == {"treatment"}


def test_an_answer_that_is_no_option_is_refused() -> None:
    """A decision is answered with one of its options, and only if the study has it."""
    study = study_of(when="daily x2", decisions=("responder",))
    with pytest.raises(PlanError, match="responder can be yes or no, not 'maybe'"):
        make_plan(study, decisions={"responder": "maybe"})
    with pytest.raises(PlanError, match=r"has no decision 'respond'.*Did you mean responder\?"):
        make_plan(study, decisions={"respond": "yes"})


# ---------------------------------------------------------------- bounds


@given(
    st.sampled_from(["daily", "q3d", "q2w", "every 1 mo", "on Mon-Fri", "bid", "days 1-3 q10d"]),
    anchors,
    st.integers(1, 300),
    st.sampled_from(["day", "date", "anchor"]),
)
def test_no_event_lies_beyond_a_before(when: str, on: date, last: int, kind: str) -> None:
    """No dose lies on or after a ``before`` bound, unless a cycle that is open there is completed."""
    limit = on + timedelta(days=last)
    bound = {"day": f"day {last + 1}", "date": limit.isoformat(), "anchor": f"{ZERO} + {last} d"}[kind]
    completed = timedelta(days=2) if "days" in when else timedelta(0)
    given_ = days(calendar_of(on, when=f"{when} before {bound}", reach=400))
    assert all(day < limit + completed for day in given_)
    assert all(day < limit for day in days(calendar_of(on, when=f"{when} before {bound} cut", reach=400)))


@given(anchors, st.integers(0, 36), st.sampled_from(["q1w", "daily", "every 1 mo", "on Tue"]))
def test_an_end_by_calendar_months_is_exclusive(on: date, months: int, when: str) -> None:
    """``before anchor + n months`` leaves that day out, wherever the months end."""
    limit = on + relativedelta(months=months + 1)
    given_ = days(calendar_of(on, when=f"{when} before {ZERO} + {months + 1} mo"))
    assert all(day < limit for day in given_)


# ---------------------------------------------------------------- size

HUGE = [
    {"when": "q1d x100001"},
    {"when": "daily x999999999"},
    {"when": "q1d x1000000000"},
    {"when": "every 1 min for 1000 y"},
    {"when": "every 1 min at 08:00 x1000000000"},
    {"when": "every 1 min at 08:00 for 300000 d"},
    {"when": "daily for 1000 y"},
    {"when": "days 1-999999999"},
    {"when": "weeks 1-999999999", "weeks": "ordinal"},
    {"when": "months 0-999999999"},
    {"when": "days 1-28 q28d x999999999"},
    {"when": "on Mon-Fri x999999999"},
    {"when": "q1w on Mon x999999999"},
    {"when": "every 1 mo x999999999"},
    {"when": "daily 1 d on 1 d off x999999999"},
    {"when": "days 1, 3 of each week x999999999"},
    {"when": "every 1 w growing by 1 w to 2 w x999999999"},
    {"when": "day 1", "cycles": "28 d x999999999"},
    {"when": "day 1", "cycles": "1 d, 2 d repeating x999999999"},
    {"when": "every 1 min at 08:00 x1000 then q1d x999999999"},
    {"line": "from 100000000 mg by -1 mg every 1 d to 1 mg PO daily"},
    {"line": "from 100 mg by -0.0000001 mg every 1 d to 1 mg PO daily"},
    {"when": "q1d before first_dose + 1000 y"},
]


@pytest.mark.parametrize("said", HUGE, ids=lambda said: " ".join(map(str, said.values())))
def test_what_is_too_large_is_refused_quickly(said: dict[str, str]) -> None:
    """A schedule of more events than the limit is refused after so many calls, however many were asked for."""
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        with pytest.raises(RegimenError):
            calendar_of(date(2027, 1, 4), **said)
    finally:
        sys.setprofile(None)
    assert calls < 40_000_000


@given(st.integers(1, 60), st.integers(10, 50))
def test_the_limit_is_the_largest_number_of_events(n: int, limit: int) -> None:
    """As many events as the limit allows are given; one more is refused."""
    if n > limit:
        with pytest.raises(PlanError, match=f"more than {limit:,} events"):
            plan_of(when=f"q1d x{n}", limit=limit)
    else:
        assert len([point for point in plan_of(when=f"q1d x{n}", limit=limit) if point.content.kind == "dose"]) == n


# ---------------------------------------------------------------- the edges of the calendar


def dated_or_refused(on: date, **said: object) -> Calendar | str:
    """The calendar, or the sentence of a refusal; any other error is a failure."""
    try:
        return calendar_of(on, **said)
    except RegimenError as error:
        return str(error)


@given(
    st.dates(date(9999, 1, 1), date(9999, 12, 31)),
    st.one_of(day_schedules(), calendar_schedules()),
    st.sampled_from([None, "Europe/Berlin", "America/New_York"]),
)
@settings(max_examples=200)
def test_near_the_last_year_a_calendar_is_whole_or_refused(on: date, when: str, zone: str | None) -> None:
    """Near 9999-12-31 a plan is dated whole, or refused with a sentence; it never fails otherwise."""
    result = dated_or_refused(on, when=when, zone=zone)
    if isinstance(result, Calendar):
        events = result.events
        # The calendar repeats after 400 years, weekdays too.
        before = calendar_of(on - relativedelta(years=400), when=when, zone=zone).events
        assert [(e.id, e.offset_days) for e in events] == [(e.id, e.offset_days) for e in before]


@given(
    st.dates(date(1, 1, 1), date(1, 2, 28)),
    st.sampled_from(["days -28 to -1", "day -1", "day -60", "q1w at 08:00 x2", "q6h at 08:00 x4", "q6h at 00:01 x3"]),
    st.sampled_from([None, "Europe/Berlin", "America/New_York", "Asia/Tokyo"]),
)
def test_near_year_one_a_calendar_is_whole_or_refused(on: date, when: str, zone: str | None) -> None:
    """Near the year 1 a plan is dated whole, or refused with a sentence; it never fails otherwise."""
    assert len(dated_or_refused(on, when=when, zone=zone)) > 0


OUTSIDE = [
    (date(9999, 12, 31), {"when": "daily x2"}),
    (date(9999, 12, 1), {"when": "every 1 mo x2"}),
    (date(9999, 12, 31), {"when": "days 1-2", "dose": "9 mcg/day CIV"}),
    (date(9999, 12, 31), {"when": "on Mon x1"}),
    (date(9999, 12, 31), {"cycles": "28 d x2", "when": "day 1"}),
    (date(9999, 12, 31), {"when": "q1w before first_dose + 1 mo"}),
    (date(9999, 12, 31), {"when": "q12h at 20:00 x2"}),
    (datetime(9999, 12, 31, 20), {"when": "q12h x2"}),
    (date(1, 1, 1), {"when": "day -1"}),
    (date(1, 1, 1), {"when": "days -28 to -1"}),
]


@pytest.mark.parametrize(("on", "said"), OUTSIDE)
def test_dates_outside_the_calendar_are_refused(on: date, said: dict[str, str]) -> None:
    """Dates before year 1 or after 9999 are refused with a sentence that names the event."""
    with pytest.raises(DatingError, match="outside the calendar|out of range"):
        calendar_of(on, **said)


@given(st.integers(-(10**12), 10**12), st.sampled_from(["mo", "d", "w", "y"]))
@settings(max_examples=50)
def test_absurd_steps_are_refused_not_crashed(n: int, unit: str) -> None:
    """A step of a billion years ends in a sentence, not in an overflow."""
    assert len(dated_or_refused(date(2027, 1, 4), when=f"every {abs(n) + 1} {unit} x3")) > 0


# ---------------------------------------------------------------- what has no date


def test_a_plan_needs_a_date_to_count_from() -> None:
    """Without any anchor's date nothing is dated; the error names the anchor to give."""
    with pytest.raises(DatingError, match=f"--on {ZERO}="):
        make_calendar(plan_of(when="daily x2"), {})


def test_an_anchor_that_the_study_does_not_have_is_refused() -> None:
    """A date for an unknown anchor is refused, with the anchors there are."""
    with pytest.raises(DatingError, match=rf"no anchor 'transplant'; its anchors are: {ZERO} \(first dose\)"):
        make_calendar(plan_of(when="daily x2"), {"transplant": date(2027, 1, 4)})
