"""How fast is a cohort dated and written beside its peers in the same run? One command: python benchmarks/cohort.py."""

from __future__ import annotations

import os

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # read when polars is imported

import argparse
import importlib
import json
import math
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

SOURCE = Path(__file__).resolve().parent.parent / "src"
if SOURCE.is_dir():
    sys.path.insert(0, str(SOURCE))

import numpy as np  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.compute as pc  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

ARM = """\
format: regimen/1
study: {{id: bench, title: One hundred visits, first_day: 1}}
anchors: {{first_dose: first infusion}}
arms: {{main: [treatment]}}
epochs:
  treatment:
    from: first_dose
    visits:
      visit: {{when: {when} x98, window: ±3 d, working_days: {policy}}}
"""
EVENTS = 98
LEAN = ("subject", "event", "epoch", "cycle", "day", "start", "earliest", "latest")
LARGE = """\
import sys, time
from regimen.cohort import keep_memory_small
from regimen.cohort.running import write_cohort
from regimen.library import load
keep_memory_small()
began = time.perf_counter()
columns = sys.argv[5].split(",") if len(sys.argv) > 5 else None
made = write_cohort(load(sys.argv[4]), sys.argv[1], sys.argv[2], threads=int(sys.argv[3]), columns=columns)
took = time.perf_counter() - began
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(took, made["totals"]["events"], int(peak) / 1024)
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """The median rate of one job and the same of each peer, in million events a second, with what else was seen."""

    job: str
    rate: float
    peers: dict[str, float | str]
    target: str
    met: bool
    more: str = ""


def subjects(count: int) -> pa.Table:
    """Synthetic subjects: 200 sites, first doses over two years."""
    random = np.random.default_rng(7)
    days = (np.int32(20000) + random.integers(0, 730, count, dtype=np.int32)).astype("M8[D]")
    sites = pa.array([f"site-{n:03d}" for n in range(200)]).take(pa.array(random.integers(0, 200, count)))
    names = pc.binary_join_element_wise("S", pc.ascii_lpad(pa.array(range(count)).cast(pa.string()), 8, "0"), "-")
    return pa.table({"subject": names, "site": sites, "first_dose": pa.array(days)})


def study(when: str, policy: str = "keep") -> Any:
    from regimen.definition.loading import load_study

    return load_study(ARM.format(when=when, policy=policy))


def rates(calls: dict[str, Callable[[], int]], rounds: int) -> dict[str, float]:
    """The median rate of each, taken in turn so that a busy moment of the machine meets all of them alike."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            began = perf_counter()
            events = call()
            taken[name].append(events / (perf_counter() - began) / 1e6)
    return {name: median(found) for name, found in taken.items()}


