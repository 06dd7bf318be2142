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
    import numpy as np

    from regimen.cohort.leaving import Course

    study = trial if isinstance(trial, Study) else load(trial, assume=assume)

    source = Making(study, Choices(), Course()).source(enrolment.file)
    if source.subjects is not None:
        raise RegimenError("these subjects are already there; subjects are drawn from a file of sites and rates.")
    enrolled = source.enrolled(enrolment, window_of(source.first, weeks, None, last)[1])
    random = np.random.default_rng(seed)
    sites, starts = enrolled.draw(random)
    chosen = random.choice(len(bodies), len(starts), p=[share for _, share in bodies])
    kinds = [kind for kind, _ in bodies[0][0]]
    anchors = list(dict.fromkeys(source.origins.values()))
    digits = max(4, len(str(len(starts))))
    rows: list[dict[str, object]] = []
    for number, (site, start, body) in enumerate(zip(sites, starts, chosen, strict=True), start=1):
        one = enrolled.starts[start]
        on = dict(one.on)
        rows.append({
            "subject": f"S-{number:0{digits}d}", "site": enrolled.sites[site], "arm": one.arm,
            **{name: on.get(name) for name in anchors}, **dict(bodies[body][0]),
        })  # fmt: skip
    others = [name for name in study.anchors if name not in anchors]
    notes = [f"no date is drawn for {', '.join(others)}; add a column where it is known."] if others else []
    return ("subject", "site", "arm", *anchors, *kinds), rows, tuple(notes)
