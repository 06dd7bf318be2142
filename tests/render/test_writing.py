"""Does a file come to its place whole, or not at all?"""

from __future__ import annotations

import os
import stat

import pytest

from regimen.errors import RegimenError
from regimen.render.writing import write_atomically


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("data", [b"a\r\nb\n\xff", "a\r\nb\n", ""])
def test_writes_what_it_was_given(tmp_path, data):
    """Bytes arrive as they are and text as UTF-8 with its own line ends; nothing else is left in the folder."""
    write_atomically(tmp_path / "plan.csv", data)
    assert (tmp_path / "plan.csv").read_bytes() == (data.encode() if isinstance(data, str) else data)
    assert names(tmp_path) == ["plan.csv"]


def test_path_as_text(tmp_path, monkeypatch):
    """A path may be a plain text, also one without a folder."""
    monkeypatch.chdir(tmp_path)
    write_atomically("plan.txt", "ü")
    assert (tmp_path / "plan.txt").read_bytes() == "ü".encode()


def test_replaces_and_keeps_permissions(tmp_path):
    """An existing file is replaced and keeps its permissions."""
    path = tmp_path / "plan.txt"
    path.write_text("old")
    path.chmod(0o640)
    write_atomically(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_follows_a_link(tmp_path):
    """A link stays a link; the file it points to is replaced."""
    path, link = tmp_path / "plan.txt", tmp_path / "latest.txt"
    path.write_text("old")
    link.symlink_to(path)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert path.read_text() == "new"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failure_keeps_the_old_file(tmp_path, monkeypatch, step):
    """When the disk fails at any step, the old file is as it was and no other is left."""
    path = tmp_path / "plan.txt"
    path.write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(RegimenError, match=r"could not be written \(No space left on device\); nothing was changed"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["plan.txt"]


def test_interrupt_leaves_nothing(tmp_path, monkeypatch):
    """An interrupt by the user passes through and leaves no temporary file."""

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "plan.txt", "new")
    assert names(tmp_path) == []


def test_folder_missing(tmp_path):
    """A missing folder is named; it is not made."""
    with pytest.raises(RegimenError, match="The folder .*missing does not exist; make it first"):
        write_atomically(tmp_path / "missing" / "plan.txt", "new")
    assert names(tmp_path) == []


def test_path_is_a_folder(tmp_path):
    """A folder in place of a file is refused."""
    with pytest.raises(RegimenError, match="is a folder; give the name of a file in it"):
        write_atomically(tmp_path, "new")


def test_folder_is_a_file(tmp_path):
    """A file in place of the folder is refused."""
    (tmp_path / "plan").write_text("old")
    with pytest.raises(RegimenError, match="does not exist"):
        write_atomically(tmp_path / "plan" / "plan.txt", "new")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_not_an_ordinary_file(tmp_path):
    """A device or a pipe is refused and not replaced by a file."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(RegimenError, match="is not an ordinary file"):
        write_atomically(tmp_path / "pipe", "new")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize(
    ("refused", "sentence"), [("", "The folder .* is not writable"), ("plan.txt", "plan.txt is write-protected")]
)
def test_not_writable(tmp_path, monkeypatch, refused, sentence):
    """A write-protected folder or file is refused before anything is written."""
    path = tmp_path / "plan.txt"
    path.write_text("old")
    closed = os.path.realpath(tmp_path / refused)
    monkeypatch.setattr(os, "access", lambda place, _mode: os.fspath(place) != closed)
    with pytest.raises(RegimenError, match=sentence):
        write_atomically(path, "new")
    assert path.read_text() == "old"


def test_text_that_is_not_unicode(tmp_path):
    """Text that no file can hold is refused with its place, and nothing is written."""
    with pytest.raises(RegimenError, match="character 2 of its text is not valid"):
        write_atomically(tmp_path / "plan.txt", "ab\ud800")
    assert names(tmp_path) == []
