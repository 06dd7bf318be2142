"""Does the file say, entry by entry, what was meant? It is read again before it is written anywhere."""

from __future__ import annotations

from collections.abc import Sequence

from regimen.errors import RegimenError
from regimen.render.ics.entry import Entry
from regimen.render.ics.reading import entries_in, read_calendar

_SHOWN = 5


def refuse_differences(entries: Sequence[Entry], content: bytes) -> None:
    """Raise RegimenError if the file does not read back as these entries in this order."""
    try:
        read = list(entries_in(read_calendar(content)))
    except RegimenError as error:
        raise _refused([str(error)]) from None
    pairs = zip(entries, read, strict=False)
    differences = [
        f"meant {facts_of(meant)}, the file says {facts_of(said)}"
        for meant, said in pairs
        if facts_of(meant) != facts_of(said)
    ]
    if len(read) != len(entries):
        differences.append(f"meant {len(entries)} events, the file has {len(read)}")
    if differences:
        raise _refused(differences)


def facts_of(entry: Entry) -> tuple[object, ...]:
    """All that a file says of an entry, in a form that can be compared whatever zone objects its times have."""
    return entry.uid, *entry.when, *entry.text, entry.sequence, entry.revised


def _refused(differences: Sequence[str]) -> RegimenError:
    shown = differences[:_SHOWN]
    more = [f"… and {len(differences) - _SHOWN} more"] if len(differences) > _SHOWN else []
    return RegimenError(
        "\n".join(
            ["The calendar file does not read back as written; it was not made. Please report this.", *shown, *more]
        )
    )
