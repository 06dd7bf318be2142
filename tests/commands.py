"""How does a test type a command? In this process for its words, in a process of its own for its environment."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from regimen.cli import main

ROOT = Path(__file__).resolve().parent.parent


class Answer(NamedTuple):
    """The exit code, what was printed as data and what was said to people."""

    code: int
    out: str
    err: str


def typed(*arguments: str) -> Answer:
    """One command in this process, as if typed; a traceback would fail the test."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline=""), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(list(arguments))
    out.flush()
    return Answer(code, out.buffer.getvalue().decode("utf-8"), err.getvalue())  # type: ignore[attr-defined]


def environment(changes: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment, with the source of this tree first where it is what the tests run against."""
    source = str(ROOT / "src")
    path = {"PYTHONPATH": source} if source in sys.path or source in os.environ.get("PYTHONPATH", "") else {}
    return {**os.environ, **path, **(changes or {})}


def process(
    *arguments: str, env: Mapping[str, str] | None = None, code: str | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[bytes]:
    """``python -m regimen`` (or ``python -c code``) in a process of its own; the time-out is only a safety net."""
    start = [sys.executable, "-c", code] if code is not None else [sys.executable, "-m", "regimen"]
    return subprocess.run(
        [*start, *arguments], env=environment(env), cwd=cwd, capture_output=True, timeout=60, check=False
    )
