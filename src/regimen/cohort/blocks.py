"""What does the kernel hold for many rows? The events of each, as flat columns beside what is the same in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regimen.cohort.shifting import DayColumn

DAYS = ("start", "end", "earliest", "latest", "planned")
NUMBERS = ("day", "offset_days")


class What(NamedTuple):
    """All of an event but its dates: what is the same for every subject of a plan."""

    event: str
    kind: str
    item: str
    label: str
    epoch: str
    cycle: int | None
    state: str
    optional: bool
    dose: str | None
    time: str | None = None
    """The clock time at which it starts."""


@dataclass(frozen=True, slots=True)
class Block:
    """The events of some rows, one row after another: ``counts`` events each, ``what`` they are and their columns."""

    whats: tuple[What, ...]
    counts: npt.NDArray[np.int64]
    what: DayColumn
    columns: dict[str, DayColumn]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.counts)

    @property
    def width(self) -> int | None:
        """How many events each row has where all have the very same ones; None where they differ."""
        width = len(self.whats)
        if not self.rows or len(self.what) != self.rows * width or not (self.counts == width).all():
            return None
        same = (self.what.reshape(self.rows, width) == np.arange(width, dtype=np.int32)).all()
        return width if same else None


def joined(one: Block, other: Block) -> Block:
    """The rows of two blocks one after another."""
    if not one.rows:
        return other
    whats = dict.fromkeys((*one.whats, *other.whats))
    places = {what: place for place, what in enumerate(whats)}
    renamed = np.array([places[what] for what in other.whats], np.int32)
    return Block(
        tuple(whats), np.concatenate([one.counts, other.counts]),
        np.concatenate([one.what, renamed[other.what] if len(renamed) else other.what]),
        {name: np.concatenate([column, other.columns[name]]) for name, column in one.columns.items()},
    )  # fmt: skip


def stacked(blocks: Sequence[Block]) -> Block:
    """The rows of many blocks."""
    whats: dict[What, int] = {}
    parts: list[DayColumn] = []
    for block in blocks:
        renamed = np.array([whats.setdefault(what, len(whats)) for what in block.whats], np.int32)
        parts.append(renamed[block.what] if len(renamed) else block.what)
    return Block(
        tuple(whats), np.concatenate([block.counts for block in blocks]), np.concatenate(parts),
        {name: np.concatenate([block.columns[name] for block in blocks]) for name in (*DAYS, *NUMBERS)},
    )  # fmt: skip
