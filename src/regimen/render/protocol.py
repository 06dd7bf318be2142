"""How does a definition read in a terminal, or as JSON, for somebody who checks it against the protocol?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from regimen.definition.models import Study
from regimen.render.activities import Grid, Row
from regimen.render.described import ArmSaid, EpochSaid, Facts, StudySaid, described
from regimen.render.items import ItemSaid
from regimen.render.remarks import Open
from regimen.render.words import PLANNING_AID, one_line, wrapped

WIDTH = 100

_GAP = "  "
_LABEL = 34


def as_text(study: Study, arm: str | None = None) -> str:
    """The definition in plain sentences, with a schedule of activities; one arm, or all of them."""
    said = described(study, arm)
    blocks = [
        [*wrapped(said.title, WIDTH), *_facts(said.facts, "")],
        _section("How days, weeks and months are counted", _bullets(said.counting)),
        _section("Dates to give (anchors)", _facts(said.anchors)),
        _section("Questions to decide", _facts(said.decisions)),
        _section("Arms", [line for entry in said.arms for line in _arm(entry)]),
        *(_epoch(epoch) for epoch in said.epochs),
        _section("Assumed", _open(said.assumed)) or ["Assumed: nothing."],
        _section("Not stated", _open(said.not_stated)) or ["Not stated: nothing is marked as missing."],
        _section("Assumptions offered", _facts(said.assumptions)),
        _section("Sources", _facts(said.sources)),
        *_schedule(said),
        [PLANNING_AID],
    ]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block) + "\n"


def as_json(study: Study, arm: str | None = None) -> str:
    """The same as data: sentences, canonical notation, positions, and what is assumed or not stated."""
    said = described(study, arm)
    data = asdict(said)
    for name in ("facts", "anchors", "decisions", "assumptions", "sources"):
        data[name] = dict(getattr(said, name))
    for epoch, entry in zip(said.epochs, data["epochs"], strict=True):
        entry["facts"] = dict(epoch.facts)
        entry["grids"] = [_grid_data(grid) for grid in epoch.grids]
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _grid_data(grid: Grid) -> dict[str, object]:
    names = [" ".join(f"{family} {name}".strip() for family, name in column.names.items()) for column in grid.columns]
    rows = [
        {
            "label": row.label.strip(),
            "cells": {names[n]: cell for n, cell in row.cells.items()},
            "sentence": row.sentence,
        }
        for row in grid.rows
    ]
    return {"counted_from": grid.counted_from, "columns": names, "rows": rows}


# ---------------------------------------------------------------- sentences


def _section(heading: str, lines: Iterable[str]) -> list[str]:
    below = list(lines)
    return [heading, *below] if below else []


def _bullets(sentences: Iterable[str]) -> Iterator[str]:
    for sentence in sentences:
        yield from wrapped(sentence, WIDTH, _GAP, _GAP * 2)


def _facts(facts: Facts, margin: str = _GAP) -> list[str]:
    widest = min(max((len(name) for name, _ in facts), default=0), 24)
    lines = []
    for name, text in facts:
        lines += wrapped(text, WIDTH, f"{margin}{name + ':':<{widest + 1}} ", margin + " " * (widest + 2))
    return lines


def _arm(arm: ArmSaid) -> Iterator[str]:
    title = f" ({arm.title})" if arm.title != arm.key else ""
    yield from wrapped(f"{arm.key}{title}: {', then '.join(arm.path)}.", WIDTH, _GAP, _GAP * 2)


def _epoch(epoch: EpochSaid) -> list[str]:
    key = f" (epoch {epoch.key})" if epoch.key != epoch.title.lower() else ""
    lines = [f"{epoch.title}{key}", *_facts(epoch.facts)]
    if not epoch.items:
        lines.append(f"{_GAP}No doses, visits or procedures are defined here.")
    for item in epoch.items:
        lines += _item(item)
    return lines


def _item(item: ItemSaid) -> Iterator[str]:
    yield from wrapped(item.sentence, WIDTH, f"{_GAP}- ", _GAP * 2)
    for part in item.parts:
        yield from wrapped(part, WIDTH, f"{_GAP * 2}- ", _GAP * 3)
    yield from wrapped(" ".join(item.details), WIDTH, _GAP * 3, _GAP * 3)


def _open(values: Iterable[Open]) -> Iterator[str]:
    for value in values:
        yield from wrapped(f"{value.what}, {value.field}: {value.reason}.", WIDTH, f"{_GAP}- ", _GAP * 2)


# ---------------------------------------------------------------- the schedule of activities


def _schedule(said: StudySaid) -> Iterator[list[str]]:
    yield ["Schedule of activities", *_schedule_remarks(said)]
    for epoch in said.epochs:
        for grid in epoch.grids:
            condition = dict(epoch.facts).get("Only if", "").partition(";")[0].partition(" (")[0]
            only = f", only if {condition}" if condition else ""
            start = f", counted from {grid.counted_from}" if grid.counted_from else ""
            yield [f"{epoch.title}{only}{start}", *_blocks(grid)]


def _schedule_remarks(said: StudySaid) -> Iterator[str]:
    for arm in said.arms:
        if arm.refused:
            yield from wrapped(f"There is none for the arm {arm.title}. {_why(arm, said)}", WIDTH, _GAP, _GAP)
        if arm.shortened:
            text = f"The arm {arm.title} {arm.shortened}."
            yield from wrapped(text, WIDTH, _GAP, _GAP)
    cells = {cell for epoch in said.epochs for grid in epoch.grids for row in grid.rows for cell in row.cells.values()}
    if any(cell.startswith("(") for cell in cells):
        yield f'{_GAP}X: planned. (X): at most planned, part of an "up to"; it may not happen.'
    elif cells:
        yield f"{_GAP}X: planned."


def _why(arm: ArmSaid, said: StudySaid) -> str:
    if "schedule is not stated" not in arm.refused:
        return f"It cannot be expanded: {one_line(arm.refused)}"
    choices = " or ".join(f"--assume {key}" for key, _ in said.assumptions)
    remedy = f"Choose an assumption (see above): {choices}." if choices else "No assumption is offered."
    return f"Its schedule is not stated, so there are no days to show. {remedy}"


def _blocks(grid: Grid) -> Iterator[str]:
    """The table in as many blocks as its width needs, then the rows that are said in a sentence."""
    listed = [row for row in grid.rows if row.cells]
    families = [name for name in ("", "Day", "Week", "Month") if any(name in c.names for c in grid.columns)]
    label = min(max((len(row.label) for row in listed), default=0), _LABEL)
    widths = [
        max([len(text) for text in column.names.values()] + [len(row.cells.get(n, "")) for row in listed])
        for n, column in enumerate(grid.columns)
    ]
    for number, block in enumerate(_cut(widths, WIDTH - len(_GAP) - label)):
        if number:
            yield ""
        yield from _block(grid, listed, families, block, widths, label)
    for row in grid.rows:
        if row.sentence:
            yield from wrapped(f"{row.label.strip()}: {row.sentence}.", WIDTH, _GAP, _GAP * 2)


def _cut(widths: list[int], room: int) -> Iterator[list[int]]:
    block: list[int] = []
    used = 0
    for number, width in enumerate(widths):
        if block and used + width + len(_GAP) > room:
            yield block
            block, used = [], 0
        block.append(number)
        used += width + len(_GAP)
    if block:
        yield block


def _block(
    grid: Grid, rows: list[Row], families: list[str], block: list[int], widths: list[int], label: int
) -> Iterator[str]:
    for family in families:
        names = [grid.columns[n].names.get(family, "") for n in block]
        if any(names):
            yield _line(family, names, block, widths, label)
    yield f"{_GAP}{'-' * label}" + "".join(f"{_GAP}{'-' * widths[n]}" for n in block)
    for row in rows:
        cells = [row.cells.get(n, "") for n in block]
        if not any(cells):
            continue
        indent = row.label[: len(row.label) - len(row.label.lstrip())]
        first, *more = wrapped(row.label.strip(), label, indent, indent + _GAP)
        yield _line(first, cells, block, widths, label)
        yield from (f"{_GAP}{line}" for line in more)


def _line(first: str, cells: list[str], block: list[int], widths: list[int], label: int) -> str:
    return f"{_GAP}{first:<{label}}" + "".join(
        f"{_GAP}{cell:^{widths[n]}}" for n, cell in zip(block, cells, strict=True)
    )
