"""How does a fact get into a journal for good? Checked, linked, and appended under a lock, down to the disk."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from regimen.disk import keep_entry
from regimen.errors import JournalError, Problem, RegimenError
from regimen.facts import NEEDS_REASON, Fact
from regimen.journal.contradictions import contradiction
from regimen.journal.dates import fixed
from regimen.journal.known import Known
from regimen.journal.lines import ORIGIN, completed, line_of
from regimen.journal.locks import BINARY, locked
from regimen.journal.reading import examined, no_journal, why_not_corrected
from regimen.journal.requirements import Complaint, complaints, is_utc, why_not_amount, why_not_text
from regimen.journal.targets import settled
from regimen.journal.terms import Examined, Journal, Opening, corrections

_NOTHING = "Nothing was recorded."


# ---------------------------------------------------------------- opening


def open_journal(
    path: str | os.PathLike[str],
    *,
    study: str,
    arm: str,
    subject: str,
    by: str,
    now: datetime,
    trial: str = "",
    version: str = "",
    digest: str = "",
    assume: Collection[str] = (),
    zone: str = "",
    horizon: str = "",
    why: str = "",
) -> Journal:
    """Begin the journal of one subject; its first line says whose it is.

    ``subject`` is a pseudonymous key with a digit in it; ``now`` is the moment in UTC. Raises ``JournalError`` for what
    cannot be written, ``RegimenError`` if there is a journal already or the file is something else.
    """
    place = Path(path)
    opening = Opening(study, arm, subject, trial, version, digest, tuple(assume), zone, horizon)
    fact = Fact("opened", study, answer=arm, why=why, by=by, recorded=_second(now), number=1)
    wrong = [*_opening_complaints(opening), *complaints(fact)]
    if wrong:
        raise _refused(place, wrong)
    if not place.parent.is_dir():
        raise RegimenError(f"the folder {place.parent} does not exist; make it first or write elsewhere.")
    with _opened(place, os.O_CREAT) as descriptor:
        found = examined(_read_all(descriptor), place)
        if found.lines or found.rest:
            raise RegimenError(_taken(found))
        line, digest_of_line = line_of(fact, opening, ORIGIN)
        _append_all(descriptor, line, place, 0)
    keep_entry(place.parent)
    return Journal(place, opening, (fact,), (digest_of_line,))


def _taken(found: Examined) -> str:
    if found.opened is not None:
        return f"{found.path} is the journal of subject {found.opened.subject} already; give another name."
    if found.rest and not found.lines and _began(found.rest):
        return f"{found.path} was cut off while it was opened; run `regimen journal repair {found.path}`, then open it."
    return f"{found.path} exists and is not a journal; give another name."


def _began(rest: bytes) -> bool:
    """Whether this may be the beginning of a journal's first line."""
    start = b'{"number": 1, "what": "opened"'
    return rest.startswith(start) or start.startswith(rest)


_SUBJECT = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)


def _opening_complaints(opening: Opening) -> Iterator[Complaint]:
    if not _SUBJECT.fullmatch(opening.subject):
        yield Complaint(
            "subject", f"{opening.subject!r} is not a subject's key", "letters, digits, - . _ and at least one digit",
            "give the code that the study uses, such as 001; a journal never holds a name",
        )  # fmt: skip
    for key in ("study", "arm"):
        if not getattr(opening, key):
            yield Complaint(key, f"opened needs {key}")
    for key in ("study", "arm", "trial", "version", "digest", "zone", "horizon"):
        if (value := getattr(opening, key)) and (wrong := why_not_text(value)):
            yield Complaint(key, wrong)
    yield from (Complaint("assume", why_not_text(name)) for name in opening.assume if not name or why_not_text(name))


# ---------------------------------------------------------------- appending


def append(
    path: str | os.PathLike[str],
    fact: Fact,
    *,
    now: datetime,
    reasons: Collection[str] = NEEDS_REASON,
    known: Known | None = None,
    unchecked: bool = False,
) -> Fact:
    """Append one fact; the result is the fact as it now stands, with its line's ``number`` and ``recorded``.

    ``now`` is the moment in UTC. ``reasons`` are the kinds that need a reason. With ``known`` the target must be in the
    subject's plan, and a drug's key with a day stands for the dose that is meant. A fact that an earlier one rules out,
    such as a dose given twice, is refused. ``unchecked`` leaves out both. Several programs may append at once. Raises
    ``JournalError`` with all that is wrong with the fact or the file; nothing is written then.
    """
    place = Path(path)
    fact = replace(fact, recorded=_second(now), number=0, on=fixed(fact.on) if fact.on is not None else None)
    if fact.instead is not None and fact.instead.on is not None:
        fact = replace(fact, instead=replace(fact.instead, on=fixed(fact.instead.on)))
    wrong = [*complaints(fact, reasons=reasons), *_amount_complaints(fact)]
    if known is not None and not unchecked:
        found_targets = settled(fact, known)
        fact, wrong = found_targets.fact, [*wrong, *found_targets.complaints]
    if fact.what == "opened":
        wrong = [Complaint("what", "a journal is opened once", remedy="begin another with: regimen record FILE open …")]
    if wrong:
        raise _refused(place, wrong)
    with _opened(place, 0) as descriptor:
        data = _read_all(descriptor)
        found = examined(data, place)
        if found.problems:
            raise JournalError([*found.problems, Problem("", _NOTHING, source=str(place), line=found.lines + 2)])
        fact = completed(replace(fact, number=found.lines + 1))
        if wrong := list(_complaints_in_place(fact, found, unchecked)):
            raise _refused(place, wrong)
        _append_all(descriptor, line_of(fact, None, found.hashes[-1])[0], place, len(data))
    return fact


