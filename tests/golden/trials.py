"""Which calendar files are kept as golden files? Those of the five trials, in both profiles, as the demo dates them.

``python -m tests.golden.trials`` writes them anew; look at the difference before it is kept.
"""

from __future__ import annotations

from pathlib import Path

from regimen import expand
from regimen.cli.demonstration import SAMPLES
from regimen.events import Calendar
from regimen.render.ics import Options, as_ics

FOLDER = Path(__file__).parent / "ics"
PROFILES = ("discreet", "full")
TRIALS = tuple(sample.trial for sample in SAMPLES)
SUBJECT = "S-001"
SECRET = b"not a secret: golden files only"


def calendar_of(trial: str) -> Calendar:
    """The calendar of one trial, dated for the demo's synthetic subject."""
    (sample,) = (sample for sample in SAMPLES if sample.trial == trial)
    return expand(trial, sample.on, assume=sample.assume, decide=sample.decide)


def options_of(profile: str) -> Options:
    """How golden files are made, apart from their profile."""
    return Options(profile=profile, subject=SUBJECT, secret=SECRET)


def path_of(trial: str, profile: str) -> Path:
    """Where the golden file is kept."""
    return FOLDER / f"{trial}-{profile}.ics"


def content_of(trial: str, profile: str) -> bytes:
    """The file as it is made now."""
    return as_ics(calendar_of(trial), options_of(profile))


def write_all() -> None:
    """Write every golden file, and remove those that no trial makes any more."""
    FOLDER.mkdir(exist_ok=True)
    kept = {path_of(trial, profile): content_of(trial, profile) for trial in TRIALS for profile in PROFILES}
    for path in set(FOLDER.glob("*.ics")) - set(kept):
        path.unlink()
    for path, content in kept.items():
        path.write_bytes(content)


if __name__ == "__main__":
    write_all()
