"""Which checks are there? All of them, run over one study."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from regimen.checks.delays import follow_rules, longest_delays
from regimen.checks.doses import beyond_cycles, overlaps, same_days
from regimen.checks.expansion import assumptions_expand, expands, without_dates, without_source
from regimen.checks.finding import LEVELS, Draft, Finding
from regimen.checks.late import policies, without_policy
from regimen.checks.levels import levels
from regimen.checks.minimum import minimum_intervals
from regimen.checks.months import month_readings
from regimen.checks.survey import Survey
from regimen.checks.timeline import timeline
from regimen.checks.unused import unused
from regimen.checks.versions import courses, versions
from regimen.checks.visits import intervals, labels, windows
from regimen.checks.windows import windows_meet, without_window
from regimen.definition.models import Study
from regimen.definition.reading import Document

CHECKS: tuple[Callable[[Survey], Iterator[Draft]], ...] = (
    expands, assumptions_expand, without_dates, without_source, unused, beyond_cycles, same_days, overlaps,
    labels, intervals, windows, windows_meet, without_window, minimum_intervals, without_policy, policies, levels,
    longest_delays, follow_rules, versions, courses, month_readings, timeline,
)  # fmt: skip


def findings(study: Study, *, document: Document | None = None) -> tuple[Finding, ...]:
    """Everything the checks notice, in file order; ``document`` says where each value stands in the file."""
    survey = Survey(study)
    drafts = dict.fromkeys(draft for check in CHECKS for draft in check(survey))
    placed = [draft.placed(document) for draft in drafts]
    return tuple(sorted(placed, key=lambda f: (f.line or 0, f.column or 0, LEVELS.index(f.level), f.path, f.sentence)))
