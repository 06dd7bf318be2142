"""Who is in a cohort? Columns of subjects read and checked, every problem with the row that has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from regimen.cohort.shifting import FIRST, LAST, NONE, DayColumn
from regimen.definition.models import Study
from regimen.errors import RegimenError
from regimen.quantities.measured import KINDS, read_measure

MEASURES = {"weight": "weight_kg", "height": "height_cm"}
OWN = ("subject", "arm", "site")
Codes = npt.NDArray[np.int64]


class CohortError(RegimenError):
    """Subjects cannot be used as they are; the sentence names the row."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Some rows of a subject file, checked; ``NONE`` where an anchor has no date."""

    names: pa.Array
    arms: tuple[str | None, ...]
    arm: Codes
    sites: pa.Array
    """The site of each row, as a dictionary."""
    anchors: Mapping[str, DayColumn]
    answers: Mapping[str, tuple[Codes, tuple[str | None, ...]]] = field(default_factory=dict)
    """For each decision, which of its answers each row has, and those answers; None where it is open."""
    unused: tuple[str, ...] = ()
    """Columns that say nothing to the study."""

    def __len__(self) -> int:
        return len(self.names)


def read_subjects(study: Study, batch: pa.RecordBatch, *, first_row: int = 1, source: str = "") -> Subjects:
    """Check the subjects of a batch; rows are counted from ``first_row``. Raises ``CohortError``."""
    reader = _Reader(study, batch, first_row, source)
    return reader.subjects()


def decision_column(study: Study, name: str) -> str:
    """The column with the answers to a decision: its name, or ``decide_NAME`` where an anchor has the same name."""
    return f"decide_{name}" if name in study.anchors else name


