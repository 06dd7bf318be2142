"""What is ordered at one event? The dose of the plan, or what a journal has made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from regimen.dosing import Reduction
from regimen.errors import DosingError, NotationError
from regimen.events import Event
from regimen.notation import dose_text, read_dose
from regimen.notation.terms import Dose
from regimen.plan import Content
from regimen.quantities import read_amount


@dataclass(frozen=True, slots=True)
class Ordered:
    """A dose as it is ordered, with the level or the reduction that holds."""

    dose: Dose
    level: str | None = None
    reduction: Reduction | None = None

    @property
    def text(self) -> str:
        """The order as notation, with what holds of it."""
        if self.level is not None:
            return f"dose level {self.level}"
        less = f" reduced to {self.reduction.percent} %" if self.reduction is not None else ""
        return f"{dose_text(self.dose)}{less}"


def ordered(event: Event, content: Content) -> Ordered:
    """The dose of an event; DosingError where a journal says something that is no dose."""
    assert content.order is not None
    dose = content.order.dose
    if event.dose is None or event.dose == content.dose:
        return Ordered(dose)
    level = next((name for name, text in content.levels if text == event.dose), None)
    if level is not None:
        return Ordered(dose, level=level)
    if event.dose.strip().endswith("%"):
        return Ordered(dose, reduction=Reduction(Fraction(read_amount(event.dose).value), event.because))
    return Ordered(_with_amount(dose, event.dose))


def _with_amount(dose: Dose, text: str) -> Dose:
    """The same dose in another amount; route, duration, division and caps stay where the text has none."""
    try:
        new = read_dose(text)
    except NotationError as error:
        raise DosingError(
            f"the journal changes the dose to {text!r}, which is no dose ({error.sentence.rstrip('.')}); record an "
            "amount, such as 20 mg, or the name of a level."
        ) from None
    return replace(dose, amount=new.amount, caps=new.caps or dose.caps)
