"""How is what a coordinator typed checked against the plan, written to the journal and said back?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.cli import FINE, clock
from regimen.cli.verbs import emit, say
from regimen.errors import JournalError, Problem, RegimenError

if TYPE_CHECKING:
    from regimen.facts import Fact
    from regimen.journal import Journal
    from regimen.moments import Moment
    from regimen.subjects import Subject


# ---------------------------------------------------------------- opening


def record_opening(options: Namespace) -> int:
    """Begin a journal."""
    from regimen.journal import open_journal
    from regimen.library import load, plan_for
    from regimen.render.journal_table import sentence
    from regimen.subjects import digest_of, stored_trial

    study = load(options.trial, assume=options.assume)
    arm = options.arm or (next(iter(study.arms)) if len(study.arms) == 1 else "")
    if not options.unchecked:
        arm = plan_for(study, {}, arm=options.arm, horizon=options.horizon or None).arm
        _check_zone(options.tz)
    _mend(options.journal)
    journal = open_journal(
        options.journal, study=study.study.id, arm=arm, subject=options.subject.strip(), by=options.by.strip(),
        why=options.why.strip(), now=clock.now(), trial=stored_trial(options.trial, Path(options.journal)),
        version=study.study.version or "", digest=digest_of(options.trial), assume=options.assume, zone=options.tz,
        horizon=options.horizon,
    )  # fmt: skip
    emit(sentence(journal.facts[0], journal.opened))
    return FINE


def _check_zone(name: str) -> None:
    from regimen.moments import zone_named

    if name:
        zone_named(name)


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
    subject = _subject(journal)
    known = subject.known if subject is not None and not options.unchecked else None
    notes = settled(fact, known).notes if known is not None else ()
    written = append(options.journal, fact, now=clock.now(), known=known, unchecked=options.unchecked)
    emit(sentence(written, place=place_of(journal.facts, written.corrects or 0)))
    for note in (*notes, *_future(written)):
        say(f"note: {note}")
    if subject is not None:
        _aftermath(subject, written)
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


def _subject(journal: Journal) -> Subject | None:
    """The subject's plan and calendar before the new fact; None, said aloud, where the definition cannot be had."""
    from regimen.subjects import subject_of

    if not journal.opened.trial:
        return None
    try:
        subject = subject_of(journal)
    except RegimenError as error:
        say(f"note: what it is about was not checked, because {journal.opened.trial} cannot be planned: {error}")
        return None
    if subject.changed:
        say(f"note: the definition {journal.opened.trial} has changed since the journal was opened.")
    if subject.undated and journal.anchors:
        say(f"note: dates and windows were not checked, because there is no calendar: {subject.undated}")
    return subject


def _aftermath(before: Subject, written: Fact) -> None:
    """Say what the new fact leaves to a person, and what else is to be known since then."""
    from regimen.subjects import subject_of

    journal = before.journal
    after = subject_of(replace(journal, facts=(*journal.facts, written), hashes=(*journal.hashes, "")))
    if after.calendar is None:
        return
    known = set(before.calendar.notices) if before.calendar is not None else set()
    new = [notice for notice in after.calendar.notices if notice not in known]
    for notice in new[:_MANY]:
        say(f"{notice.level}: {notice}")
    if len(new) > _MANY:
        say(f"… and {len(new) - _MANY} more.")


_MANY = 6
