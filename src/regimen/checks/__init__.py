"""What is worth a second look in a definition? The door to the checks: ``findings`` and ``month_changes``."""

from regimen.checks.all import findings
from regimen.checks.finding import Finding
from regimen.checks.months import MonthChange, month_changes

__all__ = ["Finding", "MonthChange", "findings", "month_changes"]
