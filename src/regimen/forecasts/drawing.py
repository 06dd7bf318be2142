"""Which subjects could have enrolled? One enrolment drawn by chance, as rows of a subject file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.definition.models import Study
from regimen.errors import RegimenError
from regimen.forecasts.alike import branches_of
from regimen.forecasts.looking import window_of
from regimen.forecasts.making import Making
from regimen.forecasts.terms import Choices, Enrolment
from regimen.library import load

if TYPE_CHECKING:
    from regimen.cohort.bodies import Body

_ANY = "12 mo"
"""No doses are dated here, so any horizon will do to find out what an arm begins with."""


def simulate(
    trial: str | Path | Study,
    enrolment: Enrolment,
    *,
    weeks: int | None = None,
    last: date | None = None,
    bodies: Sequence[tuple[Body, float]] = (((), 1.0),),
    decide: Mapping[str, str] | None = None,
    shares: Mapping[str, Mapping[str, float]] | None = None,
    assume: Sequence[str] = (),
    seed: int,
) -> tuple[tuple[str, ...], list[dict[str, object]], tuple[str, ...]]:
    """Subjects who could have enrolled: the names of the columns, a row for each subject by day, and notes.

    The same seed draws the same subjects. Raises RegimenError or one of its children.
    """
    from regimen.cohort.enrolled import drawn_subjects
    from regimen.cohort.leaving import Course

    study = trial if isinstance(trial, Study) else load(trial, assume=assume)
    choices = Choices(decide or {}, shares or {}, horizon=_ANY)
    source = Making(study, choices, Course()).source(enrolment.file)
    if source.subjects is not None:
        raise RegimenError("these subjects are already there; subjects are drawn from a file of sites and rates.")
    enrolled = source.enrolled(enrolment, window_of(source.first, weeks, None, last)[1])
    anchors = list(dict.fromkeys(source.origins.values()))
    branches = list(branches_of(study, choices, {}))
    rows = drawn_subjects(study, enrolled, bodies, anchors, branches, seed)
    columns = _columns(study, anchors, [kind for kind, _ in bodies[0][0]], list(branches[0][0]))
    return columns, rows, tuple(_notes(study, anchors, branches[0][0]))


def _columns(study: Study, anchors: list[str], kinds: list[str], decided: list[str]) -> tuple[str, ...]:
    from regimen.cohort.subjects import decision_column

    return ("subject", "site", "arm", *anchors, *kinds, *(decision_column(study, name) for name in decided))


def _notes(study: Study, anchors: list[str], decided: Mapping[str, str]) -> Iterator[str]:
    """What is not drawn."""
    others = [name for name in study.anchors if name not in anchors]
    if others:
        yield f"no date is drawn for {', '.join(others)}; add a column where it is known."
    undecided = [name for name in study.decisions if name not in decided]
    if undecided:
        name = undecided[0]
        option = study.decisions[name].options[0]
        yield f"nothing is decided of {', '.join(undecided)}; --decide {name}={option} or --share {name}={option}:0.4."
