"""Which parts does the output of a cohort have, and which of them are done? A folder that a later run goes on with."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from regimen._version import __version__
from regimen.cohort.files import scratch
from regimen.errors import CohortError

FORMAT = "regimen-cohort/1"
MANIFEST = "_manifest.json"
"""Names that start with _ or . are no data to those who read the folder as one table."""
_JOB = "_job.json"
COUNTS = ("subjects", "events", "undated", "unmeasured", "alone", "bytes")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of one job: parts, the row of each in the manifest, and what the job is."""

    path: Path
    job: Mapping[str, Any]
    """What must be the same for a later run to go on: definition, subjects, columns and sizes."""

    @property
    def parts(self) -> int:
        """How many parts there are when all is done."""
        return int(-(-self.job["subjects"] // self.job["part_size"]))

    def prepare(self) -> None:
        """Make the folder, or see that it is this job's; raises ``CohortError`` for another one's."""
        if self.path.exists() and not self.path.is_dir():
            raise CohortError(f"{self.path} is a file; the output is a folder of parts, so give another name.")
        try:
            self.path.mkdir(exist_ok=True)
            found = self._read(_JOB)
            if found is None:
                if any(self.path.iterdir()):
                    raise CohortError(f"{self.path} has files of something else in it; give a new or empty folder.")
                self._write(_JOB, dict(self.job))
        except OSError as error:
            raise CohortError(f"{self.path} cannot be used as a folder ({error.strerror or error}).") from None
        if found is not None and found != dict(self.job):
            other = ", ".join(key for key in self.job if found.get(key) != self.job[key])
            raise CohortError(
                f"{self.path} holds another run ({other} differ); remove it, or give another folder, so that two runs "
                "are not mixed."
            )

    def leave(self) -> None:
        """After a failure: if no part is done, nothing of this run stays."""
        try:
            if not any(self.path.glob("part-*")):
                for name in (_JOB, *(path.name for path in self.path.glob(".*.tmp"))):
                    (self.path / name).unlink(missing_ok=True)
                self.path.rmdir()
        except OSError:
            return

    def is_here(self) -> bool:
        """Whether this machine sees the folder as it was prepared for this job."""
        try:
            return self._read(_JOB) == dict(self.job)
        except OSError:
            return False

    def file_of(self, part: int) -> Path:
        """Where a part lies."""
        return self.path / f"part-{part:05d}.{self.job['format']}"

    def row_of(self, part: int) -> Row | None:
        """The manifest's row of a part that is done; None while it is not."""
        row = self._read(f".part-{part:05d}.json")
        if row is None or not self.file_of(part).is_file() or self.file_of(part).stat().st_size != row["bytes"]:
            return None
        return row

    def done(self, row: Row) -> None:
        """Note that a part is whole, after it has its name."""
        self._write(f".part-{row['part']:05d}.json", row)

    def finish(self) -> Row | None:
        """Write the manifest if all parts are done; None while some are not."""
        rows = [self.row_of(part) for part in range(self.parts)]
        found = [row for row in rows if row is not None]
        if len(found) < self.parts:
            return None
        totals = {key: sum(row[key] for row in found) for key in COUNTS}
        manifest = {**self.job, "totals": totals, "parts": found}
        if totals["subjects"] != self.job["subjects"]:
            raise CohortError(
                f"{self.path}: {self.job['subjects']:,} subjects were given, {totals['subjects']:,} are in the parts; "
                "do not use it, remove it and run again."
            )
        self._write(MANIFEST, manifest)
        for left in self.path.glob(".part-*.tmp"):  # of writers that were killed, now that every part is whole
            left.unlink(missing_ok=True)
        return manifest

    def _read(self, name: str) -> Row | None:
        try:
            found: Row = json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError:
            raise CohortError(f"{self.path / name} is damaged; remove the folder and run again.") from None
        return found

    def _write(self, name: str, content: Row) -> None:
        """Whole or not at all."""
        temporary = scratch(self.path / name)
        try:
            with temporary.open("w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, indent=2)
                file.write("\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path / name)
        except OSError as error:
            raise CohortError(f"{self.path / name} could not be written ({error.strerror or error}).") from None
        finally:
            temporary.unlink(missing_ok=True)


def described(**facts: Any) -> Row:
    """A job in words that can be compared."""
    return {"format_of_manifest": FORMAT, "version": __version__, **facts}


def digest_of(text: str) -> str:
    """SHA-256 of a text, in hexadecimal digits."""
    return sha256(text.encode("utf-8")).hexdigest()
