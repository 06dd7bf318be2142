"""What does a subject file say? A pseudonym, the sex, and dated measures; every problem with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from regimen.definition.reading import Document, KeyPath, dotted, read_document
from regimen.dosing.choosing import LATEST, Choice, Chosen, choose
from regimen.dosing.measures import SEXES, Measures
from regimen.dosing.plausible import DEFAULT_BOUNDS, Bounds, impossible, jumps, unusual
from regimen.errors import DefinitionError, DosingError, Problem
from regimen.quantities import Quantity, read_quantity
from regimen.quantities.measured import KINDS, Measure, read_measure
from regimen.timing import why_not_a_date

FORMAT = "regimen-subject/1"
_KEYS = ("format", "subject", "sex", "measures", "before")
_ROW_KEYS = ("on", "at", *KINDS)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject under a pseudonym, with all measures in the order of their days."""

    name: str
    sex: str | None
    measures: tuple[Measure, ...]
    warnings: tuple[str, ...] = ()
    before: Mapping[str, Quantity] = field(default_factory=dict)
    """What was given of a drug before the study, by the drug's key; counted for lifetime caps."""

    def series(self, kind: str) -> tuple[Measure, ...]:
        """All measures of one kind: weight, height, creatinine, gfr, age or surface."""
        return tuple(m for m in self.measures if m.kind is KINDS[kind])

    def on(self, day: date, rules: Mapping[str, Choice] | None = None, cycle_starts: Sequence[date] = ()) -> Measures:
        """The measures that apply to a dose on ``day``; ``rules`` by kind, the latest measure for kinds not named."""
        chosen: dict[str, Chosen] = {}
        problems: list[str] = []
        for kind in KINDS:
            rule = (rules or {}).get(kind, LATEST)
            try:
                if self.series(kind):
                    chosen[kind] = choose(self.series(kind), day, rule, cycle_starts)
            except DosingError as error:
                problems += [f"{KINDS[kind].name}: {problem}" for problem in error.problems]
        if problems:
            raise DosingError(*problems)
        by_kind = {kind: found.measure for kind, found in chosen.items()}
        return Measures(by_kind, self.sex, self.warnings, {kind: found.steps for kind, found in chosen.items()})


def read_before(text: Any) -> Quantity:
    """What was given before, in all: ``100 mg/m2``, or 0 of a unit; DosingError if it is no such amount."""
    if not isinstance(text, str):
        raise DosingError("an amount is expected, such as 100 mg/m2, or 0 mg/m2 if nothing was given")
    nothing = re.fullmatch(r"0 +(\S.*)", text.strip())
    found = read_quantity(f"1 {nothing[1]}" if nothing is not None else text)
    if found.unit.time is not None:
        raise DosingError(f"{found} is a rate; write what was given in all, such as 100 mg/m2.")
    return found.times(0) if nothing is not None else found


class _Complaint(NamedTuple):
    path: KeyPath
    found: str
    remedy: str = ""
    key: bool = False


def read_subject(source: str | Path | bytes, *, name: str = "", bounds: Bounds = DEFAULT_BOUNDS) -> Subject:
    """Read YAML or JSON: a ``Path`` from disk, str and bytes as the text itself; DefinitionError tells all problems."""
    document = read_document(source, name=name)
    reader = _Reader(document.data, bounds)
    subject = reader.subject()
    if reader.complaints:
        raise DefinitionError([_placed(complaint, document) for complaint in reader.complaints])
    return subject


def _placed(complaint: _Complaint, document: Document) -> Problem:
    line, column = document.place(complaint.path, key=complaint.key)
    return Problem(dotted(complaint.path), complaint.found, "", complaint.remedy, line, column, document.name)


