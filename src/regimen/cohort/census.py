"""Can every row be used, and is every subject there once? Eight bytes a subject are held to see it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from regimen.cohort.faults import MOST
from regimen.cohort.reading import Source
from regimen.cohort.subjects import read_subjects
from regimen.definition.models import Study
from regimen.errors import CohortError, Problem

Marks = npt.NDArray[np.uint64]
_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


class Census(NamedTuple):
    """How many subjects there are, and which of their columns say nothing to the study."""

    total: int
    unused: tuple[str, ...]


def counted(study: Study, source: Source) -> Census:
    """Check every row before anything is written; raises ``CohortError`` for the first that cannot be used.

    An id that comes twice is refused with both of its rows.
    """
    held = array("Q")  # grows in its place, so that nothing is there twice
    unused: tuple[str, ...] = ()
    total = 0
    for batch in source.batches():
        subjects = read_subjects(study, batch, first_row=total + 1, source=source.name)
        total, unused = total + len(batch), subjects.unused
        if len(batch):
            held.frombytes(_marks(subjects.names).tobytes())
    if not total:
        raise CohortError(f"{source.name}: there are no subjects; give at least one row.")
    marks = np.frombuffer(held, np.uint64)
    marks.sort()
    twice = marks[1:][marks[1:] == marks[:-1]]
    if len(twice):
        _name_duplicates(study, source, twice)
    return Census(total, unused)


def refuse_strangers(study: Study, source: Source, names: Iterable[str]) -> None:
    """Raise ``CohortError`` if something is recorded of a subject that is not in the file."""
    left = set(names)
    for batch in source.batches() if left else ():
        left.difference_update(read_subjects(study, batch, source=source.name).names.to_pylist())
    if left:
        raise CohortError(f"{source.name} has no subject {sorted(left)[0]!r}, of whom there is a journal; add a row.")


def _marks(names: pa.Array) -> Marks:
    """A number for each id: equal ids have equal numbers, and others almost never."""
    width = max(8, -(-int(pc.max(pc.binary_length(names)).as_py() or 0) // 8) * 8)
    lengths = pc.binary_length(names).to_numpy(zero_copy_only=False)
    if width > 64 or int(pc.max(pc.utf8_length(names)).as_py() or 0) != int(lengths.max(initial=0)):
        return np.array([hash_of(name) for name in names.to_pylist()], np.uint64)
    padded = pc.ascii_rpad(names, width=width, padding="\x00")
    data = np.frombuffer(padded.buffers()[2], np.uint8)[: len(names) * width]
    if len(data) != len(names) * width:
        return np.array([hash_of(name) for name in names.to_pylist()], np.uint64)
    return _mixed(data.reshape(len(names), width).view(np.uint64), lengths)


def _mixed(words: Marks, lengths: npt.NDArray[np.int64]) -> Marks:
    """Only the words that an id has are mixed in, so that the longest of a batch changes nothing for the others."""
    mark = np.zeros(len(words), np.uint64)
    for n in range(words.shape[1]):
        mixed = (mark ^ words[:, n]) * _ODD
        mixed ^= mixed >> _SHIFT
        mark = mixed if n == 0 else np.where(lengths > 8 * n, mixed, mark)
    return mark


def hash_of(name: str) -> int:
    """The number of one id, as for whole columns of them."""
    data = name.encode()
    data += b"\x00" * (-len(data) % 8 if data else 8)
    mark = np.zeros(1, np.uint64)
    for word in np.frombuffer(data, np.uint64):
        mark = (mark ^ word) * _ODD
        mark ^= mark >> _SHIFT
    return int(mark[0])


def _name_duplicates(study: Study, source: Source, marks: Marks) -> None:
    """Raise for the ids that really come twice."""
    wanted, seen, row = np.unique(marks), dict[str, int](), 0
    found: list[Problem] = []
    for batch in source.batches():
        names = read_subjects(study, batch, first_row=row + 1, source=source.name).names
        for place in np.flatnonzero(np.isin(_marks(names), wanted)).tolist() if len(names) else ():
            name = names[place].as_py()
            if name in seen:
                said = f"{source.name}, row {row + place + 1:,}: subject {name!r} is in row {seen[name]:,} already"
                found.append(Problem("", f"{said}; give each subject one row."))
            seen.setdefault(name, row + place + 1)
        row += len(names)
        if len(found) >= MOST:
            break
    if found:
        raise CohortError(found[:MOST])
