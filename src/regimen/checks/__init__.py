"""What is worth a second look in a definition? The door to the checks: ``findings`` and ``month_changes``."""

from regimen.checks.finding import Finding
from regimen.checks.months import MonthChange, month_changes
from regimen.checks.run import findings

__all__ = ["Finding", "MonthChange", "findings", "month_changes"]
