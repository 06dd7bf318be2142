"""Does `regimen page` write the page asked for, or say what to do?"""

from __future__ import annotations

import pytest
from tests.commands import typed

SLE = ("page", "belimumab-sle", "--on", "first_dose=2027-01-04")


@pytest.mark.parametrize("kind", ["month", "map", "patient"])
@pytest.mark.parametrize("ending", ["pdf", "html"])
def test_each_kind_is_written_in_both_forms(kind, ending, tmp_path):
    """A file of the kind and form that the name asks for."""
    file = tmp_path / f"page.{ending}"
    answer = typed(*SLE, "--kind", kind, "--weight", "70 kg", "--made-on", "2027-01-01", "-o", str(file))
    assert (answer.code, answer.out, answer.err) == (0, "", f"wrote {file}\n")
    assert file.read_bytes().startswith(b"%PDF" if ending == "pdf" else b"<!DOCTYPE html>")


def test_a_subject_file_gives_key_and_amounts(tmp_path):
    """The map names the subject and the weight on the cycle's first day."""
    file = tmp_path / "map.html"
    answer = typed("page", "examples/steps-by-weight.yaml", "--on", "first_dose=2027-01-04", "--subject",
                   "examples/subjects/s101.yaml", "--kind", "map", "-o", str(file))  # fmt: skip
    assert answer.code == 0
    assert ">101<" in file.read_text(encoding="utf-8")
    assert ">44\u00a0kg<" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--kind", "month", "-o", "page.docx"), "ends in .pdf or .html"),
        (("--kind", "map", "--language", "de", "-o", "map.html"), "--kind patient"),
        (("--kind", "patient", "--made-on", "soon", "-o", "page.html"), "--made-on"),
        (("--kind", "month", "--checked-by", "A. Nurse", "-o", "page.html"), "--kind patient"),
        (("--kind", "month", "--fonts", "nowhere", "-o", "page.pdf"), "there is no folder nowhere"),
        (("--kind", "month", "-o", "nowhere/page.html"), "make it first or write elsewhere"),
    ],
)
def test_what_cannot_be_printed_is_said(options, said, tmp_path, monkeypatch):
    """A sentence with what to do, and no file."""
    monkeypatch.chdir(tmp_path)
    answer = typed(*SLE, *options)
    assert answer.code != 0
    assert said in answer.err
    assert list(tmp_path.iterdir()) == []


def test_the_day_of_a_patient_page_is_the_one_given(tmp_path):
    """The same input gives the same bytes; the help says that today's date is taken where no day is given."""
    files = [tmp_path / name for name in ("one.pdf", "two.pdf")]
    for file in files:
        assert typed(*SLE, "--kind", "patient", "--made-on", "2027-01-01", "-o", str(file)).code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert "today's date if" in typed("page", "--help").out


def test_what_is_assumed_is_told_once_somebody_has_checked_it(tmp_path):
    """Without a name there is no page and the message says what to do; with one, the name is on the page."""
    file = tmp_path / "page.html"
    command = ("page", "belimumab-cll", "--on", "venetoclax_day_1=2027-01-04", "--kind", "patient", "-o", str(file))
    answer = typed(*command)
    assert answer.code != 0
    assert "--checked-by NAME" in answer.err
    assert not file.exists()
    assert typed(*command, "--checked-by", "A. Nurse").code == 0
    assert '<dd dir="auto">A. Nurse</dd>' in file.read_text(encoding="utf-8")
