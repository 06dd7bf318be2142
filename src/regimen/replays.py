"""What is the calendar of a journal's subject, now, at an earlier line, or on another version of the study?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from regimen.changes import Amended, ForSubject, LeftBehind, amended
from regimen.definition.models import Study
from regimen.errors import RegimenError
from regimen.events import Calendar
from regimen.facts import ALL, Fact, effective
from regimen.journal import Journal, read_journal
from regimen.library import expand, load
from regimen.moments import spoken
from regimen.rules import LIMIT
from regimen.subjects import trial_of
from regimen.timing import Span


def replay(
    journal: str | Path | Journal,
    trial: str | Path | Study | None = None,
    *,
    on: Mapping[str, date | datetime | str] | None = None,
    arm: str | None = None,
    decide: Mapping[str, str] | None = None,
    assume: Sequence[str] = (),
    horizon: Span | str | None = None,
    zone: str | None = None,
    limit: int = LIMIT,
) -> Calendar:
    """The calendar of a journal's subject: the plan, re-planned after all that is recorded.

    ``trial`` is the definition that the journal names, unless another one of the same study is given. Arm, assumptions,
    zone, horizon, anchors and decisions come from the journal; what is given besides may add to it (``horizon`` may
    also replace it) and not contradict it. Raises ``JournalError`` for a damaged journal, ``RegimenError`` or one of
    its children for another study, a contradiction, or what ``expand`` refuses.
    """
    read = journal if isinstance(journal, Journal) else read_journal(journal)
    opened = read.opened
    study = study_for(read, trial, assume=assume)
    for what, given, recorded in (("arm", arm, opened.arm), ("time zone", zone, opened.zone)):
        if given and recorded and given != recorded:
            raise RegimenError(
                f"the {what} is {given} as given, and {recorded} in {read.path} (line 1); leave it out, or give the "
                "journal of the subject that is meant."
            )
    calendar = expand(
        study, on or {}, arm=arm or opened.arm or None, decide=decide, horizon=horizon or opened.horizon or None,
        zone=zone or opened.zone or None, limit=limit, facts=read.facts,
    )  # fmt: skip
    return _of_subject(calendar, read)


def study_for(journal: Journal, trial: str | Path | Study | None = None, *, assume: Sequence[str] = ()) -> Study:
    """As ``study_of``, and a definition of another study is refused: its dates and doses would be nobody's."""
    study = trial if isinstance(trial, Study) else study_of(journal, trial, assume=assume)
    _require_same_study(journal, study, trial)
    return study


def _require_same_study(journal: Journal, study: Study, trial: str | Path | Study | None) -> None:
    opened, found = journal.opened, study.study.id
    if found == opened.study:
        return
    name = trial if isinstance(trial, str | Path) else opened.trial if trial is None else "the definition given"
    raise RegimenError(
        f"{name} is of study {found}, and {journal.path} is the journal of subject {opened.subject} of study "
        f"{opened.study}; give a definition of {opened.study}, or the journal of a subject of {found}."
    )


def _of_subject(calendar: Calendar, journal: Journal) -> Calendar:
    seen = calendar.journal
    return calendar if seen is None else replace(calendar, journal=replace(seen, subject=journal.opened.subject))


def study_of(journal: Journal, trial: str | Path | None = None, *, assume: Sequence[str] = ()) -> Study:
    """The definition of a journal, or another one, with the assumptions that the journal opts into and those given."""
    if trial is None and not journal.opened.trial:
        raise RegimenError(f"{journal.path} does not name its definition, so there is no plan.")
    chosen = tuple(dict.fromkeys((*journal.opened.assume, *assume)))
    return load(trial_of(journal) if trial is None else trial, assume=chosen)


