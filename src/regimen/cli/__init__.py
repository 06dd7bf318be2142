"""The command line: one verb, one library call; the only place that prints."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from regimen._version import __version__

FINE, REFUSED, USAGE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the result is the exit code: 0 fine, 1 findings or refused input, 2 usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-V"]):
        print(f"regimen {__version__}")
        return FINE
    from regimen.cli.run import run

    return run(given)


def command() -> NoReturn:
    """The program itself: run, flush, and leave at once, because taking the interpreter apart costs a fifth of it."""
    # A command lives too briefly to profit from collecting what it has just loaded.
    gc.set_threshold(200_000, 20, 50)
    # Looking for pydantic plugins costs a tenth of a cold start, and this program uses none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        code = code or REFUSED
    os._exit(code)
