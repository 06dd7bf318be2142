"""The one layer through which doses, days and times are printed, and the lint that finds what could be misread."""

from regimen.safetext.saying import (
    clock_in_words,
    day_in_words,
    day_without_year,
    happens_twice,
    is_skipped,
    moment_in_words,
    span_in_words,
    weekly_in_words,
    zone_in_words,
)
from regimen.safetext.tall_man import drug_in_words
from regimen.safetext.unsafe import Misreading, unsafe

__all__ = [
    "Misreading",
    "clock_in_words",
    "day_in_words",
    "day_without_year",
    "drug_in_words",
    "happens_twice",
    "is_skipped",
    "moment_in_words",
    "span_in_words",
    "unsafe",
    "weekly_in_words",
    "zone_in_words",
]
