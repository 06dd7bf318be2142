"""Does a journal stay whole when several programs write at once, are killed, or meet a full or strange disk?"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.commands import environment
from tests.journal.samples import GIVEN, NOW, begun, chain_holds, filled, opened

from regimen.errors import RegimenError
from regimen.facts import Fact
from regimen.journal import append, examine, locks, read_journal, repair, writing

CROWD = str(Path(__file__).with_name("crowd.py"))
DECIDED = Fact("decision", "transplant", answer="no", by="AN")

posix = pytest.mark.skipif(os.name != "posix", reason="needs a signal that cannot be caught")


def writer(path: Path, name: str, count: int, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, CROWD, str(path), name, str(count), *words],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize(("writers", "count"), [(2, 60), (8, 20)])
def test_programs_that_write_at_once_lose_nothing(writers, count, tmp_path):
    """Two or eight programs at once: every fact is there once, in each one's own order, and the chain is whole."""
    path = begun(tmp_path)
    programs = {f"w{n}": writer(path, f"w{n}", count) for n in range(writers)}
    said = {name: program.communicate(timeout=120) for name, program in programs.items()}
    assert [(program.returncode, said[name][1]) for name, program in programs.items()] == [(0, "")] * writers
    journal = read_journal(path)
    assert len(journal.facts) == 1 + writers * count
    for name, (out, _) in said.items():
        own = [fact for fact in journal.facts if fact.by == name]
        assert [fact.target for fact in own] == [f"{name}-{n}" for n in range(count)]
        assert [fact.number for fact in own] == [int(line) for line in out.split()]
    assert chain_holds(path.read_bytes())


