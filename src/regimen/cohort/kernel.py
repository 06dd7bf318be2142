"""What are the events of a batch of subjects? Arrow batches in, Arrow batches out, dated by the plan's own tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from regimen.cohort.amounts import Amounts, InColumn, needed_measures, of_calendar
from regimen.cohort.blocks import Block
from regimen.cohort.bodies import Body
from regimen.cohort.filling import Filling, GivenRows, Layout
from regimen.cohort.one_by_one import block_of, calendar_of
from regimen.cohort.programs import Program, Undatable
from regimen.cohort.schema import AMOUNTS, chosen
from regimen.cohort.shifting import EPOCH, NONE
from regimen.cohort.subjects import Subjects, read_subjects
from regimen.definition.models import Study
from regimen.errors import CohortError, RegimenError
from regimen.events import Calendar
from regimen.facts import Fact
from regimen.library import plan_for
from regimen.plan import Plan
from regimen.timing import Span
from regimen.workdays import Site

ROWS = 1 << 17
"""The most events of one batch, unless one subject alone has more."""
Codes = npt.NDArray[np.int64]


@dataclass(slots=True)
class Cohort:
    """A study ready to date subjects: each arm, answer and set of known anchors is compiled once.

    Not for two threads at a time; give each its own.
    """

    study: Study
    horizon: Span | None = None
    site: Site | None = None
    columns: Sequence[str] | None = None
    facts: Mapping[str, Sequence[Fact]] = field(default_factory=dict)
    """What is recorded of some subjects, by their names."""
    reuse: bool = False
    """Whether every batch lies in the memory of the one before it, which is then gone; for those who write at once."""
    rows: int = ROWS
    programs: dict[tuple[object, ...], Program] = field(default_factory=dict)
    layouts: dict[int, Layout] = field(default_factory=dict)
    amounts: dict[int, Amounts] = field(default_factory=dict)
    filling: Filling = field(init=False)
    counted: dict[str, int] = field(init=False)
    """Subjects, events, events without a date, dated doses without an amount, and subjects dated one by one, so far."""

    def __post_init__(self) -> None:
        self.filling = Filling(chosen(self.columns), self.study.study.counting().first_day, self.reuse)
        self.counted = {"subjects": 0, "events": 0, "undated": 0, "unmeasured": 0, "alone": 0}

    def events_of(self, batch: pa.RecordBatch, *, first_row: int = 1, source: str = "") -> Iterator[pa.RecordBatch]:
        """The events of every subject, those of one arm, one set of answers and the same known anchors together.

        Raises ``CohortError`` for a row that cannot be used or dated; rows are counted from ``first_row``.
        """
        subjects = read_subjects(self.study, batch, first_row=first_row, source=source)
        recorded = self._recorded(subjects)
        for rows in _groups(subjects, recorded):
            try:
                yield from self._together(subjects, rows)
            except Undatable as refused:
                row = int(rows[refused.row])
                raise _refused(subjects, row, first_row, source, refused.sentence) from None
        for row in recorded:
            yield from self._by_journal(subjects, row, first_row, source)

    def _together(self, subjects: Subjects, rows: Codes) -> Iterator[pa.RecordBatch]:
        program = self._program(subjects, int(rows[0]))
        alone = program.alone
        anchors = {name: subjects.anchors[name][rows] for name in program.known}
        block, places = program.find(anchors, len(rows))
        layout = self._layout(program, block)
        self.counted["alone"] += program.alone - alone
        given = self._given(program, block, places, subjects, rows)
        for batch in self.filling.batches(layout, places, subjects, rows, program.plan.arm, self.rows, given):
            yield self._count(batch)
        self.counted["subjects"] += len(rows)
        self.counted["undated"] += layout.undated(places)

    def _given(
        self, program: Program, block: Block, places: Codes, subjects: Subjects, rows: Codes
    ) -> GivenRows | None:
        """What the doses of the rows come to; None if nobody asked."""
        if not set(AMOUNTS) & set(self.filling.columns):
            return None
        if id(program) not in self.amounts:
            self.amounts[id(program)] = Amounts(needed_measures(self.study, program.plan))
        amounts, dated = self.amounts[id(program)], dict[int, tuple[Plan, Calendar | None]]()

        def made(shape: int, body: Body, place: int) -> Mapping[str, InColumn]:
            if shape not in dated:  # one at a time, because calendars are large
                dated.clear()
                dated[shape] = program.calendar(_anchors(subjects, int(rows[place])))
            return of_calendar(self.study, *dated[shape], body)

        amounts.follow(block)
        which = amounts.find(places, subjects.bodies, subjects.body[rows], made)
        self.counted["unmeasured"] += int(amounts.lacking[which].sum())
        return GivenRows(amounts, which)

    def _layout(self, program: Program, block: Block) -> Layout:
        found = self.layouts.get(id(program))
        if found is None or found.block is not block:
            found = self.layouts[id(program)] = Layout(block, self.filling)
        return found

    def _count(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        self.counted["events"] += len(batch)
        return batch

    def _program(self, subjects: Subjects, row: int) -> Program:
        arm = subjects.arms[int(subjects.arm[row])]
        known = tuple(name for name, days in subjects.anchors.items() if days[row] != NONE)
        decisions = _decisions(subjects, row)
        key = (arm, known, tuple(sorted(decisions.items())))
        if key not in self.programs:
            self.programs[key] = Program(self.study, arm, decisions, known, self.horizon, self.site)
        return self.programs[key]

    # ------------------------------------------------------------ what happened
    def _recorded(self, subjects: Subjects) -> list[int]:
        if not self.facts:
            return []
        return [row for row, name in enumerate(subjects.names.to_pylist()) if name in self.facts]

    def _by_journal(self, subjects: Subjects, row: int, first_row: int, source: str) -> Iterator[pa.RecordBatch]:
        """One subject by the scalar calendar, after what was recorded."""
        facts = self.facts[subjects.names[row].as_py()]
        anchors = _anchors(subjects, row)
        arm = subjects.arms[int(subjects.arm[row])]
        try:
            plan = plan_for(self.study, anchors, arm=arm, decide=_decisions(subjects, row), horizon=self.horizon,
                            facts=facts)  # fmt: skip
            calendar = calendar_of(plan, anchors, site=self.site, facts=facts)
            block = block_of(plan, calendar)
        except RegimenError as error:
            raise _refused(subjects, row, first_row, source, str(error)) from None
        layout = Layout(block, self.filling)
        here, first = np.array([row], np.int64), np.zeros(1, np.int64)
        given = self._recorded_given(plan, calendar, block, subjects, row)
        for batch in self.filling.batches(layout, first, subjects, here, plan.arm, self.rows, given):
            yield self._count(batch)
        self.counted["subjects"] += 1
        self.counted["alone"] += 1
        self.counted["undated"] += layout.undated(first)

    def _recorded_given(
        self, plan: Plan, calendar: Calendar | None, block: Block, subjects: Subjects, row: int
    ) -> GivenRows | None:
        if not set(AMOUNTS) & set(self.filling.columns):
            return None
        amounts, first = Amounts(None), np.zeros(1, np.int64)
        amounts.follow(block)
        found = of_calendar(self.study, plan, calendar, subjects.bodies[int(subjects.body[row])])
        which = amounts.find(first, subjects.bodies, subjects.body[[row]], lambda *_: found)
        self.counted["unmeasured"] += int(amounts.lacking[which].sum())
        return GivenRows(amounts, which)


def events_of(
    study: Study,
    batch: pa.RecordBatch,
    *,
    horizon: Span | None = None,
    site: Site | None = None,
    columns: Sequence[str] | None = None,
    facts: Mapping[str, Sequence[Fact]] | None = None,
) -> Iterator[pa.RecordBatch]:
    """The events of a batch of subjects; for many batches keep one ``Cohort``, which compiles each plan once."""
    return Cohort(study, horizon, site, columns, facts or {}).events_of(batch)


def _anchors(subjects: Subjects, row: int) -> dict[str, date]:
    known = {name: int(days[row]) for name, days in subjects.anchors.items() if days[row] != NONE}
    return {name: date.fromordinal(day + EPOCH) for name, day in known.items()}


def _decisions(subjects: Subjects, row: int) -> dict[str, str]:
    found = {name: answers[int(codes[row])] for name, (codes, answers) in subjects.answers.items()}
    return {name: answer for name, answer in found.items() if answer is not None}


def _groups(subjects: Subjects, apart: Sequence[int]) -> Iterator[Codes]:
    """Rows with one arm, the same answers and the same known anchors; those ``apart`` are in none."""
    keys = subjects.arm.copy()
    for codes, answers in subjects.answers.values():
        keys = keys * len(answers) + codes
    for days in subjects.anchors.values():
        keys = keys * 2 + (days != NONE)
    if not len(keys):
        return
    if apart:
        keys[list(apart)] = -1
    if (keys == keys[0]).all():
        if keys[0] >= 0:
            yield np.arange(len(keys))
        return
    distinct, back = np.unique(keys, return_inverse=True)
    order = np.argsort(back, kind="stable")
    for key, rows in zip(distinct, np.split(order, np.cumsum(np.bincount(back))[:-1]), strict=True):
        if key >= 0:
            yield rows


def _refused(subjects: Subjects, row: int, first_row: int, source: str, sentence: str) -> CohortError:
    where = f"{source or 'subjects'}, row {first_row + row:,} ({subjects.names[row].as_py()})"
    return CohortError(f"{where}: {sentence}")
