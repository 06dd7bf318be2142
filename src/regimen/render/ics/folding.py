"""How is a long line cut so that no program loses a letter of it?"""

from __future__ import annotations

_MOST = 74
"""Octets in a piece; with the space that a continued line begins with none has more than 75."""
_ESCAPES = b"\\^"


def folded(line: str) -> bytes:
    """The line in UTF-8 in pieces of at most 75 octets, between letters and after no escape, without its last CR LF.

    As icalendar folds since 7.3; older releases cut escapes apart, which some programs read wrongly.
    """
    data = line.encode("utf-8")
    if len(data) <= _MOST:
        return data
    pieces: list[bytes] = []
    start, size = 0, len(data)
    while size - start > _MOST:
        end = start + _MOST
        while data[end] & 0xC0 == 0x80:
            end -= 1
        if data[end - 1] in _ESCAPES:
            end -= 1
        pieces.append(data[start:end])
        start = end
    pieces.append(data[start:])
    return b"\r\n ".join(pieces)
