"""Which entries does a calendar become, before any comparison with what was exported earlier?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from types import ModuleType

from regimen.errors import RegimenError
from regimen.events import Calendar, Event
from regimen.render.ics import full, vocabulary
from regimen.render.ics.alarms import alarm_of
from regimen.render.ics.bags import bag_changes, bag_lengths, bag_notes, bags_in_words
from regimen.render.ics.entry import (
    APPOINTMENT,
    CANCELLED,
    CONFIRMED,
    FIRST_REVISION,
    KEY_DATE,
    ONE_DAY,
    SHOWN_LENGTH,
    TENTATIVE,
    TREATMENT,
    VISIT,
    Entry,
    exact,
    in_file,
    shown_end,
)
from regimen.render.ics.faults import refuse_faults
from regimen.render.ics.identity import Identity, Named
from regimen.render.ics.options import DISCREET, Options
from regimen.render.ics.roles import Role
from regimen.render.ics.series import Run, run_in_words, runs_of, times_of, windows_in_words
from regimen.render.ics.visit_times import with_times
from regimen.render.ics.weekly import NEVER_TAKEN, Weekly, weekly_doses
from regimen.render.words import counted

CATEGORY = {"visit": VISIT, "dose": TREATMENT, "activity": APPOINTMENT, "milestone": KEY_DATE}

Pair = tuple[Event, Entry]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be in the file, in its order, and what must be said beside it."""

    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def entries_of(calendar: Calendar, options: Options = Options()) -> tuple[Entry, ...]:  # noqa: B008 - frozen
    """What will be in the file, in its order, before any comparison with an earlier one; see ``Entry``.

    Raises RegimenError with every event that cannot be written.
    """
    return prepared(calendar, options).entries


def prepared(calendar: Calendar, options: Options) -> Prepared:
    """The entries, with notes about what was left out or needs attention."""
    decided, notes = _decided(list(calendar), options)
    events, more = with_times(decided, options)
    refuse_faults(events)
    identity = Identity(calendar.study, options.subject, options.secret)
    maker = Maker(identity, options, weekly_doses(events))
    pairs = [(event, entry) for event in events for entry in maker.entries(event)]
    notes += [*more, *(bag_notes(events, options) if options.bags else ())]
    if options.rrule:
        pairs, said = _repeated(pairs, maker)
        notes.append(said)
    return Prepared(tuple(sorted((entry for _, entry in pairs), key=lambda entry: entry.order)), tuple(notes))


