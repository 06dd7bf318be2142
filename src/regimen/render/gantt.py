"""How is the plot of a calendar painted and saved? The only home of matplotlib."""

from __future__ import annotations

import os
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.errors import RegimenError
from regimen.events import Calendar
from regimen.render.gantt_layout import page
from regimen.render.gantt_shapes import SMALL, Box, Dot, Drawing, Page, Words
from regimen.render.gantt_style import INK, PAPER, Fill, require_theme
from regimen.render.gantt_text import Drawable, Measure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")

_DOTS_PER_INCH = 150
_MOST_DOTS = 60_000
"""Higher than this no picture can be; a plot of a thousand lanes gets coarser instead."""
_MARKERS = {"dose": "o", "visit": "D", "activity": "^"}
# Letters are measured without hinting to a pixel grid; the share covers the difference on a coarse screen.
_SAFETY = 1.04
_DASHES = (0.0, (2.5, 1.8))
_DOTTED = (0.0, (1.0, 2.0))
_GRID, _FRAME = "#DDDDDD", "#A0A0A0"
_SETTINGS = {
    "font.family": ["DejaVu Sans"],
    "hatch.linewidth": 0.7,
    "svg.hashsalt": "regimen",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}


def figure(calendar: Calendar, *, width: float = 11.0, theme: str = "colour") -> Figure:
    """The plot of a calendar, ``width`` inches wide and as high as its lanes need; theme ``colour`` or ``grey``."""
    require_theme(theme)
    require_matplotlib()
    with settings():
        return _paint(page(calendar, width, theme, measured(), drawable()))


def save(calendar: Calendar, path: str | os.PathLike[str], *, width: float = 11.0, theme: str = "colour") -> None:
    """Write the plot as png, svg or pdf, by the path's ending; an older file stays until the new one is whole."""
    target = Path(path)
    suffix = target.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        ending = f"ends in .{suffix}" if suffix else "has no ending"
        raise RegimenError(f"{target.name!r} {ending}; a plot can be saved as .png, .svg or .pdf.")
    _replace_file(target, _encoded(figure(calendar, width=width, theme=theme), suffix))


def require_matplotlib() -> None:
    """Refuse to draw where matplotlib is not installed, saying how to install it."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise RegimenError("Plots need matplotlib: run pip install 'regimen[plot]' and try again.") from error


@contextmanager
def settings() -> Iterator[None]:
    """The same look whatever the reader's own matplotlib settings are, and no noise about letters a font lacks."""
    import matplotlib

    defaults: dict[Any, Any] = dict(matplotlib.rcParamsDefault)
    for choice in ("backend", "backend_fallback", "toolbar", "interactive"):
        defaults.pop(choice, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with matplotlib.rc_context(defaults | _SETTINGS):
            yield


def measured() -> Measure:
    """How wide a text will be, in inches."""
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

    renderer: Any = RendererAgg(1, 1, 4 * 72)  # type: ignore[no-untyped-call]

    @cache
    def measure(text: str, size: float, bold: bool) -> float:
        letters = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
        width, _, _ = renderer.get_text_width_height_descent(text, letters, False)
        return float(width) / (4 * 72) * _SAFETY

    return measure


def drawable() -> Drawable:
    """Whether the font has all letters of a text."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    letters = get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap()
    return lambda text: all(ord(letter) in letters for letter in text)


def _paint(layout: Page) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    painted = Figure(figsize=(layout.width, layout.height), dpi=_DOTS_PER_INCH, facecolor=PAPER)
    painted.set_label(layout.title)
    FigureCanvasAgg(painted)
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
    """One collection for all boxes that look alike."""
    from matplotlib.collections import PolyCollection

    alike: dict[Fill, list[Box]] = defaultdict(list)
    for box in boxes:
        alike[box.fill].append(box)
    for fill, members in sorted(alike.items()):
        corners = [((b.start, b.bottom), (b.end, b.bottom), (b.end, b.top), (b.start, b.top)) for b in members]
        shapes = PolyCollection(corners, **_look(fill), linewidths=_outline(fill), label=f"{fill.role} boxes")
        axes.add_collection(shapes, autolim=False)


def _paint_dots(axes: Axes, dots: Sequence[Dot]) -> None:
    alike: dict[tuple[Fill, str, float], list[Dot]] = defaultdict(list)
    for dot in dots:
        alike[dot.fill, dot.kind, dot.size].append(dot)
    for (fill, kind, size), members in sorted(alike.items()):
        shape: dict[str, Any] = {"marker": _MARKERS.get(kind, "s"), "s": size**2 * (0.8 if kind == "visit" else 1.0)}
        label = f"{kind} dots"
        look = {**_look(fill, dense=True), "linewidths": min(_outline(fill), size / 8), "label": label}
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


def _encoded(painted: Figure, suffix: str) -> bytes:
    """The bytes of the file, without the time they were made, so that the same calendar gives the same bytes."""
    stamps: dict[str, dict[str, Any]] = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    metadata = {"Title": str(painted.get_label()), **stamps[suffix]}
    dots = min(_DOTS_PER_INCH, _MOST_DOTS / painted.get_figheight())
    written = BytesIO()
    with settings():
        painted.savefig(written, format=suffix, dpi=dots, facecolor=PAPER, metadata=metadata)
    return written.getvalue()


def _replace_file(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        os.replace(beside, target)
    except OSError as error:
        with_reason = error.strerror or str(error)
        raise RegimenError(f"The plot could not be written to {target.name!r}: {with_reason}.") from error
    finally:
        _forget(beside)


def _forget(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
