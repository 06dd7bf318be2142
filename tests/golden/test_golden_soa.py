"""Are the schedules of the five trials, word by word, what they were when somebody last checked them by hand?"""

from __future__ import annotations

import pytest
from tests.golden.schedules import FOLDER, NAMES, grid_of, path_of

from regimen.render.soa.plain import as_markdown


@pytest.mark.parametrize("name", NAMES)
def test_file_is_as_it_was(name):
    """The page made now equals the golden file; `make golden` writes new ones to look at."""
    assert as_markdown(grid_of(name)).splitlines() == path_of(name).read_text(encoding="utf-8").splitlines()


def test_no_file_is_left_over():
    """The folder holds the schedules of the trials and of the made-up study and no others."""
    assert set(FOLDER.iterdir()) == {path_of(name) for name in NAMES}
