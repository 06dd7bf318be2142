"""What does a forecast look like? A small chart for each thing: what is expected, and how far chance reaches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.expected import BUSIEST, Forecast, Thing
from regimen.render.fonts import families_for
from regimen.render.gantt_style import INK, QUIET_INK, lane_colour, require_theme, tint
from regimen.render.pictures import format_of, paper, require_matplotlib, save_figure, settings
from regimen.render.words import PLANNING_AID, day_in_words
from regimen.safetext.saying import MONTHS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST = 12
"""So many charts are drawn at most; the rest is named below them."""


def save(forecast: Forecast, path: str | Path, *, theme: str = "colour") -> None:
    """Write the charts of all sites together as png, svg or pdf, by the path's ending; whole or not at all."""
    check_ending(path)
    painted, families = _figure(forecast, theme)
    save_figure(painted, Path(path), families)


def check_ending(path: str | Path) -> None:
    """RegimenError for a file that can be no picture, or without matplotlib."""
    format_of(Path(path))
    require_matplotlib()


def figure(forecast: Forecast, *, theme: str = "colour") -> Figure:
    """Charts in two columns, each with its own scale from 0; nothing is told by colour alone."""
    return _figure(forecast, theme)[0]


def _figure(forecast: Forecast, theme: str) -> tuple[Figure, tuple[str, ...]]:
    require_theme(theme)
    families = families_for([_heading(forecast), *(_title(thing, forecast) for thing in forecast.things[:MOST])])
    with settings(families):
        return _painted(forecast, theme), families


def _painted(forecast: Forecast, theme: str) -> Figure:
    shown = forecast.things[:MOST]
    rows = -(-len(shown) // 2)
    height = 1.7 * rows + 1.6
    painted = paper(11.0, height, _heading(forecast))
    charts = painted.subplots(rows, 2, squeeze=False, sharex=True).ravel()
    for number, chart in enumerate(charts):
        if number < len(shown):
            _chart(chart, forecast, number, theme)
            chart.tick_params(labelbottom=number + 2 >= len(shown))
        else:
            chart.set_axis_off()
    painted.subplots_adjust(left=0.06, right=0.94, top=1 - 0.85 / height, bottom=0.85 / height, hspace=0.42, wspace=0.2)
    _words(painted, forecast, height)
    return painted


def _chart(chart: Axes, forecast: Forecast, number: int, theme: str) -> None:
    thing = forecast.things[number]
    colour = lane_colour("dose", 0, theme)
    edges = [*(period.first.toordinal() for period in forecast.periods), forecast.periods[-1].last.toordinal() + 1]
    expected = list(forecast.best(thing))
    highest = max(expected)
    if forecast.bands is not None:
        low, high = (list(table[-1][number]) for table in (forecast.bands.low, forecast.bands.high))
        chart.stairs(high, edges, baseline=low, fill=True, facecolor=tint(colour, 0.75), edgecolor=tint(colour, 0.35),
                     hatch="////", linewidth=0.0)  # fmt: skip
        for bound in (low, high):
            chart.stairs(bound, edges, baseline=None, color=QUIET_INK, linewidth=0.7, linestyle=(0, (2, 1.5)))
        highest = max(highest, *high)
        names = [f"{100 * quantile:g} %" for quantile in forecast.bands.quantiles]
        apart = high[-1] - low[-1] > highest * 0.1
        for height, name in (
            ((low[-1], names[0]), (high[-1], names[2])) if apart else ((high[-1], f"{names[0]}–{names[2]}"),)
        ):
            _name(chart, edges[-1], height, name)
    chart.stairs(expected, edges, baseline=None, color=INK, linewidth=1.4, zorder=3)
    if forecast.bands is None:
        chart.stairs(expected, edges, fill=True, color=tint(colour, 0.6))
    chart.set_title(_title(thing, forecast), loc="left", fontsize=8.5, color=INK, pad=4)
    chart.set_xlim(edges[0], edges[-1])
    chart.set_ylim(0, highest * 1.08 or 1)
    _ticks(chart, forecast.periods[0].first, forecast.periods[-1].last)


def _title(thing: Thing, forecast: Forecast) -> str:
    said = str(thing)
    return f"{said[:1].upper()}{said[1:]}{' of the' if thing.kind == BUSIEST else ', each'} {forecast.by}"


def _name(chart: Axes, day: int, height: float, words: str) -> None:
    chart.annotate(words, (day, height), xytext=(3, 0), textcoords="offset points", va="center", fontsize=6.5,
                   color=QUIET_INK, annotation_clip=False)  # fmt: skip


def _ticks(chart: Axes, first: date, last: date) -> None:
    from matplotlib.ticker import FuncFormatter

    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    inside = [day for day in months if first <= day <= last] or [first]
    every = next(n for n in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if len(inside) / n <= 8)
    shown = [day for day in inside if every < 12 and (day.month - 1) % every == 0] or inside[::every]
    chart.set_xticks([day.toordinal() for day in shown], [_month(day) for day in shown])
    chart.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    chart.tick_params(labelsize=7, colors=QUIET_INK, length=2)
    chart.grid(axis="y", color="#DDDDDD", linewidth=0.5)
    chart.set_axisbelow(True)
    for side in ("top", "right"):
        chart.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        chart.spines[side].set_color("#A0A0A0")


def _month(day: date) -> str:
    return f"{'' if day.day == 1 else f'{day.day} '}{MONTHS[day.month - 1]} {day.year}"


def _words(painted: Figure, forecast: Forecast, height: float) -> None:
    """The head, what lines and areas mean, and what is not shown."""
    first, last = day_in_words(forecast.periods[0].first), day_in_words(forecast.periods[-1].last)
    painted.text(0.06, 1 - 0.28 / height, _heading(forecast), fontsize=11, weight="bold", color=INK)
    said = f"{first} to {last}, by {forecast.by}, all sites and arms"
    painted.text(0.06, 1 - 0.5 / height, said, fontsize=8.5, color=QUIET_INK)
    for number, line in enumerate(_key(forecast)):
        painted.text(0.06, (0.4 - 0.16 * number) / height, line, fontsize=7.5, color=QUIET_INK)


def _heading(forecast: Forecast) -> str:
    return f"Forecast: {forecast.title}"


def _key(forecast: Forecast) -> Sequence[str]:
    line = "Solid line: the expected number."
    if forecast.bands is not None:
        low, _, high = (f"{100 * q:g} %" for q in forecast.bands.quantiles)
        line = "Solid line: the expected number; of the busiest day the median."
        line += (
            f" Hatched, between dashed lines: from the {low} to the {high} quantile of {forecast.bands.runs:,} "
            "simulated studies."
        )
    hidden = len(forecast.things) - MOST
    if hidden > 0:
        line += f" Not drawn: {hidden} more; see the tables."
    return line, PLANNING_AID
