"""How do the days of many rows become Arrow columns? Whole rows copied from a block into reused memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from regimen.cohort.amounts import Amounts
from regimen.cohort.blocks import DAYS, Block
from regimen.cohort.dating import named_days
from regimen.cohort.schema import AMOUNTS, COLUMNS, WORDS, schema_of
from regimen.cohort.shifting import NONE, DayColumn
from regimen.cohort.subjects import Subjects

Codes = npt.NDArray[np.int64]


class GivenRows(NamedTuple):
    """The row of a table of amounts that each row of a batch has."""

    amounts: Amounts
    which: Codes


class Layout:
    """A block made ready: its columns, which of them have gaps, and its words as dictionaries."""

    def __init__(self, block: Block, filling: Filling) -> None:
        self.block, self.width = block, block.width
        self.columns = {name: block.columns[name] for name in (*DAYS, "day", "offset_days")}
        offsets = self.columns["offset_days"]
        self.columns["study_day"] = np.where(offsets == NONE, NONE, named_days(offsets, filling.first_day))
        cycles = np.array([NONE if what.cycle is None else what.cycle for what in block.whats], np.int32)
        self.by_what: dict[str, DayColumn] = {"cycle": cycles}
        self.dictionaries: dict[str, pa.Array] = {}
        for name in WORDS:
            words = [getattr(what, name) for what in block.whats]
            distinct = list(dict.fromkeys(word for word in words if word is not None))
            places = {word: place for place, word in enumerate(distinct)}
            self.by_what[name] = np.array([places.get(word, NONE) for word in words], np.int32)
            self.dictionaries[name] = pa.array(distinct, pa.string())
        self.by_what["optional"] = np.array([what.optional for what in block.whats], np.int32)
        self.gaps = {name: bool((column == NONE).any()) for name, column in (self.columns | self.by_what).items()}
        self.ends = np.cumsum(block.counts)
        self.missing = (
            np.add.reduceat(self.columns["start"] == NONE, self.ends - block.counts, dtype=np.int64)
            if (len(block.what) and block.counts.min() > 0)
            else None
        )
        self.tiles: dict[str, tuple[DayColumn, pa.Buffer | None]] = {}

    def undated(self, rows: Codes) -> int:
        """How many events of these rows have no date."""
        if not self.gaps["start"]:
            return 0
        if self.missing is not None:
            return int(self.missing[rows].sum())
        starts = self.columns["start"] == NONE
        return sum(int(starts[self.ends[row] - self.block.counts[row] : self.ends[row]].sum()) for row in rows)


@dataclass(slots=True)
class Filling:
    """Turns rows of blocks into Arrow batches with these columns."""

    columns: Sequence[str]
    first_day: int | None
    reuse: bool
    memory: dict[str, DayColumn] = field(default_factory=dict)
    schema: pa.Schema = field(init=False)

    def __post_init__(self) -> None:
        self.schema = schema_of(self.columns)

    def batches(
        self,
        layout: Layout,
        places: Codes,
        subjects: Subjects,
        rows: Codes,
        arm: str,
        most: int,
        given: GivenRows | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """The events of ``rows``, each of which is row ``places`` of the block, at most ``most`` at a time."""
        widest = int(layout.block.counts.max()) if layout.block.rows else 0
        step = max(1, most // max(1, widest))
        for start in range(0, len(rows), step):
            here, at = rows[start : start + step], places[start : start + step]
            some = None if given is None else GivenRows(given.amounts, given.which[start : start + step])
            yield self._batch(layout, at, subjects, here, arm, min(step, len(rows)), some)

    def _batch(
        self, layout: Layout, at: Codes, subjects: Subjects, rows: Codes, arm: str, step: int, given: GivenRows | None
    ) -> pa.RecordBatch:
        if layout.width is not None:
            source: Any = _Even(self, layout, at, layout.width, step)
        else:
            source = _Uneven(layout, at)
        arrays = [
            self._amounts(name, source, given) if name in AMOUNTS else self._array(name, source, subjects, rows, arm)
            for name in self.columns
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _array(self, name: str, source: Any, subjects: Subjects, rows: Codes, arm: str) -> pa.Array:
        if name == "subject":
            return _dictionary(source.each(np.arange(len(rows), dtype=np.int32)), subjects.names.take(pa.array(rows)))
        if name == "arm":
            return _dictionary(source.each(np.zeros(len(rows), np.int32)), pa.array([arm]))
        if name == "site":
            return self._sites(source, subjects, rows)
        if name in source.layout.columns:
            return _plain(source.dated(name), COLUMNS[name].type, source.layout.gaps[name])
        values, validity = source.same(name)
        if name == "optional":
            return _plain(values, pa.int32(), False).cast(pa.bool_())
        return _typed(values, validity, source.layout.dictionaries.get(name))

    @staticmethod
    def _amounts(name: str, source: Any, given: GivenRows | None) -> pa.Array:
        assert given is not None
        amounts = given.amounts
        if name == "unit":
            codes = source.given(amounts.units, given.which)
            return _typed(codes, _validity(codes), pa.array(list(amounts.words), pa.string()))
        values = source.given(amounts.values, given.which)
        validity = pa.py_buffer(np.packbits(~np.isnan(values), bitorder="little"))
        return pa.Array.from_buffers(pa.float64(), len(values), [validity, pa.py_buffer(values)])

    @staticmethod
    def _sites(source: Any, subjects: Subjects, rows: Codes) -> pa.Array:
        codes = subjects.sites.indices
        filled = codes.fill_null(int(NONE)).to_numpy(zero_copy_only=False)[rows].astype(np.int32)
        values = source.each(filled)
        return _typed(values, _validity(values) if codes.null_count else None, subjects.sites.dictionary)

    def into(self, name: str, size: int) -> DayColumn:
        """Memory for a column; the same again if batches reuse it."""
        if not self.reuse:
            return np.empty(size, np.int32)
        found = self.memory.get(name)
        if found is None or len(found) < size:
            found = self.memory[name] = np.empty(size, np.int32)
        return found[:size]


@dataclass(slots=True)
class _Even:
    """Rows that all have the same events: whole rows are copied, and what is the same for all is made once."""

    filling: Filling
    layout: Layout
    at: Codes
    width: int
    step: int

    def dated(self, name: str) -> DayColumn:
        into = self.filling.into(name, len(self.at) * self.width)
        table = self.layout.columns[name].reshape(-1, self.width)
        np.take(table, self.at, axis=0, out=into.reshape(-1, self.width), mode="clip")
        return into

    def each(self, codes: DayColumn) -> DayColumn:
        return np.repeat(codes, self.width)

    def given(self, table: npt.NDArray[Any], which: Codes) -> npt.NDArray[Any]:
        return np.take(table, which, axis=0).ravel()

    def same(self, name: str) -> tuple[DayColumn, pa.Buffer | None]:
        size = len(self.at) * self.width
        found = self.layout.tiles.get(name)
        if found is None or len(found[0]) < size:
            values = np.tile(self.layout.by_what[name], max(self.step, len(self.at)))
            found = self.layout.tiles[name] = values, _validity(values) if self.layout.gaps[name] else None
        return found[0][:size], found[1]


class _Uneven:
    """Rows with events of their own: each event is looked up."""

    def __init__(self, layout: Layout, at: Codes) -> None:
        self.layout = layout
        self.counts = layout.block.counts[at]
        before = np.cumsum(self.counts) - self.counts
        first = layout.ends[at] - self.counts
        self.pick = np.repeat(first - before, self.counts) + np.arange(int(self.counts.sum()))
        self.what = layout.block.what[self.pick]

    def dated(self, name: str) -> DayColumn:
        return self.layout.columns[name][self.pick]

    def each(self, codes: DayColumn) -> DayColumn:
        return np.repeat(codes, self.counts)

    def given(self, table: npt.NDArray[Any], which: Codes) -> npt.NDArray[Any]:
        return table[np.repeat(which, self.counts), self.what]

    def same(self, name: str) -> tuple[DayColumn, pa.Buffer | None]:
        values = self.layout.by_what[name][self.what]
        return values, _validity(values) if self.layout.gaps[name] else None


# ---------------------------------------------------------------- numbers as Arrow arrays


def _validity(values: DayColumn) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values != NONE, bitorder="little"))


def _plain(values: DayColumn, kind: pa.DataType, gaps: bool) -> pa.Array:
    validity = _validity(values) if gaps else None
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(values)])


def _typed(values: DayColumn, validity: pa.Buffer | None, words: pa.Array | None) -> pa.Array:
    codes = pa.Array.from_buffers(pa.int32(), len(values), [validity, pa.py_buffer(values)])
    return codes if words is None else pa.DictionaryArray.from_arrays(codes, words, safe=False)  # codes of our own


def _dictionary(codes: DayColumn, words: pa.Array) -> pa.Array:
    return _typed(codes, None, words)
