"""Are vials and tablets the best there are? Every small case is compared with trying everything."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dosing.given import q

from regimen.dosing import plan_tablets, plan_vials, vial_totals
from regimen.errors import DosingError
from regimen.quantities import Quantity, Unit
from regimen.safetext import unsafe

MG = Unit("mg")
WORKED = [
    ("720 mg", ["120 mg", "400 mg"], "least waste", "720 mg (least waste): 6 × 120 mg = 720 mg, no waste"),
    ("720 mg", ["120 mg", "400 mg"], "fewest vials", "720 mg (fewest vials): 2 × 400 mg = 800 mg, waste 80 mg"),
    ("700 mg", ["120 mg", "400 mg"], "least waste", "700 mg (least waste): 6 × 120 mg = 720 mg, waste 20 mg"),
    ("0.7 g", ["120 mg", "400 mg"], "fewest vials", "700 mg (fewest vials): 2 × 400 mg = 800 mg, waste 100 mg"),
    ("1 mg", ["400 mg"], "least waste", "1 mg (least waste): 1 × 400 mg = 400 mg, waste 399 mg"),
]


@pytest.mark.parametrize(("needed", "strengths", "objective", "said"), WORKED)
def test_worked_vial_plans(needed, strengths, objective, said):
    """720 mg from 120 and 400 mg: 6 × 120 (no waste) or 2 × 400 (80 mg waste)."""
    plan = plan_vials(q(needed), [q(strength) for strength in strengths], objective)
    assert plan.steps == (said,)
    assert unsafe(said) == ()


def by_trying_everything(needed, sizes, objective):
    """(total, vials) and all combinations that reach it, from every combination that could be best."""
    limits = [int(-(-needed // size)) for size in sizes]
    tried = {}
    for counts in product(*(range(limit + 1) for limit in limits)):
        total, vials = sum(n * s for n, s in zip(counts, sizes, strict=True)), sum(counts)
        if total >= needed:
            tried.setdefault((total, vials) if objective == "least waste" else (vials, total), []).append(counts)
    best = min(tried)
    return (best if objective == "least waste" else best[::-1]), set(tried[best])


sizes = st.sets(st.integers(1, 12), min_size=1, max_size=5).map(lambda found: sorted(found, reverse=True))


@given(
    st.fractions(min_value=Fraction(1, 7), max_value=14, max_denominator=7),
    sizes,
    st.sampled_from([1, 5, Fraction(1, 2)]),
)
@settings(max_examples=250, deadline=None)
@pytest.mark.parametrize("objective", ["least waste", "fewest vials"])
def test_vial_plans_are_optimal(objective, needed, sizes, scale):
    """Up to five strengths: total, vials and waste are those that trying everything finds; ties are all named."""
    needed, sizes = needed * scale, [size * scale for size in sizes]
    plan = plan_vials(Quantity(needed, MG), [Quantity(Fraction(size), MG) for size in sizes], objective)
    (total, vials), combinations = by_trying_everything(needed, sizes, objective)
    assert (plan.total.value, plan.vials) == (total, vials)
    assert plan.waste.value == total - needed
    assert sum(strength.value * count for strength, count in plan.counts) == total

    def counts_of(counts):
        found = {strength.value: count for strength, count in counts}
        return tuple(found.get(size, 0) for size in sizes)

    assert counts_of(plan.counts) == max(combinations)
    assert {counts_of(tie) for tie in plan.ties} <= combinations - {counts_of(plan.counts)}
    assert len(plan.ties) == min(5, len(combinations) - 1)


@given(st.integers(1, 10**9), st.sampled_from([(120, 400), (35,), (100, 140, 200), (7, 11, 13, 500)]))
@settings(max_examples=60, deadline=None)
def test_large_amounts_are_as_exact_as_small_ones(needed, sizes):
    """However large the amount: the waste is less than the smallest vial, and none can be left out."""
    plan = plan_vials(Quantity(Fraction(needed), MG), [Quantity(Fraction(size), MG) for size in sizes], "least waste")
    assert 0 <= plan.waste.value < min(sizes)
    assert all(plan.total.value - strength.value < needed for strength, _ in plan.counts)


def test_ties_are_resolved_and_said():
    """10 + 30 and 20 + 20 are as good; the choice with more large vials is taken, and the other is named."""
    plan = plan_vials(q("40 mg"), [q("10 mg"), q("20 mg"), q("30 mg")], "least waste")
    assert plan.steps == (
        "40 mg (least waste): 1 × 30 mg + 1 × 10 mg = 40 mg, no waste",
        "as good: 2 × 20 mg; taken is the one with more large vials",
    )


def test_plans_add_up_over_a_course():
    """14 visits of 700 mg: vials, waste and total are the sums; every visit opens its own."""
    plan = plan_vials(q("700 mg"), [q("120 mg"), q("400 mg")], "least waste")
    course = vial_totals([plan] * 14)
    assert [str(x) for x in (course.needed, course.total, course.waste)] == ["9,800 mg", "10,080 mg", "280 mg"]
    assert [(str(strength), count) for strength, count in course.counts] == [("120 mg", 84)]


def test_strengths_that_cannot_be_searched_are_refused():
    """1 g and 1 mcg beside 999,999 mcg: too many totals, said as such."""
    with pytest.raises(DosingError, match="the strengths differ so much"):
        plan_vials(q("2 kg"), [q("1 g"), q("999999 mcg"), q("1 mcg")], "least waste")


TABLETS = [
    ("400 mg", ["10 mg", "50 mg", "100 mg"], False, "400 mg = 4 tablets of 100 mg"),
    ("70 mg", ["10 mg", "50 mg", "100 mg"], False, "70 mg = 1 tablet of 50 mg + 2 tablets of 10 mg"),
    ("20 mg", ["10 mg", "50 mg", "100 mg"], False, "20 mg = 2 tablets of 10 mg"),
    ("60 mg", ["40 mg", "30 mg"], False, "60 mg = 2 tablets of 30 mg"),
    ("75 mg", ["50 mg"], True, "75 mg = 1 tablet of 50 mg + 1 half tablet of 50 mg"),
    ("50 mg", ["100 mg", "25 mg"], True, "50 mg = 2 tablets of 25 mg"),
]


@pytest.mark.parametrize(("dose", "strengths", "halves", "said"), TABLETS)
def test_tablets_make_the_dose_exactly(dose, strengths, halves, said):
    """As few as possible; halves only where they are allowed and whole tablets do not do."""
    plan = plan_tablets(q(dose), [q(strength) for strength in strengths], halves=halves)
    assert plan.steps[0] == said
    assert unsafe(said) == ()


@given(st.integers(1, 60), sizes, st.booleans())
@settings(max_examples=200, deadline=None)
def test_tablets_are_fewest_by_trying_everything(dose, sizes, halves):
    """Fewest halves first, then fewest pieces; if nothing makes the dose, trying everything finds nothing either."""
    pieces = [(Fraction(size), 0) for size in sizes] + ([(Fraction(size, 2), 1) for size in sizes] if halves else [])
    best = {Fraction(0): (0, 0)}
    for half_units in range(1, 2 * dose + 1):
        total = Fraction(half_units, 2)
        options = [best[total - size] for size, _ in pieces if total - size in best]
        costs = [
            (best[total - size][0] + half, best[total - size][1] + 1) for size, half in pieces if total - size in best
        ]
        if options:
            best[total] = min(costs)
    try:
        plan = plan_tablets(Quantity(Fraction(dose), MG), [Quantity(Fraction(s), MG) for s in sizes], halves=halves)
    except DosingError:
        assert Fraction(dose) not in best
        return
    assert (sum(n for _, n in plan.halves), plan.pieces) == best[Fraction(dose)]
    assert sum(s.value * n for s, n in plan.whole) + sum(s.value * n / 2 for s, n in plan.halves) == dose


def test_venetoclax_ramp_up_tablets():
    """20, 50, 100, 200, 400 mg from tablets of 10, 50 and 100 mg."""
    strengths = [q("10 mg"), q("50 mg"), q("100 mg")]
    said = [plan_tablets(q(f"{dose} mg"), strengths).steps[0] for dose in (20, 50, 100, 200, 400)]
    assert said == [
        "20 mg = 2 tablets of 10 mg",
        "50 mg = 1 tablet of 50 mg",
        "100 mg = 1 tablet of 100 mg",
        "200 mg = 2 tablets of 100 mg",
        "400 mg = 4 tablets of 100 mg",
    ]
