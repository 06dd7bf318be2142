"""What does a study's timeline look like? Its stretches with dates; beneath, how many are in and on treatment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regimen.render.fonts import families_for
from regimen.render.gantt_scale import date_ticks
from regimen.render.gantt_style import INK, PAPER, QUIET_INK, require_theme, tint
from regimen.render.gantt_text import Measure, shorten, wrap
from regimen.render.pictures import (
    fitted_title,
    format_of,
    measured,
    paper,
    require_matplotlib,
    save_figure,
    settings,
)
from regimen.render.timeline_words import is_uncertain, remedy, sentence, stated
from regimen.render.words import PLANNING_AID, counted, day_in_words, one_line
from regimen.timelines import StudyTimeline
from regimen.timelines.making import Count, Group

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _LEFT, _RIGHT = 11.69, 0.65, 0.45
_LANE, _CHART, _GAP, _HEAD, _LINE = 0.46, 1.75, 0.62, 0.95, 0.17
_MOST_ARMS = 12
_COLOURS = {
    "colour": {"stated": "#555555", "in": "#0072B2", "dose": "#009E73", "study": "#7A7A7A", "late": "#D55E00"},
    "grey": {"stated": "#555555", "in": "#3C3C3C", "dose": "#6E6E6E", "study": "#8A8A8A", "late": "#1A1A1A"},
}
_DASHED, _DOTTED = (0.0, (5.0, 2.5)), (0.0, (1.0, 1.8))


@dataclass(frozen=True, slots=True)
class Stretch:
    """One lane: from a day through a day, perhaps longer, with its words above it."""

    role: str
    first: date
    last: date
    words: str
    possible: date | None = None


def figure(timeline: StudyTimeline, entry: str, *, theme: str = "colour") -> Figure:
    """The picture of a study, on A4 across unless it has many arms; ``entry`` says what the day in is the day of."""
    return _figure(timeline, entry, theme)[0]


def _figure(timeline: StudyTimeline, entry: str, theme: str) -> tuple[Figure, tuple[str, ...]]:
    """The picture, and the fonts that it was laid out for."""
    require_theme(theme)
    require_matplotlib()
    families = families_for(map(one_line, _texts(timeline, entry)))
    with settings(families):
        return _Painter(timeline, entry, theme, measured(families)).paint(), families


def _texts(timeline: StudyTimeline, entry: str) -> Iterator[str]:
    """What others wrote that may stand on the picture."""
    facts = timeline.facts
    yield from (facts.id, facts.title, facts.registry or "", entry, *timeline.accrual.how, *timeline.notes)
    yield from (stretch.words for stretch in stretches(timeline))
    yield from (f"{sentence(timeline, misfit)} {remedy(timeline, misfit)}" for misfit in timeline.misfits)


def save(timeline: StudyTimeline, entry: str, path: Path, *, theme: str = "colour") -> None:
    """Write the picture as png, svg or pdf, by the path's ending."""
    format_of(path)
    painted, families = _figure(timeline, entry, theme)
    save_figure(painted, path, families, description(timeline))


def description(timeline: StudyTimeline) -> str:
    """The picture in words, for who cannot see it."""
    words = [stretch.words for stretch in stretches(timeline)]
    return ". ".join([*words, *(sentence(timeline, misfit) for misfit in timeline.misfits)]) + "."


def stretches(timeline: StudyTimeline) -> tuple[Stretch, ...]:
    """What the lanes show, from the top."""
    return tuple(_stretches(timeline))


