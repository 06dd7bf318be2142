"""How does a study's timeline read: its milestones, what does not fit, and the numbers at the end of each month?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from regimen.render.columns import GAP, WIDTH, Cells, table_lines
from regimen.render.words import PLANNING_AID, day_in_words, one_line, wrapped
from regimen.timelines import StudyTimeline
from regimen.timelines.fitting import Misfit
from regimen.timelines.making import MILESTONES, Group, Milestone

_ROWS = 36
NOTE = "On treatment is from the first dose through the last, rests too; on study is through the last day of all."


def as_text(timeline: StudyTimeline, entry: str) -> str:
    """The timeline for a terminal; ``entry`` says what the day in is the day of."""
    parts = [_head(timeline, entry), *(_group(group) for group in timeline.groups), _counts(timeline)]
    if timeline.misfits:
        parts.append(["Findings", *(line for misfit in timeline.misfits for line in _finding(timeline, misfit))])
    return "\n".join([*("\n".join(part) + "\n" for part in parts), PLANNING_AID])


def _head(timeline: StudyTimeline, entry: str) -> list[str]:
    facts = timeline.facts
    told = [
        ("Study", one_line(facts.id)),
        ("Accrual", " ".join(timeline.accrual.how)),
        ("Day in", f"The day of: {one_line(entry)}."),
        (
            "Stated",
            ", ".join(f"{name} {day_in_words(day)}" for name, day in stated(timeline)) or "no start, no completion",
        ),
        ("Notes", " ".join((*timeline.notes, NOTE))),
    ]
    lines = [line for name, words in told for line in wrapped(words, WIDTH, f"{name:<9}", " " * 9)]
    return [one_line(facts.title), *lines]


def stated(timeline: StudyTimeline) -> tuple[tuple[str, date], ...]:
    """The dates that the study states."""
    facts = timeline.facts
    found = (("start", facts.starts), ("completion", facts.completes))
    return tuple((name, day) for name, day in found if day is not None)


# ---------------------------------------------------------------- milestones


def _group(group: Group) -> list[str]:
    people = f"{group.size:,} participant{'' if group.size == 1 else 's'}"
    head = f"{group.kind.capitalize()} {one_line(group.name)} ({people})" if group.name else f"All ({people})"
    if not group.milestones:
        return [head, f"{GAP}nobody"]
    rows = tuple(
        ((MILESTONES[one.name],), (day_in_words(one.day),), (f"{one.number:,}",), (remark(one),))
        for one in group.milestones
    )  # fmt: skip
    return [head, *table_lines(("Milestone", "Date", "Participant", "Remark"), rows)]


def remark(milestone: Milestone) -> str:
    """What is not certain about a milestone; empty for nothing."""
    if not milestone.certain:
        return "only if all happens that may"
    return f"up to {day_in_words(milestone.possible)} if all happens that may" if milestone.possible else ""


# ---------------------------------------------------------------- numbers by month


def _counts(timeline: StudyTimeline) -> list[str]:
    step, days = month_ends(timeline)
    name = {1: "month", 3: "quarter", 12: "year"}.get(step, f"{step // 12} years")
    uncertain = is_uncertain(timeline)
    rows: list[Cells] = []
    before = 0
    for day in days:
        count = timeline.count_on(day)
        at_most = (count.may_be_on_treatment, count.may_be_on_study) if uncertain else ()
        numbers = (count.entered - before, count.entered, count.on_treatment, count.on_study)
        rows.append(((day_in_words(day),), *((f"{n:,}",) for n in (*numbers, *at_most))))
        before = count.entered
    more = ("On treatment at most", "On study at most") if uncertain else ()
    headings = (f"End of {name}", "New", "In so far", "On treatment", "On study", *more)
    return table_lines(headings, tuple(rows))


def is_uncertain(timeline: StudyTimeline) -> bool:
    """Whether more may happen than is certain."""
    return any((c.on_treatment, c.on_study) != (c.may_be_on_treatment, c.may_be_on_study) for c in timeline.counts)


def month_ends(timeline: StudyTimeline) -> tuple[int, tuple[date, ...]]:
    """The last days of months (or quarters, or years) from first to last, and how many months apart they are."""
    first, last = timeline.counts[0].day, timeline.counts[-1].day
    months = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
    step = next((n for n in (1, 3, 12) if len(months) <= n * _ROWS), 120)
    kept = [n for n in months if (n + 1) % step == 0 or n == months[-1]]
    return step, tuple(date((n + 1) // 12, (n + 1) % 12 + 1, 1) - timedelta(days=1) for n in kept)


# ---------------------------------------------------------------- what does not fit


def _finding(timeline: StudyTimeline, misfit: Misfit) -> Iterator[str]:
    words = f"{misfit.level}: {sentence(timeline, misfit)}; {remedy(timeline, misfit)}."
    yield from wrapped(words, WIDTH, GAP, GAP * 2)


def sentence(timeline: StudyTimeline, misfit: Misfit) -> str:
    """What does not fit."""
    if misfit.what == "start":
        return (
            f"the first participant enters on {day_in_words(misfit.day)}, {_days(misfit.days)} before the stated start "
            f"on {day_in_words(misfit.stated)}"
        )
    last = timeline.accrual.entries[-1]
    arm = f" in the arm {one_line(misfit.arm)}" if any(group.kind == "arm" for group in timeline.groups) else ""
    may = "may have" if misfit.level == "note" else "has"
    return (
        f"participant {last.number:,}, the last{arm}, enters on {day_in_words(last.day)} and {may} {_what(misfit)} on "
        f"{day_in_words(misfit.day)}, {_days(misfit.days)} after the stated completion on {day_in_words(misfit.stated)}"
    )


def _what(misfit: Misfit) -> str:
    event = misfit.event
    if event is None:
        return "the end of follow-up"
    name = one_line(event.label)
    what = f"the last dose of {name}" if event.kind == "dose" else f"the last {name}"
    return f"{what} ({one_line(event.position)})" if event.position else what


def remedy(timeline: StudyTimeline, misfit: Misfit) -> str:
    """Which accrual fits, and which date."""
    if misfit.what == "start":
        return "correct one of the dates"
    later = f"or complete on {day_in_words(misfit.day)} or later"
    accrual = timeline.accrual
    if misfit.latest is None:
        return f"nobody fits, not even who enters on {day_in_words(accrual.starts)}; enrol earlier, {later}"
    by, whole = day_in_words(misfit.latest), (accrual.entries[-1].day - accrual.starts).days + 1
    days = (misfit.latest - accrual.starts).days + 1
    return (
        f"what fits is a last participant in by {by}: {misfit.fitting:,} of {len(accrual.entries):,} are in by then; "
        f"for all of them, accrual has {_days(days)} instead of {whole}; {later}"
    )


def _days(number: int) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}"
