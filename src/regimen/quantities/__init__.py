"""How much? Exact amounts with a closed table of dose units, read and printed so that they cannot be misread."""

from regimen.quantities.exact import Quantity, equals, exact, exact_number, is_short
from regimen.quantities.reading import read_amount, read_quantity
from regimen.quantities.units import (
    Amount,
    Unit,
    UnknownUnit,
    known_units,
    plain_number,
    read_unit,
    spoken_number,
)

__all__ = [
    "Amount",
    "Quantity",
    "Unit",
    "UnknownUnit",
    "equals",
    "exact",
    "exact_number",
    "is_short",
    "known_units",
    "plain_number",
    "read_amount",
    "read_quantity",
    "read_unit",
    "spoken_number",
]
