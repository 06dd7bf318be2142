"""What are the events of a data frame of subjects? The same kind of frame back: pyarrow, polars or pandas."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from regimen.cohort.census import counted, refuse_strangers
from regimen.cohort.kernel import Cohort
from regimen.cohort.reading import source_of
from regimen.definition.models import Study
from regimen.facts import Fact
from regimen.timing import Span
from regimen.workdays import Site


def events_frame(
    study: Study,
    subjects: Any,
    *,
    horizon: Span | None = None,
    site: Site | None = None,
    columns: Sequence[str] | None = None,
    facts: Mapping[str, Sequence[Fact]] | None = None,
) -> Any:
    """The events of all subjects as a table in memory, of the library that ``subjects`` come from.

    A pandas or polars frame gives one of its kind; a path, a pyarrow table and anything else with the Arrow PyCapsule
    interface give a pyarrow table, which has that interface too. Raises ``CohortError`` for what cannot be used.
    """
    source = source_of(subjects)
    counted(study, source)
    refuse_strangers(study, source, facts or {})
    cohort, row, batches = Cohort(study, horizon, site, columns, facts or {}), 1, list[pa.RecordBatch]()
    for batch in source.batches():
        batches += cohort.events_of(batch, first_row=row, source=source.name)
        row += len(batch)
    return _like(subjects, pa.Table.from_batches(batches, cohort.filling.schema).unify_dictionaries())


def _like(subjects: Any, table: pa.Table) -> Any:
    """The table as the library of the subjects has it; nothing is imported that the caller has not."""
    library = type(subjects).__module__.partition(".")[0]
    if library == "polars":
        return sys.modules["polars"].from_arrow(table)
    return table.to_pandas() if library == "pandas" else table