def _complaints_in_place(fact: Fact, found: Examined, unchecked: bool) -> Iterator[Complaint]:
    if fact.corrects is not None:
        refused = why_not_corrected(fact.corrects, fact.number, corrections(found.facts))
        if refused is not None:
            yield refused
            return
    if not unchecked and (against := contradiction(found.facts, fact)):
        yield Complaint("target", against.found, "", f"{against.remedy}, or record it --unchecked")


def _amount_complaints(fact: Fact) -> Iterator[Complaint]:
    for key, amount in (("amount", fact.amount), ("instead.amount", fact.instead.amount if fact.instead else "")):
        if amount and isinstance(amount, str) and (wrong := why_not_amount(amount)):
            yield Complaint(key, wrong)


def _second(now: datetime) -> datetime:
    if not is_utc(now):
        raise RegimenError(f"the time of recording {now.isoformat()} is not in UTC; give the moment in UTC.")
    return now.replace(microsecond=0, tzinfo=UTC)


def _refused(path: Path, wrong: list[Complaint]) -> JournalError:
    said = [Problem(key, found, allowed, remedy, source=str(path)) for key, found, allowed, remedy in wrong]
    return JournalError([*said, Problem("", _NOTHING, source=str(path))])


# ---------------------------------------------------------------- repairing


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done about a last line without a line end; ``torn`` is the file that keeps what was cut off."""

    sentence: str
    torn: Path | None = None


def repair(path: str | os.PathLike[str]) -> Repair | None:
    """Mend a last line that a crash cut off, losing nothing; None if there is nothing of the kind.

    A line that lacks only its line end gets it. What was cut off is put in ``PATH.torn`` before it leaves the journal.
    """
    place = Path(path)
    with _opened(place, 0) as descriptor:
        data = _read_all(descriptor)
        found = examined(data, place)
        if not found.rest:
            return None
        if not found.lines and not _began(found.rest):
            raise RegimenError(f"{path} is not a journal; nothing was changed.")
        number = found.lines + 1
        if found.complete:
            _append_all(descriptor, b"\n", place, len(data))
            return Repair(
                f"{path}: line {number} was complete but for its line end; that was added and the line counts."
            )
        torn = _keep_torn(place, found.rest)
        _cut(descriptor, len(data) - len(found.rest), place)
    said = f"{path}: line {number} had been cut off after {len(found.rest)} bytes and is not a fact"
    return Repair(f"{said}; what was there is kept in {torn}. Record that fact again.", torn)


def _keep_torn(path: Path, rest: bytes) -> Path:
    torn = path.with_name(path.name + ".torn")
    try:
        descriptor = os.open(torn, os.O_WRONLY | os.O_CREAT | os.O_APPEND | BINARY, 0o666)
    except OSError as error:
        raise RegimenError(f"{torn} cannot be written ({error.strerror or error}); nothing was changed.") from error
    try:
        _append_all(descriptor, rest + b"\n", torn, os.fstat(descriptor).st_size)
    finally:
        os.close(descriptor)
    keep_entry(path.parent)
    return torn


# ---------------------------------------------------------------- the file


@contextmanager
def _opened(path: Path, create: int) -> Iterator[int]:
    """The journal's file, locked; opened again if another program replaced it in between."""
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | BINARY | create, 0o666)
        except FileNotFoundError:
            raise no_journal(path) from None
        except OSError as error:
            raise RegimenError(f"{path} cannot be written ({error.strerror or error}). {_NOTHING}") from error
        try:
            with locked(descriptor, path):
                if _is_still(descriptor, path):
                    yield descriptor
                    return
        finally:
            os.close(descriptor)


def _is_still(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _read_all(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        return file.read()


def _append_all(descriptor: int, data: bytes, path: Path, size: int) -> None:
    """All bytes down to the disk, or none of them: a write that fails is taken back."""
    try:
        written = 0
        while written < len(data):
            written += os.write(descriptor, data[written:])
        os.fsync(descriptor)
    except OSError as error:
        _cut(descriptor, size, path)
        raise RegimenError(f"{path} could not be written ({error.strerror or error}). {_NOTHING}") from error


def _cut(descriptor: int, size: int, path: Path) -> None:
    try:
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
    except OSError as error:
        raise RegimenError(
            f"{path} could not be brought back to what it was ({error.strerror or error}); verify the journal."
        ) from error
