"""What does the library `ical` find in .ics files?"""

from __future__ import annotations

from pathlib import Path

from ical.calendar_stream import IcsCalendarStream
from printing import Row, in_words, print_rows


def rows_of(path: Path) -> list[Row]:
    calendar = IcsCalendarStream.calendar_from_ics(path.read_bytes().decode("utf-8"))
    return [
        Row(event.uid, in_words(event.start), in_words(event.end), event.summary, event.status and event.status.value)
        for event in calendar.events
    ]


if __name__ == "__main__":
    print_rows(rows_of)
