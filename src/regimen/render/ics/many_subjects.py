"""How are the calendars of many subjects of one plan written at the rate a whole site needs, to the same bytes?

What the lines of an entry say depends on few things beside its dates, and most days are days of many subjects. So each
kind of entry is serialised once, each of its days is filled in once, and for each subject only the identities are new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from regimen.errors import RegimenError
from regimen.events import Calendar, Event
from regimen.render.ics.assembly import Zones, calendar_of, serialised, used_zones
from regimen.render.ics.entries import Maker
from regimen.render.ics.entry import written_moment
from regimen.render.ics.exporting import export, name_of_calendar
from regimen.render.ics.faults import refuse_faults
from regimen.render.ics.identity import Identity
from regimen.render.ics.options import DISCREET, Options
from regimen.render.ics.stencils import Stencils
from regimen.render.ics.visit_times import with_times
from regimen.render.ics.weekly import Weekly, weekly_doses
from regimen.render.zones import observances

_DATES = ("start", "end", "window", "preferred")
_SHAPE = ("kind", "state", "optional", "continuous", "bags", "elapsed", "any_day")
_TOLD = (
    *("label", "position", "why", "dose", "route", "duration", "activities", "basis", "source", "conditions"),
    *("planned", "given", "because"),
)
_MOST_KEPT = 100_000
_END = "END:VCALENDAR\r\n"


def as_ics_each(
    calendars: Iterable[tuple[str, Calendar]],
    options: Options = Options(),  # noqa: B008 - frozen
) -> Iterator[tuple[str, bytes]]:
    """Each subject's key with the subject's file: to the byte what ``as_ics`` gives with that key as ``subject``.

    Raises RegimenError for the first calendar that ``as_ics`` would refuse, with the same words.
    """
    press = _Press(options)
    for subject, calendar in calendars:
        yield subject, press.file(subject, calendar)


class _Piece(NamedTuple):
    """One entry of an event: where it belongs in the file, and its lines before and after its UID."""

    day: date
    exact: str
    part: str
    """What follows the event's id in the entry's, such as ``#stop``."""
    before: str
    after: str


class _Made(NamedTuple):
    """All entries of an event, and the zones they are written in."""

    pieces: tuple[_Piece, ...]
    zones: Zones


class _Named:
    """Gives an id itself where an identity would give its UID; so that the parts of an event can be told apart."""

    uid = staticmethod(str)


class _Press:
    """What has been made so far, for the next subject to use."""

    def __init__(self, options: Options) -> None:
        self.options = options
        told = () if options.profile == DISCREET else _TOLD
        self._facts = attrgetter(*_DATES, *_SHAPE, *told)
        self._known: dict[object, _Made] = {}
        self._heads: dict[object, str] = {}
        self._stencils = Stencils()

    def file(self, subject: str, calendar: Calendar) -> bytes:
        """One subject's file."""
        options = replace(self.options, subject=subject)
        events = [e for e in calendar if e.state != "tentative"] if options.decided_only else list(calendar)
        if options.rrule or not events or len({event.id for event in events}) < len(events):
            return export(calendar, options).content()
        try:
            return self._file(calendar, events, options)
        except RegimenError:
            return export(calendar, options).content()  # which refuses it, and names all that is wrong

    def _file(self, calendar: Calendar, events: list[Event], options: Options) -> bytes:
        weekly, uid = weekly_doses(events), Identity(calendar.study, options.subject, options.secret).uid
        facts, known = self._facts, self._known
        rows: list[tuple[date, str, str, str, str]] = []
        zones: Zones = {}
        for event in events:
            timed = isinstance(event.start, datetime)
            key = facts(event), weekly.get(event.id), _moments(event) if timed else None
            made = known.get(key) or self._made(key, event, weekly)
            for day, at, part, before, after in made.pieces:
                rows.append((day, at, uid(event.id + part), before, after))
            if made.zones:
                _join(zones, made.zones)
        rows.sort()
        body = "".join([text for _, _, name, before, after in rows for text in (before, name, after)])
        return f"{self._head(calendar, options, dict(sorted(zones.items())))}{body}{_END}".encode()

    def _made(self, key: object, event: Event, weekly: dict[str, Weekly]) -> _Made:
        placed, _ = with_times([event], self.options)
        refuse_faults(placed)
        entries = tuple(Maker(_Named(), self.options, weekly).entries(placed[0]))
        pieces = tuple(_Piece(*e.order[:2], e.uid.removeprefix(event.id), *self._stencils.halves(e)) for e in entries)
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        made = self._known[key] = _Made(pieces, used_zones(entries))
        return made

    def _head(self, calendar: Calendar, options: Options, zones: Zones) -> str:
        """The lines before the events; equal for all subjects of the same name and zones."""
        name = name_of_calendar(calendar, options)
        key = name, tuple((zone.key, observances(zone, first, last)) for zone, first, last in zones.values())
        if key not in self._heads:
            whole = serialised(calendar_of(name, zones, 0)).decode("utf-8")
            self._heads[key] = whole.removesuffix(_END)
        return self._heads[key]


def _moments(event: Event) -> tuple[str, ...]:
    """Clock times with their zones and which of two they are, since equal moments are written differently."""
    windows = [window for window in (event.window, event.preferred) if window]
    moments = [event.start, event.end, *(moment for window in windows for moment in (window.earliest, window.latest))]
    moments += [event.planned] if event.planned is not None else []
    return tuple(f"{written_moment(moment)} {getattr(moment, 'fold', 0)}" for moment in moments)


def _join(zones: Zones, more: Zones) -> None:
    """Each zone from its first day to its last."""
    for key, (zone, first, last) in more.items():
        _, begun, ended = zones.get(key, (zone, first, last))
        zones[key] = zone, min(first, begun), max(last, ended)
