"""What has changed since the last export, and how is a calendar program told?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from regimen.errors import RegimenError
from regimen.render.ics import full, vocabulary
from regimen.render.ics.entry import APPOINTMENT, CANCELLED, CATEGORIES, FIRST_REVISION, Entry
from regimen.render.ics.options import DISCREET, Options
from regimen.render.ics.previous import Previous
from regimen.render.words import counted, moment_in_words

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Revision:
    """The entries as they are written, and which revision of the calendar this is."""

    entries: tuple[Entry, ...]
    number: int = 0
    note: str = ""


def revised(entries: Sequence[Entry], previous: Previous | None, options: Options) -> Revision:
    """The entries with their sequence and time stamp, and what was dropped as cancelled.

    Raises RegimenError if the last export has nothing in common with this one, or if ``options.revised`` is not
    later than the last one's stamps and something has changed.
    """
    if previous is None:
        return Revision(tuple(entries))
    _refuse_strangers(entries, previous)
    uids = {entry.uid for entry in entries}
    gone = [old for uid, old in previous.entries.items() if uid not in uids]
    dropped = [old for old in gone if old.status != CANCELLED]
    if not dropped and all(_unchanged(entry, previous) for entry in entries):
        return _as_it_was(entries, gone, previous)
    number, stamp = previous.revision + 1, _stamp(previous, options)
    kept = [_told(entry, previous.entries.get(entry.uid), number, stamp) for entry in entries]
    cancelled = [_cancelled(old, stamp, options) for old in dropped]
    note = _note(kept, cancelled, previous, number)
    return Revision(tuple(sorted([*kept, *cancelled], key=lambda entry: entry.order)), number, note)


def _unchanged(entry: Entry, previous: Previous) -> bool:
    old = previous.entries.get(entry.uid)
    return old is not None and old.when == entry.when and old.text == entry.text


def _as_it_was(entries: Sequence[Entry], gone: Sequence[Entry], previous: Previous) -> Revision:
    """Nothing has changed: the same bytes again, with what was cancelled the last time."""
    same = [_told(entry, previous.entries[entry.uid], 0, FIRST_REVISION) for entry in entries]
    note = f"Nothing has changed since revision {previous.revision}; the file stays the same."
    return Revision(tuple(sorted([*same, *gone], key=lambda entry: entry.order)), previous.revision, note)


def _told(entry: Entry, old: Entry | None, number: int, stamp: datetime) -> Entry:
    """A program takes over what has a higher sequence; one that is new is never below what it may have been before."""
    if old is None:
        return replace(entry, sequence=number, revised=stamp)
    if old.when != entry.when:
        return replace(entry, sequence=old.sequence + 1, revised=stamp)
    if old.text != entry.text:
        return replace(entry, sequence=old.sequence, revised=stamp)
    return replace(entry, sequence=old.sequence, revised=old.revised)


def _cancelled(old: Entry, stamp: datetime, options: Options) -> Entry:
    """What was dropped, once more, so that programs take it away; its words are made anew for the profile."""
    discreet = options.profile == DISCREET
    language = options.language
    title = vocabulary.known_title(old.summary, language) if discreet else vocabulary.not_cancelled(old.summary)
    aid = vocabulary.AID if discreet else full.AID
    return replace(
        old, summary=vocabulary.cancelled(title, language), status=CANCELLED, opaque=False, alarm=None,
        description="\n".join([language.say(vocabulary.GONE), language.say(aid)]),
        category=old.category if old.category in CATEGORIES else APPOINTMENT,
        sequence=old.sequence + 1, revised=stamp,
    )  # fmt: skip


def _stamp(previous: Previous, options: Options) -> datetime:
    """Later than all before, without a clock: each revision is a second later than the one before."""
    last = max((entry.revised for entry in previous.entries.values()), default=FIRST_REVISION)
    stamp = options.stamp
    if stamp is None:
        return max(last + _SECOND, FIRST_REVISION + (previous.revision + 1) * _SECOND)
    if stamp <= last:
        raise RegimenError(
            f"The revision time {moment_in_words(stamp)} is not later than the last export's "
            f"({moment_in_words(last)}), so programs would take the change for an old one; give a later time."
        )
    return stamp


def _refuse_strangers(entries: Iterable[Entry], previous: Previous) -> None:
    """Each file is asked by itself, or a stranger's entries would be cancelled in the company of our own."""
    uids = {entry.uid for entry in entries}
    files = previous.files or {"": frozenset(previous.entries)}
    strange = [name for name, known in files.items() if not uids & known]
    if strange and not _parts_gone(strange, files):
        named = f" ({', '.join(filter(None, strange))})" if any(strange) else ""
        raise RegimenError(
            f"The previous file{named} has no event in common with this calendar: it is of another trial or subject, "
            "or was made with another --key or --subject. Give its own previous file, or leave --previous out for a "
            "first export."
        )


def _parts_gone(strange: Sequence[str], files: Collection[str]) -> bool:
    """Whether these are parts of one split export, as their names say, of which other parts are known again.

    A year whose events are all dropped has nothing in common with the new calendar, and is ours all the same.
    """
    ours = {_whole(name) for name in files if name not in strange}
    return all(_whole(name) in ours for name in strange)


def _whole(name: str) -> str:
    """The name that a part's ending was added to: ``plan`` for ``plan-2027.ics`` and ``plan-2027-03.ics``."""
    return re.sub(r"-\d{4}(-\d{2})?(\.[^.]*)$", r"\2", name) if name else name


def _note(kept: Sequence[Entry], cancelled: Sequence[Entry], previous: Previous, number: int) -> str:
    olds = [(entry, previous.entries.get(entry.uid)) for entry in kept]
    moved = sum(old is not None and old.when != entry.when for entry, old in olds)
    text = sum(old is not None and old.when == entry.when and old.text != entry.text for entry, old in olds)
    new = sum(old is None for _, old in olds)
    counts = (
        (moved, "moved or with another state"),
        (text, "with other words"),
        (new, "new"),
        (len(cancelled), "cancelled"),
    )
    said = ", ".join(f"{count} {words}" for count, words in counts if count)
    return f"Revision {number}: {counted(len(kept) + len(cancelled), 'entry', 'entries')}, of them {said}."
