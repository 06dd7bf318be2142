"""What is a number to a power that is no whole number? Decimals of a declared precision, never binary floats."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

PRECISION = 34
"""Significant digits of a result that is irrational, such as a body surface; the last one is rounded half to even."""
_GUARD = Context(prec=PRECISION + 16, rounding=ROUND_HALF_EVEN)


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """``base`` to ``exponent`` with guard digits to spare; the caller rounds once, with ``settled``."""
    return Fraction(_GUARD.power(_decimal(base), _decimal(exponent)))


def root(value: Fraction) -> Fraction:
    """The square root, with guard digits to spare."""
    return Fraction(_GUARD.sqrt(_decimal(value)))


def log10(value: Fraction) -> Fraction:
    """The logarithm to base 10, with guard digits to spare."""
    return Fraction(_GUARD.log10(_decimal(value)))


def settled(value: Fraction) -> Fraction:
    """The value in ``PRECISION`` digits."""
    context = Context(prec=PRECISION, rounding=ROUND_HALF_EVEN)
    return Fraction(context.divide(Decimal(value.numerator), Decimal(value.denominator)))


def _decimal(value: Fraction) -> Decimal:
    return _GUARD.divide(Decimal(value.numerator), Decimal(value.denominator))
