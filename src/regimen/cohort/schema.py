"""Which columns does an event of a cohort have? Their names, types, and what each is made of."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import pyarrow as pa

from regimen.errors import RegimenError

WORDS = ("event", "kind", "item", "label", "epoch", "state", "dose", "time")
"""Columns that are the same for every subject, as dictionaries."""
AMOUNTS = ("amount", "unit")
DATES = ("start", "end", "earliest", "latest", "planned")
_TEXT = pa.dictionary(pa.int32(), pa.string())

COLUMNS: dict[str, pa.Field] = {
    "subject": pa.field("subject", _TEXT, nullable=False),
    "site": pa.field("site", _TEXT),
    "arm": pa.field("arm", _TEXT, nullable=False),
    "event": pa.field("event", _TEXT, nullable=False),
    "kind": pa.field("kind", _TEXT, nullable=False),
    "item": pa.field("item", _TEXT, nullable=False),
    "label": pa.field("label", _TEXT, nullable=False),
    "epoch": pa.field("epoch", _TEXT, nullable=False),
    "cycle": pa.field("cycle", pa.int32()),
    "day": pa.field("day", pa.int32()),
    "study_day": pa.field("study_day", pa.int32()),
    "offset_days": pa.field("offset_days", pa.int32()),
    "start": pa.field("start", pa.date32()),
    "end": pa.field("end", pa.date32()),
    "earliest": pa.field("earliest", pa.date32()),
    "latest": pa.field("latest", pa.date32()),
    "planned": pa.field("planned", pa.date32()),
    "state": pa.field("state", _TEXT, nullable=False),
    "optional": pa.field("optional", pa.bool_(), nullable=False),
    "dose": pa.field("dose", _TEXT),
    "amount": pa.field("amount", pa.float64()),
    "unit": pa.field("unit", _TEXT),
    "time": pa.field("time", _TEXT),
}
"""All columns, in their order."""

DEFAULT = (
    *("subject", "site", "arm", "event", "kind", "epoch", "cycle", "day", "start", "end"),
    *("earliest", "latest", "state", "dose", "amount", "unit"),
)


def chosen(columns: Sequence[str] | None = None) -> tuple[str, ...]:
    """The columns asked for, each known and named once; the usual ones if none are named."""
    if columns is None:
        return DEFAULT
    for name in columns:
        if name not in COLUMNS:
            close = get_close_matches(name, COLUMNS, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise RegimenError(f"there is no column {name!r}; the columns are {', '.join(COLUMNS)}.{hint}")
    if not columns or len(set(columns)) != len(columns):
        raise RegimenError("name each column once, and at least one.")
    return tuple(columns)


def schema_of(columns: Sequence[str]) -> pa.Schema:
    """The Arrow schema of these columns."""
    return pa.schema([COLUMNS[name] for name in columns])
