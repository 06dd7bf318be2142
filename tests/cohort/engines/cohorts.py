"""Which cohort do the engines make in these tests, what is in a folder of it, and who is writing there just now?"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from regimen.facts import Fact
from regimen.library import load

STUDY = load("belimumab-sle")
EVENTS = 23
FACTS = {"S-000007": (Fact("given", "treatment/d14/belimumab", date(2027, 1, 25), number=1),)}


def subjects(count: int) -> pa.Table:
    """Synthetic subjects, one of five without a first dose."""
    days = [None if n % 5 == 4 else date(2027, 1, 1) + timedelta(days=n % 400) for n in range(count)]
    names = [f"S-{n:06d}" for n in range(count)]
    return pa.table({"subject": names, "site": [f"{n % 7:02d}" for n in range(count)], "first_dose": days})


def rows(folder: Path) -> pa.Table:
    """Every row of a folder, in the order of its parts, as those read it who know nothing of its manifest."""
    found = [pq.read_table(path) for path in sorted(folder.glob("part-*"))]
    return pa.concat_tables(found).unify_dictionaries().combine_chunks()


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same rows and the same account of them."""
    manifests = [(folder / "_manifest.json").read_bytes() for folder in (one, other)]
    return manifests[0] == manifests[1] and rows(one).equals(rows(other))


def leftovers(folder: Path) -> list[str]:
    """What writers that were killed have left."""
    return [path.name for path in folder.iterdir() if path.name.endswith(".tmp")]


class Killer(Thread):
    """Kills one writer in the middle of a part: its unfinished file says which process it is."""

    def __init__(self, folder: Path, victim: Callable[[int], int] = lambda writer: writer) -> None:
        super().__init__(daemon=True)
        self.folder, self.victim, self.over = folder, victim, Event()
        self.caught: dict[str, Any] = {}

    def __enter__(self) -> Killer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()

    def run(self) -> None:
        """Until one was killed whose part was not finished."""
        while not self.caught and not self.over.wait(0.001):
            with suppress(FileNotFoundError):
                for path in self.folder.glob(".part-*.parquet.*.tmp"):
                    self._kill(path)
                    break

    def _kill(self, path: Path) -> None:
        found = re.search(r"-(\d+)-\d+\.tmp$", path.name)
        assert found
        writer = int(found[1])
        victim = self.victim(writer)
        os.kill(victim, signal.SIGKILL)
        for _ in range(2000):
            if not _lives(writer) or not path.exists():
                break
            self.over.wait(0.005)
        if path.exists():
            self.caught = {"part": path.name, "writer": writer, "victim": victim}


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def parent(process: int) -> int:
    """The process that started one."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
