"""How does a calendar read as a Markdown page with pipe tables?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regimen.events import Calendar
from regimen.render.marking import escaped, listed, safe_start, table
from regimen.render.notices import Block
from regimen.render.outline import Outline, Remark, Section, outline
from regimen.render.rows import Row
from regimen.render.totals import WITHOUT, Total
from regimen.render.words import PLANNING_AID

_HEADINGS = ("Date", "Position", "Study day", "What", "Window", "State")


def as_markdown(calendar: Calendar) -> str:
    """The calendar as a Markdown page: the content of the text table, with pipe tables."""
    read = outline(calendar)
    blocks = [f"# {escaped(read.title)}", _facts(read), *map(notice_list, read.notices), *map(_section, read.sections)]
    blocks += [
        *(
            listed(heading, _remarks(remarks))
            for heading, remarks in (("Marks", read.remarks), ("What happened", read.reasons))
        ),
        _totals(read.totals),
        listed("Notes", (safe_start(escaped(note)) for note in read.notes)),
        listed("Not dated yet", (_sentence(missing.head, missing.events, missing.remedy) for missing in read.waiting)),
        PLANNING_AID,
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _facts(read: Outline) -> str:
    lines = []
    for name, sentences in read.facts:
        lines += [f"- **{name}:** {escaped('; '.join(sentences))}"] if len(sentences) == 1 else [f"- **{name}:**"]
        lines += [f"  - {safe_start(escaped(sentence))}" for sentence in sentences] if len(sentences) > 1 else []
    return "\n".join(lines)


def notice_list(block: Block) -> str:
    """The notices of one level as a list under their heading, each with what to do."""
    texts = (f"{told.sentence} {told.remedy}" for told in block.notices)
    return listed(block.heading, (safe_start(escaped(text.rstrip())) for text in texts))


def _remarks(remarks: Iterable[Remark]) -> Iterable[str]:
    return (f"{escaped(remark.mark)} {escaped(remark.text)}" for remark in remarks)


def _section(section: Section) -> str:
    used = [n for n in range(len(_HEADINGS)) if any(_cells(row)[n] for row in section.rows)]
    rows = [[_cells(row)[n] for n in used] for row in section.rows]
    return f"## {escaped(section.heading)}\n\n{table([_HEADINGS[n] for n in used], rows)}"


def _cells(row: Row) -> tuple[str, ...]:
    parts = ((row.what, *row.details), row.window, (*row.state, *row.beside))
    return (row.date, row.position, row.study_day, *(", ".join(part) for part in parts))


def _totals(totals: Sequence[Total]) -> str:
    if not totals:
        return ""
    headings = ("Item", "Doses", "Dose days", "First", "Last", "Of these")
    rows = [(t.label, f"{t.doses}", f"{t.dose_days}", t.first, t.last, t.of_these) for t in totals]
    without = f"\n\n{WITHOUT}" if any(total.off for total in totals) else ""
    return f"## Totals\n\n{table(headings, rows)}{without}"


def _sentence(head: str, events: str, remedy: str) -> str:
    return escaped(f"{head} ({events}). To do: {remedy}")
