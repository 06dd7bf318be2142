"""Are the rows of a table of subjects read the same, wherever they lie in memory?"""

from __future__ import annotations

import pytest

from regimen.library import load

pa = pytest.importorskip("pyarrow")

ROWS = [
    {"subject": "S-1", "site": "Leeds", "first_dose": "2027-01-04", "transplant": "yes", "weight": "70 kg"},
    {"subject": "S-2", "site": None, "first_dose": "", "transplant": "", "weight": ""},
    {"subject": "S-3", "site": "Turin", "first_dose": "2028-02-29", "transplant": "no", "weight": "58.5 kg"},
    {"subject": "S-4", "site": "Leeds", "first_dose": None, "transplant": None, "weight": None},
    {"subject": "S-5", "site": "Turin", "first_dose": "2027-03-31", "transplant": "no", "weight": "81 kg"},
]


def events(batch):
    from regimen.cohort.kernel import Cohort

    return [row for found in Cohort(load("blinatumomab-mrd")).events_of(batch) for row in found.to_pylist()]


@pytest.mark.parametrize("kind", ["string", "large_string"])
@pytest.mark.parametrize(("start", "length"), [(start, length) for start in range(5) for length in range(1, 6 - start)])
def test_a_slice_is_read_as_its_rows_alone(start, length, kind):
    """Dates, answers and weights as text: part of a table gives the events of a table of just these rows."""
    schema = pa.schema([(name, getattr(pa, kind)()) for name in ROWS[0]])
    whole = pa.RecordBatch.from_pylist(ROWS, schema=schema)
    alone = pa.RecordBatch.from_pylist(ROWS[start : start + length], schema=schema)
    assert events(whole.slice(start, length)) == events(alone)
