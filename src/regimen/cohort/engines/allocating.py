"""Does a worker keep the memory that its next part needs? By Dask's default it does not, and is a fifth slower."""

from __future__ import annotations

import ctypes
import os
from functools import cache

TRIM, MAP = "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"
KEPT = {TRIM: 256 << 20, MAP: 32 << 20}
"""Free bytes above which memory is given back, and the size from which a piece is mapped by itself."""
_DASKS_OWN = "65536"
_NUMBERS = {TRIM: -1, MAP: -3}
"""What glibc calls them in ``mallopt``."""


@cache
def keep_memory() -> None:
    """Let this process keep what it frees, unless whoever started it chose otherwise by the environment.

    Either variable, once set, freezes the other at 128 kB; so both are set, or every large column is mapped anew.
    """
    if os.environ.get(TRIM, _DASKS_OWN) != _DASKS_OWN or MAP in os.environ:
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return  # no glibc, and so no such thresholds
    for name, size in KEPT.items():
        mallopt(_NUMBERS[name], size)
