"""Does every example give the calendar that was worked out for it by hand?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import pytest
from tests.examples import by_days, by_starts, in_cycles
from tests.examples.cases import Case

from regimen.errors import RegimenError
from regimen.events import Calendar, DatedWindow, Event
from regimen.library import expand, load
from regimen.notation import read_span
from regimen.plan import make_plan

FOLDER = Path(__file__).parents[1] / "examples"
FILES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
CASES = (*in_cycles.CASES, *by_days.CASES, *by_starts.CASES)

CONSTRUCTS = {
    "several drugs on one clock of 21 days": "cycles-of-21-days",
    "days 1, 8, 15 of 28": "days-1-8-15-of-28",
    "a dose stepped within cycle 1": "stepped-first-cycle",
    "cycles of two lengths": "cycles-of-two-lengths",
    "cycle lengths that repeat": "repeating-cycle-lengths",
    "cycles in months": "cycles-in-months",
    "courses with rests": "courses-with-rests",
    "negative days from a second anchor": "transplant-conditioning",
    "a list of months": "vaccine-months-0-1-6",
    "a taper by rule": "taper-by-rule",
    "titration": "titration-every-2-weeks",
    "working days with a count": "radiotherapy-33-fractions",
    "every 2nd of the working days": "every-second-working-day",
    "weekdays in cycles": "weekdays-in-cycles",
    "weekdays with an end": "weekdays-within-bounds",
    "cycles that are cut off": "cut-off-at-surgery",
    "months after months": "months-then-quarters",
    "follow-up from an open end": "follow-up-after-progression",
    "phases in sequence": "tuberculosis-two-phases",
    "crossover with washout": "crossover",
    "an interval that grows": "treat-and-extend",
    "windows of parts": "depot-injections",
    "odd cycles, all but, every 3rd from 6": "intrathecal-in-some-cycles",
    "day d of week w, by the clock": "days-of-weeks-at-clock-times",
    "elapsed hours across a clock change": "every-6-hours",
    "a list of hours": "hours-0-12-36",
    "hours before another dose": "premedication-in-cycle-1",
    "days after each dose": "antiemetic-after-each-dose",
    "weeks without another drug": "weeks-without-the-other-drug",
    "alternative epochs": "transplant-decision",
    "a conditional part": "responders-continue",
    "an end that counts from another anchor": "randomised-and-surgery",
    "a gap with a range after the last dose": "chemotherapy-after-radiotherapy",
    "an interval visit": "screening-interval",
    "nested windows": "nested-windows",
    "activities on some days of a visit": "visits-with-activities",
    "a procedure on its own clock": "imaging-every-8-weeks",
    "an open end with a horizon": "until-progression",
    "at most": "at-most-12-months",
    "up to a count of cycles": "up-to-6-cycles",
    "as needed and not stated": "as-needed-and-not-stated",
    "assumptions to opt into": "assumptions-to-choose",
    "first day 0": "first-day-0",
    "first day 1": "first-day-1",
    "weeks elapsed": "weeks-elapsed",
    "weeks ordinal": "weeks-ordinal",
    "months of 28 days": "months-of-28-days",
    "a weekday drug": "weekly-on-monday",
    "a divided daily dose": "divided-daily-dose",
    "a dose by AUC and a cap": "carboplatin-by-auc",
    "an infusion of cells": "cell-infusion",
    "days on and days off": "three-weeks-on-one-week-off",
    "loading and maintenance from different starts": "loading-then-maintenance",
    "times a week without days": "days-not-named",
    "an interval within days": "interval-within-days",
    "follow-up from the last dose": "follow-up-after-last-dose",
    "doses by bands of weight, with bags": "steps-by-weight",
    "a cap for life, and vials": "lifetime-cap",
}


# ------------------------------------------------------------ dating an example
def calendar_of(case: Case) -> Calendar:
    return expand(
        FOLDER / f"{case.file}.yaml",
        case.on,
        arm=case.arm,
        decide=case.decisions,
        assume=case.assume,
        horizon=case.horizon,
        zone=case.zone,
    )


def shown(when: date | datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M}" if isinstance(when, datetime) else when.isoformat()


def window(of: DatedWindow | None) -> str:
    return "none" if of is None else f"{shown(of.earliest)} to {shown(of.latest)}"


def lane(event: Event, calendar: Calendar) -> str:
    """The item's key; an activity of a visit that has a line of its own adds its name."""
    return event.item if event.label == calendar.lanes[event.item] else f"{event.item}: {event.label}"


