"""Doses and visits of clinical trials: rules in, dated calendars out.

>>> import regimen
>>> calendar = regimen.expand("belimumab-sle", on={"first_dose": "2027-01-04"})
>>> len(calendar.of_kind("dose")), calendar.of_kind("dose")[-1].start.isoformat()
(14, '2027-12-06')

A planning aid: verify every date against the protocol. Names are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from regimen._version import __version__

if TYPE_CHECKING:
    from regimen.calendars import make_calendar as make_calendar
    from regimen.changes import changes
    from regimen.changes import deviations as deviations
    from regimen.definition.loading import load_study as load_study
    from regimen.definition.models import Study as Study
    from regimen.definition.sites import load_site as load_site
    from regimen.errors import AmbiguousNotation as AmbiguousNotation
    from regimen.errors import DatingError as DatingError
    from regimen.errors import DefinitionError as DefinitionError
    from regimen.errors import JournalError as JournalError
    from regimen.errors import NotationError as NotationError
    from regimen.errors import PlanError as PlanError
    from regimen.errors import RegimenError as RegimenError
    from regimen.events import Calendar as Calendar
    from regimen.events import Event as Event
    from regimen.events import Notice as Notice
    from regimen.facts import Fact as Fact
    from regimen.journal import read_journal as read_journal
    from regimen.library import expand as expand
    from regimen.library import listed as listed
    from regimen.library import load as load
    from regimen.lines import expand_line as expand_line
    from regimen.notation import read_line
    from regimen.placement import on_working_days as on_working_days
    from regimen.plan import Plan as Plan
    from regimen.plan import make_plan as make_plan
    from regimen.replays import replay as replay
    from regimen.starts import suggest_starts as suggest_starts
    from regimen.workdays import Site as Site

    diff = changes
    parse = read_line

_HOMES = {
    "AmbiguousNotation": ("regimen.errors", "AmbiguousNotation"),
    "Calendar": ("regimen.events", "Calendar"),
    "DatingError": ("regimen.errors", "DatingError"),
    "DefinitionError": ("regimen.errors", "DefinitionError"),
    "Event": ("regimen.events", "Event"),
    "Fact": ("regimen.facts", "Fact"),
    "JournalError": ("regimen.errors", "JournalError"),
    "NotationError": ("regimen.errors", "NotationError"),
    "Notice": ("regimen.events", "Notice"),
    "Plan": ("regimen.plan", "Plan"),
    "PlanError": ("regimen.errors", "PlanError"),
    "RegimenError": ("regimen.errors", "RegimenError"),
    "Site": ("regimen.workdays", "Site"),
    "Study": ("regimen.definition.models", "Study"),
    "deviations": ("regimen.changes", "deviations"),
    "diff": ("regimen.changes", "changes"),
    "expand": ("regimen.library", "expand"),
    "expand_line": ("regimen.lines", "expand_line"),
    "listed": ("regimen.library", "listed"),
    "load": ("regimen.library", "load"),
    "load_site": ("regimen.definition.sites", "load_site"),
    "load_study": ("regimen.definition.loading", "load_study"),
    "make_calendar": ("regimen.calendars", "make_calendar"),
    "make_plan": ("regimen.plan", "make_plan"),
    "on_working_days": ("regimen.placement", "on_working_days"),
    "read_journal": ("regimen.journal", "read_journal"),
    "parse": ("regimen.notation", "read_line"),
    "replay": ("regimen.replays", "replay"),
    "suggest_starts": ("regimen.starts", "suggest_starts"),
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'regimen' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
