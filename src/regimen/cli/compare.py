"""What differs? ``regimen diff`` of two dates, versions, journals, or two states of one journal."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.cli import FINE
from regimen.cli.options import Commands, add_dating, add_verb
from regimen.cli.verbs import emit, pairs, say
from regimen.errors import DatingError, RegimenError

if TYPE_CHECKING:
    from regimen.events import Calendar
    from regimen.journal import Journal

FORMATS = ("text", "md", "json")
_SIDE = "a name from `regimen list`, the path of a definition, or a journal (.jsonl)"
_DATING = ("on", "arm", "decide", "assume", "horizon", "tz")
_TO = ("to_on", "to_arm", "to_decide", "to_assume")
_ABOUT = """\
say what differs between two calendars. Two dates:
  regimen diff TRIAL --on ANCHOR=DATE --to-on ANCHOR=DATE
Two versions of a definition:
  regimen diff old.yaml new.yaml --on ANCHOR=DATE       for any subject
  regimen diff old.yaml new.yaml --journal s001.jsonl   for this one
What happened to a subject:
  regimen diff s001.jsonl                  what the last line changed
  regimen diff s001.jsonl --since 12       what line 12 and all after it changed
  regimen diff TRIAL s001.jsonl            all that is no longer as planned
  regimen diff a.jsonl b.jsonl             two journals"""


def add_diff(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``diff``."""
    verb = add_verb(
        commands, "diff", diff, "say what differs between two dates, versions, journals or states of one",
        "regimen diff belimumab-sle --on first_dose=2027-01-04 --to-on first_dose=2027-01-11",
    )  # fmt: skip
    verb.description = _ABOUT[:1].upper() + _ABOUT[1:]
    verb.add_argument("a", metavar="A", help=f"from what: {_SIDE}")
    verb.add_argument("b", metavar="B", nargs="?", help="to what; A itself if left out")
    verb.add_argument("--to-on", action="append", default=[], metavar="ANCHOR=DATE",
                      help="another date of an anchor, for B; repeatable")  # fmt: skip
    verb.add_argument("--to-arm", metavar="ARM", help="another arm, for B")
    verb.add_argument("--to-decide", action="append", default=[], metavar="NAME=ANSWER", help="an answer, for B")
    verb.add_argument("--to-assume", action="append", default=[], metavar="NAME", help="an assumption, for B")
    verb.add_argument("--journal", metavar="JOURNAL", help="what happened, for both of two definitions")
    verb.add_argument("--since", type=line_number, metavar="LINE",
                      help="one journal: the first line that counts; the last line if left out")  # fmt: skip
    verb.add_argument("--until", type=line_number, metavar="LINE", help="one journal: the last line that counts")
    add_dating(verb)
    add_format(verb, FORMATS)


def add_format(verb: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    """In which format and where to."""
    verb.add_argument("--format", choices=formats, default="text", help="text if left out")
    verb.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of the screen")
    verb.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")


def line_number(text: str) -> int:
    """The number of a line, from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of a line; see regimen journal show")
    return int(text)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two calendars, with what it is in words."""

    calendar: Calendar
    name: str
    version: str = ""


def diff(options: Namespace) -> int:
    """What differs between two calendars."""
    from regimen.changes import changes
    from regimen.render import change_set

    before, after = _sides(options)
    found = changes(before.calendar, after.calendar, versions=(before.version, after.version))
    render = {"text": change_set.as_text, "md": change_set.as_markdown, "json": change_set.as_json}[options.format]
    emit(render(found, (before.name, after.name)), options.output)
    return FINE


def _sides(options: Namespace) -> tuple[Side, Side]:
    a, b = options.a, options.b
    journals = [is_journal(name) for name in (a, b) if name is not None]
    if any(journals):
        _refuse(options, (*_DATING, *_TO, "journal"), "a journal gives its own dates and answers")
    if journals != [True]:
        _refuse(options, ("since", "until"), "lines are compared within one journal")
    if journals == [True]:
        return _states(read(a), options.since, options.until)
    if all(journals):
        return _now(read(a)), _now(read(b))
    if any(journals):
        return (_plan(a, read(b)), _now(read(b))) if journals[1] else (_now(read(a)), _plan(b, read(a)))
    return _definitions(options)


def is_journal(name: str) -> bool:
    """Whether a name is that of a journal rather than of a definition."""
    return Path(name).suffix.lower() == ".jsonl"


def _refuse(options: Namespace, names: tuple[str, ...], why: str) -> None:
    given = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name)]
    if given:
        raise RegimenError(f"{', '.join(given)} cannot be given here, because {why}; leave it out.")


# ---------------------------------------------------------------- definitions


