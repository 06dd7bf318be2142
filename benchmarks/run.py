"""How long do the everyday jobs take beside a peer measured in the same run? One command: python benchmarks/run.py."""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import icalendar

    from regimen.events import Calendar
    from regimen.facts import Fact
    from regimen.plan import Plan
    from regimen.render.ics import Entry

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
if SOURCE.is_dir():
    sys.path.insert(0, str(SOURCE))

CALENDAR = ("calendar", "belimumab-sle", "--on", "first_dose=2027-01-04")
LINES = (
    "10 mg/kg IV over 1 h days 0, 14, 28 then q28d through week 48",
    "9 mcg/day CIV days 1-14 q3mo x4",
    "[q42d x5] 9 mcg/day CIV days 1-7 in cycle 1; 28 mcg/day CIV days 8-28 in cycle 1",
    "16 mg/kg IV q1w x8 then q2w x8 then q4w until progression",
    "1.4 mg/m2 IV bolus day 1 q21d x6 max 2 mg",
    "25 mg PO daily days 1-21 q28d until progression",
    "AUC 5 IV over 1 h day 1 q21d up to 6 cycles",
    "15 mg PO q1w on Mon at 08:00",
    "100 mg/m2/day CIV days 1-7 bags 24 h",
    "20 mg IV 1 h before dose of blinatumomab in cycle 1",
    "2 Gy RT on Mon-Fri x25",
    "200 mg subcut once weekly for 24 months",
)
ARM = """\
format: regimen/1
study: {id: bench, title: One arm with 400 dated events, first_day: 1}
anchors: {first_dose: first infusion}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
    doses:
      antibody: {dose: 10 mg/kg IV, when: q1w x200}
      tablet: {dose: 5 mg PO, when: daily x100}
    visits:
      visit: {when: q2w x98}
"""
EVENTS = 400


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement beside its peer: medians in ``unit``, their ratio, and the limit that holds for it."""

    job: str
    value: float
    peer: str
    peer_value: float
    ratio: float
    unit: str
    limit: str
    within: bool


# ---------------------------------------------------------------- cold starts


def cold_starts(rounds: int) -> list[Figure]:
    """Whole processes, taken in turn so that a busy moment of the machine meets all of them alike."""
    commands = {
        "python -c pass": ["-c", "pass"],
        "regimen --version": ["-m", "regimen", "--version"],
        "regimen calendar": ["-m", "regimen", *CALENDAR],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    with TemporaryDirectory() as compiled:
        for arguments in commands.values():
            _process(arguments, compiled)
        for _ in range(rounds):
            for name, arguments in commands.items():
                began = perf_counter()
                _process(arguments, compiled)
                times[name].append(perf_counter() - began)
    bare = "python -c pass"
    return [
        _slower(name, median(times[name]) * 1000, bare, median(times[bare]) * 1000, "ms", most=most)
        for name, most in (("regimen --version", 5), ("regimen calendar", 20))
    ]


def _process(arguments: list[str], compiled: str) -> str:
    """Run Python and give what it says on stderr; ``compiled`` keeps the bytecode, as an installed program has it."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPATH"] = os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    env["PYTHONPYCACHEPREFIX"] = compiled
    done = subprocess.run([sys.executable, *arguments], env=env, capture_output=True, check=False)
    said = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} does not run here: {said}")
    return said


def _slower(job: str, value: float, peer: str, peer_value: float, unit: str, most: float) -> Figure:
    ratio = value / peer_value
    return Figure(job, value, peer, peer_value, ratio, unit, f"at most {most:g} times the peer", ratio <= most)


# ---------------------------------------------------------------- one arm


