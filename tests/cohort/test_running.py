"""Does a cohort reach the disk whole: killed in the middle, in shards, with bad rows or without room?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.commands import process, typed

from regimen.cohort.frames import events_frame
from regimen.cohort.kernel import Cohort, events_of
from regimen.cohort.running import write_cohort
from regimen.cohort.schema import COLUMNS
from regimen.errors import RegimenError
from regimen.facts import Fact
from regimen.library import load

STUDY = load("belimumab-sle")
EVENTS = 23


def subjects(count: int) -> pa.Table:
    """Synthetic subjects, one of five without a first dose."""
    days = [None if n % 5 == 4 else date(2027, 1, 1) + timedelta(days=n % 400) for n in range(count)]
    names = [f"S-{n:05d}" for n in range(count)]
    return pa.table({"subject": names, "site": [f"{n % 7:02d}" for n in range(count)], "first_dose": days})


def rows(folder: Path) -> list[dict[str, object]]:
    """Everything in the folder, as those read it who know nothing of its manifest."""
    found = pq.read_table(folder).to_pylist()
    return sorted(found, key=lambda row: (row["subject"], row["event"]))


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name[0] not in "._")


def test_subjects_in_are_subjects_out(tmp_path):
    """Every subject and every event is in the output, in parts; the manifest counts them."""
    manifest = write_cohort(STUDY, subjects(1000), tmp_path / "out.parquet", part_size=300, threads=2)
    assert manifest is not None
    assert manifest["totals"]["subjects"] == 1000
    assert manifest["totals"]["events"] == 1000 * EVENTS == len(rows(tmp_path / "out.parquet"))
    assert manifest["totals"]["undated"] == 200 * EVENTS
    assert [part["first_row"] for part in manifest["parts"]] == [1, 301, 601, 901]
    assert visible(tmp_path / "out.parquet") == [f"part-{n:05d}.parquet" for n in range(4)]


def test_same_input_same_bytes(tmp_path):
    """Threads change nothing: the same parts, byte for byte."""
    for name, threads in (("one.parquet", 1), ("two.parquet", 2)):
        write_cohort(STUDY, subjects(700), tmp_path / name, part_size=100, threads=threads)
    for part in sorted((tmp_path / "one.parquet").glob("part-*")):
        assert part.read_bytes() == (tmp_path / "two.parquet" / part.name).read_bytes()


def test_shards_together_are_the_whole(tmp_path):
    """Shares written apart, in any order, are the rows of one run, and the last one writes the manifest."""
    whole, shared = tmp_path / "whole.parquet", tmp_path / "shared.parquet"
    write_cohort(STUDY, subjects(1000), whole, part_size=150)
    found = [write_cohort(STUDY, subjects(1000), shared, part_size=150, shard=(n, 3)) for n in (2, 3, 1)]
    assert [manifest is not None for manifest in found] == [False, False, True]
    assert rows(shared) == rows(whole)
    assert (shared / "_manifest.json").read_bytes() == (whole / "_manifest.json").read_bytes()


PROGRAM = """
import sys
from regimen.cohort.running import write_cohort
from regimen.library import load
write_cohort(load("belimumab-sle"), sys.argv[1], sys.argv[2], part_size=500, threads=2)
"""


def test_a_killed_run_is_gone_on_with(tmp_path):
    """A process killed in the middle leaves whole parts only; the next run writes the rest, nothing twice."""
    source, out = tmp_path / "subjects.parquet", tmp_path / "out.parquet"
    pq.write_table(subjects(60_000), source)
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(source), str(out)])
    while process.poll() is None and not (out.is_dir() and len(list(out.glob("part-*"))) >= 3):
        time.sleep(0.002)
    process.kill()
    assert process.wait() != 0, "it was done before it could be killed"
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("part-*")}
    noted = {path.name.strip(".").removesuffix(".json") for path in out.glob(".part-*.json")}
    assert 0 < len(before) < 120
    assert not (out / "_manifest.json").exists()
    for name in before:
        pq.read_table(out / name)
    manifest = write_cohort(STUDY, source, out, part_size=500)
    assert manifest is not None
    assert manifest["totals"]["events"] == 60_000 * EVENTS
    kept = {name for name, when in before.items() if (out / name).stat().st_mtime_ns == when}
    assert {name.removesuffix(".parquet") for name in kept} >= noted & {n.removesuffix(".parquet") for n in before}
    assert len(set(pq.read_table(out, columns=["subject"])["subject"].to_pylist())) == 60_000
    assert not [path for path in out.iterdir() if path.name.endswith(".tmp")]


def test_two_runs_are_not_mixed(tmp_path):
    """A folder of another run, or of something else, is refused."""
    write_cohort(STUDY, subjects(10), tmp_path / "out.parquet")
    with pytest.raises(RegimenError, match=r"holds another run \(.*columns.* differ\)"):
        write_cohort(STUDY, subjects(10), tmp_path / "out.parquet", columns=("subject", "start"))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "letter.txt").write_text("mine")
    with pytest.raises(RegimenError, match="files of something else"):
        write_cohort(STUDY, subjects(10), tmp_path / "own", format="parquet")


def test_formats_agree(tmp_path):
    """Parquet, Arrow and CSV hold the same rows."""
    for kind in ("parquet", "arrow", "csv"):
        write_cohort(STUDY, subjects(50), tmp_path / f"out.{kind}")
    expected = rows(tmp_path / "out.parquet")
    table = pa.ipc.open_stream((tmp_path / "out.arrow" / "part-00000.arrow").read_bytes()).read_all()
    assert sorted(table.to_pylist(), key=lambda row: (row["subject"], row["event"])) == expected
    lines = (tmp_path / "out.csv" / "part-00000.csv").read_text().splitlines()
    assert len(lines) == 1 + len(expected)
    assert '"S-00000","00","belimumab","treatment/d14/belimumab","dose","treatment",,14,2027-01-15' in "\n".join(lines)


# ------------------------------------------------------------ what cannot be used

BAD = [
    ({"subject": ["a", "b", "a"]}, r"row 3: subject 'a' is in row 1 already"),
    ({"subject": ["a", None, "c"]}, r"row 2: the subject has no id"),
    (
        {"first_dose": ["2027-01-04", "04/01/2027", None]},
        r"row 2 \(b\): first_dose is '04/01/2027'; write .*: 2027-01-04 or 2027-04-01",
    ),
    (
        {"first_dose": ["2027-01-04", "2027-02-29", None]},
        r"row 2 \(b\): first_dose is '2027-02-29', which is no date \(.*28 days",
    ),
    ({"arm": ["belimumab", "belimumab", "placebo"]}, r"row 3 \(c\): there is no arm 'placebo'"),
    ({"weight": [None, 154.0, 160.0]}, r"row 2 \(b\): weight is 154.0 without a unit; name the column weight_kg"),
    (
        {"weight": ["70 kg", "154", None]},
        r"row 2 \(b\): weight '154': the number 154 has no unit; write 154 kg or 154 lb",
    ),
    ({"weight_lb": [154.0, 150.0, None]}, r"the column weight_lb is not known; name it weight_kg"),
    ({"weight_kg": [70.0, 0.0, None]}, r"row 2 \(b\): weight '0 kg': it is 0"),
    (
        {"first_dse": ["2027-01-04"] * 3, "first_dose": None},
        r"there is no column 'first_dse' here; did you mean first_dose",
    ),
    ({"subject": None, "id": ["a", "b", "c"]}, r"no column 'subject'"),
    ({"first_dose": [date(2027, 1, 4), date(9999, 6, 1), None]}, r"row 2 \(b\): .* outside the calendar"),
]


@pytest.mark.parametrize(("change", "said"), BAD)
def test_a_bad_row_is_named_and_nothing_is_left(tmp_path, change, said):
    """What cannot be used is refused with its row, and no file or folder is left."""
    columns = {"subject": ["a", "b", "c"], "first_dose": [date(2027, 1, 4), date(2027, 1, 5), None]} | change
    table = pa.table({name: values for name, values in columns.items() if values is not None})
    with pytest.raises(RegimenError, match=said):
        write_cohort(STUDY, table, tmp_path / "out.parquet")
    assert list(tmp_path.iterdir()) == []


def test_all_faults_are_told_at_once(tmp_path):
    """Several bad rows are told together, in their order; of very many the first twenty and how many more."""
    (tmp_path / "subjects.csv").write_text(
        "subject,first_dose,weight_kg\na,4.1.2027,70\nb,2027-01-05,700\nc,2027-13-01,70\n,2027-01-04,70\n"
    )
    answer = typed("cohort", "belimumab-sle", str(tmp_path / "subjects.csv"), "-o", str(tmp_path / "out.parquet"))
    assert answer.code == 1
    told = [line.strip() for line in answer.err.splitlines()]
    assert told[0] == "regimen:"
    assert [line.partition(":")[0] for line in told[1:]] == [
        "subjects.csv, row 1 (a)", "subjects.csv, row 2 (b)", "subjects.csv, row 3 (c)", "subjects.csv, row 4"
    ]  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["subjects.csv"]
    many = pa.table({"subject": [f"S-{n}" for n in range(50)], "first_dose": ["soon"] * 50})
    with pytest.raises(RegimenError, match="30 more like these") as raised:
        write_cohort(STUDY, many, tmp_path / "out.parquet")
    assert len(str(raised.value).splitlines()) == 21


def test_a_missing_anchor_gives_no_dates(tmp_path):
    """A subject without an anchor has all its events, and none of them has a date."""
    write_cohort(STUDY, subjects(5), tmp_path / "out.parquet")
    found = [row for row in rows(tmp_path / "out.parquet") if row["subject"] == "S-00004"]
    assert len(found) == EVENTS
    assert {row[name] for row in found for name in ("start", "end", "earliest", "latest")} == {None}


def test_a_truncated_file_is_refused(tmp_path):
    """A Parquet file that is cut off is no file of subjects."""
    whole = tmp_path / "subjects.parquet"
    pq.write_table(subjects(1000), whole)
    whole.write_bytes(whole.read_bytes()[:-100])
    with pytest.raises(RegimenError, match=r"subjects\.parquet cannot be read as parquet .* cut off"):
        write_cohort(STUDY, whole, tmp_path / "out.parquet")
    assert visible(tmp_path) == ["subjects.parquet"]


def test_a_full_disk_keeps_what_is_whole(tmp_path, monkeypatch):
    """Without room the run stops in words, leaves whole parts only, and goes on when there is room."""
    out = tmp_path / "out.parquet"
    real, calls = os.fsync, []

    def fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 7:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(RegimenError, match=r"could not be written \(No space left on device\)"):
        write_cohort(STUDY, subjects(1000), out, part_size=100)
    assert visible(out) == ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    manifest = write_cohort(STUDY, subjects(1000), out, part_size=100)
    assert manifest is not None
    assert len(rows(out)) == 1000 * EVENTS


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 300 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        shutil.which("mount") is not None
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)], capture_output=True, check=False
        ).returncode
    )
    if not mounted:
        pytest.skip("a small disk can be mounted only by root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full(small_disk):
    """A disk fills up in the middle: a sentence, whole parts only; with room the same command writes the rest."""
    ballast, source, out = small_disk / "ballast", small_disk.parent / "subjects.parquet", small_disk / "out.parquet"
    ballast.write_bytes(bytes(300_000))
    pq.write_table(subjects(3000), source)
    given = ("cohort", "belimumab-sle", str(source), "-o", str(out), "--part-size", "200", "--threads", "1")
    answer = typed(*given)
    assert (answer.code, answer.out) == (1, "")
    assert "(No space left on device); what was finished before it is kept, so make room" in answer.err
    whole = visible(out)
    assert 0 < len(whole) < 15
    assert not [path for path in out.iterdir() if path.name.endswith(".tmp")]
    assert len(rows(out)) == len(whole) * 200 * EVENTS
    ballast.unlink()
    assert typed(*given).code == 0
    assert len(rows(out)) == 3000 * EVENTS


# ------------------------------------------------------------ what happened


def test_journals_pin_what_follows():
    """A subject with a journal is dated after it: a dose given late is given, and keeps its planned day."""
    given = Fact("given", "treatment/d14/belimumab", date(2027, 1, 20), number=1)
    batch = subjects(3).to_batches()[0]
    found = pa.Table.from_batches(events_of(STUDY, batch, columns=tuple(COLUMNS), facts={"S-00001": (given,)}))
    row = next(r for r in found.to_pylist() if (r["subject"], r["event"]) == ("S-00001", "treatment/d14/belimumab"))
    assert (row["state"], row["start"], row["planned"]) == ("given", date(2027, 1, 20), date(2027, 1, 16))
    assert len(found) == 3 * EVENTS


def test_a_journal_of_nobody_is_refused(tmp_path):
    """What is recorded of a subject that is not in the file is not passed over."""
    with pytest.raises(RegimenError, match="no subject 'S-99999', of whom there is a journal"):
        write_cohort(STUDY, subjects(3), tmp_path / "out.parquet", facts={"S-99999": ()})


# ------------------------------------------------------------ data frames


class Capsules:
    """Somebody's table that has nothing but the Arrow PyCapsule interface."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def test_any_table_with_capsules_will_do(tmp_path):
    """Data frames come in by the Arrow PyCapsule interface, whatever library made them."""
    write_cohort(STUDY, subjects(20), tmp_path / "one.parquet")
    write_cohort(STUDY, Capsules(subjects(20)), tmp_path / "two.parquet")
    assert rows(tmp_path / "one.parquet") == rows(tmp_path / "two.parquet")
    with pytest.raises(RegimenError, match="subjects are list, which gives no Arrow table"):
        write_cohort(STUDY, [1, 2], tmp_path / "three.parquet")


