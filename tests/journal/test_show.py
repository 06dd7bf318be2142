"""What do `regimen journal show`, `verify` and `repair` print, and with which exit code?"""

from __future__ import annotations

import json

import pytest
from tests.commands import typed
from tests.journal.samples import GIVEN, NOW, filled, opened

from regimen.facts import KINDS, Fact
from regimen.journal import append, read_journal
from regimen.render.journal_table import as_text, said_of, sentence

TABLE = """\
Subject     001
Study       belimumab-sle
Arm         belimumab

Line  Recorded (UTC)         Fact       About                                  Date                            Details  By        Corrected  Why
----  ---------------------  ---------  -------------------------------------  ------------------------------  -------  --------  ---------  -------------------------
1     Mon 1 Feb 2027 09:30   opened     belimumab-sle                                                                   A. Nurse
2     Mon 1 Feb 2027 09:30   anchor     first_dose                             Mon 4 Jan 2027                           AN
3 ×   Mon 1 Feb 2027 09:30   given      treatment/d14/belimumab                Wed 20 Jan 2027                 700 mg   AN        by line 4
4     Mon 1 Feb 2027 09:30   corrected  line 3: given treatment/d14/belimumab  Tue 19 Jan 2027                 700 mg   AN                   typed wrong
5     Mon 1 Feb 2027 09:30   missed     treatment/d14/evaluation                                                        Müller               bus strike – „Streik“
6     Mon 1 Feb 2027 09:30   held       belimumab                              Mon 25 Jan 2027 08:05 UTC+01:00          AN                   fever
"""  # noqa: E501 - a table as it is printed


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """A folder to work in."""
    monkeypatch.chdir(tmp_path)
    filled(tmp_path)


def squeezed(table):
    return [line.rstrip() for line in table.splitlines() if not line.startswith("---")]


def cells(table):
    return [line.split("  ") for line in table.splitlines()]


def test_a_journal_as_a_table():
    """A line for each fact, in words of people; what was corrected stays, is marked and says by which line."""
    answer = typed("journal", "show", "s001.jsonl")
    assert (answer.code, answer.err) == (0, "")
    shown = [
        [cell.strip() for cell in row if cell.strip()] for row in cells(answer.out) if not row[0].startswith("---")
    ]
    expected = [[cell.strip() for cell in row if cell.strip()] for row in cells(TABLE) if not row[0].startswith("---")]
    assert shown == expected
    widths = {line.index("anchor") for line in answer.out.splitlines() if "anchor" in line}
    assert widths == {answer.out.splitlines()[4].index("Fact")}


def test_what_was_struck_out_is_marked(tmp_path):
    """A struck line is shown with the line that struck it out."""
    append("s001.jsonl", Fact("corrected", corrects=5, why="was there", by="AN"), now=NOW)
    shown = as_text(read_journal("s001.jsonl"))
    (line,) = [line for line in shown.splitlines() if line.startswith("5 ×")]
    assert "struck out by line 7" in line
    assert "bus strike" in line


def test_the_head_says_how_the_calendar_is_made(tmp_path):
    """Definition, version, assumptions, zone and horizon stand above the table where the opening line has them."""
    opened(tmp_path / "b.jsonl", trial="mine.yaml", version="2.0", assume=("label", "weight"), zone="Europe/Berlin",
           horizon="24 mo")  # fmt: skip
    head = typed("journal", "show", "b.jsonl").out.split("\n\n")[0].splitlines()
    assert head[3:] == [
        "Definition  mine.yaml", "Version     2.0", "Assumed     label, weight", "Time zone   Europe/Berlin",
        "Horizon     24 mo",
    ]  # fmt: skip


def test_a_journal_as_json():
    """For programs: whose it is, every fact with the line that corrects it, and the facts that hold."""
    answer = typed("journal", "show", "s001.jsonl", "--json")
    content = json.loads(answer.out)
    assert list(content) == ["opened", "head", "facts", "effective"]
    assert content["opened"]["subject"] == "001"
    assert content["head"] == read_journal("s001.jsonl").hashes[-1]
    assert [fact["corrected_by"] for fact in content["facts"]] == [None, None, 4, None, None, None]
    assert content["facts"][3]["instead"]["on"] == "2027-01-19"
    assert [(fact["number"], fact["on"]) for fact in content["effective"]] == [
        (2, "2027-01-04"), (3, "2027-01-19"), (5, None), (6, "2027-01-25T08:05+01:00"),
    ]  # fmt: skip
    assert content["facts"][0]["recorded"] == "2027-02-01T09:30:00Z"


