"""Is a name in a folder on the disk itself, so that a power cut does not take it back?"""

from __future__ import annotations

import os
from pathlib import Path


def keep_entry(folder: Path) -> None:
    """The folder's new names down to the disk, where the system can do that for a folder."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        return
    finally:
        os.close(descriptor)