def test_polars_and_pandas(tmp_path):
    """Polars and pandas frames give the rows of the Arrow table."""
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    table = subjects(20)
    frames = {"arrow": table, "polars": polars.from_arrow(table), "pandas": pandas.DataFrame(table.to_pydict())}
    for name, frame in frames.items():
        write_cohort(STUDY, frame, tmp_path / f"{name}.parquet")
    found = [rows(tmp_path / f"{name}.parquet") for name in frames]
    assert found[0] == found[1] == found[2]


def test_a_frame_gives_a_frame_of_its_kind():
    """Pandas gives pandas, polars polars, anything else pyarrow; all with the same events."""
    table = subjects(5)
    found = events_frame(STUDY, table)
    assert isinstance(found, pa.Table)
    expected = found.to_pylist()
    assert len(expected) == 5 * EVENTS
    assert events_frame(STUDY, Capsules(table)).to_pylist() == expected
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    frame = events_frame(STUDY, polars.from_arrow(table))
    assert isinstance(frame, polars.DataFrame)
    assert pa.table(frame).to_pylist() == expected
    other = events_frame(STUDY, pandas.DataFrame(table.to_pydict()))
    assert isinstance(other, pandas.DataFrame)
    assert pa.Table.from_pandas(other, schema=found.schema).to_pylist() == expected
    with pytest.raises(RegimenError, match="row 2: subject 'a' is in row 1 already"):
        events_frame(STUDY, pa.table({"subject": ["a", "a"], "first_dose": [date(2027, 1, 4)] * 2}))


