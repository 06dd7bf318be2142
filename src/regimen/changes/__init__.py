"""What differs between two calendars, between plan and reality, and between two versions for one subject?"""

from regimen.changes.amending import Amended, ForSubject, LeftBehind, Seam, amended
from regimen.changes.comparing import Change, ChangeSet, Difference, changes
from regimen.changes.deviating import Deviation, deviations

__all__ = [
    "Amended",
    "Change",
    "ChangeSet",
    "Deviation",
    "Difference",
    "ForSubject",
    "LeftBehind",
    "Seam",
    "amended",
    "changes",
    "deviations",
]
