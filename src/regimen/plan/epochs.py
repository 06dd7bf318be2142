"""When does an epoch start, cycle and end? Lays the points that its items hang on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from regimen.definition.models import Epoch
from regimen.errors import PlanError
from regimen.notation.canonical import cycles_text
from regimen.notation.terms import Cycles
from regimen.notation.terms import Point as Place
from regimen.plan.contents import window_of_gap
from regimen.plan.points import Bound, Content, Gathered, Point
from regimen.plan.tree import CycleStart, Tree
from regimen.rules import Frame
from regimen.rules.bounds import fixed_day
from regimen.timing import Counting, Days, Elapsed, Months, Offset, Span, longest_days


def sow_epoch(tree: Tree, key: str) -> None:
    """Lay an epoch's start, cycles, items and end."""
    epoch = tree.epochs[key]
    _lay_start(tree, key, epoch)
    if epoch.cycles is not None:
        _lay_cycles(tree, key, epoch, epoch.cycles)
    elif epoch.courses is not None:
        raise PlanError(f"epoch {key} has courses but no cycles for them to repeat; give cycles: 28 d x3.")
    known = f"{key}/end" in tree.points or _lay_stated_end(tree, key, epoch)
    for item, _ in epoch.items():
        tree.item(key, item)
    if not known:
        _lay_end_after_items(tree, key, epoch)
    _hide_late_start(tree, key, epoch)


def _hide_late_start(tree: Tree, key: str, epoch: Epoch) -> None:
    """An epoch that counts backwards from its point, such as screening, does not start at that point."""
    if epoch.cycles is not None or epoch.lasts is not None:
        return
    start = f"{key}/start"
    ids = [id for item, _ in epoch.items() for id in tree.items[key, item]]
    if any(tree.near[id] < tree.near[start] and not isinstance(tree.points[id].offset, Elapsed) for id in ids):
        tree.points[start] = tree.points[start]._replace(content=None)


def _title(key: str, epoch: Epoch) -> str:
    return epoch.title or key


def _milestone(key: str, epoch: Epoch, label: str) -> Content:
    return Content(
        "milestone", key, label, key, basis=basis_of(epoch, "from", "lasts", "cycles"), source=_source(epoch)
    )


def _source(epoch: Epoch) -> str | None:
    return str(epoch.source) if epoch.source else None


def basis_of(epoch: Epoch, *fields: str) -> str:
    """Whether the named values of an epoch are stated, assumed or not stated."""
    parts = [f"assumed: {f} ({epoch.assumed[f]})" for f in fields if f in epoch.assumed]
    parts += [f"not stated: {f} ({epoch.not_stated[f]})" for f in fields if f in epoch.not_stated]
    return "; ".join(parts) or "stated"


def _lay_start(tree: Tree, key: str, epoch: Epoch) -> None:
    if epoch.from_ is None:
        raise PlanError(
            f"epoch {key} does not say where it starts; give it from: an anchor ({', '.join(tree.study.anchors)}), "
            "or end of previous epoch."
        )
    base, offset, term = tree.locate(epoch.from_, key)
    first_day = tree.study.study.counting(epoch).first_day
    if isinstance(base, str) and base.startswith("!"):
        tree.notes.append(
            f"{_title(key, epoch)}: not dated, because it counts from the {base[1:]}, which does not happen."
        )
    ids = base.ids if isinstance(base, Gathered) else (base,) if isinstance(base, str) else ()
    if any(tree.points[id].optional for id in ids if id in tree.points):
        tree.notes.append(
            f"{_title(key, epoch)}: counts from the most that 'up to' allows; if less is given, it starts earlier."
        )
    content = _milestone(key, epoch, f"{_title(key, epoch)} starts")
    content = replace(content, window=window_of_gap(epoch.from_))
    tree.add(
        Point(
            f"{key}/start", base, offset, term, f"start of {key}", content=content,
            first_day=first_day if first_day is not None else 1, origin=f"{key}/start",
            conditions=tree.undecided(epoch.if_),
        )
    )  # fmt: skip


def _end(tree: Tree, key: str, epoch: Epoch, base: str | Gathered, offset: Offset, term: str, optional: bool) -> None:
    content = _milestone(key, epoch, f"{_title(key, epoch)} ends (before this day)")
    tree.add(
        Point(
            f"{key}/end", base, offset, term, f"end of {key}", content=content, origin=f"{key}/start",
            first_day=tree.study.study.counting(epoch).first_day or 0, optional=optional,
        )
    )  # fmt: skip


def _lay_stated_end(tree: Tree, key: str, epoch: Epoch) -> bool:
    if epoch.lasts is None:
        return False
    if epoch.cycles is not None:
        raise PlanError(f"epoch {key} has cycles and lasts:, two ends; keep one of them.")
    offset = tree.study.study.counting(epoch).offset(epoch.lasts)
    if isinstance(offset, Elapsed):
        raise PlanError(f"epoch {key} lasts {epoch.lasts}; give days, weeks, months or years.")
    _end(tree, key, epoch, f"{key}/start", offset, str(epoch.lasts), optional=False)
    return True


