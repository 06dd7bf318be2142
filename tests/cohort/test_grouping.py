"""Are rows grouped as numpy groups them?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

np = pytest.importorskip("numpy")


@given(st.lists(st.one_of(st.integers(0, 5), st.integers(0, 1 << 40)), max_size=40))
def test_as_numpy_groups_them(numbers):
    """Small numbers, which are counted, and large ones, which are sorted, give what ``np.unique`` gives."""
    from regimen.cohort.grouping import grouped

    rows = np.array(numbers, np.int64)
    distinct, first, back = np.unique(rows, return_index=True, return_inverse=True)
    found = grouped(rows)
    assert found.distinct.tolist() == distinct.tolist()
    assert found.first.tolist() == first.tolist()
    assert found.back.tolist() == back.reshape(-1).tolist()