def one_arm(rounds: int) -> Figure:
    """From a definition that has been read to 400 dated events, beside a loop written by hand for just these."""
    from regimen.calendars import make_calendar
    from regimen.definition.loading import load_study
    from regimen.plan import make_plan

    study, start = load_study(ARM), date(2027, 1, 4)

    def ours() -> list[date]:
        calendar = make_calendar(make_plan(study), {"first_dose": start})
        return [event.first_day for event in calendar if event.kind != "milestone"]

    def by_hand() -> list[date]:
        return _by_hand(start)

    if sorted(ours()) != sorted(by_hand()) or len(ours()) != EVENTS - 2:
        raise SystemExit("the two do not give the same dates, so their times say nothing")
    value, peer_value = (1000 * seconds for seconds in _in_turn(ours, by_hand, rounds))
    job = f"{EVENTS} events of one arm, two of them milestones"
    return Figure(
        job, value, "dateutil, by hand", peer_value, value / peer_value, "ms", "at most 5 ms", value <= 5
    )  # fmt: skip


def _by_hand(start: date) -> list[date]:
    """What a script for this one arm would do: dates and nothing else."""
    from dateutil.relativedelta import relativedelta

    days = [start + relativedelta(weeks=k) for k in range(200)]
    days += [start + relativedelta(days=k) for k in range(100)]
    days += [start + relativedelta(weeks=2 * k) for k in range(98)]
    return days


# ---------------------------------------------------------------- notation


def notation(rounds: int) -> Figure:
    """Mixed lines a second, each parsed anew; the peer parses one of them again and again."""
    from regimen.notation import reading

    read = reading._read.__wrapped__
    for line in LINES:
        read(line, "line")

    def mixed() -> None:
        for line in LINES:
            read(line, "line")

    def same() -> None:
        for _ in LINES:
            read(LINES[0], "line")

    rate, peer_rate = (len(LINES) / seconds for seconds in _in_turn(mixed, same, rounds))
    job, peer = f"{len(LINES)} mixed lines, no cache", "the first line alone"
    return Figure(job, rate, peer, peer_rate, rate / peer_rate, "lines/s", "at least 5,000 lines/s", rate >= 5000)


