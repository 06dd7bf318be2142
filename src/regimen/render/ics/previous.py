"""What did the last export say? Its file, or the files it was split into, read and checked before they are trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from regimen.errors import RegimenError
from regimen.render.ics.assembly import PRODID, REVISION
from regimen.render.ics.entry import Entry
from regimen.render.ics.reading import entries_in, read_calendar

_DIGITS = 6
"""Of a revision; programs keep a SEQUENCE, which rises with it, in 32 bits."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The entries of the last export by UID, and which revision it was (0 is the first)."""

    entries: Mapping[str, Entry]
    revision: int = 0
    files: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The UIDs in each of its files, by name."""


def read_previous(paths: Iterable[str | Path]) -> Previous:
    """The last export from its files. Raises RegimenError, with every file that cannot be used and why."""
    contents: list[tuple[str, bytes]] = []
    faults: list[str] = []
    for path in paths:
        try:
            contents.append((str(path), Path(path).read_bytes()))
        except OSError as error:
            faults.append(f"{path} cannot be read ({error.strerror or error}); give the file of the last export.")
    if faults:
        raise RegimenError("\n".join(faults))
    return previous_of(contents)


def previous_of(contents: Sequence[tuple[str, bytes]]) -> Previous:
    """As ``read_previous``, from names and bytes."""
    faults: list[str] = []
    entries: dict[str, Entry] = {}
    revisions: dict[int, str] = {}
    files: dict[str, frozenset[str]] = {}
    for name, content in contents:
        try:
            revision, found = _read(content)
        except RegimenError as error:
            faults.append(f"{name} cannot be compared with: {error}. Nothing was written.")
            continue
        revisions[revision] = name
        files[name] = frozenset(entry.uid for entry in found)
        twice = [entry.uid for entry in found if entries.setdefault(entry.uid, entry) is not entry]
        if twice:
            faults.append(f"{name} holds events that an earlier file holds as well; give each file of one export once.")
    if len(revisions) > 1:
        said = ", ".join(f"{name} is revision {revision}" for revision, name in revisions.items())
        faults.append(f"These are files of different exports: {said}. Give the files of the last one only.")
    if faults:
        raise RegimenError("\n".join(faults))
    return Previous(entries, next(iter(revisions), 0), files)


def _read(content: bytes) -> tuple[int, list[Entry]]:
    calendar = read_calendar(content)
    if calendar.value("PRODID") != PRODID:
        maker = calendar.value("PRODID")[:60] or "nobody says what"
        raise RegimenError(f"it was made by another program ({maker}); give a file that regimen ics wrote")
    number = calendar.value(REVISION)
    if not number.isdecimal():
        raise RegimenError(f"it has no {REVISION}, so which revision it is cannot be known")
    if len(number) > _DIGITS:
        raise RegimenError(
            f"its {REVISION} {number[:20]} is no number of an export; give a file that regimen ics wrote"
        )
    return int(number), list(entries_in(calendar))
