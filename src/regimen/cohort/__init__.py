"""What are the planned events of a whole cohort? The plan over columns of subjects; needs the extra ``cohort``."""

from __future__ import annotations

from importlib import import_module

from regimen.errors import RegimenError


def keep_memory_small() -> None:
    """Have Arrow use the system's allocator, which gives memory back sooner; for a process that does nothing else."""
    arrow = import_module("pyarrow")
    arrow.set_memory_pool(arrow.system_memory_pool())


def ensure_installed() -> None:
    """Raise ``RegimenError`` in words if the libraries for columns are not installed."""
    try:
        import_module("numpy"), import_module("pyarrow")
    except ImportError:
        raise RegimenError(
            "cohorts need the packages numpy and pyarrow: run pip install 'regimen[cohort]' and try again."
        ) from None