def _lay_end_after_items(tree: Tree, key: str, epoch: Epoch) -> None:
    ids = tuple(id for item, _ in epoch.items() for id in tree.items[key, item])
    events = tuple(id for id in ids if tree.points[id].content is not None)
    if tree.open_ended(key):
        tree.add(Point(f"{key}/end", None, name=f"end of {key}", waits_for=f"end of {key}"))
    elif events:
        tree.add(Point(f"{key}/end", Gathered("after", events), name=f"end of {key}"))
    else:
        tree.add(Point(f"{key}/end", f"{key}/start", name=f"end of {key}"))


# ---------------------------------------------------------------- cycles


def _lay_cycles(tree: Tree, key: str, epoch: Epoch, cycles: Cycles) -> None:
    counting = tree.study.study.counting(epoch)
    tree.cycles[key] = []
    if cycles.cut and epoch.courses is not None:
        raise PlanError(f"epoch {key} has courses, so its cycles cannot be cut off; end the courses instead.")
    times = epoch.courses.times if epoch.courses is not None else 1
    rest = epoch.courses.rest if epoch.courses is not None else None
    base = f"{key}/start"
    if times > tree.limit:
        raise PlanError(f"epoch {key} has {times:,} courses; at most {tree.limit:,} events are expanded.")
    for course in range(1, times + 1):
        prefix = f"{key}/course{course}" if times > 1 else key
        base = _one_course(tree, key, prefix, base, cycles, counting, course if times > 1 else 0)
        if course < times and rest is not None:
            base = tree.intermediate(f"{prefix}/rest", base, counting.offset(rest), f"{rest} rest", "")
    _lay_cycles_end(tree, key, epoch, cycles, base)


def _lay_cycles_end(tree: Tree, key: str, epoch: Epoch, cycles: Cycles, after: str) -> None:
    if _endless(cycles):
        tree.endless.update((key, item) for item in epoch.doses)
        until = f" (until {cycles.until.event})" if cycles.until is not None else ""
        what = f"end of {key}{until}"
        tree.add(Point(f"{key}/end", None, name=f"end of {key}", waits_for=what))
        return
    optional = cycles.up_to is not None
    if key in tree.cuts:
        _lay_cut_end(tree, key, epoch, after)
        return
    guarded = any(tree.points[c.id].bounds for c in tree.cycles[key])
    base: str | Gathered = Gathered("latest", _cycle_ends(tree, key)) if guarded else after
    _end(tree, key, epoch, base, Days(0), "", optional)


def _endless(cycles: Cycles) -> bool:
    """Whether only a horizon ends the cycles here."""
    if cycles.until is not None:
        return cycles.until.at_most is None
    return cycles.runs[-1].times is None and not any((cycles.up_to, cycles.through, cycles.before, cycles.lasting))


def _lay_cut_end(tree: Tree, key: str, epoch: Epoch, after: str) -> None:
    """Cycles that are cut off end at the bound, or at their full length if that comes first."""
    points = [after]
    for number, bound in enumerate(tree.cuts[key], start=1):
        if isinstance(bound.base, str) and bound.base.startswith("!"):
            continue
        at = tree.add(Point(f"{key}/cut{number}", bound.base, bound.offset, _said(bound.offset), f"bound of {key}"))
        points.append(tree.add(Point(f"{at}/after", at, Days(1), "1 d")) if bound.inclusive else at)
    _end(tree, key, epoch, Gathered("earliest", tuple(points)), Days(0), "", optional=False)


def _cycle_ends(tree: Tree, key: str) -> tuple[str, ...]:
    return tuple(
        tree.add(Point(f"{c.prefix}/end", c.id, c.length, _said(c.length), f"end of C{c.number}"))
        for c in tree.cycles[key]
    )


def _said(offset: Offset) -> str:
    return f"{offset.n} d" if isinstance(offset, Days) else f"{offset.n} mo" if isinstance(offset, Months) else ""


def _one_course(tree: Tree, key: str, prefix: str, base: str, cycles: Cycles, counting: Counting, course: int) -> str:
    """Lay the cycles of one course; the result is the point at which the last of them ends."""
    clock = _Clock(tree, key, prefix, base, cycles, counting)
    clock.course = course
    return clock.lay()


