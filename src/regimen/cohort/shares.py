"""Which part of the subjects has which answer, and which measures? Shares that must come to 1."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from regimen.cohort.bodies import MEASURES, Body, fault_of
from regimen.delimited import read_rows
from regimen.errors import RegimenError


def read_shares(texts: Sequence[str]) -> dict[str, dict[str, float]]:
    """Chances of answers, as ``transplant=yes:0.4`` or ``transplant=yes:0.4,no:0.6``; two answers need only one.

    With one answer named, the rest belongs to the other of ``yes`` and ``no``. Raises RegimenError.
    """
    found: dict[str, dict[str, float]] = {}
    for text in texts:
        name, equals, answers = (part.strip() for part in text.partition("="))
        if not (name and equals and answers) or name in found:
            raise RegimenError(f"--share {text!r} is not understood; write each once, as --share transplant=yes:0.4.")
        found[name] = _answers(text, answers)
    return found


def _answers(text: str, answers: str) -> dict[str, float]:
    shares: dict[str, Fraction] = {}
    for part in answers.split(","):
        answer, colon, share = (piece.strip() for piece in part.partition(":"))
        number = _fraction(share) if answer and colon else None
        if number is None or answer in shares:
            raise RegimenError(f"--share {text!r} is not understood; write an answer and its share, as yes:0.4.")
        if not 0 <= number <= 1:
            raise RegimenError(f"--share {text!r}: {share} is no probability; give 0 to 1.")
        shares[answer] = number
    other = {"yes": "no", "no": "yes"}
    if len(shares) == 1 and (answer := next(iter(shares))) in other:
        shares[other[answer]] = 1 - shares[answer]
    if sum(shares.values()) != 1:
        raise RegimenError(f"--share {text!r}: the shares come to {float(sum(shares.values())):g}, not 1; name all.")
    return {answer: float(share) for answer, share in shares.items() if share}


def read_bodies(path: str | Path) -> tuple[tuple[Body, float], ...]:
    """A declared distribution: a csv file with one measure or more (weight, height …) and the share of each row."""
    rows = read_rows(path)
    rows.known_columns(("share",), MEASURES)
    kinds = [column for column in rows.columns if column != "share"]
    if not kinds:
        rows.complain(1, "", "there is no measure", f"give one or more of {', '.join(MEASURES)}")
    found: dict[Body, Fraction] = {}
    for line, row in rows:
        body: Body = tuple((kind, row[kind]) for kind in MEASURES if row.get(kind))
        share = _fraction(row["share"])
        for kind in kinds:
            if not row[kind]:
                rows.complain(line, kind, f"there is no {kind}", "give every row each measure")
        if fault := fault_of(body):
            rows.complain(line, ", ".join(kind for kind, _ in body), fault)
        if share is None or not 0 <= share <= 1:
            rows.complain(line, "share", f"{row['share']!r} is no probability", "write 0 to 1; 30 % is 0.3")
        elif body in found:
            rows.complain(line, "", "these measures are there twice", "add their shares up")
        found[body] = share if share is not None else Fraction(0)
    if not rows.problems and sum(found.values()) != 1:
        rows.complain(None, "share", f"the shares come to {float(sum(found.values())):g}, not 1", "mend them")
    rows.settle()
    return tuple((body, float(share)) for body, share in found.items() if share)


def _fraction(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
