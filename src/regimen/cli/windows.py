"""What is due, and how long is its window still open? ``regimen windows``."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from regimen.cli import FINE
from regimen.cli.compare import add_format, is_journal, read
from regimen.cli.options import Commands, add_subject, add_verb
from regimen.cli.sites import add_as_of, at_site, day_of_option
from regimen.cli.verbs import dated, emit
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.events import Calendar

_DATING = ("on", "arm", "decide", "assume", "horizon", "tz")


def add_windows(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``windows``."""
    verb = add_verb(
        commands, "windows", show_windows,
        "list target, earliest and latest day of every dose and visit, the days that are left, and how it stands",
        "regimen windows examples/nested-windows.yaml --on first_dose=2027-01-04 --as-of 2027-02-08",
    )  # fmt: skip
    add_subject(verb)
    verb.add_argument("--journal", metavar="FILE", help="what happened: the subject's journal, such as s001.jsonl")
    add_as_of(verb)
    add_format(verb, ("text", "csv", "md", "json"))


def show_windows(options: Namespace) -> int:
    """The windows of one subject, and how each stands on a day."""
    from regimen.checks.dated import with_findings
    from regimen.render import windows as render

    as_of = day_of_option(options.as_of, "--as-of")
    calendar = with_findings(_calendar(options), as_of)
    renders = {"text": render.as_text, "csv": render.as_csv, "md": render.as_markdown, "json": render.as_json}
    emit(renders[options.format](calendar, as_of), options.output)
    return FINE


def _calendar(options: Namespace) -> Calendar:
    """After what is recorded, if there is a journal; else as planned."""
    itself = is_journal(options.trial)
    if not itself and options.journal is None:
        return dated(options)
    if itself and options.journal is not None:
        raise RegimenError(
            "give a trial with --journal FILE, or the journal alone, such as: regimen windows s001.jsonl"
        )
    if given := [f"--{name}" for name in _DATING if getattr(options, name)]:
        raise RegimenError(
            f"{', '.join(given)} cannot be given with a journal, which says this itself; leave it out, or record it."
        )
    from regimen.replays import study_of, subject_calendar
    from regimen.rules import LIMIT

    journal = read(options.trial if itself else options.journal)
    study = study_of(journal, None if itself else options.trial)
    return at_site(subject_calendar(journal, study, limit=options.limit or LIMIT), options)
