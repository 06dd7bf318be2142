"""Why does an event differ? What was recorded, else where the two chains of reasons for its dates part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from regimen.events import RESTART, UNSCHEDULED, Event

NEW = "the earlier plan does not have it"
NOT_PLANNED = "the later plan does not have it"
PLANS_DIFFER = "the later plan has it so"

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: = |: )")
_TERM = re.compile(r"(?= \+ | − )|(?<=[^ ]) = |, ")


def why(before: Event | None, after: Event | None, waited: str = "", waits: str = "") -> str:
    """The reason for a change; where nothing was recorded and no reason parts from another, the plans differ."""
    if after is None:
        return _gone(before, waited, waits)
    if before is None:
        return f"waited for {waited}: {chain_of(after)}" if waited else _new(after)
    # A fact that both calendars know explains no difference between them.
    if after.because and after.because != before.because:
        return after.because
    if before.because and not after.because:
        return f"no longer: {before.because}"
    return "; ".join(part for part in (_conditions(before, after), _parted(before, after)) if part) or PLANS_DIFFER


def _new(after: Event) -> str:
    """What a journal added says so itself; a fact that only moved an event does not say why there is one."""
    added = after.item == UNSCHEDULED or after.is_piece or RESTART in after.id
    return after.because if after.because and added else NEW


def _gone(before: Event | None, waited: str, waits: str) -> str:
    if waits:
        return f"waits for {waits}"
    if waited:
        return f"waited for {waited}"
    return f"it hung on {', '.join(before.conditions)}" if before is not None and before.conditions else NOT_PLANNED


def chain_of(event: Event) -> str:
    """How its date was reached, without the date itself."""
    return _DATE.sub("", event.why, count=1)


def _conditions(before: Event, after: Event) -> str:
    settled = [condition for condition in before.conditions if condition not in after.conditions]
    new = [condition for condition in after.conditions if condition not in before.conditions]
    said = [f"no longer hangs on {', '.join(settled)}"] if settled else []
    return "; ".join([*said, *([f"hangs on {', '.join(new)}"] if new else [])])


def _parted(before: Event, after: Event) -> str:
    """Where the chains part: ``first dose 2027-01-04 -> first dose 2027-01-11``."""
    return "; ".join(_steps(_terms(before), _terms(after)))


def _terms(event: Event) -> list[str]:
    terms = [term.strip() for term in _TERM.split(chain_of(event)) if term.strip()]
    # How the protocol names the place is no step of the way there.
    return terms[1:] if terms and terms[0] == event.position else terms


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, now = " ".join(old[i:j]), " ".join(new[k:m])
        if tag == "replace":
            yield f"{was} -> {now}"
        elif tag == "delete":
            yield f"no longer {was}"
        elif tag == "insert":
            yield f"now {now}"
