"""How does the difference between two calendars read: in a terminal, as a Markdown page, and for a program?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from regimen.changes import Change, ChangeSet
from regimen.changes.aspects import ASPECTS
from regimen.changes.comparing import shift_of
from regimen.events import DatedWindow, Event, Notice
from regimen.render.change_rows import (
    Group,
    Part,
    Row,
    common_zone,
    dates_in_words,
    difference_in_words,
    parts,
    summary,
)
from regimen.render.columns import GAP, WIDTH, line_of, width_of
from regimen.render.marking import escaped, listed, safe_start, table
from regimen.render.words import PLANNING_AID, one_line, wrapped

Names = tuple[str, str]
"""What the two calendars are, in words."""

_WHAT, _LEAST_MORE = 44, 30


# ---------------------------------------------------------------- in a terminal


def as_text(changes: ChangeSet, names: Names = ("", "")) -> str:
    """The changes for a terminal: what is compared, the changes by kind and reason, what is to be decided."""
    blocks = [_head(changes, names), *blocks_of(changes), [PLANNING_AID]]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block) + "\n"


def blocks_of(changes: ChangeSet) -> list[list[str]]:
    """The changes by kind and reason, and what is said beside them, without head and foot."""
    said = parts(changes)
    widths = _widths([row for part in said for group in part.groups for row in group.rows])
    blocks = [list(_part(part, widths)) for part in said]
    return [*blocks, *(_listed(heading, lines) for heading, lines in _said_beside(changes))]


def facts_of(changes: ChangeSet, names: Names = ("", "")) -> list[tuple[str, str]]:
    """The lines of the head: what is compared, what differs for all events, and how many changes there are."""
    said = [("From", one_line(names[0])), ("To", one_line(names[1]))]
    said += [(one_line(d.what[:1].upper() + d.what[1:]), difference_in_words(d)) for d in changes.head]
    zone = common_zone(changes)
    said += [("Times", f"in {zone}")] if zone else []
    return [(name, words) for name, words in (*said, ("Changes", summary(changes))) if words]


def _head(changes: ChangeSet, names: Names) -> list[str]:
    facts = facts_of(changes, names)
    margin = max(width_of(name) for name, _ in facts) + len(GAP)
    lines = wrapped(one_line(changes.title) or one_line(changes.study), WIDTH)
    for name, words in facts:
        lines += wrapped(words, WIDTH, f"{name:{margin}}", " " * margin)
    return lines


def _widths(rows: Sequence[Row]) -> list[int]:
    cells = [(row.when, row.shift, row.position, row.what) for row in rows]
    widths = [max((width_of(cell) for cell in column), default=0) for column in zip(*cells, strict=True)]
    if not widths:
        return []
    widths[3] = min(widths[3], _WHAT)
    left = WIDTH - len(GAP) - sum(width + len(GAP) for width in widths if width)
    longest = max(width_of(", ".join(row.more)) for row in rows)
    return [*widths, min(longest, left) if left >= _LEAST_MORE else 0]


def _part(part: Part, widths: Sequence[int]) -> Iterator[str]:
    yield part.heading
    for group in part.groups:
        alone = len(group.rows) == 1
        if not alone:
            yield from wrapped(f"Because: {group.why}", WIDTH, GAP, GAP * 3)
        for row in group.rows:
            yield from _row_lines(row, widths, group.why if alone else "")


def _row_lines(row: Row, widths: Sequence[int], why: str) -> Iterator[str]:
    """One row; a reason of its own stands beside it where there is room, else below."""
    *most, more = widths
    cells = ((row.when,), (row.shift,), (row.position,), (row.what,), row.more)
    lines = [f"{GAP}{line}".rstrip() for line in line_of(cells if more else cells[:4], widths if more else most)]
    beside = f"{lines[0]}{GAP}{why}"
    if why and len(lines) == 1 and width_of(beside) <= WIDTH and (more or not row.more):
        yield beside
        return
    yield from lines
    below = GAP * 3
    if row.more and not more:
        yield from wrapped(", ".join(row.more), WIDTH, below, below)
    if why:
        yield from wrapped(f"Because: {why}", WIDTH, below, below + GAP)


def _said_beside(changes: ChangeSet) -> Iterator[tuple[str, list[str]]]:
    yield "To decide or look at, new", [_notice(notice) for notice in changes.appeared]
    yield "No longer to decide or look at", [_notice(notice) for notice in changes.settled]
    yield "Now said", [dates_in_words(sentence) for sentence in changes.now_said]
    yield "No longer said", [dates_in_words(sentence) for sentence in changes.no_longer_said]


def _notice(notice: Notice) -> str:
    return dates_in_words(f"{notice.level}: {notice}")


def _listed(heading: str, sentences: Iterable[str]) -> list[str]:
    lines = [line for sentence in sentences for line in wrapped(sentence, WIDTH, "  - ", "    ")]
    return [heading, *lines] if lines else []


# ---------------------------------------------------------------- as a Markdown page


def as_markdown(changes: ChangeSet, names: Names = ("", "")) -> str:
    """The changes as a Markdown page with a table for each kind."""
    title = escaped(one_line(changes.title) or one_line(changes.study))
    facts = "\n".join(f"- **{escaped(name)}:** {escaped(words)}" for name, words in facts_of(changes, names))
    blocks = [f"# Changes: {title}", facts, *markdown_of(changes), PLANNING_AID]
    return "\n\n".join(block for block in blocks if block) + "\n"


def markdown_of(changes: ChangeSet) -> list[str]:
    """The tables and lists of a page, without its head and foot."""
    tables = [f"## {escaped(part.heading)}\n\n{_table(part.groups)}" for part in parts(changes)]
    said = [
        listed(heading, (safe_start(escaped(sentence)) for sentence in lines))
        for heading, lines in _said_beside(changes)
    ]
    return [*tables, *(block for block in said if block)]


def _table(groups: Iterable[Group]) -> str:
    headings = ("Date", "Moved by", "Position", "What", "Change", "Because")
    cells = [(r.when, r.shift, r.position, r.what, ", ".join(r.more), g.why) for g in groups for r in g.rows]
    used = [n for n in range(len(headings)) if any(row[n] for row in cells)]
    return table([headings[n] for n in used], [[row[n] for n in used] for row in cells])


# ---------------------------------------------------------------- for a program


def as_json(changes: ChangeSet, names: Names = ("", "")) -> str:
    """The whole change set, keys always in the same order, dates in ISO format."""
    return json.dumps(content(changes, names), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def content(changes: ChangeSet, names: Names = ("", "")) -> dict[str, Any]:
    """The change set as plain values."""
    counts = {aspect: sum(aspect in entry.aspects for entry in changes.entries) for aspect in ASPECTS}
    return {
        "study": changes.study,
        "title": changes.title,
        "from": names[0],
        "to": names[1],
        "head": [{**_json_difference(d), "days": shift_of(d.before, d.after)} for d in changes.head],
        "counts": {aspect: count for aspect, count in counts.items() if count},
        "unchanged": changes.unchanged,
        "changes": [_json_change(entry) for entry in changes.entries],
        "notices": {"appeared": _json_notices(changes.appeared), "settled": _json_notices(changes.settled)},
        "sentences": {"appeared": list(changes.now_said), "gone": list(changes.no_longer_said)},
    }


def _json_change(entry: Change) -> dict[str, Any]:
    before, after, event = entry.before, entry.after, entry.event
    return {
        "id": entry.id,
        "label": entry.label,
        "aspects": list(entry.aspects),
        "from": plain_value(before.start) if before is not None else None,
        "to": plain_value(after.start) if after is not None else None,
        "days": entry.days,
        "why": entry.why,
        "waited_for": entry.waited or None,
        "waits_for": entry.waits or None,
        "differences": [_json_difference(d) for d in entry.differences],
        "event": event_values(event) if event is not None and (before is None or after is None) else None,
    }


def _json_difference(found: Any) -> dict[str, Any]:
    return {"what": found.what, "before": plain_value(found.before), "after": plain_value(found.after)}


def _json_notices(notices: Iterable[Notice]) -> list[dict[str, str]]:
    return [{f.name: getattr(notice, f.name) for f in fields(Notice)} for notice in notices]


def event_values(event: Event) -> dict[str, Any]:
    """Every value of an event, plain."""
    return {f.name: plain_value(getattr(event, f.name)) for f in fields(Event)}


def plain_value(value: object) -> Any:
    """A value as JSON has it: ISO dates, lists, a window as its two ends."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, DatedWindow):
        return {"earliest": value.earliest.isoformat(), "latest": value.latest.isoformat()}
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
