"""What is asked of a forecast? How every subject's plan is read, and where subjects come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.errors import RegimenError
from regimen.rules import LIMIT
from regimen.safetext import day_in_words

if TYPE_CHECKING:
    from regimen.cohort.bodies import Body
    from regimen.cohort.enrolled import BySubject, Enrolled
    from regimen.cohort.enrolment import Site


OF_SUBJECTS = (".arrow", ".arrows", ".ipc")
"""Files that hold subjects whatever their columns are called."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How the plan is read for every subject: answers, their chances, assumptions, horizon, measures."""

    decide: Mapping[str, str] = field(default_factory=dict)
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Decisions that are not taken yet: how likely each answer is; the chances come to 1."""
    horizon: str | None = None
    bodies: Sequence[tuple[Body, float]] = (((), 1.0),)
    """The measures that subjects without their own have, with their shares."""
    take: str = ""
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Where subjects come from, as typed: a file of subjects or of sites, and how rates are meant."""

    file: str | Path
    arrivals: str = "uniform"
    cap: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An enrolment file as read: subjects, or sites with their rates."""

    origins: Mapping[str, str]
    subjects: BySubject | None = None
    sites: tuple[Site, ...] = ()

    @property
    def first(self) -> date:
        """The first entry."""
        if self.subjects is not None:
            return min(start.entry for start in self.subjects.starts)
        return min(site.start for site in self.sites)

    def enrolled(self, enrolment: Enrolment, last: date) -> Enrolled:
        """Who enters, up to a day."""
        from regimen.cohort.enrolled import by_rate
        from regimen.cohort.enrolment import Rates

        if self.subjects is not None:
            if enrolment.cap is not None or enrolment.until is not None or enrolment.arrivals != "uniform":
                raise RegimenError("a cap, an end and arrivals are about rates; subjects of a file enter as it says.")
            return self.subjects
        until = min(enrolment.until or last, last)
        return by_rate(Rates(self.sites, until, enrolment.arrivals, enrolment.cap), self.origins)

    def notes(self, enrolment: Enrolment, last: date) -> list[str]:
        """How the enrolment is meant."""
        if self.subjects is not None:
            unused = ", ".join(self.subjects.unused)
            said = [f"Subjects of a file: {len(self.subjects.site_of):,}; sites: {len(self.subjects.sites):,}."]
            return [*said, f"Not used, because it is no column of the study: {unused}."] if unused else said
        until = min(enrolment.until or last, last)
        how = "spread evenly over all days" if enrolment.arrivals == "uniform" else "at random on all days (Poisson)"
        cap = f", {enrolment.cap:,} subjects at most" if enrolment.cap is not None else ""
        days = f"from {day_in_words(self.first)} to {day_in_words(until)}"
        return [f"Subjects enter {how} {days}{cap}; a rate for a month is one for 30.4375 days."]