def test_no_library_of_frames_is_needed():
    """A cohort of a pyarrow table is dated where no library of data frames can be imported."""
    code = (
        "import sys\n"
        "class Nothing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in ('pandas', 'polars', 'duckdb', 'narwhals'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, Nothing())\n"
        "import pyarrow as pa; from regimen import load; from regimen.cohort.frames import events_frame\n"
        "table = pa.table({'subject': ['a'], 'first_dose': ['2027-01-04']})\n"
        "print(len(events_frame(load('belimumab-sle'), table)))"
    )
    done = process(code=code)
    assert done.stdout.decode().split() == ["23"], done.stderr.decode()


def test_batches_stay_as_they_are():
    """Batches that are kept do not change when later ones are made."""
    cohort = Cohort(STUDY, rows=100)
    kept = list(cohort.events_of(subjects(40).to_batches()[0]))
    assert len(kept) > 5
    assert pa.Table.from_batches(kept).to_pylist() == [row for batch in kept for row in batch.to_pylist()]
    whole = pa.Table.from_batches(events_of(STUDY, subjects(40).to_batches()[0]))
    assert whole.to_pylist() == pa.Table.from_batches(kept).to_pylist()


def test_other_readers_agree(tmp_path):
    """Polars and DuckDB read the encoded columns as pyarrow does."""
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    out = tmp_path / "out.parquet"
    write_cohort(STUDY, subjects(300), out, part_size=100)
    expected = [(row["subject"], row["event"], row["start"], row["latest"]) for row in rows(out)]
    frame = polars.read_parquet(out / "part-*.parquet").select("subject", "event", "start", "latest")
    assert sorted(frame.with_columns(polars.col("subject", "event").cast(polars.String)).rows()) == sorted(expected)
    query = f"select subject, event, start, latest from '{out}/part-*.parquet'"
    assert sorted(duckdb.sql(query).fetchall()) == sorted(expected)


