"""What does a journal say, and is it as it was written? Every damaged line, broken link and odd fact, gathered."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from regimen.errors import JournalError, Problem, RegimenError
from regimen.facts import Fact
from regimen.journal.lines import ORIGIN, SHAPE, NotALine, column_of, hash_of, read_line
from regimen.journal.locks import waited_for
from regimen.journal.requirements import Complaint, complaints
from regimen.journal.terms import CORRECTED, Examined, Journal, Opening

RESTORE = "put the line back from a copy of the file; a fact is changed by recording a correction, never in the file"
REPAIR = "run `regimen journal repair {path}`, which keeps what there is in {path}.torn"
_MANY = 20


def read_journal(path: str | os.PathLike[str]) -> Journal:
    """Read a journal; raises ``JournalError`` with every problem of the file, ``RegimenError`` if there is none."""
    found = examine(path)
    if found.problems or found.opened is None:
        raise JournalError(found.problems)
    return Journal(found.path, found.opened, found.facts, found.hashes)


def examine(path: str | os.PathLike[str]) -> Examined:
    """All that can be read of a journal, with all that is wrong with it."""
    place = Path(path)
    data = _bytes_of(place)
    if data and not data.endswith(b"\n"):
        # Another program may be in the middle of writing it; then it is whole once that one has done.
        waited_for(place)
        data = _bytes_of(place)
    return examined(data, place)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise no_journal(path) from None
    except OSError as error:
        raise RegimenError(f"{path} cannot be read ({error.strerror or error}); give the path of a journal.") from error


def no_journal(path: Path) -> RegimenError:
    """What is said where there is no file."""
    return RegimenError(
        f"there is no journal {path}; begin one with: regimen record {path} open TRIAL --subject KEY --by WHO"
    )


def examined(data: bytes, path: Path) -> Examined:
    """As ``examine``, for the bytes of a file."""
    *lines, rest = data.split(b"\n")
    reader = _Reader(path)
    if not data:
        reader.tell(1, "", "the file is empty", remedy=f"begin it with: regimen record {path} open TRIAL …")
    elif all(line.endswith(b"\r") for line in lines[:_MANY]) and lines:
        reader.tell(1, "", "the line ends were changed to CR LF by another program", remedy=RESTORE)
    else:
        for number, line in enumerate(lines, 1):
            reader.read(number, line)
        reader.name_breaks()
    complete = bool(rest) and reader.tell_rest(len(lines) + 1, rest)
    problems = sorted(reader.problems, key=lambda problem: (problem.line or 0, problem.column or 0))
    hashes = tuple(reader.hashes) if lines else ()
    return Examined(path, reader.opened, tuple(reader.facts), hashes, tuple(problems), rest, complete)


@dataclass(slots=True)
class _Reader:
    """One pass over the lines of a file."""

    path: Path
    opened: Opening | None = None
    facts: list[Fact] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    corrected: dict[int, int] = field(default_factory=dict)
    broken: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    """Lines that do not follow from the line above: what was hashed, and the number that the line gives itself."""
    shift: int = 0
    """By how much the lines since the last break are numbered too high."""

    def tell(self, number: int, key: str, found: str, allowed: str = "", remedy: str = "", column: int = 1) -> None:
        self.problems.append(Problem(key, found, allowed, remedy, number, column, str(self.path)))

    # ------------------------------------------------------------ one line
    def read(self, number: int, raw: bytes) -> None:
        shape = SHAPE.fullmatch(raw)
        self.hashes.append(shape[2].decode("ascii") if shape else "")
        text = self._decoded(number, raw)
        if text is None:
            return
        fact = self._fact(number, text)
        if shape is None:
            if fact is not None:
                found = "the line does not end with its hash"
                self.tell(number, "hash", found, remedy=RESTORE, column=column_of(text, "hash"))
            return
        self._check_link(number, shape[1], fact)
        if fact is not None:
            self._keep(number, fact, text)

    def _decoded(self, number: int, raw: bytes) -> str | None:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(raw[: error.start].decode("utf-8", "replace")) + 1
            found = f"a byte that is not text (0x{raw[error.start]:02x})"
            self.tell(number, "", found, "text in UTF-8", RESTORE, column)
            return None

    def _fact(self, number: int, text: str) -> Fact | None:
        if not text.strip():
            self.tell(number, "", "the line is empty", "one fact on each line", RESTORE)
            return None
        try:
            line = read_line(text)
        except NotALine as error:
            self.tell(number, "", error.found, remedy=RESTORE, column=error.position + 1)
            return None
        wrong = [*line.complaints, *self._wrong_place(number, line.fact), *(complaints(line.fact) if line.fact else ())]
        self._tell_all(number, text, wrong)
        if line.opening is not None and self.opened is None and number == 1:
            self.opened = line.opening
        return None if wrong else line.fact

    def _tell_all(self, number: int, text: str, wrong: list[Complaint]) -> None:
        for key, found, allowed, remedy in wrong:
            self.tell(number, key, found, allowed, remedy, column_of(text, key))

    def _wrong_place(self, number: int, fact: Fact | None) -> Iterator[Complaint]:
        if fact is None:
            return
        if (fact.what == "opened") != (number == 1):
            said = "a journal begins with the line that opens it" if number == 1 else "a journal is opened once"
            yield Complaint("what", f"{fact.what!r} stands on line {number}", said, RESTORE)
        if fact.number == 0:
            yield Complaint("number", "the line has no number", remedy=RESTORE)
        if fact.recorded is None:
            yield Complaint("recorded", "the line does not say when it was recorded", remedy=RESTORE)

    def _keep(self, number: int, fact: Fact, text: str) -> None:
        if fact.what == CORRECTED and fact.corrects is not None:
            if wrong := why_not_corrected(fact.corrects, fact.number, self.corrected):
                self._tell_all(number, text, [wrong])
                return
            self.corrected[fact.corrects] = fact.number
        self.facts.append(fact)

    # ------------------------------------------------------------ the chain
    def _check_link(self, number: int, content: bytes, fact: Fact | None) -> None:
        previous = self.hashes[number - 2] if number > 1 else ORIGIN
        stated = fact.number if fact is not None else number + self.shift
        # After a line without a hash there is nothing to compare with; that line is named already.
        fits = not previous or hash_of(previous, content) == self.hashes[number - 1]
        if not fits or stated not in (number, number + self.shift):
            self.broken[number] = content, stated
        self.shift = stated - number

    def name_breaks(self) -> None:
        """Say of each broken link what does not fit and what may have happened."""
        search = len(self.broken) <= _MANY
        for number, (content, stated) in self.broken.items():
            stated_hash = self.hashes[number - 1]
            previous = self.hashes[number - 2] if number > 1 else ORIGIN
            expected = hash_of(previous, content)
            after = self._written_after(content, stated_hash) if search else None
            found = _what_happened(number, stated, after, expected == stated_hash)
            hashes = f"its hash should be {expected[:12]}… and is {stated_hash[:12]}…"
            key, column = ("hash", len(content.decode("utf-8", "replace")) + 3) if stated == number else ("number", 2)
            self.tell(number, key, found, hashes if expected != stated_hash else "", RESTORE, column)

    def _written_after(self, content: bytes, stated: str) -> int | None:
        """The line that a line was written after, found by its hash; 0 for none before it."""
        for number, previous in enumerate((ORIGIN, *self.hashes)):
            if previous and hash_of(previous, content) == stated:
                return number
        return None

    # ------------------------------------------------------------ what was cut off
    def tell_rest(self, number: int, rest: bytes) -> bool:
        """Tell of a last line without a line end; whether it is complete but for that."""
        shape = SHAPE.fullmatch(rest)
        previous = self.hashes[-1] if self.hashes else ORIGIN
        complete = shape is not None and hash_of(previous, shape[1]) == shape[2].decode("ascii")
        remedy = REPAIR.format(path=self.path)
        if complete:
            found = "the last line is complete but for its line end, so it does not count yet"
            self.tell(number, "", found, remedy=f"run `regimen journal repair {self.path}`, which adds the line end")
        else:
            found = f"the last line was cut off after {len(rest)} bytes while it was written, so it is not a fact"
            self.tell(number, "", found, remedy=remedy, column=len(rest.decode("utf-8", "replace")) + 1)
        return complete


def why_not_corrected(corrects: int, number: int, corrected: dict[int, int]) -> Complaint | None:
    """Why line ``number`` cannot correct line ``corrects``, given which lines were corrected by which before."""
    if corrects == 1:
        remedy = "begin a journal of its own for another subject, study or arm"
        return Complaint("corrects", "line 1 opens the journal and cannot be corrected", remedy=remedy)
    if not 1 < corrects < number:
        last = f"lines 2 to {number - 1}" if number > 2 else "nothing yet, for no fact was recorded"
        remedy = "look up the number with: regimen journal show"
        return Complaint("corrects", f"there is no line {corrects} to correct", f"can be corrected: {last}", remedy)
    if corrects not in corrected:
        return None
    latest = corrects
    while latest in corrected:
        latest = corrected[latest]
    found = f"line {corrects} was already corrected by line {corrected[corrects]}"
    return Complaint("corrects", found, remedy=f"correct line {latest}, which holds now")


def _what_happened(number: int, stated: int, after: int | None, fits: bool) -> str:
    if fits:
        return f"the line calls itself number {stated}"
    if stated != number:
        told = f"the line calls itself number {stated}"
        place = "" if after is None else f" and was written after line {after} of this file" if after else ""
        return f"{told}{place}: a line before it was removed, inserted or moved"
    if after is not None and after != number - 1:
        where = f"line {after}" if after else "no other line"
        return f"the line was written after {where}: lines before it were inserted or moved"
    return "this line was changed after it was written, or the line before it was changed, removed or replaced"


# ---------------------------------------------------------------- verifying


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a journal is as it was written."""

    path: Path
    lines: int
    head: str
    """The hash of its last line, which stands for the whole journal."""
    breaks: tuple[Problem, ...]
    """What is not as it was written, line by line."""
    notes: tuple[Problem, ...]
    """What is odd but no break, such as a clock that went back."""


def verify(path: str | os.PathLike[str], *, holds: str = "") -> Verification:
    """Check every line and every link; with ``holds``, the hash of a line noted earlier, that this line is there.

    A chain cannot know that its last lines were cut off, or that all of it was written anew: a hash kept elsewhere can.
    """
    found = examine(path)
    breaks = list(found.problems)
    if holds and not any(known.startswith(holds.lower()) for known in found.hashes):
        said = f"no line has the hash {holds}"
        remedy = "lines at the end were cut off, or the file was written anew: compare with a copy"
        breaks.append(Problem("", said, "", remedy, source=str(found.path)))
    head = next((known for known in reversed(found.hashes) if known), "")
    return Verification(found.path, found.lines, head, tuple(breaks), tuple(_clock_notes(found)))


def _clock_notes(found: Examined) -> Iterator[Problem]:
    for before, fact in zip(found.facts, found.facts[1:], strict=False):
        if before.recorded is not None and fact.recorded is not None and fact.recorded < before.recorded:
            said = f"recorded at an earlier time than line {before.number}"
            remedy = "a clock was wrong when one of them was written"
            yield Problem("recorded", said, "", remedy, fact.number, source=str(found.path))
