"""What does the main job give for the five trials? Calendars, .ics files and timelines, and a table of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from regimen.cli.verbs import columns
from regimen.errors import RegimenError
from regimen.events import Calendar
from regimen.library import expand
from regimen.render import tables
from regimen.render.gantt import save
from regimen.render.ics import Options, as_ics
from regimen.render.words import day_in_words
from regimen.render.writing import write_atomically


@dataclass(frozen=True, slots=True)
class Sample:
    """One trial with a synthetic subject's start date, and what is chosen for it."""

    trial: str
    on: Mapping[str, str]
    assume: tuple[str, ...] = ()
    decide: Mapping[str, str] = field(default_factory=dict)


SAMPLES = (
    Sample("belimumab-cll", {"venetoclax_day_1": "2026-01-05"}),
    Sample("blinatumomab-maintenance", {"first_dose": "2027-01-31"}),
    Sample("blinatumomab-mrd", {"first_dose": "2026-03-02"}),
    Sample("daratumumab-t-all", {"first_dose": "2027-01-04"}, assume=("myeloma-label",)),
    Sample("belimumab-sle", {"first_dose": "2027-01-04"}),
)


_DISCLOSING = "The .ics files have the full profile: drug, dose and study can be read. regimen ics is discreet instead."


def run_demo(folder: Path) -> str:
    """Write text, csv, .ics and png of every sample into ``folder``; the result is a table of what was written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RegimenError(f"the folder {folder} cannot be made: {error.strerror}; choose another with -o.") from None
    rows: list[tuple[str, ...]] = [("trial", "start", "doses", "visits", "first day", "last day", "files")]
    for sample in SAMPLES:
        calendar = expand(sample.trial, sample.on, assume=sample.assume, decide=sample.decide)
        rows.append(_row(sample, calendar, _write(folder, sample.trial, calendar)))
    return "\n".join(
        [
            *columns(rows),
            "",
            f"Written to {folder}. Synthetic start dates; planning aid: verify every date.",
            _DISCLOSING,
        ]
    )


def _write(folder: Path, name: str, calendar: Calendar) -> str:
    write_atomically(folder / f"{name}.txt", tables.as_text(calendar))
    write_atomically(folder / f"{name}.csv", tables.as_csv(calendar))
    write_atomically(folder / f"{name}.ics", as_ics(calendar, Options(profile="full")))
    save(calendar, folder / f"{name}.png")
    return f"{name}.txt .csv .ics .png"


def _row(sample: Sample, calendar: Calendar, files: str) -> tuple[str, ...]:
    doses, visits = calendar.of_kind("dose"), calendar.of_kind("visit")
    start = next(iter(sample.on.values()))
    last = max(event.last_day for event in calendar.events)
    first = min(event.first_day for event in calendar.events)
    return sample.trial, start, str(len(doses)), str(len(visits)), day_in_words(first), day_in_words(last), files
