"""After what happened to whom is a subject dated? The journal that a verb takes into account."""

from __future__ import annotations

import argparse
from argparse import Namespace
from typing import TYPE_CHECKING

from regimen.cli.compare import is_journal
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.journal import Journal


def add_happened(verb: argparse.ArgumentParser) -> None:
    """The subject's journal; a verb with it also takes the journal in the place of the trial."""
    verb.add_argument(
        "--journal", metavar="FILE",
        help="what happened: the subject's journal, such as s001.jsonl; given as TRIAL, it names its definition itself",
    )  # fmt: skip


def happened(options: Namespace) -> tuple[Journal, str | None] | None:
    """The journal that the options name, and the definition to read it by if not its own; None for no journal."""
    path: str | None = options.journal
    itself = is_journal(options.trial)
    if itself and path is not None:
        raise RegimenError(
            f"{options.trial} and {path} are two journals; give a trial with --journal FILE, or one journal alone, "
            f"such as: regimen {options.verb} s001.jsonl"
        )
    if path is None and not itself:
        return None
    from regimen.journal import read_journal

    return read_journal(path or options.trial), None if itself else options.trial
