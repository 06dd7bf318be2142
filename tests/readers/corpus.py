"""Which calendars do the independent readers read? Trials, clock changes, hostile text, and a large one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tests.golden.trials import PROFILES, TRIALS, calendar_of, options_of
from tests.readers.installed import Row
from tests.render.samples import calendar, event, everything, infusion

from regimen.events import Calendar, Event
from regimen.moments import zone_named
from regimen.render.ics import Options, as_ics, entries_of
from regimen.timing import Span

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Sydney",
    "Europe/Dublin",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
)
ALWAYS_AT_UTC = "Africa/Accra"
YEAR = 2025
"""A past one: of years to come, zone data of different age say different things, as they did of Casablanca's."""
_START = datetime(YEAR, 1, 1, tzinfo=UTC)
_HALF_HOUR = timedelta(minutes=30)
_DAY = timedelta(days=1)

LONG = 300
HOSTILE = (
    "Belimumab 5 µg/kg, β; δ",
    "emoji 💉🧪 👩🏽‍⚕️ 🇩🇪",
    "CJK 用药日, 訪問; 방문",
    r"backslashes C:\new\table \, \; \\ end\ ".strip(),
    r"escapes as text \n \N \t \" ^n ^' %0A &#10; \u000a",
    "quotes \"double\" and 'single', «guillemets»",
    "colons DTSTART:20270101 ;VALUE=DATE: end:",
    "a line\nbreak, a carriage\r\nreturn, a\ttab",
    "separators of lines \u2028 and paragraphs \u2029 and \x85 and \x0b and \x0c",
    "BEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR",
    "composed é, decomposed e\u0301, no-break\u00a0space, zero\u200bwidth, soft\u00adhyphen",
    "right to left שלום and back, direction \u202eoverridden\u202c",
    "controls \x00\x01\x07\x1b[31m\x7f\ufeff",
    "x" * LONG,
    "µ" * LONG,
    "用" * LONG,
    "💉" * LONG,
    "comma," * (LONG // 6),
    "\\" * LONG,
    "words of a line that must be folded " * (LONG // 36),
)
"""Words a protocol might hold, or somebody might put there to break a file."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One calendar file of the corpus."""

    make: Callable[[], Calendar]
    options: Options

    def content(self) -> bytes:
        """The file."""
        return as_ics(self.make(), self.options)

    def rows(self) -> list[Row]:
        """What every reader must find in it."""
        return rows_of(self.make(), self.options)


def rows_of(one: Calendar, options: Options) -> list[Row]:
    """What every reader must find in a calendar's file, from the entries that are to be in it."""
    entries = entries_of(one, options)
    return sorted(Row(e.uid, in_words(e.start), in_words(e.end), e.summary, e.status) for e in entries)


def in_words(moment: date | datetime) -> str:
    """A day as an ISO date, a time in UTC."""
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def clock_changes() -> Calendar:
    """Visits each half hour for six hours around every clock change of a year, and each week at 09:00, in all zones."""
    changing = (one for key in ZONES for one in _around_changes(zone_named(key)))
    return calendar([*changing, *(one for key in (*ZONES, ALWAYS_AT_UTC) for one in _every_morning(zone_named(key)))])


def changes_of(zone: ZoneInfo) -> list[datetime]:
    """The half hours in UTC before which a zone's offset is another one, in the year."""
    hours = (_START + n * _HALF_HOUR for n in range(1, 365 * 48))
    return [h for h in hours if h.astimezone(zone).utcoffset() != (h - _HALF_HOUR).astimezone(zone).utcoffset()]


def _around_changes(zone: ZoneInfo) -> Iterator[Event]:
    for change in changes_of(zone):
        for n in range(-12, 13):
            start = change + n * _HALF_HOUR
            # Every clock time that there is: counted in UTC, so none is skipped, and the second of two comes too.
            yield _visit(start.astimezone(zone), (start + timedelta(hours=3)).astimezone(zone), "change")


def _every_morning(zone: ZoneInfo) -> Iterator[Event]:
    for n in range(0, 365, 7):
        start = datetime.combine(date(YEAR, 1, 1) + n * _DAY, time(9), zone)
        yield _visit(start, start + timedelta(hours=1), "morning")


def _visit(start: datetime, end: datetime, item: str) -> Event:
    zone = start.tzinfo
    name = f"{item}/{zone}/{start.astimezone(UTC).isoformat()}"
    return event(item, start, end=end, id=name, kind="visit", label=f"Visit {zone}", position="")


@cache
def hostile_texts() -> Calendar:
    """Every hostile text in every place where a definition's words get into a calendar."""
    return calendar(
        [_hostile(n, text) for n, text in enumerate(HOSTILE)], study=HOSTILE[3], title=HOSTILE[5], arm=HOSTILE[0]
    )


def _hostile(n: int, text: str) -> Event:
    day = date(YEAR, 1, 4) + n * _DAY
    return replace(
        event("hostile", day, id=f"hostile/{n}/{text}", label=text, position=text[:20]),
        kind=("visit", "dose")[n % 2], dose=text, route=text[::-1], duration=text, activities=(text, text[::-1]),
        why=text, basis=f"assumed: {text}", source=text, conditions=(text,), state=("planned", "tentative")[n % 2],
        cycle=n,
    )  # fmt: skip


EVERY_CHOICE = Options(
    profile="full", subject="S-001", zone=zone_named("Europe/Berlin"), at=time(9), alarm=Span(1, "d"),
    as_of=date(2027, 1, 5), bags=True, bag_length=Span(96, "h"),
)  # fmt: skip


@cache
def every_choice() -> Calendar:
    """Every kind of event, with times for visits, reminders and changes of bags, across a change of the clock."""
    start = datetime(2027, 3, 22, 10, tzinfo=zone_named("Europe/Berlin"))
    one = everything()
    return replace(one, events=(*one.events, infusion(start, id="treatment/c2/d1/blinatumomab", days=28)))


@cache
def two_thousand() -> Calendar:
    """Five years: 1,600 daily doses, 370 timed visits, and 15 infusions with two entries each."""
    zone, start = zone_named("Europe/Berlin"), date(YEAR, 1, 4)
    doses = [event("drug", start + n * _DAY, id=f"drug/{n}", dose="1 mg") for n in range(1_600)]
    mornings = (datetime.combine(start + 5 * n * _DAY, time(9, 30), zone) for n in range(370))
    visits = [_visit(morning, morning + timedelta(minutes=45), "visit") for morning in mornings]
    nights = (datetime.combine(start + 90 * n * _DAY, time(22), zone) for n in range(15))
    infusions = [infusion(night, id=f"infusion/{n}") for n, night in enumerate(nights)]
    return calendar([*doses, *visits, *infusions])


CORPUS: dict[str, Sheet] = {
    **{
        f"{trial}-{profile}": Sheet(lambda trial=trial: calendar_of(trial), options_of(profile))  # type: ignore[misc]
        for trial in TRIALS
        for profile in PROFILES
    },
    "clock-changes": Sheet(clock_changes, Options(profile="full")),
    "hostile-texts": Sheet(hostile_texts, Options(profile="full")),
    "every-choice": Sheet(every_choice, EVERY_CHOICE),
    "two-thousand": Sheet(two_thousand, Options(profile="full")),
}
