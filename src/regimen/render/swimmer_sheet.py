"""Where does everything of a swimmer plot stand on its pages? Scale, levels, key, lanes and marks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from regimen.render.gantt_scale import Tick, date_ticks, study_day_ticks
from regimen.render.gantt_style import INK, PAPER, QUIET_INK, ink_on
from regimen.render.gantt_text import Measure, shorten, wrap
from regimen.render.pictures import fitted_title, paper
from regimen.render.swimmer_lanes import AS_PLANNED, ENDS, Bar, Lane
from regimen.render.words import PLANNING_AID, counted, day_in_words, one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Align = Literal["day1", "date"]
ALIGNS: tuple[Align, ...] = ("day1", "date")

_WIDTH, _RIGHT, _HEAD, _LINE = 11.69, 0.55, 1.05, 0.17
_PAGE = 8.27
_ROW, _TIGHT, _MANY = 0.27, 0.18, 40
_NAMES = 3.0
_LEVELS = {
    "colour": ("#0072B2", "#E69F00", "#56B4E9", "#CC79A7", "#009E73"),
    "grey": ("#4A4A4A", "#B4B4B4", "#7C7C7C", "#D6D6D6", "#9A9A9A"),
}
_HATCHES = (None, "////", "....", "xxxx", "\\\\\\\\")
_END_MARKS = {"ongoing": ">", "discontinued": "s", "withdrawn": "P", "completed": "o", "unknown": "D"}
_DEVIATIONS = {"outside its window": "^", "on another day": "v", "missed": "x", "overdue": "d"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a plot says besides its lanes."""

    title: str
    study: str
    until: date
    """The day through which it shows what happened."""
    first_day: int | None = None
    """What the protocol calls the first day."""
    visits: bool = False
    """Whether visits that did not go as planned are marked, not only doses."""
    left_out: tuple[str, ...] = ()
    """Journals that could not be drawn, each with the reason."""


