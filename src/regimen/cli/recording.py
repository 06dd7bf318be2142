"""How is what a coordinator typed checked against the plan, written to the journal and said back?"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.cli import FINE, clock
from regimen.cli.verbs import emit, say
from regimen.errors import DatingError, JournalError, Problem, RegimenError

if TYPE_CHECKING:
    from regimen.definition.models import Study
    from regimen.events import Calendar
    from regimen.facts import Fact
    from regimen.journal import Journal, Known
    from regimen.moments import Moment
    from regimen.plan import Plan


# ---------------------------------------------------------------- opening


def record_opening(options: Namespace) -> int:
    """Begin a journal."""
    from regimen.journal import open_journal
    from regimen.library import load_with_places
    from regimen.render.journal_table import sentence

    study, _ = load_with_places(options.trial, assume=options.assume)
    arm = options.arm or (next(iter(study.arms)) if len(study.arms) == 1 else "")
    if not options.unchecked:
        arm = _plan(study, options.arm, options.horizon).arm
        _check_zone(options.tz)
    _mend(options.journal)
    journal = open_journal(
        options.journal, study=study.study.id, arm=arm, subject=options.subject.strip(), by=options.by.strip(),
        why=options.why.strip(), now=clock.now(), trial=_stored(options.trial, Path(options.journal)),
        version=study.study.version or "", digest=_digest(options.trial), assume=options.assume, zone=options.tz,
        horizon=options.horizon,
    )  # fmt: skip
    emit(sentence(journal.facts[0], journal.opened))
    return FINE


def _plan(study: Study, arm: str | None, horizon: str, decisions: Mapping[str, str] | None = None) -> Plan:
    from regimen.notation import read_span
    from regimen.plan import make_plan

    return make_plan(study, arm, decisions=decisions, horizon=read_span(horizon) if horizon else None)


def _check_zone(name: str) -> None:
    from regimen.moments import zone_named

    if name:
        zone_named(name)


def _definition(trial: str) -> Path:
    """The file of a shipped name or a path, as ``library.load`` finds it."""
    from regimen.library import names, seeds_folder

    return seeds_folder() / f"{trial}.yaml" if trial in names() else Path(trial)


def _digest(trial: str) -> str:
    return sha256(_definition(trial).read_bytes()).hexdigest()


def _stored(trial: str, journal: Path) -> str:
    """The trial as the opening line names it: a shipped name, or the path from the journal's folder."""
    from regimen.library import names

    if trial in names():
        return trial
    relative = os.path.relpath(Path(trial).resolve(), journal.resolve().parent)
    return relative.replace(os.sep, "/") if "/" in relative or os.sep in relative else f"./{relative}"


def _trial_of(journal: Journal) -> str:
    """The trial that an opening line names, for ``library.load``."""
    from regimen.library import names

    trial = journal.opened.trial
    return trial if trial in names() else str(journal.path.resolve().parent / trial)


# ---------------------------------------------------------------- facts


def record_fact(options: Namespace) -> int:
    """Append one fact."""
    from regimen.facts import Fact

    journal = _journal(options.journal)
    wrong: list[Problem] = []
    on = _moment(getattr(options, "on", ""), journal, "on", wrong)
    texts: dict[str, Any] = {
        key: getattr(options, key, "").strip()
        for key in ("target", "amount", "level", "answer", "cause", "then", "why", "by")
    }
    return _recorded(options, journal, Fact(options.word, on=on, **texts), wrong)


def record_correction(options: Namespace) -> int:
    """Append a correction: the earlier fact with what was given changed, or nothing in its place."""
    from regimen.facts import Fact

    journal = _journal(options.journal)
    keys = ("target", "amount", "level", "answer", "cause", "then")
    changes: dict[str, Any] = {key: value.strip() for key in keys if (value := getattr(options, key)) is not None}
    if options.reason is not None:
        changes["why"] = options.reason.strip()
    wrong: list[Problem] = []
    if options.on is not None:
        changes["on"] = _moment(options.on, journal, "instead.on", wrong)
    _one_of(options, changes)
    fact = Fact("corrected", corrects=options.corrects, why=options.why.strip(), by=options.by.strip())
    earlier = _earlier(journal, options)
    if earlier is not None and not options.strike:
        fact = replace(fact, instead=replace(earlier, number=0, **changes))
    return _recorded(options, journal, fact, wrong)


def _one_of(options: Namespace, changes: Mapping[str, object]) -> None:
    if [bool(changes), options.strike, options.restore].count(True) != 1:
        raise RegimenError(
            "say what is right (such as --on 2027-01-19), or --strike if it never happened, or --restore if an earlier "
            "correction was wrong; one of the three."
        )


