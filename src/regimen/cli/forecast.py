"""How much will a study need? ``regimen forecast``, and ``regimen simulate`` for subjects that could have enrolled."""

from __future__ import annotations

import argparse
from argparse import Namespace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.cli import FINE
from regimen.cli.options import TRIAL, Commands, add_verb
from regimen.cli.sites import day_of_option
from regimen.cli.verbs import emit, pairs, say
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.cohort.leaving import Course
    from regimen.forecasts import Choices, Enrolment

_MEASURES = {"weight": '"70 kg"', "height": '"170 cm"', "surface": '"1.8 m2"', "age": '"54 years"',
             "creatinine": '"0.9 mg/dL"', "gfr": '"90 mL/min"'}  # fmt: skip
_TAKE = {"least-waste": "least waste", "fewest-vials": "fewest vials"}
_ENDINGS = {".txt": "text", ".csv": "csv", ".xlsx": "xlsx"}


def add_forecast(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``forecast``."""
    verb = add_verb(
        commands, "forecast", show_forecast,
        "forecast doses, amounts, vials, visits and infusion hours by day, week or month, site and arm",
        'regimen forecast belimumab-sle --enrol sites.csv --weeks 104 --weight "70 kg" -o forecast.xlsx '
        "--plot forecast.png",
    )  # fmt: skip
    _add_enrolment(verb)
    verb.add_argument("--from", dest="first", metavar="DATE", help="the first day; the first entry if left out")
    verb.add_argument("--by", choices=("day", "week", "month"), default="week", help="week if left out")
    verb.add_argument("--horizon", metavar="LENGTH", help='how far open ends are planned, such as "24 mo"')
    verb.add_argument("--take", choices=tuple(_TAKE), help="which vials are taken, over what the definition says")
    verb.add_argument(
        "--drop-out", metavar="CHANCE", help='who leaves: "2 %%/mo", or a csv file with columns day and in'
    )
    verb.add_argument("--discontinue", metavar="CHANCE", help="who stops treatment and stays in, written alike")
    verb.add_argument("--hold", metavar="CHANCES", help='treatment left out: "0.1/mo: 7 d 70 %%, 14 d 30 %%"')
    verb.add_argument("--delay", metavar="CHANCES", help="all that comes after moves to later days, written alike")
    verb.add_argument("--runs", type=_whole, default=0, metavar="N", help="simulate N studies and show quantiles")
    verb.add_argument("--seed", type=_whole, metavar="N", help="the seed of the simulation; needed with --runs")
    verb.add_argument("--format", choices=("text", "csv", "xlsx"), help="by the file's ending, text if left out")
    verb.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of the screen: .csv, .xlsx, .txt")
    verb.add_argument("--plot", metavar="FILE", help="draw it too: .png, .svg or .pdf")
    verb.add_argument("--theme", choices=("colour", "grey"), default="colour", help="of the plot; colour if left out")


def add_simulate(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``simulate``."""
    verb = add_verb(
        commands, "simulate", simulate,
        "draw subjects who could have enrolled: subject, site, arm, entry and measures, as csv or Parquet",
        "regimen simulate belimumab-sle --enrol sites.csv --weeks 104 --seed 1 -o subjects.csv",
    )  # fmt: skip
    _add_enrolment(verb)
    verb.add_argument("--seed", type=_whole, required=True, metavar="N", help="the same seed draws the same subjects")
    verb.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of the screen: .csv or .parquet")


def _add_enrolment(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("trial", metavar="TRIAL", help=TRIAL)
    verb.add_argument(
        "--enrol", metavar="FILE", required=True,
        help="sites (site, start, rate, arm, cap, end) or subjects (subject, site, arm, anchors, decisions, weight)",
    )  # fmt: skip
    verb.add_argument("--weeks", type=_whole, metavar="N", help="how far, in weeks from the first day")
    verb.add_argument("--until", metavar="DATE", help="the last day, in place of --weeks")
    verb.add_argument("--enrol-until", metavar="DATE", help="the last day on which anybody enters")
    verb.add_argument("--cap", type=_whole, metavar="N", help="the most subjects of the whole study")
    verb.add_argument("--arrivals", choices=("uniform", "poisson"), default="uniform", help="uniform if left out")
    verb.add_argument("--assume", action="append", default=[], metavar="NAME", help="opt into a named assumption")
    verb.add_argument("--decide", action="append", default=[], metavar="NAME=ANSWER", help="answer a decision")
    verb.add_argument(
        "--share", action="append", default=[], metavar="NAME=ANSWER:SHARE",
        help="how likely answers are, such as transplant=yes:0.4; the other answer is the rest",
    )  # fmt: skip
    verb.add_argument("--measures", metavar="FILE", help="a csv file of measures and their share, in place of these")
    for kind, example in _MEASURES.items():
        verb.add_argument(f"--{kind}", metavar="MEASURE", help=f"such as {example}; of every subject")
    verb.add_argument("--sex", choices=("female", "male"), help="as the formulas have it")


def _whole(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def show_forecast(options: Namespace) -> int:
    """The forecast of a study."""
    _require_numpy()
    from regimen.forecasts import forecast

    form = _format(options)
    if options.plot is not None:
        from regimen.render.forecast_plot import check_ending

        check_ending(options.plot)
    found = forecast(
        options.trial, _enrolment(options), weeks=options.weeks, first=day_of_option(options.first, "--from"),
        last=day_of_option(options.until, "--until"), by=options.by, choices=_choices(options),
        course=_course(options), assume=options.assume, runs=options.runs, seed=options.seed,
    )  # fmt: skip
    emit(_rendered(found, form), options.output)
    if options.plot is not None:
        from regimen.render.forecast_plot import save

        save(found, options.plot, theme=options.theme)
        say(f"wrote {options.plot}")
    return FINE


def _require_numpy() -> None:
    if find_spec("numpy") is None:
        raise RegimenError("Many subjects need numpy: run pip install 'regimen[cohort]' and try again.")


def _format(options: Namespace) -> str:
    ending = _ENDINGS.get(Path(options.output).suffix.lower(), "") if options.output else "text"
    form: str = options.format or ending
    if not form:
        raise RegimenError(
            f"-o {options.output}: which format is that? End it in .csv, .xlsx or .txt, or say --format."
        )
    if form == "xlsx" and options.output is None:
        raise RegimenError("a spreadsheet cannot be shown on the screen; name a file: -o forecast.xlsx")
    return form


def _rendered(found: Any, form: str) -> str | bytes:
    from regimen.render import forecast_tables, forecast_text

    if form == "text":
        return forecast_text.as_text(found)
    return forecast_tables.as_csv(found) if form == "csv" else forecast_tables.as_spreadsheet(found)


def _enrolment(options: Namespace) -> Enrolment:
    from regimen.forecasts import Enrolment

    until = day_of_option(options.enrol_until, "--enrol-until")
    return Enrolment(options.enrol, options.arrivals, options.cap, until)


def _course(options: Namespace) -> Course:
    from regimen.cohort.leaving import Course, read_leaving, read_lengths

    return Course(
        read_leaving(options.drop_out, "--drop-out") if options.drop_out else None,
        read_leaving(options.discontinue, "--discontinue") if options.discontinue else None,
        read_lengths(options.hold, "--hold") if options.hold else None,
        read_lengths(options.delay, "--delay") if options.delay else None,
    )


def _choices(options: Namespace) -> Choices:
    from regimen.cohort.shares import read_shares
    from regimen.forecasts import Choices

    return Choices(
        pairs(options.decide, "--decide", "transplant=no"), read_shares(options.share), options.horizon,
        _bodies(options), _TAKE.get(options.take, ""),
    )  # fmt: skip


def _bodies(options: Namespace) -> Any:
    from regimen.cohort.bodies import fault_of
    from regimen.cohort.shares import read_bodies

    body = tuple((kind, getattr(options, kind)) for kind in (*_MEASURES, "sex") if getattr(options, kind))
    if options.measures is not None and body:
        raise RegimenError("--measures and single measures are both given; leave one of them out.")
    if options.measures is not None:
        return read_bodies(options.measures)
    if fault := fault_of(body):
        raise RegimenError(f"{fault}.")
    return ((body, 1.0),)


def simulate(options: Namespace) -> int:
    """Subjects who could have enrolled."""
    _require_numpy()
    from regimen.cohort.shares import read_shares
    from regimen.forecasts import simulate as drawn
    from regimen.render.tables import csv_of

    columns, rows, notes = drawn(
        options.trial, _enrolment(options), weeks=options.weeks, last=day_of_option(options.until, "--until"),
        bodies=_bodies(options), decide=pairs(options.decide, "--decide", "transplant=no"),
        shares=read_shares(options.share), assume=options.assume, seed=options.seed,
    )  # fmt: skip
    for note in notes:
        say(f"Note: {note}")
    if options.output is not None and Path(options.output).suffix.lower() == ".parquet":
        from regimen.delimited import as_parquet

        emit(as_parquet(columns, rows), options.output)
        return FINE
    emit(csv_of(columns, rows), options.output)
    return FINE
