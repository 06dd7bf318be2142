"""How is a whole cohort written? In parts, by threads on one machine or by an engine that has others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from regimen.cohort.census import Census, counted, refuse_strangers
from regimen.cohort.files import KINDS, write_file
from regimen.cohort.kernel import Cohort
from regimen.cohort.parts import Folder, Row, described, digest_of
from regimen.cohort.reading import Source, in_parts, source_of
from regimen.cohort.schema import chosen, schema_of
from regimen.definition.models import Study
from regimen.errors import CohortError
from regimen.facts import Fact
from regimen.timing import Span
from regimen.workdays import Site

PART = 50_000
"""Subjects of one part."""
Told = Callable[[int, int], None]
Item = TypeVar("Item")
Open = tuple[int, int, list[pa.RecordBatch]]
"""A part that is to be made: its number, its first row and its subjects."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a worker needs to write any part, and nothing that is only of this machine."""

    study: Study
    columns: tuple[str, ...]
    format: str
    horizon: Span | None = None
    site: Site | None = None
    facts: Mapping[str, Sequence[Fact]] = field(default_factory=dict)

    def cohort(self) -> Cohort:
        """A kernel of one's own, whose batches are written at once."""
        return Cohort(self.study, self.horizon, self.site, self.columns, self.facts, reuse=True)


def write_part(
    recipe: Recipe, cohort: Cohort, folder: Folder, part: int, first: int, batches: Sequence[pa.RecordBatch],
    source: str = "", told: Told | None = None,
) -> Row:  # fmt: skip
    """Write the events of some subjects as one part, and give its row of the manifest."""
    before = dict(cohort.counted)

    def events() -> Iterator[pa.RecordBatch]:
        row = first
        for batch in batches:
            for found in cohort.events_of(batch, first_row=row, source=source):
                yield found
                if told is not None:
                    told(0, len(found))
            row += len(batch)
            if told is not None:
                told(len(batch), 0)

    size = write_file(folder.file_of(part), recipe.format, schema_of(recipe.columns), events())
    made = {key: cohort.counted[key] - before[key] for key in before}
    if made["subjects"] != sum(map(len, batches)):
        raise CohortError(f"part {part}: {sum(map(len, batches))} subjects came in and {made['subjects']} went out.")
    row = {"part": part, "file": folder.file_of(part).name, "first_row": first, **made, "bytes": size}
    folder.done(row)
    return row


@dataclass(frozen=True, slots=True)
class Share:
    """What an engine has to do: every part of a run that is not done."""

    recipe: Recipe
    folder: Folder
    source: str
    """The name of the file of subjects."""
    open: Iterator[Open]
    """Read as it is asked for, so that no more than an engine has in hand is held in memory."""
    most: int
    """There are no more parts than this."""
    told: Told | None = None


Engine = Callable[[Share], None]
"""Makes the parts of a share, and notes each in the folder; raises ``CohortError`` if one cannot be made."""


def write_cohort(
    study: Study,
    subjects: Any,
    output: str | Path,
    *,
    format: str = "",
    columns: Sequence[str] | None = None,
    horizon: Span | None = None,
    site: Site | None = None,
    facts: Mapping[str, Sequence[Fact]] | None = None,
    shard: tuple[int, int] = (1, 1),
    threads: int = 1,
    engine: Engine | None = None,
    part_size: int = PART,
    told: Callable[[int, int, int], None] | None = None,
) -> Row | None:
    """Write the events of all subjects to a folder of parts; the manifest, or None while other shards are not done.

    ``subjects`` is a path or a data frame; a folder of the same job is gone on with, part by part. ``told`` hears how
    many subjects there are in all, and how many subjects and events were just done. Without an ``engine``, threads of
    this process make the parts. Raises ``CohortError`` for what cannot be used; parts that were finished before stay.
    """
    kind = format or Path(output).suffix[1:].lower() or "parquet"
    if kind not in KINDS:
        raise CohortError(
            f"a cohort cannot be written as {kind!r}; end the folder's name in .{', .'.join(KINDS)}, or say the format."
        )
    recipe = Recipe(study, chosen(columns), kind, horizon, site, facts or {})
    source = source_of(subjects)
    census = counted(study, source)
    refuse_strangers(study, source, recipe.facts)
    folder = Folder(Path(output), _job(recipe, source, census, part_size))
    folder.prepare()
    hear = None if told is None else (lambda done, events: told(census.total, done, events))
    try:
        todo = Share(recipe, folder, source.name, _open_parts(source, folder, shard, hear), folder.parts, hear)
        (engine or by_threads(threads))(todo)
    except BaseException:
        folder.leave()
        raise
    return folder.finish()


def _job(recipe: Recipe, source: Source, census: Census, part_size: int) -> Row:
    study, site = recipe.study, recipe.site
    return described(
        study=study.study.id, definition=digest_of(repr(study)), subjects_file=source.digest,
        subjects=census.total, part_size=part_size, format=recipe.format, columns=list(recipe.columns),
        unused=list(census.unused),
        horizon=str(recipe.horizon) if recipe.horizon else None, site=repr(site) if site is not None else None,
        journals=digest_of(repr(sorted(recipe.facts.items()))) if recipe.facts else None,
    )  # fmt: skip


def by_threads(number: int) -> Engine:
    """The engine of one machine: some parts at a time, each by a thread with a kernel of its own."""

    def run(share: Share) -> None:
        mine = threading.local()

        def work(part: Open) -> None:
            if not hasattr(mine, "cohort"):
                mine.cohort = share.recipe.cohort()
            write_part(share.recipe, mine.cohort, share.folder, *part, share.source, share.told)

        at_once(number, share.open, work)

    return run


def at_once(number: int, items: Iterator[Item], work: Callable[[Item], None]) -> None:
    """Do the work for every item, each in a thread; no more than ``number`` of them are taken at a time."""
    running: set[Future[None]] = set()
    with ThreadPoolExecutor(max_workers=number) as pool:
        try:
            for item in items:
                if len(running) >= number:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        future.result()
                running.add(pool.submit(work, item))
            for future in running:
                future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _open_parts(source: Source, folder: Folder, shard: tuple[int, int], told: Told | None) -> Iterator[Open]:
    number, of = shard
    for part, (first, batches) in enumerate(in_parts(source.batches(), folder.job["part_size"])):
        if part % of != number - 1:
            continue
        row = folder.row_of(part)
        if row is None:
            yield part, first, batches
        elif told is not None:
            told(row["subjects"], row["events"])
