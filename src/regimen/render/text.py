"""How does a calendar read in a terminal, in at most 120 columns and without colour?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regimen.events import Calendar
from regimen.render.columns import GAP, WIDTH, Cells, line_of, tied, width_of
from regimen.render.notices import Block
from regimen.render.outline import Missing, Outline, Remark, Section, outline
from regimen.render.rows import Row
from regimen.render.totals import WITHOUT, Total
from regimen.render.words import PLANNING_AID, wrapped

_HEADINGS = ("Date", "Position", "Study day", "What", "Window", "State")
_DATE, _POSITION, _, _WHAT, _WINDOW, _STATE = range(len(_HEADINGS))
# Too wide a table takes room from the columns in this order, each down to its least readable width.
_LEAST_WIDTHS = (
    *((_STATE, 26), (_DATE, 16), (_WHAT, 44), (_WINDOW, 18)),
    *((_WHAT, 30), (_POSITION, 12), (_STATE, 18), (_WHAT, 24)),
)


def as_text(calendar: Calendar) -> str:
    """The calendar for a terminal: facts, what to decide, a table with a heading for each epoch, totals, notes."""
    read = outline(calendar)
    blocks = [_head(read), *map(notice_lines, read.notices), *_tables(read.sections)]
    blocks += [_remarks("Marks", read.remarks), _remarks("What happened", read.reasons), _totals(read.totals)]
    blocks += [_notes(read.notes), _waiting(read.waiting), [PLANNING_AID]]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block) + "\n"


def _head(read: Outline) -> list[str]:
    margin = max(len(name) for name, _ in read.facts) + len(GAP)
    lines = wrapped(read.title, WIDTH)
    for name, sentences in read.facts:
        for number, sentence in enumerate(sentences):
            lines += wrapped(sentence, WIDTH, f"{'' if number else name:{margin}}", " " * margin)
    return lines


def _tables(sections: Sequence[Section]) -> Iterable[list[str]]:
    rows = [row for section in sections for row in section.rows]
    beside = _fits([_cells(row, details=True) for row in rows])
    widths = _widths([_cells(row, details=beside) for row in rows])
    for number, section in enumerate(sections):
        lines = [] if number else [*line_of(tuple((heading,) for heading in _HEADINGS), widths), _rule(widths), ""]
        lines.append(section.heading)
        for row in section.rows:
            lines += line_of(_cells(row, details=beside), widths)
            lines += _beneath(row.beside, widths)
            lines += [] if beside else _beneath(row.details, widths)
        yield lines


def _cells(row: Row, *, details: bool) -> Cells:
    what = (row.what, *row.details) if details else (row.what,)
    return (row.date,), (row.position,), (row.study_day,), what, row.window, row.state


def _fits(rows: Sequence[Cells]) -> bool:
    return _total(_natural_widths(rows)) <= WIDTH


def _natural_widths(rows: Sequence[Cells]) -> list[int]:
    """The width each column needs on one line; 0 for a column that nothing uses."""
    needed = [max((width_of(", ".join(row[n])) for row in rows), default=0) for n in range(len(_HEADINGS))]
    return [max(width, len(heading)) if width else 0 for width, heading in zip(needed, _HEADINGS, strict=True)]


def _widths(rows: Sequence[Cells]) -> list[int]:
    widths = _natural_widths(rows)
    for column, least in _LEAST_WIDTHS:
        widths[column] -= min(max(_total(widths) - WIDTH, 0), max(widths[column] - least, 0))
    return widths


def _total(widths: Sequence[int]) -> int:
    used = [width for width in widths if width]
    return sum(used) + len(GAP) * (len(used) - 1)


def _rule(widths: Sequence[int]) -> str:
    return GAP.join("-" * width for width in widths if width)


def _beneath(details: Sequence[str], widths: Sequence[int]) -> list[str]:
    """More under what it belongs to, free to run on to the right edge."""
    margin = " " * (sum(width + len(GAP) for width in widths[:_WHAT] if width) + len(GAP))
    return wrapped(tied(details, WIDTH - len(margin)), WIDTH, margin, margin) if details else []


def notice_lines(block: Block) -> list[str]:
    """The notices of one level under their heading, each with what to do."""
    lines = [block.heading]
    for told in block.notices:
        lines += wrapped(told.sentence, WIDTH, "  - ", "    ")
        lines += wrapped(told.remedy, WIDTH, "    ", "    ") if told.remedy else []
    return lines


def _remarks(heading: str, remarks: Sequence[Remark]) -> list[str]:
    margin = max((len(remark.mark) for remark in remarks), default=0) + len(GAP)
    lines = [heading] if remarks else []
    for remark in remarks:
        lines += wrapped(remark.text, WIDTH, f"{GAP}{remark.mark:{margin}}", " " * (margin + len(GAP)))
    return lines


def _totals(totals: Sequence[Total]) -> list[str]:
    if not totals:
        return []
    headings = ("Totals", "Doses", "Dose days", "First", "Last", "Of these")
    rows = [(t.label, f"{t.doses}", f"{t.dose_days}", t.first, t.last, t.of_these) for t in totals]
    widths = [max(width_of(row[n]) for row in (headings, *rows)) for n in range(len(headings))]
    widths[-1] = min(widths[-1], max(WIDTH - sum(widths[:-1]) - len(GAP) * (len(widths) - 1), len(headings[-1])))
    lines = [line for row in (headings, *rows) for line in line_of(tuple((cell,) for cell in row), widths)]
    return [*lines, *([WITHOUT] if any(total.off for total in totals) else [])]


def _notes(notes: Sequence[str]) -> list[str]:
    return _listed("Notes", notes)


def _waiting(waiting: Sequence[Missing]) -> list[str]:
    lines = ["Not dated yet"] if waiting else []
    for missing in waiting:
        lines += wrapped(missing.head, WIDTH, "  ", "    ") + wrapped(missing.events, WIDTH, "    ", "    ")
        lines += wrapped(f"To do: {missing.remedy}", WIDTH, "    ", "    ")
    return lines


def _listed(heading: str, sentences: Sequence[str]) -> list[str]:
    lines = [heading] if sentences else []
    for sentence in sentences:
        lines += wrapped(sentence, WIDTH, "  - ", "    ")
    return lines
