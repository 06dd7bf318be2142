"""Where do subjects come from? Parquet, Arrow and CSV files, and data frames, as batches in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regimen.delimited.dialects import dialect_of
from regimen.errors import CohortError

BATCH = 1 << 15
"""Subjects read at a time."""


@dataclass(frozen=True, slots=True)
class Source:
    """Subjects that can be read again and again; each call of ``batches`` starts anew."""

    name: str
    batches: Callable[[], Iterator[pa.RecordBatch]]
    digest: str
    """SHA-256 of the file; empty for what lies in memory."""


def source_of(subjects: Any) -> Source:
    """A path, or anything that gives Arrow: pyarrow, polars, pandas, duckdb, by the Arrow PyCapsule interface."""
    if isinstance(subjects, str | Path):
        return _file(Path(subjects))
    if isinstance(subjects, pa.RecordBatch):
        subjects = pa.Table.from_batches([subjects])
    if not isinstance(subjects, pa.Table):
        if not hasattr(subjects, "__arrow_c_stream__"):
            raise CohortError(
                f"subjects are {type(subjects).__name__}, which gives no Arrow table; "
                "give a pyarrow, polars or pandas table, or the path of a file."
            )
        subjects = pa.table(subjects)
    table: pa.Table = subjects

    def batches() -> Iterator[pa.RecordBatch]:
        yield from table.to_batches(max_chunksize=BATCH)

    return Source("subjects", batches, "")


def _file(path: Path) -> Source:
    readers = {".parquet": _parquet, ".csv": _csv, ".arrow": _arrow, ".arrows": _arrow, ".ipc": _arrow}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise CohortError(f"{path}: subjects are read from {', '.join(readers)}; give a file of one of these kinds.")
    if not path.is_file():
        raise CohortError(f"there is no file {path}; give the path of a file of subjects.")

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from reader(path)
        except (pa.ArrowException, OSError) as error:
            said = " ".join(str(error).split())[:200]
            remedy = "it may be cut off or damaged: write or copy it anew"
            if path.suffix.lower() == ".csv":
                remedy = "put a cell with the separator in it in quotes, and save the file as csv UTF-8"
            raise CohortError(f"{path} cannot be read as {path.suffix[1:]} ({said}); {remedy}.") from None

    return Source(path.name, batches, _digest(path))


def _parquet(path: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, pre_buffer=False) as file:
        yield from file.iter_batches(batch_size=BATCH, use_threads=False)


def _csv(path: Path) -> Iterator[pa.RecordBatch]:
    """Every cell as text without spaces around it, so that what is written in two ways is seen; no empty rows."""
    from pyarrow import csv

    dialect = dialect_of(path)
    places = [str(place) for place in range(len(dialect.heads))]
    reading = csv.ReadOptions(
        block_size=1 << 20, use_threads=False, encoding=dialect.encoding.removesuffix("-sig"), column_names=places,
        skip_rows=dialect.before, skip_rows_after_names=1,
    )  # fmt: skip
    options = csv.ConvertOptions(
        column_types=dict.fromkeys(places, pa.string()), strings_can_be_null=True, null_values=[""],
    )  # fmt: skip
    parsing = csv.ParseOptions(delimiter=dialect.mark, newlines_in_values=True)
    with csv.open_csv(path, read_options=reading, parse_options=parsing, convert_options=options) as reader:
        for batch in reader:
            yield _tidy(batch, dialect.heads, path)


def _tidy(batch: pa.RecordBatch, heads: tuple[str, ...], path: Path) -> pa.RecordBatch:
    for place, column in enumerate(batch.columns):
        if pc.any(pc.match_substring(column, "\n")).as_py():
            raise CohortError(f"{path.name}: a cell of {heads[place]} goes over several lines; mend its quotes.")
    cells = [pc.utf8_trim_whitespace(column) for column in batch.columns]
    named = [(head, column) for head, column in zip(heads, cells, strict=True) if head]
    for place, column in enumerate(cells):
        if not heads[place] and column.null_count < len(column):
            raise CohortError(f"{path.name}: column {place + 1} has cells and no heading; name it, or empty it.")
    tidy = pa.RecordBatch.from_arrays([column for _, column in named], [head for head, _ in named])
    kept = np.logical_or.reduce([column.is_valid().to_numpy(zero_copy_only=False) for _, column in named])
    return tidy if kept.all() else tidy.filter(pa.array(kept))


def _arrow(path: Path) -> Iterator[pa.RecordBatch]:
    with pa.OSFile(str(path)) as file:
        if file.read(6) == b"ARROW1":
            file.seek(0)
            found = pa.ipc.open_file(file)
            batches = (found.get_batch(n) for n in range(found.num_record_batches))
        else:
            file.seek(0)
            batches = iter(pa.ipc.open_stream(file))
        yield from batches


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def in_parts(batches: Iterator[pa.RecordBatch], size: int) -> Iterator[tuple[int, list[pa.RecordBatch]]]:
    """The same rows in parts of ``size``, each with the number of its first row, counted from 1."""
    first, held, rows = 1, list[pa.RecordBatch](), 0
    for batch in batches:
        while rows + len(batch) >= size:
            take = size - rows
            yield first, [*held, batch.slice(0, take)]
            batch, held, rows, first = batch.slice(take), [], 0, first + size
        if len(batch):
            held.append(batch)
            rows += len(batch)
    if held:
        yield first, held
