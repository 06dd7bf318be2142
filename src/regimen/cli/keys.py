"""Where does the secret come from that makes the identities of entries unguessable?"""

from __future__ import annotations

import codecs
import os
import secrets
from pathlib import Path

from regimen.errors import RegimenError

VARIABLE = "REGIMEN_KEY"
SHORTEST = 16
"""Bytes; a shorter secret can be tried out."""
_MAKE_ONE = "make one with: regimen key -o regimen.key"


def read_key(place: str) -> bytes:
    """The secret in a file, or in the environment if ``place`` is ``env``, without white space around it."""
    secret = _from_environment() if place == "env" else _from_file(place)
    if len(secret) < SHORTEST:
        raise RegimenError(
            f"the key in {_named(place)} has {len(secret)} bytes, and {SHORTEST} are needed; {_MAKE_ONE}."
        )
    return secret


def write_key(place: str) -> Path:
    """Write a new random key of 256 bits that only its owner can read; the result is where it is."""
    path = Path(place)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise RegimenError(
            f"{path} exists and was left as it is: without it every calendar made with it would be doubled at its next "
            "import. Give another name for a new key."
        ) from None
    except OSError as error:
        raise RegimenError(f"{path} could not be written: {error.strerror}; choose another place with -o.") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path


def _from_environment() -> bytes:
    if VARIABLE not in os.environ:
        raise RegimenError(f"--key env needs the key in the environment variable {VARIABLE}, which is not set.")
    return os.environ[VARIABLE].strip().encode("utf-8", "surrogateescape")


def _from_file(place: str) -> bytes:
    try:
        # Some editors begin a file with a mark (BOM) that nobody sees.
        return Path(place).read_bytes().removeprefix(codecs.BOM_UTF8).strip()
    except OSError as error:
        raise RegimenError(f"the key file {place} cannot be read: {error.strerror}; {_MAKE_ONE}.") from None


def _named(place: str) -> str:
    return f"the environment variable {VARIABLE}" if place == "env" else place
