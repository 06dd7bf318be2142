"""What happens on which day of the protocol? ``regimen soa``: the schedule of activities in the format asked for."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.cli import FINE
from regimen.cli.options import TRIAL, Commands, add_verb
from regimen.cli.verbs import emit, pairs
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.render.soa import Grid

PICTURES = ("png", "svg", "pdf")
FORMATS = ("text", "md", "html", "xlsx", *PICTURES)
_ENDINGS = {"txt": "text", "markdown": "md", "htm": "html", **{name: name for name in FORMATS if name != "text"}}


def add_soa(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``soa``."""
    verb = add_verb(
        commands, "soa", show_soa,
        "the schedule of activities: cycles, visits and days across, activities and doses down; no dates needed",
        "regimen soa belimumab-sle -o schedule.html",
    )  # fmt: skip
    verb.add_argument("trial", metavar="TRIAL", help=TRIAL)
    verb.add_argument("--arm", help="which arm, where there are several")
    verb.add_argument("--decide", action="append", default=[], metavar="NAME=ANSWER", help="answer a decision")
    verb.add_argument("--assume", action="append", default=[], metavar="NAME", help="opt into a named assumption")
    verb.add_argument("--horizon", metavar="LENGTH", help='how far open ends are shown, such as "24 mo"')
    verb.add_argument("--format", choices=FORMATS, help="by the ending of the file, or text, if left out")
    verb.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of the screen")


def show_soa(options: Namespace) -> int:
    """The schedule of one arm."""
    from regimen.library import load
    from regimen.notation import read_span
    from regimen.render.soa import schedule

    kind = _format(options)
    study = load(options.trial, assume=options.assume)
    horizon = read_span(options.horizon) if options.horizon else None
    decided = pairs(options.decide, "--decide", "transplant=no")
    emit(_rendered(schedule(study, options.arm, decisions=decided, horizon=horizon), kind), options.output)
    return FINE


def _format(options: Namespace) -> str:
    """As asked for, or else by the ending of the file's name."""
    kind: str | None = options.format
    if kind is None:
        ending = Path(options.output or "").suffix.lower().removeprefix(".")
        if options.output is not None and ending not in _ENDINGS:
            found = f"ends in .{ending}" if ending else "has no ending"
            raise RegimenError(
                f"{options.output!r} {found}, which names no format; use .{', .'.join(_ENDINGS)}, or --format "
                f"{' or '.join(FORMATS)}."
            )
        kind = _ENDINGS[ending] if options.output is not None else "text"
    if options.output is None and kind in ("xlsx", *PICTURES):
        raise RegimenError(f"{kind} cannot be shown on the screen; name a file: -o schedule.{kind}")
    return kind


def _rendered(grid: Grid, kind: str) -> str | bytes:
    if kind == "html":
        from regimen.render.soa.html_page import as_html

        return as_html(grid)
    if kind == "xlsx":
        from regimen.render.soa.sheet import as_workbook

        return as_workbook(grid)
    if kind in PICTURES:
        from regimen.render.soa.picture import as_picture

        return as_picture(grid, kind)
    from regimen.render.soa import plain

    return plain.as_markdown(grid) if kind == "md" else plain.as_text(grid)
