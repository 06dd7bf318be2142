"""What does one arm hold? A definition compiled to a tree of undated points."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from regimen.definition.models import Arm, Epoch, Study
from regimen.errors import PlanError
from regimen.notation.terms import Point as Place
from regimen.plan.epochs import sow_epoch
from regimen.plan.items import sow_item
from regimen.plan.points import Base, Gathered, Plan
from regimen.plan.tree import Tree, negated
from regimen.rules import LIMIT
from regimen.timing import Days, Offset, Span


def make_plan(
    study: Study,
    arm: str | None = None,
    *,
    decisions: Mapping[str, str] | None = None,
    horizon: Span | None = None,
    limit: int = LIMIT,
    reach: int | None = None,
    notes: tuple[str, ...] = (),
) -> Plan:
    """Compile one arm of a study.

    ``decisions`` answers named questions (undecided parts are tentative), ``horizon`` says how far open ends are
    expanded from the start of their epoch, ``limit`` bounds the number of events, ``reach`` is how many days a bound
    that is a date may lie after the earliest anchor. Raises ``PlanError`` for what cannot be expanded as asked.
    """
    name = _choose_arm(study, arm)
    tree = Tree(study, _epochs_of(study, name), dict(_checked(study, decisions or {})), horizon, limit, reach)
    planner = _Arm(tree, study.arms[name])
    tree.locate = planner.locate
    tree.sow, tree.sow_item = sow_epoch, sow_item
    for key in tree.epochs:
        tree.build(key)
    if tree.refused:
        raise PlanError("\n".join(tree.refused))
    origin = planner.origin()
    return Plan(
        study=study.study.id, title=study.study.title, arm=name, points=tuple(tree.points.values()),
        anchors={key: anchor.title for key, anchor in study.anchors.items()}, origin=origin,
        counting=study.study.counting(), conventions=tuple(planner.conventions()),
        notes=(*notes, *planner.open_facts(), *tree.notes), undated=tuple(tree.undated), lanes=tree.lanes,
        epochs={key: epoch.title or key for key, epoch in tree.epochs.items()}, version=_version(study),
        max_delays={key: dict(epoch.max_delay.items()) for key, epoch in tree.epochs.items()},
        courses={key: epoch.course_of for key, epoch in tree.epochs.items() if epoch.course_of},
    )  # fmt: skip


def _version(study: Study) -> str:
    facts = study.study
    parts = [facts.version or "", f"from {facts.effective.isoformat()}" if facts.effective else ""]
    return " ".join(part for part in parts if part)


def _choose_arm(study: Study, arm: str | None) -> str:
    if arm is None and len(study.arms) == 1:
        return next(iter(study.arms))
    names = ", ".join(study.arms)
    if arm is None:
        raise PlanError(f"{study.study.id} has {len(study.arms)} arms; say which: {names} (--arm NAME).")
    if arm not in study.arms:
        raise PlanError(f"{study.study.id} has no arm {arm!r}; its arms are: {names}.{did_you_mean(arm, study.arms)}")
    return arm


def _epochs_of(study: Study, arm: str) -> dict[str, Epoch]:
    """The arm's epochs by name; an epoch used again gets a number, such as washout-2."""
    epochs: dict[str, Epoch] = {}
    for key in study.arms[arm].epochs:
        name, n = key, 1
        while name in epochs:
            n += 1
            name = f"{key}-{n}"
        epochs[name] = study.epochs[key]
    return epochs


