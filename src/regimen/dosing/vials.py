"""Which vials are taken for an amount? Least waste or fewest vials, by exact search; equally good choices are said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from regimen.dosing.packing import combinations_of, fewest_pieces, in_integers, largest_first, reachable
from regimen.errors import DosingError
from regimen.quantities import Quantity

OBJECTIVES = ("least waste", "fewest vials")
_TIES = 5
"""So many equally good choices are named at most."""


@dataclass(frozen=True, slots=True)
class VialPlan:
    """Vials by strength (largest first, none with a count of 0), what they hold together and what is left over."""

    needed: Quantity
    counts: tuple[tuple[Quantity, int], ...]
    total: Quantity
    waste: Quantity
    objective: str
    ties: tuple[tuple[tuple[Quantity, int], ...], ...] = ()
    """Other choices that are as good by the objective, not taken."""

    @property
    def vials(self) -> int:
        """How many vials are opened."""
        return sum(count for _, count in self.counts)

    @property
    def steps(self) -> tuple[str, ...]:
        """The plan in sentences: what is taken, what is left over, and what would have been as good."""
        lead = f"{self.needed} ({self.objective}): {_said(self.counts)} = {self.total}, {_waste(self.waste)}"
        ties = (f"as good: {' or '.join(map(_said, self.ties))}; taken is the one with more large vials",)
        return (lead, *(ties if self.ties else ()))


def plan_vials(needed: Quantity, strengths: Sequence[Quantity], objective: str) -> VialPlan:
    """The best vials that hold at least ``needed``; DosingError for strengths of another unit or an unknown objective.

    *least waste* takes the smallest total, and of those the fewest vials; *fewest vials* takes the fewest, and of those
    the smallest total. Of choices that are equal in both, the one with more of the largest vials.
    """
    ordered = _checked(needed, strengths, objective)
    needed = needed.to(ordered[0].unit)
    whole, step = in_integers([strength.to(needed.unit).value for strength in ordered])
    sizes = tuple(whole)
    least = -(-needed.value // step)
    base, best = _search(sizes, int(least))
    total = _chosen(best, int(least) - base * sizes[0], objective)
    found = list(islice(combinations_of(sizes, total, best), _TIES + 1))
    plans = [tuple((s, n) for s, n in _with_base(ordered, counts, base) if n) for counts in found]
    held = Quantity((total + base * sizes[0]) * step, needed.unit)
    return VialPlan(needed, plans[0], held, held.minus(needed), objective, tuple(plans[1:]))


@dataclass(frozen=True, slots=True)
class VialTotals:
    """Several plans together: needed, taken and left over in all, and how many vials of each strength."""

    needed: Quantity
    total: Quantity
    waste: Quantity
    counts: tuple[tuple[Quantity, int], ...]


def vial_totals(plans: Iterable[VialPlan]) -> VialTotals:
    """The sums over a visit, a cycle or a course; every plan opens its own vials."""
    several = list(plans)
    if not several:
        raise DosingError("there are no vial plans to add up.")
    unit = several[0].needed.unit
    counts: dict[Quantity, int] = {}
    for plan in several:
        for strength, count in plan.counts:
            counts[strength.to(unit)] = counts.get(strength.to(unit), 0) + count
    needed, total, waste = (
        Quantity(sum((part.to(unit).value for part in parts), Fraction(0)), unit)
        for parts in ([p.needed for p in several], [p.total for p in several], [p.waste for p in several])
    )
    ordered = tuple(sorted(counts.items(), key=lambda pair: -pair[0].value))
    return VialTotals(needed, total, waste, ordered)


def _checked(needed: Quantity, strengths: Sequence[Quantity], objective: str) -> tuple[Quantity, ...]:
    """The strengths, largest first; all that is wrong at once."""
    problems = [] if objective in OBJECTIVES else [f"{objective!r} is no objective; choose {' or '.join(OBJECTIVES)}."]
    if needed.value <= 0:
        problems.append(f"{needed} needs no vial; the amount must be above 0.")
    if needed.unit.per or needed.unit.time:
        problems.append(f"{needed} is not the amount of one administration; vials hold an amount, not a rate.")
    if not strengths:
        problems.append("no vial strengths are given; give one or more, such as 120 mg and 400 mg.")
    for strength in strengths:
        if not strength.comparable(needed):
            problems.append(f"a vial of {strength} cannot hold {needed.unit}: the two do not measure the same.")
        elif strength.value <= 0:
            problems.append(f"a vial of {strength} is empty; its strength must be above 0.")
    if problems:
        raise DosingError(*problems)
    return largest_first(strengths, "vial")


def _search(sizes: tuple[int, ...], least: int) -> tuple[int, list[int]]:
    """Largest vials that are in every best choice, and the fewest vials for every total of the rest.

    In a best choice the others number fewer than the largest size (of that many, some would add up to a multiple of the
    largest and could be exchanged for fewer), so the rest stays small however large the amount is.
    """
    others = (sizes[0] - 1) * sizes[1] if len(sizes) > 1 else 0
    base = max(0, (least - others) // sizes[0])
    return base, fewest_pieces(sizes, least - base * sizes[0] + sizes[0])


def _chosen(best: list[int], least: int, objective: str) -> int:
    totals = [total for total in range(least, len(best)) if reachable(best[total])]
    if objective == "least waste":
        return totals[0]
    return min(totals, key=lambda total: (best[total], total))


def _with_base(strengths: tuple[Quantity, ...], counts: tuple[int, ...], base: int) -> list[tuple[Quantity, int]]:
    return list(zip(strengths, (counts[0] + base, *counts[1:]), strict=True))


def _said(counts: tuple[tuple[Quantity, int], ...]) -> str:
    return " + ".join(f"{count:,} × {strength}" for strength, count in counts)


def _waste(waste: Quantity) -> str:
    return f"waste {waste}" if waste.value else "no waste"
