"""What is wrong with the rows of a batch of subjects? Each fault with its row and whose it is, all told at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from regimen.errors import CohortError, Problem

MOST = 20
"""So many faults are told; of the rest, how many there are."""


@dataclass(slots=True)
class Faults:
    """The faults found so far; rows are counted from ``first_row``."""

    source: str
    first_row: int
    names: pa.Array | None = None
    """Whose rows they are, by which a row is found again whatever lines are counted from."""
    found: list[tuple[int, str]] = field(default_factory=list)
    more: int = 0

    def of_file(self, found: str, remedy: str) -> CohortError:
        """What makes the whole file of no use."""
        return CohortError(f"{self.source or 'subjects'}: {found}; {remedy}.")

    def note(self, wrong: pa.Array | npt.NDArray[np.bool_], say: str | Callable[[int], str]) -> None:
        """Note the rows that are wrong; ``say`` is what was found and what to do, or tells it of a row."""
        rows = np.flatnonzero(wrong if isinstance(wrong, np.ndarray) else _flags(wrong))
        for row in rows[:MOST].tolist():
            self.found.append((row, f"{self.place(row)}: {say if isinstance(say, str) else say(row)}."))
        self.more += max(0, len(rows) - MOST)

    def place(self, row: int) -> str:
        """Where a row is: ``cohort.csv, row 12 (S-0012)``."""
        name = self.names[row].as_py() if self.names is not None else None
        who = f" ({name})" if name not in (None, "") else ""
        return f"{self.source or 'subjects'}, row {self.first_row + row:,}{who}"

    def settle(self) -> None:
        """Raise CohortError if anything was noted."""
        if not self.found:
            return
        told = [sentence for _, sentence in sorted(self.found)]
        more = len(told) - MOST + self.more
        if more > 0:
            told[MOST:] = [f"{self.source or 'subjects'}: {more:,} more like these."]
        raise CohortError([Problem("", sentence) for sentence in told])


def _flags(wrong: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(wrong, False).to_numpy(zero_copy_only=False), np.bool_)
