"""What is known of the subject on the day of a dose? Weight, height, age, sex, creatinine and kidney function."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from regimen.dosing.plausible import DEFAULT_BOUNDS, Bounds, impossible, unusual
from regimen.errors import DosingError
from regimen.quantities.measured import KINDS, Measure, read_measure

SEXES = ("female", "male")


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures that apply to one dose, by kind (weight, height, creatinine, gfr, age, surface), and the sex."""

    by_kind: Mapping[str, Measure] = field(default_factory=dict)
    sex: str | None = None
    warnings: tuple[str, ...] = ()
    steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By kind: why this measure applies, where a rule chose it."""

    def get(self, kind: str) -> Measure | None:
        """The measure of a kind, if there is one."""
        return self.by_kind.get(kind)

    def value(self, kind: str) -> Fraction:
        """Its value in kg, cm, mg/dL, mL/min, years or m2; DosingError if it is missing."""
        found = self.by_kind.get(kind)
        if found is None:
            raise DosingError(missing(kind))
        return found.value

    def with_measure(self, measure: Measure, kind: str) -> Measures:
        """A copy with one measure exchanged."""
        return replace(self, by_kind={**self.by_kind, kind: measure})


def missing(kind: str) -> str:
    """The sentence about a measure that a dose needs and nobody gave."""
    if kind == "sex":
        return "the sex is needed and missing; give female or male."
    what = KINDS[kind]
    return f"the {what.name} is needed and missing; give it with its unit, such as {what.example}."


def read_measures(*, bounds: Bounds = DEFAULT_BOUNDS, sex: str | None = None, **texts: str | None) -> Measures:
    """Measures from texts (weight="70 kg", height="5 ft 7 in" …); DosingError tells everything that is wrong."""
    problems: list[str] = []
    found: dict[str, Measure] = {}
    for kind, text in texts.items():
        if kind not in KINDS:
            problems.append(f"{kind!r} is not a measure; known are {', '.join(KINDS)} and sex.")
        elif text is not None:
            try:
                found[kind] = read_measure(kind, text)
            except DosingError as error:
                problems += error.problems
    if sex is not None and sex not in SEXES:
        problems.append(f"sex {sex!r} is not known; write female or male, as the formulas have it.")
    problems += impossible(found.values(), bounds)
    if problems:
        raise DosingError(*problems)
    return Measures(found, sex, tuple(unusual(found.values(), bounds)))
