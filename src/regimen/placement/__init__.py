"""What does a calendar look like on a site's working days? The door: ``on_working_days``."""

from regimen.placement.closed import on_working_days

__all__ = ["on_working_days"]
