"""Does the definition say which protocol it is, and which course repeats which? Versions, dates and courses."""

from __future__ import annotations

from collections.abc import Iterator

from regimen.checks.finding import Draft
from regimen.checks.survey import Survey
from regimen.notation import point_in_words
from regimen.notation.terms import Point as Place

# ---------------------------------------------------------------- versions


def versions(survey: Survey) -> Iterator[Draft]:
    """A version and the date from which it holds belong together, and inside the study."""
    facts = survey.study.study
    if facts.version is not None and facts.effective is None:
        yield Draft(
            "note", ("study", "version"),
            f"version {facts.version} does not say from when it holds, so nobody can tell which visits it applies to",
            "add effective: with the date from which it holds",
        )  # fmt: skip
    if facts.effective is None:
        return
    day = point_in_words(Place("date", date=facts.effective))
    if facts.version is None:
        yield Draft(
            "note", ("study", "effective"), f"something holds from {day}, and no version says what",
            "add version: with the protocol's version",
        )  # fmt: skip
    if facts.completes is not None and facts.effective > facts.completes:
        completes = point_in_words(Place("date", date=facts.completes))
        yield Draft(
            "warning", ("study", "effective"),
            f"this version holds from {day}, after the study's stated completion on {completes}", "check both dates",
        )  # fmt: skip


# ---------------------------------------------------------------- courses


def courses(survey: Survey) -> Iterator[Draft]:
    """A new course repeats an epoch that there is, and that comes before it."""
    epochs = survey.study.epochs
    for key, epoch in epochs.items():
        first = epoch.course_of
        if first is None:
            continue
        path = ("epochs", key, "course_of")
        if first not in epochs or first == key:
            others = ", ".join(name for name in epochs if name != key) or "none"
            what = "repeats itself" if first == key else f"repeats {first}, and there is no such epoch"
            yield Draft("error", path, f"{key} {what}", f"name another epoch; the others are: {others}")
            continue
        for name, arm in survey.study.arms.items():
            if key in arm.epochs and first not in arm.epochs[: arm.epochs.index(key)]:
                yield Draft(
                    "warning", path,
                    f"{key} is a new course of {first}, which does not come before it in the arm {name}",
                    f"put {first} before {key} in the arm, or leave course_of: out",
                )  # fmt: skip
