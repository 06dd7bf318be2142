"""How does the text of a dose become an amount, its route, its duration and its limits?"""

# ruff: noqa: D102 (each method is named after its alternative in grammar.lark, which says what it is)

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from regimen.errors import NotationError
from regimen.notation import words
from regimen.notation.clauses import Clause, Nodes, clause, count_of, wrong
from regimen.notation.parsing import Token
from regimen.notation.terms import AmountChoice, AmountRange, DoseLevel, Ramp, TargetExposure, Unstated
from regimen.quantities import Amount, Unit, UnknownUnit, read_unit
from regimen.timing import Span

_NOT_UNITS = frozenset(
    [
        "iv", "civ", "sc", "sq", "im", "po", "it", "ip", "rt", "bid", "tid", "qid", "prn", "x", "on", "at", "in",
        "for", "to", "then", "every", "daily", "weekly", "day", "days", "cycle", "cycles", "over", "bolus", "subcut",
        "subcutaneously", "intravenously", "orally", "oral", "until", "through", "before", "once", "twice", "with",
        "q", "qd", "qod", "od",
    ]
)  # fmt: skip


class AmountCallbacks:
    """Amounts are returned as ``amount`` clauses, so that a phase knows where its dose stands."""

    def amount(self, nodes: Nodes) -> Clause:
        return _amount(Amount(_number(nodes[0]), unit_at(nodes[1])), nodes)

    def amount_range(self, nodes: Nodes) -> Clause:
        low, high = _numbers(nodes)
        if high <= low:
            raise wrong(nodes[0], f"the range {low}-{high} runs backwards; write the smaller amount first.")
        return _amount(AmountRange(low, high, unit_at(nodes[-1])), nodes)

    def amount_choice(self, nodes: Nodes) -> Clause:
        values = tuple(_numbers(nodes))
        if len(set(values)) < len(values):
            raise wrong(nodes[0], "an amount is offered twice; list each choice once.")
        return _amount(AmountChoice(values, unit_at(nodes[-1])), nodes)

    def exposure(self, nodes: Nodes) -> Clause:
        return _amount(TargetExposure(_number(nodes[1])), nodes)

    def dose_level(self, nodes: Nodes) -> Clause:
        return _amount(DoseLevel(nodes[0].split()[-1]), nodes)

    def unstated_dose(self, nodes: Nodes) -> Clause:
        return _amount(Unstated("taper" if nodes[0].lower().startswith("taper") else "dose"), nodes)

    def ramp(self, nodes: Nodes) -> Clause:
        first, step, last = _numbers(nodes)
        units = {unit_at(n) for n in nodes if isinstance(n, Token) and n.type == "UNIT"}
        if len(units) != 1:
            raise wrong(nodes[0], "the start, step and end of a ramp must have the same unit.")
        sign = next((n for n in nodes if isinstance(n, Token) and n.type == "SIGN"), "")
        step = -step if sign == "-" or (not sign and last < first) else step
        if step == 0 or (last - first) * step < 0:
            raise wrong(nodes[0], f"a step of {step} never leads from {first} to {last}; check the sign of the step.")
        every = next(n for n in nodes if isinstance(n, Span))
        return _amount(Ramp(first, step, every, last, units.pop()), nodes)

    def short_span(self, nodes: Nodes) -> Span:
        return words.step(str(nodes[0]))

    def long_span(self, nodes: Nodes) -> Span:
        return words.span(str(nodes[-1]))

    def frequent_span(self, nodes: Nodes) -> Span:
        often = words.frequency(str(nodes[0]))
        if often.n != 1:
            raise wrong(
                nodes[0], "a step of a ramp lasts whole days or more; write every day, every 2 days, every week."
            )
        return Span(1, "d" if often.per == "day" else "w")

    def route(self, nodes: Nodes) -> Clause:
        return clause("route", words.route(nodes[0]), nodes)

    def over(self, nodes: Nodes) -> Clause:
        return clause("over", words.span(str(nodes[1])), nodes)

    def bolus(self, nodes: Nodes) -> Clause:
        return clause("bolus", True, nodes)

    def divided(self, nodes: Nodes) -> Clause:
        return clause("divided", count_of(nodes[0]), nodes)

    def cap(self, nodes: Nodes) -> Clause:
        return clause("caps", Amount(_number(nodes[1]), unit_at(nodes[2])), nodes)

    def bags(self, nodes: Nodes) -> Clause:
        return clause("bags", words.span(str(nodes[1])), nodes)

    def round_to(self, nodes: Nodes) -> Clause:
        return clause("round_to", Amount(_number(nodes[1]), unit_at(nodes[2])), nodes)

    def prn(self, nodes: Nodes) -> Clause:
        return clause("prn", True, nodes)


def _amount(value: Any, nodes: Nodes) -> Clause:
    return clause("amount", value, nodes)


@lru_cache(maxsize=1024)
def _decimal(text: str) -> Decimal:
    return Decimal(text)


def _number(token: Token) -> Decimal:
    return _decimal(str(token))


def _numbers(nodes: Nodes) -> list[Decimal]:
    return [_number(n) for n in nodes if isinstance(n, Token) and n.type == "NUMBER"]


def unit_at(token: Token) -> Unit:
    """The unit a word names; what is no unit is refused with the nearest one."""
    try:
        return read_unit(str(token))
    except UnknownUnit as error:
        sentence, remedy = (
            f"{error.text!r} is not a dose unit.",
            "Usual units: mg, mg/kg, mg/m2, mcg/day, g, mL, units.",
        )
        if str(token).lower() in _NOT_UNITS:
            sentence = f"the number before {str(token)!r} has no unit."
            remedy = "Write what is counted after the number, such as 10 mg, 5 mg/kg or 28 mcg/day."
        elif error.closest:
            remedy = f"Did you mean {error.closest}?"
        raise NotationError(sentence, "", token.start_pos, remedy) from None
