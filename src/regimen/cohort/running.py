"""How is a whole cohort written? Parts by threads on one machine, or a share of them for one of several."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
    part_size: int = PART,
    told: Callable[[int, int, int], None] | None = None,
) -> Row | None:
    """Write the events of all subjects to a folder of parts; the manifest, or None while other shards are not done.

    ``subjects`` is a path or a data frame; a folder of the same job is gone on with, part by part. ``told`` hears how
    many subjects there are in all, and how many subjects and events were just done. Raises ``CohortError`` for what
    cannot be used; parts that were finished before stay.
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
        _run(recipe, source, folder, shard, threads, hear)
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


def _run(
    recipe: Recipe, source: Source, folder: Folder, shard: tuple[int, int], threads: int, told: Told | None
) -> None:
    """Every part of this shard that is not done; no more parts than threads are held in memory."""
    mine = threading.local()

    def work(part: int, first: int, batches: Sequence[pa.RecordBatch]) -> None:
        if not hasattr(mine, "cohort"):
            mine.cohort = recipe.cohort()
        write_part(recipe, mine.cohort, folder, part, first, batches, source.name, told)

    running: set[Future[None]] = set()
    with ThreadPoolExecutor(max_workers=threads) as pool:
        try:
            for part, first, batches in _open_parts(source, folder, shard, told):
                if len(running) >= threads:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        future.result()
                running.add(pool.submit(work, part, first, batches))
            for future in running:
                future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _open_parts(
    source: Source, folder: Folder, shard: tuple[int, int], told: Told | None
) -> Iterator[tuple[int, int, list[pa.RecordBatch]]]:
    number, of = shard
    for part, (first, batches) in enumerate(in_parts(source.batches(), folder.job["part_size"])):
        if part % of != number - 1:
            continue
        row = folder.row_of(part)
        if row is None:
            yield part, first, batches
        elif told is not None:
            told(row["subjects"], row["events"])
