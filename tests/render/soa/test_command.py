"""What does `regimen soa` write, and what does it refuse?"""

from __future__ import annotations

import pytest
from tests.commands import ROOT, typed

STARTS = {
    "txt": b"Schedule of activities", "md": b"# Schedule", "html": b"<!DOCTYPE html>", "xlsx": b"PK",
    "png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF",
}  # fmt: skip


@pytest.mark.parametrize("ending", STARTS)
def test_the_ending_names_the_format(tmp_path, ending):
    """Each ending gives its format, and twice the same bytes."""
    files = [tmp_path / f"{name}.{ending}" for name in ("one", "two")]
    for file in files:
        answer = typed("soa", "blinatumomab-maintenance", "-o", str(file))
        assert (answer.code, answer.out) == (0, "")
    assert files[0].read_bytes().startswith(STARTS[ending])
    assert files[0].read_bytes() == files[1].read_bytes()


def test_no_file_is_text_on_the_screen():
    """Without -o it is text; --format md and html can be shown too."""
    assert typed("soa", "belimumab-sle").out.startswith("Schedule of activities: A model")
    assert typed("soa", "belimumab-sle", "--format", "md").out.startswith("# Schedule of activities")
    assert typed("soa", "belimumab-sle", "--format", "html").out.endswith("</html>\n")


REFUSED = [
    (("belimumab-sle", "-o", "plan.doc"), "ends in .doc, which names no format; use .txt"),
    (("belimumab-sle", "-o", "plan"), "has no ending"),
    (("belimumab-sle", "--format", "png"), "name a file: -o schedule.png"),
    (("belimumab-sle", "--arm", "other"), "has no arm 'other'"),
    (("blinatumomab-mrd", "--decide", "transplant=perhaps"), "perhaps"),
    (("blinatumomab-mrd", "--decide", "nothing=yes"), "nothing"),
    (("daratumumab-t-all",), "--assume myeloma-label"),
    ((str(ROOT / "examples/crossover.yaml"),), "--arm AB or --arm BA"),
    (("belimumab-sle", "--horizon", "soon"), "soon"),
]


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_refusals_say_what_to_do(arguments, words):
    """A sentence, never a traceback, and nothing on the screen that could be taken for a schedule."""
    answer = typed("soa", *arguments)
    assert answer.code != 0
    assert answer.out == ""
    assert words in answer.err


def test_an_open_end_is_shown_for_a_while_and_says_so():
    """Until progression: shown for 12 months unless --horizon says otherwise, with a sentence."""
    trial = str(ROOT / "examples/until-progression.yaml")
    assert "has an open end; what is open is shown for 12 months" in typed("soa", trial).out
    shorter = typed("soa", trial, "--horizon", "3 mo").out
    assert shorter.count("\n") <= typed("soa", trial).out.count("\n")
    assert "12 months" not in shorter
    assert "has an open end; what is open is shown for 3 months" in shorter