def test_a_damaged_journal_is_shown_as_far_as_it_goes():
    """What can be read is shown, what is wrong is told on stderr, and the exit code is 1."""
    text = (path := read_journal("s001.jsonl").path).read_text(encoding="utf-8")
    path.write_text(text.replace("bus strike", "bus stroke") + '{"number": 7', encoding="utf-8")
    answer = typed("journal", "show", "s001.jsonl")
    assert answer.code == 1
    assert "bus stroke" in answer.out
    first, *rest = answer.err.splitlines()
    assert first == "This journal is not whole; what can be read of it is above, what is wrong is here:"
    assert [line.split(":")[1] for line in rest] == ["5", "7"]
    assert typed("journal", "show", "s001.jsonl", "--json").code == 1


def test_a_file_that_is_no_journal_is_not_shown(tmp_path):
    """Another file gives its problems and no table."""
    (tmp_path / "x.jsonl").write_text("hello\n", encoding="utf-8")
    answer = typed("journal", "show", "x.jsonl")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("x.jsonl:1:1: the line stops making sense here")


def test_verify_says_that_all_is_as_it_was_written():
    """A whole journal gives its last hash, to be kept elsewhere; exit code 0."""
    head = read_journal("s001.jsonl").hashes[-1]
    assert typed("journal", "verify", "s001.jsonl") == (
        0, f"s001.jsonl: 6 lines, each as it was written.\nHash of the last line: {head}\n", "",
    )  # fmt: skip
    assert typed("journal", "verify", "s001.jsonl", "--holds", head[:12]).code == 0


def test_verify_names_a_break():
    """A break is data, with file, line, column, what was expected and what to do; exit code 1."""
    path = read_journal("s001.jsonl").path
    path.write_text(path.read_text(encoding="utf-8").replace("bus strike", "bus stroke"), encoding="utf-8")
    answer = typed("journal", "verify", "s001.jsonl")
    assert (answer.code, answer.err, len(answer.out.splitlines())) == (1, "", 1)
    assert answer.out.startswith("s001.jsonl:5:")
    assert "this line was changed after it was written" in answer.out
    data = json.loads(typed("journal", "verify", "s001.jsonl", "--json").out)
    assert [problem["line"] for problem in data["breaks"]] == [5]


def test_verify_misses_a_line_that_was_noted():
    """With --holds a hash that was noted earlier must still be there."""
    answer = typed("journal", "verify", "s001.jsonl", "--holds", "0123456789ab")
    assert answer.code == 1
    assert answer.out.startswith("s001.jsonl: no line has the hash 0123456789ab; lines at the end were cut off")
    assert typed("journal", "verify", "s001.jsonl", "--holds", "xyz").code == 2


def test_repair_says_what_it_did():
    """Repair tells what it did, or that there was nothing to do."""
    assert typed("journal", "repair", "s001.jsonl") == (
        0, "s001.jsonl: nothing to repair; its last line is whole.\n", ""
    )  # fmt: skip
    path = read_journal("s001.jsonl").path
    path.write_bytes(path.read_bytes()[:-5])
    answer = typed("journal", "repair", "s001.jsonl")
    assert answer.code == 0
    assert answer.out.startswith("s001.jsonl: line 6 had been cut off after ")
    assert len(read_journal("s001.jsonl").facts) == 5


@pytest.mark.parametrize("task", ["show", "verify", "repair"])
def test_there_must_be_a_journal(task):
    """A journal that does not exist is refused with what to do."""
    answer = typed("journal", task, "none.jsonl")
    assert (answer.code, answer.out) == (1, "")
    assert "there is no journal none.jsonl; begin one with: regimen record none.jsonl open TRIAL" in answer.err


def test_every_kind_of_fact_has_words():
    """Each kind that can be recorded is said in a sentence."""
    for what in KINDS:
        if what not in ("opened", "corrected"):
            assert said_of(Fact(what, "x"))
    assert sentence(GIVEN).startswith(
        "Line 0: treatment/d14/belimumab given on Wed 20 Jan 2027, 700 mg; recorded by AN."
    )
