"""Which schedules of activities are kept as golden files? Those of the five trials and of a made-up study.

``python -m tests.golden.schedules`` writes them anew; look at the difference before it is kept.
"""

from __future__ import annotations

from pathlib import Path

from regimen.definition.loading import load_study
from regimen.library import load
from regimen.render.soa import Grid, schedule
from regimen.render.soa.plain import as_markdown

FOLDER = Path(__file__).parent / "soa"
TRIALS: dict[str, tuple[str, ...]] = {
    "belimumab-cll": (),
    "belimumab-sle": (),
    "blinatumomab-maintenance": (),
    "blinatumomab-mrd": (),
    "daratumumab-t-all": ("myeloma-label",),
}
FORTY = "forty-visits"
NAMES = (*TRIALS, FORTY)


def grid_of(name: str) -> Grid:
    """The schedule of a trial, or of the made-up study."""
    if name == FORTY:
        return schedule(load_study((Path(__file__).parent / "forty-visits.yaml").read_text(encoding="utf-8")))
    return schedule(load(name, assume=TRIALS[name]))


def path_of(name: str) -> Path:
    """Where the golden file is kept."""
    return FOLDER / f"{name}.md"


def write_all() -> None:
    """Write every golden file, and remove those that nothing makes any more."""
    FOLDER.mkdir(exist_ok=True)
    for path in set(FOLDER.glob("*.md")) - {path_of(name) for name in NAMES}:
        path.unlink()
    for name in NAMES:
        path_of(name).write_text(as_markdown(grid_of(name)), encoding="utf-8")


if __name__ == "__main__":
    write_all()
