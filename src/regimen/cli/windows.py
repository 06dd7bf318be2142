"""What is due, and how long is its window still open? ``regimen windows``."""

from __future__ import annotations

from argparse import Namespace

from regimen.cli import FINE
from regimen.cli.compare import add_format
from regimen.cli.happened import add_happened
from regimen.cli.options import Commands, add_subject, add_verb
from regimen.cli.sites import add_as_of, day_of_option
from regimen.cli.verbs import dated, emit


def add_windows(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``windows``."""
    verb = add_verb(
        commands, "windows", show_windows,
        "list target, earliest and latest day of every dose and visit, the days that are left, and how it stands",
        "regimen windows examples/nested-windows.yaml --on first_dose=2027-01-04 --as-of 2027-02-08",
    )  # fmt: skip
    add_subject(verb)
    add_happened(verb)
    add_as_of(verb)
    add_format(verb, ("text", "csv", "md", "json"))


def show_windows(options: Namespace) -> int:
    """The windows of one subject, and how each stands on a day."""
    from regimen.checks.dated import with_findings
    from regimen.render import windows as render

    as_of = day_of_option(options.as_of, "--as-of")
    calendar = with_findings(dated(options), as_of)
    renders = {"text": render.as_text, "csv": render.as_csv, "md": render.as_markdown, "json": render.as_json}
    emit(renders[options.format](calendar, as_of), options.output)
    return FINE
