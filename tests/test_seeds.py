"""What do the five trials and the worked results of the semantics give? Tables written by hand, dates and all."""

# Anchors and clock times are wall-clock times on purpose; the zone is given apart.
# ruff: noqa: DTZ001

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest
from tests.build import calendar_of, days, offsets, plan_of, starts

from regimen.calendars import make_calendar
from regimen.errors import DatingError, PlanError, RegimenError
from regimen.events import Calendar
from regimen.library import load, names
from regimen.plan import make_plan
from regimen.timing import Counting

MONDAY = date(2027, 1, 4)


def seed(
    name: str, on: Mapping[str, str], *, assume: tuple[str, ...] = (), decided: Mapping[str, str] | None = None
) -> Calendar:
    plan = make_plan(load(name, assume=assume), decisions=decided)
    return make_calendar(plan, {anchor: date.fromisoformat(day) for anchor, day in on.items()})


def iso(days: list[date]) -> list[str]:
    return [day.isoformat() for day in days]


def of(calendar: Calendar, epoch: str, item: str) -> list[tuple[str, str]]:
    """First and last day of each event of an item in an epoch."""
    chosen = [event for event in calendar.of_item(item) if event.epoch == epoch]
    return [(event.first_day.isoformat(), event.last_day.isoformat()) for event in chosen]


def test_the_five_trials_ship_with_the_program() -> None:
    """There are five trials, found by name."""
    assert names() == (
        "belimumab-cll",
        "belimumab-sle",
        "blinatumomab-maintenance",
        "blinatumomab-mrd",
        "daratumumab-t-all",
    )


# ---------------------------------------------------------------- 004 belimumab in SLE

SLE_DOSES = [
    (0, "2027-01-04"),
    (14, "2027-01-18"),
    (28, "2027-02-01"),
    (56, "2027-03-01"),
    (84, "2027-03-29"),
    (112, "2027-04-26"),
    (140, "2027-05-24"),
    (168, "2027-06-21"),
    (196, "2027-07-19"),
    (224, "2027-08-16"),
    (252, "2027-09-13"),
    (280, "2027-10-11"),
    (308, "2027-11-08"),
    (336, "2027-12-06"),
]
SLE_VISITS = [
    ("Week 0", "2027-01-04"),
    ("Week 2", "2027-01-18"),
    ("Week 4", "2027-02-01"),
    ("Week 8", "2027-03-01"),
    ("Week 12", "2027-03-29"),
    ("Week 24", "2027-06-21"),
    ("Week 36", "2027-09-13"),
    ("Week 48", "2027-12-06"),
]


def test_sle_gives_fourteen_doses_through_week_48() -> None:
    """Days 0, 14, 28, then every 28 days through week 48 are 14 doses; week 48 itself is day 336 and is included."""
    doses = seed("belimumab-sle", {"first_dose": "2027-01-04"}).of_kind("dose")
    assert [(e.offset_days, e.first_day.isoformat()) for e in doses] == SLE_DOSES
    assert [e.id for e in doses] == [f"treatment/d{offset}/belimumab" for offset, _ in SLE_DOSES]
    assert {(e.dose, e.route, e.duration) for e in doses} == {("10 mg/kg", "IV", "over 1 h")}
    assert [e.position for e in doses] == [f"Day {offset}" for offset, _ in SLE_DOSES]


def test_sle_has_eight_evaluations_each_on_a_dose_day() -> None:
    """Evaluations at weeks 0, 2, 4, 8, 12, 24, 36 and 48 are eight, every one on a dose day."""
    calendar = seed("belimumab-sle", {"first_dose": "2027-01-04"})
    visits = calendar.of_kind("visit")
    assert [(e.position, e.first_day.isoformat()) for e in visits] == SLE_VISITS
    assert {e.first_day for e in visits} <= {e.first_day for e in calendar.of_kind("dose")}
    assert all(len(e.activities) == 5 for e in visits)


def test_sle_study_day_zero_is_the_first_dose() -> None:
    """A protocol with first_day 0 calls the anchor day 0; the study day is then the offset."""
    events = seed("belimumab-sle", {"first_dose": "2027-01-04"}).events
    assert [e.study_day for e in events] == [e.offset_days for e in events]


def test_sle_last_participant_is_dosed_after_the_stated_completion() -> None:
    """Enrolment for one year and 48 weeks put the last dose at 2026-05-02, after the stated completion 2026-01-31."""
    calendar = seed("belimumab-sle", {"first_dose": "2025-05-31"})
    facts = load("belimumab-sle").study
    assert calendar.of_kind("dose")[-1].first_day == date(2026, 5, 2)
    assert (facts.starts, facts.completes) == (date(2024, 6, 1), date(2026, 1, 31))
    assert (facts.enrolment, str(facts.accrual), facts.registry) == (72, "12 mo", "NCT04893161")


def test_sle_says_why_each_dose_is_where_it_is() -> None:
    """Each event tells the chain of offsets that led to it, from the anchor and its date."""
    doses = seed("belimumab-sle", {"first_dose": "2027-01-04"}).of_kind("dose")
    assert doses[0].why == "2027-01-04 = Day 0 = first dose 2027-01-04"
    assert doses[1].why == "2027-01-18 = Day 14 = first dose 2027-01-04 + 14 d"
    assert doses[4].why == "2027-03-29 = Day 84 = first dose 2027-01-04 + 28 d + 2 × 28 d"


# ---------------------------------------------------------------- 001 blinatumomab maintenance

MAINTENANCE = [
    ("maintenance/c1/d1/blinatumomab", "C1D1", "2027-01-31", "2027-02-13"),
    ("maintenance/c2/d1/blinatumomab", "C2D1", "2027-04-30", "2027-05-13"),
    ("maintenance/c3/d1/blinatumomab", "C3D1", "2027-07-31", "2027-08-13"),
    ("maintenance/c4/d1/blinatumomab", "C4D1", "2027-10-31", "2027-11-13"),
]