def _decided(events: list[Event], options: Options) -> tuple[list[Event], list[str]]:
    """The events without those that hang on an open decision, if so asked, with their number."""
    if not options.decided_only:
        return events, []
    decided = [event for event in events if event.state != "tentative"]
    left_out = len(events) - len(decided)
    if not decided:
        raise RegimenError(f"All {left_out} events hang on an open decision, so nothing is left; answer with --decide.")
    return decided, [f"{counted(left_out, 'event')} left out, because a decision is open."] if left_out else []


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the entries of one event."""

    identity: Named
    options: Options
    weekly: Mapping[str, Weekly] = field(default_factory=dict)

    @property
    def said(self) -> ModuleType:
        """The words of the profile."""
        return vocabulary if self.options.profile == DISCREET else full

    def entries(self, event: Event) -> Iterator[Entry]:
        """The entry of an event; of an infusion with times also its stop, and its bag changes if they are asked for."""
        start, end = event.start, event.end
        if not (isinstance(start, datetime) and isinstance(end, datetime)):
            yield self.entry(event, start, end + ONE_DAY)
        elif event.continuous and event.last_day > event.first_day:
            # The stop follows elapsed time, so no later change of a zone's rules may move it.
            stop = end.astimezone(UTC)
            yield self.entry(event, event.first_day, event.last_day + ONE_DAY)
            yield self.entry(event, stop, stop + SHOWN_LENGTH, Role.STOP)
        else:
            last = end if exact(end) > exact(start) else shown_end(start)
            both = (start.astimezone(UTC), last.astimezone(UTC)) if event.elapsed else in_file(start, last)
            yield self.entry(event, *both)
        if self.options.bags:
            for number, (moment, shown) in enumerate(bag_changes(event, self.options), start=1):
                yield self.entry(event, moment, shown, Role.BAG, number)

    def entry(
        self, event: Event, start: date | datetime, end: date | datetime, role: Role = Role.EVENT, number: int = 0
    ) -> Entry:
        """One entry; ``number`` counts the changes of bags from 1."""
        status = status_of(event)
        return Entry(
            uid=self.uid(event, f"#{role}{number or ''}" if role else ""), start=start, end=end,
            summary=self.title(event, role), description="\n".join(self.sentences(event, role, number)), status=status,
            opaque=event.kind == "visit" and isinstance(start, datetime) and status != CANCELLED,
            category=CATEGORY[event.kind], alarm=alarm_of(event, start, status, self.options),
            revised=self.options.stamp or FIRST_REVISION,
        )  # fmt: skip

    def series(self, run: Run) -> Entry:
        """One entry for a steady run of like events."""
        event, first = run.pairs[0]
        language = self.options.language
        lines = [run_in_words(run, language), *windows_in_words(run, language)]
        lines += self.said.sentences(event, language, dated=False)
        return replace(
            first, uid=self.uid(event, f"#{Role.SERIES}"), summary=self.title(event, Role.SERIES), repeat=run.repeat,
            description="\n".join([*lines, *self._warnings(event), language.say(self.said.AID)]),
        )  # fmt: skip

    def alike(self, event: Event) -> object:
        """What events of one series must have in common beside their clock times and windows."""
        return (
            self.title(event, Role.SERIES),
            *self.said.sentences(event, self.options.language, dated=False),
            *self._warnings(event),
        )

    def uid(self, event: Event, part: str) -> str:
        """The UID of the event's entry, or of that ``part`` of it."""
        return self.identity.uid(event.id + part)

    def title(self, event: Event, role: Role) -> str:
        """What the program shows first; that an entry is cancelled too, since some programs show it like a live one."""
        language = self.options.language
        words: str = self.said.title(event, role, language)
        if self.said is full and role in (Role.EVENT, Role.SERIES) and event.id in self.weekly:
            words += f", {self.weekly[event.id].in_title(language)}"
        return vocabulary.cancelled(words, language) if status_of(event) == CANCELLED else words

    def sentences(self, event: Event, role: Role, number: int) -> Iterator[str]:
        """The lines of the description."""
        language = self.options.language
        lengths = bag_lengths(event, self.options) if self.options.bags else ()
        if role is Role.BAG:
            yield language.say("Change {number} of {all}", number=number, all=len(lengths) - 1)
        yield from self.said.sentences(event, language)
        if lengths and self.said is full:
            yield language.say("Bags: {bags}", bags=bags_in_words(lengths, language))
        yield from self._warnings(event)
        yield language.say(self.said.AID)

    def _warnings(self, event: Event) -> Iterator[str]:
        if event.id in self.weekly:
            yield self.weekly[event.id].sentence(self.options.language)


def status_of(event: Event) -> str:
    """What a calendar program makes of the event's state."""
    if event.state in NEVER_TAKEN:
        return CANCELLED
    return TENTATIVE if event.state == "tentative" else CONFIRMED


def _repeated(pairs: Sequence[Pair], maker: Maker) -> tuple[list[Pair], str]:
    """Steady runs as one entry each, the rest singly, and a sentence that says how many of both."""
    numbers: dict[str, int] = {}
    for event, _ in pairs:
        numbers[event.id] = numbers.get(event.id, 0) + 1
    runs = runs_of([pair for pair in pairs if numbers[pair[0].id] == 1], maker.alike)
    series = [(run.pairs[0][0], _checked(run, maker.series(run))) for run in runs]
    in_runs = {event.id for run in runs for event, _ in run.pairs}
    single = [pair for pair in pairs if pair[0].id not in in_runs]
    many, few = counted(len(in_runs), "event"), counted(len(series), "repeating entry", "repeating entries")
    return [*series, *single], f"{many} written as {few}, {counted(len(single), 'entry', 'entries')} singly."


def _checked(run: Run, series: Entry) -> Entry:
    meant = [(entry.start, entry.end) for _, entry in run.pairs]
    if list(times_of(series)) != meant:
        raise RegimenError(
            f"{run.pairs[0][0].id}: its repeat does not give the dates it stands for; leave --rrule out."
        )
    return series
