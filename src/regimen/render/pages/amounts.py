"""How much is it, in words a patient uses? Tablets where they are known, else the amount; never a formula."""

from __future__ import annotations

import re

from regimen.dosing import TabletPlan
from regimen.events import Event
from regimen.languages import Language
from regimen.ledger import Administration

_PLAIN = re.compile(r"[0-9][0-9,.]* (?:mg|g|mcg|mL|units|tablets?|capsules?|drops?)")
"""An amount that needs no calculating; a patient reads no mg/kg and no mg/m2."""


def how_much(event: Event, one: Administration | None, speaks: Language) -> tuple[str, ...]:
    """Lines of one cell: tablets by strength, or an amount, or that the study team works it out."""
    if one is not None and one.tablets is not None:
        return tuple(_tablets(one.tablets, speaks))
    if not event.continuous:
        if one is not None and one.amount is not None and one.amount.sign == "=" and _PLAIN.fullmatch(one.amount.shown):
            return (speaks.amount(one.amount.shown),)
        if event.dose is not None and _PLAIN.fullmatch(event.dose):
            return (speaks.amount(event.dose),)
    return (speaks.say("Your study team works out the amount."),)


def _tablets(plan: TabletPlan, speaks: Language) -> list[str]:
    lines = [
        speaks.plural(
            "{n} tablet of {strength}", "{n} tablets of {strength}", n=count, strength=speaks.amount(str(strength))
        )
        for strength, count in plan.whole
    ]
    return lines + [
        speaks.plural(
            "{n} half tablet of {strength}",
            "{n} half tablets of {strength}",
            n=count,
            strength=speaks.amount(str(strength)),
        )
        for strength, count in plan.halves
    ]
