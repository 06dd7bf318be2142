"""What would the pages of the documentation say if they were written again today? Runs every example in them.

`python -m tests.doc_pages` from the project's root rewrites the outputs in README.md and docs/ after a change. In a
console block a line that holds only … stands for any lines; rewriting keeps as many lines around it as there were.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from regimen.cli import main
from regimen.errors import AmbiguousNotation, NotationError
from regimen.events import Event
from regimen.lines import expand_line
from regimen.notation import canonical as printed
from regimen.notation import read_cycles, read_dose, read_line, read_point, read_span, read_when, read_window
from regimen.render.words import day_in_words, span_in_words
from regimen.timing import why_not_a_date

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
ELLIPSIS = "…"
START = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
"""What the clock of a page shows at its first command."""
READERS: dict[str, tuple[Callable[[str], Any], Callable[[Any], str]]] = {
    "Line": (read_line, printed.line_text),
    "Schedule": (read_when, printed.when_text),
    "Dose": (read_dose, printed.dose_text),
    "Cycles": (read_cycles, printed.cycles_text),
    "Point": (read_point, printed.point_text),
    "Window": (read_window, printed.window_text),
}
"""First heading of a table of notation -> how its first column is read and printed."""
_FENCE = re.compile(r"```(\w*)$")
_HAPPENED = re.compile(r"(?:--on|--from) (\d{4})-(\d{2})-(\d{2})")
_NAMED = re.compile(r"# (\S+\.yaml)(?:, (refused)|, dated with (.*))?$")


@dataclass(slots=True)
class Workspace:
    """One page's folder of files and its Python names."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    clock: datetime = START

    def clock_for(self, arguments: list[str]) -> datetime:
        """What the clock shows: what happened is written down on its day, a minute after the line before."""
        found = [tuple(map(int, parts)) for parts in _HAPPENED.findall(" ".join(arguments))]
        days = [date(*parts) for parts in found if not why_not_a_date(*parts)]
        self.clock = max([self.clock + timedelta(minutes=1), *(datetime.combine(d, time(9, 30), UTC) for d in days)])
        return self.clock


def rewritten(page: str, folder: Path) -> str:
    """The page with every output as it is today."""
    workspace = Workspace(folder)
    for name in ("examples", "seeds", "docs", "schemas"):
        (folder / name).symlink_to(ROOT / name)
    lines = page.splitlines()
    result: list[str] = []
    at = 0
    while at < len(lines):
        fence = _FENCE.match(lines[at])
        if fence:
            end = lines.index("```", at + 1)
            result += [lines[at], *_block(fence[1], lines[at + 1 : end], workspace), "```"]
        elif lines[at].startswith("|"):
            end = next((n for n in range(at, len(lines)) if not lines[n].startswith("|")), len(lines)) - 1
            options = lines[at - 1] if lines[at - 1].startswith("<!-- --") else ""
            result += _table(lines[at : end + 1], options)
        else:
            end = at
            result.append(lines[at])
        at = end + 1
    return "\n".join(result) + "\n"


def _block(language: str, lines: list[str], workspace: Workspace) -> list[str]:
    match language:
        case "console":
            return _console(lines, workspace)
        case "python":
            return _python(lines, workspace)
        case "yaml":
            _definition(lines, workspace)
    return lines


# ---------------------------------------------------------------- console


def _console(lines: list[str], workspace: Workspace) -> list[str]:
    result: list[str] = []
    at = 0
    while at < len(lines):
        assert lines[at].startswith("$ regimen "), f"a console block holds commands of regimen, not {lines[at]!r}"
        start = at
        while lines[at].endswith("\\"):
            at += 1
        command = " ".join(line.removeprefix("$ ").rstrip("\\").strip() for line in lines[start : at + 1])
        end = next((n for n in range(at + 1, len(lines)) if lines[n].startswith("$ ")), len(lines))
        words = shlex.split(command)[1:]
        _, output = run(words, workspace.folder, workspace.clock_for(words))
        result += [*lines[start : at + 1], *shortened(output, lines[at + 1 : end])]
        at = end
    return result


def run(arguments: list[str], folder: Path, now: datetime = START) -> tuple[int, list[str]]:
    """Run the command line inside ``folder`` at a time of its own: its exit code, and all it printed in order."""
    screen = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    clock = patch("regimen.cli.clock.now", lambda: now)
    with clock, contextlib.chdir(folder), contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
        code = main(arguments)
    screen.flush()
    return code, screen.buffer.getvalue().decode("utf-8").splitlines()  # type: ignore[attr-defined]


