"""Which tablets make a dose exactly? Whole tablets first and as few as possible; halves only where they are allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from regimen.dosing.packing import combinations_of, fewest_pieces, in_integers, largest_first, reachable
from regimen.errors import DosingError
from regimen.quantities import Quantity

_MOST = 100
"""More tablets than that for one dose are not sought; the strength or the dose is wrong."""


@dataclass(frozen=True, slots=True)
class TabletPlan:
    """Whole and half tablets by strength (largest first) that make the dose exactly."""

    dose: Quantity
    whole: tuple[tuple[Quantity, int], ...]
    halves: tuple[tuple[Quantity, int], ...] = ()
    ties: int = 0
    """How many other choices need as few pieces and as few halves."""

    @property
    def pieces(self) -> int:
        """How many tablets and halves are taken."""
        return sum(count for _, count in (*self.whole, *self.halves))

    @property
    def steps(self) -> tuple[str, ...]:
        """The tablets in a sentence."""
        parts = [f"{count} {'tablet' if count == 1 else 'tablets'} of {strength}" for strength, count in self.whole]
        parts += [
            f"{count} half {'tablet' if count == 1 else 'tablets'} of {strength}" for strength, count in self.halves
        ]
        more = f"{self.ties} other choices need as few; taken is the one with more large tablets" if self.ties else ""
        return (f"{self.dose} = {' + '.join(parts)}", *((more,) if more else ()))


def plan_tablets(dose: Quantity, strengths: Sequence[Quantity], *, halves: bool = False) -> TabletPlan:
    """Tablets that make ``dose`` exactly; DosingError, with the nearest doses that can be made, if none do."""
    ordered = _checked(dose, strengths)
    dose = dose.to(ordered[0].unit)
    values = [strength.to(dose.unit).value for strength in ordered]
    pieces = values + ([value / 2 for value in values] if halves else [])
    whole, step = in_integers(pieces)
    # A half costs more than all tablets of a dose together, so it is taken only where no whole tablets do.
    costs = tuple([1] * len(ordered) + ([10**6 + 1] * len(ordered) if halves else []))
    wanted = dose.value / step
    most = int(-(-wanted // 1)) + max(whole)
    best = fewest_pieces(tuple(whole), most, costs)
    if wanted.denominator != 1 or not reachable(best[int(wanted)]):
        raise DosingError(_impossible(dose, ordered, halves, best, wanted, step))
    found = list(islice(combinations_of(tuple(whole), int(wanted), best, costs), 50))
    plan = _plan(dose, ordered, found[0], len(found) - 1)
    if plan.pieces > _MOST:
        raise DosingError(
            f"{dose} would take {plan.pieces} tablets; at most {_MOST} are planned. Check dose and strengths."
        )
    return plan


def _plan(dose: Quantity, strengths: tuple[Quantity, ...], counts: tuple[int, ...], ties: int) -> TabletPlan:
    whole = tuple((s, n) for s, n in zip(strengths, counts, strict=False) if n)
    half = tuple((s, n) for s, n in zip(strengths, counts[len(strengths) :], strict=False) if n)
    return TabletPlan(dose, whole, half, ties)


def _impossible(
    dose: Quantity, strengths: tuple[Quantity, ...], halves: bool, best: list[int], wanted: Fraction, step: Fraction
) -> str:
    below = next((t for t in range(int(-(-wanted // 1)) - 1, 0, -1) if reachable(best[t])), None)
    above = next((t for t in range(int(wanted // 1) + 1, len(best)) if reachable(best[t])), None)
    near = [str(Quantity(total * step, dose.unit)) for total in (below, above) if total is not None]
    kind = "tablets and half tablets" if halves else "whole tablets"
    return (
        f"{dose} cannot be made of {kind} of {', '.join(map(str, strengths))}; the nearest are {' and '.join(near)}. "
        "The dose is not changed: choose another strength, or let the protocol say how it is rounded."
    )


def _checked(dose: Quantity, strengths: Sequence[Quantity]) -> tuple[Quantity, ...]:
    problems = []
    if dose.value <= 0 or dose.unit.per or dose.unit.time:
        problems.append(f"{dose} is not the amount of one administration.")
    if not strengths:
        problems.append("no tablet strengths are given; give one or more, such as 10 mg and 50 mg.")
    for strength in strengths:
        if not strength.comparable(dose):
            problems.append(f"a tablet of {strength} cannot make {dose.unit}: the two do not measure the same.")
        elif strength.value <= 0:
            problems.append(f"a tablet of {strength} holds nothing; its strength must be above 0.")
    if problems:
        raise DosingError(*problems)
    return largest_first(strengths, "tablet")