def test_maintenance_courses_from_the_31st_clamp_and_come_back() -> None:
    """Courses every 3 months from 2027-01-31 start on 04-30, 07-31 and 10-31: months count from the anchor."""
    doses = seed("blinatumomab-maintenance", {"first_dose": "2027-01-31"}).of_kind("dose")
    table = [(e.id, e.position, e.first_day.isoformat(), e.last_day.isoformat()) for e in doses]
    assert table == MAINTENANCE


def test_maintenance_courses_are_fourteen_infusion_days_each() -> None:
    """Each course is 14 days of one infusion: 14 × 9 = 126 mcg a course and 504 mcg in all."""
    doses = seed("blinatumomab-maintenance", {"first_dose": "2027-01-31"}).of_kind("dose")
    assert [e.dose_days for e in doses] == [14, 14, 14, 14]
    assert {(e.dose, e.route, e.duration, e.continuous) for e in doses} == {
        ("9 mcg/day", "CIV", "continuous for 14 d", True)
    }
    assert sum(9 * e.dose_days for e in doses) == 504


def test_maintenance_infusion_started_at_ten_stops_on_day_15() -> None:
    """A continuous infusion is half open: 14 days from 10:00 on day 1 stop at 10:00 on day 15."""
    plan = make_plan(load("blinatumomab-maintenance"))
    doses = make_calendar(plan, {"first_dose": datetime(2027, 1, 4, 10)}).of_kind("dose")
    assert (doses[0].start, doses[0].end) == (datetime(2027, 1, 4, 10), datetime(2027, 1, 18, 10))
    assert doses[0].dose_days == 14


def test_maintenance_follow_up_counts_two_years_from_the_first_dose() -> None:
    """Where the record does not say from when, the assumed start is used and marked."""
    events = {e.id: e for e in seed("blinatumomab-maintenance", {"first_dose": "2027-01-31"})}
    assert events["follow-up/end"].first_day == date(2029, 1, 31)
    assert events["follow-up/end"].basis.startswith("assumed: from (")
    assert events["maintenance/start"].basis.startswith("not stated: from (")
    assert load("blinatumomab-maintenance").study.enrolment == 59


# ---------------------------------------------------------------- 002 blinatumomab, MRD-positive ALL

TREATMENT = [
    ("2026-03-02", "2026-03-29"),
    ("2026-04-13", "2026-05-10"),
    ("2026-05-25", "2026-06-21"),
    ("2026-07-06", "2026-08-02"),
    ("2026-08-17", "2026-09-13"),
]
MRD_MAINTENANCE = [
    ("2026-09-28", "2026-10-25"),
    ("2026-12-28", "2027-01-24"),
    ("2027-03-28", "2027-04-24"),
    ("2027-06-28", "2027-07-25"),
]


def mrd(**decided: str) -> Calendar:
    return seed("blinatumomab-mrd", {"first_dose": "2026-03-02"}, decided=decided)


def test_mrd_treatment_is_five_cycles_and_140_infusion_days() -> None:
    """Up to 5 cycles of 28 infusion days every 6 weeks are 140 infusion days."""
    calendar = mrd()
    assert of(calendar, "treatment", "blinatumomab") == TREATMENT
    assert sum(e.dose_days for e in calendar.of_item("blinatumomab") if e.epoch == "treatment") == 140


def test_mrd_treatment_ends_before_the_day_after_its_last_cycle() -> None:
    """An epoch's end is exclusive: five cycles of 42 days from 2026-03-02 end before 2026-09-28."""
    events = {e.id: e for e in mrd()}
    assert events["treatment/end"].first_day == date(2026, 9, 28)
    assert events["treatment/end"].label == "Treatment ends (before this day)"


def test_mrd_cycles_after_the_first_are_optional() -> None:
    """Of "up to 5 cycles" the first is planned and the others may not happen."""
    doses = [e for e in mrd() if e.kind == "dose" and e.epoch == "treatment"]
    assert [e.optional for e in doses] == [False, True, True, True, True]


def test_mrd_maintenance_is_tentative_while_transplant_is_undecided() -> None:
    """An epoch that hangs on an undecided question is tentative, and says on which answer it hangs."""
    calendar = mrd()
    maintenance = [e for e in calendar if e.epoch == "maintenance"]
    assert of(calendar, "maintenance", "blinatumomab") == MRD_MAINTENANCE
    assert {(e.state, e.conditions) for e in maintenance} == {("tentative", ("transplant=no",))}
    assert {e.state for e in calendar if e.epoch in ("screening", "treatment")} == {"planned"}


def test_mrd_maintenance_months_count_from_its_own_start() -> None:
    """The 12 months of maintenance end on 2027-09-28, and 18 months of follow-up on 2029-03-28."""
    events = {e.id: e.first_day.isoformat() for e in mrd()}
    assert events["maintenance/start"] == "2026-09-28"
    assert events["maintenance/end"] == "2027-09-28"
    assert events["follow-up/start"] == "2027-09-28"
    assert events["follow-up/end"] == "2029-03-28"


def test_mrd_follow_up_is_tentative_where_its_start_is() -> None:
    """What counts from a tentative point is tentative itself."""
    assert {e.state for e in mrd() if e.epoch == "follow-up"} == {"tentative"}


def test_mrd_maintenance_is_gone_once_transplant_is_decided() -> None:
    """Decided yes, the epoch that needed no is gone, and follow-up counts from the end of treatment."""
    calendar = mrd(transplant="yes")
    assert not [e for e in calendar if e.epoch == "maintenance"]
    follow_up = [(e.first_day.isoformat(), e.state) for e in calendar if e.epoch == "follow-up"]
    assert follow_up == [("2026-09-28", "planned"), ("2028-03-28", "planned")]


def test_mrd_maintenance_is_planned_once_transplant_is_ruled_out() -> None:
    """Decided no, the epoch is planned, on the dates it had while it was tentative."""
    calendar = mrd(transplant="no")
    maintenance = [e for e in calendar if e.epoch == "maintenance"]
    assert of(calendar, "maintenance", "blinatumomab") == MRD_MAINTENANCE
    assert {(e.state, e.conditions) for e in maintenance} == {("planned", ())}
    assert {e.id: e.state for e in calendar}["follow-up/end"] == "planned"


