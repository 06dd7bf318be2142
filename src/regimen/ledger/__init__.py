"""How much does one subject get, from which bags and vials, and what does it come to? The door: ``make_ledger``."""

from regimen.ledger.making import amounts_of, make_ledger
from regimen.ledger.measuring import Given, Measured
from regimen.ledger.terms import Administration, Drug, JoinedInfusion, Ledger, Sum

__all__ = [
    "Administration",
    "Drug",
    "Given",
    "JoinedInfusion",
    "Ledger",
    "Measured",
    "Sum",
    "amounts_of",
    "make_ledger",
]
