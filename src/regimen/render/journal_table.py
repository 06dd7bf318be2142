"""How do people read a journal? One sentence for a fact, a table for all of them, and JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from regimen.facts import POLICY_WORDS, Fact
from regimen.journal.dates import moment_text, recorded_text
from regimen.journal.terms import Examined, Journal, Opening, corrections
from regimen.render.words import day_in_words, moment_in_words, one_line

_SAID = {
    "anchor": "{target} is {on}",
    "decision": "{target} is decided: {answer}",
    "given": "{target} given on {on}",
    "done": "{target} done on {on}",
    "missed": "{target} missed",
    "skipped": "{target} is skipped",
    "moved": "{target} moved to {on}",
    "delayed": "{target} delayed to {on}",
    "held": "{target} on hold from {on}",
    "restarted": "{target} started again on {on}",
    "reduced": "{target} changed from {on}",
    "discontinued": "{target} stopped for good on {on}",
    "withdrawn": "subject left the study on {on}",
    "visit": "unscheduled visit {target} on {on}",
}


def sentence(fact: Fact, opening: Opening | None = None, place: int = 0) -> str:
    """What a fact says, who recorded it and why, in one sentence that begins with its line.

    ``place`` is the line of the fact that a correction is about in the end, if it corrects a correction.
    """
    if opening is not None:
        said = f"journal opened for subject {opening.subject} of {opening.study}, arm {opening.arm}"
    elif fact.what == "corrected":
        said = _correction(fact, place)
    else:
        said = said_of(fact)
    why = f", because: {one_line(fact.why)}" if fact.why else ""
    return f"Line {fact.number}: {said}{why}; recorded by {fact.by}."


def said_of(fact: Fact) -> str:
    """What a fact says, without its reason."""
    on = moment_in_words(fact.on) if fact.on is not None else ""
    words = _SAID[fact.what].format(
        target="everything" if fact.target == "all" else fact.target, on=on, answer=fact.answer
    )
    if fact.what in ("missed", "skipped") and on:
        words += f" on {on}"
    return ", ".join([words, *details(fact)])


def _correction(fact: Fact, place: int) -> str:
    through = f", and with it line {place}," if place not in (0, fact.corrects) else ""
    if fact.instead is None:
        return f"line {fact.corrects}{through} is struck out; nothing takes its place"
    return f"line {fact.corrects}{through} is corrected to: {said_of(fact.instead)}"


def details(fact: Fact) -> list[str]:
    """How much, at which level, from which cause and what becomes of the doses after it."""
    parts = [fact.amount, f"dose level {fact.level}" if fact.level else "", f"cause {fact.cause}" if fact.cause else ""]
    parts.append(f"then {POLICY_WORDS[fact.then]}" if fact.then else "")
    return [part for part in parts if part]


# ---------------------------------------------------------------- for people

_HEADS = ("Line", "Recorded (UTC)", "Fact", "About", "Date", "Details", "By", "Corrected", "Why")


def as_text(journal: Journal | Examined) -> str:
    """The journal as a table; corrected lines stay, marked with × and with the line that corrects them."""
    opening = journal.opened
    head = [*_head(opening), ""] if opening is not None else []
    later = _later(journal.facts)
    rows = [_row(fact, later.get(fact.number, "")) for fact in journal.facts]
    widths = [max(len(row[n]) for row in [_HEADS, *rows]) for n in range(len(_HEADS))]
    used = [n for n in range(len(_HEADS)) if any(row[n] for row in rows)]
    table = [_HEADS, ["-" * width for width in widths], *rows]
    lines = ["  ".join(f"{row[n]:<{widths[n]}}" for n in used).rstrip() for row in table]
    return "\n".join([*head, *lines]) + "\n"


def _head(opening: Opening) -> list[str]:
    said = {
        "Subject": opening.subject, "Study": opening.study, "Arm": opening.arm, "Definition": opening.trial,
        "Version": opening.version, "Assumed": ", ".join(opening.assume), "Time zone": opening.zone,
        "Horizon": opening.horizon,
    }  # fmt: skip
    return [f"{key:<10}  {value}" for key, value in said.items() if value]


def _later(facts: Sequence[Fact]) -> dict[int, str]:
    """Lines that were corrected, each with what became of it."""
    return {
        fact.corrects: f"by line {fact.number}" if fact.instead is not None else f"struck out by line {fact.number}"
        for fact in facts
        if fact.corrects is not None
    }


def _row(fact: Fact, later: str) -> Sequence[str]:
    said, about = fact, fact.target
    if fact.what == "corrected":
        said = fact.instead or fact
        about = f"line {fact.corrects}" + (f": {said.what} {said.target}".rstrip() if fact.instead is not None else "")
    on = moment_in_words(said.on) if said.on is not None else ""
    answer = [said.answer] if said.answer and fact.what != "opened" else []
    return (
        f"{fact.number}{' ×' if later else ''}", _recorded(fact.recorded), fact.what, about, on,
        ", ".join([*answer, *details(said)]), fact.by, later, one_line(fact.why),
    )  # fmt: skip


def _recorded(moment: datetime | None) -> str:
    return f"{day_in_words(moment.date())} {moment:%H:%M}" if moment is not None else ""


# ---------------------------------------------------------------- for programs


def as_json(journal: Journal) -> str:
    """The journal as JSON: whose it is, every fact, and which of them hold; keys always in the same order."""
    opening, corrected_by = journal.opened, corrections(journal.facts)
    content = {
        "opened": {key: _plain(getattr(opening, key)) for key in Opening.__dataclass_fields__},
        "head": journal.hashes[-1],
        "facts": [{**_json_fact(fact), "corrected_by": corrected_by.get(fact.number)} for fact in journal.facts],
        "effective": [_json_fact(fact) for fact in journal.effective],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _json_fact(fact: Fact) -> dict[str, Any]:
    keys = ("number", "what", "target", "on", "amount", "level", "answer", "cause", "then", "corrects")
    said = {key: _plain(getattr(fact, key)) for key in keys}
    said["on"] = moment_text(fact.on) if fact.on is not None else None
    said["instead"] = _json_fact(fact.instead) if fact.instead is not None else None
    said.update(why=fact.why, by=fact.by, recorded=recorded_text(fact.recorded) if fact.recorded is not None else None)
    return said


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
