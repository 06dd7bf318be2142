"""Was the protocol followed, and which one holds? ``regimen deviations`` and ``regimen amend``."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from regimen.cli import FINE, REFUSED
from regimen.cli.compare import FORMATS, add_format, is_journal, named, read
from regimen.cli.options import TRIAL, Commands, add_verb
from regimen.cli.sites import day_of_option
from regimen.cli.verbs import emit
from regimen.errors import JournalError, Problem, RegimenError

if TYPE_CHECKING:
    from regimen.journal import Journal


def add_deviations(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``deviations``."""
    verb = add_verb(
        commands, "deviations", show_deviations,
        "list what is outside its window, missed, skipped or overdue, with who recorded it and why",
        "regimen deviations version-1.yaml --journal s001.jsonl --as-of 2027-03-01",
    )  # fmt: skip
    verb.add_argument("trial", metavar="TRIAL", help=f"{TRIAL}; or the journal, for the definition it names")
    verb.add_argument("--journal", metavar="FILE", help="the subject's journal, such as s001.jsonl")
    verb.add_argument(
        "--as-of", metavar="DATE", help="list also what is overdue on this day; no day is taken by itself"
    )
    verb.add_argument("--all", action="store_true", help="list also what took place as planned")
    add_format(verb, ("text", "csv", "md", "json"))


def add_amend(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``amend``."""
    verb = add_verb(
        commands, "amend", show_amendment,
        "show what a new version of a definition means for each subject on study; nothing is written",
        "regimen amend version-1.yaml version-2.yaml --journal s001.jsonl s002.jsonl",
    )  # fmt: skip
    verb.add_argument("old", metavar="OLD", help="the definition the subjects are on")
    verb.add_argument("new", metavar="NEW", help="the new version")
    verb.add_argument("--journal", metavar="FILE", nargs="+", required=True, action="extend",
                      help="the subjects' journals")  # fmt: skip
    verb.add_argument("--effective", metavar="DATE",
                      help="from when the new version holds, if not from its own effective: date")  # fmt: skip
    add_format(verb, FORMATS)


def show_deviations(options: Namespace) -> int:
    """What did not go as planned."""
    from regimen.changes import deviations
    from regimen.render import deviations as render
    from regimen.replays import study_for, subject_calendar

    itself = is_journal(options.trial)
    if itself == (options.journal is not None):
        raise RegimenError(
            "give a trial with --journal FILE, or the journal alone, such as: regimen deviations s001.jsonl"
        )
    journal = read(options.trial if itself else options.journal, None if itself else options.trial)
    calendar = subject_calendar(journal, study_for(journal, None if itself else options.trial))
    as_of = day_of_option(options.as_of, "--as-of")
    found = deviations(calendar, journal.facts, as_of=as_of, everything=options.all)
    about = render.About(calendar.title, calendar.study, journal.opened.subject, as_of)
    renders = {"text": render.as_text, "csv": render.as_csv, "md": render.as_markdown, "json": render.as_json}
    emit(renders[options.format](found, about), options.output)
    return FINE


def show_amendment(options: Namespace) -> int:
    """What a new version means for each subject."""
    from regimen.library import load
    from regimen.render import amendment as render
    from regimen.replays import amend, takes_effect, version_of

    day = takes_effect(options.new, day_of_option(options.effective, "--effective"))
    subjects = amend(options.old, options.new, _journals(options.journal), effective_from=day)
    studies = load(options.old), load(options.new)
    old, new = (
        named(trial, version_of(study)) for trial, study in zip((options.old, options.new), studies, strict=True)
    )
    about = render.About(studies[1].study.title, old, new, day)
    renders = {"text": render.as_text, "md": render.as_markdown, "json": render.as_json}
    emit(renders[options.format](subjects, about), options.output)
    return REFUSED if any(subject.refused for subject in subjects) else FINE


def _journals(paths: list[str]) -> list[Journal]:
    """All journals; what is wrong with any of them is told for all of them at once."""
    found: list[Journal] = []
    wrong: list[Problem] = []
    for path in dict.fromkeys(paths):
        try:
            found.append(read(path))
        except JournalError as error:
            wrong += error.problems
    if wrong:
        raise JournalError(wrong)
    return found
