"""How are the subjects of one arm, one set of answers and the same known anchors dated? By columns, or one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from regimen.cohort.blocks import Block, joined, stacked
from regimen.cohort.dating import dated_block, undated_block
from regimen.cohort.moving import Collision, moved
from regimen.cohort.one_by_one import block_of, calendar_of
from regimen.cohort.shifting import EPOCH, FIRST, DayColumn, Unsupported, number_of
from regimen.cohort.walk import Refused
from regimen.definition.models import Study
from regimen.errors import DatingError, PlanError
from regimen.events import Calendar
from regimen.library import plan_for, printed_dates
from regimen.plan import Plan
from regimen.timing import Span
from regimen.workdays import Site

_LONG_AGO, _NEAR, _FAR = date(1970, 1, 1), date(2000, 1, 1), date(2040, 1, 1)
Rows = npt.NDArray[np.int64]


class Undatable(Exception):
    """The calendar of one row is refused; ``sentence`` says why."""

    def __init__(self, row: int, sentence: str) -> None:
        super().__init__(sentence)
        self.row, self.sentence = row, sentence


@dataclass(slots=True)
class Program:
    """One plan ready to be run over rows; what it found for the days of a single anchor is kept."""

    study: Study
    arm: str | None
    decisions: Mapping[str, str]
    known: tuple[str, ...]
    """The anchors that have dates, in the plan's order."""
    horizon: Span | None = None
    site: Site | None = None
    plan: Plan = field(init=False)
    by_columns: bool = field(init=False)
    why_not: str = field(init=False, default="")
    """Why rows are dated one by one."""
    alone: int = field(init=False, default=0)
    """How many rows of distinct anchors were dated one by one."""
    kept: Block | None = field(init=False, default=None)
    places: dict[int, int] = field(init=False, default_factory=dict)
    version: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.plan = self._plan(dict.fromkeys(self.known, _NEAR))
        self.by_columns = self._fixed()
        if not self.by_columns:
            self.why_not = "how far the plan reaches depends on the dates"

    def _plan(self, anchors: Mapping[str, date]) -> Plan:
        return plan_for(self.study, anchors, arm=self.arm, decide=self.decisions, horizon=self.horizon)

    def _fixed(self) -> bool:
        """Whether the plan has the same points however far apart the anchors lie."""
        if len(self.known) == 0:
            return True
        spread = {name: _FAR if place else _LONG_AGO for place, name in enumerate(self.known)}
        others = [dict.fromkeys(self.known, _FAR), spread, dict.fromkeys(self.known, _LONG_AGO)]
        try:
            return all(self._plan(anchors).points == self.plan.points for anchors in others)
        except PlanError:
            return False

    # ------------------------------------------------------------ rows
    def find(self, anchors: Mapping[str, DayColumn], rows: int) -> tuple[Block, Rows]:
        """A block with the events of all rows, and which of its rows each of them is.

        Raises ``Undatable`` for the first row whose calendar is refused.
        """
        if not self.known:
            return undated_block(self.plan, 1), np.zeros(rows, np.int64)
        if len(self.known) == 1:
            return self._by_day(anchors[self.known[0]])
        keys = np.stack([anchors[name] for name in self.known])
        distinct, first, back = np.unique(keys, axis=1, return_index=True, return_inverse=True)
        columns = {name: np.ascontiguousarray(distinct[n]) for n, name in enumerate(self.known)}
        return self._evaluated(columns, distinct.shape[1], first), back.reshape(-1)

    def _by_day(self, days: DayColumn) -> tuple[Block, Rows]:
        """Each day is dated once, however many rows and batches have it."""
        low, high = int(days.min()), int(days.max())
        seen = np.zeros(high - low + 1, np.bool_) if high - low < 4_000_000 else None
        if seen is None:
            distinct = np.unique(days)
        else:
            seen[days - np.int32(low)] = True
            distinct = (np.flatnonzero(seen) + low).astype(np.int32)
        new = np.array([day for day in distinct.tolist() if day not in self.places], np.int32)
        if len(new):
            first = np.array([int(np.argmax(days == day)) for day in new[:1]] if len(new) == 1 else [], np.int64)
            self._keep(new, days, first)
        assert self.kept is not None
        at = np.array([self.places[day] for day in distinct.tolist()], np.int64)
        if seen is None:
            return self.kept, at[np.searchsorted(distinct, days)]
        table = np.zeros(high - low + 1, np.int64)
        table[distinct - low] = at
        return self.kept, table[days - np.int32(low)]

    def _keep(self, new: DayColumn, days: DayColumn, first: Rows) -> None:
        firsts = first if len(first) == len(new) else _firsts(days, new)
        block = self._evaluated({self.known[0]: new}, len(new), firsts)
        start = self.kept.rows if self.kept is not None else 0
        self.kept = joined(self.kept, block) if self.kept is not None else block
        self.places.update((day, start + n) for n, day in enumerate(new.tolist()))
        self.version += 1

    def _evaluated(self, columns: Mapping[str, DayColumn], rows: int, first: Rows) -> Block:
        """The events of distinct anchors; ``first`` is the first row that has each of them."""
        if self.by_columns and not self._too_far(columns):
            try:
                block = dated_block(self.plan, columns, rows)
                return self._on_working_days(block, columns, rows, first) if self.site is not None else block
            except Unsupported as unsupported:
                self.by_columns, self.why_not = False, str(unsupported)
            except Refused as refused:
                self._alone(columns, refused.row, first)  # says why
                self.by_columns, self.why_not = False, "a bound is hit exactly"
        return stacked([self._alone(columns, row, first) for row in range(rows)])

    def _too_far(self, columns: Mapping[str, DayColumn]) -> bool:
        """Whether dates lie further apart than those the plan was tried with."""
        printed = [number_of(day) for day in printed_dates(self.study)]
        days = np.stack(list(columns.values()))
        earliest = days.min(axis=0)
        latest = np.maximum(days.max(axis=0), np.int32(max(printed, default=FIRST)))
        return bool((latest - earliest).max(initial=0) > (_FAR - _LONG_AGO).days)

    def _on_working_days(self, block: Block, columns: Mapping[str, DayColumn], rows: int, first: Rows) -> Block:
        assert self.site is not None
        try:
            found, alone = moved(block, self.plan, columns, self.site)
        except Collision:
            found, alone = block, np.arange(rows)
        if not len(alone):
            return found
        own = stacked([self._alone(columns, int(row), first) for row in alone])
        order = np.concatenate([np.setdiff1d(np.arange(rows), alone), alone])
        both = joined(taken(found, order[: rows - len(alone)]), own)
        return taken(both, np.argsort(order, kind="stable"))

    def calendar(self, anchors: Mapping[str, date]) -> tuple[Plan, Calendar | None]:
        """The plan and the scalar calendar of one row."""
        columns = {name: np.array([number_of(anchors[name])], np.int32) for name in self.known}
        plan = self.plan if self.by_columns and (not columns or not self._too_far(columns)) else self._plan(anchors)
        return plan, calendar_of(plan, anchors, site=self.site)

    def _alone(self, columns: Mapping[str, DayColumn], row: int, first: Rows) -> Block:
        self.alone += 1
        anchors = {name: date.fromordinal(int(column[row]) + EPOCH) for name, column in columns.items()}
        try:
            return block_of(*self.calendar(anchors))
        except (DatingError, PlanError) as error:
            raise Undatable(int(first[row]), str(error)) from None


def _firsts(days: DayColumn, wanted: DayColumn) -> Rows:
    order = np.argsort(days, kind="stable")
    return order[np.searchsorted(days[order], wanted)]


def taken(block: Block, rows: Rows) -> Block:
    """Some rows of a block, in this order; a row may come many times."""
    width = block.width
    if width is not None:
        pick = (rows[:, None] * width + np.arange(width)).ravel()
    else:
        ends = np.cumsum(block.counts)
        counts = block.counts[rows]
        total = int(counts.sum())
        before = np.cumsum(counts) - counts
        pick = np.repeat(ends[rows] - counts - before, counts) + np.arange(total)
    columns = {name: column[pick] for name, column in block.columns.items()}
    return Block(block.whats, block.counts[rows], block.what[pick], columns)
