"""What would the calendar of each subject, made one by one, have as rows? The second opinion on the kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from regimen.calendars import make_calendar
from regimen.cohort.bodies import MEASURES
from regimen.cohort.kernel import Cohort
from regimen.cohort.schema import COLUMNS
from regimen.cohort.subjects import decision_column
from regimen.definition.models import Study
from regimen.dosing import read_measures
from regimen.errors import DatingError
from regimen.events import Calendar, Event, day_of
from regimen.facts import Fact
from regimen.ledger import Given, make_ledger
from regimen.library import plan_for
from regimen.placement import on_working_days
from regimen.plan import Plan
from regimen.workdays import Site

Row = dict[str, Any]
_OWN = ("subject", "arm", "site")
_NO_AMOUNT: Row = {"amount": None, "unit": None}


def rows_by_calendar(
    study: Study,
    subject: Mapping[str, Any],
    *,
    horizon: Any = None,
    site: Site | None = None,
    facts: Sequence[Fact] = (),
) -> list[Row]:
    """Every column of every event of one subject, by id; an event that waits has no dates."""
    anchors = {name: subject[name] for name in study.anchors if subject.get(name) is not None}
    given = {name: subject.get(decision_column(study, name)) for name in study.decisions}
    answers = {name: answer for name, answer in given.items() if answer is not None}
    plan = plan_for(study, anchors, arm=subject.get("arm"), decide=answers, horizon=horizon, facts=facts)
    own = {"subject": subject["subject"], "arm": plan.arm, "site": subject.get("site")}
    points = {point.id: point for point in plan}
    if anchors:
        try:
            calendar = make_calendar(plan, anchors, facts=facts)
        except DatingError as error:
            if "nothing can be dated" not in str(error):
                raise
            calendar = None
    else:
        calendar = None
    if calendar is None:
        return sorted((own | _waiting(points[id]) for id in points), key=lambda row: row["event"])
    if site is not None:
        calendar = on_working_days(calendar, site)
    amounts = _amounts(study, plan, calendar, subject)
    rows = [own | _dated(event) | amounts.get(event.id, _NO_AMOUNT) for event in calendar]
    rows += [own | _waiting(points[id]) for waiting in calendar.waiting for id in waiting.events]
    return sorted(rows, key=lambda row: row["event"])


def _amounts(study: Study, plan: Plan, calendar: Calendar, subject: Mapping[str, Any]) -> dict[str, Row]:
    """The amounts of the whole ledger, as ``regimen doses`` has them."""
    measured = Given(read_measures(**{kind: subject[kind] for kind in MEASURES if subject.get(kind) is not None}))
    ledger = make_ledger(study, plan, calendar, measured)
    given = ((one.event.id, one.amount) for drug in ledger.drugs for one in drug.administrations)
    return {id: {"amount": float(a.value), "unit": str(a.unit)} for id, a in given if a is not None}


def _dated(event: Event) -> Row:
    window, planned = event.window, event.was_planned
    return {
        "event": event.id, "kind": event.kind, "item": event.item, "label": event.label, "epoch": event.epoch,
        "cycle": event.cycle, "day": event.day, "study_day": event.study_day, "offset_days": event.offset_days,
        "start": event.first_day, "end": event.last_day,
        "earliest": day_of(window.earliest) if window else None, "latest": day_of(window.latest) if window else None,
        "planned": day_of(planned) if planned is not None else None, "state": event.state,
        "optional": event.optional, "dose": event.dose,
        "time": f"{event.start:%H:%M}" if isinstance(event.start, datetime) else None,
    }  # fmt: skip


def _waiting(point: Any) -> Row:
    content = point.content
    nothing = dict.fromkeys(("study_day", "offset_days", "start", "end", "earliest", "latest", "planned", "time"))
    return {
        **nothing, **_NO_AMOUNT, "event": point.id, "kind": content.kind, "item": content.item, "label": content.label,
        "epoch": content.epoch, "cycle": point.cycle, "day": point.day, "optional": point.optional,
        "dose": content.dose, "state": "tentative" if point.conditions else "planned",
    }  # fmt: skip


def rows_by_kernel(cohort: Cohort, subjects: Sequence[Mapping[str, Any]]) -> dict[str, list[Row]]:
    """The rows of the kernel, by subject, in the order of ids."""
    found: dict[str, list[Row]] = {str(subject["subject"]): [] for subject in subjects}
    for batch in cohort.events_of(batch_of(cohort.study, subjects)):
        batch.validate(full=True)
        for row in batch.to_pylist():
            found[row["subject"]].append(row)
    return {name: sorted(rows, key=lambda row: row["event"]) for name, rows in found.items()}


def batch_of(study: Study, subjects: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """Subjects as columns; a name that none of them has is left out, as in a file."""
    asked = [decision_column(study, name) for name in study.decisions]
    kinds = dict.fromkeys((*_OWN, *asked, *MEASURES), pa.string()) | dict.fromkeys(study.anchors, pa.date32())
    names = [name for name in kinds if any(subject.get(name) is not None for subject in subjects)]
    if not any(name in study.anchors for name in names):
        names.append(next(iter(study.anchors)))
    columns = [pa.array([subject.get(name) for subject in subjects], kinds[name]) for name in names]
    return pa.RecordBatch.from_arrays(columns, names)


def check(
    study: Study, subjects: Sequence[Mapping[str, Any]], *, horizon: Any = None, site: Site | None = None
) -> Cohort:
    """Both give the same rows for every subject."""
    cohort = Cohort(study, horizon, site, tuple(COLUMNS))
    found = rows_by_kernel(cohort, subjects)
    for subject in subjects:
        expected = rows_by_calendar(study, subject, horizon=horizon, site=site)
        assert found[subject["subject"]] == expected, subject
    assert cohort.counted["subjects"] == len(subjects)
    return cohort


def day(text: str) -> date:
    """A day from its ISO text."""
    return date.fromisoformat(text)
