"""How is one part of a cohort written? Parquet, Arrow or CSV, whole or not at all."""

from __future__ import annotations

import os
import platform
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from regimen.errors import CohortError

KINDS = ("parquet", "arrow", "csv")
_LEVEL = 1


def write_file(path: Path, kind: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> int:
    """Write batches to a new file that appears only when it is whole; the number of its bytes."""
    temporary = scratch(path)
    try:
        with temporary.open("wb") as file:
            with _writer(kind, file, schema) as write:
                for batch in batches:
                    write(batch)
            file.flush()
            os.fsync(file.fileno())
        size = temporary.stat().st_size
        os.replace(temporary, path)
        return size
    except OSError as error:
        raise CohortError(
            f"{path} could not be written ({error.strerror or error}); what was finished before it is kept, so make "
            "room and run the same command again."
        ) from None
    finally:
        temporary.unlink(missing_ok=True)


def scratch(path: Path) -> Path:
    """A name beside a file that no other writer takes: what is given up for lost may still be writing elsewhere."""
    machine = re.sub(r"[^A-Za-z0-9-]", "-", platform.node())
    return path.with_name(f".{path.name.lstrip('.')}.{machine}-{os.getpid()}-{threading.get_ident()}.tmp")


@contextmanager
def _writer(kind: str, file: Any, schema: pa.Schema) -> Iterator[Any]:
    if kind == "parquet":
        with _parquet(file, schema) as writer:
            yield lambda batch: writer.write_batch(batch, row_group_size=len(batch) or 1)
    elif kind == "arrow":
        with pa.ipc.new_stream(file, schema) as stream:
            yield stream.write_batch
    else:
        from pyarrow import csv

        plain = pa.schema([pa.field(f.name, _plain(f.type)) for f in schema])
        with csv.CSVWriter(file, plain) as lines:
            yield lambda batch: lines.write_batch(_decoded(batch, plain))


def _parquet(file: Any, schema: pa.Schema) -> Any:
    """Words as dictionaries; numbers and days byte by byte apart, where zstd sees the pattern of every subject.

    The codes of words take few bytes; snappy packs them in far less time than zstd, and hardly worse.
    """
    import pyarrow.parquet as pq

    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    others = [field.name for field in schema if field.name not in words]
    apart = [field.name for field in schema if field.type in (pa.date32(), pa.int32())]
    return pq.ParquetWriter(
        file, schema, compression=dict.fromkeys(words, "snappy") | dict.fromkeys(others, "zstd"),
        compression_level=dict.fromkeys(others, _LEVEL), use_dictionary=words or False,
        column_encoding=dict.fromkeys(apart, "BYTE_STREAM_SPLIT") or None, write_statistics=False,
        write_batch_size=1 << 16,
    )  # fmt: skip


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _decoded(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = [_quoted(one).dictionary_decode() if pa.types.is_dictionary(one.type) else one for one in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _quoted(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """A single quote keeps a spreadsheet from running a name as a formula, as in every csv of a calendar."""
    words = pc.replace_substring_regex(column.dictionary, r"^([=+@\t\r-])", r"'\1")
    return pa.DictionaryArray.from_arrays(column.indices, words)
