"""Which pictures and pages are kept in docs/gallery? Those that the commands on its page make.

``python -m tests.golden.gallery`` makes them anew; look at them before they are kept.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.doc_pages import ROOT, rewritten

FOLDER = ROOT / "docs" / "gallery"
PAGE = FOLDER / "README.md"


def made_in(folder: Path) -> tuple[str, dict[str, Path]]:
    """The page as its commands say it is today, and the files that they write, by name."""
    page = rewritten(PAGE.read_text(encoding="utf-8"), folder)
    return page, {path.name: path for path in folder.iterdir() if path.is_file()}


def kept() -> dict[str, Path]:
    """The pictures and pages of the gallery by name."""
    return {path.name: path for path in FOLDER.iterdir() if path != PAGE}


def write_all() -> None:
    """Make all of them anew, and remove those that no command makes any more."""
    with tempfile.TemporaryDirectory() as folder:
        page, files = made_in(Path(folder))
        PAGE.write_text(page, encoding="utf-8")
        for name in kept().keys() - files.keys():
            (FOLDER / name).unlink()
        for name, path in files.items():
            shutil.copyfile(path, FOLDER / name)


if __name__ == "__main__":
    write_all()