def test_mrd_screening_is_an_interval_not_a_target() -> None:
    """Screening is any day from 4 to 2 weeks before the first dose, and the assumption is marked."""
    (visit,) = mrd().of_item("screening")
    assert (visit.first_day, visit.last_day) == (date(2026, 2, 2), date(2026, 2, 16))
    assert visit.window is not None
    assert (visit.window.earliest, visit.window.latest) == (date(2026, 2, 2), date(2026, 2, 16))
    assert visit.basis.startswith("assumed: between (")


def test_mrd_retreatment_waits_for_its_own_date() -> None:
    """What counts from an anchor without a date is listed as waiting, never guessed."""
    (waiting,) = mrd().waiting
    assert waiting.for_ == "retreatment_start"
    assert [id for id in waiting.events if "blinatumomab" in id] == [
        f"retreatment/c{k}/d1/blinatumomab" for k in range(1, 6)
    ]
    assert not [e for e in mrd() if e.epoch == "retreatment"]


def test_mrd_marks_what_is_assumed() -> None:
    """The amount is assumed in treatment; amount, pattern and start are assumed in maintenance."""
    doses = {e.id: e.basis for e in mrd().of_kind("dose")}
    assert doses["treatment/c1/d1/blinatumomab"].startswith("assumed: dose (the summary gives no amount;")
    for mark in ("assumed: dose (", "assumed: when (", "assumed: from of maintenance ("):
        assert mark in doses["maintenance/c1/d1/blinatumomab"]


# ---------------------------------------------------------------- 000 belimumab in CLL

VENETOCLAX_STEPS = [
    ("20 mg", "2026-01-05", "2026-01-11"),
    ("50 mg", "2026-01-12", "2026-01-18"),
    ("100 mg", "2026-01-19", "2026-01-25"),
    ("200 mg", "2026-01-26", "2026-02-01"),
    ("400 mg", "2026-02-02", "2028-02-08"),
]
RITUXIMAB = [
    ("375 mg/m2", "2026-02-09"),
    ("500 mg/m2", "2026-03-09"),
    ("500 mg/m2", "2026-04-06"),
    ("500 mg/m2", "2026-05-04"),
    ("500 mg/m2", "2026-06-01"),
    ("500 mg/m2", "2026-06-29"),
]


def cll() -> Calendar:
    return seed("belimumab-cll", {"venetoclax_day_1": "2026-01-05"})


def test_cll_venetoclax_steps_weekly_then_daily_until_two_years_of_rituximab() -> None:
    """Venetoclax 20, 50, 100, 200 and 400 mg start a week apart; the last day is 2028-02-08, every day is dosed."""
    doses = cll().of_item("venetoclax")
    runs = [
        (level, min(e.first_day for e in doses if e.dose == level), max(e.first_day for e in doses if e.dose == level))
        for level in dict.fromkeys(e.dose for e in doses)
    ]
    assert [(level, first.isoformat(), last.isoformat()) for level, first, last in runs] == VENETOCLAX_STEPS
    assert len(doses) == len({e.first_day for e in doses}) == (date(2028, 2, 8) - date(2026, 1, 5)).days + 1


def test_cll_rituximab_is_six_doses_from_day_36() -> None:
    """Rituximab starts on venetoclax day 36 at 375 mg/m2, then five doses of 500 mg/m2 every 28 days."""
    doses = cll().of_item("rituximab")
    assert [(e.dose, e.first_day.isoformat()) for e in doses] == RITUXIMAB
    assert [e.position for e in doses] == ["Day 36", "Day 64", "Day 92", "Day 120", "Day 148", "Day 176"]


def test_cll_belimumab_over_24_months_is_105_injections() -> None:
    """Weekly over 24 calendar months from 2026-01-05 is 105 injections, all but the first optional."""
    doses = cll().of_item("belimumab")
    assert len(doses) == 105
    assert (doses[0].first_day, doses[-1].first_day) == (date(2026, 1, 5), date(2028, 1, 3))
    assert [e.optional for e in doses] == [False] + [True] * 104


def test_cll_marks_every_dose_as_assumed() -> None:
    """The summary gives no amounts and does not say who starts when; each dose says so with the reason."""
    for event in cll().of_kind("dose"):
        assert event.basis.startswith("assumed: dose (")
        assert "assumed: from of treatment (the summary does not say who starts when" in event.basis


# ---------------------------------------------------------------- 003 daratumumab

LABEL = [0, 7, 14, 21, 28, 35, 42, 49, 56, 70, 84, 98, 112, 126, 140, 154, 168, 196, 224, 252, 280, 308, 336]


def test_daratumumab_is_refused_until_an_assumption_is_chosen() -> None:
    """A schedule that is not stated is refused with an explanation and the named assumptions one may opt into."""
    with pytest.raises(PlanError) as refused:
        make_plan(load("daratumumab-t-all"))
    said = str(refused.value)
    assert "daratumumab (treatment): the schedule is not stated" in said
    assert "--assume myeloma-label: schedule of the myeloma label (" in said
    assert "--assume myeloma-label-one-year: schedule of the myeloma label for one year (" in said


@pytest.mark.parametrize("assumption", ["myeloma-label", "myeloma-label-one-year"])
def test_daratumumab_follows_the_label_when_assumed(assumption: str) -> None:
    """With the label's schedule the offsets are 0…49 weekly, 56…154 every 14, then 168, 196, … every 28."""
    doses = seed("daratumumab-t-all", {"first_dose": "2027-01-04"}, assume=(assumption,)).of_kind("dose")
    assert [e.offset_days for e in doses][: len(LABEL)] == LABEL
    assert {e.dose for e in doses} == {"16 mg/kg"}
    assert all("assumed: dose and when (" in e.basis for e in doses)


def test_daratumumab_for_one_year_stops_in_week_52() -> None:
    """Through week 52, counted from week 1 as days 1-7, the last dose is at offset 336, not 364."""
    chosen = ("myeloma-label-one-year",)
    doses = seed("daratumumab-t-all", {"first_dose": "2027-01-04"}, assume=chosen).of_kind("dose")
    assert [e.offset_days for e in doses] == LABEL


