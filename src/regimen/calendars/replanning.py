"""x"""

from __future__ import annotations

from collections.abc import Sequence

from regimen.calendars.assembly import assembled
from regimen.calendars.walk import Walk
from regimen.events import Calendar
from regimen.facts import Fact


def replanned(planned: Walk, facts: Sequence[Fact]) -> Calendar:
    return assembled(planned)