def _in_turn(one: Callable[[], object], other: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The median seconds of each, taken in turn, without the collector in between."""
    times: tuple[list[float], list[float]] = ([], [])
    one(), other()
    gc.collect()
    gc.disable()
    for _ in range(rounds):
        for call, taken in zip((one, other), times, strict=True):
            began = perf_counter()
            call()
            taken.append(perf_counter() - began)
    gc.enable()
    return median(times[0]), median(times[1])


# ---------------------------------------------------------------- calendar files

SUBJECTS = 500
SITE = (("discreet", "built"), ("discreet", "to_ical"), ("full", "built"))
"""Profile, and what of icalendar's work the peer does."""
SITE_YEAR = [day for day in (date(2027, 1, 4) + timedelta(days=n) for n in range(365)) if day.weekday() < 5]


def one_file(rounds: int) -> Figure:
    """From a dated calendar to a file that has been read back, beside icalendar's own serialisation of its entries."""
    import icalendar

    from regimen.render.ics import as_ics, entries_of
    from regimen.render.ics.assembly import vevent

    calendar = _arm_on(date(2027, 1, 4))
    ready = icalendar.Calendar()
    for entry in entries_of(calendar):
        ready.add_component(vevent(entry))
    value, peer_value = (1000 * seconds for seconds in _in_turn(lambda: as_ics(calendar), ready.to_ical, rounds))
    job, limit = f"{EVENTS} events to a checked .ics file", "at most 60 ms on top of the peer"
    return Figure(
        job, value, "icalendar, to_ical alone", peer_value, value / peer_value, "ms", limit, value - peer_value <= 60
    )  # fmt: skip


def site_files(rounds: int, profile: str, most_of: str) -> Figure:
    """Events a second for many subjects of one plan, beside icalendar building and serialising the same entries."""
    from regimen.render.ics import Options, as_ics_each, entries_of

    options = Options(profile=profile, secret=b"a key of thirty-two random bytes")
    first = _arm_on(SITE_YEAR[0])
    calendars = [(f"{n:04d}", _arm_on(SITE_YEAR[n * 7 % len(SITE_YEAR)])) for n in range(SUBJECTS)]
    entries = entries_of(first, options)

    def ours() -> int:
        return sum(len(content) for _, content in as_ics_each(calendars, options))

    peers = {"built": lambda: _by_icalendar(entries).to_ical(), "to_ical": _by_icalendar(entries).to_ical}
    seconds, peer_seconds = _in_turn(ours, peers[most_of], rounds)
    rate, peer_rate = len(entries) * SUBJECTS / seconds, len(entries) / peer_seconds
    ratio = rate / peer_rate
    least = 40 if (profile, most_of) == ("discreet", "built") else 0
    limit = f"at least {least} times the peer" if least else "no limit; for comparison"
    peer = "icalendar, built and to_ical" if most_of == "built" else "icalendar, to_ical alone"
    job = f"{SUBJECTS} subjects of one plan, {profile}"
    return Figure(job, rate, peer, peer_rate, ratio, "events/s", limit, ratio >= least)


def _by_icalendar(entries: Sequence[Entry]) -> icalendar.Calendar:
    """The same entries by icalendar's everyday calls."""
    import icalendar

    file = icalendar.Calendar()
    for entry in entries:
        event = icalendar.Event()
        texts = {"UID": entry.uid, "SUMMARY": entry.summary, "DESCRIPTION": entry.description, "STATUS": entry.status}
        moments = {"DTSTART": entry.start, "DTEND": entry.end, "DTSTAMP": entry.revised, "LAST-MODIFIED": entry.revised}
        more = {"TRANSP": "TRANSPARENT", "CLASS": "PRIVATE", "CATEGORIES": entry.category, "SEQUENCE": entry.sequence}
        for name, value in (texts | moments | more).items():
            event.add(name, value)
        file.add_component(event)
    return file


@cache
def _plan() -> Plan:
    from regimen.definition.loading import load_study
    from regimen.plan import make_plan

    return make_plan(load_study(ARM))


def _arm_on(day: date) -> Calendar:
    from regimen.calendars import make_calendar

    return make_calendar(_plan(), {"first_dose": day})


# ---------------------------------------------------------------- timelines


def timelines(rounds: int) -> list[Figure]:
    """A timeline of 4,000 bars, saved, beside the same one without its bars."""
    from pictures import jobs

    figures = []
    for suffix, whole, bare in jobs():
        value, peer_value = (1000 * seconds for seconds in _in_turn(whole, bare, rounds))
        job = f"4,000 bars as {suffix}"
        figures.append(_slower(job, value, "the same without bars", peer_value, "ms", most=1.6))
    return figures


# ---------------------------------------------------------------- a journal

FACTS = 5000
LONG_ARM = """\
format: regimen/1
study: {id: bench, title: A long arm, first_day: 1}
anchors: {first_dose: first tablet}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
    doses:
      tablet: {dose: 5 mg PO, when: daily x4800, late: skip}
      infusion: {dose: 10 mg/kg IV, when: q1w x400, late: "give late, shift the grid"}
"""


def replanning(rounds: int) -> list[Figure]:
    """From 5,000 facts to the calendar after them, with and without reading the journal, beside the plan's own dating.

    240 tablets were missed, 4,560 given; 200 infusions were given, every second one a day late.
    """
    from regimen.calendars import make_calendar
    from regimen.definition.loading import load_study
    from regimen.facts import Fact
    from regimen.journal import read_journal
    from regimen.plan import make_plan

    plan, anchors = make_plan(load_study(LONG_ARM)), {"first_dose": date(2027, 1, 4)}
    planned = make_calendar(plan, anchors)
    rows = [
        Fact("given", one.id, one.start) if number % 20 else Fact("missed", one.id, why="asleep")
        for number, one in enumerate(planned.of_item("tablet"))
    ]
    late = enumerate(planned.of_item("infusion")[:200])
    rows += [Fact("given", one.id, one.first_day + timedelta(days=number % 2)) for number, one in late]
    with TemporaryDirectory() as folder:
        journal = Path(folder) / "s001.jsonl"
        _write_journal(journal, rows)
        facts = read_journal(journal).facts
        if len(facts) != FACTS + 1:
            raise SystemExit(f"{len(facts):,} lines were written instead of {FACTS + 1:,}")

        def plain() -> object:
            return make_calendar(plan, anchors)

        again, alone = (1000 * s for s in _in_turn(lambda: make_calendar(plan, anchors, facts=facts), plain, rounds))
        read, beside = (
            1000 * s
            for s in _in_turn(lambda: make_calendar(plan, anchors, facts=read_journal(journal).facts), plain, rounds)
        )
    job, peer = f"{FACTS:,} facts re-planned on 5,201 events", "the same plan dated without facts"
    return [
        Figure(job, again, peer, alone, again / alone, "ms", "at most 200 ms", again <= 200),
        Figure(f"{job}, journal read and verified", read, peer, beside, read / beside, "ms", "none", True),
    ]


def _write_journal(path: Path, rows: Sequence[Fact]) -> None:
    """The lines of a journal all at once; ``append`` would verify the whole file before each of them."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from regimen.journal import open_journal
    from regimen.journal.lines import line_of

    when = datetime(2027, 1, 4, tzinfo=UTC)
    lines = []
    head = open_journal(path, study="bench", arm="main", subject="001", by="AN", now=when).hashes[-1]
    for number, fact in enumerate(rows, start=2):
        line, head = line_of(replace(fact, number=number, by="AN", recorded=when), None, head)
        lines.append(line)
    with path.open("ab") as file:
        file.writelines(lines)


# ---------------------------------------------------------------- what costs what


def imports(most: int = 25) -> list[tuple[float, str]]:
    """The milliseconds that each module's own code takes while a calendar is made, the slowest first."""
    with TemporaryDirectory() as compiled:
        _process(["-m", "regimen", *CALENDAR], compiled)
        said = _process(["-X", "importtime", "-m", "regimen", *CALENDAR], compiled)
    rows = [line.removeprefix("import time:").split("|") for line in said.splitlines() if line.count("|") == 2]
    found = [(int(own) / 1000, name.strip()) for own, _, name in rows if own.strip().isdigit()]
    return sorted(found, reverse=True)[:most]


# ---------------------------------------------------------------- printing


def table(figures: list[Figure]) -> str:
    """The figures as lines for people."""
    rows = [("job", "median", "peer", "median", "ratio", "limit", "")]
    for f in figures:
        value, peer = (f"{number:,.{0 if number >= 100 else 2}f} {f.unit}" for number in (f.value, f.peer_value))
        rows.append((f.job, value, f.peer, peer, f"{f.ratio:.1f}", f.limit, "within" if f.within else "BEYOND"))
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the everyday jobs beside peers; see benchmarks/README.md.")
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    parser.add_argument("--rounds", type=int, default=15, metavar="N", help="how often each process is started (15)")
    parser.add_argument("--imports", action="store_true", help="only list the modules that take longest to import")
    options = parser.parse_args()
    if options.imports:
        print("\n".join(f"{took:8.2f} ms  {name}" for took, name in imports()))
        return 0
    figures = [
        *cold_starts(options.rounds), one_arm(options.rounds * 4), notation(options.rounds * 20),
        one_file(options.rounds), *timelines(max(3, options.rounds // 3)), *replanning(options.rounds),
        *(site_files(3, *kinds) for kinds in SITE),
    ]  # fmt: skip
    if options.json:
        print(json.dumps({"python": platform.python_version(), "figures": [asdict(f) for f in figures]}, indent=2))
    else:
        print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