class Sheet:
    """What all pages share: scale, levels and key."""

    def __init__(self, lanes: tuple[Lane, ...], told: Told, align: Align, theme: str, measure: Measure) -> None:
        self.lanes, self.told, self.align, self.theme, self.measure = lanes, told, align, theme, measure
        levels = dict.fromkeys(bar.level for lane in lanes for bar in lane.bars if not bar.held)
        levels.pop(AS_PLANNED, None)
        self.levels = (AS_PLANNED, *levels)
        days = [day for lane in lanes for day in (lane.first, lane.end_day, *(m.day for m in lane.marks)) if day]
        self.origin = min(days, default=told.until)
        spans = [self.x(lane, day) for lane in lanes for bar in lane.bars for day in (bar.first, bar.last)]
        spans += [self.x(lane, m.day) for lane in lanes if lane.first for m in lane.marks]
        spans += [self.x(lane, lane.end_day) for lane in lanes if lane.first and lane.end_day]
        self.start, self.end = min(spans, default=0.0), max(spans, default=0.0) + 1
        wide = max((self.measure(self.name(lane), 8.0, False) for lane in lanes), default=0.5)
        self.left = min(_NAMES, 0.45 + wide + 0.1)
        self.row = _ROW if len(lanes) <= _MANY else _TIGHT
        self.foot = self._foot()
        self.key = tuple(self._key())

    def name(self, lane: Lane) -> str:
        """Subject, arm where there are several, and days."""
        several = len({one.arm for one in self.lanes}) > 1
        return ", ".join([one_line(lane.subject), *([one_line(lane.arm)] if several else []), f"{lane.days} d"])

    def x(self, lane: Lane, day: date) -> float:
        """Where a day begins, in days: from the subject's first dose, or from the earliest day of all."""
        origin = lane.first if self.align == "day1" and lane.first is not None else self.origin
        return float((day - origin).days)

    def _foot(self) -> list[tuple[str, bool]]:
        room = _WIDTH - 0.9
        left = [f"Not drawn: {one_line(words)}" for words in self.told.left_out]
        said = [
            (words, True) for words in (left if len(left) <= 8 else [*left[:7], f"{len(left) - 7} more not drawn."])
        ]
        marked = "doses and visits" if self.told.visits else "doses, not visits,"
        until = (
            f"What is recorded through {day_in_words(self.told.until)}. On treatment is from the first dose given "
            "through the last, holds too, or through that day where treatment goes on. A thin line is a day with a "
            f"dose. Marked are {marked} that did not go as planned."
        )
        said += [(until, False), (PLANNING_AID, False)]
        return [(line, b) for words, b in said for line in wrap(words, room, 8.0, self.measure, lines=3, bold=b)]

    def _key(self) -> Iterator[tuple[str, str]]:
        """What the key explains, as kind and words: only what is drawn."""
        for level in self.levels:
            if any(bar.level == level and not bar.held for lane in self.lanes for bar in lane.bars):
                yield "level", level
        if any(bar.held for lane in self.lanes for bar in lane.bars):
            yield "held", "on hold"
        for kind in _DEVIATIONS:
            if any(mark.kind == kind for lane in self.lanes for mark in lane.marks):
                yield kind, kind
        for end in _END_MARKS:
            if any(lane.end == end for lane in self.lanes):
                yield end, ENDS[end]

    def _key_places(self) -> tuple[list[tuple[float, int, str, str]], int]:
        """Each entry with its place and row, wrapped at the edge; and how many rows there are."""
        x, row, places = 0.45, 0, []
        for kind, words in self.key:
            text = shorten(one_line(words), 4.0, 8.0, self.measure)
            wide = 0.4 + self.measure(text, 8.0, False) + 0.25
            if x + wide > _WIDTH - 0.4 and x > 0.45:
                x, row = 0.45, row + 1
            places.append((x, row, kind, text))
            x += wide
        return places, row + 1 if places else 0

    def _margins(self) -> tuple[float, float]:
        rows = self._key_places()[1]
        return _HEAD + rows * 0.2, 0.55 + _LINE * len(self.foot) + 0.1

    def rows_on_a_page(self) -> int:
        """How many lanes fit on A4 across."""
        return max(5, int((_PAGE - sum(self._margins())) / self.row))

    # ------------------------------------------------------------ one page

    def page(self, lanes: Sequence[Lane], number: int, of: int) -> Figure:
        """A page with these lanes."""
        head, foot = self._margins()
        body = max(1, len(lanes)) * self.row
        height = max(_PAGE, head + body + foot) if of > 1 else head + body + foot
        painted = paper(_WIDTH, height, f"Swimmer plot of {one_line(self.told.study)}")
        whole = painted.add_axes((0, 0, 1, 1), facecolor="none")
        whole.set_xlim(0, _WIDTH)
        whole.set_ylim(height, 0)
        whole.axis("off")
        self._head(whole, number, of)
        self._paint_key(whole)
        for n, (line, bold) in enumerate(self.foot):
            self._say(whole, 0.45, head + body + 0.55 + n * _LINE, line, weight="bold" if bold else "normal")
        width = _WIDTH - self.left - _RIGHT
        axes = painted.add_axes((self.left / _WIDTH, 1 - (head + body) / height, width / _WIDTH, body / height))
        self._frame(axes, lanes, width)
        self._paint(axes, lanes, width)
        return painted

    def _say(self, axes: Axes, x: float, y: float, words: str, size: float = 8.0, **look: Any) -> None:
        weight, colour = look.get("weight", "normal"), look.get("colour", INK)
        axes.text(x, y, words, fontsize=size, fontweight=weight, color=colour, va="center", parse_math=False)

    def _head(self, axes: Axes, number: int, of: int) -> None:
        title, size = fitted_title(self.told.title, _WIDTH - 0.9, self.measure)
        self._say(axes, 0.45, 0.34, title, size, weight="bold")
        by = "by day 1, the day of the first dose" if self.align == "day1" else "by date"
        part = f"; page {number} of {of}" if of > 1 else ""
        words = f"{one_line(self.told.study)}: {counted(len(self.lanes), 'subject')}, aligned {by}, longest first{part}"
        self._say(axes, 0.45, 0.62, shorten(words, _WIDTH - 0.9, 9.0, self.measure), 9.0, colour=QUIET_INK)

    def _paint_key(self, axes: Axes) -> None:
        from matplotlib.patches import Rectangle

        for x, row, kind, text in self._key_places()[0]:
            y = 0.86 + row * 0.2
            if kind in ("level", "held"):
                level = next((one for one in self.levels if shorten(one_line(one), 4.0, 8.0, self.measure) == text), "")
                axes.add_patch(Rectangle((x, y - 0.06), 0.3, 0.12, **self._look(level, held=kind == "held")))
            else:
                axes.scatter([x + 0.15], [y], **self._marker(kind, 36.0))
            self._say(axes, x + 0.38, y, text)

    def _look(self, level: str, *, held: bool) -> dict[str, Any]:
        if held:
            return {"facecolor": PAPER, "edgecolor": INK, "linewidth": 0.8, "linestyle": (0.0, (2.5, 1.8))}
        number = self.levels.index(level)
        colours = _LEVELS[self.theme]
        colour = colours[number % len(colours)]
        return {"facecolor": colour, "edgecolor": PAPER if ink_on(colour) == PAPER else INK, "linewidth": 0.5,
                "hatch": _HATCHES[number % len(_HATCHES)]}  # fmt: skip

    def _marker(self, kind: str, size: float) -> dict[str, Any]:
        if kind in _DEVIATIONS:
            return {"marker": _DEVIATIONS[kind], "s": size * 0.8, "color": INK, "linewidths": 1.1, "zorder": 5}
        return {"marker": _END_MARKS[kind], "s": size, "facecolors": PAPER if kind in ("completed", "unknown") else INK,
                "edgecolors": INK, "linewidths": 0.9, "zorder": 5, "clip_on": False}  # fmt: skip

    def _frame(self, axes: Axes, lanes: Sequence[Lane], width: float) -> None:
        span = self.end - self.start
        margin = max(1.0, span * 0.03)
        axes.set_xlim(self.start - margin / 2, self.end + margin)
        axes.set_ylim(max(1, len(lanes)), 0)
        ticks = self._ticks(width)
        axes.set_xticks([tick.at for tick in ticks], [tick.text for tick in ticks], fontsize=8.0)
        names = [shorten(self.name(lane), self.left - 0.5, 8.0, self.measure) for lane in lanes]
        axes.set_yticks([n + 0.5 for n in range(len(lanes))], names, fontsize=8.0, parse_math=False)
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(color="#A0A0A0", labelcolor=INK, length=3)
        axes.tick_params(axis="y", length=0)
        for name, spine in axes.spines.items():
            spine.set(color="#A0A0A0", linewidth=0.8, visible=name in ("left", "bottom"))

    def _ticks(self, width: float) -> tuple[Tick, ...]:
        per_inch = (self.end - self.start) * 1.045 / width

        def room(text: str) -> float:
            return (max(self.measure(line, 8.0, False) for line in text.split("\n")) + 0.12) * per_inch

        if self.align == "date":
            return date_ticks(self.origin, self.start, self.end, room)
        return study_day_ticks(self.start, self.end, self.told.first_day, room)

    def _paint(self, axes: Axes, lanes: Sequence[Lane], width: float) -> None:
        per_day = width / (axes.get_xlim()[1] - axes.get_xlim()[0])
        self._paint_bars(axes, lanes)
        self._paint_doses(axes, lanes, per_day)
        for n, lane in enumerate(lanes):
            if not lane.bars:
                words = ENDS[lane.end] if lane.end == "not started" else f"{ENDS[lane.end]}, no dose is recorded"
                axes.text(self.start, n + 0.5, words, fontsize=7.5, color=QUIET_INK, va="center", parse_math=False)
            for bar in lane.bars:
                self._label(axes, n, lane, bar, per_day)
        self._paint_marks(axes, lanes)

    def _paint_bars(self, axes: Axes, lanes: Sequence[Lane]) -> None:
        from matplotlib.collections import PolyCollection

        alike: dict[tuple[bool, str], list[list[tuple[float, float]]]] = {}
        for n, lane in enumerate(lanes):
            for bar in lane.bars:
                x, end = self.x(lane, bar.first), self.x(lane, bar.last) + 1
                top, foot = (n + 0.3, n + 0.7) if bar.held else (n + 0.15, n + 0.85)
                corners = [(x, top), (end, top), (end, foot), (x, foot)]
                alike.setdefault((bar.held, "" if bar.held else bar.level), []).append(corners)
        for (held, level), corners_of in sorted(alike.items()):
            look = {f"{name}s" if name != "hatch" else name: v for name, v in self._look(level, held=held).items()}
            look["linestyles"] = [look.get("linestyles", "solid")]
            label = "on hold" if held else level
            axes.add_collection(PolyCollection(corners_of, label=label, zorder=2, **look), autolim=False)

    def _paint_doses(self, axes: Axes, lanes: Sequence[Lane], per_day: float) -> None:
        """A thin line where each dose began, where they do not run together."""
        from matplotlib.collections import LineCollection

        if per_day < 0.02:
            return
        places = [((self.x(lane, day), n + 0.15), (self.x(lane, day), n + 0.85))
                  for n, lane in enumerate(lanes) for day in lane.doses]  # fmt: skip
        axes.add_collection(
            LineCollection(places, colors=PAPER, linewidths=0.7, zorder=2.5, label="doses"), autolim=False
        )

    def _label(self, axes: Axes, n: int, lane: Lane, bar: Bar, per_day: float) -> None:
        """What is drawn says so itself where there is room; as planned goes without saying."""
        words = "hold" if bar.held else one_line(bar.level)
        if not bar.held and bar.level == AS_PLANNED:
            return
        first, last = self.x(lane, bar.first), self.x(lane, bar.last) + 1
        marked = any(bar.first - timedelta(days=1) <= mark.day <= bar.last for mark in lane.marks)
        if marked or self.measure(words, 7.5, False) + 0.14 > (last - first) * per_day:
            return
        axes.text((first + last) / 2, n + 0.5, words, fontsize=7.5, color=INK, ha="center", va="center", zorder=4,
                  parse_math=False, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.5})  # fmt: skip

    def _paint_marks(self, axes: Axes, lanes: Sequence[Lane]) -> None:
        """Deviations above the middle of their days; the end of treatment right of its last."""
        size = 30.0 if self.row == _ROW else 16.0
        places: dict[str, list[tuple[float, float]]] = {}
        for n, lane in enumerate(lanes):
            if not lane.bars:
                continue
            for mark in lane.marks:
                places.setdefault(mark.kind, []).append((self.x(lane, mark.day) + 0.5, n + 0.5))
            last = lane.bars[-1].last if lane.end in ("ongoing", "completed", "unknown") else lane.end_day
            at = self.x(lane, max(last or lane.bars[-1].last, lane.bars[-1].last)) + 1
            places.setdefault(lane.end, []).append((at, n + 0.5))
        for kind, points in sorted(places.items()):
            if kind in _DEVIATIONS:
                self._halo(axes, points, size)
            axes.scatter([x for x, _ in points], [y for _, y in points], label=kind, **self._marker(kind, size))

    def _halo(self, axes: Axes, points: Sequence[tuple[float, float]], size: float) -> None:
        """White behind a mark, so that it shows on any bar."""
        axes.scatter([x for x, _ in points], [y for _, y in points], marker="o", s=size * 1.9, color=PAPER, zorder=4.5,
                     linewidths=0)  # fmt: skip
