"""By which name does a calendar program know an entry again, without the name telling anything?"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Protocol

_BLOCK = 64
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def uid_of(event_id: str, study: str, subject: str = "", secret: bytes = b"") -> str:
    """The same UID for the same inputs, from which none of them can be read back without the secret.

    The arm is left out on purpose: an event that another arm has as well stays the same entry.
    """
    return Identity(study, subject, secret).uid(event_id)


class Named(Protocol):
    """Whatever gives an entry its UID from the id of its event and part."""

    def uid(self, event_id: str, /) -> str:
        """The UID."""


class Identity:
    """The names of one subject's entries: a UUID from HMAC-SHA256 of study, subject and the event's id."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, study: str, subject: str, secret: bytes) -> None:
        # HMAC by its definition (RFC 2104): hmac.new() has no cheap copy, and a copy is all that an event costs.
        block = (secret if len(secret) <= _BLOCK else hashlib.sha256(secret).digest()).ljust(_BLOCK, b"\0")
        beginning = json.dumps([study, subject]).removesuffix("]").encode("ascii")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block) + beginning)
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def uid(self, event_id: str) -> str:
        """Version 8, a UUID of the maker's own derivation (RFC 9562), from the first 128 bits."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(_ending(event_id))
        outer.update(inner.digest())
        h = outer.hexdigest()
        return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:32]}"


@lru_cache(maxsize=65_536)
def _ending(event_id: str) -> bytes:
    return f", {json.dumps(event_id)}]".encode("ascii")
