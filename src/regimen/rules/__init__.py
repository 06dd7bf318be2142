"""Which offsets does a ``when`` give? The door to the rules: ``expand_when`` lays phases on a ``Frame``."""

from regimen.rules.frames import LIMIT, Expansion, Frame, Guard, Start, Step
from regimen.rules.phases import expand_when, settled

__all__ = ["LIMIT", "Expansion", "Frame", "Guard", "Start", "Step", "expand_when", "settled"]