def lanes(calendar: Calendar) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in calendar:
        if event.kind != "milestone":
            found.setdefault(lane(event, calendar), []).append(event)
    return found


def numbers(text: str) -> list[int]:
    """``0..2 7x2`` is 0, 1, 2, 7, 7."""
    result: list[int] = []
    for first, last, times in re.findall(r"(-?\d+)(?:\.\.(-?\d+))?(?:x(\d+))?", text):
        result += [n for n in range(int(first), int(last or first) + 1) for _ in range(int(times or 1))]
    return result


def runs(amounts: Iterable[str | None]) -> str:
    """``8 mg, 6 mg x5``."""
    counted = ((amount, len(list(group))) for amount, group in groupby(amounts))
    return ", ".join(f"{amount} x{n}" if n > 1 else str(amount) for amount, n in counted)


def by_id(calendar: Calendar, ids: Mapping[str, str]) -> dict[str, Event]:
    """The events with those ids; an id that is not there shows what is."""
    events = {event.id: event for event in calendar}
    missing = [id for id in ids if id not in events]
    assert not missing, f"{missing} not among {list(events)}"
    return {id: events[id] for id in ids}


def named(case: Case) -> str:
    return f"{case.file}: {case.says}"


dated = pytest.mark.parametrize("case", [case for case in CASES if not case.refused], ids=named)
refused = pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=named)


# ------------------------------------------------------------ what an example gives
@dated
def test_every_lane_has_the_days_worked_out_by_hand(case: Case) -> None:
    """A definition gives exactly the events that the meaning of its words gives: none missing, none more."""
    found = lanes(calendar_of(case))
    assert {key: [event.offset_days for event in found.get(key, [])] for key in case.offsets} == {
        key: numbers(text) for key, text in case.offsets.items()
    }
    assert {key: [shown(event.start) for event in found.get(key, [])] for key in case.dates} == {
        key: text.split() for key, text in case.dates.items()
    }
    assert set(found) == {*case.offsets, *case.dates}


@dated
def test_an_id_and_a_position_name_one_point(case: Case) -> None:
    """An event's id is epoch, cycle, day and item; its position is what the protocol would call the point."""
    calendar = calendar_of(case)
    found = by_id(calendar, case.points)
    assert {id: f"{event.position} {shown(event.start)}" for id, event in found.items()} == case.points
    assert len({event.id for event in calendar}) == len(calendar)


@dated
def test_what_lasts_ends_as_stated(case: Case) -> None:
    """A dated interval ends on its last day, a timed one at the moment it stops."""
    found = by_id(calendar_of(case), case.lasting)
    assert {id: f"{shown(event.start)} to {shown(event.end)}" for id, event in found.items()} == case.lasting


@dated
def test_amounts_follow_each_other_as_stated(case: Case) -> None:
    """The amount of every dose is the one its cycle, day or phase names."""
    found = lanes(calendar_of(case))
    assert {key: runs(event.dose for event in found[key]) for key in case.doses} == case.doses


@dated
def test_windows_hang_on_the_planned_point(case: Case) -> None:
    """A window is the days allowed early and late; no window is not a window of 0."""
    calendar = calendar_of(case)
    assert {id: window(event.window) for id, event in by_id(calendar, case.windows).items()} == case.windows
    assert {id: window(event.preferred) for id, event in by_id(calendar, case.preferred).items()} == case.preferred


@dated
def test_a_visit_lists_what_is_done_there(case: Case) -> None:
    """A visit carries the activities of its day, in the protocol's order."""
    found = by_id(calendar_of(case), case.activities)
    assert {id: ", ".join(event.activities) for id, event in found.items()} == case.activities


@dated
def test_only_what_hangs_on_an_open_question_is_tentative(case: Case) -> None:
    """Events behind an open question are tentative, those of an "up to" optional, all others planned."""
    found = lanes(calendar_of(case))
    for state, expected in (("tentative", case.tentative), ("optional", case.optional)):
        offsets = {
            key: [e.offset_days for e in events if (e.state == "tentative" if state == "tentative" else e.optional)]
            for key, events in found.items()
        }
        assert {key: days for key, days in offsets.items() if days} == {k: numbers(t) for k, t in expected.items()}


