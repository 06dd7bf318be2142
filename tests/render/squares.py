"""Do two pictures show the same? Compared in squares, in which letters blur and marks and colours stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

TOLERANCES = {8: 0.75, 24: 0.25}
"""The side of a square in dots, and by how much its mean colour may differ.

Letters as matplotlib 3.8 and 3.11 draw them differ by up to 0.69 and 0.22 on the pictures of the gallery. A dose on
another day makes 0.79 in the small squares; a bar in grey instead of blue 0.28 in the large ones.
"""


def differ(path: Path, other: Path) -> bool:
    """Whether a mark or bar lies elsewhere, is missing, or has another colour."""
    from matplotlib.image import imread

    one, two = imread(path)[..., :3], imread(other)[..., :3]
    return one.shape != two.shape or any(_furthest(one, two, side) > most for side, most in TOLERANCES.items())


def _furthest(one: Any, two: Any, side: int) -> float:
    return float(abs(_squares(one, side) - _squares(two, side)).max())


def _squares(dots: Any, side: int) -> Any:
    rows, columns = dots.shape[0] // side, dots.shape[1] // side
    return dots[: rows * side, : columns * side].reshape(rows, side, columns, side, 3).mean(axis=(1, 3))
