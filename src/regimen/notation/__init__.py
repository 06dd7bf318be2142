"""The notation: read a line, print its one canonical text, say it in plain words."""

from regimen.notation.reading import read_cycles, read_dose, read_line, read_point, read_span, read_when, read_window

__all__ = ["read_cycles", "read_dose", "read_line", "read_point", "read_span", "read_when", "read_window"]
