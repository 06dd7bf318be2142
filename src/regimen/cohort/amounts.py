"""How much is each dose of a cohort? By the rules of the ledger, once for all rows with like doses and measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regimen.cohort.blocks import Block
from regimen.cohort.bodies import Body, measures_of
from regimen.cohort.grouping import grouped
from regimen.cohort.shifting import NONE, DayColumn
from regimen.definition.models import Study
from regimen.dosing.declared import declared
from regimen.dosing.weights import ACTUAL
from regimen.events import Calendar
from regimen.ledger import Given, amounts_of
from regimen.ledger.terms import OFF
from regimen.notation.terms import Dose
from regimen.plan import Order, Plan
from regimen.quantities import Amount, Quantity

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Made = Callable[[int, Body, int], Mapping[str, "InColumn"]]
MOST = 1 << 22
"""So many numbers are kept at once; then what is known is forgotten and found again."""


class InColumn(NamedTuple):
    """The nearest number that a column can hold, and its unit."""

    value: float
    unit: str


def of_calendar(study: Study, plan: Plan, calendar: Calendar | None, body: Body) -> dict[str, InColumn]:
    """The amount of every dose of one calendar that has one."""
    if calendar is None:
        return {}
    found = amounts_of(study, plan, calendar, Given(measures_of(body)))
    return {event: _in_column(amount) for event, amount in found.items()}


def _in_column(amount: Quantity) -> InColumn:
    return InColumn(float(amount.value), str(amount.unit))


def needed_measures(study: Study, plan: Plan) -> tuple[str, ...] | None:
    """The measures that doses of a plan count from where flat doses and doses per actual kg are all; None: any."""
    orders = {id(p.content.order): p.content.order for p in plan if p.content and p.content.order is not None}
    kinds = [_needs(study, order) for order in orders.values()]
    return tuple(dict.fromkeys(kind for some in kinds for kind in some or ())) if None not in kinds else None


def _needs(study: Study, order: Order) -> tuple[str, ...] | None:
    dose: object = order.dose
    policy = declared(order.item, study.study.dosing).policy
    if not isinstance(dose, Dose) or not isinstance(dose.amount, Amount) or policy.lifetime is not None:
        return None
    pers = {amount.unit.per for amount in (dose.amount, *dose.caps)}
    if pers - {None, "kg"} or policy.weight != ACTUAL:
        return None
    return ("weight",) if "kg" in pers else ()


@dataclass(slots=True)
class Amounts:
    """The amounts of one program's rows, found when they are first met: a table with a row for each like of them."""

    needed: tuple[str, ...] | None
    block: Block | None = None
    shapes: Rows = field(default_factory=lambda: np.zeros(0, np.int64))
    """For each row of the block, which doses it has in which order and for how long, as a number."""
    known: dict[bytes, int] = field(default_factory=dict)
    numbers: dict[tuple[int, Body], int] = field(default_factory=dict)
    values: Floats = field(default_factory=lambda: np.empty((0, 0)))
    units: DayColumn = field(default_factory=lambda: np.empty((0, 0), np.int32))
    lacking: Rows = field(default_factory=lambda: np.zeros(0, np.int64))
    """How many dated doses of each row of the table have no amount."""
    words: dict[str, int] = field(default_factory=dict)
    """The units that occur, each with its number."""

    def follow(self, block: Block) -> None:
        """Be about the rows of another block of the same plan; what was found for the same events stays."""
        if block is self.block and self.values.size <= MOST:
            return
        if self.block is None or block.whats != self.block.whats or self.values.size > MOST:
            self.known.clear()
            self.numbers.clear()
            self.values, self.units = np.empty((0, len(block.whats))), np.empty((0, len(block.whats)), np.int32)
            self.lacking = np.zeros(0, np.int64)
        self.block = block
        self.shapes = np.array([self.known.setdefault(key, len(self.known)) for key in _shapes(block)], np.int64)

    def find(self, places: Rows, bodies: tuple[Body, ...], body: Rows, made: Made) -> Rows:
        """For each row of ``places`` and its body the row of the table; ``made`` gives what is not known yet.

        It is asked for the shape and body of the place with this number.
        """
        keys = self.shapes[places] * len(bodies) + body
        distinct, first, back = grouped(keys)
        found = np.empty(len(distinct), np.int64)
        for number, (key, place) in enumerate(zip(distinct.tolist(), first.tolist(), strict=True)):
            shape, one = key // len(bodies), self._counted(bodies[key % len(bodies)])
            if (shape, one) not in self.numbers:
                self._learn((shape, one), int(places[place]), made(shape, one, place))
            found[number] = self.numbers[shape, one]
        of_row: Rows = found[back]
        return of_row

    def _counted(self, body: Body) -> Body:
        """The measures that make a difference."""
        return body if self.needed is None else tuple(pair for pair in body if pair[0] in self.needed)

    def _learn(self, key: tuple[int, Body], place: int, found: Mapping[str, InColumn]) -> None:
        assert self.block is not None
        row, number = [found.get(what.event) for what in self.block.whats], len(self.numbers)
        if number == len(self.values):
            self._grow(max(16, 2 * number))
        self.values[number] = [one.value if one else np.nan for one in row]
        self.units[number] = [self.words.setdefault(one.unit, len(self.words)) if one else NONE for one in row]
        self.lacking[number] = self._lacking(self.block, place, found)
        self.numbers[key] = number

    def _grow(self, rows: int) -> None:
        more = rows - len(self.values)
        width = self.values.shape[1]
        self.values = np.concatenate([self.values, np.empty((more, width))])
        self.units = np.concatenate([self.units, np.empty((more, width), np.int32)])
        self.lacking = np.concatenate([self.lacking, np.zeros(more, np.int64)])

    @staticmethod
    def _lacking(block: Block, place: int, found: Mapping[str, InColumn]) -> int:
        end = int(block.counts[: place + 1].sum())
        here = range(end - int(block.counts[place]), end)
        there = (block.whats[block.what[n]] for n in here if block.columns["start"][n] != NONE)
        return sum(what.kind == "dose" and what.state not in OFF and what.event not in found for what in there)


def _shapes(block: Block) -> list[bytes]:
    """Rows with the same doses, in the same order, on one day with the same others and as long, have one key."""
    is_dose = np.array([what.kind == "dose" for what in block.whats], np.bool_)
    if block.width is not None:
        start, end = (block.columns[name].reshape(block.rows, -1)[:, is_dose] for name in ("start", "end"))
        return [row.tobytes() for row in _shape(start, end)]
    found, ends = [], np.cumsum(block.counts)
    for first, last in zip(ends - block.counts, ends, strict=True):
        what = block.what[first:last]
        start, end = (block.columns[name][first:last][is_dose[what]][None] for name in ("start", "end"))
        found.append(what[is_dose[what]].tobytes() + _shape(start, end).tobytes())
    return found


def _shape(start: DayColumn, end: DayColumn) -> DayColumn:
    order = np.argsort(start, axis=1, kind="stable")
    days = np.take_along_axis(start, order, axis=1)
    together = np.diff(days, axis=1, prepend=days[:, :1] - 1) == 0
    parts = (order, together, end - start, start == NONE)
    return np.concatenate([part.astype(np.int32) for part in parts], axis=1)
