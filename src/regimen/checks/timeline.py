"""Does the study fit between its stated start and completion? The last participant's last dose against the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from regimen.calendars import make_calendar
from regimen.checks.finding import Draft
from regimen.checks.survey import Survey
from regimen.definition.models import Facts
from regimen.errors import DatingError
from regimen.events import Event, day_of
from regimen.moments import shifted
from regimen.notation import point_in_words
from regimen.notation.terms import Point as Place
from regimen.plan import Plan
from regimen.timing import Elapsed, Span

_PATH = ("study", "completes")


def timeline(survey: Survey) -> Iterator[Draft]:
    """A study whose last participant is still treated after its stated completion cannot be run as stated."""
    facts = survey.study.study
    if facts.starts is None or facts.completes is None:
        return
    if facts.completes < facts.starts:
        sentence = f"the study completes on {_said(facts.completes)}, before it starts on {_said(facts.starts)}"
        yield Draft("error", _PATH, sentence, "check both dates")
        return
    entry = _last_entry(facts)
    for arm, plan, _ in survey.plans():
        last = _last(plan, entry)
        if last is not None and last.last_day > facts.completes:
            among = f" in the arm {arm.arm}" if len(survey.arms) > 1 else ""
            yield Draft("warning", _PATH, _sentence(facts, entry, last, among), _remedy(facts, plan, last))


def _last_entry(facts: Facts) -> date:
    """The last day on which somebody can enter: the day before the accrual ends."""
    assert facts.starts is not None
    return _entry_after(facts.starts, facts.accrual, facts) if facts.accrual is not None else facts.starts


def _entry_after(starts: date, accrual: Span, facts: Facts) -> date:
    offset = facts.counting().offset(accrual)
    assert not isinstance(offset, Elapsed)
    return day_of(shifted(starts, offset)) - timedelta(days=1)


def _last(plan: Plan, entry: date) -> Event | None:
    """What happens last, of all that is planned for certain, to somebody who enters that day."""
    try:
        calendar = make_calendar(plan, {plan.origin.removeprefix("@"): entry})
    except DatingError:
        return None
    sure = [e for e in calendar if e.kind != "milestone" and not e.optional and e.state == "planned"]
    return max(sure, key=lambda e: (e.last_day, e.kind == "dose", e.id), default=None)


def _sentence(facts: Facts, entry: date, last: Event, among: str) -> str:
    assert facts.starts is not None
    assert facts.completes is not None
    what = f"the last dose of {last.label}" if last.kind == "dose" else last.label
    late = (last.last_day - facts.completes).days
    lasting = f" enrolment for {facts.accrual.words} from" if facts.accrual is not None else " a start on"
    return (
        f"with{lasting} {_said(facts.starts)} the last participant{among} enters on {_said(entry)} and has {what} "
        f"({last.position}) on {_said(last.last_day)}, {late} days after the stated completion on "
        f"{_said(facts.completes)}"
    )


def _remedy(facts: Facts, plan: Plan, last: Event) -> str:
    """Which accrual would fit, and which completion."""
    assert facts.starts is not None
    assert facts.completes is not None
    later = f"complete on {_said(last.last_day)} or later"
    latest = _latest_entry(facts.starts, facts.completes, plan)
    if latest is None:
        return f"not even a participant who enters on {_said(facts.starts)} can finish by then; {later}"
    months = _whole_months(facts, latest)
    days = (latest - facts.starts).days + 1
    accrual = f"{months} month{'' if months == 1 else 's'}" if months else f"{days} days"
    return f"enrol for at most {accrual} (the last participant by {_said(latest)}), or {later}"


def _latest_entry(starts: date, completes: date, plan: Plan) -> date | None:
    """The latest day of entry that still finishes in time, found by halving."""
    low, high = 0, (completes - starts).days
    if not _in_time(plan, starts, completes):
        return None
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _in_time(plan, starts + timedelta(days=middle), completes) else (low, middle - 1)
    return starts + timedelta(days=low)


def _in_time(plan: Plan, entry: date, completes: date) -> bool:
    last = _last(plan, entry)
    return last is None or last.last_day <= completes


def _whole_months(facts: Facts, latest: date) -> int:
    assert facts.starts is not None
    months = 0
    while _entry_after(facts.starts, Span(months + 1, "mo"), facts) <= latest:
        months += 1
    return months


def _said(day: date) -> str:
    return point_in_words(Place("date", date=day))
