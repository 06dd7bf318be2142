"""How much longer does a timeline with 4,000 bars take than the same one without bars?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

LANES, CYCLES = 10, 400
ARM = """\
format: regimen/1
study: {id: bench, title: Ten drugs infused 400 times each, first_day: 1}
anchors: {first_dose: first infusion}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
    cycles: 4 d x400
    doses:
"""


def jobs() -> Iterator[tuple[str, Callable[[], bytes], Callable[[], bytes]]]:
    """For each format its name, the whole picture, and the same picture without the 4,000 bars."""
    from regimen.calendars import make_calendar
    from regimen.definition.loading import load_study
    from regimen.plan import make_plan
    from regimen.render import gantt, gantt_rows, pictures

    drugs = "".join(f"      drug-{n}: {{dose: {n + 1} mg/day CIV, when: days 1-2}}\n" for n in range(LANES))
    calendar = make_calendar(make_plan(load_study(ARM + drugs)), {"first_dose": date(2027, 1, 4)})
    families = gantt.families_for(gantt._texts(calendar))
    painted_lane = gantt_rows._lane

    def whole(suffix: str) -> bytes:
        return pictures.encoded(gantt.figure(calendar), suffix, families)

    def bare(suffix: str) -> bytes:
        """Everything is laid out as for the whole picture; the bars are left out when it is painted."""

        def without(*given: object) -> object:
            drawing = painted_lane(*given)  # type: ignore[arg-type]
            return replace(drawing, boxes=())

        gantt_rows._lane = without  # type: ignore[assignment]
        try:
            return whole(suffix)
        finally:
            gantt_rows._lane = painted_lane

    bars = sum(len(lane.boxes) for lane in _chart(calendar))
    if bars != LANES * CYCLES:
        raise SystemExit(f"the picture has {bars:,} bars instead of {LANES * CYCLES:,}, so its time says nothing")
    for suffix in ("png", "svg", "pdf"):
        yield suffix, lambda s=suffix: whole(s), lambda s=suffix: bare(s)  # type: ignore[misc]


def _chart(calendar: object) -> list[object]:
    from regimen.render import gantt, pictures
    from regimen.render.gantt_layout import page

    families = gantt.families_for(gantt._texts(calendar))  # type: ignore[arg-type]
    drawings = page(calendar, 11.0, "colour", pictures.measured(families)).chart  # type: ignore[arg-type]
    return [replace(d, boxes=tuple(b for b in d.boxes if b.fill.role == "dose")) for d in drawings]