def _stretches(timeline: StudyTimeline) -> Iterator[Stretch]:
    facts, whole = timeline.facts, timeline.whole
    if facts.starts and facts.completes and facts.starts <= facts.completes:
        yield Stretch("stated", facts.starts, facts.completes, f"Stated: {_through(facts.starts, facts.completes)}")
    else:
        for name, day in stated(timeline):
            yield Stretch("stated", day, day, f"Stated {name}: {day_in_words(day)}")
    first, last = timeline.participants[0].entry, timeline.participants[-1].entry
    yield Stretch("in", first, last, f"Entry of {counted(whole.size, 'participant')}: {_through(first, last)}")
    yield from _treated(whole, "Treatment", facts.completes)
    arms = [group for group in timeline.groups if group.kind == "arm" and group.size][:_MOST_ARMS]
    for arm in arms:
        yield from _treated(arm, f"Treatment in {one_line(arm.name)} ({arm.size})", facts.completes)
    ends = next((one for one in whole.milestones if one.name == "ends"), None)
    if ends is not None:
        last = max(ends.day, timeline.participants[-1].entry)
        words = f"All visits and follow-up: {_through(first, last)}"
        yield Stretch("study", first, last, words + _may(ends.possible) + _late(last, facts.completes), ends.possible)


def _treated(group: Group, name: str, completes: date | None) -> Iterator[Stretch]:
    days = {one.name: one for one in group.milestones}
    if "first_dose" in days and "last_dose" in days:
        first, last = days["first_dose"], days["last_dose"]
        words = f"{name}: {_through(first.day, last.day)}{_may(last.possible)}{_late(last.day, completes)}"
        yield Stretch("dose", first.day, last.day, words, last.possible)


def _through(first: date, last: date) -> str:
    return f"{day_in_words(first)} – {day_in_words(last)}"


def _late(last: date, completes: date | None) -> str:
    """How long after the stated completion, which the bar shows cross-hatched."""
    if completes is None or last <= completes:
        return ""
    return f" ({counted((last - completes).days, 'day')} after the stated completion, cross-hatched)"


def _may(possible: date | None) -> str:
    return f", or until {day_in_words(possible)}" if possible is not None else ""


