"""Do Spark's executors, processes of their own, make the cohort of threads, also when one is killed?"""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cohort.engines.cohorts import EVENTS, FACTS, STUDY, Killer, leftovers, parent, rows, same, subjects

from regimen.cohort.running import write_cohort
from regimen.errors import RegimenError

# Spark's bridge to Java leaves the connections of ended threads to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
CLUSTER = "local-cluster[2,1,1024]"


@pytest.fixture
def on_spark(needs: Callable[[str], None]) -> Any:
    needs("spark")
    from regimen.cohort.engines.spark import on_spark

    return on_spark


# ------------------------------------------------------------ what is refused before Spark is started


def refusal(tmp_path: Path, engine: Any) -> str:
    with pytest.raises(RegimenError) as error:
        write_cohort(STUDY, subjects(3), tmp_path / "out.parquet", engine=engine)
    assert not (tmp_path / "out.parquet").exists()
    return str(error.value)


@pytest.mark.parametrize("master", ["locl", "local-cluster[2,1]", "sc://host", "http://host:7077", ""])
def test_a_master_that_is_none_is_refused(tmp_path, on_spark, master):
    """A master that Spark does not know is refused with those it knows, before Java is started."""
    assert f"{master!r} is no master of Spark; write local[2]" in refusal(tmp_path, on_spark(master))


