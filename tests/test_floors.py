"""Do imports point left, has each heavy library its one home, and do modules keep their names and sizes?"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "regimen"
PACKAGE = "regimen"

# Low to high. "" is regimen/__init__.py, the library's front door.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("errors", "_version", "disk"),
    ("quantities", "timing"),
    ("events", "facts", "expected"),
    ("workdays",),
    ("notation",),
    ("safetext",),
    ("languages",),
    ("definition",),
    ("rules",),
    ("plan",),
    ("moments",),
    ("reasons",),
    ("calendars",),
    ("journal", "dosing", "placement", "delimited"),
    ("changes", "ledger"),
    ("standing", "timelines"),
    ("checks", "render", "interop", "library"),
    ("lines", "pharmacy", "subjects", "starts", "cohort"),
    ("forecasts",),
    ("replays",),
    ("",),
    ("cli", "web"),
    ("__main__",),
)
# (who, whom): neighbours on one floor that may import each other all the same.
NEIGHBOURS: frozenset[tuple[str, str]] = frozenset()

HOMES: dict[str, tuple[str, ...]] = {
    "pydantic": ("definition",),
    "pydantic_core": ("definition",),
    "yaml": ("definition",),
    "lark": ("notation",),
    "icalendar": ("render.ics",),
    "matplotlib": (
        "render.fonts",
        "render.forecast_plot",
        "render.gantt",
        "render.pictures",
        "render.soa.picture",
        "render.svg_words",
        "render.swimmer_plot",
        "render.swimmer_sheet",
        "render.timeline_plot",
    ),
    "mpl_toolkits": ("render.gantt",),
    "numpy": ("cohort",),
    "pyarrow": ("cohort", "delimited"),
    "distributed": ("cohort.engines.dask",),
    "dask": ("cohort.engines.dask",),
    "pyspark": ("cohort.engines.spark",),
    "pandas": ("cohort.engines.spark",),
    "dateutil": ("moments",),
    "holidays": ("workdays",),
    "typst": ("render.pages.in_pdf",),
    "openpyxl": ("render.workbook",),
    "babel": ("languages",),
    "pint": ("quantities.in_pint",),
}
SLOW_TO_IMPORT = ("matplotlib", "numpy", "pyarrow", "icalendar", "pydantic", "lark", "yaml", "holidays", "babel")
ALLOWED_NAMES = frozenset({"calendars"})
LONGEST = 400


class Module(NamedTuple):
    """One source file: its name below the package ("" for the package itself) and what it imports."""

    name: str
    path: Path
    imports: tuple[str, ...]

    @property
    def room(self) -> str:
        """The module or package directly below the top, on which floors are defined."""
        return self.name.partition(".")[0]


def modules_of(source: Path) -> tuple[Module, ...]:
    paths = sorted(source.rglob("*.py"))
    names = {path: _dotted(path.relative_to(source)) for path in paths}
    return tuple(Module(name, path, tuple(sorted(set(_imports(path, name))))) for path, name in names.items())


def _dotted(relative: Path) -> str:
    parts = relative.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(path: Path, name: str) -> Iterator[str]:
    """Every module a file imports, in full, wherever in the file it does: functions and type checking count too."""
    own = [PACKAGE, *name.split(".")] if name else [PACKAGE]
    package = own if path.name == "__init__.py" else own[:-1]
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from (".".join([*base, *_words(node.module), alias.name]) for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            yield from _literal_names(node, package)


def _words(dotted: str | None) -> list[str]:
    return dotted.split(".") if dotted else []


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _literal_names(call: ast.Call, package: list[str]) -> Iterator[str]:
    for argument in call.args[:1]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            name = argument.value
            level = len(name) - len(name.lstrip("."))
            base = package[: len(package) - level + 1] if level else []
            yield ".".join([*base, *_words(name.lstrip("."))])


def floor_faults(modules: tuple[Module, ...]) -> list[str]:
    """Imports that go up, or sideways without leave, and rooms nobody gave a floor."""
    heights = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}
    faults = [f"{_full(m.name)} has no floor; add it to FLOORS" for m in modules if m.room not in heights]
    for module, target in _inside(modules):
        here, there = heights.get(module.room), heights.get(target)
        if here is None or there is None or target == module.room or there < here:
            continue
        if there > here or (module.room, target) not in NEIGHBOURS:
            faults.append(f"{_full(module.name)} imports {_full(target)}, which is not on a lower floor")
    return faults


def _inside(modules: tuple[Module, ...]) -> Iterator[tuple[Module, str]]:
    """Each module with each room of the package that it imports; a name that is no room is the front door's."""
    rooms = {module.room for module in modules} | {room for rooms in FLOORS for room in rooms}
    for module in modules:
        for target in module.imports:
            top, _, below = target.partition(".")
            room = below.partition(".")[0]
            if top == PACKAGE:
                yield module, room if room in rooms else ""


