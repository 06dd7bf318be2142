"""How does a parsed line become values? One method for each alternative of the grammar, called while it is parsed."""

from __future__ import annotations

from regimen.notation import words
from regimen.notation.amounts import AmountCallbacks
from regimen.notation.assembly import assemble_dose, assemble_phase
from regimen.notation.clauses import Clause, Nodes, clause, count_of, wrong
from regimen.notation.parsing import Token
from regimen.notation.places import PointCallbacks
from regimen.notation.runs import Stretch, assemble_cycles
from regimen.notation.terms import Cycles, DayList, Dose, Interval, Item, Line, Phase, Relative, Scope, Until, UpTo
from regimen.timing import Span


class Builder(AmountCallbacks, PointCallbacks):
    """The grammar's callbacks; every clause becomes a ``Clause`` with its place, and a phase is assembled from them."""

    # ------------------------------------------------------------ lines and phases
    def line(self, nodes: Nodes) -> Line:
        frame = next((n for n in nodes if isinstance(n, Cycles)), None)
        return Line(tuple(n for n in nodes if isinstance(n, Item)), frame)

    def frame(self, nodes: Nodes) -> Cycles:
        return next(n for n in nodes if isinstance(n, Cycles))

    def item(self, nodes: Nodes) -> Item:
        first = nodes[0]
        return Item(_phases(nodes), words.label(str(first)) if isinstance(first, Token) else None)

    def when(self, nodes: Nodes) -> tuple[Phase, ...]:
        return _phases(nodes)

    def unstated_when(self, _: Nodes) -> tuple[Phase, ...]:
        return (Phase(unstated=True),)

    def phase(self, nodes: Nodes) -> Phase:
        return assemble_phase(nodes[0], nodes[1:])

    def schedule(self, nodes: Nodes) -> Phase:
        return assemble_phase(None, nodes)

    def stop(self, _: Nodes) -> Phase:
        return Phase(stop=True)

    def dose_text(self, nodes: Nodes) -> Dose:
        return assemble_dose(nodes[0], nodes[1:])

    def cycles(self, nodes: Nodes) -> Cycles:
        return assemble_cycles(nodes)

    # ------------------------------------------------------------ when
    def days(self, nodes: Nodes) -> Clause:
        return clause("days", _days(nodes), nodes)

    def days_of_weeks(self, nodes: Nodes) -> Clause:
        unit, pairs = _unit_and_ranges(nodes)
        if unit != "day":
            raise wrong(nodes[0], f"only days can be named inside weeks, not {unit}s.")
        return clause("days", DayList("day", pairs, of_weeks=words.ranges(str(nodes[3]))), nodes)

    def days_of_each_week(self, nodes: Nodes) -> Clause:
        return clause("days", DayList("day", words.ranges(str(nodes[1])), of_each_week=True), nodes)

    def days_of_cycle(self, nodes: Nodes) -> Clause:
        return clause("days_of_cycle", (_days(nodes), words.span(str(nodes[2]))), nodes)

    def days_after_dose(self, nodes: Nodes) -> Clause:
        edge = "end" if "end of" in nodes[2].lower() else "start"
        return clause("relative", Relative(nodes[3], edge, days=_days(nodes)), nodes)

    def within_days(self, nodes: Nodes) -> Clause:
        return clause("within_days", _days(nodes[1:]), nodes)

    def d_list(self, nodes: Nodes) -> Clause:
        return clause("days", DayList("day", words.ranges(words.without_d(str(nodes[0])))), nodes)

    def every_short(self, nodes: Nodes) -> Clause:
        return clause("every", Interval(words.step(str(nodes[0]))), nodes)

    def every(self, nodes: Nodes) -> Clause:
        return clause("every", Interval(words.span(str(nodes[1]))), nodes)

    def growing(self, nodes: Nodes) -> Clause:
        by, _, to = str(nodes[0]).lower().partition(" to ")
        return clause("growing", (words.span(by), words.span(to)), nodes)

    def after_start(self, nodes: Nodes) -> Clause:
        return clause("after_start", True, nodes)

    def on_off(self, nodes: Nodes) -> Clause:
        return clause("on_off", (words.span(str(nodes[0])), words.span(str(nodes[2]))), nodes)

    def frequency(self, nodes: Nodes) -> Clause:
        return clause("frequency", words.frequency(str(nodes[0])), nodes)

    def on_weekdays(self, nodes: Nodes) -> Clause:
        return clause("weekdays", words.weekdays(str(nodes[0])), nodes)

    def at(self, nodes: Nodes) -> Clause:
        return clause("at", words.clocks(str(nodes[1])), nodes)

    def times(self, nodes: Nodes) -> Clause:
        return clause("times", (count_of(nodes[0]), _noun(nodes[0])), nodes)

    def up_to_count(self, nodes: Nodes) -> Clause:
        return clause("up_to", UpTo(count_of(nodes[0]), _noun(nodes[0]) or "cycles"), nodes)

    def up_to_span(self, nodes: Nodes) -> Clause:
        return clause("up_to", UpTo(0, "", words.span(str(nodes[1]))), nodes)

    def times_span(self, nodes: Nodes) -> Clause:
        return clause("lasting", words.span(str(nodes[0])), nodes)

    def all_cycles(self, nodes: Nodes) -> Clause:
        return clause("cycles", Scope("list", ((1, None),)), nodes)

    def in_cycles(self, nodes: Nodes) -> Clause:
        return clause("cycles", words.scope(str(nodes[0])), nodes)

    def through(self, nodes: Nodes) -> Clause:
        return clause("through", nodes[1], nodes)

    def before(self, nodes: Nodes) -> Clause:
        return clause("before", nodes[1], nodes)

    def lasting(self, nodes: Nodes) -> Clause:
        return clause("lasting", words.span(str(nodes[1])), nodes)

    def hold(self, nodes: Nodes) -> Clause:
        return clause("hold", words.span(str(nodes[1])), nodes)

    def until(self, nodes: Nodes) -> Clause:
        return clause("until", Until(words.event(str(nodes[0]))), nodes)

    def at_most(self, nodes: Nodes) -> Clause:
        return clause("at_most", words.span(str(nodes[1])), nodes)

    def starting(self, nodes: Nodes) -> Clause:
        return clause("start", nodes[1], nodes)

    def before_dose(self, nodes: Nodes) -> Clause:
        return self._relative(nodes, -1)

    def after_dose(self, nodes: Nodes) -> Clause:
        return self._relative(nodes, 1)

    def _relative(self, nodes: Nodes, sign: int) -> Clause:
        edge = "end" if "end of" in nodes[1].lower() else "start"
        return clause("relative", Relative(nodes[2], edge, sign, words.span(str(nodes[0]))), nodes)

    def day_after_dose(self, nodes: Nodes) -> Clause:
        return clause("relative", Relative(nodes[1], "start", 1, Span(1, "d")), nodes)

    def with_dose(self, nodes: Nodes) -> Clause:
        return clause("relative", Relative(nodes[1]), nodes)

    def without(self, nodes: Nodes) -> Clause:
        return clause("without", ("week" if "week" in nodes[0].lower() else "cycle", nodes[1]), nodes)

    def phase_window(self, nodes: Nodes) -> Clause:
        return clause("window", words.window(str(nodes[0])), nodes)

    def unstated_schedule(self, nodes: Nodes) -> Clause:
        return clause("unstated", True, nodes)

    def condition(self, nodes: Nodes) -> Clause:
        return clause("condition", words.condition(str(nodes[0])), nodes)

    def cut(self, nodes: Nodes) -> Clause:
        return clause("cut", True, nodes)

    # ------------------------------------------------------------ cycles
    def run_every(self, nodes: Nodes) -> Stretch:
        span = words.span(str(nodes[1])) if nodes[0].type == "EVERY" else words.step(str(nodes[0]))
        times = count_of(nodes[-1]) if nodes[-1].type == "TIMES" else None
        return Stretch(span, times, "every", nodes[0].start_pos)

    def run_times(self, nodes: Nodes) -> Stretch:
        return Stretch(words.span(str(nodes[0])), count_of(nodes[1]), "plain", nodes[0].start_pos)

    def run_once(self, nodes: Nodes) -> Stretch:
        return Stretch(words.span(str(nodes[0])), None, "plain", nodes[0].start_pos)

    def run_repeating(self, nodes: Nodes) -> Stretch:
        times = count_of(nodes[2]) if len(nodes) > 2 else None
        return Stretch(words.span(str(nodes[0])), times, "repeating", nodes[0].start_pos)


