"""Which measures does each subject have, and can they be true? Texts with units, looked at once each."""

from __future__ import annotations

from functools import lru_cache

from regimen.dosing import Measures, read_measures
from regimen.dosing.plausible import DEFAULT_BOUNDS
from regimen.errors import DosingError

MEASURES = ("weight", "height", "surface", "age", "creatinine", "gfr", "sex")
"""Columns of texts, each with its unit."""
NUMBERED = {"weight_kg": ("weight", "kg"), "height_cm": ("height", "cm")}
"""Columns of numbers, and what they are and are counted in."""

Body = tuple[tuple[str, str], ...]
"""A subject's measures as kind and text: (("weight", "70 kg"),)."""


def measures_of(body: Body) -> Measures:
    """A subject's measures; DosingError tells everything that is wrong with them."""
    texts: dict[str, str | None] = dict(body)
    sex = texts.pop("sex", None)
    return read_measures(bounds=DEFAULT_BOUNDS, sex=sex, **texts)


@lru_cache(1 << 16)
def fault_of(body: Body) -> str:
    """What is wrong with measures; empty if nothing is."""
    try:
        measures_of(body)
    except DosingError as error:
        return " ".join(error.problems).rstrip(".")
    return ""


def said_of(body: Body) -> str:
    """Measures in words, as notes say of whom they speak; empty for none."""
    return ", ".join(f"{kind} {text}" for kind, text in body)
