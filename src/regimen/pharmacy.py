"""What does a pharmacist get for one subject? From a trial, dates and measures to a ledger of doses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from regimen.definition.models import Study
from regimen.dosing import read_measures
from regimen.dosing.plausible import DEFAULT_BOUNDS
from regimen.dosing.subjects import Subject, read_before, read_subject
from regimen.errors import DosingError
from regimen.facts import Fact
from regimen.ledger import Given, Ledger, Measured, make_ledger
from regimen.library import load, planned_and_dated
from regimen.quantities import Quantity
from regimen.rules import LIMIT
from regimen.safetext import day_in_words
from regimen.timing import Span

KINDS = ("weight", "height", "age", "creatinine", "gfr", "surface")


@dataclass(frozen=True, slots=True)
class Person:
    """Where a subject's measures come from, what is said of them, and what is unusual about them."""

    measured: Measured
    about: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    before: Mapping[str, Quantity] | None = None


def person(
    *,
    subject: str | Path | Subject | None = None,
    sex: str | None = None,
    before: Mapping[str, str] | None = None,
    **texts: str | None,
) -> Person:
    """A subject's measures: a subject file, or texts such as ``weight="70 kg"``, which then hold for every dose.

    ``subject`` is the path of a file, or a subject that was read; ``before`` is what was given of a drug before the
    study, such as ``{"doxorubicin": "100 mg/m2"}``, over what the file says. Raises DosingError for texts that cannot
    be used, DefinitionError for a file.
    """
    given = {kind: text for kind, text in (*texts.items(), ("sex", sex)) if text is not None}
    if subject is not None and given:
        raise DosingError(
            f"{' and '.join(given)} and a subject file are both given; write the measures in the file, or leave it out."
        )
    had = {drug: read_before(text) for drug, text in (before or {}).items()}
    if subject is None:
        measures = read_measures(bounds=DEFAULT_BOUNDS, sex=sex, **texts)
        said = [f"{m.kind.name} {m.written}" for m in measures.by_kind.values()] + ([f"sex {sex}"] if sex else [])
        about = (f"{', '.join(said)}; the same for every dose",) if said else ("no measures are given",)
        return Person(Given(measures), about, measures.warnings, had)
    found = subject if isinstance(subject, Subject) else read_subject(Path(subject))
    return Person(found, tuple(_about(found)), found.warnings, {**found.before, **had})


def _about(subject: Subject) -> list[str]:
    lines = [f"subject {subject.name}" + (f", {subject.sex}" if subject.sex else "")]
    by_day: dict[tuple[date | None, str], list[str]] = {}
    for measure in subject.measures:
        by_day.setdefault((measure.on, measure.occasion), []).append(f"{measure.kind.name} {measure.written}")
    for (on, occasion), said in by_day.items():
        when = ", ".join(part for part in (day_in_words(on) if on is not None else "", occasion) if part)
        lines.append(f"{when}: {', '.join(said)}")
    return lines


def doses(
    trial: str | Path | Study,
    on: Mapping[str, date | datetime | str],
    *,
    person: Person,
    arm: str | None = None,
    decide: Mapping[str, str] | None = None,
    assume: Sequence[str] = (),
    horizon: Span | str | None = None,
    zone: str | None = None,
    limit: int = LIMIT,
    facts: Sequence[Fact] = (),
    take: str = "",
) -> Ledger:
    """The ledger of one subject's doses; dates and choices are given as for ``library.expand``.

    ``take`` is "least waste" or "fewest vials", over what the definition says. Raises ``RegimenError`` or one of its
    children; what cannot be calculated for one dose is told with that dose.
    """
    study = trial if isinstance(trial, Study) else load(trial, assume=assume)
    plan, calendar = planned_and_dated(
        study, on, arm=arm, decide=decide, horizon=horizon, zone=zone, limit=limit, facts=facts
    )  # fmt: skip
    return make_ledger(
        study, plan, calendar, person.measured, about=person.about, before=person.before, take=take,
        warnings=person.warnings,
    )  # fmt: skip
