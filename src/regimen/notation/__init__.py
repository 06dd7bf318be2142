"""The notation: read a line, print its one canonical text, say it in plain words."""

from regimen.notation.canonical import (
    cycles_text,
    dose_text,
    item_text,
    line_text,
    point_text,
    span_text,
    when_text,
    window_text,
)
from regimen.notation.reading import read_cycles, read_dose, read_line, read_point, read_span, read_when, read_window
from regimen.notation.spoken import (
    cycles_in_words,
    dose_in_words,
    item_in_words,
    line_in_words,
    point_in_words,
    when_in_words,
    window_in_words,
)

__all__ = [
    "cycles_in_words",
    "cycles_text",
    "dose_in_words",
    "dose_text",
    "item_in_words",
    "item_text",
    "line_in_words",
    "line_text",
    "point_in_words",
    "point_text",
    "read_cycles",
    "read_dose",
    "read_line",
    "read_point",
    "read_span",
    "read_when",
    "read_window",
    "span_text",
    "when_in_words",
    "when_text",
    "window_in_words",
    "window_text",
]
