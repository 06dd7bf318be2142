"""What does treatment of many subjects look like? A lane each, sorted by duration, on as many pages as they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.render.fonts import families_for
from regimen.render.gantt_style import require_theme
from regimen.render.pictures import format_of, measured, require_matplotlib, save_figure, save_pages, settings
from regimen.render.swimmer_lanes import ENDS, Lane
from regimen.render.swimmer_sheet import Align, Sheet, Told
from regimen.render.words import counted, day_in_words, one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def ordered(lanes: Sequence[Lane]) -> tuple[Lane, ...]:
    """The longest on treatment first; who took as long by subject."""
    return tuple(sorted(lanes, key=lambda lane: (-lane.days, lane.subject)))


def figures(
    lanes: Sequence[Lane], told: Told, *, align: Align = "day1", theme: str = "colour", paged: bool = False
) -> tuple[Figure, ...]:
    """The plot on one page as tall as it needs, or on pages of A4 across."""
    return _figures(lanes, told, align, theme, paged)[0]


def _figures(
    lanes: Sequence[Lane], told: Told, align: Align, theme: str, paged: bool
) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """The pages, and the fonts that they were laid out for."""
    require_theme(theme)
    require_matplotlib()
    families = families_for(map(one_line, _texts(lanes, told)))
    with settings(families):
        sheet = Sheet(ordered(lanes), told, align, theme, measured(families))
        rows = sheet.rows_on_a_page() if paged else max(1, len(lanes))
        parts = [sheet.lanes[n : n + rows] for n in range(0, len(sheet.lanes), rows)]
        return tuple(sheet.page(part, n, len(parts)) for n, part in enumerate(parts, start=1)), families


def _texts(lanes: Sequence[Lane], told: Told) -> Iterator[str]:
    """What others wrote that may stand on the plot."""
    yield from (told.title, told.study, *told.left_out)
    for lane in lanes:
        yield from (lane.subject, lane.arm, *(bar.level for bar in lane.bars))


def save(lanes: Sequence[Lane], told: Told, path: Path, *, align: Align = "day1", theme: str = "colour") -> int:
    """Write the plot by the path's ending, a pdf on as many pages as it needs; how many there are."""
    kind = format_of(path)
    pages, families = _figures(lanes, told, align, theme, paged=kind == "pdf")
    if kind == "pdf":
        save_pages(pages, path, families)
    else:
        save_figure(pages[0], path, families, description(lanes, told))
    return len(pages)


def description(lanes: Sequence[Lane], told: Told) -> str:
    """The plot in words, for who cannot see it."""
    each = (f"{lane.subject}: {counted(lane.days, 'day')}, {ENDS[lane.end]}" for lane in ordered(lanes))
    return one_line(f"Treatment through {day_in_words(told.until)}. " + ". ".join([*each, *told.left_out]) + ".")
