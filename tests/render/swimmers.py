"""Where do tests get many subjects from? Synthetic journals of one study, each with another course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from regimen.facts import Fact
from regimen.journal import append, open_journal

STUDY = """\
format: regimen/1
study: {id: many, title: "Docetaxel, a made-up trial", first_day: 1}
anchors: {first_dose: first docetaxel infusion}
arms: {single: [treatment]}
epochs:
  treatment:
    from: first_dose
    cycles: every 21 days x8
    doses:
      docetaxel: {dose: 75 mg/m2 IV over 1 h, when: day 1, window: ±2 d, levels: {low: 60 mg/m2, lowest: 45 mg/m2}}
    visits:
      visit: {when: day 8, window: ±1 d}
"""
START = date(2027, 1, 4)


def given(cycle: int, on: date) -> Fact:
    """The dose of a cycle."""
    return Fact("given", f"treatment/c{cycle}/d1/docetaxel", on, by="AN")


def course(number: int) -> tuple[date, list[Fact]]:
    """What happens to subject ``number``: one of ten courses, from another day each."""
    start = START + timedelta(days=3 * number)
    doses = [given(cycle, start + timedelta(days=21 * (cycle - 1))) for cycle in range(1, 9)]
    kind, at = number % 10, lambda cycle, more=0: start + timedelta(days=21 * (cycle - 1) + more)
    courses: dict[int, list[Fact]] = {
        0: doses,
        1: [*doses[:3], Fact("discontinued", "all", at(4), why="progression", by="AN")],
        2: [*doses[:2], Fact("reduced", "docetaxel", at(3), level="low", why="neutropenia", by="AN"), *doses[2:6]],
        3: [*doses[:2], Fact("withdrawn", "", at(2, 12), why="moved away", by="AN")],
        4: [*doses[:4], Fact("missed", "treatment/c4/d8/visit", at(4, 7), why="forgotten", by="AN")],
        5: [doses[0], replace(doses[1], on=at(2, 4), why="strike", then="keep"), *doses[2:5]],
        6: [*doses[:3], Fact("held", "docetaxel", at(4), why="fever", by="AN")],
        7: [*doses[:2], Fact("held", "docetaxel", at(3), why="fever", by="AN"),
            Fact("restarted", "docetaxel", at(4), level="low", by="AN"), *doses[3:6],
            Fact("reduced", "docetaxel", at(7), level="lowest", why="neutropenia", by="AN"), *doses[6:]],
        8: [],
        9: doses[:1],
    }  # fmt: skip
    return start, courses[kind]


def journals(folder: Path, numbers: Sequence[int]) -> Iterator[Path]:
    """Their journals in a folder, with the definition beside them."""
    (folder / "many.yaml").write_text(STUDY, encoding="utf-8")
    for number in numbers:
        path = folder / f"s{number:03d}.jsonl"
        start, facts = course(number)
        now = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
        open_journal(path, study="many", arm="single", subject=f"{number:03d}", trial="./many.yaml", by="AN", now=now)
        append(path, Fact("anchor", "first_dose", start, by="AN"), now=now)
        for fact in facts:
            append(path, fact, now=datetime(fact.on.year, fact.on.month, fact.on.day, 12, tzinfo=UTC))
        yield path
