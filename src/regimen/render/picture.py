"""How does a figure become a file? Measured letters, real text with title and description, the same bytes each time."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.errors import RegimenError
from regimen.render.gantt_style import PAPER
from regimen.render.gantt_text import Measure, shorten
from regimen.render.words import one_line
from regimen.render.writing import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("png", "svg", "pdf")
DOTS_PER_INCH = 150
_MOST_DOTS = 60_000
_SAFETY = 1.04
"""Letters are measured without hinting to a pixel grid; the share covers the difference on a coarse screen."""
_SETTINGS = {
    "font.family": ["DejaVu Sans"],
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
    """Say what to install where the library is missing."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise RegimenError("Plots need matplotlib: run pip install 'regimen[plot]' and try again.") from error


@contextmanager
def settings() -> Iterator[None]:
    """The same look whatever the reader's own settings are."""
    import matplotlib

    defaults: dict[Any, Any] = dict(matplotlib.rcParamsDefault)
    for choice in ("backend", "backend_fallback", "toolbar", "interactive"):
        defaults.pop(choice, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with matplotlib.rc_context(defaults | _SETTINGS):
            yield


@cache
def measure() -> Measure:
    """Width in inches of a text at a size in points, bold or not."""
    from matplotlib.backends.backend_agg import RendererAgg
    from matplotlib.font_manager import FontProperties

    renderer: Any = RendererAgg(1, 1, 4 * 72)  # type: ignore[no-untyped-call]

    @cache
    def width(text: str, size: float, bold: bool) -> float:
        letters = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
        wide, _, _ = renderer.get_text_width_height_descent(text, letters, False)
        return float(wide) / (4 * 72) * _SAFETY

    return width


def fitted_title(title: str, room: float) -> tuple[str, float]:
    """A title on one line with its size in points: smaller, and at last shorter, where it is long."""
    words = one_line(title)
    size = next((size for size in (14.0, 12.0, 10.5) if measure()(words, size, True) <= room), 10.5)
    return shorten(words, room, size, measure(), bold=True), size


def paper(width: float, height: float, title: str) -> Figure:
    """An empty figure of so many inches."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor=PAPER)
    figure.set_label(title)
    FigureCanvasAgg(figure)
    return figure


def save_figures(figures: Sequence[Figure], path: Path, description: str) -> None:
    """Write one figure, or in a pdf several pages, whole or not at all."""
    kind = format_of(path)
    if kind == "pdf":
        write_atomically(path, _pages(figures))
        return
    if len(figures) != 1:
        raise RegimenError(f"{len(figures)} pages do not fit in one .{kind}; write a .pdf, or allow one tall page.")
    write_atomically(path, _encoded(figures[0], kind, description))


def _pages(figures: Sequence[Figure]) -> bytes:
    from matplotlib.backends.backend_pdf import PdfPages

    written = BytesIO()
    metadata = {"Title": one_line(str(figures[0].get_label())), "CreationDate": None}
    with settings(), PdfPages(written, metadata=metadata) as pages:
        for figure in figures:
            pages.savefig(figure, facecolor=PAPER)
    return written.getvalue()


def _encoded(figure: Figure, kind: str, description: str) -> bytes:
    title = one_line(str(figure.get_label()))
    metadata: dict[str, Any] = {"Title": title} | ({"Date": None} if kind == "svg" else {"Description": description})
    written = BytesIO()
    dots = min(DOTS_PER_INCH, _MOST_DOTS / figure.get_figheight())
    with settings():
        figure.savefig(written, format=kind, dpi=dots, facecolor=PAPER, metadata=metadata)
    return _described(written.getvalue(), description) if kind == "svg" else written.getvalue()


def _described(svg: bytes, description: str) -> bytes:
    """With a role, and the description right after the title, where screen readers look for it."""
    words = f"</title>\n <desc>{escape(description)}</desc>".encode()
    return svg.replace(b"<svg ", b'<svg role="img" ', 1).replace(b"</title>", words, 1)
