"""Do the shipped tables belong to the grammar?"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.notation.accepted import ACCEPTED

from regimen.notation import automaton, tables


def test_the_shipped_tables_are_those_of_the_grammar():
    """`tables.json` is what `python -m regimen.notation.tables` makes from grammar.lark, byte for byte."""
    assert Path(automaton.TABLES).read_text("utf-8") == tables.tables_text()


def test_other_tables_are_not_used(tmp_path, monkeypatch):
    """When the grammar has changed, or no tables are shipped, they are made afresh from the grammar."""
    shipped = automaton.tables()
    old = Path(automaton.TABLES).read_text("utf-8").replace('"grammar": ', '"grammar": 1', 1)
    (tmp_path / "tables.json").write_text(old.replace('"line"', '"enil"'), encoding="utf-8")
    for path in (tmp_path / "tables.json", tmp_path / "none.json"):
        monkeypatch.setattr(automaton, "TABLES", str(path))
        assert automaton.tables.__wrapped__() == shipped


def test_reading_does_not_need_lark():
    """With the shipped tables a line is read without importing lark."""
    program = (
        "import sys; from regimen.notation import read_line; read_line('10 mg PO daily'); print('lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("False", "")


REGEXES = [
    ("abc", {"a"}),
    ("(?i:Abc|xyz)", {"a", "x"}),
    (r"-?\d+", {"-", *"0123456789"}),
    (r"(?!x)[ab]c", {"a", "b"}),
    (r"(?:on )?(?:mon|tue)", {"o", "m", "t"}),
    (r"(a|b?)c", {"a", "b", "c"}),
    (r"a*", None),
]


@pytest.mark.parametrize(("regex", "first"), REGEXES)
def test_first_characters(regex, first):
    """The first characters of a word are all those a match can start with; None when it may be any."""
    assert tables.first_characters(regex) == first


def test_no_word_is_missed_by_its_first_character():
    """At every place of every accepted line, a word that matches there is among those tried for its first character."""
    for name, regex, first in automaton.tables().terminals:
        match = re.compile(regex).match
        for line, _ in ACCEPTED:
            for place, character in enumerate(line):
                if first is not None and character.isascii() and character.lower() not in first:
                    assert match(line, place) is None, (name, line, place)
