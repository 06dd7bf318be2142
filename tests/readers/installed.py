"""Where are the independent programs that read our calendar files, and what does one of them find in a file?"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

HOW = "`make readers` installs them"
NEEDED_ALL = os.environ.get("REGIMEN_READERS") == "all"
TIME_LIMIT = 120
"""Seconds after which a program that hangs is stopped; each needs about one."""

_PROGRAMS = Path(__file__).parent / "programs"
_FOLDER = Path(__file__).parents[2] / "build" / "readers"
_PYTHON = _FOLDER / "python" / "bin"
_LIBICAL = _FOLDER / "with_libical"
# A stamp for each part that `make readers` has installed to the end.
_STAMPS = {"python": _FOLDER / "python.installed", "node": _FOLDER / "node.installed", "c": _LIBICAL}

READERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ical": ("python", (str(_PYTHON / "python"), str(_PROGRAMS / "with_ical.py"))),
    "vobject": ("python", (str(_PYTHON / "python"), str(_PROGRAMS / "with_vobject.py"))),
    "recurring-ical-events": (
        "python",
        (str(_PYTHON / "python"), str(_PROGRAMS / "with_recurring_ical_events.py")),
    ),
    "ical.js": ("node", ("node", str(_PROGRAMS / "with_ical_js.mjs"))),
    "node-ical": ("node", ("node", str(_PROGRAMS / "with_node_ical.cjs"))),
    "libical": ("c", (str(_LIBICAL),)),
}
"""Each reader with the part of the installation it needs and its command, to which paths of files are added."""

SERVERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "radicale": ("python", (str(_PYTHON / "python"), "-m", "radicale")),
    "vdirsyncer": ("python", (str(_PYTHON / "vdirsyncer"),)),
}
"""A CalDAV server and a subscription client, in the same way."""


class Row(NamedTuple):
    """One event as a reader understood it; days as ISO dates with an exclusive end, times in UTC."""

    uid: str
    start: str
    end: str
    summary: str | None
    status: str | None


def absent() -> list[str]:
    """The programs that are not installed here."""
    return [name for name, (part, _) in {**READERS, **SERVERS}.items() if not _STAMPS[part].exists()]


def read(reader: str, *paths: Path) -> list[list[Row]]:
    """What one reader finds in each file, sorted; an error of the reader is a failure that shows its words."""
    _, command = READERS[reader]
    done = subprocess.run(
        [*command, *map(str, paths)],
        env={**os.environ, "READERS_NODE": str(_FOLDER / "node")},
        capture_output=True, encoding="utf-8", timeout=TIME_LIMIT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{reader} refuses:\n{done.stderr[-4000:]}"
    found = [sorted(Row(**row) for row in json.loads(line)) for line in done.stdout.splitlines()]
    assert len(found) == len(paths)
    return found
