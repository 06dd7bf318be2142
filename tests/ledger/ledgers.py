"""How does a test ask for a ledger? A small study from a line or two, a subject in words, and what happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from tests.journals import facts, study_from

from regimen.definition.models import Study
from regimen.facts import Fact
from regimen.ledger import Administration, Drug, Ledger
from regimen.pharmacy import doses, person
from regimen.quantities import Quantity, read_quantity

MONDAY = date(2027, 1, 4)


def ledger(
    study: Study | str, on: date | datetime = MONDAY, rows: Iterable[Fact] = (), *, zone: str | None = None,
    take: str = "", **measures: Any,
) -> Ledger:  # fmt: skip
    """The ledger of a study (or of the text of its treatment epoch), for measures given as texts or a subject."""
    whole = study_from(study) if isinstance(study, str) else study
    known = measures or {"weight": "70 kg", "height": "170 cm"}
    return doses(whole, {"first_dose": on}, person=person(**known), zone=zone, facts=facts(rows), take=take)


def drug(found: Ledger, key: str = "") -> Drug:
    """One drug of a ledger; the only one if no key is given."""
    known = {one.key: one for one in found.drugs}
    return known[key] if key else next(iter(known.values()))


def amounts(found: Drug) -> list[str]:
    """The amount of each administration; what has none says why."""
    return [str(one.amount) if one.amount is not None else why(one) for one in found.administrations]


def why(one: Administration) -> str:
    """Why an administration has no amount: its state, or its problems."""
    return " ".join(one.problems) or one.event.state


def q(text: str) -> Quantity:
    return read_quantity(text)


def f(text: str) -> Fraction:
    return Fraction(text)
