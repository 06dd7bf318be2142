"""Does a text fit, and what is left of it when it does not?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Measure = Callable[[str, float, bool], float]
"""Width in inches of a text at a size in points, bold or not."""

ELLIPSIS = "…"
TIED = "\u00a0"
"""A space at which no line is broken."""


def shorten(text: str, room: float, size: float, measure: Measure, *, bold: bool = False) -> str:
    """The text, or as much of its start as fits with an ellipsis; empty when not even one character fits."""
    if measure(text, size, bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle].rstrip() + ELLIPSIS, size, bold) <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS if low else ""


def wrap(text: str, room: float, size: float, measure: Measure, *, lines: int, bold: bool = False) -> tuple[str, ...]:
    """The text broken between words into at most so many lines; what is left over ends in an ellipsis."""
    words, wrapped = [word for word in text.split(" ") if word], list[str]()
    while words and len(wrapped) < lines - 1:
        count = _words_that_fit(words, room, size, measure, bold)
        if not count:
            head = _characters_that_fit(words[0], room, size, measure, bold)
            wrapped.append(words[0][:head])
            words[0] = words[0][head:]
            continue
        wrapped.append(" ".join(words[:count]))
        words = words[count:]
    if words:
        wrapped.append(shorten(" ".join(words), room, size, measure, bold=bold))
    return tuple(line.replace(TIED, " ") for line in wrapped if line)


def pack(spans: Sequence[tuple[float, float]], slack: float = 0.0) -> tuple[int, ...]:
    """The row of each span so that no two in a row overlap by more than the slack; the first free row is taken."""
    rows = [0] * len(spans)
    ends: list[float] = []
    for index in sorted(range(len(spans)), key=lambda i: (spans[i], i)):
        start, end = spans[index]
        row = next((r for r, last in enumerate(ends) if last <= start + slack), len(ends))
        if row == len(ends):
            ends.append(end)
        ends[row] = max(end, ends[row])
        rows[index] = row
    return tuple(rows)


def _words_that_fit(words: Sequence[str], room: float, size: float, measure: Measure, bold: bool) -> int:
    count = 0
    while count < len(words) and measure(" ".join(words[: count + 1]), size, bold) <= room:
        count += 1
    return count


def _characters_that_fit(word: str, room: float, size: float, measure: Measure, bold: bool) -> int:
    count = 1
    while count < len(word) and measure(word[: count + 1], size, bold) <= room:
        count += 1
    return count
