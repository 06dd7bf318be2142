"""Is the gallery what its commands make today?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.golden.gallery import FOLDER, PAGE, kept, made_in
from tests.render.squares import differ

from regimen.library import names

pytest.importorskip("matplotlib")
pytest.importorskip("typst")
Image = pytest.importorskip("PIL.Image", reason="comes with matplotlib")

PICTURES = sorted(name for name in kept() if name.endswith(".png"))
PAGES = sorted(name for name in kept() if name.endswith(".pdf"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What the commands on the page write today."""
    return made_in(tmp_path_factory.mktemp("gallery"))


def drawn_by(path: Path) -> str:
    """The library and its version, as the picture itself says."""
    with Image.open(path) as picture:
        return str(picture.info["Software"]).partition(",")[0]


def test_every_command_says_what_the_page_shows(made):
    """The page shows the answer of each command; after a wanted change: make gallery."""
    assert made[0] == PAGE.read_text(encoding="utf-8")


def test_every_file_of_the_gallery_is_made_by_a_command(made):
    """No file is left over, and none is missing."""
    assert sorted(made[1]) == sorted(kept())


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_one_that_is_drawn_today(name, made):
    """Bars, marks and bands lie where they lay; letters may differ a little between versions of the library.

    A schedule is as high as its lines of letters, so only the version that drew it can draw it again.
    """
    if name.endswith("-schedule.png") and drawn_by(made[1][name]) != drawn_by(FOLDER / name):
        pytest.skip(f"drawn by {drawn_by(FOLDER / name)}, and here is {drawn_by(made[1][name])}")
    assert not differ(made[1][name], FOLDER / name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_the_words_that_it_has_today(name, made):
    """As many sheets with the same words on each; where letters lie may differ between versions of the library."""
    today, before = ([page.extract_text().split() for page in PdfReader(path).pages]
                     for path in (made[1][name], FOLDER / name))  # fmt: skip
    assert today == before


def test_another_picture_is_noticed(made):
    """The same timeline in colour does not pass for the one in grey that is kept."""
    assert differ(made[1]["blinatumomab-mrd-timeline.png"], FOLDER / "blinatumomab-mrd-grey.png")


def test_every_trial_and_every_file_is_shown():
    """Each of the five trials has its pictures, and the page shows or links all that lies beside it."""
    text = PAGE.read_text(encoding="utf-8")
    assert set(re.findall(r"\]\(([^/)]+\.\w+)\)", text)) == set(kept())
    for trial in names():
        assert {f"{trial}-timeline.png", f"{trial}-schedule.png", f"{trial}-study.png"} <= set(kept())
        assert {f"{trial}-{kind}.pdf" for kind in ("month", "map", "patient")} <= set(kept())
