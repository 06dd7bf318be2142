"""Is a part the same wherever it is made, however often, and does a worker that cannot make it say so?"""

from __future__ import annotations

import ctypes
import json
import sys
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from tests.cohort.engines.cohorts import EVENTS, FACTS, STUDY, leftovers, rows, same, subjects

from regimen.cli import main
from regimen.cohort.engines import allocating, engine_of, parcels
from regimen.cohort.engines.allocating import KEPT, MAP, TRIM, keep_memory
from regimen.cohort.engines.parcels import Parcel, make_part, parcels_of, received
from regimen.cohort.running import Share, write_cohort
from regimen.errors import RegimenError


def by_post(share: Share) -> None:
    """An engine that sends every part to this very process."""
    for parcel in parcels_of(share):
        received(share, make_part(parcel))


def first_parcel(share: Share) -> Parcel:
    return next(parcels_of(share))


@pytest.mark.parametrize("format", ["parquet", "arrow", "csv"])
def test_a_part_that_was_sent_is_the_same(tmp_path, format):
    """Parts made from what is sent are those of threads, byte for byte, journals included; so is the manifest."""
    for name, engine in (("here", None), ("sent", by_post)):
        write_cohort(STUDY, subjects(2500), tmp_path / name, format=format, facts=FACTS, part_size=1000, engine=engine)
    names = sorted(path.name for path in (tmp_path / "here").iterdir() if not path.name.startswith("_job"))
    assert len([name for name in names if name.startswith("part-")]) == 3
    for name in names:
        assert (tmp_path / "sent" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()
    totals = json.loads((tmp_path / "sent" / "_manifest.json").read_text())["totals"]
    assert (totals["subjects"], totals["events"], totals["alone"]) == (2500, 2500 * EVENTS, 1)


def test_only_the_facts_of_a_part_are_sent(tmp_path):
    """What is recorded of a subject goes with its part and with no other."""
    sent = []

    def engine(share: Share) -> None:
        sent.extend(parcels_of(share))
        for parcel in sent:
            received(share, make_part(parcel))

    write_cohort(STUDY, subjects(30), tmp_path / "out.parquet", facts=FACTS, part_size=10, engine=engine)
    assert [list(parcel.facts) for parcel in sent] == [["S-000007"], [], []]
    assert len({parcel.recipe for parcel in sent}) == 1


def test_a_part_made_twice_is_there_once(tmp_path):
    """A worker whose answer was lost is followed by another, which finds the part and leaves it as it is."""

    def engine(share: Share) -> None:
        for parcel in parcels_of(share):
            row = make_part(parcel)
            before = share.folder.file_of(parcel.part).stat()
            assert make_part(parcel) == row
            assert share.folder.file_of(parcel.part).stat() == before
            received(share, row)

    write_cohort(STUDY, subjects(40), tmp_path / "out.parquet", part_size=10, engine=engine)
    assert len(rows(tmp_path / "out.parquet")) == 40 * EVENTS


def test_two_writers_of_one_part_do_not_meet(tmp_path, monkeypatch):
    """A worker given up for lost may still be writing: its file has a name of its own, and goes when all is whole."""
    lost = []

    def engine(share: Share) -> None:
        for parcel in parcels_of(share):
            path = share.folder.path / f".part-{parcel.part:05d}.parquet.elsewhere-{parcel.part}-1.tmp"
            path.write_bytes(b"half a part")
            lost.append(path)
            received(share, make_part(parcel))
            assert path.read_bytes() == b"half a part"

    write_cohort(STUDY, subjects(20), tmp_path / "out.parquet", part_size=10, engine=engine)
    assert len(lost) == 2
    assert leftovers(tmp_path / "out.parquet") == []


def refused(tmp_path: Path, change: dict[str, object]) -> str:
    """What a worker says to a parcel that was changed on its way; nothing may be left after it."""

    def engine(share: Share) -> None:
        make_part(replace(first_parcel(share), **change))

    with pytest.raises(RegimenError) as said:
        write_cohort(STUDY, subjects(3), tmp_path / "out.parquet", engine=engine)
    assert not (tmp_path / "out.parquet").exists()
    return str(said.value)


def test_another_version_is_refused(tmp_path):
    """A worker makes no part for another version of regimen: its rows might differ."""
    assert "this machine has 0.0.1; install the same version on both" in refused(tmp_path, {"version": "0.0.1"})


def test_a_worker_that_does_not_see_the_folder_says_so(tmp_path):
    """A worker writes only to the folder that was prepared for this run, never to one of its own."""
    (tmp_path / "elsewhere").mkdir()
    for folder in ("nowhere", "elsewhere"):
        assert "share" in refused(tmp_path, {"folder": str(tmp_path / folder)})
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert not (tmp_path / "nowhere").exists()


def test_a_part_that_is_not_seen_from_here_is_an_error(tmp_path, monkeypatch):
    """What a worker reports is not believed until the part is seen; a run is not called whole on its word."""
    monkeypatch.setattr(parcels, "LOOKS", 2)

    def engine(share: Share) -> None:
        row = make_part(first_parcel(share))
        share.folder.file_of(0).unlink()
        received(share, row)

    with pytest.raises(RegimenError, match="has written part 0, and it is not in .*; give a folder that"):
        write_cohort(STUDY, subjects(3), tmp_path / "out.parquet", engine=engine)


def test_a_part_too_large_to_send_is_refused(tmp_path, monkeypatch):
    """A part larger than a cluster takes is refused with what to do."""
    monkeypatch.setattr(parcels, "LARGEST", 100)
    with pytest.raises(RegimenError, match="give a smaller --part-size"):
        write_cohort(STUDY, subjects(3), tmp_path / "out.parquet", engine=by_post)


def test_words_that_differ_between_batches_are_sent(tmp_path):
    """Subjects with dictionaries of their own in every batch arrive as they are."""
    table = subjects(30)
    sites = pa.chunked_array([table["site"].slice(n, 10).combine_chunks().dictionary_encode() for n in (0, 10, 20)])
    table = table.set_column(1, "site", sites)
    for name, engine in (("here", None), ("sent", by_post)):
        write_cohort(STUDY, table, tmp_path / name, format="parquet", part_size=25, engine=engine)
    assert same(tmp_path / "here", tmp_path / "sent")


# ------------------------------------------------------------ memory


def thresholds(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> list[tuple[int, int]]:
    """What glibc is told under an environment."""
    told: list[tuple[int, int]] = []

    class Library:
        def __init__(self, name: object) -> None: ...

        def mallopt(self, number: int, size: int) -> int:
            told.append((number, size))
            return 1

    for name in KEPT:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(allocating.ctypes, "CDLL", Library)
    keep_memory.cache_clear()
    keep_memory()
    keep_memory()
    keep_memory.cache_clear()
    return told


BOTH = [(-1, 256 << 20), (-3, 32 << 20)]


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({}, BOTH),
        ({TRIM: "65536"}, BOTH),
        ({TRIM: "131072"}, []),
        ({TRIM: "65536", MAP: "65536"}, []),
    ],
    ids=["nothing chosen", "Dask's own default", "chosen", "the other one chosen"],
)
def test_workers_keep_their_memory(monkeypatch, environment, told):
    """A worker keeps what it frees, once for all its parts, unless whoever started it chose otherwise."""
    assert thresholds(monkeypatch, environment) == told


