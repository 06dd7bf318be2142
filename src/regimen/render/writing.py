"""How do files come to their places whole, or not at all?"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from regimen.disk import keep_entry
from regimen.errors import RegimenError


def write_atomically(path: str | os.PathLike[str], data: bytes | str) -> None:
    """Write the file whole; on any failure the old file stays as it was, and nothing is left beside it.

    Text is written as UTF-8 with the line ends it has. A link is followed and what it points to replaced.
    """
    write_together({Path(path): data})


PathName = TypeVar("PathName", str, Path)


class _Pending(NamedTuple):
    """A file on its way: its name as given, where it goes, and where it waits."""

    path: str | os.PathLike[str]
    target: Path
    temporary: Path


def write_together(files: Mapping[PathName, bytes | str]) -> None:
    """As ``write_atomically`` for several files: no old file goes before all new ones are whole on the disk."""
    pending = [_pending(path) for path in files]
    contents = [_encoded(data, one.target) for one, data in zip(pending, files.values(), strict=True)]
    for one in pending:
        _refuse_unusable(one.target)
    done: list[str] = []
    try:
        for one, content in zip(pending, contents, strict=True):
            _write_through(one.temporary, content, one.target)
        for one in pending:
            os.replace(one.temporary, one.target)
            done.append(str(one.path))
    except OSError as error:
        changed = f"only {', '.join(done)} was written" if done else "nothing was changed"
        raise RegimenError(f"{one.path} could not be written ({error.strerror or error}); {changed}.") from error
    finally:
        for one in pending:
            one.temporary.unlink(missing_ok=True)
    for folder in {one.target.parent for one in pending}:
        keep_entry(folder)


def _pending(path: str | os.PathLike[str]) -> _Pending:
    target = Path(os.path.realpath(path))
    return _Pending(path, target, target.parent / f".regimen-{secrets.token_hex(8)}.tmp")


def _encoded(data: bytes | str, target: Path) -> bytes:
    try:
        return data.encode("utf-8") if isinstance(data, str) else data
    except UnicodeEncodeError as error:
        raise RegimenError(f"{target} was not written: character {error.start} of its text is not valid.") from error


def _refuse_unusable(target: Path) -> None:
    folder = target.parent
    if target.is_dir():
        raise RegimenError(f"{target} is a folder; give the name of a file in it.")
    if target.exists() and not target.is_file():
        raise RegimenError(f"{target} is not an ordinary file and would be replaced by one; give another name.")
    if not folder.is_dir():
        raise RegimenError(f"The folder {folder} does not exist; make it first or write elsewhere.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise RegimenError(f"The folder {folder} is not writable; change its permissions or write elsewhere.")
    if target.exists() and not os.access(target, os.W_OK):
        raise RegimenError(f"{target} is write-protected; change its permissions or write elsewhere.")


def _write_through(temporary: Path, content: bytes, target: Path) -> None:
    """All bytes down to the disk before the name changes, so that a power cut leaves the old file or the new one."""
    with temporary.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if target.exists():
        temporary.chmod(target.stat().st_mode & 0o777)
