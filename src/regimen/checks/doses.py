"""Can a drug be given twice by mistake? Days beyond their cycle, two doses on one day, infusions that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, pairwise, repeat

from regimen.checks.finding import Draft, KeyPath
from regimen.checks.gaps import DAY, gap, in_order, said, timed
from regimen.checks.survey import Expanded, Schedule, Survey, content_of, drug_of, listed, named, numbers, together
from regimen.notation.terms import Cycles, DayList, Phase
from regimen.plan import Plan, Point
from regimen.plan.extents import Extent, Extents, extent_of
from regimen.timing import Counting, Elapsed, Span

_MANY = 400
"""So many cycles are looked at where their number is open; lengths repeat long before."""


# ---------------------------------------------------------------- days beyond the cycle


def beyond_cycles(survey: Survey) -> Iterator[Draft]:
    """A day after the last day of its cycle lies in the next cycle."""
    for schedule in survey.schedules():
        counting = survey.study.study.counting(schedule.epoch)
        for phase in schedule.phases:
            if phase.days is None:
                continue
            own = phase.every if phase.every is not None and not phase.every.within else None
            if own is not None and own.span.minutes is None:
                yield from _beyond(schedule, phase.days, [(1, own.span)], counting)
            elif schedule.epoch.cycles is not None and _counts_in_cycles(schedule):
                lengths = [(k, span) for k, span in _lengths(schedule.epoch.cycles) if _holds(phase, k)]
                yield from _beyond(schedule, phase.days, lengths, counting)


def _counts_in_cycles(schedule: Schedule) -> bool:
    return schedule.item.from_ is None and (schedule.part is None or schedule.part.from_ is None)


def _holds(phase: Phase, cycle: int) -> bool:
    return phase.cycles is None or phase.cycles.holds(cycle)


def _lengths(cycles: Cycles) -> Iterator[tuple[int, Span]]:
    """Each cycle's number and length, as far as they are counted."""
    most = cycles.up_to.n if cycles.up_to is not None and cycles.up_to.n else _MANY
    rounds = (chain.from_iterable(repeat(run.lengths, min(run.times or most, most))) for run in cycles.runs)
    spans = (span for run in rounds for span in run)
    yield from zip(range(1, most + 1), spans, strict=False)


def _beyond(schedule: Schedule, days: DayList, lengths: list[tuple[int, Span]], counting: Counting) -> Iterator[Draft]:
    last = _last_offset(days, counting)
    if last is None or not lengths:
        return
    for span in dict.fromkeys(span for _, span in lengths):
        length = extent_of(counting.offset(span))
        if last < length.least:
            continue
        which = [k for k, other in lengths if other == span]
        cycles = (
            "each cycle" if len(which) == len(lengths) else f"cycle{'s' if len(which) > 1 else ''} {numbers(which)}"
        )
        sure = "lies" if last >= length.most else "can lie"
        yield Draft(
            "warning", schedule.path,
            f"day {counting.day_of_offset(last)} {sure} beyond the end of {cycles}, which has {length} days, so it "
            "falls into the next one",
            "check the days and the length of the cycle, or write the day in the cycle it belongs to",
        )  # fmt: skip


def _last_offset(days: DayList, counting: Counting) -> int | None:
    """The offset of the last day listed, from the start of the cycle."""
    inside = counting.inside_cycle()
    if days.of_each_week or days.unit not in ("day", "week"):
        return None
    if days.unit == "week":
        return inside.start_of_week(max(days.numbers()))
    if days.of_weeks:
        week = max(last for _, last in days.of_weeks)
        return inside.start_of_week(week) + max(0, inside.offset_of_day(max(days.numbers())))
    return inside.offset_of_day(max(days.numbers()))


# ---------------------------------------------------------------- two doses on one day


def same_days(survey: Survey) -> Iterator[Draft]:
    """Two doses of one drug on one day, from different parts or phases of its schedule."""
    for arm, plan, extents in survey.plans():
        for points in _by_drug(plan, extents).values():
            found: dict[tuple[KeyPath, KeyPath], list[tuple[Point, Point]]] = {}
            for one, other in _meetings(points, extents):
                found.setdefault((_path(survey, arm, one), _path(survey, arm, other)), []).append((one, other))
            for (_, path), pairs in found.items():
                yield _twice(path, pairs)