def test_without_glibc_nothing_is_set(monkeypatch):
    """Where the C library has no such call, parts are made all the same."""

    def no_library(name: object) -> object:
        raise OSError("no such library")

    monkeypatch.delenv(TRIM, raising=False)
    monkeypatch.setattr(ctypes, "CDLL", no_library)
    keep_memory.cache_clear()
    keep_memory()
    keep_memory.cache_clear()


# ------------------------------------------------------------ which engine


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "threads", "scheduler": "tcp://a:1"}, "add --engine dask"),
        ({"name": "spark", "scheduler": "tcp://a:1"}, "add --engine dask"),
        ({"name": "threads", "master": "local"}, "add --engine spark"),
        ({"name": "dask", "master": "local"}, "add --engine spark"),
        ({"name": "dask"}, "needs the cluster's address, such as --scheduler"),
        ({"name": "ray"}, "no engine 'ray'; the engines are threads, dask, spark"),
    ],
)
def test_an_option_of_another_engine_is_refused(options, said):
    """An option that the engine does not know is never passed over."""
    with pytest.raises(RegimenError, match=said):
        engine_of(**options)


@pytest.mark.parametrize(
    ("name", "package", "options"),
    [("dask", "distributed", {"scheduler": "tcp://127.0.0.1:1"}), ("spark", "pyspark", {"master": "local"})],
)
def test_an_engine_that_is_not_installed_says_how(monkeypatch, name, package, options):
    """Without its extra an engine says which one to install."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(RegimenError, match=rf"pip install 'regimen\[{name}\]'"):
        engine_of(name, **options)


def test_threads_are_of_this_machine(capsys):
    """How many threads a cluster has is not ours to say, so the option is refused there."""
    given = ["cohort", "belimumab-sle", "subjects.csv", "-o", "out.parquet", "--engine", "dask", "--threads", "2"]
    assert main([*given, "--scheduler", "tcp://127.0.0.1:1"]) == 1
    assert "--threads is for this machine" in capsys.readouterr().err