def _definitions(options: Namespace) -> tuple[Side, Side]:
    if options.b is None and not any(getattr(options, name) for name in _TO):
        raise RegimenError(
            f"there is nothing to compare {options.a} with; give a second definition or a journal, or another date "
            "with --to-on ANCHOR=DATE."
        )
    if options.journal is not None:
        _refuse(options, (*_DATING, *_TO), "a journal gives its own dates and answers")
        journal = read(options.journal)
        return _replayed(options.a, journal), _replayed(options.b or options.a, journal)
    on, decide = pairs(options.on, "--on", "first_dose=2027-01-04"), pairs(options.decide, "--decide", "transplant=no")
    to_on = {**on, **pairs(options.to_on, "--to-on", "first_dose=2027-01-11")}
    to_decide = {**decide, **pairs(options.to_decide, "--to-decide", "transplant=no")}
    assume = options.assume
    before = _dated(options, options.a, on, options.arm, decide, assume)
    after = _dated(
        options, options.b or options.a, to_on, options.to_arm or options.arm, to_decide, [*assume, *options.to_assume]
    )
    return before, after


def _dated(
    options: Namespace, trial: str, on: Mapping[str, str], arm: str | None, decide: Mapping[str, str], assume: list[str]
) -> Side:
    from regimen.library import expand, load
    from regimen.replays import version_of
    from regimen.rules import LIMIT

    study = load(trial, assume=assume)
    calendar = expand(
        study, on, arm=arm, decide=decide, horizon=options.horizon, zone=options.tz, limit=options.limit or LIMIT
    )
    said = [f"{name} = {answer}" for name, answer in decide.items()] + [f"assuming {name}" for name in assume]
    return Side(calendar, named(trial, version_of(study), *said), version_of(study))


def named(trial: str, version: str, *more: str) -> str:
    """A definition with its version and what else is to be known of it."""
    return ", ".join(part for part in (trial, f"version {version}" if version else "", *more) if part)


# ---------------------------------------------------------------- journals


def read(path: str, trial: str | None = None) -> Journal:
    """A journal, to be read by its own definition or by ``trial``; where that has changed since, it is said."""
    from regimen.journal import read_journal

    journal = read_journal(path)
    note_change(journal, trial)
    return journal


def note_change(journal: Journal, trial: str | None) -> None:
    """Say where the definition is not the file that the journal was opened with."""
    from regimen.subjects import digest_of, trial_of

    opened = journal.opened
    if not opened.digest or not (trial or opened.trial):
        return
    try:
        same = digest_of(trial or trial_of(journal)) == opened.digest
    except OSError:  # whoever needs the definition says what is wrong with its file
        return
    if not same:
        changed = (
            f"{trial} is not as the definition was when"
            if trial
            else f"the definition {opened.trial} has changed since"
        )
        say(f"note: {changed} {journal.path} was opened.")


def _now(journal: Journal) -> Side:
    return _at(journal, len(journal.facts))


def _states(journal: Journal, since: int | None, until: int | None) -> tuple[Side, Side]:
    """The journal before a line, and up to another."""
    last = until or len(journal.facts)
    first = since or last
    if not 2 <= first <= last:
        raise RegimenError(
            f"{journal.path} has no change from line {first} to line {last}; its lines are 1 to {len(journal.facts)}, "
            "and line 1 only opens it."
        )
    return _at(journal, first - 1), _at(journal, last)


def _at(journal: Journal, last: int) -> Side:
    from regimen.replays import first_lines, study_of, subject_calendar, version_of

    study, facts = study_of(journal), first_lines(journal, last)
    try:
        calendar = subject_calendar(journal, study, facts)
    except DatingError as error:
        raise RegimenError(f"at line {last} {journal.path} gives no calendar to compare: {error}") from None
    lines = f"lines 1 to {last}" if last > 1 else "line 1"
    return Side(calendar, f"{journal.path}, subject {journal.opened.subject}, {lines}", version_of(study))


def _replayed(trial: str, journal: Journal) -> Side:
    """What happened, on a version of the definition."""
    from regimen.replays import study_of, subject_calendar, version_of

    study = study_of(journal, trial)
    name = named(trial, version_of(study), f"after {journal.path}")
    return Side(subject_calendar(journal, study), name, version_of(study))


def _plan(trial: str, journal: Journal) -> Side:
    """The plan for a journal's subject: recorded dates and answers, and nothing else that happened."""
    from regimen.replays import study_of, subject_calendar, version_of

    study = study_of(journal, trial)
    facts = [fact for fact in journal.effective if fact.what in ("anchor", "decision")]
    name = named(trial, version_of(study), f"as planned for subject {journal.opened.subject}")
    return Side(subject_calendar(journal, study, facts), name, version_of(study))
