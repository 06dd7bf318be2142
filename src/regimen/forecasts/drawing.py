"""Which subjects could have enrolled? One enrolment drawn by chance, as rows of a subject file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.definition.models import Study
from regimen.errors import RegimenError
from regimen.forecasts.looking import window_of
from regimen.forecasts.making import Making
from regimen.forecasts.terms import Choices, Enrolment
from regimen.library import load

if TYPE_CHECKING:
    from regimen.cohort.enrolled import Body

_ANY = "12 mo"
"""No doses are dated here, so any horizon will do to find out what an arm begins with."""


def simulate(
    trial: str | Path | Study,
    enrolment: Enrolment,
    *,
    weeks: int | None = None,
    last: date | None = None,
    bodies: Sequence[tuple[Body, float]] = (((), 1.0),),
    assume: Sequence[str] = (),
    seed: int,
) -> tuple[tuple[str, ...], list[dict[str, object]], tuple[str, ...]]:
    """Subjects who could have enrolled: the names of the columns, a row for each subject by day, and notes.

    The same seed draws the same subjects. Raises RegimenError or one of its children.
    """
    from regimen.cohort.enrolled import drawn_subjects
    from regimen.cohort.leaving import Course

    study = trial if isinstance(trial, Study) else load(trial, assume=assume)
    source = Making(study, Choices(horizon=_ANY), Course()).source(enrolment.file)
    if source.subjects is not None:
        raise RegimenError("these subjects are already there; subjects are drawn from a file of sites and rates.")
    enrolled = source.enrolled(enrolment, window_of(source.first, weeks, None, last)[1])
    anchors = list(dict.fromkeys(source.origins.values()))
    rows = drawn_subjects(enrolled, bodies, anchors, seed)
    kinds = [kind for kind, _ in bodies[0][0]]
    others = [name for name in study.anchors if name not in anchors]
    notes = [f"no date is drawn for {', '.join(others)}; add a column where it is known."] if others else []
    return ("subject", "site", "arm", *anchors, *kinds), rows, tuple(notes)