def _earlier(journal: Journal, options: Namespace) -> Fact | None:
    """The fact that a correction starts from: as it holds now, or with ``--restore`` as it was before that line."""
    facts = {fact.number: fact for fact in journal.facts if fact.what != "opened"}
    fact = facts.get(options.corrects)
    if options.restore and fact is not None:
        if fact.what != "corrected":
            raise RegimenError(
                f"line {fact.number} is no correction, so there is nothing to restore; see journal show."
            )
        fact = facts.get(fact.corrects or 0)
    while fact is not None and fact.what == "corrected":
        fact = fact.instead if fact.instead is not None else facts.get(fact.corrects or 0)
    return fact


def _recorded(options: Namespace, journal: Journal, fact: Fact, wrong: Sequence[Problem]) -> int:
    from regimen.journal import append, place_of, settled
    from regimen.journal.requirements import complaints
    from regimen.render.journal_table import sentence

    if wrong:
        lacking = {problem.path for problem in wrong}
        found = [c for c in complaints(fact) if c.key not in lacking]
        others = [Problem(c.key, c.found, c.allowed, c.remedy, source=options.journal) for c in found]
        raise JournalError([*wrong, *others, Problem("", "Nothing was recorded.", source=options.journal)])
    known = None if options.unchecked else _known(journal, fact)
    notes = settled(fact, known).notes if known is not None else ()
    written = append(options.journal, fact, now=clock.now(), known=known, unchecked=options.unchecked)
    emit(sentence(written, place=place_of(journal.facts, written.corrects or 0)))
    for note in (*notes, *_future(written)):
        say(f"note: {note}")
    return FINE


def _future(fact: Fact) -> Sequence[str]:
    """A word on something that is said to have happened on a day still to come."""
    from regimen.events import day_of

    said = fact.instead or fact
    if said.what not in ("given", "done", "missed") or said.on is None:
        return ()
    # It is already tomorrow east of here.
    if day_of(said.on) <= clock.now().date() + timedelta(days=1):
        return ()
    return (f"{day_of(said.on).isoformat()} has not come yet; correct line {fact.number} if the date is wrong.",)


def _journal(path: str) -> Journal:
    from regimen.journal import read_journal

    _mend(path)
    return read_journal(path)


def _mend(path: str) -> None:
    """A line that a crash cut off is put aside before anything is added, and that is said."""
    from regimen.journal import examine, repair

    if Path(path).is_file() and examine(path).rest and (done := repair(path)) is not None:
        say(f"note: {done.sentence}")


def _moment(text: str, journal: Journal, key: str, wrong: list[Problem]) -> Moment | None:
    from regimen.journal.dates import NotAMoment, read_moment
    from regimen.moments import zone_named

    if not text.strip():
        return None
    zone = zone_named(journal.opened.zone) if journal.opened.zone else None
    try:
        return read_moment(text.strip(), zone)
    except NotAMoment as error:
        wrong.append(Problem(key, error.found, remedy=error.remedy, source=str(journal.path)))
        return None


# ---------------------------------------------------------------- the plan it must fit


def _known(journal: Journal, fact: Fact) -> Known | None:
    """What the subject's facts can be about; None, said aloud, where the definition cannot be had."""
    from regimen.journal import known_targets

    opened = journal.opened
    if not opened.trial or fact.what in ("withdrawn", "visit"):
        return None
    trial = _trial_of(journal)
    try:
        study = _study(trial, journal)
        plan = _plan(study, opened.arm, opened.horizon, journal.decisions)
    except RegimenError as error:
        say(f"note: what it is about was not checked, because {opened.trial} cannot be planned: {error}")
        return None
    decisions = {name: tuple(decision.options) for name, decision in study.decisions.items()}
    return known_targets(plan, _calendar(study, journal), decisions=decisions, facts=journal.facts)


def _study(trial: str, journal: Journal) -> Study:
    from regimen.library import load

    study = load(trial, assume=journal.opened.assume)
    if journal.opened.digest and _digest(trial) != journal.opened.digest:
        say(f"note: the definition {journal.opened.trial} has changed since the journal was opened.")
    return study


def _calendar(study: Study, journal: Journal) -> Calendar | None:
    """The subject's present calendar; None while nothing can be dated."""
    from regimen.library import expand

    opened = journal.opened
    if not journal.anchors:
        return None
    try:
        return expand(
            study, {}, arm=opened.arm, horizon=opened.horizon or None, zone=opened.zone or None, facts=journal.facts
        )
    except DatingError as error:
        say(f"note: dates and windows were not checked, because there is no calendar: {error}")
        return None
