"""How much is given to one subject: at each administration, per day and in all? Exact, with every step in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from regimen.dosing.giving import Course, Giving
from regimen.dosing.limiting import Limited, limited
from regimen.dosing.measures import Measures
from regimen.dosing.policy import Policy, Reduction
from regimen.dosing.rounding import Rounded, rounded
from regimen.dosing.scaling import scaled, stated_dose
from regimen.errors import DosingError
from regimen.notation.banded import Bands
from regimen.notation.terms import Dose
from regimen.quantities import Amount, Quantity, exact


@dataclass(frozen=True, slots=True)
class Amounted:
    """The exact amounts of a dose for one subject; None where there is none or a count or length is not known."""

    dose: Dose
    """The dose with its band, level or choice looked up."""
    administration: Quantity | None
    rate: Quantity | None
    """Per hour, of what is infused over a stated time or without a break."""
    per_day: Quantity | None
    total: Quantity | None
    stated_total: Quantity | None
    """The total as the protocol counts it, such as 4,000 mg/m2; None for flat doses and where the dose was changed."""
    stated_each: Quantity | None
    """One administration as the protocol counts it, such as 375 mg/m2; None as for ``stated_total``."""
    unrounded: Quantity
    """The administration, or the rate of a continuous infusion, before rounding."""
    difference: Fraction
    """What rounding changed, in percent of the unrounded amount; 0 where nothing was rounded."""
    steps: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """All steps in one line: ``10 mg/kg × 70 kg = 700 mg; no cap; not rounded``."""
        return "; ".join(self.steps)


UNKNOWN = Course()


def dose_for(
    dose: Dose | Bands,
    measures: Measures,
    policy: Policy,
    course: Course = UNKNOWN,
    *,
    level: str | None = None,
    reduction: Reduction | None = None,
    chosen: Decimal | None = None,
) -> Amounted:
    """The amounts of a dose for a subject's measures under a study's policy; DosingError, and no amount, if in doubt.

    Scaled, then reduced and capped, then rounded. ``level`` names another dose level of the policy than the
    definition's, ``reduction`` lowers the dose to a percentage, ``chosen`` settles a range or a choice of amounts.
    """
    definite, found = stated_dose(dose, measures, policy, level, chosen)
    base = scaled(definite, measures, policy)
    full = Giving(definite, base.value, course)
    held = limited(full, measures, policy, reduction)
    settled = _rounded(held, policy)
    final = held.giving.with_main(settled.value) if settled else held.giving
    counted = _as_stated(final) if final.base == full.base else None
    stated = counted.total if counted is not None else None
    remark = (f"that is {stated} in all, as the protocol counts",) if stated else ()
    rounding = settled.steps if settled else ("not rounded",)
    return Amounted(
        definite, final.administration, final.rate, final.per_day, final.total, stated,
        counted.administration if counted is not None else None, held.giving.main,
        settled.difference if settled else Fraction(0),
        tuple(dict.fromkeys((*found, *base.steps, *held.steps, *rounding, *final.steps, *remark))),
        (*measures.warnings, *held.warnings),
    )  # fmt: skip


def _rounded(held: Limited, policy: Policy) -> Rounded | None:
    if held.giving.dose.round_to is None:
        return None
    step, main = exact(held.giving.dose.round_to), held.giving.main
    if main.unit.time is not None and step.unit.time is None:
        raise DosingError(
            f"{main} cannot be rounded to steps of {step}, because it is a rate; write {step}/{main.unit.time}, "
            "or round what is in a bag."
        )
    return rounded(main, step, policy.rounding, held.most)


def _as_stated(giving: Giving) -> Giving | None:
    """The same for the amount per kg or m2 that the protocol states; None for flat doses."""
    amount = giving.dose.amount
    if not isinstance(amount, Amount) or amount.unit.per is None:
        return None
    return Giving(giving.dose, exact(amount), giving.course)
