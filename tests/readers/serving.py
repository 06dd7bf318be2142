"""How does a test run a server on loopback that is stopped in every case?"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.readers.installed import SERVERS, TIME_LIMIT

LOOPBACK = "127.0.0.1"
START_LIMIT = 30
"""Seconds in which a server must answer."""


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: the test says what went wrong."""


@contextlib.contextmanager
def files_over_http(folder: Path) -> Iterator[str]:
    """The address under which the files of a folder can be fetched."""
    with ThreadingHTTPServer((LOOPBACK, 0), partial(_Silent, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def radicale(folder: Path) -> Iterator[HTTPConnection]:
    """A connection to a CalDAV server of its own that keeps its collections in ``folder``."""
    port = _free_port()
    options = ["--hosts", f"{LOOPBACK}:{port}", "--auth-type", "none", "--storage-filesystem-folder", str(folder)]
    # An empty -C: no configuration of the machine's.
    command = [*SERVERS["radicale"][1], "-C", "", *options]
    with (folder / "log.txt").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            _wait_until_open(port, server, folder / "log.txt")
            connection = HTTPConnection(LOOPBACK, port, timeout=TIME_LIMIT)
            with contextlib.closing(connection):
                yield connection
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_open(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_LIMIT
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"the CalDAV server does not answer:\n{log.read_text(encoding='utf-8')[-4000:]}")
