"""What can one type? Every verb with its options, help and a real example."""

from __future__ import annotations

import argparse

from regimen._version import __version__
from regimen.cli import verbs
from regimen.cli.cohort import add_cohort
from regimen.cli.compare import add_diff
from regimen.cli.doses import add_doses
from regimen.cli.following import add_amend, add_deviations
from regimen.cli.forecast import add_forecast, add_simulate
from regimen.cli.happened import add_happened
from regimen.cli.journals import add_journal
from regimen.cli.options import FOOT, TRIAL, Commands, add_expansion, add_language, add_subject, add_verb
from regimen.cli.page import add_page
from regimen.cli.record import add_record
from regimen.cli.sites import add_as_of
from regimen.cli.soa import add_soa
from regimen.cli.starts import add_starts
from regimen.cli.swimmer import add_swimmer
from regimen.cli.timeline import add_timeline
from regimen.cli.windows import add_windows


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="regimen",
        description="Doses and visits of clinical trials: rules in, dated calendars out.",
        epilog="example: regimen calendar belimumab-sle --on first_dose=2027-01-04\n" + FOOT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", "-V", action="version", version=f"regimen {__version__}")
    commands = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    _list(commands)
    _show(commands)
    _check(commands)
    _line(commands)
    _calendar(commands)
    _ics(commands)
    _key(commands)
    _gantt(commands)
    add_soa(commands)
    add_windows(commands)
    add_starts(commands)
    add_doses(commands)
    add_cohort(commands)
    add_forecast(commands)
    add_simulate(commands)
    add_page(commands)
    add_timeline(commands)
    add_swimmer(commands)
    add_record(commands)
    add_journal(commands)
    add_diff(commands)
    add_deviations(commands)
    add_amend(commands)
    _schema(commands)
    _demo(commands)
    return parser