def subject_calendar(
    journal: Journal, study: Study | None = None, facts: Sequence[Fact] | None = None, *, limit: int = LIMIT
) -> Calendar:
    """The calendar of a journal's subject; ``study`` and ``facts`` are the journal's own unless given."""
    opened = journal.opened
    calendar = expand(
        study if study is not None else study_of(journal), {}, arm=opened.arm or None, horizon=opened.horizon or None,
        zone=opened.zone or None, facts=journal.facts if facts is None else facts, limit=limit,
    )  # fmt: skip
    return _of_subject(calendar, journal)


def first_lines(journal: Journal, last: int) -> tuple[Fact, ...]:
    """The journal as it stood when a line had been written."""
    if not 1 <= last <= len(journal.facts):
        raise RegimenError(f"{journal.path} has no line {last}; its lines are 1 to {len(journal.facts)}.")
    return journal.facts[:last]


def version_of(study: Study) -> str:
    """A version with the date from which it holds: ``2.0 from 2027-03-01``; empty where neither is stated."""
    facts = study.study
    parts = (facts.version or "", f"from {facts.effective.isoformat()}" if facts.effective else "")
    return " ".join(part for part in parts if part)


# ---------------------------------------------------------------- a new version


def takes_effect(new: str | Path, given: date | None = None) -> date:
    """From when a new version holds: the day given, else the ``effective`` date of its definition."""
    day = given or load(new).study.effective
    if day is None:
        raise RegimenError(
            f"{new} does not say from when it holds; add effective: YYYY-MM-DD to its study, or give --effective."
        )
    return day


def amend(
    old: str | Path, new: str | Path, journals: Sequence[Journal], *, effective_from: date | None = None
) -> tuple[ForSubject, ...]:
    """Replay each subject's journal on a new version of the study.

    The new version holds from ``effective_from``, else from the ``effective`` date of its definition. What goes wrong
    for one subject is told with that subject. Raises ``RegimenError`` where no date is known from which it holds.
    """
    day = takes_effect(new, effective_from)
    return tuple(_for_subject(old, new, journal, day) for journal in journals)


def _for_subject(old: str | Path, new: str | Path, journal: Journal, day: date) -> ForSubject:
    found = ForSubject(journal.opened.subject, journal.path)
    if off := _off_study(journal):
        return replace(found, off_study=off)
    try:
        return replace(found, amended=_amended(study_of(journal, old), study_of(journal, new), journal, day))
    except RegimenError as error:
        return replace(found, refused=str(error))


def _off_study(journal: Journal) -> str:
    """Why a subject is not on study any more; empty if it is."""
    for fact in journal.effective:
        if fact.what == "withdrawn" or (fact.what == "discontinued" and fact.target in ("", ALL)):
            words = "left the study" if fact.what == "withdrawn" else "treatment was stopped for good"
            why = f": {fact.why}" if fact.why else ""
            return f"{words} on {spoken(fact.on) if fact.on else 'a day not given'} (line {fact.number}{why})"
    return ""


def _amended(old: Study, new: Study, journal: Journal, day: date) -> Amended:
    for study in (old, new):
        if study.study.id != journal.opened.study:
            raise RegimenError(f"the journal is of study {journal.opened.study}, not of {study.study.id}.")
    facts = effective(journal.facts)
    lost = tuple(found for fact in facts if (found := _unknown(fact, new)) is not None)
    usable = [fact for fact in facts if fact.number not in {found.line for found in lost}]
    return amended(
        subject_calendar(journal, old, facts), subject_calendar(journal, new, usable), day, usable,
        versions=(version_of(old), version_of(new)), left_behind=lost,
    )  # fmt: skip


def _unknown(fact: Fact, study: Study) -> LeftBehind | None:
    """An anchor or a decision that a study does not have; nothing can be dated with it."""
    if fact.what not in ("anchor", "decision"):
        return None
    if fact.target in (study.anchors if fact.what == "anchor" else study.decisions):
        return None
    return LeftBehind(
        fact.number, fact.what, fact.target, "",
        f"line {fact.number} gives the {fact.what} {fact.target}, which the new version does not have; nothing in it "
        "counts from that.",
    )  # fmt: skip
