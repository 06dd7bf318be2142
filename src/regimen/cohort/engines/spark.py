"""How does Spark make a cohort? Its Python workers write the parts; only rows of the manifest go back through Spark."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from regimen._version import __version__
from regimen.cohort.engines.parcels import Parcel, make_part, parcels_of, received, refuse_other_version
from regimen.cohort.running import Engine, Share, at_once
from regimen.errors import CohortError, RegimenError

REACHED = 10
"""Seconds in which the master must answer."""
JAVA = 17
"""The oldest Java that Spark 4 runs on."""
TOGETHER = 8
"""The most parts of one task: a task costs Spark about as long as a tenth of a part."""
TURNS = 4
"""Tasks for each core, if there are enough parts, so that a slow one is made up for."""
_MASTERS = re.compile(r"local(\[.+\])?|local-cluster\[\d+,\d+,\d+\]|spark://.+|yarn|k8s://.+")
_SAID = re.compile(r"^(?:[\w.]+\.)?(\w+(?:Error|Exception|Exit))\b:? ?(.*)$", re.MULTILINE)
_ROWS = "row string"


def on_spark(master: str | None = None) -> Engine:
    """The engine of a Spark cluster: of the session there is, or of one that is started for the run.

    Without a ``master`` Spark's own settings say where it runs.
    """
    try:
        import_module("pyspark"), import_module("pandas")  # Spark itself asks for pandas where it passes Arrow on
    except ImportError:
        raise RegimenError(
            "--engine spark needs the packages pyspark and pandas: run pip install 'regimen[spark]' and try again."
        ) from None

    def run(share: Share) -> None:
        with warnings.catch_warnings():  # it warns of a pandas that nothing here uses
            warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
            with _session(master) as session:
                _make(session, share)

    return run


# ---------------------------------------------------------------- the session


@contextmanager
def _session(master: str | None) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is not None:
        if master not in (None, session.sparkContext.master):
            raise CohortError(f"Spark runs on {session.sparkContext.master} already; leave the master out, or stop it.")
        yield session
        return
    _refuse_unready(master)
    session = _started(master)
    try:
        yield session
    finally:
        session.stop()


def _started(master: str | None) -> Any:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("regimen cohort").config("spark.ui.showConsoleProgress", "false")
    if master is not None:
        builder = builder.master(master)
    if (master or "").startswith("local"):
        builder = builder.config("spark.ui.enabled", "false")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # or Spark takes whatever python3 is
    try:
        session = builder.getOrCreate()
    except Exception as error:
        raise CohortError(f"Spark could not be started on {master or 'its own master'}: {_why(error)}.") from None
    session.sparkContext.setLogLevel("ERROR")
    return session


def _refuse_unready(master: str | None) -> None:
    """What Spark would say late or at length."""
    if master is not None and not _MASTERS.fullmatch(master):
        raise CohortError(
            f"{master!r} is no master of Spark; write local[2], local-cluster[2,1,1024], spark://HOST:7077, yarn or "
            "k8s://HOST."
        )
    _refuse_java()
    for place in (master or "").removeprefix("spark://").split(",") if (master or "").startswith("spark://") else ():
        host, _, port = place.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=REACHED).close()
        except (OSError, ValueError) as error:
            said = f"no Spark master answers at {place} within {REACHED} s ({error})"
            raise CohortError(f"{said}; is it running, and is this its address?") from None


def _refuse_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else "java"
    if shutil.which(java) is None:
        where = f"in JAVA_HOME ({home})" if home else "on the PATH"
        raise CohortError(
            f"Spark needs Java {JAVA} or newer, and there is none {where}; install it, on Debian as "
            "openjdk-17-jre-headless."
        )
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)(?:\.(\d+))?', said)
    major = int(found[2] or 0) if found and found[1] == "1" else int(found[1]) if found else JAVA
    if major < JAVA:
        raise CohortError(
            f"Spark needs Java {JAVA} or newer, and {java} is Java {major}; set JAVA_HOME to a newer one."
        )


# ---------------------------------------------------------------- the parts


def _make(session: Any, share: Share) -> None:
    """Two jobs at a time, so that no core waits for the last task of one; no more parts than theirs are in memory."""
    slots = max(1, session.sparkContext.defaultParallelism)
    together = min(TOGETHER, max(1, share.most // (TURNS * slots)))

    def job(parcels: Sequence[Parcel]) -> None:
        for row in _run(session, parcels):
            if "refused" in row:
                raise CohortError(row["refused"])
            received(share, row)

    at_once(2, _in_jobs(parcels_of(share), slots * together), job)


def _in_jobs(parcels: Iterator[Parcel], size: int) -> Iterator[list[Parcel]]:
    while found := list(islice(parcels, size)):
        yield found


def _run(session: Any, parcels: Sequence[Parcel]) -> list[dict[str, Any]]:
    """One job: as many tasks as there are cores, each with its parts; the rows of the manifest."""
    sent = pa.table({
        "version": pa.array([__version__] * len(parcels)),
        "parcel": pa.array([pickle.dumps(parcel, 5) for parcel in parcels], pa.binary()),
    })  # fmt: skip
    try:
        rows = session.createDataFrame(sent).mapInArrow(make_parts, _ROWS)
        return [json.loads(found.row) for found in rows.collect()]
    except Exception as error:
        numbers = ", ".join(str(parcel.part) for parcel in parcels)
        raise CohortError(
            f"Spark gave up one of the parts {numbers} ({_why(error)}); the parts that were done are kept, so run the "
            "same command again."
        ) from None


def make_parts(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On a worker: write each part, and give its row of the manifest as text."""
    for batch in batches:
        for sent in batch.to_pylist():
            yield pa.record_batch({"row": pa.array([json.dumps(_made(sent))])})


def _made(sent: dict[str, Any]) -> dict[str, Any]:
    """A refusal is an answer, which no second try changes; a disk that fails is not, and Spark tries again."""
    try:
        refuse_other_version(sent["version"])
        return make_part(pickle.loads(sent["parcel"]))
    except RegimenError as error:
        if isinstance(error.__context__, OSError):
            raise
        return {"refused": str(error)}


def _why(error: BaseException) -> str:
    """The sentence at the end of what Spark prints, which is a page of other programs' lines."""
    text = str(error)
    if "No module named 'regimen" in text:
        return "its workers have no regimen; install it on them, with the extra cohort"
    said = _SAID.findall(text)
    name, sentence = said[-1] if said else (type(error).__name__, next(iter(text.splitlines()), ""))
    return f"{name}: {sentence}".strip(": ").rstrip(".")