def test_daratumumab_under_the_label_is_shown_for_24_months_from_the_first_dose() -> None:
    """Before first dose + 24 months: the last dose lies less than one interval before that day, which has none."""
    chosen = ("myeloma-label",)
    doses = seed("daratumumab-t-all", {"first_dose": "2027-01-04"}, assume=chosen).of_kind("dose")
    last = doses[-1].first_day
    assert last < date(2029, 1, 4) <= last + timedelta(days=28)


def test_an_assumption_that_is_not_offered_is_refused() -> None:
    """A name that is no assumption is refused with those that are offered."""
    with pytest.raises(PlanError, match=r"offered are: myeloma-label, myeloma-label-one-year"):
        load("daratumumab-t-all", assume=("label",))


# ---------------------------------------------------------------- what the record leaves open is marked

LEFT_OPEN = [
    ("belimumab-sle", {"first_dose": "2027-01-04"}, "which weight a dose is calculated from"),
    ("blinatumomab-maintenance", {"first_dose": "2027-01-31"}, "the record lists no visits"),
    ("blinatumomab-mrd", {"first_dose": "2026-03-02"}, "the summary lists no visits"),
]


@pytest.mark.parametrize(("name", "on", "open_point"), LEFT_OPEN)
def test_what_the_record_leaves_open_is_on_the_calendar(name: str, on: Mapping[str, str], open_point: str) -> None:
    """What is not stated about an epoch is marked on its calendar: on an event, in a note or in a convention."""
    calendar = seed(name, on)
    said = [*calendar.notes, *calendar.conventions, *(event.basis for event in calendar)]
    assert any(open_point in sentence for sentence in said)


@pytest.mark.parametrize("name", ["belimumab-sle", "blinatumomab-maintenance", "blinatumomab-mrd", "belimumab-cll"])
def test_every_event_has_a_basis_and_every_dose_a_source(name: str) -> None:
    """Each event says whether it is stated, assumed or not stated; each dose says which document it is from."""
    anchor = "venetoclax_day_1" if name == "belimumab-cll" else "first_dose"
    for event in seed(name, {anchor: "2027-01-31"}):
        assert event.basis == "stated" or event.basis.startswith(("assumed: ", "not stated: "))
        assert event.source or event.kind == "milestone"
        assert event.why.startswith(event.first_day.isoformat())


# ---------------------------------------------------------------- section 1: months, days, weeks

MONTHS = [
    ("2027-01-31", "every 3 months x4", ["2027-01-31", "2027-04-30", "2027-07-31", "2027-10-31"], "clamped, no drift"),
    ("2026-11-30", "every 3 months x4", ["2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30"], "through February"),
    ("2027-11-30", "every 3 months x4", ["2027-11-30", "2028-02-29", "2028-05-30", "2028-08-30"], "a leap year"),
    (
        "2028-02-29",
        "every 12 mo x5",
        [
            "2028-02-29",
            "2029-02-28",
            "2030-02-28",
            "2031-02-28",
            "2032-02-29",
        ],
        "leap day",
    ),
    ("2027-08-31", "months 0, 1, 6", ["2027-08-31", "2027-09-30", "2028-02-29"], "an explicit list of months"),
]


@pytest.mark.parametrize(("start", "when", "expected", "why"), MONTHS)
def test_calendar_months_count_from_the_anchor_and_clamp(start: str, when: str, expected: list[str], why: str) -> None:
    """Calendar months are counted from the anchor and clamped to the month's end."""
    assert iso(days(calendar_of(date.fromisoformat(start), when=when))) == expected, why


ONE_ANCHOR = [
    {"when": "every 1 mo x1 then every 3 mo x3"},
    {"cycles": "1 mo x1, then 3 mo x3", "when": "day 1"},
]


@pytest.mark.parametrize("said", ONE_ANCHOR)
def test_months_after_months_do_not_drift(said: Mapping[str, str]) -> None:
    """Months count from the anchor, in phases as in cycles: after 28 February comes 31 May, not the 28th."""
    expected = ["2027-01-31", "2027-02-28", "2027-05-31", "2027-08-31"]
    assert iso(days(calendar_of(date(2027, 1, 31), **said))) == expected


@pytest.mark.parametrize(("months", "expected"), [("28d", [0, 84, 168, 252]), ("30d", [0, 90, 180, 270])])
def test_a_month_of_28_or_30_days_is_that_many_days(months: str, expected: list[int]) -> None:
    """Months are 28 or 30 days if the protocol says so."""
    assert offsets(calendar_of(date(2027, 1, 31), when="every 3 months x4", months=months)) == expected


WEEKS = [
    ("elapsed", 0, 0, 0),
    ("elapsed", 48, 336, 336),
    ("elapsed", 9, 63, 63),
    ("ordinal", 1, 0, 6),
    ("ordinal", 9, 56, 62),
    ("ordinal", 48, 329, 335),
]


@pytest.mark.parametrize(("weeks", "week", "first", "last"), WEEKS)
def test_a_week_number_is_elapsed_or_ordinal(weeks: str, week: int, first: int, last: int) -> None:
    """Elapsed week N is the single day 7N; ordinal week N is the seven days from 7(N−1)."""
    assert Counting(1, weeks).days_of_week(week) == (first, last)
    assert offsets(calendar_of(MONDAY, when=f"weeks {week}", weeks=weeks)) == [first]


def test_weeks_must_be_declared_before_they_are_used() -> None:
    """A definition that uses weeks without saying how they count is refused with the two readings."""
    with pytest.raises(RegimenError, match=r"week 4 can be read two ways.*offset 28.*offset 21"):
        plan_of(when="weeks 4, 8")


def test_day_zero_and_ordinal_weeks_do_not_go_together() -> None:
    """With ordinal weeks there is no week 0."""
    with pytest.raises(RegimenError, match="week 0"):
        plan_of(when="weeks 0, 4", weeks="ordinal")


NEGATIVE = [
    (1, "days -1, 1", [-1, 0], "the day before day 1 is day −1"),
    (0, "days -1, 0, 1", [-1, 0, 1], "with first_day 0 the anchor is day 0"),
    (1, "days -7 to -4", [-7, -6, -5, -4], "negative days are themselves"),
    (1, "days -2 to 2", [-2, -1, 0, 1], "a range across zero has no day 0"),
    (0, "days -2 to 2", [-2, -1, 0, 1, 2], "a range across zero includes day 0"),
]