def test_batches_with_words_of_their_own(tmp_path):
    """Arrow streams hold batches of several arms, each with its own words."""
    study = load("blinatumomab-mrd")
    names = [f"S-{n}" for n in range(60)]
    days = [date(2027, 1, 4) if n % 2 else None for n in range(60)]
    answers = {q: [[*d.options, None][n % (len(d.options) + 1)] for n in range(60)] for q, d in study.decisions.items()}
    table = pa.table({"subject": names, "first_dose": days, **answers})
    write_cohort(study, table, tmp_path / "out.arrow", columns=("subject", "event", "epoch", "state"))
    write_cohort(study, table, tmp_path / "out.parquet", columns=("subject", "event", "epoch", "state"))
    found = pa.ipc.open_stream((tmp_path / "out.arrow" / "part-00000.arrow").read_bytes())
    stream = [row for batch in found for row in batch.to_pylist()]
    assert stream == pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert {row["subject"] for row in stream} == set(names)


def test_a_name_is_no_formula(tmp_path):
    """A csv keeps a spreadsheet from running a subject's name."""
    table = pa.table({"subject": ["=1+1"], "first_dose": [date(2027, 1, 4)]})
    write_cohort(STUDY, table, tmp_path / "out.csv")
    assert '"\'=1+1"' in (tmp_path / "out.csv" / "part-00000.csv").read_text()
