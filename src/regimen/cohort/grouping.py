"""Which rows have the same number? As ``np.unique`` tells it, and without sorting where the numbers are small."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
_SPARE = 1 << 16
"""So many more places than rows a table may have, and still be filled faster than the rows are sorted."""


class Groups(NamedTuple):
    """The distinct numbers in order, the first row of each, and for each row the place of its number."""

    distinct: Rows
    first: Rows
    back: Rows


def grouped(numbers: Rows) -> Groups:
    """The groups of rows by their numbers, which are 0 or more."""
    most = int(numbers.max(initial=-1)) + 1
    if most > len(numbers) + _SPARE:
        distinct, first, back = np.unique(numbers, return_index=True, return_inverse=True)
        return Groups(distinct, first, back.reshape(-1))
    place = np.full(most, -1, np.int64)
    place[numbers[::-1]] = np.arange(len(numbers) - 1, -1, -1)  # of rows with one number the first is written last
    distinct = np.flatnonzero(place >= 0)
    first = place[distinct]
    place[distinct] = np.arange(len(distinct))
    return Groups(distinct, first, place[numbers])
