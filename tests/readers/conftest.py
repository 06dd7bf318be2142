"""Which programs that read calendar files are here? A line at the end says which are not, and how to get them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.readers.installed import HOW, NEEDED_ALL, absent

# They run in environments of their own.
collect_ignore = ["programs"]


@pytest.fixture
def needs() -> Callable[..., None]:
    """Skips a test, or in CI fails it, when one of the programs named is not installed."""

    def check(*programs: str) -> None:
        missing = [name for name in programs if name in absent()]
        if missing and NEEDED_ALL:
            pytest.fail(f"{', '.join(missing)} not installed, and REGIMEN_READERS=all asks for all: {HOW}")
        if missing:
            pytest.skip(f"{', '.join(missing)} not installed: {HOW}")

    return check


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if absent():
        terminalreporter.write_line(
            f"Calendar readers skipped: {', '.join(absent())} not installed; {HOW}", yellow=True
        )
