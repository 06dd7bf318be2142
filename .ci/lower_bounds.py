"""Which is the oldest version of each dependency that pyproject.toml promises to work with?

Prints one `name==version` a line, for the run-time dependencies and for the extras named as arguments.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*(?P<bounds>[^;]*)")


def lower_bound(requirement: str) -> str:
    """The pin of one requirement.

    >>> lower_bound("icalendar>=7.2.2,<8")
    'icalendar==7.2.2'
    >>> lower_bound("tzdata")
    Traceback (most recent call last):
    SystemExit: pyproject.toml: tzdata has no lower bound; write tzdata>=VERSION
    """
    match = REQUIREMENT.match(requirement)
    name, bounds = (match["name"], match["bounds"]) if match else (requirement, "")
    for bound in bounds.split(","):
        if bound.strip().startswith((">=", "~=", "==")):
            return f"{name}=={bound.strip()[2:].strip()}"
    raise SystemExit(f"pyproject.toml: {name} has no lower bound; write {name}>=VERSION")


def lower_bounds(pyproject: Path, extras: list[str]) -> list[str]:
    """The pins of the run-time dependencies and of some extras, in file order."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    requirements = [*project["dependencies"], *(line for extra in extras for line in optional[extra])]
    own = f"{project['name']}["  # an extra that takes in another one
    return [lower_bound(requirement) for requirement in requirements if not requirement.startswith(own)]


if __name__ == "__main__":
    print(*lower_bounds(Path(__file__).parent.parent / "pyproject.toml", sys.argv[1:]), sep="\n")
