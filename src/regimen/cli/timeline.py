"""When does a whole study happen, and does it fit its stated dates? ``regimen timeline``."""

from __future__ import annotations

import argparse
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.cli import FINE
from regimen.cli.options import TRIAL, Commands, add_verb
from regimen.cli.sites import day_of_option
from regimen.cli.verbs import emit, pairs, say
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.definition.models import Study
    from regimen.plan import Plan
    from regimen.timelines import Asked, StudyTimeline

PICTURES = (".png", ".svg", ".pdf")


def add_timeline(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``timeline``."""
    verb = add_verb(
        commands, "timeline", show_timeline,
        "say when a whole study happens: first and last participant, accrual, numbers on treatment, what does not fit",
        'regimen timeline belimumab-sle --start 2027-01-04 --enrol 60 --over "10 mo" -o study.pdf',
    )  # fmt: skip
    verb.add_argument("trial", metavar="TRIAL", help=TRIAL)
    group = verb.add_argument_group("accrual", "What is left out is taken from the study, where it states it.")
    group.add_argument("--start", metavar="DATE", help="the first day on which somebody can enter")
    group.add_argument("--enrol", metavar="N", type=_number, help="how many participants enter")
    group.add_argument("--over", metavar="LENGTH", help='evenly over so long, such as "12 mo"')
    group.add_argument("--rate", metavar="RATE", help="so many in a unit of time: 6/mo, 1.5/w, 40/y")
    group.add_argument("--sites", metavar="FILE", help="a csv with site,opens,rate and where wanted closes,most")
    group.add_argument("--counts", metavar="FILE", help="a csv with month,participants and where wanted cohort")
    verb.add_argument("--ratio", action="append", default=[], metavar="ARM=N",
                      help="so many in this arm each turn; 1 if left out")  # fmt: skip
    verb.add_argument("--decide", action="append", default=[], metavar="NAME=ANSWER", help="answer a decision")
    verb.add_argument("--assume", action="append", default=[], metavar="NAME", help="opt into a named assumption")
    verb.add_argument("--horizon", metavar="LENGTH", help='how far open ends are followed, such as "24 mo"')
    verb.add_argument("--format", choices=("text", "csv", "json"), help="text if left out")
    verb.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")
    verb.add_argument("--theme", choices=("colour", "grey"), default="colour", help="of a picture; colour if left out")
    verb.add_argument("-o", "--output", metavar="FILE",
                      help="write to a file; .png, .svg or .pdf draws a picture")  # fmt: skip


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 100,000")
    return int(text)


def show_timeline(options: Namespace) -> int:
    """The timeline of a study."""
    from regimen.library import load
    from regimen.timelines import accrual_of, make_timeline

    pictured = options.output is not None and Path(options.output).suffix.lower() in PICTURES
    if pictured and options.format is not None:
        raise RegimenError(f"{options.output} is a picture and --format says {options.format}; leave one of them out.")
    study = load(options.trial, assume=options.assume)
    accrual = accrual_of(study.study, _asked(options))
    plans = _plans(study, options)
    timeline = make_timeline(study.study, plans, accrual, _ratio(options.ratio))
    entry = " or, by arm, ".join(dict.fromkeys(map(_day_in, plans.values())))
    _emit(timeline, entry, options, pictured=pictured)
    return FINE


def _day_in(plan: Plan) -> str:
    """What the day in is the day of, in an arm."""
    origin = plan.origin.removeprefix("@")
    return plan.anchors.get(origin, origin)


def _emit(timeline: StudyTimeline, entry: str, options: Namespace, *, pictured: bool) -> None:
    if pictured:
        from regimen.render.timeline_plot import save

        save(timeline, entry, Path(options.output), theme=options.theme)
        say(f"wrote {options.output}")
    elif options.format == "csv":
        from regimen.render.timeline_tables import as_csv

        emit(as_csv(timeline), options.output)
    elif options.format == "json":
        from regimen.render.timeline_tables import as_json

        emit(as_json(timeline, entry), options.output)
    else:
        from regimen.render.timeline_words import as_text

        emit(as_text(timeline, entry), options.output)


def _asked(options: Namespace) -> Asked:
    from regimen.notation import read_span
    from regimen.timelines import Asked
    from regimen.timelines.asked import read_rate

    return Asked(
        day_of_option(options.start, "--start"), options.enrol,
        read_span(options.over) if options.over is not None else None,
        read_rate(options.rate) if options.rate is not None else None,
        Path(options.sites) if options.sites is not None else None,
        Path(options.counts) if options.counts is not None else None,
    )  # fmt: skip


def _plans(study: Study, options: Namespace) -> dict[str, Plan]:
    """The plan of each arm, and what one must know of it."""
    from regimen.library import plan_for

    decide = pairs(options.decide, "--decide", "transplant=no")
    return {arm: plan_for(study, {}, arm=arm, decide=decide, horizon=options.horizon) for arm in study.arms}


def _ratio(texts: list[str]) -> dict[str, int]:
    given = pairs(texts, "--ratio", "active=2")
    for arm, text in given.items():
        if not (text.isascii() and text.isdigit()) or int(text[:9]) > 100:
            raise RegimenError(f"--ratio {arm}={text} is not a whole number from 0 to 100.")
    return {arm: int(text) for arm, text in given.items()}
