"""Is any dose calculated in binary floating point? Source searched, results calculated again in fractions."""

from __future__ import annotations

import ast
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given as property_of
from hypothesis import strategies as st
from tests.dosing.given import BLINATUMOMAB, CAPPED, MOSTELLER, given, subject

from regimen.dosing import Policy
from regimen.timing import Span

SOURCE = Path(__file__).parents[2] / "src" / "regimen"
FILES = sorted([*(SOURCE / "dosing").rglob("*.py"), *(SOURCE / "quantities").rglob("*.py")])
WHOLE_MATH = {"gcd", "lcm"}


def floats_in(source: str) -> list[str]:
    """Float literals, the names float and complex, and everything of math but its whole-number functions."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            found.append(repr(node.value))
        elif isinstance(node, ast.Name) and node.id in ("float", "complex"):
            found.append(node.id)
        elif isinstance(node, ast.Attribute) and node.attr in ("total_seconds", "fsum", "as_integer_ratio"):
            found.append(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module == "math":
            found += [alias.name for alias in node.names if alias.name not in WHOLE_MATH]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name in ("math", "statistics", "random", "numpy")]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_module_of_doses_knows_floats(path):
    """No float literal, no call of float, no function of math that gives one."""
    assert floats_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("source", ["x = 0.5", "float(3)", "from math import sqrt", "import math", "y: float = 1"])
def test_the_search_finds_floats(source):
    """Each way a float can enter is noticed."""
    assert floats_in(source) != []


def floats_inside(value: object) -> list[float]:
    """Every float anywhere in a result."""
    if isinstance(value, float):
        return [value]
    if is_dataclass(value) and not isinstance(value, type):
        return [x for field in fields(value) for x in floats_inside(getattr(value, field.name))]
    if isinstance(value, dict):
        return [x for pair in value.items() for part in pair for x in floats_inside(part)]
    if isinstance(value, tuple | list | frozenset):
        return [x for part in value for x in floats_inside(part)]
    return []


weights = st.decimals("20", "150", places=2).map(lambda number: number.normalize())
doses = st.decimals("0.01", "900", places=2).filter(lambda number: number > 0).map(lambda number: number.normalize())


@property_of(doses, weights, st.integers(1, 40))
def test_a_dose_per_kg_is_the_product_of_fractions(dose, weight, count):
    """Administration, total and printed text agree with a calculation in fractions."""
    result = given(f"{dose:f} mg/kg IV", subject(weight=f"{weight:f} kg", height=None), doses=count)
    expected = Fraction(dose) * Fraction(weight)
    assert result.administration.value == expected
    assert result.total.value == expected * count
    assert result.stated_total.value == Fraction(dose) * count
    assert floats_inside(result) == []


@property_of(doses, weights, st.integers(1, 60))
def test_an_infusion_per_kg_agrees_by_day_by_hour_and_in_all(rate, weight, days):
    """Per hour × 24 is per day, per day × days is the total; all exact."""
    result = given(f"{rate:f} mcg/kg/day CIV", subject(weight=f"{weight:f} kg", height=None), lasting=Span(days, "d"))
    assert result.administration is None
    assert result.rate.value * 24 == result.per_day.value == Fraction(rate) * Fraction(weight)
    assert result.total.value == result.per_day.value * days
    assert floats_inside(result) == []


@property_of(doses, weights, st.integers(1, 6), st.integers(1, 30))
def test_divided_doses_add_up_to_the_day(rate, weight, parts, days):
    """A day's amount in n doses: n administrations are the day's amount, even where one has no end as a decimal."""
    result = given(f"{rate:f} mg/kg/day PO in {parts} doses", subject(weight=f"{weight:f} kg"), doses=parts * days)
    assert result.administration.value * parts == Fraction(rate) * Fraction(weight) == result.per_day.value
    assert result.total.value == result.per_day.value * days


@pytest.mark.parametrize(
    ("dose", "policy"),
    [("375 mg/m2 IV", MOSTELLER), ("15 mcg/m2/day CIV", Policy(surface="Boyd")), ("AUC 6 IV", Policy(calvert=CAPPED))],
)
def test_no_float_is_in_any_result(dose, policy):
    """Also where roots, logarithms and kidney function are calculated."""
    person = subject(age="54 years", sex="female", creatinine="88 micromol/L")
    assert floats_inside(given(dose, person, policy)) == []
    assert floats_inside(given(BLINATUMOMAB, person)) == []
