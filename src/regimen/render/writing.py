"""How does a file come to its place whole, or not at all?"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from regimen.disk import keep_entry
from regimen.errors import RegimenError


def write_atomically(path: str | os.PathLike[str], data: bytes | str) -> None:
    """Write the file whole; on any failure the old file stays as it was, and nothing is left beside it.

    Text is written as UTF-8 with the line ends it has. A link is followed and what it points to replaced.
    """
    target = Path(os.path.realpath(path))
    content = _encoded(data, target)
    _refuse_unusable(target)
    temporary = target.parent / f".regimen-{secrets.token_hex(8)}.tmp"
    try:
        _write_through(temporary, content, target)
        os.replace(temporary, target)
    except OSError as error:
        raise RegimenError(f"{path} could not be written ({error.strerror or error}); nothing was changed.") from error
    finally:
        temporary.unlink(missing_ok=True)
    keep_entry(target.parent)


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