def library(name: str) -> Any:
    """The library, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


# ---------------------------------------------------------------- the kernel alone

PEER_SUBJECTS = 20_000


def kernel(job: str, when: str, target: float, rounds: int) -> Figure:
    """The date and both ends of its window: batches in reused memory, beside columns made by peers."""
    from regimen.cohort.kernel import Cohort
    from regimen.workdays import Site

    policy, site = ("next", Site()) if job == "working days" else ("keep", None)
    columns = ("start", "earliest", "latest")
    many = subjects(200_000).to_batches()
    cohort = Cohort(study(when, policy), site=site, columns=columns, reuse=True, rows=1 << 16)

    def ours() -> int:
        return sum(len(found) for batch in many for found in cohort.events_of(batch))

    few = subjects(PEER_SUBJECTS)["first_dose"].combine_chunks()
    anchors = few.cast(pa.int32()).to_numpy()
    steps = np.arange(EVENTS, dtype=np.int32)
    peers = {name: peer(job, few, anchors, steps) for name, peer in PEERS.items()}
    calls = {"regimen": ours} | {name: call for name, call in peers.items() if call is not None}
    check(cohort, calls, job, site, few)
    found = rates(calls, rounds)
    own = found.pop("regimen")
    best = max((found[name] for name in ("polars", "duckdb", "pyarrow") if name in found), default=0.0)
    met = own >= target and own >= 2 * best and own >= 500 * found["dateutil"]
    absent = {name: "no such step" if name == "pyarrow" else "absent" for name, call in peers.items() if call is None}
    return Figure(f"kernel, {job}", own, found | absent, f"{target:,.0f} M; 2 x the best; 500 x dateutil", met)


def check(cohort: Any, calls: dict[str, Any], job: str, site: Any, few: pa.Array) -> None:
    """All give the same dates, or their times say nothing."""
    few = few.filter(pc.less(pc.day_of_week(few), 5))[:500]  # a first dose at a weekend was chosen, and stays
    batch = pa.RecordBatch.from_arrays([pa.array([str(n) for n in range(500)]), few], ["subject", "first_dose"])
    from regimen.cohort.kernel import Cohort

    own = Cohort(cohort.study, site=site, columns=("item", "start"))
    table = pa.Table.from_batches(own.events_of(batch)).filter(pc.field("item") == "visit")
    wanted = sorted(table["start"].to_pylist())
    for name, call in calls.items():
        if name != "regimen" and sorted(call.starts(few)) != wanted:
            raise SystemExit(f"{name} gives other dates for {job}, so its times say nothing")


class Peer:
    """A way of others to make the three columns; ``starts`` gives its dates of some subjects, to be compared."""

    def __init__(self, make: Callable[[pa.Array], Any], column: Callable[[Any], list[date]], size: int) -> None:
        self.make, self.column, self.size = make, column, size

    def __call__(self) -> int:
        """Do the job once; how many events it had."""
        self.make(SAMPLE[: self.size])
        return self.size * EVENTS

    def starts(self, anchors: pa.Array) -> list[date]:
        """The dates alone."""
        return self.column(self.make(anchors))


SAMPLE = subjects(PEER_SUBJECTS)["first_dose"].combine_chunks()


def _dateutil(job: str, *_: Any) -> Peer:
    from dateutil.relativedelta import relativedelta

    three = timedelta(days=3)

    def make(anchors: pa.Array) -> list[tuple[date, date, date]]:
        found = []
        for day in anchors.to_pylist():
            for k in range(EVENTS):
                due = day + (relativedelta(months=k) if job == "months" else relativedelta(weeks=k))
                start = due + timedelta(days=max(0, 7 - due.weekday()) if due.weekday() > 4 else 0)
                found.append((start if job == "working days" else due, due - three, due + three))
        return found

    return Peer(make, lambda rows: [row[0] for row in rows], 500)


def _numpy(job: str, *_: Any) -> Peer:
    steps = np.arange(EVENTS)

    def make(anchors: pa.Array) -> tuple[Any, Any, Any]:
        days = anchors.to_numpy(zero_copy_only=False).astype("M8[D]")
        if job == "months":
            month = days.astype("M8[M]")
            target = month[:, None] + steps
            due = np.minimum(target.astype("M8[D]") + (days - month)[:, None], (target + 1).astype("M8[D]") - 1)
        else:
            due = days[:, None] + 7 * steps
        start = np.busday_offset(due, 0, roll="forward") if job == "working days" else due
        return start, due - 3, due + 3

    return Peer(make, lambda found: found[0].ravel().tolist(), PEER_SUBJECTS)


def _pyarrow(job: str, *_: Any) -> Peer | None:
    if job == "months":
        return None
    steps = pa.array(np.arange(EVENTS, dtype=np.int32) * 7)

    def make(anchors: pa.Array) -> tuple[Any, Any, Any]:
        rows = pa.array(np.repeat(np.arange(len(anchors)), EVENTS))
        offsets = steps.take(pa.array(np.tile(np.arange(EVENTS), len(anchors))))
        due = pc.add(anchors.cast(pa.int32()).take(rows), offsets)
        start = due
        if job == "working days":
            weekday = pc.day_of_week(due.cast(pa.date32()))
            later = pc.case_when(pc.make_struct(pc.equal(weekday, 5), pc.equal(weekday, 6)), 2, 1, 0)
            start = pc.add(due, later.cast(pa.int32()))
        three = pa.scalar(3, pa.int32())
        return start, pc.subtract(due, three), pc.add(due, three)

    return Peer(make, lambda found: found[0].cast(pa.date32()).to_pylist(), PEER_SUBJECTS)


def _polars(job: str, *_: Any) -> Peer | None:
    pl = library("polars")
    if pl is None:
        return None
    steps = pl.DataFrame({"k": np.arange(EVENTS, dtype=np.int32)})

    def make(anchors: pa.Array) -> Any:
        frame = pl.DataFrame({"a": pl.from_arrow(anchors)}).join(steps, how="cross")
        moved = pl.col("a").dt.offset_by(pl.format("{}mo", "k"))
        plain = (pl.col("a").cast(pl.Int32) + 7 * pl.col("k")).cast(pl.Date)
        due = frame.select(due=moved if job == "months" else plain)
        start = pl.col("due")
        start = start.dt.add_business_days(0, roll="forward") if job == "working days" else start
        days = pl.col("due").cast(pl.Int32)
        return due.select(start=start, earliest=(days - 3).cast(pl.Date), latest=(days + 3).cast(pl.Date))

    return Peer(make, lambda found: found["start"].to_list(), PEER_SUBJECTS)


def _duckdb(job: str, *_: Any) -> Peer | None:
    duckdb = library("duckdb")
    if duckdb is None:
        return None
    database = duckdb.connect(config={"threads": 1})
    due = "(a + to_months(k::INT))::DATE" if job == "months" else "a + (7 * k)::INT"
    later = "due + case isodow(due) when 6 then 2 when 7 then 1 else 0 end" if job == "working days" else "due"
    query = (
        f"select {later} as start, due - 3 as earliest, due + 3 as latest "
        f"from (select {due} as due from anchors, range({EVENTS}) r(k))"
    )

    def make(anchors: pa.Array) -> Any:
        database.register("anchors", pa.table({"a": anchors}))
        return database.sql(query).to_arrow_table()

    return Peer(make, lambda found: found["start"].to_pylist(), PEER_SUBJECTS)


PEERS: dict[str, Callable[..., Peer | None]] = {
    "dateutil": _dateutil, "numpy": _numpy, "pyarrow": _pyarrow, "polars": _polars, "duckdb": _duckdb,
}  # fmt: skip


# ---------------------------------------------------------------- to Parquet


def weighed(count: int) -> pa.Table:
    """The same subjects with weights from 40 to 150 kg, to 0.1 kg."""
    weights = np.random.default_rng(3).normal(75, 15, count).clip(40, 150).round(1)
    return subjects(count).append_column("weight_kg", pa.array(weights))


def parquet(columns: tuple[str, ...], named: str, rounds: int, people: pa.Table, plan: Any) -> Figure:
    """Dated and written by one thread, beside others that only write the finished table of the same columns."""
    from regimen.cohort.files import write_file
    from regimen.cohort.kernel import Cohort
    from regimen.cohort.schema import schema_of

    some, schema = people.to_batches(), schema_of(columns)
    cohort = Cohort(plan, columns=columns, reuse=True)
    table = pa.Table.from_batches(
        [found for batch in some for found in Cohort(plan, columns=columns).events_of(batch)], schema
    ).unify_dictionaries()
    with TemporaryDirectory() as folder:
        one, two, three = (Path(folder) / f"{name}.parquet" for name in ("regimen", "pyarrow", "polars"))

        def ours() -> int:
            write_file(one, "parquet", schema, (b for batch in some for b in cohort.events_of(batch)))
            return len(table)

        def default() -> int:
            pq.write_table(table, two, compression="zstd")
            return len(table)

        calls = {"regimen": ours, "pyarrow, default zstd": default}
        pl = library("polars")
        if pl is not None:
            frame = pl.from_arrow(table)

            def sink() -> int:
                frame.lazy().sink_parquet(three)
                return len(table)

            calls["polars sink"] = sink
        found: dict[str, Any] = dict(rates(calls, rounds))
        sizes = {path.stem: path.stat().st_size / len(table) for path in (one, two, three) if path.exists()}
    own = found.pop("regimen")
    met = own >= 25 and sizes["regimen"] <= 2.5 and own >= 1.8 * found["pyarrow, default zstd"]
    if pl is None:
        found["polars sink"] = "absent"
    else:
        met = met and own >= 1.4 * found["polars sink"]
    more = "bytes an event: " + ", ".join(f"{name} {size:.2f}" for name, size in sizes.items())
    return Figure(f"to Parquet, {named}", own, found, "25 M; 2.5 bytes; 1.8 x pyarrow; 1.4 x polars", met, more)


# ---------------------------------------------------------------- whole runs


def one_run(count: int, threads: int, trial: str = "belimumab-sle", *columns: str) -> tuple[float, float, float]:
    """Seconds, events and peak megabytes of one process."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "subjects.parquet"
        pq.write_table(subjects(count), source)
        arguments = [sys.executable, "-c", LARGE, str(source), str(Path(folder) / "out.parquet"), str(threads), trial]
        arguments += [",".join(columns)] if columns else []
        environment = os.environ | {"PYTHONPATH": str(SOURCE)}
        done = subprocess.run(arguments, capture_output=True, text=True, check=True, env=environment)
    took, events, peak = map(float, done.stdout.split())
    return took, events, peak


