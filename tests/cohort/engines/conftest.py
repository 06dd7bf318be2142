"""Which engines are here? Their tests are skipped without them, or fail where REGIMEN_ENGINES=all asks for all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec

import pytest

HOW = "run make engines"


def absent(engine: str) -> list[str]:
    """What an engine lacks on this machine."""
    packages = {"dask": ("distributed",), "spark": ("pyspark", "pandas")}[engine]
    missing = [name for name in packages if find_spec(name) is None]
    return missing + (["java"] if engine == "spark" and shutil.which("java") is None else [])


@pytest.fixture(scope="session")
def needs() -> Callable[[str], None]:
    """Skips a test, or in CI fails it, when an engine is not installed."""

    def check(engine: str) -> None:
        missing = ", ".join(absent(engine))
        if missing and os.environ.get("REGIMEN_ENGINES") == "all":
            pytest.fail(f"{missing} not installed, and REGIMEN_ENGINES=all asks for all: {HOW}")
        if missing:
            pytest.skip(f"{missing} not installed: {HOW}")

    return check