def _list(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(commands, "list", verbs.list_trials, "list the trials that come with regimen", "regimen list")
    verb.add_argument("--json", action="store_true", help="a JSON list of {name, registry, title}")


def _show(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(
        commands, "show", verbs.show, "say what a definition means: sentences, what is assumed, schedule of activities",
        "regimen show belimumab-sle",
    )  # fmt: skip
    verb.add_argument("trial", metavar="TRIAL", help=TRIAL)
    verb.add_argument("--arm", help="which arm; all if left out")
    verb.add_argument("--assume", action="append", default=[], metavar="NAME", help="opt into a named assumption")
    verb.add_argument("--json", action="store_true", help="the same as JSON")


def _check(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(
        commands, "check", verbs.check, "check a definition: errors, and findings worth a look",
        "regimen check my-trial.yaml",
    )  # fmt: skip
    verb.add_argument("trial", metavar="FILE", help=TRIAL)
    verb.add_argument("--on", action="append", default=[], metavar="ANCHOR=DATE",
                      help="with dates, list every date that another reading of 'month' would change")  # fmt: skip
    verb.add_argument("--assume", action="append", default=[], metavar="NAME", help="opt into a named assumption")
    verb.add_argument("--json", action="store_true", help="findings as a JSON list")


def _line(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(
        commands, "line", verbs.line, "date one line of notation: canonical text, sentence, occurrences",
        'regimen line "9 mcg/day CIV days 1-14 q3mo x4" --start 2027-01-31',
    )  # fmt: skip
    verb.add_argument("text", metavar="LINE", help="dose and schedule, in quotes")
    verb.add_argument("--start", required=True, metavar="DATE", help="the date it counts from, such as 2027-01-31")
    verb.add_argument("--first-day", choices=("0", "1"), help="what the start is called; else 0 if the line names 0")
    verb.add_argument(
        "--weeks", choices=("elapsed", "ordinal"), help="week N as 7 × N days after the start, or week 1 first"
    )
    add_expansion(verb)
    verb.add_argument("--json", action="store_true", help="the same as JSON")


def _calendar(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(
        commands, "calendar", verbs.calendar, "date a trial for one subject: every dose and visit, with the reason",
        "regimen calendar belimumab-sle --on first_dose=2027-01-04 --format csv -o calendar.csv",
    )  # fmt: skip
    add_subject(verb)
    add_happened(verb)
    add_as_of(verb)
    verb.add_argument("--format", choices=("text", "csv", "json", "md", "xlsx"), help="text if left out; xlsx needs -o")
    verb.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of the screen")
    verb.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")


def _ics(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(
        commands, "ics", verbs.ics, "write a calendar file for Outlook, Google Calendar or Apple Calendar",
        "regimen ics belimumab-sle --on first_dose=2027-01-04 -o patient.ics",
    )  # fmt: skip
    add_subject(verb)
    add_happened(verb)
    verb.add_argument(
        "-o", "--output", metavar="FILE", required=True, help="the file to write, its name ending in .ics"
    )
    verb.add_argument(
        "--profile", choices=("discreet", "full"), default="discreet",
        help="discreet, if left out, says nothing of drug, disease, study or subject; full says all",
    )  # fmt: skip
    add_language(verb)
    verb.add_argument("--subject", metavar="KEY", default="", help="the subject's pseudonymous key, such as 0017")
    verb.add_argument("--key", metavar="FILE", help="a file with a secret, or env for REGIMEN_KEY; see regimen key")
    verb.add_argument(
        "--previous", action="append", default=[], metavar="OLD.ics",
        help="the last export, to tell programs what changed; repeatable, for one that was split",
    )  # fmt: skip
    verb.add_argument("--revised", metavar="TIME", help="the time stamp of what changed, instead of a count")
    verb.add_argument("--at", metavar="HH:MM", help="a clock time for visits that have none; needs --tz")
    verb.add_argument(
        "--alarm", metavar="LENGTH", help="remind so long before: 1d (at 09:00 the day before), 2h, 30min"
    )
    verb.add_argument("--as-of", metavar="DATE", help="no alarm before this day; today if left out")
    verb.add_argument(
        "--bags", nargs="?", const="", metavar="LENGTH",
        help="show bag changes of infusions; LENGTH, such as 96h, where none is stated",
    )  # fmt: skip
    verb.add_argument("--decided-only", action="store_true", help="leave out what hangs on an open decision")
    verb.add_argument("--rrule", action="store_true", help="steady runs of like events as one repeating entry each")
    verb.add_argument("--split", action="store_true", help="a file for each year: FILE-2027.ics")


def _key(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(
        commands,
        "key",
        verbs.key,
        "make a secret key for calendar files, once for each site",
        "regimen key -o regimen.key",
    )
    verb.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write; never replaced")


def _gantt(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(
        commands, "gantt", verbs.gantt, "draw a timeline: png, svg or pdf, by the file's ending",
        "regimen gantt blinatumomab-mrd --on first_dose=2026-03-02 -o timeline.svg",
    )  # fmt: skip
    add_subject(verb)
    add_happened(verb)
    verb.add_argument("-o", "--output", metavar="FILE", required=True, help="the file to write: .png, .svg or .pdf")
    verb.add_argument("--theme", choices=("colour", "grey"), default="colour", help="colour if left out")
    verb.add_argument("--from", dest="first", metavar="DATE", help="the first day that is shown")
    verb.add_argument("--to", dest="last", metavar="DATE", help="the last day that is shown")
    verb.add_argument("--by", choices=("day", "week"), help="a line for each day or week; what suits if left out")
    verb.add_argument("--layout", choices=("page", "wide"), default="page",
                      help="one landscape page (if left out), or as wide as the days need")  # fmt: skip
    verb.add_argument("--today", metavar="DATE", nargs="?", const="", help="mark this day; the present day without one")


def _schema(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(
        commands, "schema", verbs.schema, "print the JSON Schema of the definition format, for editors",
        "regimen schema -o regimen-1.schema.json",
    )  # fmt: skip
    verb.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of the screen")


def _demo(commands: Commands) -> None:  # type: ignore[type-arg]
    verb = add_verb(
        commands, "demo", verbs.demo, "write calendar, .ics and timeline of the five trials that come with regimen",
        "regimen demo -o out/",
    )  # fmt: skip
    verb.add_argument("-o", "--output", metavar="FOLDER", required=True, help="the folder to write to; made if missing")
