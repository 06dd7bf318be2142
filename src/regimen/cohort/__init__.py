"""What are the planned events of a whole cohort? The plan over columns of subjects; needs the extra ``cohort``."""

from __future__ import annotations

from importlib import import_module

from regimen.errors import RegimenError


def ensure_installed() -> None:
    """Raise ``RegimenError`` in words if the libraries for columns are not installed."""
    try:
        import_module("numpy"), import_module("pyarrow")
    except ImportError:
        raise RegimenError(
            "cohorts need the packages numpy and pyarrow: run pip install 'regimen[cohort]' and try again."
        ) from None
