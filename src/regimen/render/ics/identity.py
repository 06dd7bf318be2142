"""By which name does a calendar program know an entry again, without the name telling anything?"""

from __future__ import annotations

import hmac
import json
from uuid import UUID


def uid_of(event_id: str, study: str, subject: str = "", secret: bytes = b"") -> str:
    """The same UID for the same inputs, from which none of them can be read back without the secret.

    The arm is left out on purpose: an event that another arm has as well stays the same entry.
    """
    message = json.dumps([study, subject, event_id]).encode("ascii")
    digest = bytearray(hmac.digest(secret, message, "sha256")[:16])
    digest[6] = digest[6] & 0x0F | 0x80  # version 8: a UUID of the maker's own derivation (RFC 9562)
    digest[8] = digest[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(digest)))