def whole_runs(counts: list[int], threads: int) -> Figure:
    """Fresh processes, each three times: the rate of the largest, peak memory, and how time grows with subjects."""
    seconds, memory, rate = [], [], 0.0
    for count in counts:
        found = sorted(one_run(count, threads) for _ in range(3))
        took, events, _ = found[1]
        seconds.append(took)
        memory.append(max(peak for _, _, peak in found))
        rate = events / took / 1e6
    start_up = min(one_run(1, threads)[0] for _ in range(3))
    slope = math.log((seconds[-1] - start_up) / (seconds[0] - start_up)) / math.log(counts[-1] / counts[0])
    allowed = [250 + 8 * count / 2**20 for count in counts]
    met = abs(slope - 1) <= 0.05 and all(peak <= most for peak, most in zip(memory, allowed, strict=True))
    said = "; ".join(f"{c:,}: {s:.2f} s, {m:.0f} MB" for c, s, m in zip(counts, seconds, memory, strict=True))
    return Figure(
        f"whole runs of belimumab-sle, threads: {threads}", rate, {}, "exponent 1.0 ± 0.05; 250 MB + 8 bytes a subject",
        met, f"exponent {slope:.2f} without the start-up of {start_up:.2f} s; {said}",
    )  # fmt: skip


def thousand_million() -> Figure:
    """10 million subjects with 100 events each, in the eight columns that a planner needs, on two threads."""
    with TemporaryDirectory() as folder:
        trial = Path(folder) / "bench.yaml"
        trial.write_text(ARM.format(when="q1w", policy="keep"), encoding="utf-8")
        took, events, peak = one_run(10_000_000, 2, str(trial), *LEAN)
    said = f"{took:.1f} s, {peak:.0f} MB"
    return Figure(f"{events / 1e6:,.0f} million events to Parquet, threads: 2", events / took / 1e6, {},
                  "1,000 million in 30 s", events / took >= 1e9 / 30, said)  # fmt: skip


