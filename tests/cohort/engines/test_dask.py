"""Do the workers of a Dask cluster, processes of their own, make the cohort of threads, also when one is killed?"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cohort.engines.cohorts import EVENTS, FACTS, STUDY, Killer, leftovers, rows, same, subjects

from regimen.cli import main
from regimen.cohort.running import write_cohort
from regimen.errors import RegimenError

QUIET = ["--no-dashboard"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def dask(*arguments: str, folder: Path, environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or workers, as one starts them on other machines."""
    process = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:], *QUIET],
        cwd=folder, env=os.environ | (environment or {}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def scheduler_alone(folder: Path) -> Iterator[str]:
    port = str(free_port())
    with dask("dask_scheduler", "--host", "127.0.0.1", "--port", port, folder=folder) as process:
        for _ in range(600):
            if process.poll() is not None:
                raise RuntimeError("the scheduler did not start")
            try:
                socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"tcp://127.0.0.1:{port}"


@contextmanager
def workers(address: str, number: int, folder: Path, environment: dict[str, str] | None = None) -> Iterator[None]:
    from distributed import Client

    own = ("--nworkers", str(number), "--nthreads", "1", "--host", "127.0.0.1", "--local-directory", str(folder))
    with dask("dask_worker", address, *own, folder=folder, environment=environment):
        with Client(address, set_as_default=False, timeout=30) as client:
            client.wait_for_workers(number, timeout=60)
        yield


@pytest.fixture(scope="module")
def cluster(needs: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two workers, each a process of one thread, and their scheduler."""
    needs("dask")
    folder = tmp_path_factory.mktemp("dask")
    with scheduler_alone(folder) as address, workers(address, 2, folder):
        yield address


@pytest.fixture
def on_dask(needs: Callable[[str], None]) -> Any:
    needs("dask")
    from regimen.cohort.engines.dask import on_dask

    return on_dask


# ------------------------------------------------------------ the same cohort


def test_a_cluster_makes_the_rows_and_the_account_of_threads(tmp_path, cluster, on_dask):
    """Row by row and in its manifest, what a cluster makes is what this machine makes; progress counts it all."""
    heard = []
    for name, engine in (("local.parquet", None), ("dask.parquet", on_dask(cluster))):
        write_cohort(
            STUDY, subjects(3000), tmp_path / name, part_size=400, facts=FACTS, engine=engine,
            told=lambda total, done, events: heard.append((done, events)),
        )  # fmt: skip
    assert same(tmp_path / "local.parquet", tmp_path / "dask.parquet")
    assert [sum(column) for column in zip(*heard, strict=True)] == [6000, 6000 * EVENTS]


@pytest.mark.slow
def test_a_killed_worker_loses_nothing_and_nothing_is_twice(tmp_path, cluster, on_dask):
    """A worker killed with a part half written: another makes the part, and all is as if nothing had happened."""
    table, out = subjects(150_000), tmp_path / "dask.parquet"
    with Killer(out) as killer:
        write_cohort(STUDY, table, out, part_size=15_000, engine=on_dask(cluster))
    assert killer.caught, "no worker was met in the middle of a part"
    assert leftovers(out) == []
    write_cohort(STUDY, table, tmp_path / "local.parquet", part_size=15_000, threads=2)
    assert same(tmp_path / "local.parquet", out)
    assert len(rows(out)) == 150_000 * EVENTS


PROGRAM = """
import sys
from regimen.cohort.engines import engine_of
from regimen.cohort.running import write_cohort
from regimen.library import load
engine = engine_of("dask", scheduler=sys.argv[3])
write_cohort(load("belimumab-sle"), sys.argv[1], sys.argv[2], part_size=2500, engine=engine)
"""


def test_a_run_is_gone_on_with_by_another_engine(tmp_path, cluster, on_dask):
    """A run on a cluster whose client is killed is ended by threads and the cluster together, nothing twice."""
    source, out = tmp_path / "subjects.parquet", tmp_path / "out.parquet"
    pq.write_table(subjects(100_000), source)
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(source), str(out), cluster])
    while process.poll() is None and not (out.is_dir() and len(list(out.glob(".part-*.json"))) >= 3):
        time.sleep(0.002)
    process.kill()
    assert process.wait() != 0, "it was done before it could be killed"
    noted = [path.name.strip(".").replace("json", "parquet") for path in out.glob(".part-*.json")]
    before = {name: (out / name).stat().st_mtime_ns for name in noted}
    assert 0 < len(before) < 40
    assert write_cohort(STUDY, source, out, part_size=2500, shard=(1, 2)) is None
    manifest = write_cohort(STUDY, source, out, part_size=2500, engine=on_dask(cluster))
    assert manifest is not None
    assert manifest["totals"]["subjects"] == 100_000
    assert {name: (out / name).stat().st_mtime_ns for name in before} == before
    write_cohort(STUDY, source, tmp_path / "local.parquet", part_size=2500)
    assert same(tmp_path / "local.parquet", out)


def test_the_command_sends_its_parts_to_a_cluster(tmp_path, cluster, capsys):
    """The command is the library's call: the same summary, the same rows."""
    source = tmp_path / "subjects.parquet"
    pq.write_table(subjects(200), source)
    said = []
    for name, options in (("local.parquet", ()), ("dask.parquet", ("--engine", "dask", "--scheduler", cluster))):
        out = str(tmp_path / name)
        assert main(["cohort", "belimumab-sle", str(source), "-o", out, "--part-size", "60", *options]) == 0
        said.append(capsys.readouterr().out.replace(out, "OUT"))
    assert said[0] == said[1]
    assert "200 in the file, 200 in the output" in said[0]
    assert same(tmp_path / "local.parquet", tmp_path / "dask.parquet")


def test_a_client_of_ones_own_stays_open(tmp_path, cluster, on_dask):
    """From Python the engine takes a client that one has, and leaves it open."""
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        assert write_cohort(STUDY, subjects(10), tmp_path / "out.parquet", engine=on_dask(client)) is not None
        assert client.status == "running"


# ------------------------------------------------------------ what cannot be made


def test_a_row_that_cannot_be_dated_is_named(tmp_path, cluster, on_dask):
    """A worker's refusal is the sentence of a local run, and nothing is left of the run."""
    table = subjects(40)
    days = [*table["first_dose"].to_pylist()]
    days[25] = days[0].replace(year=9999, month=6)
    table = table.set_column(2, "first_dose", pa.array(days, pa.date32()))
    said = []
    for name, engine in (("local.parquet", None), ("dask.parquet", on_dask(cluster))):
        with pytest.raises(RegimenError) as error:
            write_cohort(STUDY, table, tmp_path / name, part_size=20, columns=("subject", "start"), engine=engine)
        said.append(str(error.value))
    assert said[0] == said[1]
    assert "row 26 (S-000025)" in said[0]


def test_a_scheduler_that_does_not_answer_is_given_up(tmp_path, on_dask):
    """Where nothing listens, or something that is no scheduler, the address is named after some seconds."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        for address in (f"tcp://127.0.0.1:{free_port()}", f"tcp://127.0.0.1:{silent.getsockname()[1]}", "nonsense"):
            with pytest.raises(RegimenError, match=f"no Dask scheduler answers at {address} within 1 s"):
                write_cohort(STUDY, subjects(3), tmp_path / "out.parquet", engine=on_dask(address, reached=1))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_cluster_that_cannot_help_says_why(tmp_path, on_dask):
    """A scheduler without workers is refused, and so is a worker that has another version of regimen."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sitecustomize.py").write_text("import regimen._version as v\nv.__version__ = '0.0.1'\n")
    out = tmp_path / "out.parquet"
    with scheduler_alone(tmp_path) as address:
        with pytest.raises(RegimenError, match="has no workers; start some"):
            write_cohort(STUDY, subjects(3), out, engine=on_dask(address, reached=1))
        with (
            workers(address, 1, tmp_path, {"PYTHONPATH": str(tmp_path / "other")}),
            pytest.raises(RegimenError, match=r"has regimen 0\.0\.1, and this machine has regimen"),
        ):
            write_cohort(STUDY, subjects(3), out, engine=on_dask(address))
    assert not out.exists()


@pytest.mark.slow
def test_a_cluster_that_goes_away_is_said(tmp_path, on_dask):
    """When the scheduler dies in the middle, the run ends in words and what was done is gone on with."""
    out = tmp_path / "out.parquet"
    table = subjects(120_000)
    with scheduler_alone(tmp_path) as address, workers(address, 1, tmp_path):
        engine = on_dask(address)
        port = int(address.rpartition(":")[2])
        ended = []

        def told(total: int, done: int, events: int) -> None:
            if not ended:
                ended.append(end_listener(port))

        with pytest.raises(RegimenError, match="the parts that were done are kept"):
            write_cohort(STUDY, table, out, part_size=3_000, engine=engine, told=told)
    assert 0 < len(list(out.glob("part-*"))) < 40
    assert write_cohort(STUDY, table, out, part_size=3_000, threads=2) is not None
    assert len(rows(out)) == 120_000 * EVENTS


def end_listener(port: int) -> int:
    """Kill the process of this test that listens at a port."""
    import psutil

    for child in psutil.Process().children(recursive=True):
        if any(c.laddr and c.laddr.port == port and c.status == "LISTEN" for c in child.net_connections()):
            child.kill()
            return int(child.pid)
    raise AssertionError("nobody listens there")
