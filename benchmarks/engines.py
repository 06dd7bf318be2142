"""How much of the rate of threads do Dask and Spark reach on the same cores? Run python benchmarks/engines.py."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
if SOURCE.is_dir():
    sys.path.insert(0, str(SOURCE))
sys.path.insert(0, str(ROOT / "benchmarks"))

CORES = 2
TARGETS = {"dask": 0.80, "spark": 0.60}


@dataclass(frozen=True, slots=True)
class Figure:
    """The rates of one engine, in million events a second, and of the threads that ran beside it."""

    engine: str
    rates: list[float] = field(default_factory=list)
    threads: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    """Processor seconds of the engine, all its processes, for one of threads; other programs change it little."""

    @property
    def ratio(self) -> float:
        """The median of what was reached in each turn, so that a busy moment of the machine meets both."""
        return median(rate / beside for rate, beside in zip(self.rates, self.threads, strict=True))


@contextmanager
def dask() -> Iterator[Any]:
    """Two workers of one thread, each a process under a nanny, as `dask worker` starts them."""
    from distributed import Client, LocalCluster

    from regimen.cohort.engines.dask import on_dask

    with (
        LocalCluster(n_workers=CORES, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield on_dask(client)


@contextmanager
def spark() -> Iterator[Any]:
    """Two executors of one core, each a process."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    from regimen.cohort.engines.spark import on_spark

    builder = SparkSession.builder.master(f"local-cluster[{CORES},1,1024]").config("spark.ui.enabled", "false")
    session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield on_spark()
    finally:
        session.stop()


def processor_seconds() -> float:
    """Of this process and all that it has started."""
    import psutil

    this = psutil.Process()
    return sum(sum(process.cpu_times()[:2]) for process in (this, *this.children(recursive=True)))


ENGINES: dict[str, tuple[Callable[[], Any], Callable[[], bool]]] = {
    "dask": (dask, lambda: find_spec("distributed") is not None),
    "spark": (spark, lambda: all(map(find_spec, ("pyspark", "pandas", "psutil"))) and shutil.which("java") is not None),
}


def measured(names: list[str], count: int, part_size: int, rounds: int) -> list[Figure]:
    """Whole runs of belimumab-sle from file to Parquet, threads and engine in turn, without the first of each."""
    from cohort import subjects
    from regimen.cohort.running import write_cohort
    from regimen.library import load

    study = load("belimumab-sle")
    figures: list[Figure] = []
    if not names:
        return figures
    with TemporaryDirectory() as folder:
        source, out = Path(folder) / "subjects.parquet", Path(folder) / "out.parquet"
        pq.write_table(subjects(count), source)

        def run(engine: Any) -> tuple[float, float]:
            began, spent = perf_counter(), processor_seconds()
            made = write_cohort(study, source, out, threads=CORES, engine=engine, part_size=part_size)
            took, spent = perf_counter() - began, processor_seconds() - spent
            assert made is not None
            shutil.rmtree(out)
            return float(made["totals"]["events"] / took / 1e6), spent

        for name in names:
            figure = Figure(name)
            with ExitStack() as stack:
                engine = stack.enter_context(ENGINES[name][0]())
                for turn in range(rounds + 1):
                    own, beside = (run(engine), run(None)) if turn % 2 else (run(None), run(engine))[::-1]
                    if turn:
                        figure.rates.append(own[0])
                        figure.threads.append(beside[0])
                        figure.costs.append(own[1] / beside[1])
            figures.append(figure)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure engines beside threads; see benchmarks/README.md.")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each run is done (5)")
    parser.add_argument("--subjects", type=int, default=2_000_000, metavar="N", help="subjects of a run (2,000,000)")
    parser.add_argument("--part-size", type=int, default=50_000, metavar="N", help="subjects of a part (50,000)")
    parser.add_argument("--only", choices=tuple(ENGINES), help="measure one engine")
    options = parser.parse_args()
    wanted = [options.only] if options.only else list(ENGINES)
    here = [name for name in wanted if ENGINES[name][1]()]
    for name in sorted(set(wanted) - set(here)):
        print(f"{name}: not measured, because it is not installed; run make engines", file=sys.stderr)
    figures = measured(here, options.subjects, options.part_size, options.rounds)
    if options.json:
        found = [{**asdict(f), "ratio": f.ratio, "cost": median(f.costs), "target": TARGETS[f.engine]} for f in figures]
        about = {"python": platform.python_version(), "subjects": options.subjects, "part_size": options.part_size}
        print(json.dumps({**about, "engines": found}, indent=2))
        return 0
    for figure in figures:
        verdict = "met" if figure.ratio >= TARGETS[figure.engine] else "MISSED"
        print(
            f"{figure.engine}: {median(figure.rates):,.1f} M events/s beside {median(figure.threads):,.1f} of threads, "
            f"ratio {figure.ratio:.2f} (target: {TARGETS[figure.engine]:.2f}) {verdict}; "
            f"processor time {median(figure.costs):.2f} of theirs"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
