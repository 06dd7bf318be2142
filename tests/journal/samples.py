"""What do the tests of the journal share? A journal, facts of every kind, a second reader of the chain."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from regimen.facts import CAUSES, POLICIES, Fact
from regimen.journal import Journal, append, open_journal
from regimen.journal.requirements import FORMS

NOW = datetime(2027, 2, 1, 9, 30, tzinfo=UTC)
DOSE = "treatment/d14/belimumab"
_BERLIN = timezone(timedelta(hours=1))
GIVEN = Fact("given", DOSE, date(2027, 1, 20), amount="700 mg", by="AN")


def begun(folder: Path, name: str = "s001.jsonl") -> Path:
    """A journal that was just opened."""
    path = folder / name
    opened(path)
    return path


def opened(path: Path, **changes: Any) -> Journal:
    about = {"study": "belimumab-sle", "arm": "belimumab", "subject": "001", "by": "A. Nurse", "now": NOW}
    return open_journal(path, **{**about, **changes})


def filled(folder: Path) -> Path:
    """A journal of six lines, with a correction."""
    path = begun(folder)
    for fact in (
        Fact("anchor", "first_dose", date(2027, 1, 4), by="AN"),
        GIVEN,
        Fact("corrected", corrects=3, why="typed wrong", by="AN",
             instead=Fact("given", DOSE, date(2027, 1, 19), amount="700 mg")),
        Fact("missed", "treatment/d14/evaluation", why="bus strike – „Streik“", by="Müller"),
        Fact("held", "belimumab", datetime(2027, 1, 25, 8, 5, tzinfo=_BERLIN), why="fever", by="AN"),
    ):  # fmt: skip
        append(path, fact, now=NOW)
    return path


def chain_holds(data: bytes) -> bool:
    """A second opinion, with nothing of the program: is each line's hash that of the line before and of its content?"""
    before = "0" * 64
    for line in data.decode("utf-8").split("\n")[:-1]:
        content, stated = line[:-2].rsplit(', "hash": "', 1)
        if sha256((before + content).encode("utf-8")).hexdigest() != stated or json.loads(line)["hash"] != stated:
            return False
        before = stated
    return data.endswith(b"\n")


# ---------------------------------------------------------------- facts of every kind

_NOT_PRINTED = "\u2028\u2029\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
words = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=_NOT_PRINTED), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
ids = st.from_regex(r"[a-z][a-z0-9-]{0,8}(/c[1-9])?(/d[1-9])?(/[a-z]{1,9})?", fullmatch=True)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)) if minutes else UTC)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
times = st.builds(datetime.combine, days, st.times().map(lambda time: time.replace(microsecond=0)), zones)
numbers = st.integers(1, 9_999).map(str) | st.decimals(1, 999, places=1).map(lambda n: f"{n.normalize():f}")
amounts = st.builds("{} {}".format, numbers, st.sampled_from(["mg", "mcg/day", "mg/kg", "units", "mL"]))
_VALUES = {
    "target": ids,
    "on": days | times,
    "amount": amounts,
    "level": words,
    "answer": words,
    "cause": st.sampled_from(CAUSES),
    "then": st.sampled_from(POLICIES),
}


@st.composite
def facts(draw: st.DrawFn, by: bool = True) -> Fact:
    """A fact of any kind but an opening or a correction, with any of the keys that it may have."""
    what = draw(st.sampled_from([kind for kind in FORMS if kind not in ("opened", "corrected")]))
    form = FORMS[what]
    keys = {*form.needs, *draw(st.sets(st.sampled_from(form.may)))} if form.may else {*form.needs}
    if form.one_of:
        keys |= draw(st.sets(st.sampled_from(form.one_of), min_size=1))
    values: dict[str, Any] = {key: draw(_VALUES[key]) for key in sorted(keys)}
    return Fact(what, why=draw(words), by=draw(words) if by else "", **values)