@pytest.mark.parametrize(("first_day", "when", "expected", "why"), NEGATIVE)
def test_day_numbers_around_the_anchor(first_day: int, when: str, expected: list[int], why: str) -> None:
    """With first_day 1 there is no day 0; arithmetic is always on offsets with the anchor at 0."""
    calendar = calendar_of(MONDAY, when=when, first_day=first_day)
    assert offsets(calendar) == expected, why
    assert [e.study_day for e in calendar.of_item("drug")] == [
        n + 1 if n >= 0 and first_day == 1 else n for n in expected
    ], why


def test_day_zero_does_not_exist_when_the_first_day_is_day_1() -> None:
    """Naming day 0 in a definition that starts at day 1 is refused."""
    with pytest.raises(RegimenError, match="day 0 does not exist when the first day is day 1"):
        plan_of(when="days 0, 14", first_day=1)


# ---------------------------------------------------------------- section 1: bounds and counts

BOUNDS = [
    ("q4w through week 12", "elapsed", [0, 28, 56, 84], "through is inclusive"),
    ("q4w before week 12", "elapsed", [0, 28, 56], "before is exclusive"),
    ("q4w through week 13", "ordinal", [0, 28, 56, 84], "week 13 is days 85-91 and covers offset 84"),
    ("q4w through week 12", "ordinal", [0, 28, 56], "week 12 ends on offset 83"),
    ("q4w before week 13", "ordinal", [0, 28, 56], "week 13 starts on offset 84"),
    ("daily before week 1", "elapsed", [0, 1, 2, 3, 4, 5, 6], "week 1 is offset 7"),
    ("daily through week 1", "elapsed", [0, 1, 2, 3, 4, 5, 6, 7], "an elapsed week is one day"),
    ("daily through week 1", "ordinal", [0, 1, 2, 3, 4, 5, 6], "an ordinal week is seven days"),
    ("q7d through day 15", None, [0, 7, 14], "day 15 is offset 14"),
    ("q7d before day 15", None, [0, 7], "before leaves day 15 out"),
    ("daily for 7 d", None, [0, 1, 2, 3, 4, 5, 6], "for is half open"),
    ("q1w for 10 d", None, [0, 7], "no occurrence on the bound"),
    ("q1w through week 2 x3", "elapsed", [0, 7, 14], "a count that agrees with the bound"),
    ("q1w after start x3", None, [7, 14, 21], "after start begins one interval later"),
]


@pytest.mark.parametrize(("when", "weeks", "expected", "why"), BOUNDS)
def test_bounds(when: str, weeks: str | None, expected: list[int], why: str) -> None:
    """``through`` includes its point, ``before`` leaves it out, ``for`` is half open."""
    assert offsets(calendar_of(MONDAY, when=when, weeks=weeks)) == expected, why


@pytest.mark.parametrize(
    ("when", "expected"),
    [("q7d before 2027-01-18", [0, 7]), ("q7d through 2027-01-18", [0, 7, 14]), ("q7d before 2027-01-01", [])],
)
def test_a_date_is_a_bound(when: str, expected: list[int]) -> None:
    """``through`` and ``before`` take a date; ``reach`` says how far from the anchor it can lie."""
    assert offsets(calendar_of(MONDAY, when=when, reach=100)) == expected


PHASE_BOUNDS = [
    ("q1w x8 then q4w for 6 mo", "2027-03-01", 7, "[1 March, 1 September) holds offsets 56 + 28 k"),
    ("q1w x8 then q4w until progression, at most 6 mo", "2027-03-01", 7, "its own horizon"),
    ("q1w x8 then q4w up to 6 mo", "2027-03-01", 7, "a bound that may end early"),
    ("q1w x8 then q4w for 26 w", "2027-03-01", 7, "in weeks the same"),
    ("every 1 mo x2 then q1w for 1 mo", "2027-03-04", 5, "[4 March, 4 April)"),
]


@pytest.mark.parametrize(("when", "start", "count", "why"), PHASE_BOUNDS)
def test_the_length_of_a_later_phase_counts_from_its_own_start(when: str, start: str, count: int, why: str) -> None:
    """``for D`` is [start, start + D) of its own phase, and ``at most D`` is a horizon of its own."""
    doses = days(calendar_of(MONDAY, when=when))
    assert len([day for day in doses if day >= date.fromisoformat(start)]) == count, why


@pytest.mark.parametrize("when", ["q4w for 72 w", "q1w for 7 w", "q28d for 56 d", "every 3 months for 12 mo"])
def test_an_occurrence_exactly_on_for_is_refused(when: str) -> None:
    """``for 72 w`` with an occurrence exactly on the bound is an error that asks for ``through`` or ``before``."""
    with pytest.raises((PlanError, DatingError), match="'through' to include it or 'before' to leave it out"):
        calendar_of(MONDAY, when=when)


@pytest.mark.parametrize(
    ("when", "length"), [("daily for 1 mo", 31), ("daily for 3 mo", 90), ("bid for 1 mo", 62), ("daily for 2 w", 14)]
)
def test_daily_runs_take_for_as_half_open(when: str, length: int) -> None:
    """Daily and sub-daily runs take ``for D`` as [start, start + D), months too."""
    assert len(offsets(calendar_of(MONDAY, when=when))) == length


DISAGREE = [
    ("q1w x5 through week 8", "the bound has room for nine"),
    ("q1w x12 through week 8", "the bound ends after nine"),
    ("q28d x3 before week 20", "the bound has room for five"),
    ("q1w x3 for 10 d", "only two fit"),
    ("days 1, 8, 15 x2", "three days are listed"),
    ("every 1 mo x2 through month 5", "the bound has room for six"),
]


@pytest.mark.parametrize(("when", "why"), DISAGREE)
def test_a_bound_and_a_count_that_disagree_are_refused(when: str, why: str) -> None:
    """A bound and a count that disagree are refused, whichever is the smaller."""
    with pytest.raises(RegimenError):
        calendar_of(MONDAY, when=when, weeks="elapsed")


