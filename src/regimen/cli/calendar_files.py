"""How is a calendar file asked for? Reads the options of `regimen ics`, writes the file or files, says what matters."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from regimen.cli import FINE, clock
from regimen.cli.verbs import dated, say
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.render.ics import Export, Options
    from regimen.timing import Span

Value = TypeVar("Value")
_OLD_REVISION = re.compile(rb"^X-REGIMEN-REVISION:(\d{1,6})\r?$", re.MULTILINE)
_OURS = re.compile(rb"^PRODID:-//regimen//regimen calendar//EN\r?$", re.MULTILINE)


def write_calendar_files(options: Namespace) -> int:
    """Write what `regimen ics` asks for, and say what must be known about it."""
    from regimen.render import ics
    from regimen.render.writing import write_together

    output = Path(options.output)
    if output.suffix.lower() != ".ics":
        raise RegimenError(f"{output} does not end in .ics, so no calendar program would open it; name it so.")
    choices = choices_of(options)
    previous = ics.read_previous(options.previous) if options.previous else None
    calendar = dated(options)
    if not choices.subject and calendar.journal is not None:
        choices = replace(choices, subject=calendar.journal.subject.strip())
    if choices.profile == "discreet":
        ics.refuse_telling_name(output, calendar, choices.subject, _other_names(options))
    made = ics.export(calendar, choices, previous)
    files = _files(output, made, split=options.split)
    _refuse_lost_history(files, options, previous.revision if previous else None)
    notes = [*made.notes, *_notes(choices, files, options)]
    write_together(files)
    for note in notes:
        say(f"Note: {note}")
    for path in files:
        say(f"wrote {path}")
    return FINE


def choices_of(options: Namespace) -> Options:
    """The options as the exporter takes them. Raises RegimenError with all that cannot be understood."""
    from regimen.cli.keys import read_key
    from regimen.languages import ENGLISH, Language
    from regimen.moments import zone_named
    from regimen.render.ics import Options

    faults: list[str] = []

    def read(reader: Callable[[str], Value], text: str | None) -> Value | None:
        try:
            return reader(text) if text is not None else None
        except RegimenError as error:
            faults.append(str(error))
            return None

    zone, alarm = read(zone_named, options.tz), read(_alarm, options.alarm)
    values = {
        "profile": options.profile, "subject": options.subject, "rrule": options.rrule, "zone": zone, "alarm": alarm,
        "decided_only": options.decided_only, "secret": read(read_key, options.key) or b"",
        "at": read(_clock, options.at),
        "as_of": read(_day, options.as_of) or (_today(zone) if options.alarm else None),
        "bags": options.bags is not None, "bag_length": read(_bag, options.bags or None),
        "revised": read(_stamp, options.revised), "language": read(Language, options.language) or ENGLISH,
    }  # fmt: skip
    made = None
    try:
        made = Options(**values)
    except RegimenError as error:
        faults.append(str(error))
    if faults or made is None:
        raise RegimenError("\n".join(faults))
    return made


def _today(zone: ZoneInfo | None) -> date:
    """The only place where an export reads a clock: which alarms would be for days that are over."""
    return clock.now().astimezone(zone or UTC).date()


def _clock(text: str) -> time:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise RegimenError(f"--at {text!r} is not a time of day; write it with 24 hours, such as --at 09:00.")
    return time(int(found[1]), int(found[2]))


def _day(text: str) -> date:
    from regimen.library import read_moment

    moment = read_moment(text)
    if isinstance(moment, datetime):
        raise RegimenError(f"--as-of {text!r} has a time; give a day, such as --as-of 2027-01-04.")
    return moment


def _alarm(text: str) -> Span:
    return _span(text, "--alarm", "1d, 2h or 30min before an event")


def _bag(text: str) -> Span:
    return _span(text, "--bags", "--bags 96h; alone, --bags goes last or before another option")


def _span(text: str, option: str, example: str) -> Span:
    from regimen.notation import read_span

    try:
        return read_span(text)
    except RegimenError:
        raise RegimenError(f"{option} {text!r} is not a length of time; write {example}.") from None


def _stamp(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise RegimenError(f"--revised {text!r} is not a time; write 2027-01-04T10:00+01:00.") from None
    if moment.tzinfo is None:
        raise RegimenError(f"--revised {text!r} has no time zone; write 2027-01-04T10:00+01:00.")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise RegimenError(f"--revised {text!r} is before the first or after the last year; give a real one.") from None


def _other_names(options: Namespace) -> list[str]:
    """What else the command names that tells the study: the definition, by name or path."""
    return [Path(options.trial).stem]


def _files(output: Path, made: Export, *, split: bool) -> dict[Path, bytes]:
    if not split:
        return {output: made.content()}
    return {output.with_name(f"{output.stem}{part.ending}{output.suffix}"): part.content for part in made.parts()}


def _refuse_lost_history(files: dict[Path, bytes], options: Namespace, compared: int | None) -> None:
    """No file is replaced, and no part passed over, that the new ones were not compared with; all of them are said."""
    known = {Path(name).resolve() for name in options.previous}
    faults = [
        fault
        for path, content in files.items()
        if path.resolve() not in known and (fault := _lost(path, _old(path), content, compared))
    ]
    if options.split and known:
        faults += [
            f"{path} is a part of an earlier export and not among --previous, so its entries would not be compared. "
            f"Add --previous {path}, or take it away. Nothing was written."
            for path in _parts_beside(Path(options.output))
            if path.resolve() not in known
        ]
    if faults:
        raise RegimenError("\n".join(faults))


def _lost(path: Path, old: bytes, content: bytes, compared: int | None) -> str:
    """What would be lost with the old file; a later revision, begun again, is below what programs have seen."""
    found = _OLD_REVISION.search(old)
    if old in (b"", content):
        return ""
    if found is None or not _OURS.search(old):
        return f"{path} is not a regimen calendar file; choose another name. It was left as it is."
    number = int(found[1])
    if compared is None and number == 0:
        return (
            f"{path} would be replaced without being compared: programs would ignore what changed. "
            f"Add --previous {path}, or choose another name for a first export. It was left as it is."
        )
    if compared is None:
        return (
            f"{path} is revision {number} and would begin again at 0: programs would ignore what changed. "
            f"Add --previous {path}, or choose another name for a first export. It was left as it is."
        )
    if number > compared:
        return (
            f"{path} is revision {number}, and the --previous file is revision {compared}: programs would ignore what "
            f"changed. Give --previous {path} instead, or choose another name. It was left as it is."
        )
    return ""


def _parts_beside(output: Path) -> list[Path]:
    """Files whose names say that they are parts of this output."""
    part = re.compile(rf"{re.escape(output.stem)}-\d{{4}}(-\d{{2}})?{re.escape(output.suffix)}")
    beside = output.parent.iterdir() if output.parent.is_dir() else ()
    return sorted(path for path in beside if path.is_file() and part.fullmatch(path.name))


def _old(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _notes(choices: Options, files: dict[Path, bytes], options: Namespace) -> Iterator[str]:
    """What the user must know about this export beside the dates."""
    from regimen.render.ics import size_note

    if choices.profile == "full":
        yield "whoever sees this calendar can read drug, dose and study; leave --profile full out to keep them back."
    if choices.language.review_note:
        yield f"no clinical translator has reviewed the {choices.language.name} texts; see docs/languages.md."
    if not choices.secret:
        yield "without --key the identities of entries can be guessed by whoever knows the study; see regimen key."
    if not choices.subject:
        yield "without --subject the calendars of two subjects of this study would replace each other's entries."
    for path, content in files.items():
        if size := size_note(len(content)):
            yield f"{path}: {size}"
    yield from _stale(files, options)


def _stale(files: dict[Path, bytes], options: Namespace) -> Iterator[str]:
    """Files of the last export beside the new ones that are no longer written."""
    folders = {path.resolve().parent for path in files}
    new = {path.resolve() for path in files}
    for name in options.previous:
        old = Path(name).resolve()
        if options.split and old.parent in folders and old not in new:
            yield f"{name} is not written any more; take it away where it was imported or subscribed to."