# ---------------------------------------------------------------- printing


def lines(figures: list[Figure]) -> str:
    """The figures for people."""
    said = []
    for figure in figures:
        verdict = "met" if figure.met else "MISSED"
        said.append(f"{figure.job}: {figure.rate:,.1f} M events/s (target: {figure.target}) {verdict}")
        for name, rate in figure.peers.items():
            shown = rate if isinstance(rate, str) else f"{rate:,.2f} M events/s, ratio {figure.rate / rate:,.1f}"
            said.append(f"    {name}: {shown}")
        if figure.more:
            said.append(f"    {figure.more}")
    return "\n".join(said)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure cohorts beside peers; see benchmarks/README.md.")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="how often each job is done (7)")
    parser.add_argument("--large", action="store_true", help="10 million subjects and 1,000 million events too")
    options = parser.parse_args()
    from regimen.cohort.schema import DEFAULT
    from regimen.library import load

    figures = [
        kernel("days", "q1w", 500, options.rounds), kernel("months", "every 1 mo", 180, options.rounds),
        kernel("working days", "q1w", 150, options.rounds),
        *(parquet(columns, f"{len(columns)} columns", options.rounds, subjects(50_000), study("q1w"))
          for columns in (LEAN, DEFAULT)),
        parquet(DEFAULT, f"{len(DEFAULT)} columns with amounts", options.rounds, weighed(200_000),
                load("belimumab-sle")),
    ]  # fmt: skip
    counts = [100_000, 1_000_000, *([10_000_000] if options.large else [])]
    figures += [whole_runs(counts[:2], 1), whole_runs(counts, 2)]
    figures += [thousand_million()] if options.large else []
    if options.json:
        print(json.dumps({"python": platform.python_version(), "figures": [asdict(f) for f in figures]}, indent=2))
    else:
        print(lines(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