def _phases(nodes: Nodes) -> tuple[Phase, ...]:
    """Phases in order; what joins them must be able to follow the phase before it."""
    phases: list[Phase] = []
    joint: Token | None = None
    for node in nodes:
        if isinstance(node, Phase):
            if joint is not None:
                _check_joint(phases[-1], joint, node)
            phases.append(node)
        else:
            joint = node if node.type in ("THEN", "AND_THEN") else None
    return tuple(phases)


def _check_joint(before: Phase, joint: Token, after: Phase) -> None:
    if joint.type == "AND_THEN" and (before.days is None or before.every is not None):
        raise wrong(joint, "'and every' can follow only a list of days.", "Write then for what comes next.")
    if (before.until or before.up_to) and not after.start and not after.stop:
        raise wrong(
            joint, "what comes before has an open end, so it is not known when the next part starts.",
            "Say where it starts: then 5 mg PO daily from end of treatment; or give the part before it a fixed end.",
        )  # fmt: skip
    if before.stop:
        raise wrong(
            joint, "nothing can follow stop.", "Leave out what follows, or write hold for and a length of time."
        )


def _noun(token: Token) -> str:
    last = token.split()[-1].lower()
    if last in ("cycle", "cycles", "course", "courses"):
        return "cycles"
    return "doses" if last.isalpha() and last not in ("times", "x") else ""


def _unit_and_ranges(nodes: Nodes) -> tuple[str, tuple[tuple[int, int], ...]]:
    unit = nodes[0].split()[-1].lower().rstrip("s")
    if unit != "day" and "day" in nodes[1].lower():
        raise wrong(nodes[1], f"the list mixes {unit}s and days; write all of it in days.")
    return unit, words.ranges(str(nodes[1]))


def _days(nodes: Nodes) -> DayList:
    return DayList(*_unit_and_ranges(nodes))