def test_one_of_two_that_open_at_once_wins(tmp_path):
    """Two programs that open the same journal at once: one does, the other is refused, and nothing is doubled."""
    path = tmp_path / "s.jsonl"
    code = (
        "import sys; sys.path.insert(0, '.'); from pathlib import Path; from tests.journal.samples import opened;"
        f"opened(Path({str(path)!r}), subject=sys.argv[1])"
    )
    programs = [
        subprocess.Popen([sys.executable, "-c", code, f"00{n}"], env=environment(), stderr=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    said = [program.communicate(timeout=60)[1] for program in programs]
    winner = read_journal(path).opened.subject
    assert sorted(program.returncode for program in programs) == [0, 1, 1, 1]
    assert [f"is the journal of subject {winner} already" in text for text in said].count(True) == 3


@posix
def test_a_kill_in_the_middle_of_a_write_loses_no_whole_line(tmp_path):
    """Half a line is told of and is no fact; all before it is there, and after the repair the journal goes on."""
    path = begun(tmp_path)
    for round_ in range(3):
        before = examine(path).lines
        program = writer(path, f"w{round_}", 5, "TORN")
        out, _ = program.communicate(timeout=60)
        assert program.returncode == -signal.SIGKILL
        found = examine(path)
        assert [int(line) for line in out.split()] == list(range(before + 1, before + 5))
        assert [fact.number for fact in found.facts] == list(range(1, before + 5))
        assert [problem.line for problem in found.problems] == [before + 5]
        torn = found.rest
        assert torn.startswith(f'{{"number": {before + 5}, "what": "decision"'.encode())
        done = repair(path)
        assert done is not None
        assert done.torn is not None
        assert done.torn.read_bytes().endswith(torn + b"\n")
        assert chain_holds(path.read_bytes())
    assert append(path, DECIDED, now=NOW).number == 14


@posix
def test_a_killed_program_leaves_a_readable_journal(tmp_path):
    """Programs killed at any moment leave all that they said was recorded, and the lock does not stay behind."""
    path = begun(tmp_path)
    promised: list[int] = []
    for round_ in range(10):
        program = writer(path, f"w{round_}", 10_000)
        assert program.stdout is not None
        promised.append(int(program.stdout.readline()))
        time.sleep(0.004 * round_)
        program.kill()
        promised += [int(line) for line in program.communicate(timeout=60)[0].split()]
        repair(path)
        facts = read_journal(path).facts
        assert {fact.number for fact in facts} >= set(promised)
    assert len(promised) == len(set(promised)) >= 10
    assert append(path, DECIDED, now=NOW).number == len(read_journal(path).facts)
    assert chain_holds(path.read_bytes())


def test_a_reader_waits_for_a_writer(tmp_path, monkeypatch):
    """A line that another program is just writing is not taken for one that a crash cut off."""
    path = filled(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    monkeypatch.setattr("regimen.journal.reading.waited_for", lambda place: place.write_bytes(whole))
    assert len(read_journal(path).facts) == 6


def test_a_journal_that_stays_locked_is_refused_in_the_end(tmp_path, monkeypatch):
    """A program that never lets go is not waited for without end, and nothing is written."""
    path = begun(tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr(locks, "_STEPS", 3)
    descriptor = os.open(path, os.O_RDWR)
    try:
        with locks.locked(descriptor, path), pytest.raises(RegimenError) as error:
            append(path, DECIDED, now=NOW)
    finally:
        os.close(descriptor)
    assert str(error.value) == (f"{path} is held by another program that writes to it; nothing was written. Try again.")
    assert path.read_bytes() == before
    assert append(path, DECIDED, now=NOW).number == 2


def test_a_disk_that_cannot_lock_is_refused(tmp_path, monkeypatch):
    """Where files cannot be locked two programs could write at once, so nothing is written at all."""

    def refuse(descriptor, shared):
        raise OSError(errno.ENOLCK, "No locks available")

    path = begun(tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr(locks, "_take", refuse)
    with pytest.raises(RegimenError, match="cannot be locked where it lies .No locks available.*Keep the journal on"):
        append(path, DECIDED, now=NOW)
    assert path.read_bytes() == before
    assert len(read_journal(path).facts) == 1


@pytest.mark.parametrize("size", [0, 1, 50])
def test_a_full_disk_takes_nothing(size, tmp_path, monkeypatch):
    """If the disk takes only part of a line, that part is taken back and the refusal says so."""
    path = filled(tmp_path)
    before = path.read_bytes()
    whole = os.write
    left = [size]

    def partly(descriptor, data):
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = whole(descriptor, data[: left[0]])
        left[0] -= written
        return written

    monkeypatch.setattr(writing.os, "write", partly)
    with pytest.raises(RegimenError) as error:
        append(path, DECIDED, now=NOW)
    monkeypatch.undo()
    assert str(error.value) == f"{path} could not be written (No space left on device). Nothing was recorded."
    assert path.read_bytes() == before
    assert append(path, DECIDED, now=NOW).number == 7


def test_a_line_written_in_pieces_is_whole(tmp_path, monkeypatch):
    """A disk that takes a few bytes at a time gets them all."""
    path = begun(tmp_path)
    whole = os.write
    monkeypatch.setattr(writing.os, "write", lambda descriptor, data: whole(descriptor, data[:7]))
    append(path, GIVEN, now=NOW)
    monkeypatch.undo()
    assert len(read_journal(path).facts) == 2


def test_a_journal_replaced_while_waiting_is_opened_again(tmp_path, monkeypatch):
    """If another program put a new file in its place while we waited, the fact goes into the new one."""
    path = begun(tmp_path)
    other = tmp_path / "other.jsonl"
    opened(other, subject="002")
    still = writing._is_still

    def replaced_once(descriptor, place):
        if other.exists():
            os.replace(other, path)
        return still(descriptor, place)

    monkeypatch.setattr(writing, "_is_still", replaced_once)
    append(path, DECIDED, now=NOW)
    journal = read_journal(path)
    assert (journal.opened.subject, len(journal.facts)) == ("002", 2)


def test_what_is_recorded_is_on_the_disk(tmp_path, monkeypatch):
    """The bytes are pushed down to the disk before the fact counts as recorded."""
    path = begun(tmp_path)
    pushed = []
    real = os.fsync
    monkeypatch.setattr(
        writing.os, "fsync", lambda descriptor: pushed.append(os.fstat(descriptor).st_size) or real(descriptor)
    )
    append(path, DECIDED, now=NOW)
    assert pushed == [path.stat().st_size]