class _Painter:
    """One picture on its way."""

    def __init__(self, timeline: StudyTimeline, entry: str, theme: str, measure: Measure) -> None:
        self.timeline, self.entry, self.colours, self.measure = timeline, entry, _COLOURS[theme], measure
        self.lanes = stretches(timeline)
        days = [day for s in self.lanes for day in (s.first, s.possible or s.last)]
        days += [day for _, day in stated(timeline)]
        self.origin, self.end = min(days), max(days)
        self.span = (self.end - self.origin).days + 1
        self.margin = max(2.0, self.span * 0.02)
        self.foot = self._foot()
        self.height = _HEAD + len(self.lanes) * _LANE + 2 * (_CHART + _GAP) + 0.6 + _LINE * len(self.foot) + 0.15

    def _foot(self) -> list[tuple[str, bool]]:
        timeline, room = self.timeline, _WIDTH - 0.9
        told = [(f"{m.level.capitalize()}: {sentence(timeline, m)}; {remedy(timeline, m)}.", True)
                for m in timeline.misfits[:6]]  # fmt: skip
        if len(timeline.misfits) > 6:
            told.append((f"{len(timeline.misfits) - 6} more findings: see the text.", True))
        told += [
            (note, False) for note in (*timeline.accrual.how, f"The day in is the day of: {one_line(self.entry)}.")
        ]
        told += [(note, False) for note in (*timeline.notes, PLANNING_AID)]
        return [(line, b) for words, b in told for line in wrap(words, room, 8.0, self.measure, lines=4, bold=b)]

    def paint(self) -> Figure:
        facts = self.timeline.facts
        painted = paper(_WIDTH, self.height, f"Timeline of {one_line(facts.id)}")
        title, size = fitted_title(facts.title, _WIDTH - 0.9, self.measure)
        self._say(painted, 0.45, 0.36, title, fontsize=size, fontweight="bold")
        numbers = ", ".join(one_line(word) for word in (facts.id, facts.registry or "") if word)
        self._say(painted, 0.45, 0.66, numbers, fontsize=9.0, color=QUIET_INK)
        top = _HEAD
        heights = (len(self.lanes) * _LANE, _CHART, _CHART)
        paints: Sequence[Callable[[Axes], None]] = (self._lanes, self._accrual, self._treatment)
        for number, (height, fill) in enumerate(zip(heights, paints, strict=True)):
            axes = self._axes(painted, top, height, named=number > 0)
            fill(axes)
            top += height + (_GAP if number else 0.42)
        for number, (line, bold) in enumerate(self.foot):
            weight = "bold" if bold else "normal"
            self._say(painted, 0.45, top + 0.08 + number * _LINE, line, fontsize=8.0, fontweight=weight)
        return painted

    def _say(self, painted: Figure, x: float, y: float, words: str, **look: Any) -> None:
        look = {"color": INK, "va": "center", "ha": "left"} | look
        painted.text(x / _WIDTH, 1 - y / self.height, words, parse_math=False, **look)

    def _axes(self, painted: Figure, top: float, height: float, *, named: bool) -> Axes:
        width = _WIDTH - _LEFT - _RIGHT
        place = (_LEFT / _WIDTH, 1 - (top + height) / self.height, width / _WIDTH, height / self.height)
        axes = painted.add_axes(place)
        start, end = -self.margin, self.span + self.margin
        axes.set_xlim(start, end)
        per_inch = (end - start) / width
        ticks = date_ticks(self.origin, start, end, lambda text: self._wide(text) * per_inch)
        axes.set_xticks([t.at for t in ticks], [t.text if named else "" for t in ticks], fontsize=8.0)
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(color="#A0A0A0", labelcolor=INK, labelsize=8.0, length=3)
        for name, spine in axes.spines.items():
            spine.set(color="#A0A0A0", linewidth=0.8, visible=name in ("left", "bottom") and named)
        for name, day in stated(self.timeline):
            at = self._at(day) + (1.0 if name == "completion" else 0.0)
            axes.axvline(at, color=self.colours["stated"], linewidth=1.2, linestyle=_DASHED, zorder=1.5)
        return axes

    def _wide(self, text: str) -> float:
        return max(self.measure(line, 8.0, False) for line in text.split("\n")) + 0.12

    def _at(self, day: date) -> float:
        return float((day - self.origin).days)

    # ------------------------------------------------------------ the lanes

    def _lanes(self, axes: Axes) -> None:
        axes.set_ylim(len(self.lanes), 0)
        axes.set_yticks([])
        axes.tick_params(length=0)
        self._boxes(axes)
        per_day = (_WIDTH - _LEFT - _RIGHT) / (self.span + 2 * self.margin)
        for number, lane in enumerate(self.lanes):
            words = shorten(lane.words, _WIDTH - _LEFT - _RIGHT, 9.0, self.measure)
            wide = self.measure(words, 9.0, False) / per_day
            right = self._at(lane.first) + wide > self.span + self.margin
            x = min(self.span + self.margin, max(self._at(lane.possible or lane.last) + 1, wide)) if right else None
            axes.text(self._at(lane.first) if x is None else x, number + 0.26, words, fontsize=9.0, color=INK,
                      va="center", ha="left" if x is None else "right", parse_math=False,
                      bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.6}, zorder=5)  # fmt: skip

    def _boxes(self, axes: Axes) -> None:
        from matplotlib.collections import PolyCollection

        alike: dict[tuple[str, str], list[list[tuple[float, float]]]] = {}
        for number, lane in enumerate(self.lanes):
            for kind, first, last in self._parts(lane):
                x, end, top, foot = self._at(first), self._at(last) + 1, number + 0.5, number + 0.88
                corners = [(x, top), (end, top), (end, foot), (x, foot)]
                alike.setdefault((lane.role, kind), []).append(corners)
        for (role, kind), corners_of in sorted(alike.items()):
            colour = self.colours["late" if kind == "late" else role]
            face = {"sure": colour, "late": tint(colour, 0.35), "may": PAPER}[kind] if role != "stated" else PAPER
            hatch = {"sure": None, "late": "xxxx", "may": "////"}[kind]
            axes.add_collection(
                PolyCollection(corners_of, facecolors=face, edgecolors=colour, hatch=hatch, linewidths=0.9,
                               zorder=3, label=f"{role} {kind}"), autolim=False)  # fmt: skip

    def _parts(self, lane: Stretch) -> Iterator[tuple[str, date, date]]:
        """What is certain and in time, what is later than the stated completion, and what may come after."""
        completes = self.timeline.facts.completes
        late = completes is not None and lane.role in ("dose", "study") and lane.last > completes
        if late and completes is not None:
            if lane.first <= completes:
                yield "sure", lane.first, completes
            yield "late", max(lane.first, completes + timedelta(days=1)), lane.last
        else:
            yield "sure", lane.first, lane.last
        if lane.possible is not None and lane.possible > lane.last:
            yield "may", lane.last + timedelta(days=1), lane.possible

    # ------------------------------------------------------------ the curves

    def _accrual(self, axes: Axes) -> None:
        self._scale(axes, "Participants in so far", len(self.timeline.participants))
        self._steps(axes, lambda count: count.entered, "in so far", color=self.colours["in"], linewidth=2.0)
        self._end_label(axes)
        misfit = next((m for m in self.timeline.misfits if m.level == "warning" and m.latest is not None), None)
        if misfit is None or misfit.latest is None:
            return
        at = self._at(misfit.latest) + 1
        axes.plot([at], [misfit.fitting], marker="o", markersize=7, markerfacecolor=PAPER, color=INK, zorder=4)
        words = f"{misfit.fitting} in by {day_in_words(misfit.latest)} would fit the stated completion"
        low = misfit.fitting < 0.25 * len(self.timeline.participants)
        left = (at + self.margin) / (self.span + 2 * self.margin) > 0.5
        axes.annotate(words, (at, misfit.fitting), xytext=(-9 if left else 9, 9 if left or low else -9),
                      textcoords="offset points", fontsize=8.5, color=INK, ha="right" if left else "left",
                      va="center", parse_math=False, zorder=5)  # fmt: skip

    def _end_label(self, axes: Axes) -> None:
        """The whole number, where the curve becomes level."""
        last = self.timeline.participants[-1]
        axes.annotate(f"{last.number:,}", (self._at(last.entry), last.number), xytext=(5, -5), va="top", ha="left",
                      textcoords="offset points", fontsize=8.5, color=INK, fontweight="bold", zorder=5)  # fmt: skip

    def _treatment(self, axes: Axes) -> None:
        counts, colours = self.timeline.counts, self.colours
        uncertain = is_uncertain(self.timeline)
        apart = any(count.on_study != count.on_treatment for count in counts)
        top = max(max(c.on_study, c.may_be_on_study if uncertain else 0, c.on_treatment) for c in counts)
        names = ["on treatment: filled"] if apart or uncertain else ["on treatment"]
        self._area(axes)
        self._steps(axes, lambda count: count.on_treatment, "on treatment", color=colours["dose"], linewidth=1.6)
        if apart:
            names.append("on study: dashed line")
            self._steps(axes, lambda c: c.on_study, "on study", color=INK, linewidth=1.2, linestyle=_DASHED)
        if uncertain:
            names.append("on treatment if all happens that may: dotted line")
            self._steps(axes, lambda c: c.may_be_on_treatment, "at most", color=INK, linewidth=1.6, linestyle=_DOTTED)
            top = max(c.may_be_on_treatment for c in counts) if not apart else top
        self._scale(axes, "Participants " + "; ".join(names), top)

    def _scale(self, axes: Axes, name: str, top: int) -> None:
        from matplotlib.ticker import MaxNLocator

        axes.set_ylim(0, max(1, top) * 1.08)
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.set_title(name, loc="left", fontsize=9.0, color=INK, pad=4, fontweight="bold", parse_math=False)

    def _steps(self, axes: Axes, number: Callable[[Count], int], label: str, **look: Any) -> None:
        days, numbers = self._points(number)
        axes.step(days, numbers, where="post", label=label, zorder=3, **look)

    def _area(self, axes: Axes) -> None:
        days, numbers = self._points(lambda count: count.on_treatment)
        axes.fill_between(days, numbers, step="post", color=tint(self.colours["dose"], 0.6), linewidth=0, zorder=2)

    def _points(self, number: Callable[[Count], int]) -> tuple[list[float], list[int]]:
        counts = self.timeline.counts
        days = [0.0, *(self._at(count.day) for count in counts), float(self.span)]
        return days, [0, *map(number, counts), number(counts[-1])]
