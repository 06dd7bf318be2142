"""How is it said what became of an event: its state, what was given, where it was planned, and what was recorded?"""

from __future__ import annotations

from collections.abc import Iterable

from regimen.events import Event, day_of
from regimen.render.words import day_in_words, one_line

OFF = frozenset({"missed", "held", "cancelled", "not applicable"})
"""States of what is not given, or not now."""

_STATES = {"held": "on hold: do not give", "not applicable": "does not apply"}


def state_in_words(state: str) -> str:
    """A state as a reader must take it."""
    return _STATES.get(state, state)


def what_happened(event: Event) -> Iterable[str]:
    """How much was given, and where it was planned and due if that is another day."""
    if event.given:
        yield one_line(event.given)
    if event.current is not None:
        late = (event.first_day - day_of(event.current)).days
        yield f"{_signed(late)} d, due {day_in_words(day_of(event.current))}" if late else "on its day, at another time"
    if event.planned is not None and event.planned != event.current and day_of(event.planned) != event.first_day:
        yield f"planned {day_in_words(day_of(event.planned))}"


def _signed(days: int) -> str:
    return f"+{days}" if days > 0 else f"−{-days}"


def reason_of(event: Event) -> str:
    """What was recorded of an event, where that is more than that it took place on its day."""
    if not event.because:
        return ""
    on_its_day = event.state in ("given", "done") and event.planned is None and event.current is None
    plain = on_its_day and event.because.count("(journal line") == 1
    return "" if plain else one_line(event.because)