def test_a_master_that_does_not_answer_is_named(tmp_path, on_spark):
    """An address where no master listens is said at once, not after Spark's own minutes."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{nobody.getsockname()[1]}"
        assert f"no Spark master answers at {place}" in refusal(tmp_path, on_spark(f"spark://{place}"))
    assert "no Spark master answers at nowhere" in refusal(tmp_path, on_spark("spark://nowhere"))


def test_java_that_is_missing_or_too_old_is_said(tmp_path, monkeypatch, on_spark):
    """Without Java, or with one that Spark cannot use, it is said which one is needed and where it was looked for."""
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    assert "Spark needs Java 17 or newer, and there is none in JAVA_HOME" in refusal(tmp_path, on_spark("local"))
    monkeypatch.delenv("JAVA_HOME")
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert "there is none on the PATH" in refusal(tmp_path, on_spark("local"))
    for version, major in (("1.8.0_402", 8), ("11.0.22", 11)):
        old = tmp_path / f"java-{major}"
        (old / "bin").mkdir(parents=True)
        (old / "bin" / "java").write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2024-01-16' >&2\n")
        (old / "bin" / "java").chmod(stat.S_IRWXU)
        monkeypatch.setenv("JAVA_HOME", str(old))
        assert f"java is Java {major}; set JAVA_HOME to a newer one" in refusal(tmp_path, on_spark("local"))


# ------------------------------------------------------------ by the command


def executor_of(writer: int) -> int:
    """The executor whose Python process writes: two steps up, past the one that forks them."""
    executor = parent(parent(writer))
    assert b"CoarseGrainedExecutorBackend" in Path(f"/proc/{executor}/cmdline").read_bytes()
    return executor


@pytest.mark.slow
def test_a_killed_executor_loses_nothing_and_nothing_is_twice(tmp_path, needs):
    """By the command, with an executor killed while its part is half written: all is as if nothing had happened."""
    needs("spark")
    source, out = tmp_path / "subjects.parquet", tmp_path / "spark.parquet"
    pq.write_table(subjects(150_000), source)
    command = [sys.executable, "-m", "regimen", "cohort", "belimumab-sle", str(source), "-o", str(out)]
    options = ["--part-size", "15000", "--engine", "spark", "--master", CLUSTER]
    environment = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"}
    with Killer(out, executor_of) as killer:
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert "150,000 in the file, 150,000 in the output" in done.stdout
    assert killer.caught, "no executor was met in the middle of a part"
    assert leftovers(out) == []
    write_cohort(STUDY, source, tmp_path / "local.parquet", part_size=15_000, threads=2)
    assert same(tmp_path / "local.parquet", out)
    assert len(rows(out)) == 150_000 * EVENTS


# ------------------------------------------------------------ in a session, which stays open for the rest of the file


@pytest.fixture(scope="module")
def session(needs: Callable[[str], None]) -> Iterator[Any]:
    """Two executors of one core, each a process, in a session that is ours."""
    needs("spark")
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        found = SparkSession.builder.master(CLUSTER).config("spark.ui.enabled", "false").getOrCreate()
        found.sparkContext.setLogLevel("OFF")
        try:
            yield found
        finally:
            found.stop()
            gateway = SparkContext._gateway
            gateway.shutdown()
            gateway.proc.stdin.close()
            gateway.proc.wait(timeout=30)
            SparkContext._gateway = SparkContext._jvm = None


@pytest.mark.slow
def test_spark_makes_the_rows_and_the_account_of_threads(tmp_path, session, on_spark):
    """Row by row and in its manifest, what Spark makes is what this machine makes; the session stays open."""
    heard = []
    for name, engine in (("local.parquet", None), ("spark.parquet", on_spark())):
        write_cohort(
            STUDY, subjects(3000), tmp_path / name, part_size=400, facts=FACTS, engine=engine,
            told=lambda total, done, events: heard.append((done, events)),
        )  # fmt: skip
    assert same(tmp_path / "local.parquet", tmp_path / "spark.parquet")
    assert [sum(column) for column in zip(*heard, strict=True)] == [6000, 6000 * EVENTS]
    assert session.range(3).count() == 3


@pytest.mark.slow
def test_a_run_is_gone_on_with_by_spark(tmp_path, session, on_spark):
    """Parts that threads have made stay, and Spark makes the others."""
    out = tmp_path / "out.parquet"
    assert write_cohort(STUDY, subjects(2000), out, part_size=100, shard=(2, 3)) is None
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("part-*")}
    assert write_cohort(STUDY, subjects(2000), out, part_size=100, engine=on_spark(CLUSTER)) is not None
    assert {name: (out / name).stat().st_mtime_ns for name in before} == before
    write_cohort(STUDY, subjects(2000), tmp_path / "local.parquet", part_size=100)
    assert same(tmp_path / "local.parquet", out)


@pytest.mark.slow
def test_a_row_that_cannot_be_dated_is_named(tmp_path, session, on_spark):
    """A worker's refusal is the sentence of a local run, and nothing is left of the run."""
    table = subjects(40)
    days = [*table["first_dose"].to_pylist()]
    days[25] = days[0].replace(year=9999, month=6)
    table = table.set_column(2, "first_dose", pa.array(days, pa.date32()))
    said = []
    for name, engine in (("local.parquet", None), ("spark.parquet", on_spark())):
        with pytest.raises(RegimenError) as error:
            write_cohort(STUDY, table, tmp_path / name, part_size=40, engine=engine)
        said.append(str(error.value))
    assert said[0] == said[1]
    assert "row 26 (S-000025)" in said[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_disk_that_fails_is_tried_again_and_then_said(tmp_path, session, on_spark, monkeypatch):
    """What fails on the worker's disk is Spark's to try again; when it gives up, the sentence is the worker's."""
    out = tmp_path / "out.parquet"

    def engine(share: Any) -> None:
        (share.folder.path / "part-00000.parquet").mkdir()  # no file can take this name
        on_spark()(share)

    with pytest.raises(RegimenError, match=r"Spark gave up one of the parts 0 \(CohortError: .* could not be written"):
        write_cohort(STUDY, subjects(10), out, engine=engine)


@pytest.mark.slow
def test_another_master_than_the_sessions_is_refused(tmp_path, session, on_spark):
    """Where Spark runs already, another master is not passed over."""
    with pytest.raises(RegimenError, match="Spark runs on local-cluster.* already"):
        write_cohort(STUDY, subjects(3), tmp_path / "out.parquet", engine=on_spark("local[3]"))
