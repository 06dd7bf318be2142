"""How does a part of a cohort reach a worker on another machine, and how is it known that the part is there?"""

from __future__ import annotations

import pickle
import platform
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import sleep
from typing import Any

import pyarrow as pa

from regimen._version import __version__
from regimen.cohort.engines.allocating import keep_memory
from regimen.cohort.kernel import Cohort
from regimen.cohort.parts import Folder, Row
from regimen.cohort.running import Recipe, Share, write_part
from regimen.errors import CohortError
from regimen.facts import Fact

LARGEST = 100 << 20
"""Bytes of subjects that are sent as one part."""
LOOKS, BETWEEN = 300, 0.2
"""How often a part is looked for and the seconds between: a shared folder may show a new file late, up to a minute."""
_mine = threading.local()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One part with all that its maker needs: whoever has the same program and sees the folder can make it."""

    part: int
    first: int
    subjects: bytes
    """An Arrow stream."""
    recipe: bytes
    """Pickled, and the same for every part of a run, so that a worker compiles its plans once."""
    facts: Mapping[str, Sequence[Fact]]
    """Of these subjects only."""
    folder: str
    job: Mapping[str, Any]
    source: str
    version: str = __version__


def parcels_of(share: Share) -> Iterator[Parcel]:
    """Every part that is not done, ready to be sent; each is made when it is asked for."""
    recipe = pickle.dumps(replace(share.recipe, facts={}), 5)
    folder, job = str(share.folder.path.absolute()), dict(share.folder.job)
    for part, first, batches in share.open:
        yield Parcel(part, first, _packed(part, batches), recipe, _facts_of(share.recipe, batches), folder, job,
                     share.source)  # fmt: skip


def make_part(parcel: Parcel) -> Row:
    """Make the part on the machine that calls this; its row of the manifest.

    May be called again, or twice at a time: the same bytes take the same name.
    """
    refuse_other_version(parcel.version)
    folder = Folder(Path(parcel.folder), parcel.job)
    if not folder.is_here():
        raise CohortError(
            f"the worker on {platform.node()} does not see {parcel.folder} as this machine does; give a folder that "
            "this machine and all workers share."
        )
    made = folder.row_of(parcel.part)
    if made is not None:
        return made  # by an earlier try, whose answer was lost
    keep_memory()
    cohort = _kernel(parcel.recipe)
    cohort.facts = parcel.facts
    with pa.ipc.open_stream(parcel.subjects) as batches:
        recipe, own = _mine.recipe, list(batches)
    return write_part(recipe, cohort, folder, parcel.part, parcel.first, own, parcel.source)


def refuse_other_version(version: str) -> None:
    """Raise ``CohortError`` if a part comes from another version than this worker's."""
    if version != __version__:
        raise CohortError(
            f"the worker on {platform.node()} has regimen {__version__} and this machine has {version}; "
            "install the same version on both."
        )


def received(share: Share, row: Row) -> None:
    """Count a part that a worker reports, once it is seen from here too; raises ``CohortError`` if it is not."""
    for _ in range(LOOKS):
        if share.folder.row_of(row["part"]) is not None:
            break
        sleep(BETWEEN)
    else:
        raise CohortError(
            f"a worker has written part {row['part']}, and it is not in {share.folder.path} on this machine; give a "
            "folder that this machine and all workers share."
        )
    if share.told is not None:
        share.told(row["subjects"], row["events"])


def _kernel(recipe: bytes) -> Cohort:
    """The kernel of this thread, kept from part to part."""
    if getattr(_mine, "made_from", None) != recipe:
        _mine.recipe = pickle.loads(recipe)
        _mine.cohort, _mine.made_from = _mine.recipe.cohort(), recipe
    kernel: Cohort = _mine.cohort
    return kernel


def _packed(part: int, batches: Sequence[pa.RecordBatch]) -> bytes:
    """The very same batches as one piece of bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batches[0].schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        for batch in batches:
            stream.write_batch(batch)
    packed: bytes = sink.getvalue().to_pybytes()
    if len(packed) > LARGEST:
        raise CohortError(
            f"part {part} has {len(packed) >> 20} MB of subjects, and at most {LARGEST >> 20} MB are sent to a worker; "
            "give a smaller --part-size."
        )
    return packed


def _facts_of(recipe: Recipe, batches: Sequence[pa.RecordBatch]) -> dict[str, Sequence[Fact]]:
    if not recipe.facts:
        return {}
    names = [name for batch in batches for name in batch.column("subject").cast(pa.string()).to_pylist()]
    return {name: recipe.facts[name] for name in names if name in recipe.facts}
