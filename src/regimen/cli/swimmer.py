"""How long has each subject been on treatment, and how? ``regimen swimmer`` of many journals."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.cli import FINE, REFUSED
from regimen.cli.options import Commands, add_verb
from regimen.cli.sites import day_of_option
from regimen.cli.verbs import say
from regimen.errors import DatingError, RegimenError

if TYPE_CHECKING:
    from datetime import date

    from regimen.definition.models import Study
    from regimen.events import Calendar
    from regimen.journal import Journal
    from regimen.render.swimmer_lanes import Lane
    from regimen.render.swimmer_sheet import Told

    _Studies = dict[tuple[str, tuple[str, ...]], Study]


def add_swimmer(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``swimmer``."""
    verb = add_verb(
        commands, "swimmer", draw_swimmer, "draw treatment of many subjects from their journals, a lane each",
        "regimen swimmer s001.jsonl s002.jsonl s003.jsonl -o subjects.pdf\n"
        "  regimen swimmer journals/ -o subjects.pdf",
    )  # fmt: skip
    verb.add_argument(
        "journals", metavar="FILE", nargs="+", help="the subjects' journals, of one study, or a folder of them"
    )
    verb.add_argument("--align", choices=("day1", "date"), default="day1", help="day1, the first dose, if left out")
    verb.add_argument("--as-of", metavar="DATE",
                      help="through which day; left out, the last of which a journal says something")  # fmt: skip
    verb.add_argument(
        "--visits", action="store_true", help="mark visits too that did not go as planned, not only doses"
    )
    verb.add_argument("--theme", choices=("colour", "grey"), default="colour", help="colour if left out")
    verb.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write: .png, .svg or .pdf")


@dataclass(slots=True)
class _Read:
    """The journals that could be read, and those that could not, each with the reason."""

    journals: list[Journal] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def draw_swimmer(options: Namespace) -> int:
    """The plot; a journal that cannot be used is named, on the plot too, and the exit code tells."""
    from regimen.render.pictures import format_of
    from regimen.render.swimmer_plot import save
    from regimen.replays import study_of

    path = Path(options.output)
    format_of(path)
    read = _read(_journals_of(options.journals))
    if not read.journals:
        raise _nothing(read)
    _require_one_study(read.journals)
    until = _until(read, day_of_option(options.as_of, "--as-of"))
    lanes = _lanes(read, until, visits=options.visits)
    if not lanes:
        raise _nothing(read)
    told = _told(study_of(read.journals[0]), read, until, visits=options.visits)
    pages = save(lanes, told, path, align=options.align, theme=options.theme)
    say(f"wrote {options.output}" + (f" ({pages} pages)" if pages > 1 else ""))
    for name, reason in read.failed:
        say(f"not drawn: {name}: {reason}")
    return REFUSED if read.failed else FINE


def _nothing(read: _Read) -> RegimenError:
    return RegimenError("\n".join(f"{name}: {reason}" for name, reason in read.failed))


def _journals_of(names: list[str]) -> list[str]:
    """The files as they are, and of a folder all its journals by name."""
    found: list[str] = []
    for name in names:
        inside = sorted(str(path) for path in Path(name).glob("*.jsonl")) if Path(name).is_dir() else [name]
        if not inside:
            raise RegimenError(f"{name} has no journal; journals are files whose names end in .jsonl.")
        found += inside
    return found


def _read(names: list[str]) -> _Read:
    from regimen.journal import read_journal

    read = _Read()
    for name in names:
        try:
            read.journals.append(read_journal(name))
        except RegimenError as error:
            read.failed.append((name, str(error)))
    return read


def _calendar(journal: Journal, studies: _Studies, until: date) -> Calendar | None:
    """The subject's calendar after what happened through a day; None before it can be dated."""
    from regimen.render.swimmer_lanes import through
    from regimen.replays import study_of, subject_calendar
    from regimen.subjects import trial_of

    facts = through(journal.facts, until)
    if not any(fact.what == "anchor" for fact in facts):
        return None
    key = (trial_of(journal) if journal.opened.trial else "", tuple(journal.opened.assume))
    if key not in studies:
        studies[key] = study_of(journal)
    try:
        return subject_calendar(journal, studies[key], facts)
    except DatingError as error:
        raise RegimenError(f"its calendar cannot be made: {error}") from error


def _require_one_study(journals: list[Journal]) -> None:
    first = journals[0]
    seen: dict[str, Journal] = {}
    for journal in journals:
        if journal.opened.study != first.opened.study:
            raise RegimenError(
                f"{journal.path} is of study {journal.opened.study}, and {first.path} of study {first.opened.study}; "
                "give the journals of one study."
            )
        subject = journal.opened.subject
        if subject in seen:
            raise RegimenError(
                f"{seen[subject].path} and {journal.path} are both of subject {subject}; give one of them."
            )
        seen[subject] = journal


def _until(read: _Read, asked: date | None) -> date:
    from regimen.render.swimmer_lanes import known_until

    found = [day for journal in read.journals if (day := known_until(journal.facts)) is not None]
    if asked is not None:
        return asked
    if not found:
        raise RegimenError("no journal says of which day it tells; give the day with --as-of, such as 2027-03-01.")
    return max(found)


def _lanes(read: _Read, until: date, *, visits: bool) -> list[Lane]:
    """A lane each; a subject without a calendar joins those that are not drawn."""
    from regimen.render.swimmer_lanes import lane_of

    studies: _Studies = {}
    lanes = []
    for journal in read.journals:
        opened = journal.opened
        try:
            calendar = _calendar(journal, studies, until)
            lanes.append(lane_of(opened.subject, opened.arm, calendar, journal.facts, until, visits=visits))
        except RegimenError as error:
            read.failed.append((str(journal.path), str(error)))
    return lanes


def _told(study: Study, read: _Read, until: date, *, visits: bool) -> Told:
    from regimen.render.swimmer_sheet import Told

    facts = study.study
    left_out = tuple(f"{Path(name).name}: {reason.splitlines()[0]}" for name, reason in read.failed)
    return Told(facts.title, facts.id, until, facts.first_day, visits, left_out)
