"""What does a schedule of activities show? Every planned event once, under a head that says its day and no other."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.build import plan_of, study_of, text_of
from tests.commands import ROOT
from tests.golden.schedules import FORTY, NAMES, grid_of
from tests.golden.schedules import TRIALS as GOLDEN

from regimen.calendars import make_calendar
from regimen.definition.loading import load_study
from regimen.errors import RegimenError
from regimen.library import load
from regimen.plan.extents import Extents
from regimen.render import soa
from regimen.render.activities import happening
from regimen.render.described import arm_plan
from regimen.render.soa.grid import panels
from regimen.render.soa.plain import as_markdown, as_text
from regimen.safetext import unsafe

TRIALS = ("belimumab-cll", "belimumab-sle", "blinatumomab-maintenance", "blinatumomab-mrd", "daratumumab-t-all")
EXAMPLES = tuple(sorted(path.stem for path in (ROOT / "examples").glob("*.yaml")))


def plans():
    """Each arm of each example that has a schedule, with its study."""
    for name in EXAMPLES:
        study = load(ROOT / "examples" / f"{name}.yaml")
        for arm in study.arms:
            plan, reason = arm_plan(study, arm)
            if plan is not None:
                yield pytest.param(study, plan, reason, id=f"{name}-{arm}")


def planned(plan):
    """The ids of all that may take place on some calendar; milestones are no part of a schedule."""
    extents = Extents(plan)
    return Counter(point.id for epoch in plan.epochs for point in happening(plan, extents, epoch))


def test_the_samples_are_the_shipped_trials():
    """The golden files are those of the five trials."""
    assert tuple(GOLDEN) == TRIALS


@pytest.mark.parametrize(("study", "plan", "reason"), list(plans()))
def test_every_planned_event_is_there_once(study, plan, reason):
    """Each event of each arm of each example stands in exactly one cell, whatever was condensed."""
    grid = soa.grid_of(study, plan, reason)
    assert Counter(grid.ids) == planned(plan)
    assert grid.ids
    assert not any(unsafe(line) for line in as_text(grid).splitlines())


def test_a_doubled_event_would_be_noticed():
    """The law can fail: an id counted twice, or left out, is another count."""
    plan = plan_of(when="daily days 1-3")
    assert planned(plan) == Counter(plan.ids[1:]) == Counter({f"treatment/d{n}/drug": 1 for n in (1, 2, 3)})


@given(
    step=st.integers(1, 40), times=st.integers(1, 60), visits=st.integers(1, 30), gap=st.integers(1, 60),
    first_day=st.sampled_from((0, 1)),
)  # fmt: skip
@settings(max_examples=60)
def test_days_can_be_read_back(step, times, visits, gap, first_day):
    """From the heads alone one gets every study day of every dose and visit, as the dated calendar has them."""
    said = {"doses": {"drug": ("1 mg PO", f"every {step} days x{times}")}, "first_day": first_day,
            "visits": {"clinic": f"every {gap} days x{visits}"}}  # fmt: skip
    _assert_read_back(study_of(**said), plan_of(**said))


@given(length=st.integers(21, 35), cycles=st.integers(1, 9), days=st.sets(st.integers(1, 20), min_size=1, max_size=9))
@settings(max_examples=60)
def test_days_of_cycles_can_be_read_back(length, cycles, days):
    """The same for days of cycles, where like cycles share their columns."""
    when = f"days {', '.join(map(str, sorted(days)))}"
    said = {"cycles": f"{length} d x{cycles}", "doses": {"drug": ("1 mg PO", when)}, "visits": {"clinic": "day 1"}}
    _assert_read_back(study_of(**said), plan_of(**said))


@pytest.mark.parametrize("name", ["belimumab-sle", "belimumab-cll"])
def test_days_of_trials_can_be_read_back(name):
    """The same for two trials with hundreds of doses."""
    study = load(name)
    plan, _ = arm_plan(study, next(iter(study.arms)))
    _assert_read_back(study, plan)


def _assert_read_back(study, plan):
    start = date(2027, 1, 4)
    calendar = make_calendar(plan, {plan.origin.lstrip("@"): start})
    zero = plan.counting.first_day
    expected = {e.id: (e.first_day - start).days + (zero if e.first_day >= start else 0) for e in calendar}
    grid = soa.grid_of(study, plan)
    found: dict[str, int] = {}
    for number, column in enumerate(grid.columns):
        days = _days(column.heads["Study day"].text)
        for cell in (*column.heads.values(), *(row.cells[number] for row in grid.rows if number in row.cells)):
            found |= dict(_read(cell, days, zero))
    dated = found.keys() & expected.keys()
    assert {id: found[id] for id in dated} == {id: expected[id] for id in dated}
    assert set(expected) - set(found) == {event.id for event in calendar.of_kind("milestone")}


def _days(text):
    """What a reader makes of the head: one day, or from the first to the last by a step."""
    text = text.replace("−", "-")
    again = re.fullmatch(r"(.*); again every (\d+) days, (\d+) times in all", text)
    if again:
        first = _days(again[1])
        return [day + int(again[2]) * n for n in range(int(again[3])) for day in first]
    found = re.fullmatch(r"(-?\d+)(?: to (-?\d+), (?:daily|every (day|\d+ days))(?: \(\d+ times\))?)?", text)
    assert found, text
    if found[2] is None:
        return [int(found[1])]
    step = int(found[3].split()[0]) if found[3] not in (None, "day") else 1
    return list(range(int(found[1]), int(found[2]) + 1, step))


def _read(cell, days, zero):
    """Each event of a cell with its day: one for each day of the head, or a run of days from that of the head on."""
    if not cell.ids:
        return
    run = re.search(r"daily to day (\d+)", cell.text)
    if run is None:
        assert len(cell.ids) == len(days)
        yield from zip(cell.ids, days, strict=True)
        return
    each = len(cell.ids) // len(days)
    for n, id in enumerate(cell.ids):
        yield id, days[n // each] + n % each
    assert zero in (0, 1)


# ---------------------------------------------------------------- by hand


def heads(grid, name):
    return [column.heads[name].text if name in column.heads else "" for column in grid.columns]


def row(grid, label):
    (found,) = (row for row in grid.rows if row.label.startswith(label))
    return [found.cells[n].text if n in found.cells else "" for n in range(len(grid.columns))]


def test_lupus():
    """14 infusions on days 0, 14, 28, 56 … 336; evaluations at weeks 0, 2, 4, 8, 12, 24, 36, 48, all on dose days."""
    grid = grid_of("belimumab-sle")
    assert heads(grid, "Study day") == [str(day) for day in (0, 14, *range(28, 337, 28))]
    assert heads(grid, "Week") == ["0", "2", "4", "8", "12", "", "", "24", "", "", "36", "", "", "48"]
    assert row(grid, "belimumab 10 mg/kg IV over 1 h") == ["X"] * 14
    assert [bool(text) for text in heads(grid, "Visit")] == [bool(text) for text in heads(grid, "Week")]
    assert [one.label for one in grid.rows][:5] == [
        "SLEDAI-2K", "immune markers", "inflammatory biomarkers", "clinical markers", "safety"]  # fmt: skip
    assert "the record gives no window" in as_markdown(grid)


def test_leukaemia_with_three_drugs():
    """Steps on days 1, 8, 15, 22, 29; rituximab on 36, 64 … 176; 105 weekly injections, the last on day 729."""
    grid = grid_of("belimumab-cll")
    days = heads(grid, "Study day")
    assert [(day, text) for day, text in zip(days, row(grid, "rituximab"), strict=True) if text] == [
        ("36", "375 mg/m2"), *((str(day), "500 mg/m2") for day in range(64, 177, 28))]  # fmt: skip
    assert row(grid, "venetoclax")[:6] == [
        "20 mg daily to day 7", "50 mg daily to day 14", "100 mg daily to day 21", "200 mg daily to day 28",
        "400 mg daily to day 765 or 766", "→"]  # fmt: skip
    assert days[-1] == "183 to 729, every 7 days (79 times)"
    (weekly,) = (one for one in grid.rows if one.label.startswith("belimumab 200 mg"))
    assert sum(len(cell.ids) for cell in weekly.cells.values()) == 105


def test_courses_of_three_months():
    """Four courses; months have 28 to 31 days, so only the calendar knows the later days: 31 Jan to 30 Apr is 89."""
    grid = grid_of("blinatumomab-maintenance")
    assert heads(grid, "Cycle") == ["1", "2", "3", "4"]
    assert heads(grid, "Study day") == ["1", "90 to 93", "182 to 185", "274 to 277"]
    assert row(grid, "blinatumomab 9 mcg/day CIV continuous for 14 d") == ["X"] * 4


def test_decisions_and_what_may_not_happen():
    """Up to 5 cycles every 42 days, maintenance only without a transplant, retreatment only if decided."""
    grid = grid_of("blinatumomab-mrd")
    assert heads(grid, "Study day")[:7] == ["−28 to −14", "1", "43", "85", "127", "169", "211"]
    assert row(grid, "blinatumomab 28 mcg/day") == ["", "X", *["(X)"] * 4, "X", *["(X)"] * 3, "X", *["(X)"] * 4]
    notes = dict(grid.footnotes)
    marked = {c.heads["Epoch"].text: " ".join(notes[m] for m in c.heads["Epoch"].notes) for c in grid.columns}
    assert "Only if transplant = no" in marked["Maintenance, only if transplant = no"]
    assert "Only if retreatment = yes" in marked["Retreatment, only if retreatment = yes"]
    assert "Only if" not in marked["Treatment"]


def test_a_decided_question_is_told_no_more():
    """With transplant = yes there is no maintenance; with no, it is no longer said to be undecided."""
    study = load("blinatumomab-mrd")
    yes, no = (soa.schedule(study, decisions={"transplant": answer}) for answer in ("yes", "no"))
    assert "Maintenance" not in heads(yes, "Epoch")
    assert "Maintenance" in heads(no, "Epoch")
    assert not any("Only if transplant" in text for _, text in no.footnotes)


def test_weekly_then_longer():
    """Weekly to day 57, every 14 days from day 71, every 28 days from day 197, as the label has it; 37 infusions."""
    grid = grid_of("daratumumab-t-all")
    assert heads(grid, "Study day") == ["1 to 57, every 7 days (9 times)", "71 to 169, every 14 days (8 times)",
                                        "197 to 729, every 28 days (20 times)"]  # fmt: skip
    assert len(grid.ids) == 37


def test_what_differs_is_said_in_the_cell():
    """A row whose doses are alike but are given over another time says the time in its cells, a run never hides it."""
    grid = soa.schedule(study_of(line="10 mg IV over 2 h daily x5 then 10 mg IV over 1 h daily x5"))
    assert row(grid, "drug 10 mg IV") == ["over 2 h daily to day 5", "over 1 h daily to day 10"]
    assert heads(grid, "Study day") == ["1", "6"]


def test_no_schedule_is_refused():
    """A trial whose schedule is not stated has none, and is told which assumptions it offers."""
    with pytest.raises(RegimenError, match="--assume myeloma-label"):
        soa.schedule(load("daratumumab-t-all"))


def test_forty_visits_fit_two_pages():
    """1 + 8 × 4 + 4 + 3 visits in 18 columns; each visit is there; equal cycles share their columns."""
    grid = grid_of(FORTY)
    visits = [id for column in grid.columns for cell in column.heads.values() for id in cell.ids]
    assert len(visits) == len(set(visits)) == 40
    assert heads(grid, "Cycle")[:6] == ["", *["1 to 8"] * 4, ""]
    assert heads(grid, "Visit window")[:5] == ["", "±2 d", "±2 d", "±2 d", "±1 d"]
    assert row(grid, "ECG")[:6] == ["X", "X", "", "", "", ""]
    assert len(grid.columns) == 18
    assert max(map(len, as_text(grid).splitlines())) <= 120


def test_several_arms():
    """Where there are several arms, one has to be named."""
    study = load(ROOT / "examples" / "crossover.yaml")
    with pytest.raises(RegimenError, match="--arm AB or --arm BA"):
        soa.schedule(study)
    assert soa.schedule(study, "BA").arm == "BA"


# ---------------------------------------------------------------- bad input


def test_one_dose():
    """A study of one dose is a grid of one column."""
    grid = soa.schedule(study_of(when="day 1"))
    assert heads(grid, "Study day") == ["1"]
    assert row(grid, "drug 1 mg PO") == ["X"]


def test_nothing_planned():
    """An arm without any event says so in every format that is text."""
    study = load_study(text_of(doses={}, lasts="12 w"))
    grid = soa.schedule(study)
    assert grid.columns == ()
    assert "nothing is planned" in as_text(grid)
    assert "nothing is planned" in as_markdown(grid)


@pytest.mark.parametrize("label", ["A" * 200, "word " * 40, "| a | b", "<script>alert(1)</script>", "化学療法", "דם"])
def test_strange_labels(label):
    """Long, dangerous and foreign names keep their row, and no Markdown or text table breaks."""
    study = load_study(text_of(doses={}, visits={"clinic": "days 1, 8"}).replace(
        "clinic: {", f"clinic: {{visit: '{label.strip()}', activities: ['{label.strip()}'], "))  # fmt: skip
    grid = soa.schedule(study)
    page = as_markdown(grid)
    table = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {4}
    assert as_text(grid)


@given(st.lists(st.floats(0.1, 9), min_size=1, max_size=40), st.floats(1, 30))
def test_panels_hold_all_columns(widths, room):
    """Panels follow each other, hold every column once, and are no wider than there is room for."""
    grid = soa.schedule(study_of(when=f"every 2 days x{len(widths)}"))
    kept = widths[: len(grid.columns)]
    found = panels(grid, room, lambda number: kept[number])
    assert [number for panel in found for number in panel] == list(range(len(kept)))
    assert all(len(panel) == 1 or sum(kept[n] for n in panel) <= room + 1e-6 for panel in found)


def test_names_are_the_golden_ones():
    """Every golden name has a grid with columns."""
    assert all(grid_of(name).columns for name in NAMES)
