"""When does a whole study happen? Who enters on which day, how long do they stay, and does it fit?"""

from regimen.timelines.accrual import Accrual, Entry
from regimen.timelines.asked import Asked, accrual_of
from regimen.timelines.making import Participant, StudyTimeline, make_timeline

__all__ = ["Accrual", "Asked", "Entry", "Participant", "StudyTimeline", "accrual_of", "make_timeline"]
