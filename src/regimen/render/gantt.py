"""How is the plot of a calendar painted and saved?"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.events import Calendar
from regimen.render.fonts import families_for
from regimen.render.gantt_layout import WIDEST, page
from regimen.render.gantt_shapes import SMALL, Box, Dot, Drawing, Page, Words
from regimen.render.gantt_style import INK, Fill, require_theme
from regimen.render.gantt_view import View, width_for
from regimen.render.pictures import format_of, measured, paper, require_matplotlib, save_figure, settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKERS = {"dose": "o", "visit": "D", "activity": "^", "moved": "o", "missed": "x", "held": "s", "off": "+"}
_STROKES = ("missed", "off")
"""Marks that are lines and have no inside."""
_DASHES = (0.0, (2.5, 1.8))
_DOTTED = (0.0, (1.0, 2.0))
_GRID, _FRAME = "#DDDDDD", "#A0A0A0"


def figure(
    calendar: Calendar, *, width: float | None = None, theme: str = "colour", view: View | None = None,
    layout: str = "page",
) -> Figure:  # fmt: skip
    """The plot of a calendar, as high as its lanes need; theme ``colour`` or ``grey``.

    ``view`` says which days are shown, how they are ruled, and whether today is marked. It is ``width`` inches wide, or
    by its layout: ``page`` for one landscape page, ``wide`` for as much as the days need. Raises RegimenError if there
    is nothing to draw, or no font for some letter.
    """
    return _figure(calendar, width, theme, view or View(), layout)[0]


def _figure(
    calendar: Calendar, width: float | None, theme: str, view: View, layout: str
) -> tuple[Figure, tuple[str, ...]]:
    """The plot, and the fonts that it was laid out for."""
    require_theme(theme)
    require_matplotlib()
    families = families_for(_texts(calendar))
    inches = width if width is not None else width_for(calendar, view, layout, WIDEST)
    with settings(families):
        return _paint(page(calendar, inches, theme, measured(families), view)), families


def save(
    calendar: Calendar, path: str | os.PathLike[str], *, width: float | None = None, theme: str = "colour",
    view: View | None = None, layout: str = "page",
) -> None:  # fmt: skip
    """Write the plot as png, svg or pdf, by the path's ending; an older file stays until the new one is whole."""
    target = Path(path)
    format_of(target)
    painted, families = _figure(calendar, width, theme, view or View(), layout)
    save_figure(painted, target, families)


def _texts(calendar: Calendar) -> Iterator[str]:
    """Every text of a calendar that may stand on its plot."""
    yield from (calendar.title, calendar.study, calendar.arm, *calendar.lanes.values(), *calendar.epochs.values())
    yield from (*calendar.anchors, *(waiting.for_ for waiting in calendar.waiting))
    for event in calendar:
        yield from (event.item, event.label, event.epoch, event.dose or "", event.route or "", event.duration or "")


def _paint(layout: Page) -> Figure:
    painted = paper(layout.width, layout.height, layout.title)
    chart, whole = _chart_axes(painted, layout), _page_axes(painted, layout)
    for axes, drawings in ((chart, layout.chart), (whole, layout.margins)):
        _paint_boxes(axes, [box for drawing in drawings for box in drawing.boxes])
        _paint_dots(axes, [dot for drawing in drawings for dot in drawing.dots])
    _paint_uprights(chart, layout.chart)
    _paint_grid(chart, layout)
    for words in layout.words:
        _paint_words(whole, words)
    return painted


def _chart_axes(painted: Figure, layout: Page) -> Axes:
    """Days across, inches from the top of the page downwards, dates at the foot and study days at the head."""
    left, right = layout.frame.left / layout.width, layout.frame.right / layout.width
    foot, head = 1 - layout.bottom / layout.height, 1 - layout.top / layout.height
    axes = painted.add_axes((left, foot, right - left, head - foot), label="chart")
    axes.set_xlim(layout.frame.start, layout.frame.end)
    axes.set_ylim(layout.bottom, layout.top)
    axes.set_yticks([])
    axes.set_xticks([t.at for t in layout.dates], [t.text for t in layout.dates], fontsize=SMALL, parse_math=False)
    upper = axes.secondary_xaxis("top")
    upper.set_xticks([t.at for t in layout.study_days], [t.text for t in layout.study_days], fontsize=SMALL)
    upper.spines[:].set_visible(False)
    for spine in axes.spines.values():
        spine.set(color=_FRAME, linewidth=0.8)
    for each in (axes, upper):
        each.tick_params(axis="x", color=_FRAME, labelcolor=INK, length=3, pad=2.5)
    return axes


