"""What amount does a short text such as 28 mcg/day name? Strict: whatever could be misread is refused."""

from __future__ import annotations

import re
from decimal import Decimal

from regimen.errors import DosingError
from regimen.quantities.exact import Quantity, exact
from regimen.quantities.units import Amount, UnknownUnit, plain_number, read_unit

_NUMBER = re.compile(r"(?:0|[1-9]\d*)(?:\.\d*[1-9])?", re.ASCII)
_SPLIT = re.compile(r"(?P<number>[-+−]?[\d.,]*(?:[eE][-+]?\d+)?)\s*(?P<unit>.*)", re.DOTALL | re.ASCII)
_LONGEST = 60
_INTERNATIONAL = re.compile(r"(?:m?iu|u)\b", re.IGNORECASE)


def read_amount(text: str) -> Amount:
    """``28 mcg/day`` as an amount above 0; DosingError says what is wrong and what to write."""
    if len(text) > _LONGEST:
        raise DosingError(f"{text[:20]!r}… has {len(text):,} characters; an amount has at most {_LONGEST}.")
    found = _SPLIT.fullmatch(text.strip())
    number, unit = (found["number"], found["unit"].strip()) if found else ("", text)
    complaint = _about_number(number, text) or _about_unit(number, unit)
    if complaint:
        raise DosingError(complaint)
    try:
        return Amount(Decimal(number), read_unit(unit))
    except UnknownUnit as error:
        closest = f" Did you mean {number} {error.closest}?" if error.closest else " Usual units: mg, mcg/day, mg/m2."
        raise DosingError(f"{error.text!r} in {text!r} is not a dose unit.{closest}") from None


def read_quantity(text: str) -> Quantity:
    """As ``read_amount``, for calculating with it."""
    return exact(read_amount(text))


def _about_number(number: str, text: str) -> str:
    if not number:
        return f"{text!r} does not start with a number; write a number and its unit, such as 28 mcg/day."
    if number[0] in "-−":
        return f"{text!r} is negative; an amount is more than 0."
    if "," in number:
        return f"the comma in {text!r} can be read as thousands or as a decimal point; write 1000 or 1.5."
    if number.startswith("."):
        return f"{text!r} has no digit before the point and is read as {number[1:]}; write 0{number}."
    if not _NUMBER.fullmatch(number):
        if re.fullmatch(r"\d+\.\d*", number):
            tidy = plain_number(Decimal(number))
            return f"the zero or point at the end of {number!r} is read as ten times as much; write {tidy}."
        return f"{number!r} is not a plain number; write digits and at most one point, such as 0.5 or 120."
    return "" if Decimal(number) > 0 else f"{text!r} is nothing; an amount is more than 0."


def _about_unit(number: str, unit: str) -> str:
    if not unit:
        return f"the number {number} has no unit; write what is counted, such as {number} mg or {number} mcg/day."
    if _INTERNATIONAL.match(unit):
        return f"U and IU are read as 0, 4, 10 or IV; write the word: {number} units."
    return ""