def _by_drug(plan: Plan, extents: Extents) -> dict[tuple[str, str], list[Point]]:
    """The doses of each drug that surely are inside their bounds, by what they count from."""
    groups: dict[tuple[str, str], list[Point]] = {}
    for point in plan:
        if point.content is not None and point.content.kind == "dose" and extents.stays(point) is not False:
            groups.setdefault((drug_of(point.content), extents.root(point.id)), []).append(point)
    return groups


def _meetings(points: list[Point], extents: Extents) -> Iterator[tuple[Point, Point]]:
    days: dict[Extent, list[Point]] = {}
    for point in points:
        place = extents.from_root(point.id)
        if place is not None:
            days.setdefault(place, []).append(point)
    for meeting in days.values():
        for one, other in combinations(meeting, 2):
            between = extents.between(one.id, other.id)
            same = between is not None and between.fixed == 0 and not _apart(one, other)
            if same and one.content is not other.content and together(one, other):
                yield one, other


def _apart(one: Point, other: Point) -> bool:
    """Whether two doses of one day have times of their own: clock times, or hours before or after something."""
    if any(isinstance(point.offset, Elapsed) and point.offset.minutes for point in (one, other)):
        return True
    return one.clock is not None and other.clock is not None and one.clock != other.clock


def _path(survey: Survey, arm: Expanded, point: Point) -> KeyPath:
    return survey.path_of(arm, content_of(point))


def _twice(path: KeyPath, pairs: list[tuple[Point, Point]]) -> Draft:
    one, other = pairs[0]
    where = listed([named(pair[0]) for pair in pairs], 4)
    doses = f"{content_of(one).dose or 'a dose'} and {content_of(other).dose or 'a dose'}"
    return Draft(
        "warning", path, f"two doses of {content_of(one).label} fall on the same day ({where}): {doses} from "
        "different parts",
        "keep one of them, or give both a clock time if both are meant",
    )  # fmt: skip


# ---------------------------------------------------------------- infusions that overlap


def overlaps(survey: Survey) -> Iterator[Draft]:
    """An infusion that still runs when the next infusion of the same drug starts."""
    for arm, plan, extents in survey.plans():
        for points in _by_drug(plan, extents).values():
            clashes = [found for pair in pairwise(_infusions(points, extents)) if (found := _clash(*pair, extents))]
            if clashes:
                yield _overlap(_path(survey, arm, clashes[0][1]), clashes)


def _infusions(points: list[Point], extents: Extents) -> list[Point]:
    lasting = [point for point in points if isinstance(point.length, Elapsed) and point.length.minutes > 0]
    return in_order(lasting, extents)


def _clash(one: Point, other: Point, extents: Extents) -> tuple[Point, Point, int, Extent] | None:
    """The next infusion starts before the first has ended; hours count only where the times of day are known."""
    assert isinstance(one.length, Elapsed)
    known = timed(one, other)
    runs = one.length.minutes if known else -(-one.length.minutes // DAY) * DAY
    apart = gap(one, other, extents)
    if apart is None or apart.least >= runs or not together(one, other):
        return None
    unknown = not known and one.length.minutes < DAY
    return None if unknown else (one, other, runs, apart)


def _overlap(path: KeyPath, clashes: list[tuple[Point, Point, int, Extent]]) -> Draft:
    one, other, runs, apart = clashes[0]
    more = f", and {len(clashes) - 1} more times" if len(clashes) > 1 else ""
    later = "on the same day" if apart.most == 0 else f"{said(apart)} later"
    return Draft(
        "warning", path,
        f"the infusion of {content_of(one).label} that starts on {named(one)} runs {said(Extent(runs, runs))}, and the "
        f"next one starts {later}, on {named(other)}{more}: both would run at once",
        "shorten the infusion, or let the next one start after it",
    )  # fmt: skip
