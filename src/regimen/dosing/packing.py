"""In which ways do whole pieces of given sizes add up to a total? Exact search over integers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd, lcm

from regimen.errors import DosingError
from regimen.quantities import Quantity

MOST_STATES = 2_000_000
"""More sums than that are not searched; strengths that need so many are not real vials."""
_FEWEST = 1 << 60


def in_integers(values: list[Fraction]) -> tuple[list[int], Fraction]:
    """The values as whole multiples of their largest common step, and that step."""
    denominator = lcm(*(value.denominator for value in values))
    whole = [int(value * denominator) for value in values]
    step = gcd(*whole)
    return [number // step for number in whole], Fraction(step, denominator)


def largest_first(strengths: Sequence[Quantity], noun: str) -> tuple[Quantity, ...]:
    """Strengths of one dimension in order, each as it was given; DosingError if two are the same."""
    unit = strengths[0].unit
    same = {strength.to(unit).value: strength for strength in strengths}
    if len(same) < len(strengths):
        raise DosingError(f"a strength of the {noun}s is given twice; give each once.")
    return tuple(same[value] for value in sorted(same, reverse=True))


def fewest_pieces(sizes: tuple[int, ...], most: int, costs: tuple[int, ...] = ()) -> list[int]:
    """For every total from 0 to ``most`` the lowest cost (one each unless given) of pieces that make it exactly.

    ``_FEWEST`` or more means that no pieces make it. DosingError if there are too many totals to search.
    """
    if most > MOST_STATES:
        raise DosingError(
            f"the strengths differ so much that {most:,} totals would have to be tried (at most {MOST_STATES:,}); "
            "leave out the smallest strength, or one that is mistyped."
        )
    priced = tuple(zip(sizes, costs or (1,) * len(sizes), strict=True))
    best = [0] + [_FEWEST] * most
    for total in range(1, most + 1):
        for size, cost in priced:
            if size <= total and best[total - size] + cost < best[total]:
                best[total] = best[total - size] + cost
    return best


def reachable(cost: int) -> bool:
    """Whether a cost from ``fewest_pieces`` belongs to a total that can be made."""
    return cost < _FEWEST


def combinations_of(
    sizes: tuple[int, ...], total: int, best: list[int], costs: tuple[int, ...] = ()
) -> Iterator[tuple[int, ...]]:
    """Every combination (a count for each size) that makes ``total`` at its lowest cost; most of the first first."""
    priced = costs or (1,) * len(sizes)

    def from_size(place: int, left: int, cost: int) -> Iterator[tuple[int, ...]]:
        if place == len(sizes) - 1:
            count, rest = divmod(left, sizes[place])
            if rest == 0 and count * priced[place] == cost:
                yield (count,)
            return
        for count in range(min(left // sizes[place], cost // priced[place]), -1, -1):
            remainder, open_cost = left - count * sizes[place], cost - count * priced[place]
            if best[remainder] <= open_cost:
                for others in from_size(place + 1, remainder, open_cost):
                    yield (count, *others)

    if sizes and reachable(best[total]):
        yield from from_size(0, total, best[total])
