"""What does each verb do? One library call, and printing what it gives."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.cli import FINE, REFUSED
from regimen.errors import AmbiguousNotation, RegimenError

if TYPE_CHECKING:
    from regimen.events import Calendar
    from regimen.lines import ExpandedLine


# ---------------------------------------------------------------- printing


def emit(text: str | bytes, output: str | None = None) -> None:
    """Print data to stdout byte for byte, or write it to a file and say so on stderr."""
    if output is not None:
        from regimen.render.writing import write_atomically

        write_atomically(Path(output), text)
        say(f"wrote {output}")
        return
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    sys.stdout.flush()
    sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")


def say(words: str) -> None:
    """Words for people, on stderr."""
    print(words, file=sys.stderr)


def as_json(value: Any) -> str:
    """JSON with ISO dates."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return str(value)


# ---------------------------------------------------------------- reading options


def pairs(texts: Sequence[str], option: str, example: str) -> dict[str, str]:
    """NAME=VALUE options as a mapping; each name once."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise RegimenError(f"{option} {text!r} is not understood; write {option} {example}.")
        if name in found:
            raise RegimenError(f"{option} gives {name} twice ({found[name]} and {value}); give it once.")
        found[name] = value
    return found


def dated(options: Namespace) -> Calendar:
    """The calendar that the shared options ask for, after what is recorded where a journal is given."""
    from regimen.cli.compare import note_change
    from regimen.cli.happened import happened
    from regimen.cli.sites import at_site
    from regimen.library import expand
    from regimen.replays import replay
    from regimen.rules import LIMIT

    on = pairs(options.on, "--on", "first_dose=2027-01-04")
    given: dict[str, Any] = {
        "arm": options.arm, "decide": pairs(options.decide, "--decide", "transplant=no"), "assume": options.assume,
        "horizon": options.horizon, "zone": options.tz, "limit": options.limit or LIMIT,
    }  # fmt: skip
    told = happened(options)
    if told is None:
        return at_site(expand(options.trial, on, **given), options)
    calendar = replay(*told, on=on, **given)
    note_change(*told)
    return at_site(calendar, options)


# ---------------------------------------------------------------- verbs


def list_trials(options: Namespace) -> int:
    """The trials that come with regimen."""
    from regimen.library import listed

    trials = listed()
    if options.json:
        emit(as_json([asdict(trial) for trial in trials]))
        return FINE
    emit("\n".join(columns([(trial.name, trial.registry or "—", trial.title) for trial in trials])))
    return FINE


def show(options: Namespace) -> int:
    """What a definition means, in sentences."""
    from regimen.library import load
    from regimen.render import protocol

    study = load(options.trial, assume=options.assume)
    emit((protocol.as_json if options.json else protocol.as_text)(study, options.arm))
    return FINE


def check(options: Namespace) -> int:
    """Errors and findings of a definition."""
    from regimen.checks import findings, month_changes
    from regimen.library import load_with_places, read_moment

    study, document = load_with_places(options.trial, assume=options.assume)
    found = list(findings(study, document=document))
    anchors = {k: read_moment(v) for k, v in pairs(options.on, "--on", "first_dose=2027-01-04").items()}
    changes = month_changes(study, anchors) if anchors else ()
    if options.json:
        emit(as_json({"findings": [asdict(f) for f in found], "month_changes": [asdict(c) for c in changes]}))
    else:
        emit("\n".join([*map(str, found), *map(str, changes)]) or f"{options.trial}: no findings.")
    return REFUSED if any(f.level != "note" for f in found) else FINE


def line(options: Namespace) -> int:
    """One line of notation, dated."""
    from regimen.library import read_moment
    from regimen.lines import expand_line
    from regimen.notation import read_span
    from regimen.rules import LIMIT

    start = read_moment(options.start)
    first_day = int(options.first_day) if options.first_day else None
    horizon = read_span(options.horizon) if options.horizon else None
    try:
        expanded = expand_line(
            options.text, start, first_day=first_day, weeks=options.weeks, horizon=horizon, zone=options.tz,
            limit=options.limit or LIMIT,
        )  # fmt: skip
    except AmbiguousNotation as error:
        return _ambiguous(error, start, first_day, options.weeks)
    emit(as_json(_line_data(expanded)) if options.json else _line_text(expanded))
    return FINE


def _ambiguous(error: AmbiguousNotation, start: date | datetime, first_day: int | None, weeks: str | None) -> int:
    from regimen.lines import dated_readings

    say(f"regimen: {error.sentence}")
    for excerpt in error.show().splitlines()[1:3]:
        say(excerpt)
    for reading, days in dated_readings(error, start, first_day=first_day, weeks=weeks):
        say(f"  - {reading.meaning}: write {reading.text}")
        if days:
            say(f"      {days}")
    return REFUSED


def _line_data(expanded: ExpandedLine) -> dict[str, Any]:
    return {
        "text": expanded.text,
        "sentence": expanded.sentence,
        "conventions": list(expanded.conventions),
        "notes": list(expanded.calendar.notes),
        "totals": [{"amount": total.value, "unit": str(total.unit)} for total in expanded.totals],
        "occurrences": list(expanded.occurrences),
    }


def _line_text(expanded: ExpandedLine) -> str:
    from regimen.render.words import span_in_words, window_in_words

    lines = [expanded.text, "", expanded.sentence, *expanded.conventions, *expanded.calendar.notes, ""]
    several = len({o.label for o in expanded.occurrences}) > 1
    rows = [
        (
            f"C{o.cycle}D{o.day}" if o.cycle is not None else f"Day {o.day}".replace("-", "−"),
            span_in_words(o.start, o.end), o.label if several else "", o.dose,
            f"{o.dose_days} d" if o.dose_days > 1 else "",
            f"window {window_in_words(o.window)}" if o.window else "", "optional" if o.optional else "",
        )
        for o in expanded.occurrences
    ]  # fmt: skip
    return "\n".join([*lines, *columns(rows), "", "Planning aid: verify every date against the protocol."])


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as aligned text; a column that is empty everywhere is left out."""
    widths = [max((len(cell) for cell in column), default=0) for column in zip(*rows, strict=True)]
    used = [n for n, width in enumerate(widths) if width]
    return ["  ".join(f"{row[n]:<{widths[n]}}" for n in used).rstrip() for row in rows]


