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

from regimen.cohort.bodies import MEASURES, NUMBERED, Body, fault_of
from regimen.cohort.faults import Faults
from regimen.cohort.grouping import grouped
from regimen.cohort.shifting import FIRST, LAST, NONE, DayColumn
from regimen.definition.models import Study
from regimen.delimited import how_to_write
from regimen.quantities.measured import KINDS
from regimen.timing import why_not_a_date

OWN = ("subject", "arm", "site")
Codes = npt.NDArray[np.int64]


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
    bodies: tuple[Body, ...] = ((),)
    """The measures that occur, each once."""
    body: Codes = field(default_factory=lambda: np.zeros(0, np.int64))
    """Which of them each row has."""
    unused: tuple[str, ...] = ()
    """Columns that say nothing to the study."""

    def __len__(self) -> int:
        return len(self.names)


def read_subjects(study: Study, batch: pa.RecordBatch, *, first_row: int = 1, source: str = "") -> Subjects:
    """Check the subjects of a batch; rows are counted from ``first_row``. Raises ``CohortError``."""
    names = [canonical(study, name) for name in batch.schema.names]
    return _Reader(study, pa.RecordBatch.from_arrays(batch.columns, names), Faults(source, first_row)).subjects()


def canonical(study: Study, head: str) -> str:
    """The name of the column with this heading, which people may have written as First dose for first_dose."""
    known = {name.lower(): name for name in known_columns(study)}
    return known.get(head.strip().lower().replace(" ", "_"), head.strip())


def known_columns(study: Study) -> tuple[str, ...]:
    """Every column that says something of a subject of this study."""
    decisions = (decision_column(study, name) for name in study.decisions)
    return (*OWN, *study.anchors, *decisions, *MEASURES, *NUMBERED)


def decision_column(study: Study, name: str) -> str:
    """The column with the answers to a decision: its name, or ``decide_NAME`` where another column has the name."""
    taken = (*OWN, *study.anchors, *MEASURES, *NUMBERED)
    return f"decide_{name}" if name.lower() in (other.lower() for other in taken) else name