@dataclass(slots=True)
class _Reader:
    study: Study
    batch: pa.RecordBatch
    first_row: int
    source: str

    def subjects(self) -> Subjects:
        unused, names_given = tuple(self._unused()), self.batch.schema.names
        names = self._names()
        arms, arm = self._arms()
        found = {name: self._days(name) for name in self.study.anchors if name in self.batch.schema.names}
        nothing = np.full(len(self.batch), NONE, np.int32)
        anchors = {name: found.get(name, nothing) for name in self.study.anchors}
        for kind in MEASURES:
            self._check_measure(kind)
        asked = {name: decision_column(self.study, name) for name in self.study.decisions}
        answers = {name: self._answers(name, column) for name, column in asked.items() if column in names_given}
        return Subjects(names, arms, arm, self._sites(), anchors, answers, unused)

    def _unused(self) -> Iterator[str]:
        decisions = [decision_column(self.study, name) for name in self.study.decisions]
        known = [*OWN, *self.study.anchors, *decisions, *MEASURES, *MEASURES.values()]
        for name in self.batch.schema.names:
            if self.batch.schema.names.count(name) > 1:
                raise self._error(None, f"there are two columns {name!r}", "keep one of them")
            close = get_close_matches(name, known, n=1, cutoff=0.8)
            if name not in known and close and close[0] not in self.batch.schema.names:
                raise self._error(None, f"there is no column {name!r} here", f"did you mean {close[0]}?")
            if name not in known or name in (*MEASURES, *MEASURES.values()):
                yield name
        if not any(name in self.batch.schema.names for name in self.study.anchors):
            raise self._error(None, "no column has dates to count from", f"anchors are {', '.join(self.study.anchors)}")

    def _column(self, name: str) -> pa.Array:
        column = self.batch.column(self.batch.schema.names.index(name))
        return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column

    def _error(self, row: int | None, found: str, remedy: str) -> CohortError:
        where = f"{self.source or 'subjects'}" + (f", row {self.first_row + row:,}" if row is not None else "")
        return CohortError(f"{where}: {found}; {remedy}.")

    # ------------------------------------------------------------ who, where, which arm
    def _names(self) -> pa.Array:
        if "subject" not in self.batch.schema.names:
            raise self._error(None, "there is no column 'subject'", "give each subject a pseudonym")
        names = self._text("subject")
        missing = pc.or_kleene(pc.is_null(names), pc.equal(pc.utf8_trim_whitespace(names), ""))
        if (row := _first(missing)) is not None:
            raise self._error(row, "the subject has no id", "give each subject a pseudonym, such as S-001")
        return names

    def _text(self, name: str) -> pa.Array:
        column = self._column(name)
        if pa.types.is_integer(column.type) or pa.types.is_large_string(column.type) or _is_view(column.type):
            column = column.cast(pa.string())
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        if not pa.types.is_string(column.type):
            raise self._error(None, f"the column {name} holds {column.type}", "write it as text")
        return column

    def _encoded(self, name: str) -> tuple[Codes, tuple[str | None, ...]]:
        found = pc.if_else(pc.equal(self._text(name), ""), None, self._text(name)).dictionary_encode("encode")
        return found.indices.to_numpy(zero_copy_only=False).astype(np.int64), tuple(found.dictionary.to_pylist())

    def _arms(self) -> tuple[tuple[str | None, ...], Codes]:
        known = tuple(self.study.arms)
        if "arm" not in self.batch.schema.names:
            if len(known) > 1:
                raise self._error(None, "there is no column 'arm'", f"the arms are {', '.join(known)}")
            return known, np.zeros(len(self.batch), np.int64)
        codes, arms = self._encoded("arm")
        for place, arm in enumerate(arms):
            if arm not in known:
                row = int(np.flatnonzero(codes == place)[0])
                close = get_close_matches(arm or "", known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"the arms are {', '.join(known)}"
                found = f"there is no arm {arm!r}" if arm is not None else "the subject has no arm"
                raise self._error(row, found, hint)
        return arms, codes

    def _sites(self) -> pa.Array:
        if "site" not in self.batch.schema.names:
            return pa.nulls(len(self.batch), pa.string()).dictionary_encode("mask")
        return self._text("site").dictionary_encode("mask")

    def _answers(self, name: str, column: str) -> tuple[Codes, tuple[str | None, ...]]:
        codes, answers = self._encoded(column)
        options = self.study.decisions[name].options
        for place, answer in enumerate(answers):
            if answer is not None and answer not in options:
                row = int(np.flatnonzero(codes == place)[0])
                raise self._error(row, f"{column} is {answer!r}", f"it can be {' or '.join(options)}, or empty")
        return codes, answers

    # ------------------------------------------------------------ dates
    def _days(self, name: str) -> DayColumn:
        column = self._column(name)
        if pa.types.is_null(column.type):
            return np.full(len(column), NONE, np.int32)
        if pa.types.is_timestamp(column.type):
            column = self._midnights(name, column)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or _is_view(column.type):
            column = self._written(name, column.cast(pa.string()))
        if not pa.types.is_date(column.type):
            raise self._error(None, f"the column {name} holds {column.type}", "write dates, such as 2027-01-04")
        days = pc.fill_null(column.cast(pa.date32()).cast(pa.int32()), int(NONE)).to_numpy(zero_copy_only=False)
        outside = (days != NONE) & ((days < FIRST) | (days > LAST))
        if outside.any():
            raise self._error(int(np.flatnonzero(outside)[0]), f"{name} lies outside the years 1 to 9999", "correct it")
        return np.asarray(days, np.int32)

    def _midnights(self, name: str, column: pa.Array) -> pa.Array:
        if column.type.tz is not None:
            raise self._error(None, f"{name} has times in a zone", "write dates without times, such as 2027-01-04")
        days = pc.floor_temporal(column, unit="day")
        if (row := _first(pc.not_equal(days, column))) is not None:
            raise self._error(row, f"{name} is {column[row]}, with a time of day", "cohorts are dated in whole days")
        return days.cast(pa.date32())

    def _written(self, name: str, column: pa.Array) -> pa.Array:
        empty = pc.equal(column, "")
        texts = pc.if_else(empty, None, column)
        right = pc.match_substring_regex(texts, r"^\d{4}-\d{2}-\d{2}$")
        if (row := _first(pc.invert(right))) is not None:
            raise self._error(row, f"{name} is {column[row].as_py()!r}", "write year-month-day, such as 2027-01-04")
        try:
            return texts.cast(pa.date32())
        except pa.ArrowInvalid:
            row = next(n for n, text in enumerate(texts) if text.is_valid and not _is_date(text))
            text = column[row].as_py()
            raise self._error(row, f"{name} is {text!r}, and there is no such day", "correct it") from None

    # ------------------------------------------------------------ measures
    def _check_measure(self, kind: str) -> None:
        names, numbered = self.batch.schema.names, MEASURES[kind]
        unit = numbered.partition("_")[2]
        if kind in names and numbered in names:
            raise self._error(None, f"there are two columns {kind} and {numbered}", "keep one of them")
        if numbered in names:
            values = self._column(numbered).cast(pa.float64())
            bad = pc.or_(pc.less_equal(values, 0), pc.invert(pc.is_finite(values)))
            if (row := _first(bad)) is not None:
                raise self._error(row, f"{numbered} is {values[row]}", f"write a number of {unit} above 0")
        elif kind in names:
            self._check_written(kind)

    def _check_written(self, kind: str) -> None:
        column = self._column(kind)
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            row = _first(pc.is_valid(column)) or 0
            found = f"{kind} is {column[row]} without a unit" if len(column) else f"{kind} has no unit"
            raise self._error(row, found, f"name the column {MEASURES[kind]}, or write texts such as {_example(kind)}")
        encoded = column.dictionary_encode()
        for text in encoded.dictionary.to_pylist():
            try:
                read_measure(kind, text)
            except RegimenError as error:
                row = _first(pc.equal(column, text)) or 0
                raise self._error(row, f"{kind} is {text!r}", str(error).rstrip(".")) from None


def _example(kind: str) -> str:
    return str(KINDS[kind].example)


def _is_view(kind: Any) -> bool:
    return bool(kind == pa.string_view())


def _is_date(text: Any) -> bool:
    try:
        text.cast(pa.date32())
    except pa.ArrowInvalid:
        return False
    return True


def _first(flags: pa.Array) -> int | None:
    """The first row that is true."""
    found = pc.index(pc.fill_null(flags, False), True).as_py()
    return int(found) if found >= 0 else None
