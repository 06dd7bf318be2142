"""Are the five trials' calendar files, octet by octet, what they were when somebody last looked at them?"""

from __future__ import annotations

import pytest
from tests.golden.trials import FOLDER, PROFILES, TRIALS, content_of, path_of


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("trial", TRIALS)
def test_file_is_as_it_was(trial, profile):
    """The file made now equals the golden file; `make golden` writes new ones to look at."""
    made = content_of(trial, profile).decode("utf-8").split("\r\n")
    kept = path_of(trial, profile).read_bytes().decode("utf-8").split("\r\n")
    assert made == kept


def test_no_file_is_left_over():
    """The folder holds the files of the five trials in both profiles and no others."""
    assert set(FOLDER.iterdir()) == {path_of(trial, profile) for trial in TRIALS for profile in PROFILES}
