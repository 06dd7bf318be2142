"""How does a calendar read as a Markdown page with pipe tables?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from regimen.events import Calendar
from regimen.render.outline import Outline, Section, Total, outline
from regimen.render.rows import Row
from regimen.render.words import PLANNING_AID

_HEADINGS = ("Date", "Position", "Study day", "What", "Window", "State")
# Only what Markdown would act on there: "first_dose", "<45 kg" and "[a]" stay as people write them.
_SPECIAL = re.compile(r"[\\`*|]|(?<!\w)_|_(?!\w)|\](?=[(\[:])|<(?=[a-zA-Z/!?])|~(?=~)|&(?=#?\w+;)")
_BLOCK_START = re.compile(r"^(#|[-+](?= )|\d+(?=[.)]))")


def as_markdown(calendar: Calendar) -> str:
    """The calendar as a Markdown page: the content of the text table, with pipe tables."""
    read = outline(calendar)
    blocks = [f"# {_escaped(read.title)}", _facts(read), *(_section(section) for section in read.sections)]
    blocks += [
        _listed("Marks", (f"{_escaped(remark.mark)} {_escaped(remark.text)}" for remark in read.remarks)),
        _totals(read.totals),
        _listed("Notes", (_safe_start(_escaped(note)) for note in read.notes)),
        _listed("Not dated yet", (_sentence(missing.head, missing.events, missing.remedy) for missing in read.waiting)),
        PLANNING_AID,
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _facts(read: Outline) -> str:
    lines = []
    for name, sentences in read.facts:
        lines += [f"- **{name}:** {_escaped('; '.join(sentences))}"] if len(sentences) == 1 else [f"- **{name}:**"]
        lines += [f"  - {_safe_start(_escaped(sentence))}" for sentence in sentences] if len(sentences) > 1 else []
    return "\n".join(lines)


def _section(section: Section) -> str:
    used = [n for n in range(len(_HEADINGS)) if any(_cells(row)[n] for row in section.rows)]
    rows = [[_cells(row)[n] for n in used] for row in section.rows]
    return f"## {_escaped(section.heading)}\n\n{_table([_HEADINGS[n] for n in used], rows)}"


def _cells(row: Row) -> tuple[str, ...]:
    parts = ((row.what, *row.details), row.window, row.state)
    return (row.date, row.position, row.study_day, *(", ".join(part) for part in parts))


def _totals(totals: Sequence[Total]) -> str:
    if not totals:
        return ""
    headings = ("Item", "Doses", "Dose days", "First", "Last", "Of these")
    rows = [(t.label, f"{t.doses}", f"{t.dose_days}", t.first, t.last, t.of_these) for t in totals]
    return f"## Totals\n\n{_table(headings, rows)}"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *([_escaped(cell) for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _listed(heading: str, sentences: Iterable[str]) -> str:
    lines = [f"- {sentence}" for sentence in sentences]
    return f"## {heading}\n\n" + "\n".join(lines) if lines else ""


def _sentence(head: str, events: str, remedy: str) -> str:
    return _escaped(f"{head} ({events}). To do: {remedy}")


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line and in one cell."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def _safe_start(text: str) -> str:
    """Text that cannot open a heading or a list of its own."""
    return _BLOCK_START.sub(
        lambda found: f"\\{found.group()}" if not found.group().isdigit() else f"{found.group()}\\", text
    )
