"""When does a whole study happen? Against every participant's own calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from regimen.definition.loading import load_study
from regimen.errors import RegimenError
from regimen.library import expand, load, names, plan_for
from regimen.timelines import Asked, accrual_of, make_timeline
from regimen.timelines.fitting import latest_entry
from regimen.timing import Span

ASSUMED = {"daratumumab-t-all": ("myeloma-label",)}
START = date(2026, 1, 31)

TWO_ARMS = """\
format: regimen/1
study: {id: two-arms, title: Two arms, first_day: 1, starts: 2027-01-01, completes: 2027-03-31}
anchors: {first_dose: first dose}
arms: {short: [brief], long: [lengthy]}
epochs:
  brief: {from: first_dose, doses: {one: {dose: 5 mg PO, when: days 1-10}}}
  lengthy:
    from: first_dose
    doses: {two: {dose: 5 mg PO, when: days 1-60}}
    visits: {check: {when: day 70}}
"""


def timeline_of(study, asked, ratio=None):
    plans = {arm: plan_for(study, {}, arm=arm) for arm in study.arms}
    return make_timeline(study.study, plans, accrual_of(study.study, asked), ratio)


@pytest.mark.parametrize("trial", names())
def test_milestones_are_those_of_the_calendars(trial):
    """First and last doses, visits and numbers on treatment are those of everybody's own calendar."""
    study = load(trial, assume=ASSUMED.get(trial, ()))
    found = timeline_of(study, Asked(START, 7, Span(5, "mo")))
    plan = plan_for(study, {})
    anchor = plan.origin.removeprefix("@")
    first, last, visits, treated = [], [], [], []
    for entry in found.accrual.entries:
        calendar = expand(study, {anchor: entry.day})
        sure = [e for e in calendar if e.state == "planned" and not e.optional]
        doses = [e for e in sure if e.kind == "dose"]
        first.append(min(e.first_day for e in doses))
        last.append(max(e.last_day for e in doses))
        visits += [e.last_day for e in sure if e.kind in ("visit", "activity")]
        treated.append((first[-1], last[-1]))
    whole = found.whole
    assert (whole.day("first_in"), whole.day("last_in")) == (found.participants[0].entry, found.participants[-1].entry)
    assert (whole.day("first_dose"), whole.day("last_dose")) == (min(first), max(last))
    if visits:
        assert whole.day("last_visit") == max(visits)
    day = START
    while day <= max(last) + timedelta(days=2):
        count = found.count_on(day)
        assert count.on_treatment == sum(a <= day <= b for a, b in treated)
        assert count.entered == found.accrual.in_by(day)
        day += timedelta(days=1)
    assert (found.counts[-1].on_treatment, found.counts[-1].on_study) == (0, 0)


def test_trial_004_does_not_fit():
    """Enrolment for a year and 48 weeks of treatment end on 2026-05-02, 91 days after the stated completion."""
    study = load("belimumab-sle")
    found = timeline_of(study, Asked())
    (misfit,) = found.misfits
    assert found.whole.day("last_in") == date(2025, 5, 31)
    assert found.whole.day("last_dose") == date(2026, 5, 2)
    assert (misfit.level, misfit.day, misfit.stated, misfit.days) == (
        "warning", date(2026, 5, 2), date(2026, 1, 31), 91,
    )  # fmt: skip


def test_what_fits_is_found_by_trying_every_day():
    """The latest day in is the last of all days whose calendar ends in time, and those in by then are counted."""
    study = load("belimumab-sle")
    found = timeline_of(study, Asked())
    days = [date(2024, 6, 1) + timedelta(days=n) for n in range(365)]
    fit = [d for d in days if max(e.last_day for e in expand(study, {"first_dose": d})) <= date(2026, 1, 31)]
    (misfit,) = found.misfits
    assert misfit.latest == max(fit) == date(2025, 3, 1)
    assert misfit.fitting == sum(entry.day <= max(fit) for entry in found.accrual.entries) == 54
    # and with those it does fit
    again = timeline_of(study, Asked(enrol=72, over=Span(274, "d")))
    assert again.misfits == ()
    assert again.whole.day("last_in") == date(2025, 3, 1)


def test_no_day_may_fit():
    """Where not even the first day fits, that is said."""
    assert latest_entry(START, START + timedelta(days=9), lambda _: False) is None
    found = timeline_of(load("belimumab-sle"), Asked(starts=date(2025, 12, 1)))
    assert found.misfits[0].latest is None


def test_a_start_before_the_stated_one():
    """Somebody who enters before the stated start is found."""
    found = timeline_of(load("belimumab-sle"), Asked(starts=date(2024, 1, 1), enrol=366, over=Span(1, "y")))
    assert [m.what for m in found.misfits] == ["start"]


def test_arms_take_turns():
    """Participants enter the arms in turn, in the shares given; each arm has its own milestones and finding."""
    study = load_study(TWO_ARMS)
    found = timeline_of(study, Asked(enrol=6, over=Span(30, "d")), {"long": 2})
    assert [one.arm for one in found.participants] == ["short", "long", "long", "short", "long", "long"]
    assert [(g.kind, g.name, g.size) for g in found.groups] == [
        ("study", "", 6), ("arm", "short", 2), ("arm", "long", 4),
    ]  # fmt: skip
    assert found.groups[1].day("last_dose") == date(2027, 1, 20) + timedelta(days=9)
    assert found.groups[2].day("last_visit") == date(2027, 1, 30) + timedelta(days=69)
    assert [(m.arm, m.day) for m in found.misfits] == [("long", date(2027, 4, 9))]
    assert "Participants enter the arms in turn: short, 2 in long." in found.notes


def test_an_arm_nobody_enters():
    """An arm without a share has nobody; a share for an arm that does not exist is refused."""
    study = load_study(TWO_ARMS)
    found = timeline_of(study, Asked(enrol=2, over=Span(30, "d")), {"long": 0})
    assert found.groups[2].milestones == ()
    with pytest.raises(RegimenError, match="there is no arm 'middle'"):
        timeline_of(study, Asked(enrol=2, over=Span(30, "d")), {"middle": 1})
    with pytest.raises(RegimenError, match="nobody enters any arm"):
        timeline_of(study, Asked(enrol=2, over=Span(30, "d")), {"long": 0, "short": 0})


def test_what_may_happen_is_apart():
    """What is optional or hangs on a decision is not certain: both days are told."""
    found = timeline_of(load("blinatumomab-mrd"), Asked(date(2026, 3, 2), 1, Span(1, "d")))
    dose = next(one for one in found.whole.milestones if one.name == "last_dose")
    assert (dose.day, dose.possible) == (date(2026, 3, 29), date(2027, 7, 25))
    assert found.whole.milestones[-1].possible == date(2029, 3, 27)
    assert any("retreatment_start" in note for note in found.notes)
