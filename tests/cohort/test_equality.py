"""Does the kernel give the very dates of the scalar calendar, event by event and in every column?"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cohort.second_opinion import batch_of, check, rows_by_calendar, rows_by_kernel
from tests.examples import by_days, by_starts, in_cycles

from regimen.calendars import make_calendar
from regimen.cohort.kernel import Cohort
from regimen.cohort.schema import COLUMNS
from regimen.cohort.subjects import decision_column
from regimen.definition.loading import load_study
from regimen.definition.models import Study
from regimen.errors import RegimenError
from regimen.facts import Fact
from regimen.library import load, names
from regimen.notation import read_span
from regimen.plan import make_plan
from regimen.workdays import Closure, Site

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = [c for c in (*in_cycles.CASES, *by_days.CASES, *by_starts.CASES) if not c.refused and c.zone is None]
DAYS = [
    date(2024, 2, 29),
    date(2023, 1, 31),
    date(2027, 1, 4),
    date(2023, 12, 31),
    date(2028, 2, 28),
    date(2100, 2, 28),
]
BODIES = [
    {"weight": "70 kg", "height": "170 cm", "sex": "female", "age": "54 years"},
    {"weight": "154.5 lb"},
    {},
    {"weight": "44.9 kg", "height": "5 ft 2 in", "sex": "male", "creatinine": "0.9 mg/dL", "age": "31 years"},
    {"height": "180 cm"},
]
ASSUMED = {"daratumumab-t-all": ("myeloma-label-one-year",)}


def trial(name: str) -> Study:
    return load(name, assume=ASSUMED.get(name, ()))


def everyone(study: Study, days: list[date]) -> list[dict[str, object]]:
    """A subject of every arm for every day, with answers and anchors in turn given, open and missing."""
    people: list[dict[str, object]] = []
    for arm in study.arms:
        for number, first in enumerate(days):
            later = {name: first + timedelta(days=400 * place) for place, name in enumerate(study.anchors)}
            known = {name: on for place, (name, on) in enumerate(later.items()) if (number + place) % 5}
            answers = {
                decision_column(study, name): (*decision.options, None)[(number + place) % (len(decision.options) + 1)]
                for place, (name, decision) in enumerate(study.decisions.items())
            }
            body = BODIES[len(people) % len(BODIES)]
            people.append({"subject": f"S-{len(people)}", "arm": arm, "site": "07", **known, **answers, **body})
    return people


@pytest.mark.parametrize("name", names())
def test_trials(name):
    """The five trials: every arm, answers given and open, anchors known and not, 29 February and month ends."""
    cohort = check(trial(name), everyone(trial(name), [*DAYS, *(day + timedelta(days=1) for day in DAYS)]))
    assert cohort.counted["alone"] == 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.says}")
def test_examples(case):
    """Every example that can be dated without a clock time gives the same rows as columns and one by one."""
    study = load(EXAMPLES / f"{case.file}.yaml", assume=case.assume)
    if any("T" in text for text in case.on.values()):
        pytest.skip("a cohort has days only")
    on = {name: date.fromisoformat(text) for name, text in case.on.items()}
    arm = case.arm or next(iter(study.arms))
    answers = {decision_column(study, name): answer for name, answer in case.decisions.items()}
    moved = [{name: day + timedelta(days=n) for name, day in on.items()} for n in (0, 1, 29, 59, 366)]
    people = [{"subject": f"S-{n}", "arm": arm, **days, **answers, **BODIES[n]} for n, days in enumerate(moved)]
    check(study, people, horizon=read_span(case.horizon) if case.horizon else None)


POLICIES = """\
format: regimen/1
study: {{id: made-up, title: A made-up study, first_day: 1}}
anchors: {{first_dose: first infusion, scan: first scan}}
decisions:
  goes_on: {{question: Does treatment go on?, options: ["yes", "no"]}}
arms: {{main: [treatment, follow-up, imaging]}}
epochs:
  treatment:
    from: first_dose
    doses:
      antibody: {{dose: 10 mg/kg IV, when: "{when}", window: {window}, working_days: {policy}}}
      tablet: {{dose: 5 mg PO, when: "{tablets}"}}
    visits:
      visit: {{when: "{visits}", window: ±3 d, working_days: {policy}}}
  follow-up:
    from: end of treatment
    visits:
      call: {{when: every 3 mo x4, window: ±7 d, working_days: {policy}}}
  imaging:
    from: scan
    visits:
      image: {{when: every 2 mo x5, window: -2/+5 d, working_days: {policy}}}
