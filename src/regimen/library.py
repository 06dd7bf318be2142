"""Where are the trials, and what is their calendar? Finds a definition by name or path and dates it in one call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from regimen.calendars import make_calendar
from regimen.definition.loading import read_study
from regimen.definition.models import Study
from regimen.definition.reading import Document
from regimen.errors import DatingError, RegimenError
from regimen.events import Calendar, day_of
from regimen.facts import Fact, effective
from regimen.notation import read_span
from regimen.plan import Plan, make_plan
from regimen.rules import LIMIT
from regimen.timing import Span, why_not_a_date


@dataclass(frozen=True, slots=True)
class Listed:
    """One shipped trial."""

    name: str
    registry: str | None
    title: str


@lru_cache(maxsize=1)
def seeds_folder() -> Path:
    """The folder of the shipped trials: inside the installed package, or beside ``src`` in a source tree."""
    here = Path(__file__).resolve().parent
    source = here.parents[1] / "seeds"
    return source if source.is_dir() and here.parent.name == "src" else here / "seeds"


def names() -> tuple[str, ...]:
    """The names of the shipped trials, sorted."""
    return tuple(sorted(path.stem for path in seeds_folder().glob("*.yaml")))


def listed() -> tuple[Listed, ...]:
    """The shipped trials with registry number and title."""
    studies = ((name, load(name)) for name in names())
    return tuple(Listed(name, study.study.registry, study.study.title) for name, study in studies)


def load(trial: str | Path, *, assume: Sequence[str] = ()) -> Study:
    """Load a trial by its name in ``names()`` or by its path, opting into the named assumptions.

    Raises ``RegimenError`` if there is no such trial, ``DefinitionError`` with every problem of the file.
    """
    return load_with_places(trial, assume=assume)[0]


def load_with_places(trial: str | Path, *, assume: Sequence[str] = ()) -> tuple[Study, Document]:
    """As ``load``, with the document that knows where each value stands."""
    if len(str(trial)) > 1000:
        raise _unknown(str(trial)[:40] + "…")
    path = Path(trial)
    if isinstance(trial, str) and trial and not path.suffix and "/" not in trial and "\\" not in trial:
        named = seeds_folder() / f"{trial}.yaml"
        if named.is_file():
            return read_study(named, name=named.name, assume=assume)
        if not path.exists():
            raise _unknown(trial)
    return read_study(path, assume=assume)


def _unknown(trial: str) -> RegimenError:
    known = names()
    close = get_close_matches(trial, known, n=1, cutoff=0.4)
    hint = f" Did you mean {close[0]}?" if close else ""
    return RegimenError(f"there is no trial {trial!r}; known are {', '.join(known)}, or give the path of a file.{hint}")


# ---------------------------------------------------------------- one call from trial to calendar


def expand(
    trial: str | Path | Study,
    on: Mapping[str, date | datetime | str],
    *,
    arm: str | None = None,
    decide: Mapping[str, str] | None = None,
    assume: Sequence[str] = (),
    horizon: Span | str | None = None,
    zone: str | None = None,
    limit: int = LIMIT,
    facts: Sequence[Fact] = (),
) -> Calendar:
    """The calendar of one subject.

    ``on`` maps anchors to dates (ISO text, dates, or datetimes where the time of day matters); ``decide`` answers
    decisions, ``assume`` opts into named assumptions, ``horizon`` (such as ``"24 mo"``) says how far open ends are
    shown, ``zone`` is the IANA zone of clock times, ``limit`` the largest number of events. ``facts`` are the lines of
    the subject's journal, after which the calendar is planned anew; anchors and decisions recorded there need not be
    given. Raises ``RegimenError`` or one of its children.
    """
    study = trial if isinstance(trial, Study) else load(trial, assume=assume)
    return planned_and_dated(
        study, on, arm=arm, decide=decide, horizon=horizon, zone=zone, limit=limit, facts=facts
    )[1]  # fmt: skip


def planned_and_dated(
    study: Study, on: Mapping[str, date | datetime | str], *, zone: str | None, facts: Sequence[Fact], **choices: Any
) -> tuple[Plan, Calendar]:
    """The plan of one subject and its calendar; ``choices`` are those of ``plan_for``."""
    anchors = {name: read_moment(value) if isinstance(value, str) else value for name, value in on.items()}
    plan = plan_for(study, anchors, facts=facts, **choices)
    return plan, make_calendar(plan, anchors, zone=zone, facts=facts)


def plan_for(
    study: Study,
    anchors: Mapping[str, date | datetime],
    *,
    arm: str | None = None,
    decide: Mapping[str, str] | None = None,
    horizon: Span | str | None = None,
    limit: int = LIMIT,
    facts: Sequence[Fact] = (),
) -> Plan:
    """The plan of one subject, undated but with the answers given and recorded; see ``expand``."""
    span = read_span(horizon) if isinstance(horizon, str) else horizon
    recorded = {f.target: f.on for f in effective(facts) if f.what == "anchor" and f.on is not None}
    return make_plan(
        study, arm, decisions=_decided(decide or {}, facts), horizon=span, limit=limit,
        reach=_reach(study, {**anchors, **recorded}),
    )  # fmt: skip


def _decided(given: Mapping[str, str], facts: Sequence[Fact]) -> dict[str, str]:
    """The given answers and the recorded ones; they may not contradict each other, the last recorded answer holds."""
    recorded = {fact.target: fact for fact in effective(facts) if fact.what == "decision"}
    for name, fact in recorded.items():
        if given.get(name, fact.answer) != fact.answer:
            raise DatingError(
                f"{name} is {given[name]} as given, and {fact.answer} in the journal (line {fact.number}); leave one "
                "of them out, or correct the journal."
            )
    return {**given, **{name: fact.answer for name, fact in recorded.items()}}


_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


def read_moment(text: str) -> date | datetime:
    """A date (2027-01-04) or a date with a time (2027-01-04T10:00); anything else is refused."""
    tidy = text.strip()
    found = _MOMENT.fullmatch(tidy)
    if found is None:
        raise DatingError(
            f"{text[:40]!r} is not a date; write year-month-day, such as 2027-01-04, or with a time 2027-01-04T10:00."
            + _hint(tidy)
        )
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if reason := why_not_a_date(year, month, day):
        raise DatingError(f"{tidy!r} is not a date ({reason}); write year-month-day, such as 2027-01-04.")
    if found[4] is None:
        return date(year, month, day)
    if int(found[4]) > 23 or int(found[5]) > 59:
        raise DatingError(
            f"{tidy!r} is not a date with a time (there is no {found[4]}:{found[5]}); write 24-hour times, such as "
            "2027-01-04T10:00."
        )
    return datetime(year, month, day, int(found[4]), int(found[5]))  # noqa: DTZ001 - the zone is given apart


def _hint(text: str) -> str:
    if slashed := _SLASHED.fullmatch(text):
        first, second, year = slashed.groups()
        return f" Is it {year}-{int(second):02d}-{int(first):02d} or {year}-{int(first):02d}-{int(second):02d}?"
    return " A month or a year alone is not enough to compute from." if re.fullmatch(r"\d{4}(-\d{2})?", text) else ""


def _reach(study: Study, anchors: Mapping[str, date | datetime]) -> int | None:
    """How far a bound that counts from another anchor, or is a date, can lie from the earliest anchor."""
    days = [day_of(moment) for moment in anchors.values()]
    if not days:
        return None
    latest = max([*days, *printed_dates(study)])
    return max(0, (latest - min(days)) // timedelta(days=1)) + 366


def printed_dates(study: Study) -> list[date]:
    """The dates that rules of the definition name."""
    phases = [p for e in study.epochs.values() for i in e.doses.values() for _, _, ps in i.schedules() for p in ps]
    phases += [p for e in study.epochs.values() for v in e.visits.values() for p in v.when or ()]
    phases += [p for e in study.epochs.values() for v in e.procedures.values() for p in v.when or ()]
    points = [point for p in phases for point in (p.through, p.before, p.start) if point is not None]
    return [point.date for point in points if point.date is not None]