class _Clock:
    """Cycle starts being laid: runs of lengths from a base, under the bounds of the cycles."""

    def __init__(self, tree: Tree, key: str, prefix: str, base: str, cycles: Cycles, counting: Counting) -> None:
        self.tree, self.key, self.prefix, self.cycles, self.counting = tree, key, prefix, cycles, counting
        self.start = self.base = base
        self.days = self.months = 0
        self.term = ""
        self.bounds, self.last = self._bounds()
        if cycles.cut:
            tree.cuts[key] = tuple(bound._replace(cuts=True) for bound in self.bounds)
        self.number = 0
        self.course = 0

    def lay(self) -> str:
        for length in self._lengths():
            self._rebase(length)
            if self._over():
                break
            self._lay_one(length)
            self._advance(length)
        self._rebase_last()
        return self.tree.intermediate(f"{self.prefix}/cycles-end", self.base, self._here(), self._sum(), "")

    def _lengths(self) -> Iterator[Offset]:
        for run in self.cycles.runs:
            repeats = 0
            while run.times is None or repeats < run.times:
                if run.times is None and self.last is None and self._limit() is None:
                    raise PlanError(
                        f"the cycles of {self.key} ({cycles_text(self.cycles)}) have no end; give a horizon "
                        '(--horizon "24 mo"), or a count (x6) or a bound.'
                    )
                for span in run.lengths:
                    yield self._checked(span)
                repeats += 1

    def _checked(self, span: Span) -> Offset:
        offset = self.counting.offset(span)
        if isinstance(offset, Elapsed):
            raise PlanError(f"a cycle of {span} is too short; cycles are in days, weeks or months.")
        return offset

    def _limit(self) -> int | None:
        up_to = self.cycles.up_to
        if up_to is not None and up_to.n:
            return up_to.n
        point = self.cycles.through or self.cycles.before
        if point is not None and point.kind == "cycle" and point.number is not None:
            return point.number - (self.cycles.through is None)
        return None

    def _over(self) -> bool:
        limit = self._limit()
        if limit is not None and self.number >= limit:
            return True
        if self.number >= self.tree.limit:
            raise PlanError(f"{self.key} has more than {self.tree.limit:,} cycles; check the count and the bounds.")
        return self.last is not None and self._shortest() > self.last

    def _shortest(self) -> int:
        return self.tree.near[self.base] - self.tree.near[self.start] + self.days + 28 * self.months

    def _lay_one(self, length: Offset) -> None:
        self.number += 1
        id = f"{self.prefix}/c{self.number}"
        optional = self.cycles.up_to is not None and self.number > 1
        self.tree.add(
            Point(
                f"{id}/start", self.base, self._here(), self._sum(), f"C{self.number}", bounds=self.bounds,
                cycle=self.number, optional=optional,
            )
        )  # fmt: skip
        self.tree.cycles[self.key].append(CycleStart(self.number, f"{id}/start", length, optional, id, self.course))

    def _here(self) -> Offset:
        return Months(self.months) if self.months else Days(self.days)

    def _sum(self) -> str:
        spans = {span for run in self.cycles.runs for span in run.lengths}
        if len(spans) == 1 and self.base == self.start:
            return f"{self.number - self._pending} × {next(iter(spans))}" if self.number - self._pending else ""
        return f"{self.months} mo" if self.months else f"{self.days} d" if self.days else ""

    _pending = 1

    def _rebase(self, length: Offset) -> None:
        """Months count from the start of their run, so days before months (or after) get a point of their own."""
        if (isinstance(length, Months) and self.days) or (isinstance(length, Days) and self.months):
            self._pending = 0
            id = f"{self.prefix}/run{self.number + 1}/start"
            self.base = self.tree.intermediate(id, self.base, self._here(), self._sum(), "")
            self.days = self.months = 0
            self._pending = 1

    def _rebase_last(self) -> None:
        self._pending = 0

    def _advance(self, length: Offset) -> None:
        if isinstance(length, Days):
            self.days += length.n
        elif isinstance(length, Months):
            self.months += length.n

    def _bounds(self) -> tuple[tuple[Bound, ...], int | None]:
        """The bounds that only the calendar knows, and the last day (from the start) on which a cycle can start."""
        bounds: list[Bound] = []
        lasts: list[int] = []
        cycles = self.cycles
        span, text = cycles.lasting, f"for {cycles.lasting}"
        if cycles.up_to is not None and cycles.up_to.span is not None:
            span, text = cycles.up_to.span, f"up to {cycles.up_to.span}"
        if cycles.until is not None:
            span, text = cycles.until.at_most or self.tree.horizon, ""
        elif span is None and cycles.runs[-1].times is None and not (self._limit() or cycles.through or cycles.before):
            span, text = self.tree.horizon, ""
        if span is not None:
            offset = self.counting.offset(span)
            bounds.append(Bound(self.start, offset, refused=text))
            lasts.append(longest_days(offset))
        for point, inclusive in ((cycles.through, True), (cycles.before, False)):
            if point is not None and point.kind != "cycle":
                self._to_point(point, inclusive, bounds, lasts)
        return tuple(bounds), min(lasts, default=None)

    def _to_point(self, point: Place, inclusive: bool, bounds: list[Bound], lasts: list[int]) -> None:
        day = fixed_day(point, Frame(self.counting), last=inclusive)
        if day is not None:
            bounds.append(Bound(f"{self.key}/start", Days(day), inclusive))
            lasts.append(day)
            return
        base, offset, _ = self.tree.locate(point, self.key)
        bounds.append(Bound(base, offset, inclusive))
        distance = self.tree.distance(self.start, base, offset)
        if distance is None:
            raise PlanError(
                f"how many cycles {self.key} has depends on dates that are not known here; give the dates of the "
                "anchors, or a horizon."
            )
        lasts.append(distance)
