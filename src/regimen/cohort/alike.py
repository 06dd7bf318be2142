"""Which starts of a plan have the same calendar but for its first day? Their columns compared, no calendar made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from regimen.cohort.blocks import Block
from regimen.cohort.dating import dated_block
from regimen.cohort.shifting import NONE, DayColumn, Unsupported, number_of
from regimen.cohort.walk import Refused
from regimen.plan import Plan

On = tuple[tuple[str, date], ...]
"""The dates of a start by anchor, the same anchors in all starts of a plan."""


def alike(plan: Plan, entries: Mapping[On, date]) -> dict[On, bytes]:
    """For each start, by its dates and its day of entry, a key that starts with the same calendar share.

    Empty for a plan that only the scalar calendar can date.
    """
    starts = list(entries)
    days = {name: np.array([number_of(dict(on)[name]) for on in starts], np.int32) for name, _ in starts[0]}
    try:
        block = dated_block(plan, days, len(starts))
    except (Unsupported, Refused):
        return {}
    return dict(
        zip(starts, _keys(block, np.array([number_of(day) for day in entries.values()], np.int32)), strict=True)
    )


def _keys(block: Block, entries: DayColumn) -> list[bytes]:
    """What there is in each row and on which days after entry."""
    after = np.repeat(entries, block.counts)
    columns = [block.what, *(_counted(block.columns[name], after) for name in ("start", "end"))]
    ends = np.cumsum(block.counts)
    return [
        b"".join(column[first:end].tobytes() for column in columns)
        for first, end in zip(ends - block.counts, ends, strict=True)
    ]


def _counted(days: DayColumn, after: DayColumn) -> DayColumn:
    return np.where(days == NONE, NONE, days - after).astype(np.int32)
