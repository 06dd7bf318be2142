"""What stands on a picture, and where? Texts, boxes and whether any two texts lie on each other."""

from __future__ import annotations

from itertools import combinations
from typing import Any


def texts(figure: Any) -> list[str]:
    """All words that are drawn."""
    return [text.get_text() for text in _drawn(figure)]


def overlapping(figure: Any) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes lie on each other, by more than a hair."""
    _draw(figure)
    renderer = figure.canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in _drawn(figure)]
    return [
        (a, b)
        for (a, one), (b, other) in combinations(boxes, 2)
        if min(one.x1, other.x1) - max(one.x0, other.x0) > 1 and min(one.y1, other.y1) - max(one.y0, other.y0) > 1.5
    ]


def outside(figure: Any) -> list[str]:
    """Texts that run over the edge of the paper."""
    _draw(figure)
    renderer = figure.canvas.get_renderer()
    width, height = figure.canvas.get_width_height()
    found = [(text.get_text(), text.get_window_extent(renderer)) for text in _drawn(figure)]
    return [words for words, box in found if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height]


def corners(figure: Any, label: str) -> list[tuple[float, float, float, float]]:
    """The boxes of a collection as (left, right, top, bottom) in the axes' own numbers."""
    found = [c for axes in figure.axes for c in axes.collections if c.get_label() == label]
    return [
        (path.vertices[:, 0].min(), path.vertices[:, 0].max(), path.vertices[:, 1].min(), path.vertices[:, 1].max())
        for collection in found
        for path in collection.get_paths()
    ]


def marks(figure: Any, label: str) -> list[tuple[float, float]]:
    """Where marks of a kind stand on the chart."""
    found = [c for axes in figure.axes for c in axes.collections if c.get_label() == label]
    return [tuple(point) for collection in found for point in collection.get_offsets()]


def _draw(figure: Any) -> None:
    """Once: drawing is what takes time, and a figure stays as it is."""
    if not hasattr(figure, "drawn"):
        figure.canvas.draw()
        figure.drawn = True


def _drawn(figure: Any) -> list[Any]:
    from matplotlib.text import Text

    _draw(figure)
    return [
        text for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text.get_window_extent().width > 0 and _shown(text)
    ]  # fmt: skip


def _shown(text: Any) -> bool:
    """Not one of those that an axis keeps in store, or outside the limits of its axis."""
    axes = text.axes
    if axes is None:
        return True
    ticks = [*axes.xaxis.get_major_ticks(), *axes.yaxis.get_major_ticks()]
    stored = [label for tick in ticks for label in (tick.label1, tick.label2)]
    if text not in stored:
        return axes.axison or text in axes.texts
    if not axes.axison:
        return False
    drawn = [*axes.xaxis._update_ticks(), *axes.yaxis._update_ticks()]
    return any(text is tick.label1 and tick.label1.get_visible() for tick in drawn)
