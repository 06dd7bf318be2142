"""Can these measures be true? What cannot is refused; what is unusual, or fits another unit better, is warned of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from regimen.quantities import exact_number
from regimen.quantities.measured import Kind, Measure

Range = tuple[Fraction, Fraction]
_POUND, _INCH = Fraction("0.45359237"), Fraction("2.54")


def _range(low: str, high: str) -> Range:
    return Fraction(low), Fraction(high)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Lowest and highest value by kind, both allowed: outside ``possible`` is refused, outside ``usual`` warned of.

    In kg, cm, mg/dL, mL/min, years and m2; the body mass index in kg/m2.
    """

    possible: Mapping[str, Range] = field(default_factory=lambda: _POSSIBLE)
    usual: Mapping[str, Range] = field(default_factory=lambda: _USUAL)
    index_possible: Range = (Fraction(5), Fraction(120))
    index_usual: Range = (Fraction(11), Fraction(50))


_POSSIBLE: Mapping[str, Range] = {
    "weight": _range("0.3", "500"), "height": _range("25", "260"), "creatinine": _range("0.05", "40"),
    "GFR": _range("1", "300"), "age": _range("0", "125"), "body surface": _range("0.05", "4"),
}  # fmt: skip
_USUAL: Mapping[str, Range] = {
    "weight": _range("2", "250"), "height": _range("45", "220"), "creatinine": _range("0.2", "12"),
    "GFR": _range("5", "180"), "age": _range("0", "105"), "body surface": _range("0.15", "3"),
}  # fmt: skip
DEFAULT_BOUNDS = Bounds()


def impossible(measures: Iterable[Measure], bounds: Bounds = DEFAULT_BOUNDS) -> Iterator[str]:
    """Sentences about measures that cannot be true."""
    given = tuple(measures)
    for measure in given:
        low, high = bounds.possible[measure.kind.name]
        if not low <= measure.value <= high:
            span = _span(low, high, measure.kind)
            yield f"{_named(measure)} is outside {span}, so it is not used.{_meant(measure, low, high)}"
    weight, height, index = _index(given)
    if weight and height and _inside_all(bounds.possible, weight, height):
        low, high = bounds.index_possible
        if not low <= index <= high:
            meant = _swaps(weight, height, bounds)
            yield f"{_pair(weight, height, index)}: no body has that, so neither is used.{meant}"


def unusual(measures: Iterable[Measure], bounds: Bounds = DEFAULT_BOUNDS) -> Iterator[str]:
    """Sentences about measures to look at again; they are used all the same."""
    given = tuple(measures)
    for measure in given:
        low, high = bounds.usual[measure.kind.name]
        if not low <= measure.value <= high:
            yield f"{_named(measure)} is unusual (outside {_span(low, high, measure.kind)}); check it."
    weight, height, index = _index(given)
    if weight and height and not bounds.index_usual[0] <= index <= bounds.index_usual[1]:
        yield f"{_pair(weight, height, index)}, which is unusual; check both.{_swaps(weight, height, bounds)}"


def jumps(series: Iterable[Measure], tolerance: Fraction = Fraction(1, 20)) -> Iterator[str]:
    """Two weights or heights in a row whose ratio is that of kg to lb, or of cm to in, within ``tolerance``."""
    for one, other in pairwise(series):
        ratio = max(one.value, other.value) / min(one.value, other.value)
        wrong, unit = {"weight": (1 / _POUND, "lb"), "height": (_INCH, "in")}.get(one.kind.name, (Fraction(0), ""))
        if wrong and abs(ratio / wrong - 1) <= tolerance:
            yield (
                f"{one.kind.name} {one.written} and then {other.written}: the ratio is that of {one.kind.unit} to "
                f"{unit}; check the unit of each."
            )


def _named(measure: Measure) -> str:
    return f"{measure.kind.name} {measure.written}" + (f" ({measure})" if measure.step else "")


def _span(low: Fraction, high: Fraction, kind: Kind) -> str:
    return f"{exact_number(low)} to {exact_number(high)} {kind.unit}"


def _meant(measure: Measure, low: Fraction, high: Fraction) -> str:
    """The same number with another unit, where that is possible."""
    fits = [text for text, value in _other_readings(measure) if low <= value <= high]
    return f" Was {' or '.join(fits)} meant?" if fits else " Check the number and its unit."


_CONFUSED = {
    "kg": ("lb",), "lb": ("kg",), "cm": ("in", "m"), "in": ("cm",), "m": ("cm",), "mg/dL": ("micromol/L",),
    "micromol/L": ("mg/dL",),
}  # fmt: skip


def _other_readings(measure: Measure) -> Iterator[tuple[str, Fraction]]:
    """The number as written with each unit it is confused with, and what that is in the kind's own unit."""
    number, _, unit = measure.written.partition(" ")
    for other in _CONFUSED.get(unit, ()):
        yield f"{number} {other}", Fraction(number.replace(",", "")) * measure.kind.units[other.lower()]


def _index(measures: tuple[Measure, ...]) -> tuple[Measure | None, Measure | None, Fraction]:
    found = {measure.kind.name: measure for measure in measures}
    weight, height = found.get("weight"), found.get("height")
    if weight is None or height is None:
        return None, None, Fraction(0)
    return weight, height, _index_of(weight.value, height.value)


def _index_of(kilograms: Fraction, centimetres: Fraction) -> Fraction:
    return kilograms / (centimetres / 100) ** 2


def _inside_all(possible: Mapping[str, Range], *measures: Measure) -> bool:
    return all(possible[m.kind.name][0] <= m.value <= possible[m.kind.name][1] for m in measures)


def _pair(weight: Measure, height: Measure, index: Fraction) -> str:
    shown = exact_number(Fraction(round(index * 10), 10))
    return f"weight {weight.written} with height {height.written} is a body mass index of {shown} kg/m2"


def _swaps(weight: Measure, height: Measure, bounds: Bounds) -> str:
    """What the pair would be with one unit exchanged, where that gives a usual body."""
    pairs = [(text, value, height.value) for text, value in _other_readings(weight)]
    pairs += [(text, weight.value, value) for text, value in _other_readings(height)]
    low, high = bounds.index_usual
    fits = [text for text, kilograms, centimetres in pairs if low <= _index_of(kilograms, centimetres) <= high]
    return f" Was {' or '.join(fits)} meant?" if fits else ""
