"""What can go wrong, said as help to a colleague: where, what was found, what is allowed, what to do."""

from __future__ import annotations

from dataclasses import dataclass


class RegimenError(Exception):
    """The one parent: a sentence for people, plus the facts as attributes of the children."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place of a definition or journal; lines and columns count from 1."""

    path: str
    """The key path, such as ``epochs.treatment.doses.belimumab.when``; empty for the whole file."""
    found: str
    allowed: str = ""
    remedy: str = ""
    line: int | None = None
    column: int | None = None
    source: str = ""
    """The file's name as the reader gave it."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.source, self.line, self.column) if part not in ("", None))
        head = f"{place}: " if place else ""
        key = f"{self.path}: " if self.path else ""
        return head + key + "; ".join(part for part in (self.found, self.allowed, self.remedy) if part)


class FileError(RegimenError):
    """A file cannot be used as it is; ``problems`` holds all that was found, in file order."""

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.line or 0, p.column or 0)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DefinitionError(FileError):
    """A definition cannot be used."""


class SiteError(FileError):
    """The file that says when a site is open cannot be used."""


class TableError(FileError):
    """A table of sites, subjects or counts cannot be used: one sentence, or all that was found in a file."""

    def __init__(self, found: str | list[Problem]) -> None:
        super().__init__([Problem("", found)] if isinstance(found, str) else found)


class CohortError(TableError):
    """Many subjects cannot be used or written."""


class JournalError(FileError):
    """A journal cannot be read, or a fact cannot be written to it as it is."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an ambiguous text: what it would mean and how to write just that."""

    meaning: str
    text: str


class NotationError(RegimenError):
    """A line of notation cannot be read; ``position`` counts characters from 0 into ``text``."""

    def __init__(self, sentence: str, text: str = "", position: int | None = None, suggestion: str = "") -> None:
        self.sentence, self.text, self.position, self.suggestion = sentence, text, position, suggestion
        super().__init__(self.show())

    def show(self) -> str:
        """The sentence, the line with a caret under the place, and the suggestion."""
        lines = [self.sentence]
        if self.text and self.position is not None:
            lines += [f"  {excerpt}" for excerpt in _excerpt(self.text, self.position)]
        if self.suggestion:
            lines.append(self.suggestion)
        return "\n".join(lines)


class AmbiguousNotation(NotationError):
    """A text that can be read two ways; ``readings`` says which, each with a text that means only that."""

    def __init__(self, sentence: str, text: str, position: int | None, readings: tuple[Reading, ...]) -> None:
        self.readings = readings
        options = "\n".join(f"  - {r.meaning}: write {r.text}" for r in readings)
        super().__init__(sentence, text, position, options)


class DosingError(RegimenError):
    """An amount cannot be given as asked; ``problems`` holds all that was found, a sentence each."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class PlanError(RegimenError):
    """A definition is well formed but cannot be expanded as asked (open end, undecided schedule, too many events)."""


class DatingError(RegimenError):
    """A plan cannot be put on the calendar as asked (missing anchor, bound hit exactly, outside the calendar)."""


def _excerpt(text: str, position: int, width: int = 100) -> tuple[str, str]:
    line_start = text.rfind("\n", 0, position) + 1
    line_end = text.find("\n", position)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    column = position - line_start
    if len(line) > width:
        left = max(0, column - width // 2)
        line, column = line[left : left + width], column - left
    return line.replace("\t", " "), " " * column + "^"