COUNTS = [
    ("q28d x4", [0, 28, 56, 84], "four, never four more"),
    ("days 1-3 q28d x2", [0, 1, 2, 28, 29, 30], "with a day list x counts cycles"),
    ("days 1, 8, 15 q28d x2", [0, 7, 14, 28, 35, 42], "days of a cycle, not an interval"),
    ("daily x3", [0, 1, 2], "days"),
    ("bid x4", [0, 0, 1, 1], "four doses, two a day"),
    ("bid x3", [0, 0, 1], "three doses, two a day"),
    ("on Mon-Fri x3", [0, 1, 2], "fractions"),
]


@pytest.mark.parametrize(("when", "expected", "why"), COUNTS)
def test_counts_are_totals(when: str, expected: list[int], why: str) -> None:
    """Counts are totals: x4 is four, never four more; with a day list and an interval, x counts cycles."""
    assert offsets(calendar_of(MONDAY, when=when)) == expected, why


# ---------------------------------------------------------------- section 2: then

THEN = [
    ("days 0, 14, 28 then q28d x3", 0, [0, 14, 28, 56, 84, 112], "one new interval after the last listed day"),
    ("days 1, 15 then q1w x2", 1, [0, 14, 21, 28], "one new interval, a week"),
    ("q1w x8 then q2w x2", 1, [*range(0, 50, 7), 56, 70], "weekly x8 occupies 8 weeks"),
    (
        "q1w x8 then q2w x8 then q4w x3",
        1,
        [*range(0, 50, 7), *range(56, 155, 14), 168, 196, 224],
        "each phase at the end of the last",
    ),
    ("daily for 7 d then q1w x2", 1, [0, 1, 2, 3, 4, 5, 6, 7, 14], "after seven days the eighth is next"),
    ("days 1-3 q28d x2 then q1w x2", 1, [0, 1, 2, 28, 29, 30, 56, 63], "qN xK occupies K × N"),
]


@pytest.mark.parametrize(("when", "first_day", "expected", "why"), THEN)
def test_then_starts_where_the_phase_before_ends(when: str, first_day: int, expected: list[int], why: str) -> None:
    """``qN xK`` occupies K × N; after an explicit day list the next phase starts one new interval later."""
    given = [e for e in calendar_of(MONDAY, when=when, first_day=first_day).of_item("drug") if e.kind == "dose"]
    assert [e.offset_days for e in given] == expected, why


def test_after_an_open_end_then_needs_from() -> None:
    """After an open end, ``then`` needs ``from``."""
    with pytest.raises(RegimenError, match="from"):
        plan_of(when="q1w until progression, at most 12 w then q4w x3")


def test_an_open_end_needs_a_horizon() -> None:
    """``until progression`` needs a horizon to expand; without one the three ways to close it are named."""
    with pytest.raises(PlanError, match=r"horizon.*count.*bound"):
        plan_of(when="q4w until progression")


def test_a_taper_holds_each_level_for_one_interval_and_includes_the_last() -> None:
    """From 100 mg by 10 mg every day to 20 mg are nine days, 100 down to 20, both included."""
    doses = calendar_of(MONDAY, line="from 100 mg by -10 mg every day to 20 mg PO daily").of_item("drug")
    assert [(e.offset_days, e.dose) for e in doses] == [(k, f"{100 - 10 * k} mg") for k in range(9)]


def test_a_taper_can_hold_its_last_level() -> None:
    """After a taper ``hold for D`` keeps the last level for D, and ``stop`` ends it."""
    tapered = "from 30 mg by -10 mg every day to 10 mg PO daily then hold for 2 d then stop"
    doses = calendar_of(MONDAY, line=tapered).of_item("drug")
    assert [(e.offset_days, e.dose) for e in doses] == [
        (0, "30 mg"),
        (1, "20 mg"),
        (2, "10 mg"),
        (3, "10 mg"),
        (4, "10 mg"),
    ]


def test_a_taper_whose_last_step_is_shorter_still_reaches_its_end() -> None:
    """A taper that does not divide evenly ends on its stated last level."""
    doses = calendar_of(MONDAY, line="from 50 mg by -20 mg every 2 d to 5 mg PO daily").of_item("drug")
    assert [e.dose for e in doses] == ["50 mg", "50 mg", "30 mg", "30 mg", "10 mg", "10 mg", "5 mg", "5 mg"]


@pytest.mark.parametrize("when", ["q1w x4 then days 20, 30", "daily x10 then days 5, 6", "days 1, 8 then day 8"])
def test_listed_days_after_then_are_later_than_all_before(when: str) -> None:
    """Day numbers count from the frame, never from the phase; after ``then`` they must be later than all before."""
    with pytest.raises(PlanError):
        plan_of(when=when)


def test_listed_days_after_then_count_from_the_frame() -> None:
    """After ``then``, day 30 is the frame's day 30."""
    assert offsets(calendar_of(MONDAY, when="q1w x2 then days 20, 30")) == [0, 7, 19, 29]


# ---------------------------------------------------------------- weekdays

SATURDAY = date(2027, 1, 2)
WEEKDAY_BOUNDS = [
    ("on Mon-Fri before day 3", [], "Saturday and Sunday only"),
    ("on Mon-Fri through day 4", ["2027-01-04", "2027-01-05"], "day 4 is Tuesday"),
    ("on Mon-Fri for 7 d", [f"2027-01-{d:02}" for d in (4, 5, 6, 7, 8)], "[2 January, 9 January)"),
    ("on Mon,Thu for 2 w", [f"2027-01-{d:02}" for d in (4, 7, 11, 14)], "[2 January, 16 January)"),
    ("on Mon for 1 mo", [f"2027-{d}" for d in ("01-04", "01-11", "01-18", "01-25", "02-01")], "before 2 February"),
    ("q2w on Mon before day 17", ["2027-01-04"], "day 17 is Monday 18 January"),
    ("q2w on Mon through day 17", ["2027-01-04", "2027-01-18"], "and is included"),
    ("days 1-14 on Mon-Fri", [f"2027-01-{d:02}" for d in (4, 5, 6, 7, 8, 11, 12, 13, 14, 15)], "inside listed days"),
]


