"""Does every value survive being written and read again?"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from tests.notation import strategies

from regimen.notation import canonical, reading

KINDS = {
    "line": (strategies.lines, reading.read_line, canonical.line_text),
    "when": (strategies.whens(), reading.read_when, canonical.when_text),
    "dose": (strategies.free_doses, reading.read_dose, canonical.dose_text),
    "cycles": (strategies.cycles(), reading.read_cycles, canonical.cycles_text),
    "point": (strategies.points(), reading.read_point, canonical.point_text),
    "window": (strategies.windows(), reading.read_window, canonical.window_text),
    "span": (strategies.spans, reading.read_span, canonical.span_text),
}
EXAMPLES = {"line": 250, "when": 250}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_printed_reads_as_the_same_value(kind):
    """For every value x of every kind: reading its canonical text gives x, and printing that again the same text."""
    values, read, text = KINDS[kind]

    @settings(max_examples=EXAMPLES.get(kind, 150), suppress_health_check=list(HealthCheck))
    @given(values)
    def check(value):
        written = text(value)
        assume("day 0" not in written or "week 1" not in written)
        assert read(written) == value
        assert text(read(written)) == written

    check()
