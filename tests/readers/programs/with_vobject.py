"""What does the library `vobject` find in .ics files, and are they valid by its own rules?"""

from __future__ import annotations

from pathlib import Path

import vobject
from printing import Row, in_words, print_rows


def rows_of(path: Path) -> list[Row]:
    (calendar,) = vobject.readComponents(path.read_bytes().decode("utf-8"))
    calendar.validate(raiseException=True)
    return [
        Row(
            event.uid.value,
            in_words(event.dtstart.value),
            in_words(event.dtend.value),
            event.summary.value,
            event.status.value,
        )
        for event in calendar.contents.get("vevent", [])
    ]


if __name__ == "__main__":
    print_rows(rows_of)