@pytest.mark.parametrize(("when", "expected", "why"), WEEKDAY_BOUNDS)
def test_weekdays_stop_at_their_bound(when: str, expected: list[str], why: str) -> None:
    """A weekday series ends at its bound like any other."""
    assert iso(days(calendar_of(SATURDAY, when=when))) == expected, why


@pytest.mark.parametrize("when", ["on Mon-Fri", "q1w on Fri"])
def test_weekdays_stay_inside_their_cycle(when: str) -> None:
    """What is open runs to the end of its cycle; no day is dosed twice where the next cycle begins."""
    doses = calendar_of(SATURDAY, cycles="14 d x2", when=when).of_item("drug")
    expected = [
        d for d in range(28) if (SATURDAY + timedelta(days=d)).weekday() in (range(5) if "Mon" in when else [4])
    ]
    assert [(e.cycle, e.offset_days) for e in doses] == [(d // 14 + 1, d) for d in expected]


def test_a_count_of_weekdays_in_a_range_is_not_ignored() -> None:
    """A count that the listed days do not hold is refused, also when weekdays choose among them."""
    try:
        given = days(calendar_of(SATURDAY, when="days 1-14 on Mon-Fri x5"))
    except RegimenError:
        return
    assert len(given) == 5


# ---------------------------------------------------------------- section 2 and 3: cycles and infusions

STEPPED = (
    "9 mcg/day CIV days 1-7 in cycle 1; 28 mcg/day CIV days 8-28 in cycle 1; 28 mcg/day CIV days 1-28 in cycles 2-5"
)
STEPS = [
    ("treatment/c1/d1/drug", "9 mcg/day", "2027-01-04", "2027-01-10", 7),
    ("treatment/c1/d8/drug", "28 mcg/day", "2027-01-11", "2027-01-31", 21),
    ("treatment/c2/d1/drug", "28 mcg/day", "2027-02-15", "2027-03-14", 28),
    ("treatment/c3/d1/drug", "28 mcg/day", "2027-03-29", "2027-04-25", 28),
    ("treatment/c4/d1/drug", "28 mcg/day", "2027-05-10", "2027-06-06", 28),
    ("treatment/c5/d1/drug", "28 mcg/day", "2027-06-21", "2027-07-18", 28),
]


def test_a_stepped_first_cycle() -> None:
    """9 mcg/day on days 1-7 and 28 mcg/day on days 8-28 are 9 × 7 + 28 × 21 = 651 mcg in the first cycle."""
    doses = calendar_of(MONDAY, cycles="q42d x5", line=STEPPED).of_item("drug")
    table = [(e.id, e.dose, e.first_day.isoformat(), e.last_day.isoformat(), e.dose_days) for e in doses]
    assert table == STEPS
    first = [int((e.dose or "").split()[0]) * e.dose_days for e in doses if e.cycle == 1]
    assert sum(first) == 651


def test_a_dose_step_with_a_clock_follows_without_a_gap() -> None:
    """The second step of a stepped infusion starts at the moment the first stops."""
    doses = calendar_of(datetime(2027, 1, 4, 10), cycles="q42d x5", line=STEPPED).of_item("drug")
    assert doses[0].end == doses[1].start == datetime(2027, 1, 11, 10)
    assert doses[1].end == datetime(2027, 2, 1, 10)


INFUSIONS = [
    (datetime(2027, 1, 4, 10), "2027-01-18T10:00:00+01:00", "no clock change"),
    (datetime(2027, 3, 22, 10), "2027-04-05T11:00:00+02:00", "clocks go forward on 28 March"),
    (datetime(2027, 10, 25, 10), "2027-11-08T09:00:00+01:00", "clocks go back on 31 October"),
]


@pytest.mark.parametrize(("start", "stop", "why"), INFUSIONS)
def test_an_infusion_lasts_elapsed_time(start: datetime, stop: str, why: str) -> None:
    """14 × 24 h started at 10:00 the week before Europe's spring change end at 11:00 local, in autumn at 09:00."""
    (dose,) = calendar_of(start, zone="Europe/Berlin", dose="9 mcg/day CIV", when="days 1-14").of_item("drug")
    assert isinstance(dose.end, datetime)
    assert dose.end.isoformat() == stop, why
    assert dose.dose_days == 14


def test_mixed_cycle_lengths_separate_the_starts_they_stand_between() -> None:
    """Length k separates start k and start k + 1."""
    calendar = calendar_of(MONDAY, cycles="28 d x3, then 21 d, 14 d repeating x2", when="day 1")
    assert offsets(calendar) == [0, 28, 56, 84, 105, 119, 140]


SCOPES = [
    ("in cycle 1", [1]),
    ("in cycles 2+", [2, 3, 4, 5, 6, 7, 8, 9]),
    ("in cycles 2-4", [2, 3, 4]),
    ("odd cycles", [1, 3, 5, 7, 9]),
    ("even cycles", [2, 4, 6, 8]),
    ("every 3rd cycle from 6", [6, 9]),
    ("all cycles but 3", [1, 2, 4, 5, 6, 7, 8, 9]),
]


@pytest.mark.parametrize(("scope", "cycles"), SCOPES)
def test_scopes_choose_cycles(scope: str, cycles: list[int]) -> None:
    """Rules can be scoped to cycles: first, ranges, odd, even, from n, every k-th, all but."""
    doses = calendar_of(MONDAY, cycles="21 d x9", when=f"day 1 {scope}").of_item("drug")
    assert [(e.cycle, e.offset_days) for e in doses] == [(k, 21 * (k - 1)) for k in cycles]


CYCLE_BOUNDS = [
    ("every 21 d through day 25", [0, 7, 14, 21, 28, 35], 42, "the open cycle is completed"),
    ("every 21 d through day 25 cut", [0, 7, 14, 21], 25, "day 25 is offset 24, the last day kept"),
    ("every 21 d for 60 d", [0, 7, 14, 21, 28, 35, 42, 49, 56], 63, "the third cycle is open on day 60"),
    ("every 21 d through cycle 2", [0, 7, 14, 21, 28, 35], 42, "all of cycle 2"),
    ("every 21 d before cycle 2", [0, 7, 14], 21, "none of cycle 2"),
]


@pytest.mark.parametrize(("cycles", "expected", "end", "why"), CYCLE_BOUNDS)
def test_a_cycle_open_at_a_bound_is_completed_or_cut(cycles: str, expected: list[int], end: int, why: str) -> None:
    """A cycle that is open at a bound is completed, or cut off with ``cut``."""
    calendar = calendar_of(MONDAY, cycles=cycles, when="days 1, 8, 15")
    assert offsets(calendar) == expected, why
    assert [e.offset_days for e in calendar if e.id == "treatment/end"] == [end], why


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("days 1-5 q21d through day 24", [*range(5), *range(21, 26)]),
        ("days 1-5 q21d through day 24 cut", [*range(5), *range(21, 24)]),
    ],
)
def test_an_items_own_open_cycle_is_completed_or_cut(when: str, expected: list[int]) -> None:
    """The same holds for the cycles of one item."""
    assert offsets(calendar_of(MONDAY, when=when)) == expected


