"""What do all pictures share? Their look, how wide letters are, and the bytes of a file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from regimen.errors import RegimenError
from regimen.render.gantt_style import PAPER
from regimen.render.gantt_text import Measure
from regimen.render.svg_words import accessible

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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


def encoded(painted: Figure, suffix: str, families: Sequence[str]) -> bytes:
    """The bytes of the file, without the time they were made, so that the same picture gives the same bytes."""
    stamps: dict[str, dict[str, Any]] = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    metadata = {"Title": str(painted.get_label()), **stamps[suffix]}
    dots = min(DOTS_PER_INCH, _MOST_DOTS / painted.get_figheight(), _MOST_DOTS / painted.get_figwidth())
    written = BytesIO()
    with settings(families):
        painted.savefig(written, format=suffix, dpi=dots, facecolor=PAPER, metadata=metadata)
    return accessible(written.getvalue(), painted) if suffix == "svg" else written.getvalue()