def calendar(options: Namespace) -> int:
    """The calendar of one subject."""
    if options.format is None:
        named = (options.output or "").lower().endswith(".xlsx")
        options.format = "xlsx" if named else "text"
    if options.format == "xlsx":
        from regimen.cli.workbooks import write_calendar

        return write_calendar(options)
    dating = dated(options)
    if options.format == "text":
        from regimen.render.text import as_text as render
    elif options.format == "md":
        from regimen.render.markdown import as_markdown as render
    else:
        from regimen.render import tables

        render = tables.as_csv if options.format == "csv" else tables.as_json
    emit(render(dating), options.output)
    return FINE


def ics(options: Namespace) -> int:
    """A calendar file, or several."""
    from regimen.cli.calendar_files import write_calendar_files

    return write_calendar_files(options)


def key(options: Namespace) -> int:
    """A new secret key for calendar files."""
    from regimen.cli.keys import write_key

    say(f"wrote {write_key(options.output)}; keep it, and keep it secret: every later export needs the same key.")
    return FINE


def gantt(options: Namespace) -> int:
    """A timeline picture."""
    dating = dated(options)
    from regimen.cli import clock
    from regimen.cli.sites import day_of_option
    from regimen.render.gantt import save
    from regimen.render.gantt_view import View

    first, last = day_of_option(options.first, "--from"), day_of_option(options.last, "--to")
    today = clock.now().date() if options.today == "" else day_of_option(options.today, "--today")
    view = View(first, last, options.by or "", today)
    save(dating, Path(options.output), theme=options.theme, view=view, layout=options.layout)
    say(f"wrote {options.output}")
    return FINE


def schema(options: Namespace) -> int:
    """The JSON Schema of the format."""
    from regimen.definition.schema import schema_text

    emit(schema_text(), options.output)
    return FINE


def demo(options: Namespace) -> int:
    """The main job for all shipped trials."""
    from regimen.cli.demonstration import run_demo

    emit(run_demo(Path(options.output)))
    return FINE