"""


@st.composite
def definitions(draw):
    """Made-up definitions of one shape: intervals, months, windows and weekend policies."""
    return POLICIES.format(
        when=draw(st.sampled_from(["q1w x8", "q2w x6", "days 1, 8, 15", "q1mo x6", "q28d through day 150"])),
        window=draw(st.sampled_from(["±1 d", "±2 d", "-1/+3 d", "±1 w"])),
        policy=draw(st.sampled_from(["keep", "warn", "nearest", "next", "previous"])),
        tablets=draw(st.sampled_from(["daily x10", "q2d x7", "Mon, Thu x8"])),
        visits=draw(st.sampled_from(["q4w x5", "every 1 mo x5", "days 1, 2, 3, 5, 8"])),
    )


dates = st.dates(date(2019, 1, 1), date(2032, 12, 31)) | st.sampled_from(DAYS)
sites = st.sampled_from(
    [None, Site(), Site(weekend=(4, 5)), Site(closures=(Closure(date(2027, 1, 1), date(2027, 1, 9)),))]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    definitions(),
    st.lists(st.tuples(dates | st.none(), dates | st.none(), st.sampled_from(BODIES)), min_size=1, max_size=5),
    sites,
)
def test_any_definition(text, anchors, site):
    """Random rules, windows, weekend policies, anchors and measures, 29 February and none among them: the same rows."""
    study = load_study(text)
    people = [
        {"subject": f"S-{n}", "first_dose": one, "scan": two, **body} for n, (one, two, body) in enumerate(anchors)
    ]
    check(study, people, site=site)


BOUNDED = """\
format: regimen/1
study: {id: made-up, title: A made-up study, first_day: 1}
anchors: {first_dose: first infusion, surgery: surgery}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
    doses:
      tablet: {dose: 5 mg PO, when: q1w before surgery}
"""


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(dates, st.integers(1, 200) | st.none()), min_size=1, max_size=4))
def test_an_end_that_another_anchor_gives(people):
    """A series that ends at another date has as many doses as fit, for each subject; without that date it waits."""
    rows = [
        {"subject": f"S-{n}", "first_dose": first, "surgery": None if gap is None else first + timedelta(days=gap)}
        for n, (first, gap) in enumerate(people)
    ]
    check(load_study(BOUNDED), rows)


def test_a_bound_hit_exactly_is_refused_with_the_subject():
    """What the calendar refuses is refused here, with the row and the subject."""
    study = load_study(BOUNDED.replace("q1w before surgery", "q1w up to 6 mo"))
    on = next(day for day in (date(2027, 1, 1) + timedelta(days=n) for n in range(800)) if _refused(study, day))
    people = [{"subject": "S-1", "first_dose": date(2027, 1, 2)}, {"subject": "S-2", "first_dose": on}]
    with pytest.raises(RegimenError, match=r"row 2 \(S-2\): .* falls exactly on the bound"):
        list(Cohort(study).events_of(batch_of(study, people)))


def _refused(study: Study, day: date) -> bool:
    try:
        make_calendar(make_plan(study), {"first_dose": day})
    except RegimenError:
        return True
    return False


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 13), st.integers(-2, 3), st.sampled_from(["given", "missed"]), dates)
def test_journals(place, late, what, first):
    """A subject with a journal has the rows of its re-planned calendar."""
    study = load("belimumab-sle")
    doses = make_calendar(make_plan(study), {"first_dose": first}).of_kind("dose")
    on = doses[place].first_day + timedelta(days=late if place else 0)
    facts = (Fact(what, doses[place].id, on if what == "given" else None, number=1, why="ill"),)
    person = {"subject": "S-1", "first_dose": first, "weight": "70 kg"}
    cohort = Cohort(study, columns=tuple(COLUMNS), facts={"S-1": facts})
    found = rows_by_kernel(cohort, [person, {"subject": "S-2", "first_dose": first}])
    assert found["S-1"] == rows_by_calendar(study, person, facts=facts)
    assert found["S-2"] == rows_by_calendar(study, {"subject": "S-2", "first_dose": first})


@pytest.mark.parametrize("policy", ["nearest", "next", "previous"])
@pytest.mark.parametrize("weekend", [(5, 6), (6,), (4, 5)])
def test_weekend_policies(policy, weekend):
    """Every weekday as the first, with dates that would meet each other on a working day: the same moves."""
    texts = {"when": "days 1, 4, 8, 15", "window": "±2 d", "tablets": "q2d x5", "visits": "days 1, 2, 3, 5, 8, 12"}
    study = load_study(POLICIES.format(policy=policy, **texts))
    people = [{"subject": f"S-{n}", "first_dose": date(2027, 1, 4) + timedelta(days=n)} for n in range(14)]
    cohort = check(study, people, site=Site(weekend=weekend))
    assert 0 < cohort.counted["alone"] < len(people)
