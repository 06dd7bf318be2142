"""How is a calendar written as a workbook, with all that is worth a look?"""

from __future__ import annotations

from argparse import Namespace

from regimen.cli import FINE
from regimen.cli.compare import is_journal
from regimen.cli.sites import day_of_option
from regimen.cli.verbs import dated, emit
from regimen.errors import RegimenError
from regimen.events import Notice


def write_calendar(options: Namespace) -> int:
    """The calendar of one subject as a workbook."""
    if options.output is None:
        raise RegimenError("a workbook cannot be shown on the screen; name a file: -o calendar.xlsx")
    from regimen.checks.dated import with_findings
    from regimen.render.calendar_book import calendar_as_workbook

    as_of = day_of_option(options.as_of, "--as-of")
    calendar = with_findings(dated(options), as_of)
    emit(calendar_as_workbook(calendar, as_of=as_of, more=_of_definition(options)), options.output)
    return FINE


def _of_definition(options: Namespace) -> tuple[Notice, ...]:
    """What `regimen check` finds in the definition, each with its place in the file."""
    from regimen.checks import findings
    from regimen.journal import read_journal
    from regimen.library import load_with_places
    from regimen.subjects import trial_of

    trial, assume = options.trial, options.assume
    if is_journal(trial):
        journal = read_journal(trial)
        trial, assume = trial_of(journal), (*journal.opened.assume, *assume)
    study, document = load_with_places(trial, assume=assume)
    found = findings(study, document=document)
    places = (f"{one.source}:{one.line}: {one.path}" if one.line else one.path for one in found)
    return tuple(Notice(f.level, place, f.sentence, f.remedy) for f, place in zip(found, places, strict=True))
