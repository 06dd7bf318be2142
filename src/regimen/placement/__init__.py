"""What does a calendar look like on a site's working days? The door: ``on_working_days``."""

from regimen.placement.closed import on_working_days
from regimen.placement.spacing import is_interval

__all__ = ["is_interval", "on_working_days"]
