"""Who may write now? One program at a time holds a journal's lock; it falls open by itself when that program ends.

The lock is on the journal itself, so that nothing is left in its folder and no other file can be tidied away. On
Windows, where a locked byte cannot be read by others, it is a byte far behind the end of any journal.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regimen.errors import RegimenError

_STEP_SECONDS = 0.02
_STEPS = 1500
"""Half a minute in all; writing a fact takes a few milliseconds."""

if sys.platform == "win32":
    import msvcrt

    _FAR = 0x7FFF_FFF0
    BINARY = os.O_BINARY

    def _take(descriptor: int, shared: bool) -> None:  # noqa: ARG001 - there is one kind
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    BINARY = 0

    def _take(descriptor: int, shared: bool) -> None:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


_BUSY = frozenset({errno.EAGAIN, errno.EACCES, errno.EDEADLK, errno.EWOULDBLOCK})


@contextmanager
def locked(descriptor: int, path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of an open journal, waiting up to half a minute; raises ``RegimenError`` if it cannot be had."""
    for _ in range(_STEPS):
        try:
            _take(descriptor, shared)
            break
        except OSError as error:
            if error.errno not in _BUSY:
                raise RegimenError(
                    f"{path} cannot be locked where it lies ({error.strerror or error}), so two programs could "
                    "write at once; nothing was written. Keep the journal on a disk that can lock files."
                ) from error
        time.sleep(_STEP_SECONDS)
    else:
        raise RegimenError(f"{path} is held by another program that writes to it; nothing was written. Try again.")
    try:
        yield
    finally:
        _release(descriptor)


def waited_for(path: Path) -> None:
    """Wait until nobody is writing; where that cannot be found out, go on."""
    try:
        descriptor = os.open(path, os.O_RDONLY | BINARY)
    except OSError:
        return
    try:
        with locked(descriptor, path, shared=True):
            return
    except RegimenError:
        return
    finally:
        os.close(descriptor)
