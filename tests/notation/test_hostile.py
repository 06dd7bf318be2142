"""What happens to text that nobody meant as notation?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.notation.accepted import ACCEPTED

from regimen.errors import NotationError
from regimen.notation import canonical, reading

KINDS = {
    "line": (reading.read_line, canonical.line_text),
    "when": (reading.read_when, canonical.when_text),
    "dose": (reading.read_dose, canonical.dose_text),
    "cycles": (reading.read_cycles, canonical.cycles_text),
    "point": (reading.read_point, canonical.point_text),
    "window": (reading.read_window, canonical.window_text),
    "span": (reading.read_span, canonical.span_text),
}
PIECES = (
    "10 mg", "PO", "IV", "CIV", "/day", "/h", "days", "day", "week", "1", "14", "-", ",", ", ", "q28d", "every",
    "daily", "bid", "x4", "then", "until progression", "until", "for", "8 w", "through", "before", "after",
    "from", "end of", "dose of", "a", "at", "08:00", "[", "]", ";", ":", '"', "±3 d", "up to", "cycles", "in",
    "odd cycles", "if a=b", "on", "off", "Mon", "to", "by", "and", "or", "0", "µ", "×", "AUC", "max", "stop",
    "cut", "2027-01-31", "1000000000", "\x00", "\n", "(", ")", "%", "/", "x", "not stated",
)  # fmt: skip
mixtures = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)


def read_or_refuse(kind: str, text: str) -> None:
    """Reading gives a value that survives printing, or ``NotationError``; nothing else."""
    read, printed = KINDS[kind]
    refused = None
    try:
        value = read(text)
    except NotationError as error:
        refused = error
    if refused is None:
        assert read(printed(value)) == value
    else:
        assert str(refused)
        assert refused.position is None or 0 <= refused.position <= len(text)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=120)
@given(text=st.one_of(st.text(max_size=60), mixtures))
def test_any_text_is_read_or_refused(kind, text):
    """Any text at all is either a value, whose canonical text is the same value, or refused with a sentence."""
    read_or_refuse(kind, text)


@settings(max_examples=400)
@given(st.sampled_from([written for written, _ in ACCEPTED]), st.data())
def test_a_slip_of_the_pen_is_read_or_refused(text, data):
    """A valid line with a piece cut, doubled, swapped or put in is either a value or refused with a sentence."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 6)))
    put = data.draw(
        st.one_of(st.just(""), st.sampled_from(PIECES), st.just(text[start:end] * 2), st.characters(codec="utf-8"))
    )
    read_or_refuse("line", text[:start] + put + text[end:])


@pytest.mark.parametrize(
    "text",
    [
        "10 mg PO\x00 daily",
        "10 mg PO daily x1000000000",
        "10 mg PO days 1-1000000000",
        "9" * 3000 + " mg PO",
        "10 mg PO " + "daily, " * 500,
        "10 mg PO days " + ", ".join(map(str, range(1, 900))),
        "10 mg PO days " + "1 " * 1900,
        "10 mg PO until " + "a " * 1900,
        "10 mg PO until " + "a" * 3900 + "1",
        "a" * 3990 + ":",
        "[" * 3000,
        '"' * 3000,
        "10 mg PO\n\n daily",
        "ﬁve mg PO",
        "\u0661\u0660 mg PO daily",
    ],
)
def test_hostile_lines_are_read_or_refused_quickly(text):
    """Control characters, enormous counts, endless lists and foreign digits are read or refused like any other text."""
    read_or_refuse("line", text)


def test_100_kB_are_refused_unread():
    """A text far beyond the longest length is refused without being parsed."""
    with pytest.raises(NotationError, match="at most 4,000"):
        reading.read_line("10 mg PO daily; " * 6250)


def test_a_large_count_stays_a_count():
    """A count of a thousand million is a value; what it costs to expand is for the plan to refuse."""
    assert reading.read_when("daily x1000000000")[0].times == 10**9
