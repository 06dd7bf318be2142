"""What does one of many writers do? Appends facts as fast as it can; run as a process of its own by the tests.

``python crowd.py JOURNAL WRITER COUNT``: prints the number of each line once it is recorded. With ``TORN`` as a fourth
word the process kills itself in the middle of writing its last fact.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime

from regimen.facts import Fact
from regimen.journal import append

NOW = datetime(2027, 2, 1, 9, 30, tzinfo=UTC)


def write_half_and_die(descriptor: int, data: bytes) -> int:
    """A kill in the middle of a write: half of the bytes reach the file, and nobody is left to tidy up."""
    _write(descriptor, data[: len(data) // 2])
    os.fsync(descriptor)
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


_write = os.write

if __name__ == "__main__":
    path, writer, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    for number in range(count):
        if "TORN" in sys.argv and number == count - 1:
            os.write = write_half_and_die
        fact = append(path, Fact("decision", f"{writer}-{number}", answer="yes", by=writer), now=NOW)
        print(fact.number, flush=True)
