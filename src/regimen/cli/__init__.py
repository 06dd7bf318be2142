"""The command line: one verb, one library call; the only place that prints."""

from __future__ import annotations

import sys
from collections.abc import Sequence

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