@dataclass(slots=True)
class _Reader:
    study: Study
    batch: pa.RecordBatch
    faults: Faults

    def subjects(self) -> Subjects:
        unused, names_given = tuple(self._unused()), self.batch.schema.names
        names = self.faults.names = self._names()
        arms, arm = self._arms()
        found = {name: self._days(name) for name in self.study.anchors if name in self.batch.schema.names}
        nothing = np.full(len(self.batch), NONE, np.int32)
        anchors = {name: found.get(name, nothing) for name in self.study.anchors}
        body, bodies = self._bodies()
        asked = {name: decision_column(self.study, name) for name in self.study.decisions}
        answers = {name: self._answers(name, column) for name, column in asked.items() if column in names_given}
        self.faults.settle()
        return Subjects(names, arms, arm, self._sites(), anchors, answers, bodies, body, unused)

    def _unused(self) -> Iterator[str]:
        known = known_columns(self.study)
        for name in self.batch.schema.names:
            if self.batch.schema.names.count(name) > 1:
                raise self.faults.of_file(f"there are two columns {name!r}", "keep one of them")
            if name not in known and (unit := name.lower().partition("_"))[0] in ("weight", "height"):
                right = f"{unit[0]}_{KINDS[unit[0]].unit}"
                raise self.faults.of_file(f"the column {name} is not known", f"name it {right}, in that unit, or "
                                          f"write texts with a unit in a column {unit[0]}")  # fmt: skip
            close = get_close_matches(name, known, n=1, cutoff=0.8)
            if name not in known and close and close[0] not in self.batch.schema.names:
                raise self.faults.of_file(f"there is no column {name!r} here", f"did you mean {close[0]}?")
            if name not in known:
                yield name
        if not any(name in self.batch.schema.names for name in self.study.anchors):
            raise self.faults.of_file(
                "no column has dates to count from", f"anchors are {', '.join(self.study.anchors)}"
            )

    def _column(self, name: str) -> pa.Array:
        column = self.batch.column(self.batch.schema.names.index(name))
        return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column

    # ------------------------------------------------------------ who, where, which arm
    def _names(self) -> pa.Array:
        if "subject" not in self.batch.schema.names:
            raise self.faults.of_file("there is no column 'subject'", "give each subject a pseudonym")
        names = self._text("subject")
        missing = pc.or_kleene(pc.is_null(names), pc.equal(pc.utf8_trim_whitespace(names), ""))
        self.faults.note(missing, "the subject has no id; give each subject a pseudonym, such as S-001")
        return names

    def _text(self, name: str) -> pa.Array:
        column = self._column(name)
        if pa.types.is_integer(column.type) or pa.types.is_large_string(column.type) or _is_view(column.type):
            column = column.cast(pa.string())
        if pa.types.is_null(column.type):
            column = column.cast(pa.string())
        if not pa.types.is_string(column.type):
            raise self.faults.of_file(f"the column {name} holds {column.type}", "write it as text")
        return column

    def _encoded(self, name: str) -> tuple[Codes, tuple[str | None, ...]]:
        texts = self._text(name)
        found = _only(texts, pc.not_equal(texts, "")).dictionary_encode("encode")
        return found.indices.to_numpy(zero_copy_only=False).astype(np.int64), tuple(found.dictionary.to_pylist())

    def _arms(self) -> tuple[tuple[str | None, ...], Codes]:
        known = tuple(self.study.arms)
        if "arm" not in self.batch.schema.names:
            if len(known) > 1:
                raise self.faults.of_file("there is no column 'arm'", f"the arms are {', '.join(known)}")
            return known, np.zeros(len(self.batch), np.int64)
        codes, arms = self._encoded("arm")
        for place, arm in enumerate(arms):
            if arm not in known:
                close = get_close_matches(arm or "", known, n=1)
                hint = f"did you mean {close[0]}" if close else f"the arms are {', '.join(known)}"
                said = f"there is no arm {arm!r}; {hint}" if arm is not None else f"the subject has no arm; {hint}"
                self.faults.note(codes == place, said)
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
                said = f"{column} is {answer!r}; it can be {' or '.join(options)}, or empty"
                self.faults.note(codes == place, said)
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
            raise self.faults.of_file(f"the column {name} holds {column.type}", "write dates, such as 2027-01-04")
        days = pc.fill_null(column.cast(pa.date32()).cast(pa.int32()), int(NONE)).to_numpy(zero_copy_only=False)
        outside = (days != NONE) & ((days < FIRST) | (days > LAST))
        self.faults.note(outside, f"{name} lies outside the years 1 to 9999; correct it")
        return np.asarray(days, np.int32)

    def _midnights(self, name: str, column: pa.Array) -> pa.Array:
        if column.type.tz is not None:
            raise self.faults.of_file(f"{name} has times in a zone", "write dates without times, such as 2027-01-04")
        days = pc.floor_temporal(column, unit="day")
        timed = pc.not_equal(days, column)
        self.faults.note(timed, lambda row: f"{name} is {column[row]}, with a time; write whole days, as 2027-01-04")
        return days.cast(pa.date32())

    def _written(self, name: str, column: pa.Array) -> pa.Array:
        texts = _only(column, pc.not_equal(column, ""))
        right = pc.match_substring_regex(texts, r"^\d{4}-\d{2}-\d{2}$")
        self.faults.note(pc.invert(right), lambda row: f"{name} is {_told(column[row].as_py())}")
        dates = _only(texts, right)
        try:
            return dates.cast(pa.date32())
        except pa.ArrowInvalid:
            wrong = np.array([bool(_why_no_date(text)) for text in dates])
            said = "{} is {!r}, which is no date ({}); correct it"
            self.faults.note(wrong, lambda row: said.format(name, column[row].as_py(), _why_no_date(dates[row])))
            return _only(dates, pa.array(~wrong)).cast(pa.date32())

    # ------------------------------------------------------------ measures
    def _bodies(self) -> tuple[Codes, tuple[Body, ...]]:
        """Which measures each row has; what cannot be true is noted."""
        codes, bodies = np.zeros(len(self.batch), np.int64), [Body()]
        for kind in MEASURES:
            column = self._measured(kind)
            if column is None:
                continue
            found = column.dictionary_encode("encode")
            texts = found.dictionary.to_pylist()
            keys = codes * len(texts) + found.indices.to_numpy(zero_copy_only=False)
            distinct, _, codes = grouped(keys)
            pairs = [(bodies[key // len(texts)], texts[key % len(texts)]) for key in distinct.tolist()]
            bodies = [(*body, (kind, text)) if text is not None else body for body, text in pairs]
        for place, body in enumerate(bodies):
            if fault := fault_of(body):
                self.faults.note(codes == place, fault)
        return codes, tuple(bodies)

    def _measured(self, kind: str) -> pa.Array | None:
        """The texts of one measure; None where there is no column of it."""
        names = self.batch.schema.names
        given = [name for name in (kind, *(n for n, (k, _) in NUMBERED.items() if k == kind)) if name in names]
        if len(given) > 1:
            raise self.faults.of_file(f"there are two columns {' and '.join(given)}", "keep one of them")
        if not given or not len(self.batch):
            return None
        column, unit = self._column(given[0]), NUMBERED.get(given[0], ("", ""))[1]
        if not unit and pa.types.is_primitive(column.type):
            self._refuse_numbers(kind, column)
            return None
        texts = pc.utf8_trim_whitespace(column.cast(pa.string()))
        written = _only(texts, pc.not_equal(texts, ""))
        return pc.binary_join_element_wise(written, unit, " ") if unit else written

    def _refuse_numbers(self, kind: str, column: pa.Array) -> None:
        """Numbers in a column that has no unit in its name."""
        unit = KINDS[kind].unit if kind in KINDS else ""
        also = f"name the column {kind}_{unit}, or " if f"{kind}_{unit}" in NUMBERED else ""
        example = KINDS[kind].example if kind in KINDS else "female"
        said = f"without a unit; {also}write texts such as {example}"
        self.faults.note(pc.is_valid(column), lambda row: f"{kind} is {column[row]} {said}")


def _only(texts: pa.Array, right: pa.Array) -> pa.Array:
    """The texts that are right, and nulls for the others.

    Not by ``if_else``: before pyarrow 24 it reads the texts of a slice from the wrong place.
    """
    wrong = ~np.asarray(pc.fill_null(right, False).to_numpy(zero_copy_only=False), np.bool_)
    return texts.take(pa.array(np.arange(len(texts)), mask=wrong))


def _is_view(kind: Any) -> bool:
    return bool(kind == pa.string_view())


def _told(text: str) -> str:
    return f"{text!r}; {how_to_write(text)}"


def _why_no_date(text: Any) -> str:
    """Why a text of year, month and day is no date; empty if it is one."""
    return why_not_a_date(*map(int, text.as_py().split("-"))) if text.is_valid else ""
