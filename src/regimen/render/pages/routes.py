"""How does a patient get a medicine, and where? At home by their own hand, or at the clinic; and on which days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from regimen.events import Event, day_of
from regimen.languages import Language

AT_HOME = frozenset({
    "PO", "sublingual", "buccal", "inhaled", "nebulised", "intranasal", "topical", "transdermal", "rectal", "vaginal",
    "ophthalmic",
})  # fmt: skip
"""Routes that need no hand but the patient's; every other dose is given at the clinic."""
_Routed = Callable[[Language], str]
_ROUTES: dict[str, _Routed] = {
    "PO": lambda speaks: speaks.say("You take it by mouth."),
    "sublingual": lambda speaks: speaks.say("You put it under your tongue."),
    "buccal": lambda speaks: speaks.say("You put it between your gum and your cheek."),
    "IV": lambda speaks: speaks.say("You get it into a vein, from your study team."),
    "CIV": lambda speaks: speaks.say("You get it into a vein without a break, from your study team."),
    "subcut": lambda speaks: speaks.say("You get it as an injection under the skin."),
    "IM": lambda speaks: speaks.say("You get it as an injection into a muscle."),
}


def by_route(route: str | None, speaks: Language) -> str:
    """How it is taken or given, in a sentence."""
    said = _ROUTES.get(route or "")
    if said is not None:
        return said(speaks)
    if route in AT_HOME:
        return speaks.say("Your study team shows you how to use it.")
    return speaks.say("You get it from your study team.")


def clinic_days(events: Iterable[Event]) -> frozenset[date]:
    """The days of visits and of doses given at the clinic; of what runs for days, those it starts and stops on."""
    at_clinic = [event for event in events if event.kind == "visit" or event.route not in AT_HOME]
    return frozenset(day for event in at_clinic for day in _days(event))


def open_visits(events: Iterable[Event]) -> tuple[tuple[date, date], ...]:
    """From when to when, for visits on any day of a stretch: the day on which a patient comes is not set yet."""
    windows = (event.window for event in events if event.any_day)
    return tuple(dict.fromkeys((day_of(w.earliest), day_of(w.latest)) for w in windows if w is not None))


def _days(event: Event) -> tuple[date, ...]:
    return () if event.any_day and event.window is not None else (event.first_day, event.last_day)