# ---------------------------------------------------------------- section 2: hours and clocks

ELAPSED = [
    (
        date(2027, 3, 27),
        [
            "2027-03-27T20:00:00+01:00",
            "2027-03-28T09:00:00+02:00",
            "2027-03-28T21:00:00+02:00",
            "2027-03-29T09:00:00+02:00",
        ],
    ),
    (
        date(2027, 10, 30),
        [
            "2027-10-30T20:00:00+02:00",
            "2027-10-31T07:00:00+01:00",
            "2027-10-31T19:00:00+01:00",
            "2027-11-01T07:00:00+01:00",
        ],
    ),
]
WALL = [
    (
        date(2027, 3, 27),
        [
            "2027-03-27T08:00:00+01:00",
            "2027-03-27T20:00:00+01:00",
            "2027-03-28T08:00:00+02:00",
            "2027-03-28T20:00:00+02:00",
        ],
    ),
    (
        date(2027, 10, 30),
        [
            "2027-10-30T08:00:00+02:00",
            "2027-10-30T20:00:00+02:00",
            "2027-10-31T08:00:00+01:00",
            "2027-10-31T20:00:00+01:00",
        ],
    ),
]


@pytest.mark.parametrize(("on", "expected"), ELAPSED)
def test_every_twelve_hours_keeps_elapsed_time(on: date, expected: list[str]) -> None:
    """``q12h`` keeps elapsed time, so its wall clock moves by an hour at each clock change."""
    calendar = calendar_of(on, zone="Europe/Berlin", when="q12h at 20:00 x4")
    assert [moment.isoformat() for moment in starts(calendar)] == expected


@pytest.mark.parametrize(
    ("zone", "on"), [("Europe/Berlin", date(2027, 10, 31)), ("America/New_York", date(2027, 11, 7))]
)
def test_the_hour_that_comes_twice_is_in_order(zone: str, on: date) -> None:
    """Events are ordered by the moment they start, also in the night in which an hour comes twice."""
    moments = [
        m.timestamp() for m in starts(calendar_of(on, zone=zone, when="q1h at 00:01 x5")) if isinstance(m, datetime)
    ]
    assert moments == [moments[0] + 3600 * k for k in range(5)]


@pytest.mark.parametrize(("on", "expected"), WALL)
def test_twice_a_day_keeps_the_wall_clock(on: date, expected: list[str]) -> None:
    """``bid`` at clock times keeps wall time across clock changes."""
    calendar = calendar_of(on, zone="Europe/Berlin", when="bid at 08:00,20:00 for 2 d")
    assert [moment.isoformat() for moment in starts(calendar)] == expected


def test_a_clock_time_that_does_not_exist_is_refused() -> None:
    """A clock time that the change to summer time jumps over is refused, not moved."""
    with pytest.raises(DatingError, match="02:30 on 2027-03-28 does not exist in Europe/Berlin"):
        calendar_of(date(2027, 3, 27), zone="Europe/Berlin", when="daily at 02:30 for 3 d")


def test_hourly_intervals_run_inside_the_listed_days() -> None:
    """``daily``, ``bid`` and hourly intervals run inside the listed days: no dose falls on the day after."""
    for when in ("q6h at 06:00 days 1-2", "q8h at 06:00 days 1-2", "bid at 08:00,20:00 days 1-2", "daily days 1-2"):
        assert {e.day for e in calendar_of(MONDAY, when=when).of_item("drug")} == {1, 2}, when


@pytest.mark.parametrize(("on", "when"), [(28, "daily x1"), (27, "daily x2"), (21, "q1w x2")])
def test_an_anchors_own_time_that_does_not_exist_is_refused(on: int, when: str) -> None:
    """An anchor's time of day that the clocks jump over is refused on that day, as a stated time is."""
    with pytest.raises(DatingError, match="does not exist in Europe/Berlin"):
        calendar_of(datetime(2027, 3, on, 2, 30), zone="Europe/Berlin", when=when)


HOURS = [
    (None, datetime(2027, 1, 4, 20), "", "the anchor's own time"),
    ("Europe/Berlin", datetime(2027, 1, 4, 20), "", "the anchor's own time in a zone"),
    (None, date(2027, 1, 4), " at 20:00", "a stated first time"),
    ("Europe/Berlin", datetime(2027, 3, 27, 11, 30), "", "across a clock change"),
    ("Europe/Berlin", datetime(2027, 10, 30, 0, 30), "", "across a clock change back"),
]


@pytest.mark.parametrize(("zone", "on", "at", "why"), HOURS)
def test_the_day_number_of_an_hourly_dose_is_that_of_its_date(
    zone: str | None, on: date | datetime, at: str, why: str
) -> None:
    """A dose is called by the day it is given on: day and position agree with its date."""
    for event in calendar_of(on, zone=zone, when=f"q12h{at} x6").of_item("drug"):
        assert event.day == event.study_day == event.offset_days + 1, why
        assert event.position == f"Day {event.offset_days + 1}", why
