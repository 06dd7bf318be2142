"""What happens at a point? The item's name, dose, window, source and basis, ready to be printed."""

from __future__ import annotations

from typing import NamedTuple

from regimen.definition.items import DoseItem, Part, ProcedureItem, VisitItem
from regimen.definition.models import Epoch
from regimen.definition.sourced import Sourced
from regimen.notation.canonical import dose_text, how_much
from regimen.notation.terms import Dose, Phase, Unstated
from regimen.notation.terms import Point as Place
from regimen.plan.points import Content, Order
from regimen.timing import Elapsed, Months, Offset, Span, Window

Item = DoseItem | VisitItem | ProcedureItem


ABOUT_DATES_AND_DOSES = frozenset({"dose", "when", "between", "from", "start", "ends", "if", "parts"})
"""What a statement of the basis of an event speaks about; anything else left open is said once for the calendar."""


class Subject(NamedTuple):
    """The item (and the part of it) that contents speak about, and the epoch it stands in."""

    epoch_key: str
    epoch: Epoch
    key: str
    item: Item
    part: Part | None


def name_of(key: str, item: Item) -> str:
    """The name people use for an item."""
    if isinstance(item, DoseItem):
        return item.drug or key
    return (item.visit if isinstance(item, VisitItem) else item.procedure) or key


def content_of(subject: Subject, phase: Phase, length: Offset | None, interval: bool) -> Content:
    """What happens at the points of one phase of an item."""
    _, _, key, item, part = subject
    dose = phase.dose if isinstance(item, DoseItem) else None
    kind = "dose" if isinstance(item, DoseItem) else "visit" if isinstance(item, VisitItem) else "activity"
    part_window = part.window if part is not None else None
    return Content(
        kind, key, name_of(key, item), subject.epoch_key,
        dose=how_much(dose) if dose else None, route=dose.route if dose else None,
        duration=duration_of(dose, length) if dose else None, continuous=bool(dose and dose.continuous),
        window=phase.window or part_window or item.window, preferred=item.preferred, interval=interval,
        basis=basis_of_item(subject, dose), source=_source(subject),
        follows=item.follows or ("anchor" if kind == "activity" else "cycle"),
        late=item.late if isinstance(item, DoseItem) else None, levels=_levels(item),
        min_interval=item.min_interval, working_days=item.working_days, window_from=item.window_from,
        bags=dose.bags if dose else None, at_restart=item.at_restart,
        order=Order(dose, item) if dose is not None and isinstance(item, DoseItem) else None,
    )  # fmt: skip


def _levels(item: Item) -> tuple[tuple[str, str], ...]:
    return tuple((name, dose_text(dose)) for name, dose in item.levels.items()) if isinstance(item, DoseItem) else ()


def basis_of_item(subject: Subject, dose: Dose | None) -> str:
    """Whether an item's values are stated, or which are assumed or not stated, with the reasons."""
    described: list[Sourced] = [subject.item, *([subject.part] if subject.part is not None else [])]
    about = ABOUT_DATES_AND_DOSES
    assumed = {field: why for one in described for field, why in one.assumed.items() if field in about}
    missing = {f: why for one in described for f, why in one.not_stated.items() if f in about and f not in assumed}
    if dose is not None and isinstance(dose.amount, Unstated) and "dose" not in missing:
        missing["dose"] = "the protocol gives no amount"
    parts = [*_grouped("assumed", assumed), *_grouped("not stated", missing)]
    epoch = {f: why for f, why in subject.epoch.assumed.items() if f in ("from", "cycles", "lasts")}
    parts += [f"assumed: {field} of {subject.epoch_key} ({why})" for field, why in epoch.items()]
    return "; ".join(parts) or "stated"


def _grouped(kind: str, reasons: dict[str, str]) -> list[str]:
    """Fields with one reason are named together."""
    fields: dict[str, list[str]] = {}
    for field, why in reasons.items():
        fields.setdefault(why, []).append(field)
    return [f"{kind}: {' and '.join(names)} ({why})" for why, names in fields.items()]


def other_gaps(subject: Subject) -> list[str]:
    """What an item assumes or leaves open beside its dates and doses, such as its window, in sentences."""
    described: list[Sourced] = [subject.item, *([subject.part] if subject.part is not None else [])]
    name = name_of(subject.key, subject.item)
    kinds = (("assumed", one.assumed) for one in described), (("not stated", one.not_stated) for one in described)
    return [
        f"{name}: {kind}: {field} ({why})."
        for pairs in kinds
        for kind, reasons in pairs
        for field, why in reasons.items()
        if field not in ABOUT_DATES_AND_DOSES
    ]


def _source(subject: Subject) -> str | None:
    part = subject.part.source if subject.part is not None else None
    source = part or subject.item.source or subject.epoch.source
    return str(source) if source is not None else None


def duration_of(dose: Dose, length: Offset | None) -> str | None:
    """How long an administration takes, in the protocol's terms."""
    if dose.continuous:
        if isinstance(length, Months):
            return f"continuous for {length.n} mo"
        minutes = length.minutes if isinstance(length, Elapsed) else 0
        days, rest = divmod(minutes, 1440)
        return f"continuous for {days} d" if days and not rest else f"continuous for {minutes // 60} h"
    if dose.over is not None:
        return f"over {dose.over}"
    return "bolus" if dose.bolus else None


def window_of_gap(place: Place) -> Window | None:
    """The range a gap was chosen from, as days (or months) early and late of the chosen value."""
    if place.allowed is None or place.shift is None:
        return None
    low, high = place.allowed
    chosen = place.shift
    if chosen.unit == low.unit:
        return Window(Span(chosen.n - low.n, low.unit), Span(high.n - chosen.n, high.unit))
    assert chosen.days is not None
    assert low.days is not None
    assert high.days is not None
    return Window(Span(chosen.days - low.days, "d"), Span(high.days - chosen.days, "d"))
