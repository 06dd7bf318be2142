"""Which values are not the protocol's own? Every assumed and every unstated value of a study, with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from regimen.definition.items import DoseItem
from regimen.definition.models import Study
from regimen.definition.sourced import Sourced
from regimen.render.words import one_line


@dataclass(frozen=True, slots=True)
class Open:
    """A value that is assumed or not stated: what it belongs to, which one, and why."""

    what: str
    field: str
    reason: str
    path: str


def open_values(study: Study, kind: str, epochs: Sequence[str]) -> Iterator[Open]:
    """The ``assumed`` or ``not_stated`` values of the study and of the named epochs, in file order."""
    for what, path, described in _described(study, epochs):
        for field, reason in getattr(described, kind).items():
            yield Open(what, field, one_line(reason), f"{path}.{kind}.{field}")


def _described(study: Study, epochs: Sequence[str]) -> Iterator[tuple[str, str, Sourced]]:
    yield "the study", "study", study.study
    if study.study.dosing is not None:
        yield "the study, dosing", "study.dosing", study.study.dosing
    for key, anchor in study.anchors.items():
        yield f"anchor {key}", f"anchors.{key}", anchor
    for key, decision in study.decisions.items():
        yield f"decision {key}", f"decisions.{key}", decision
    for key, arm in study.arms.items():
        yield f"arm {key}", f"arms.{key}", arm
    for key in epochs:
        epoch = study.epochs[key]
        title = one_line(epoch.title or key)
        yield title, f"epochs.{key}", epoch
        for section in ("doses", "visits", "procedures"):
            for name, item in getattr(epoch, section).items():
                said = getattr(item, {"doses": "drug", "visits": "visit", "procedures": "procedure"}[section]) or name
                where = f"epochs.{key}.{section}.{name}"
                yield f"{title}, {said}" if said != title else title, where, item
                yield from ((f"{title}, {said}, {k}", f"{where}.{k}", one) for k, one in _declared(item))
                parts = item.parts.items() if isinstance(item, DoseItem) else ()
                yield from ((f"{title}, {said}, part {k}", f"{where}.parts.{k}", part) for k, part in parts)


def _declared(item: object) -> Iterator[tuple[str, Sourced]]:
    """What a drug declares about its amounts."""
    for key in ("dosing", "bags", "vials", "tablets"):
        if (part := getattr(item, key, None)) is not None:
            yield key, part
