"""What is one subject's plan and calendar today? From a journal to both, by the definition that it names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from regimen.calendars import make_calendar
from regimen.definition.models import Study
from regimen.errors import DatingError, RegimenError
from regimen.events import Calendar
from regimen.journal import Journal, Known, known_targets
from regimen.library import load, names, plan_for, seeds_folder
from regimen.plan import Plan


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject: the journal, the definition it was opened with, and what that gives today."""

    journal: Journal
    study: Study
    plan: Plan
    calendar: Calendar | None
    """After all that was recorded; None while nothing can be dated."""
    undated: str = ""
    """Why there is no calendar."""
    changed: bool = False
    """Whether the definition is no longer the one that the journal was opened with."""

    @property
    def known(self) -> Known:
        """What the subject's facts can be about."""
        decisions = {name: tuple(decision.options) for name, decision in self.study.decisions.items()}
        return known_targets(self.plan, self.calendar, decisions=decisions, facts=self.journal.facts)


def subject_of(journal: Journal) -> Subject:
    """Load the definition that a journal names, and date it by what was recorded.

    Raises ``RegimenError`` or one of its children if the definition cannot be had or planned.
    """
    opened = journal.opened
    if not opened.trial:
        raise RegimenError(f"{journal.path} does not name its definition, so there is no plan.")
    trial = trial_of(journal)
    study = load(trial, assume=opened.assume)
    changed = bool(opened.digest) and digest_of(trial) != opened.digest
    plan = plan_for(study, {}, arm=opened.arm, horizon=opened.horizon or None, facts=journal.facts)
    if not journal.anchors:
        return Subject(journal, study, plan, None, "no anchor has a date yet", changed)
    try:
        calendar = make_calendar(plan, {}, zone=opened.zone or None, facts=journal.facts)
    except DatingError as error:
        return Subject(journal, study, plan, None, str(error), changed)
    return Subject(journal, study, plan, calendar, "", changed)


# ---------------------------------------------------------------- how a journal names its definition


def trial_of(journal: Journal) -> str:
    """The trial of a journal, as ``library.load`` takes it: a shipped name, or a path from here."""
    trial = journal.opened.trial
    return trial if trial in names() else str(journal.path.resolve().parent / trial)


def stored_trial(trial: str, journal: Path) -> str:
    """The trial as a journal names it: a shipped name, or the path from the journal's folder."""
    if trial in names():
        return trial
    relative = os.path.relpath(Path(trial).resolve(), journal.resolve().parent).replace(os.sep, "/")
    return relative if "/" in relative else f"./{relative}"


def digest_of(trial: str) -> str:
    """SHA-256 of a definition's file, in hexadecimal digits."""
    path = seeds_folder() / f"{trial}.yaml" if trial in names() else Path(trial)
    return sha256(path.read_bytes()).hexdigest()