class _Reader:
    """Goes through the file once and gathers what is wrong."""

    def __init__(self, data: dict[str, Any], bounds: Bounds) -> None:
        self.data, self.bounds = data, bounds
        self.complaints: list[_Complaint] = []

    def subject(self) -> Subject:
        self._check_keys((), self.data, _KEYS)
        if self.data.get("format") != FORMAT:
            self._complain(("format",), f"format is {self.data.get('format')!r}", f"write format: {FORMAT}")
        name = self.data.get("subject")
        if not isinstance(name, str) or not name.strip():
            self._complain(("subject",), "the subject has no name", "write a pseudonym, such as subject: S-001")
        sex = self.data.get("sex")
        if sex is not None and sex not in SEXES:
            self._complain(("sex",), f"sex {sex!r} is not known", "write female or male, as the formulas have it")
        measures = sorted(self._measures(), key=lambda measure: measure.on or date.min)
        self._check_twice(measures)
        return Subject(str(name), sex, tuple(measures), tuple(self._warnings(measures)), dict(self._before()))

    def _before(self) -> Iterator[tuple[str, Quantity]]:
        rows = self.data.get("before") or {}
        if not isinstance(rows, dict):
            self._complain(("before",), "this is no list of drugs", "write each drug's key and amount below it")
            return
        for key, text in rows.items():
            try:
                yield key, read_before(text)
            except DosingError as error:
                self._complain(("before", key), error.problems[0].rstrip("."))

    def _check_twice(self, measures: list[Measure]) -> None:
        for one, other in pairwise(sorted(measures, key=lambda m: (m.kind.name, m.on or date.min))):
            if one.kind is other.kind and one.on is not None and one.on == other.on:
                found = f"two measures of {one.kind.name} on {one.on.isoformat()}: {one.written} and {other.written}"
                self._complain(("measures",), found, "keep the one that counts")

    def _measures(self) -> Iterator[Measure]:
        rows = self.data.get("measures")
        if not isinstance(rows, list) or not rows:
            self._complain(("measures",), "there are no measures", "list them, each with - on: and its values")
            return
        for number, row in enumerate(rows):
            path: KeyPath = ("measures", number)
            if not isinstance(row, dict):
                self._complain(path, "this is no measure", "write on: with a date, and weight:, height: …")
                continue
            yield from self._row(path, row)

    def _row(self, path: KeyPath, row: dict[str, Any]) -> Iterator[Measure]:
        self._check_keys(path, row, _ROW_KEYS)
        on, occasion = self._date(path, row.get("on")), row.get("at") or ""
        found = [m for kind in KINDS if kind in row and (m := self._measure(path, row, kind, on, str(occasion)))]
        if not any(kind in row for kind in KINDS):
            self._complain(path, "nothing is measured here", f"give one or more of {', '.join(KINDS)}")
        for problem in impossible(found, self.bounds):
            self._complain(path, problem.rstrip("."))
        yield from found

    def _measure(self, path: KeyPath, row: dict[str, Any], kind: str, on: date | None, occasion: str) -> Measure | None:
        text = row[kind]
        if not isinstance(text, str):
            self._complain(
                (*path, kind), f"{kind} has no value", f"write a number and a unit, such as {KINDS[kind].example}"
            )
            return None
        try:
            return read_measure(kind, text, on, occasion)
        except DosingError as error:
            self._complain((*path, kind), error.problems[0].rstrip("."))
            return None

    def _date(self, path: KeyPath, text: Any) -> date | None:
        hit = _ISO.fullmatch(text) if isinstance(text, str) else None
        if hit is None:
            found = "the measure has no date" if text is None else f"{text!r} is not a date"
            self._complain((*path, "on") if text is not None else path, found, "write on: 2027-01-04 (year-month-day)")
            return None
        year, month, day = (int(part) for part in hit.groups())
        reason = why_not_a_date(year, month, day)
        if reason:
            self._complain(
                (*path, "on"), f"{text!r} is not a date ({reason})", "write year-month-day, such as 2027-01-04"
            )
            return None
        return date(year, month, day)

    def _check_keys(self, path: KeyPath, mapping: dict[str, Any], known: tuple[str, ...]) -> None:
        for key in mapping:
            if key not in known:
                close = get_close_matches(key, known, n=1)
                remedy = f"did you mean {close[0]}?" if close else f"known keys are {', '.join(known)}"
                self.complaints.append(_Complaint((*path, key), f"the key {key!r} is not known here", remedy, key=True))

    def _complain(self, path: KeyPath, found: str, remedy: str = "") -> None:
        self.complaints.append(_Complaint(path, found, remedy))

    def _warnings(self, measures: list[Measure]) -> Iterator[str]:
        days = sorted({m.on for m in measures if m.on is not None})
        for day in days:
            for warning in unusual([m for m in measures if m.on == day], self.bounds):
                yield f"{day.isoformat()}: {warning}"
        for kind in ("weight", "height"):
            yield from jumps(m for m in measures if m.kind is KINDS[kind])
