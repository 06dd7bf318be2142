"""What is an entry for: the event itself, the moment its infusion stops, or a change of its bags?"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The part of an event that an entry shows; its value is part of the entry's identity."""

    EVENT = ""
    STOP = "stop"
    BAG = "bag"
    SERIES = "series"