def _full(name: str) -> str:
    return f"{PACKAGE}.{name}" if name else PACKAGE


def home_faults(modules: tuple[Module, ...]) -> list[str]:
    """Imports of a heavy library outside its home."""
    return [
        f"{_full(module.name)} imports {target}, whose home is {' or '.join(map(_full, homes))}"
        for module in modules
        for target in module.imports
        if (homes := HOMES.get(target.partition(".")[0]))
        if not any(module.name == home or module.name.startswith(f"{home}.") for home in homes)
    ]


def name_faults(modules: tuple[Module, ...]) -> list[str]:
    """Modules and packages named like one of the standard library."""
    taken = sys.stdlib_module_names - ALLOWED_NAMES
    return [
        f"{_full(module.name)} shadows the standard library"
        for module in modules
        if module.name.rpartition(".")[2] in taken
    ]


def size_faults(modules: tuple[Module, ...]) -> list[str]:
    """Modules too long to read in one go."""
    lengths = ((module, len(module.path.read_text(encoding="utf-8").splitlines())) for module in modules)
    return [f"{_full(module.name)} has {lines} lines, over {LONGEST}" for module, lines in lengths if lines > LONGEST]


CHECKS = {"floors": floor_faults, "homes": home_faults, "names": name_faults, "sizes": size_faults}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_package(check):
    """Imports point to lower floors, heavy libraries have one home, and modules keep their own names and stay short."""
    modules = modules_of(SOURCE)
    assert {"errors", "events"} <= {module.name for module in modules}
    assert check(modules) == []


def test_front_door_is_light():
    """`import regimen` alone loads none of the heavy libraries."""
    program = f"import sys, regimen; print(*(name for name in {SLOW_TO_IMPORT!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [], "")


FAULTS = [
    ("floors", "errors.py", "import regimen.plan", "errors imports regimen.plan"),
    ("floors", "plan.py", "from regimen import calendars", "plan imports regimen.calendars"),
    ("floors", "plan.py", "from regimen import Study", "plan imports regimen, which"),
    ("floors", "plan.py", "def late():\n    from regimen.cli import main", "plan imports regimen.cli"),
    ("floors", "render/ics/names.py", "from ...cli.verbs import show", "render.ics.names imports regimen.cli"),
    ("floors", "render/__init__.py", "from .. import cli", "render imports regimen.cli"),
    ("floors", "timing.py", "from . import events", "timing imports regimen.events"),
    ("floors", "rules.py", "import importlib\nimportlib.import_module('regimen.plan')", "rules imports regimen.plan"),
    ("floors", "rules.py", "from importlib import import_module\nimport_module('.plan', __package__)", "regimen.plan"),
    ("floors", "attic.py", "", "regimen.attic has no floor"),
    ("homes", "plan.py", "import numpy as np", "plan imports numpy"),
    ("homes", "render/tables.py", "from icalendar import Event", "whose home is regimen.render.ics"),
    ("homes", "definitions.py", "import yaml", "definitions imports yaml"),
    ("homes", "calendars.py", "__import__('matplotlib.figure')", "calendars imports matplotlib.figure"),
    ("names", "render/csv.py", "", "regimen.render.csv shadows"),
    ("names", "calendar/__init__.py", "", "regimen.calendar shadows"),
    ("sizes", "plan.py", "\n" * (LONGEST + 1), f"has {LONGEST + 1} lines"),
]


@pytest.mark.parametrize(("check", "file", "text", "fault"), FAULTS)
def test_each_check_can_fail(tmp_path, check, file, text, fault):
    """A breach of any of these rules is found, and the sentence names it."""
    found = CHECKS[check](_tree(tmp_path, file, text))
    assert len(found) == 1
    assert fault in found[0]


KEPT = [
    ("floors", "render/pages.py", "from regimen.render.tables import rows\nfrom ..calendars import date_plan"),
    ("floors", "cli/__init__.py", "import regimen\nfrom regimen import library, Study"),
    ("floors", "__main__.py", "from regimen.cli import main"),
    ("homes", "definition/read.py", "import yaml\nfrom pydantic import BaseModel"),
    ("homes", "plan.py", "from regimen.definition import yaml"),
    ("homes", "render/ics/assembly.py", "import icalendar"),
    ("names", "calendars.py", ""),
    ("sizes", "plan.py", "\n" * LONGEST),
]


@pytest.mark.parametrize(("check", "file", "text"), KEPT)
def test_each_check_can_pass(tmp_path, check, file, text):
    """Imports from a lower floor, from the same package and of a library in its home are in order."""
    assert CHECKS[check](_tree(tmp_path, file, text)) == []


def _tree(root: Path, file: str, text: str) -> tuple[Module, ...]:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return modules_of(root)
