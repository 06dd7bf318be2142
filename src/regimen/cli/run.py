"""How does a command run? Parses, calls the verb, and turns every refusal into words and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from regimen.cli import FINE, REFUSED, USAGE
from regimen.cli.parser import make_parser
from regimen.errors import RegimenError


def run(arguments: Sequence[str]) -> int:
    """Run one command; data goes to stdout, words to stderr."""
    parser = make_parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else USAGE
    if options.verb is None:
        parser.print_help()
        return FINE
    try:
        code: int = options.call(options)
        sys.stdout.flush()
    except BrokenPipeError:
        return _closed_pipe()
    except RegimenError as error:
        return _refused(error)
    except KeyboardInterrupt:
        print("stopped.", file=sys.stderr)
        return 130
    return code


def _refused(error: RegimenError) -> int:
    text = str(error)
    print(f"regimen: {text}" if "\n" not in text else f"regimen:\n{text}", file=sys.stderr)
    return REFUSED


def _closed_pipe() -> int:
    """The reader of our output has gone; nothing more can be said there."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FINE
