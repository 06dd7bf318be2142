"""What is planned for a whole cohort? ``regimen cohort``: every event of every subject, to a folder of parts."""

from __future__ import annotations

import argparse
import os
import re
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any

from regimen.cli import FINE
from regimen.cli.options import TRIAL, Commands, add_verb
from regimen.cli.sites import add_site, site_of
from regimen.cli.verbs import as_json, emit, say
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.facts import Fact


def add_cohort(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``cohort``."""
    verb = add_verb(
        commands, "cohort", show_cohort,
        "date every planned event of many subjects, to Parquet, Arrow or CSV; a run that was stopped is gone on with",
        "regimen cohort belimumab-sle subjects.parquet -o events.parquet",
    )  # fmt: skip
    verb.add_argument("trial", metavar="TRIAL", help=TRIAL)
    verb.add_argument("subjects", metavar="SUBJECTS",
                      help="one row a subject: subject, arm, site, a column for each anchor and decision, and "
                      "weight_kg and others for amounts; .parquet, .csv or .arrow")  # fmt: skip
    verb.add_argument("-o", "--output", metavar="FOLDER", required=True,
                      help="a folder of parts, read as one table by its name, such as events.parquet")  # fmt: skip
    verb.add_argument("--format", choices=("parquet", "arrow", "csv"), help="as the folder's name ends if left out")
    verb.add_argument("--columns", metavar="NAMES", help="such as subject,event,start; see docs/cohorts.md")
    verb.add_argument("--assume", action="append", default=[], metavar="NAME", help="opt into a named assumption")
    verb.add_argument("--horizon", metavar="LENGTH", help='how far open ends are shown, such as "24 mo"')
    verb.add_argument("--journals", metavar="FOLDER", help="what happened: SUBJECT.jsonl of each subject that has one")
    verb.add_argument("--shard", metavar="I/N", default="1/1", help="write only every N-th part, from the I-th")
    verb.add_argument("--engine", choices=("threads", "dask", "spark"), default="threads",
                      help="who makes the parts: this machine or a cluster; see docs/engines.md")  # fmt: skip
    verb.add_argument("--scheduler", metavar="ADDRESS", help="of the Dask cluster, such as tcp://scheduler:8786")
    verb.add_argument("--master", metavar="URL", help="where Spark runs, such as spark://HOST:7077 or local[4]")
    verb.add_argument("--threads", type=_count, metavar="N", help="as many as there are processors if left out")
    verb.add_argument("--part-size", type=_count, default=50_000, metavar="N", help="subjects of a part (50,000)")
    verb.add_argument("--json", action="store_true", help="the summary as JSON")
    add_site(verb)


def show_cohort(options: Namespace) -> int:
    """The events of all subjects."""
    from regimen.cohort import ensure_installed, keep_memory_small

    ensure_installed()
    keep_memory_small()
    from regimen.cohort.engines import engine_of
    from regimen.cohort.running import write_cohort
    from regimen.library import load
    from regimen.notation import read_span

    threads = options.threads or os.cpu_count() or 1
    if options.threads and options.engine != "threads":
        raise RegimenError("--threads is for this machine; how many threads a cluster has is up to its workers.")
    engine = engine_of(options.engine, threads=threads, scheduler=options.scheduler, master=options.master)
    progress = _Progress()
    try:
        manifest = write_cohort(
            load(options.trial, assume=options.assume), options.subjects, options.output, format=options.format or "",
            columns=_names(options.columns), horizon=read_span(options.horizon) if options.horizon else None,
            site=site_of(options), facts=_journals(options.journals), shard=_shard(options.shard),
            engine=engine, part_size=options.part_size, told=progress.hear,
        )  # fmt: skip
    finally:
        progress.close()
    if manifest is None:
        say(f"this share is done; {options.output} is whole when all {_shard(options.shard)[1]} are.")
    elif options.json:
        emit(as_json(manifest))
    else:
        emit("\n".join(_summary(manifest, options.output)))
    return FINE


def _summary(manifest: Mapping[str, Any], output: str) -> Sequence[str]:
    totals, parts = manifest["totals"], len(manifest["parts"])
    none = ", of which {:,} without a date, because what they count from has none".format(totals["undated"])
    unused = ", ".join(manifest["unused"])
    lines = [
        f"Study     {manifest['study']}",
        f"Subjects  {totals['subjects']:,} in the file, {totals['subjects']:,} in the output",
        f"Events    {totals['events']:,}{none if totals['undated'] else ', all with a date'}",
        f"Written   {output}: {parts:,} part{'' if parts == 1 else 's'}",
    ]
    if totals["unmeasured"]:
        lines.append(f"Amounts   none for {totals['unmeasured']:,} dated doses, because a measure they need is missing "
                     "or the protocol states none.")  # fmt: skip
    if totals["alone"]:
        lines.append(f"Slower    {totals['alone']:,} calendars were made one by one, because columns cannot give them.")
    if manifest["unused"]:
        lines.append(f"Not used  {unused}: no column of the study.")
    return [*lines, "", "Planning aid: verify every date against the protocol."]


# ---------------------------------------------------------------- options


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 100_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 100000000")
    return int(text)


def _names(text: str | None) -> tuple[str, ...] | None:
    return tuple(name.strip() for name in text.split(",")) if text is not None else None


def _shard(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of:
        raise RegimenError(f"--shard {text!r} is not understood; write --shard 1/4 for the first of four shares.")
    return number, of


def _journals(folder: str | None) -> dict[str, tuple[Fact, ...]]:
    """The facts of every subject that has a journal, by the file's name without its ending."""
    if folder is None:
        return {}
    from regimen.journal import read_journal

    paths = sorted(Path(folder).glob("*.jsonl"))
    if not paths:
        raise RegimenError(f"--journals {folder}: there are no journals there; each is named SUBJECT.jsonl.")
    return {path.stem: tuple(read_journal(path).facts) for path in paths}


# ---------------------------------------------------------------- progress


class _Progress:
    """How far a run is, its rate and the time left, on a terminal only."""

    def __init__(self) -> None:
        self.shown, self.began, self.told = sys.stderr.isatty(), monotonic(), 0.0
        self.subjects = self.events = 0
        self.lock = Lock()

    def hear(self, total: int, subjects: int, events: int) -> None:
        """Something was done."""
        with self.lock:
            self.subjects += subjects
            self.events += events
            now = monotonic()
            if self.shown and now - self.told >= 0.5:
                self.told = now
                self._show(total, max(now - self.began, 1e-6))

    def _show(self, total: int, seconds: float) -> None:
        left = seconds * (total - self.subjects) / self.subjects if self.subjects else 0
        rate = f"{self.events / seconds:,.0f} events a second"
        remaining = f"about {left:,.0f} s left" if self.subjects else "…"
        print(f"\r{self.subjects:,} of {total:,} subjects; {rate}; {remaining}\x1b[K", end="", file=sys.stderr)

    def close(self) -> None:
        """Leave the line to what comes after."""
        if self.shown and self.told:
            print("\r\x1b[K", end="", file=sys.stderr)
