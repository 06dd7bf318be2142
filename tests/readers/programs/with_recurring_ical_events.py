"""Which occurrences does the library `recurring-ical-events` find in .ics files?"""

from __future__ import annotations

from pathlib import Path

import icalendar
import recurring_ical_events
from printing import Row, in_words, print_rows


def rows_of(path: Path) -> list[Row]:
    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    return [
        Row(str(one["UID"]), in_words(one.start), in_words(one.end), str(one["SUMMARY"]), str(one["STATUS"]))
        for one in recurring_ical_events.of(calendar).all()
    ]


if __name__ == "__main__":
    print_rows(rows_of)
