"""How much is it, in words a patient uses? Tablets where they are known, else the amount; never a formula."""

from __future__ import annotations

import re

from regimen.dosing import TabletPlan
from regimen.events import Event
from regimen.languages import Language
from regimen.ledger import Administration
from regimen.render.pages.routes import AT_HOME

_PLAIN = re.compile(r"[0-9][0-9,.]* (?:mg|g|mcg|mL|units|tablets?|capsules?|drops?)")
"""An amount that needs no calculating; a patient reads no mg/kg and no mg/m2."""

MICROGRAMS = " mcg"


def how_much(event: Event, one: Administration | None, speaks: Language, *, often: bool = False) -> tuple[str, ...]:
    """Lines of one cell: tablets by strength, or an amount, or who works it out and what to do until then.

    Where it is taken often, more than once on a day, it is said that the amount is that of each time.
    """
    each = (speaks.say("Each time:"),) if often else ()
    if one is not None and one.tablets is not None:
        return (*each, *_together(_tablets(one.tablets, speaks), speaks))
    plain = _plain_amount(event, one, speaks)
    if event.route in AT_HOME:
        return (*each, plain) if plain else (
            speaks.say("Your study team works out the amount. Do not take any before they tell you how much."),
        )  # fmt: skip
    if not plain:
        return (worked_out(speaks),)
    if one is not None and one.minutes is not None:
        return (
            speaks.say("{amount} in {length}, without a break", amount=plain, length=length_of(one.minutes, speaks)),
        )
    return (plain,)


def length_of(minutes: int, speaks: Language) -> str:
    """Whole days, else whole hours, else minutes."""
    if minutes % (24 * 60) == 0:
        return speaks.plural("{n} day", "{n} days", n=minutes // (24 * 60))
    if minutes % 60 == 0:
        return speaks.plural("{n} hour", "{n} hours", n=minutes // 60)
    return speaks.plural("{n} minute", "{n} minutes", n=minutes)


def worked_out(speaks: Language) -> str:
    """What a patient reads of an amount that is not exact, or not known yet."""
    return speaks.say("The clinic works out the amount and gives it to you.")


def _plain_amount(event: Event, one: Administration | None, speaks: Language) -> str:
    """The amount as the doses ledger has it; else as ordered, if that needs no calculating; empty for neither."""
    if one is not None:
        exact = one.amount is not None and one.amount.sign == "=" and not one.problems
        shown = one.amount.shown if one.amount is not None and exact else ""
        return speaks.amount(shown) if _PLAIN.fullmatch(shown) else ""
    ordered = event.dose or ""
    return speaks.amount(ordered) if not event.continuous and _PLAIN.fullmatch(ordered) else ""


def _together(parts: list[str], speaks: Language) -> list[str]:
    """Nobody may take one of the lines for a choice."""
    return [part if number == 0 else speaks.say("and {part}", part=part) for number, part in enumerate(parts)]


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
