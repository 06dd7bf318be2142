"""Where are the trials? Finds a definition by its name in the shipped seeds, or by its path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from regimen.definition.loading import load_study
from regimen.definition.models import Study
from regimen.errors import RegimenError


@dataclass(frozen=True, slots=True)
class Listed:
    """One shipped trial."""

    name: str
    registry: str | None
    title: str


@lru_cache(maxsize=1)
def seeds_folder() -> Path:
    """The folder of the shipped trials: inside the installed package, or beside ``src`` in a source tree."""
    here = Path(__file__).resolve().parent
    source = here.parents[1] / "seeds"
    return source if source.is_dir() and here.parent.name == "src" else here / "seeds"


def names() -> tuple[str, ...]:
    """The names of the shipped trials, sorted."""
    return tuple(sorted(path.stem for path in seeds_folder().glob("*.yaml")))


def listed() -> tuple[Listed, ...]:
    """The shipped trials with registry number and title."""
    studies = ((name, load(name)) for name in names())
    return tuple(Listed(name, study.study.registry, study.study.title) for name, study in studies)


def load(trial: str | Path, *, assume: Sequence[str] = ()) -> Study:
    """Load a trial by its name in ``names()`` or by its path, opting into the named assumptions.

    Raises ``RegimenError`` if there is no such trial, ``DefinitionError`` with every problem of the file.
    """
    path = Path(trial)
    if isinstance(trial, str) and not path.suffix and "/" not in trial and "\\" not in trial:
        named = seeds_folder() / f"{trial}.yaml"
        if named.is_file():
            return load_study(named, name=named.name, assume=assume)
        if not path.exists():
            raise _unknown(trial)
    return load_study(path, assume=assume)


def _unknown(trial: str) -> RegimenError:
    known = names()
    close = get_close_matches(trial, known, n=1, cutoff=0.4)
    hint = f" Did you mean {close[0]}?" if close else ""
    return RegimenError(f"there is no trial {trial!r}; known are {', '.join(known)}, or give the path of a file.{hint}")