def _page_axes(painted: Figure, layout: Page) -> Axes:
    axes = painted.add_axes((0, 0, 1, 1), label="page", facecolor="none", zorder=2)
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height, 0)
    axes.axis("off")
    return axes


def _paint_boxes(axes: Axes, boxes: Sequence[Box]) -> None:
    """One path for all boxes that look alike: thousands of bars cost little more than one."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path as Outline

    alike: dict[Fill, list[Box]] = defaultdict(list)
    for box in boxes:
        alike[box.fill].append(box)
    for fill, members in sorted(alike.items()):
        corners = [
            ((b.start, b.bottom), (b.end, b.bottom), (b.end, b.top), (b.start, b.top), (b.start, b.bottom))
            for b in members
        ]
        codes = [Outline.MOVETO, Outline.LINETO, Outline.LINETO, Outline.LINETO, Outline.CLOSEPOLY] * len(members)
        outline = Outline([corner for box in corners for corner in box], codes)
        shapes = PathCollection([outline], **_look(fill), linewidths=_outline(fill), label=f"{fill.role} boxes")
        shapes.set_transform(axes.transData)
        axes.add_collection(shapes, autolim=False)


def _paint_dots(axes: Axes, dots: Sequence[Dot]) -> None:
    alike: dict[tuple[Fill, str, float], list[Dot]] = defaultdict(list)
    for dot in dots:
        alike[dot.fill, dot.kind, dot.size].append(dot)
    for (fill, kind, size), members in sorted(alike.items()):
        shape: dict[str, Any] = {"marker": _MARKERS.get(kind, "s"), "s": size**2 * (0.8 if kind == "visit" else 1.0)}
        label = f"{kind} dots"
        look = {**_look(fill, dense=True), "linewidths": min(_outline(fill), size / 8), "label": label}
        if kind in _STROKES:
            look = {"c": fill.edge, "linewidths": 1.1, "zorder": fill.layer + 0.5, "label": label}
        axes.scatter([dot.at for dot in members], [dot.y for dot in members], **shape, **look)


def _look(fill: Fill, *, dense: bool = False) -> dict[str, Any]:
    return {
        "facecolors": fill.colour,
        "edgecolors": fill.edge,
        "linestyles": [_DASHES if fill.dashed else "solid"],
        "hatch": ("////////" if dense else "////") if fill.hatched else None,
        "zorder": fill.layer + (0.5 if dense else 0.0),
    }


def _outline(fill: Fill) -> float:
    if fill.hatched or fill.dashed:
        return 1.0
    return 0.0 if fill.edge == fill.colour else 0.6


def _paint_uprights(axes: Axes, drawings: Iterable[Drawing]) -> None:
    from matplotlib.collections import LineCollection

    lines = [line for drawing in drawings for line in drawing.uprights]
    if lines:
        places = [((line.at, line.top), (line.at, line.bottom)) for line in lines]
        styles = [_DOTTED if line.dotted else "solid" for line in lines]
        look: dict[str, Any] = {"linestyles": styles, "colors": INK, "linewidths": 0.8, "zorder": 2.5}
        axes.add_collection(LineCollection(places, **look, label="milestones"), autolim=False)


def _paint_grid(axes: Axes, layout: Page) -> None:
    from matplotlib.collections import LineCollection

    places = [((at, layout.top), (at, layout.bottom)) for at in layout.grid]
    axes.add_collection(LineCollection(places, colors=_GRID, linewidths=0.6, zorder=1.1, label="grid"), autolim=False)


def _paint_words(axes: Axes, words: Words) -> None:
    look: dict[str, Any] = {"fontsize": words.size, "fontweight": "bold" if words.bold else "normal"}
    if words.backing:
        look["bbox"] = {"facecolor": words.backing, "edgecolor": "none", "pad": 0.8}
    axes.text(
        words.x, words.y, words.text, color=words.colour, ha=words.side, va="center", parse_math=False, **look, zorder=5
    )
