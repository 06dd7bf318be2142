"""What do all pictures share? Their look, how wide letters are, and the file that is written."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.errors import RegimenError
from regimen.render.gantt_style import PAPER
from regimen.render.gantt_text import Measure, shorten
from regimen.render.svg_words import accessible
from regimen.render.words import one_line
from regimen.render.writing import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
DOTS_PER_INCH = 150
_MOST_DOTS = 60_000
"""Higher than this no picture can be; a plot of a thousand lanes gets coarser instead."""
# Letters are measured without hinting to a pixel grid; the share covers the difference on a coarse screen.
_SAFETY = 1.04
_SETTINGS = {
    "hatch.linewidth": 0.7,
    "svg.hashsalt": "regimen",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


def format_of(path: Path) -> str:
    """The picture's format by the file's ending."""
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        ending = f"ends in .{suffix}" if suffix else "has no ending"
        raise RegimenError(f"{path.name!r} {ending}; a picture can be saved as .png, .svg or .pdf.")
    return suffix


def require_matplotlib() -> None:
    """Refuse to draw where matplotlib is not installed, saying how to install it."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise RegimenError("Plots need matplotlib: run pip install 'regimen[plot]' and try again.") from error


@contextmanager
def settings(families: Sequence[str]) -> Iterator[None]:
    """The same look whatever the reader's own matplotlib settings are."""
    import matplotlib

    defaults: dict[Any, Any] = dict(matplotlib.rcParamsDefault)
    for choice in ("backend", "backend_fallback", "toolbar", "interactive"):
        defaults.pop(choice, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with matplotlib.rc_context(defaults | _SETTINGS | {"font.family": list(families)}):
            yield


def measured(families: Sequence[str]) -> Measure:
    """How wide a text will be, in inches."""
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

    renderer: Any = RendererAgg(1, 1, 4 * 72)  # type: ignore[no-untyped-call]

    @cache
    def measure(text: str, size: float, bold: bool) -> float:
        letters = FontProperties(family=list(families), size=size, weight="bold" if bold else "normal")
        width, _, _ = renderer.get_text_width_height_descent(text, letters, False)
        return float(width) / (4 * 72) * _SAFETY

    return measure


def fitted_title(title: str, room: float, measure: Measure) -> tuple[str, float]:
    """A title on one line with its size in points: smaller, and at last shorter, where it is long."""
    words = one_line(title)
    size = next((size for size in (14.0, 12.0, 10.5) if measure(words, size, True) <= room), 10.5)
    return shorten(words, room, size, measure, bold=True), size


def paper(width: float, height: float, title: str) -> Figure:
    """An empty figure of so many inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor=PAPER)
    figure.set_label(title)
    FigureCanvasAgg(figure)
    return figure


def save_figure(figure: Figure, path: Path, families: Sequence[str], description: str | None = None) -> None:
    """Write one figure by the path's ending, whole or not at all."""
    write_atomically(path, encoded(figure, format_of(path), families, description))


def save_pages(figures: Sequence[Figure], path: Path, families: Sequence[str]) -> None:
    """Write several figures as the pages of one pdf, whole or not at all."""
    from matplotlib.backends.backend_pdf import PdfPages

    written = BytesIO()
    metadata = {"Title": str(figures[0].get_label()), "CreationDate": None}
    with settings(families), PdfPages(written, metadata=metadata) as pages:
        for figure in figures:
            pages.savefig(figure, facecolor=PAPER)
    write_atomically(path, written.getvalue())


def encoded(figure: Figure, suffix: str, families: Sequence[str], description: str | None = None) -> bytes:
    """The bytes of the file, without the time they were made, so that the same picture gives the same bytes.

    Without a description, an svg is described by all its texts in reading order.
    """
    stamps: dict[str, dict[str, Any]] = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    metadata = {"Title": str(figure.get_label()), **stamps[suffix]}
    dots = min(DOTS_PER_INCH, _MOST_DOTS / figure.get_figheight(), _MOST_DOTS / figure.get_figwidth())
    written = BytesIO()
    with settings(families):
        figure.savefig(written, format=suffix, dpi=dots, facecolor=PAPER, metadata=metadata)
    return accessible(written.getvalue(), figure, description) if suffix == "svg" else written.getvalue()