def _checked(study: Study, decisions: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in decisions.items():
        if name not in study.decisions:
            known = ", ".join(study.decisions) or "none"
            raise PlanError(
                f"{study.study.id} has no decision {name!r}; its decisions are: {known}."
                + did_you_mean(name, study.decisions)
            )
        options = study.decisions[name].options
        if value not in options:
            raise PlanError(f"{name} can be {' or '.join(options)}, not {value!r}.")
    return decisions


def did_you_mean(name: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    """A suggestion for a misspelt name, with a leading space, or nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean {close[0]}?" if close else ""


class _Arm:
    """Where the places named in an arm lie in its tree."""

    def __init__(self, tree: Tree, arm: Arm) -> None:
        self.tree, self.arm = tree, arm

    def origin(self) -> str:
        """The anchor that the first epoch with doses counts from, else the first anchor of the definition."""
        if self.tree.study.study.counts_from is not None:
            return self.tree.anchor(self.tree.study.study.counts_from)
        dosed = [key for key, epoch in self.tree.epochs.items() if epoch.doses]
        for key in (*dosed, *self.tree.epochs):
            root = self.tree.roots.get(f"{key}/start")
            if root is not None and root.startswith("@"):
                return root
        return "@" + next(iter(self.tree.study.anchors))

    def locate(self, place: Place, epoch: str) -> tuple[Base, Offset, str]:
        """The base, offset and term of a place named in ``epoch``."""
        base = self._base(place, epoch)
        if place.shift is None:
            return base, self._number(place, epoch), ""
        counting = self.tree.study.study.counting(self.tree.epochs.get(epoch))
        offset = counting.offset(place.shift)
        signed = offset if place.sign > 0 else negated(offset)
        if place.kind in ("day", "week", "month"):
            raise PlanError(f"a numbered {place.kind} with a gap is not needed; write the {place.kind} that is meant.")
        return base, signed, f"{'' if place.sign > 0 else '−'}{place.shift}"

    def _number(self, place: Place, epoch: str) -> Offset:
        if place.kind not in ("day", "week", "month", "cycle"):
            return Days(0)
        counting = self.tree.study.study.counting(self.tree.epochs.get(epoch))
        assert place.number is not None
        if place.kind == "day":
            return Days(counting.offset_of_day(place.number))
        if place.kind == "week":
            return Days(counting.start_of_week(place.number))
        return counting.offset(Span(place.number, "mo")) if place.number else Days(0)

    def _base(self, place: Place, epoch: str) -> Base:
        tree = self.tree
        match place.kind:
            case "date":
                assert place.date is not None
                return place.date
            case "anchor":
                return self._anchor(place.names[0])
            case "previous":
                return self._previous(epoch)
            case "start" | "end":
                return self._edges(place)
            case "first" | "last":
                ids = [id for name in place.names for id in tree.doses_of(name, epoch)]
                if not ids:
                    return tree.closed(f"{place.kind} dose of {' or '.join(place.names)}")
                if place.kind == "last" and any(tree.endless_doses(name) for name in place.names):
                    return tree.waiting(f"last dose of {' or '.join(place.names)}", Gathered("last", tuple(ids)))
                return Gathered(place.kind, tuple(ids))
            case "cycle":
                assert place.number is not None
                id = f"{epoch}/c{place.number}/start"
                if id not in tree.points:
                    raise PlanError(f"{epoch} has no cycle {place.number} to count from.")
                return id
        return f"{epoch}/start" if f"{epoch}/start" in tree.points else self.origin()

    def _anchor(self, name: str) -> Base:
        if name in self.tree.study.anchors:
            return self.tree.anchor(name)
        if name in self.tree.study.epochs:
            raise PlanError(
                f"'{name}' alone is an epoch, not a point; write start of {name}, end of {name}, "
                f"or a gap such as 28 d after end of {name}."
            )
        anchors = self.tree.study.anchors
        raise PlanError(
            f"there is no anchor {name!r}; the anchors are: {', '.join(anchors)}.{did_you_mean(name, anchors)}"
        )

    def _previous(self, epoch: str) -> Base:
        keys = list(self.tree.epochs)
        index = keys.index(epoch)
        for key in reversed(keys[:index]):
            if self.tree.build(key):
                return self.tree.edge(key, "end")
        if self.arm.from_ is None:
            raise PlanError(
                f"{epoch} starts at the end of the previous epoch, and none comes before it in this arm; "
                "give the arm a from: (an anchor), or the epoch another start."
            )
        base, offset, term = self.locate(self.arm.from_, epoch)
        return self.tree.intermediate(f"{epoch}/arm", base, offset, term, "")

    def _edges(self, place: Place) -> Base:
        ids = []
        for name in place.names:
            if name not in self.tree.study.epochs and name not in self.tree.epochs:
                known = tuple(self.tree.study.epochs)
                hint = (
                    f" For a drug write first dose of {name} or last dose of {name}." if self.tree.is_item(name) else ""
                )
                raise PlanError(
                    f"there is no epoch {name!r}; the epochs are: {', '.join(known)}.{did_you_mean(name, known)}{hint}"
                )
            if name in self.tree.epochs and self.tree.build(name):
                self._say_end(place, name)
                ids.append(self.tree.edge(name, place.kind))
        if not ids:
            return self.tree.closed(f"{place.kind} of {' or '.join(place.names)}")
        return ids[0] if len(ids) == 1 else Gathered("latest" if place.kind == "end" else "earliest", tuple(ids))

    def open_facts(self) -> list[str]:
        """What the study or an epoch leaves open as a whole, such as its visits, in sentences."""
        facts = self.tree.study.study
        lines = [f"Assumed: {key} ({why})." for key, why in facts.assumed.items()]
        lines += [f"Not stated: {key} ({why})." for key, why in facts.not_stated.items()]
        for name, epoch in self.tree.epochs.items():
            if not self.tree.build(name):
                continue
            title = epoch.title or name
            lines += [f"{title}: assumed: {key} ({why})." for key, why in epoch.assumed.items()]
            lines += [f"{title}: not stated: {key} ({why})." for key, why in epoch.not_stated.items()]
        return lines

    def _say_end(self, place: Place, name: str) -> None:
        epoch = self.tree.epochs[name]
        if place.kind != "end" or epoch.cycles is not None or epoch.lasts is not None:
            return
        note = f"The end of {name} is the day after its last dose or visit; lasts: or cycles: would say otherwise."
        if note not in self.tree.notes:
            self.tree.notes.append(note)

    def conventions(self) -> list[str]:
        """How days, weeks and months were counted, in sentences."""
        facts = self.tree.study.study
        first = self.origin()[1:]
        lines = [f"Day {facts.first_day} is the day of: {self.tree.study.anchors[first].title}."]
        if facts.first_day == 1:
            lines[0] += " The day before is day −1; there is no day 0."
        if facts.weeks == "elapsed":
            lines.append("Week N is 7 × N days after the anchor.")
        elif facts.weeks == "ordinal":
            lines.append("Week 1 is the first seven days.")
        if facts.months == "calendar":
            lines.append("A month is a calendar month, counted from the anchor and clamped to the month's end.")
        else:
            lines.append(f"A month is {facts.months.removesuffix('d')} days.")
        if self.tree.horizon is not None:
            lines.append(f"Open ends are shown for {self.tree.horizon.words} from the start of their epoch.")
        return lines
