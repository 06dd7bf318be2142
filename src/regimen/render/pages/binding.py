"""Which words may not be parted at the end of a line? A date, and a number from its unit."""

from __future__ import annotations

import re

from regimen.render.words import one_line
from regimen.safetext.saying import MONTHS
from regimen.timing import WEEKDAYS

_TIED = re.compile(
    rf"(?:(?:{'|'.join(WEEKDAYS)}) )?\d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}}\b)?"
    r"|\b\d{1,2}\.? (?:de )?[^\W\d_]+ (?:de )?\d{4}\b"  # German, French and Spanish: 4 de enero de 2027
    r"|\b\d{1,3} (?=[^\W\d_])"  # 4 tablets
    r"|\b(?:Day|Week|Month) (?=[−\d])"
    r"|\d × (?=\d)|[=≈] (?=\d)|\w (?=\[[a-z]+\])"
    r"|\d (?=(?:mg|g|mcg|mL|kg|cm|units|m2|AUC|h|min|d)\b)"
)

UNIT = r"\b[A-Za-z]{1,5}(?:/[A-Za-z0-9]{1,5})+\b"
"""Units such as mg/kg, which a line may not end within."""


def bound(text: str) -> str:
    """The text on one line, dates and amounts held together by no-break spaces."""
    return _TIED.sub(lambda found: found.group().replace(" ", "\u00a0"), one_line(text))