def shortened(output: list[str], written: list[str]) -> list[str]:
    """``written`` if it matches the output, each … standing for any lines; else the output, shortened as it was."""
    if _matches(output, written):
        return written
    marks = [n for n, line in enumerate(written) if line.strip() == ELLIPSIS]
    if not marks:
        return output
    head, tail = marks[0], len(written) - marks[-1] - 1
    if head + tail >= len(output):
        return output
    result = [*output[:head], ELLIPSIS]
    for first, last in pairwise(marks):
        passage = _passage(output, written[first + 1 : last])
        result += [*passage, ELLIPSIS] if passage else []
    return [*result, *output[len(output) - tail :]]


def _passage(output: list[str], written: list[str]) -> list[str]:
    """As many lines as were written, from the line most like the first of them; none if it has gone."""
    start = max(range(len(output)), key=lambda n: _alike(output[n], written[0]))
    known = _alike(output[start], written[0]) >= min(len(written[0]), 5)
    return output[start : start + len(written)] if known else []


def _alike(one: str, other: str) -> int:
    """How many characters two lines share at their start."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _matches(output: list[str], written: list[str]) -> bool:
    pattern = "".join(
        r"(?:.*\n)+?" if line.strip() == ELLIPSIS else re.escape(line.rstrip()) + r"\n" for line in written
    )
    return re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in output)) is not None


# ---------------------------------------------------------------- Python


def _python(lines: list[str], workspace: Workspace) -> list[str]:
    source = "\n".join(lines) + "\n"
    if ">>>" not in source:
        with contextlib.chdir(workspace.folder):
            exec(compile(source, "<docs>", "exec"), workspace.names)
        return lines
    result: list[str] = []
    for part in doctest.DocTestParser().parse(source):
        if isinstance(part, str):
            result += [line for line in part.splitlines() if line.strip()]
            continue
        code = part.source.rstrip("\n").splitlines()
        result += [f"{'...' if n else '>>>'} {line}".rstrip() for n, line in enumerate(code)]
        result += _evaluated(part.source, workspace).splitlines()
    return result


def _evaluated(source: str, workspace: Workspace) -> str:
    screen = io.StringIO()
    with contextlib.chdir(workspace.folder), contextlib.redirect_stdout(screen):
        try:
            exec(compile(source, "<docs>", "single"), workspace.names)
        except Exception as error:
            said = "".join(traceback.format_exception_only(error))
            return f"Traceback (most recent call last):\n    ...\n{said}"
    return screen.getvalue()


# ---------------------------------------------------------------- definitions

_SECTIONS = {
    "format": "format: regimen/1",
    "study": "study:\n  id: part\n  title: A part of a definition\n  first_day: 1\n  weeks: ordinal",
    "anchors": "anchors:\n  first_dose: first dose\n  randomised: randomisation\n  surgery: day of surgery",
    "decisions": "decisions:\n  responder:\n    question: Responder?\n  transplant:\n    question: Transplant?",
}
_ANCHORS = {"first_dose": "2027-01-04", "randomised": "2026-12-28", "surgery": "2027-06-01"}


def _definition(lines: list[str], workspace: Workspace) -> None:
    """Load and date a definition; a part of one is first completed."""
    text = "\n".join(lines) + "\n"
    if all(line.startswith("#") for line in lines):
        return
    if "format: regimen/1" not in text:
        path = workspace.folder / "part.yaml"
        path.write_text(completed(text), encoding="utf-8")
        whole = yaml.safe_load(path.read_text(encoding="utf-8"))
        given = [x for name in whole["anchors"] for x in ("--on", f"{name}={_ANCHORS.get(name, '2027-01-04')}")]
        choices = [[*given, "--horizon", "24 mo", "--arm", arm] for arm in whole["arms"]]
    else:
        named = _NAMED.match(lines[0])
        assert named, f"a definition starts with its name, such as # my-trial.yaml, not with {lines[0]!r}"
        path = workspace.folder / named[1]
        path.write_text(text, encoding="utf-8")
        if named[2]:
            code, said = run(["check", named[1]], workspace.folder)
            assert code == 1, said
            return
        choices = [shlex.split(named[3])]
    for options in choices:
        code, said = run(["calendar", path.name, *options], workspace.folder)
        assert code == 0 or "when: not stated" in text, "\n".join([text, *said])


def completed(part: str) -> str:
    """A whole definition around sections of one, or around keys of an epoch."""
    data = yaml.safe_load(part)
    sections = dict(_SECTIONS)
    if not {*data} & {"study", "sources", "anchors", "decisions", "assumptions", "arms", "epochs"}:
        start = "" if "from" in data else "    from: first_dose\n"
        inside = "".join(f"    {line}\n" if line else "\n" for line in part.splitlines())
        data, part = {"epochs": {"treatment": data}}, f"epochs:\n  treatment:\n{start}{inside}"
    if "epochs" not in data:
        part += "epochs:\n  treatment:\n    from: first_dose\n    doses:\n      drug: 10 mg PO daily x3\n"
        data["epochs"] = {"treatment": {}}
        if "anchors" in data:
            part = part.replace("from: first_dose", f"from: {next(iter(data['anchors']))}")
    if "arms" not in data:
        part += f"arms:\n  single: [{', '.join(data['epochs'])}]\n"
    return "\n".join([text for name, text in sections.items() if name not in data] + [part])


# ---------------------------------------------------------------- tables of notation


def _table(lines: list[str], options: str) -> list[str]:
    head = _cells(lines[0])
    rows = [_cells(line) for line in lines[2:]]
    if head[0] in READERS:
        rows = [_read_row(head, row, shlex.split(options[4:-3])) for row in rows]
    elif head[0] == "Refused":
        rows = [_refused_row(head, row) for row in rows]
    else:
        return lines
    return [lines[0], lines[1], *(f"| {' | '.join(row)} |" for row in rows)]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _read_row(head: list[str], row: list[str], options: list[str]) -> list[str]:
    read, show = READERS[head[0]]
    written = row[0].strip("`")
    value = read(written)
    new = {"Printed as": f"`{show(value)}`", "Days": ""}
    if "Days" in head:
        new["Days"] = _days(written, options)
    return [row[0], *(new.get(name, cell) for name, cell in zip(head[1:], [*row[1:], "", ""], strict=False))]


def _days(text: str, options: list[str]) -> str:
    given = dict(zip(options[::2], options[1::2], strict=True))
    expanded = expand_line(
        text, date.fromisoformat(given.get("--start", "2027-01-04")),
        weeks=given.get("--weeks"), horizon=read_span(given["--horizon"]) if "--horizon" in given else None,
        first_day=int(given["--first-day"]) if "--first-day" in given else None,
    )  # fmt: skip
    doses = expanded.calendar.of_kind("dose")
    if not doses:
        return "none"
    said = list(dict.fromkeys(_day(event) for event in doses))
    noun = "infusion" if doses[0].continuous else "dose"
    count = f"{len(doses)} {noun}{'s' if len(doses) != 1 else ''}"
    shown = said if len(said) <= 3 else [said[0], said[1], f"… {said[-1]}"]
    return f"{count}: {', '.join(shown)}".replace(", …", " …")


def _day(event: Event) -> str:
    return span_in_words(event.start, event.end) if event.continuous else day_in_words(event.first_day)


def _refused_row(head: list[str], row: list[str]) -> list[str]:
    try:
        read_line(row[0].strip("`"))
    except AmbiguousNotation as error:
        said = [f"`{reading.text}` ({reading.meaning})" for reading in error.readings]
        new = {"Why": error.sentence, "Write instead": "; ".join(said)}
    except NotationError as error:
        new = {"Why": error.sentence, "Write instead": error.suggestion.replace("\n", " ")}
    else:
        raise AssertionError(f"{row[0]} is listed as refused and is not")
    return [row[0], *(new.get(name, "") for name in head[1:])]


# ---------------------------------------------------------------- rewriting in place


def _rewrite_all(pages: tuple[Path, ...]) -> Iterator[str]:
    from tempfile import TemporaryDirectory

    for page in pages:
        with TemporaryDirectory() as folder:
            old = page.read_text(encoding="utf-8")
            new = rewritten(old, Path(folder))
        if new != old:
            page.write_text(new, encoding="utf-8")
            yield f"rewrote {os.path.relpath(page)}"


if __name__ == "__main__":
    chosen = tuple(Path(name).resolve() for name in sys.argv[1:]) or PAGES
    print("\n".join(_rewrite_all(chosen)) or "nothing to rewrite")
