"""How does one look at a journal? ``regimen journal show``, ``verify`` and ``repair``."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Callable

from regimen.cli import FINE, REFUSED
from regimen.cli.verbs import as_json, emit, say

_FOOT = "Planning aid, not a medical device: verify every date against the protocol."


def add_journal(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """The verb ``journal`` with what can be done with one."""
    verb = commands.add_parser(
        "journal", help="show a subject's journal, verify that it is as it was written, or repair its end",
        description="Show a subject's journal, verify that it is as it was written, or repair its end after a crash.",
        epilog="example:\n  regimen journal show s001.jsonl\n\n" + _FOOT,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    tasks = verb.add_subparsers(dest="task", metavar="TASK", required=True, help="what to do; TASK --help tells more")
    shown = _task(tasks, "show", "every line as a table; corrected lines are marked", show)
    shown.add_argument("--json", action="store_true", help="the same as JSON")
    verified = _task(tasks, "verify", "check that no line was edited, removed, swapped or inserted", verify)
    verified.add_argument(
        "--holds", metavar="HASH", type=_hash,
        help="the beginning of a line's hash that was noted earlier: is that line still there?",
    )  # fmt: skip
    verified.add_argument("--json", action="store_true", help="the same as JSON")
    _task(tasks, "repair", "mend a last line that a crash cut off; nothing is lost", repair)


def _task(
    tasks: argparse._SubParsersAction, name: str, about: str, call: Callable[[Namespace], int]  # type: ignore[type-arg]
) -> argparse.ArgumentParser:  # fmt: skip
    task: argparse.ArgumentParser = tasks.add_parser(
        name, help=about, description=about[:1].upper() + about[1:] + ".", epilog=_FOOT, allow_abbrev=False
    )
    task.set_defaults(call=call)
    task.add_argument("journal", metavar="JOURNAL", help="the subject's journal, such as s001.jsonl")
    return task


def _hash(text: str) -> str:
    if not 8 <= len(text) <= 64 or set(text.lower()) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a hash: 8 to 64 of the digits 0-9 and a-f")
    return text.lower()


def show(options: Namespace) -> int:
    """Every line; a damaged journal is shown as far as it can be read."""
    from regimen.journal import examine, read_journal
    from regimen.render import journal_table

    if options.json:
        emit(journal_table.as_json(read_journal(options.journal)))
        return FINE
    found = examine(options.journal)
    if found.facts:
        emit(journal_table.as_text(found))
    if not found.problems:
        return FINE
    if found.facts:
        say("This journal is not whole; what can be read of it is above, what is wrong is here:")
    say("\n".join(map(str, found.problems)))
    return REFUSED


def verify(options: Namespace) -> int:
    """Whether the journal is as it was written."""
    from regimen.journal import verify as verified

    found = verified(options.journal, holds=options.holds or "")
    if options.json:
        emit(as_json({"lines": found.lines, "head": found.head, "breaks": found.breaks, "notes": found.notes}))
        return REFUSED if found.breaks else FINE
    if found.breaks:
        emit("\n".join(map(str, found.breaks)))
        return REFUSED
    emit(f"{options.journal}: {found.lines} lines, each as it was written.\nHash of the last line: {found.head}")
    for note in found.notes:
        say(f"note: {note}")
    return FINE


def repair(options: Namespace) -> int:
    """Mend the end of a journal."""
    from regimen.journal import repair as repaired

    done = repaired(options.journal)
    emit(done.sentence if done is not None else f"{options.journal}: nothing to repair; its last line is whole.")
    return FINE