@dated
def test_what_is_not_the_protocols_own_is_marked(case: Case) -> None:
    """A value that is assumed or not stated is marked on every event it reaches; nothing else is."""
    for key, events in lanes(calendar_of(case)).items():
        expected = case.basis.get(key, "stated")
        words = [re.sub(r" x\d+$", "", part) for part in expected.split(", ")]
        found = [next((w for w in words if event.basis.startswith(w)), event.basis) for event in events]
        assert runs(found) == expected or {*found} == {expected}


@dated
def test_an_epoch_ends_before_its_exclusive_end(case: Case) -> None:
    """The end of an epoch is the day before which it ends: a cycle ends at its full length."""
    ends = {e.epoch: shown(e.start) for e in calendar_of(case) if e.kind == "milestone" and e.id.endswith("/end")}
    assert {epoch: ends.get(epoch) for epoch in case.ends} == case.ends


@dated
def test_what_has_no_date_is_never_dropped(case: Case) -> None:
    """What waits for an anchor is listed with it; what gives no dates is named in the notes."""
    calendar = calendar_of(case)
    assert tuple(waiting.for_ for waiting in calendar.waiting) == case.waiting
    for name in case.undated:
        assert [note for note in calendar.notes if note.startswith(f"Not dated: {name}")]
    assert len([note for note in calendar.notes if note.startswith("Not dated: ")]) == len(case.undated)


@dated
def test_the_same_input_gives_the_same_calendar(case: Case) -> None:
    """A calendar depends on nothing but its inputs."""
    assert calendar_of(case) == calendar_of(case)


@refused
def test_what_cannot_be_expanded_says_what_to_do(case: Case) -> None:
    """What has two meanings or no end is refused with the remedy, not guessed."""
    with pytest.raises(RegimenError) as caught:
        calendar_of(case)
    assert case.refused in str(caught.value)


def test_the_stepped_first_cycle_sums_to_651_mcg() -> None:
    """A first cycle of 9 mcg/day for 7 days and 28 mcg/day for 21 days is 651 mcg."""
    first = next(case for case in CASES if case.file == "stepped-first-cycle")
    events = [event for event in calendar_of(first).of_item("blinatumomab") if event.cycle == 1]
    assert [event.dose_days for event in events if event.dose] == [7, 21]
    assert sum(int((event.dose or "0").split()[0]) * event.dose_days for event in events) == 651


def test_a_longer_horizon_changes_no_id() -> None:
    """Extending the horizon adds events and changes none."""
    study = load(FOLDER / "until-progression.yaml")
    shorter, longer = (make_plan(study, horizon=read_span(text)).ids for text in ("6 mo", "12 mo"))
    doses = [id for id in longer if id.endswith("/atezolizumab")]
    assert len(doses) == 18
    assert [id for id in shorter if id.endswith("/atezolizumab")] == doses[:9]


# ------------------------------------------------------------ the folder itself
def test_every_example_is_in_the_table() -> None:
    """Every example has a result that was worked out by hand."""
    assert sorted({case.file for case in CASES}) == list(FILES)


def test_every_construct_has_an_example() -> None:
    """Every construct has one example, and every example shows one construct."""
    assert sorted(CONSTRUCTS.values()) == list(FILES)


@pytest.mark.parametrize("name", FILES)
def test_an_example_says_first_what_it_shows(name: str) -> None:
    """An example opens with one line that says what it shows, and its title says that it is fictional."""
    first = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"# [A-Z].{20,110}\.", first)
    assert "fictional" in load(FOLDER / f"{name}.yaml").study.title


def test_the_overview_lists_every_example() -> None:
    """The overview names every example with its own first line, in order."""
    rows = re.findall(r"^\| \[(\S+)\]\(\1\) \| (.+) \|$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.M)
    lines = ((FOLDER / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0] for name in FILES)
    assert rows == [(f"{name}.yaml", line.removeprefix("# ")) for name, line in zip(FILES, lines, strict=True)]
