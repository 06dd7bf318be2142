"""What did a check notice, where, and what is to be done? One frozen value for each finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from regimen.definition.reading import Document, dotted

KeyPath = tuple[str | int, ...]
LEVELS = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at: an ``error`` gives no or wrong dates, a ``warning`` may, a ``note`` is good to know."""

    level: str
    path: str
    """The key path, such as ``epochs.treatment.doses.belimumab.when``."""
    line: int | None
    column: int | None
    sentence: str
    remedy: str
    source: str = ""
    """The file's name as the reader gave it."""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.source, self.line, self.column) if part not in ("", None))
        head = f"{place}: " if place else ""
        path = f"{self.path}: " if self.path else ""
        text = f"{head}{self.level}: {path}{self.sentence}; {self.remedy}".rstrip("; ")
        return " ".join(text.split())


class Draft(NamedTuple):
    """A finding before its place in the file is looked up; ``key`` means the key rather than its value."""

    level: str
    path: KeyPath
    sentence: str
    remedy: str
    key: bool = False

    def placed(self, document: Document | None) -> Finding:
        """The finding with its line and column, where the file is known."""
        if document is None:
            return Finding(self.level, dotted(self.path), None, None, self.sentence, self.remedy)
        line, column = document.place(self.path, key=self.key)
        return Finding(self.level, dotted(self.path), line, column, self.sentence, self.remedy, document.name)
