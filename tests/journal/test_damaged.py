"""What is said of a file that is not as it was written: where, what was found, what to do; nothing readable is lost."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from tests.journal.samples import GIVEN, NOW, begun, chain_holds, filled

from regimen.errors import JournalError, RegimenError
from regimen.facts import Fact
from regimen.journal import append, examine, read_journal, repair, verify
from regimen.journal.lines import ORIGIN, hash_of

RESTORE = "put the line back from a copy of the file; a fact is changed by recording a correction, never in the file"


def lines_of(path):
    return path.read_bytes().splitlines(keepends=True)


def resigned(lines):
    """The lines with hashes that fit each other, as somebody with a program could make them."""
    before, result = ORIGIN, []
    for line in lines:
        content = line.rstrip(b"\n").rsplit(b', "hash": "', 1)[0].removesuffix(b"}")
        before = hash_of(before, content)
        result.append(content + f', "hash": "{before}"}}\n'.encode())
    return result


def signed(path, line):
    """The line with the hash that it should have behind the last one of a journal, if it has none."""
    if '"hash"' in line or not line.endswith('"}'):
        return line
    before = json.loads(lines_of(path)[-1])["hash"]
    return f'{line[:-1]}, "hash": "{hash_of(before, line[:-1].encode())}"}}'


def said_of(path):
    return [str(problem).removeprefix(f"{path}:") for problem in examine(path).problems]


# ---------------------------------------------------------------- lines that cannot be read

MISSED = (
    '{"number": 2, "what": "missed", "target": "a/d1/x", "why": "snow", "by": "AN", "recorded": "2027-02-01T09:30:00Z"}'
)

DAMAGED = [
    ("", [f"2:1: the line is empty; one fact on each line; {RESTORE}"]),
    ("given 700 mg", [f"2:1: the line stops making sense here (expecting value); {RESTORE}"]),
    ('{"number": 2, "what": }', [f"2:23: the line stops making sense here (expecting value); {RESTORE}"]),
    ("[1, 2]", [f"2:1: the line does not hold keys and values in braces; {RESTORE}"]),
    ("[" * 100_000, [f"2:1: brackets inside brackets without end; {RESTORE}"]),
    (MISSED.replace("}", ', "hash": "0123"}'), [f"2:116: hash: the line does not end with its hash; {RESTORE}"]),
    (MISSED.replace('"by": "AN"', '"on": "2027-02-30", "by": "AN"'),
     ["2:68: on: '2027-02-30' is not a date (February 2027 has 28 days); write year-month-day, such as 2027-01-20"]),
    (MISSED.replace('"by": "AN"', '"on": "20 Jan", "by": "AN"'),
     ["2:68: on: '20 Jan' is not a date; it has no year; write year-month-day, such as 2027-01-20"]),
    (MISSED.replace('"by": "AN"', '"on": "01/20/2027", "by": "AN"'),
     ["2:68: on: '01/20/2027' is not a date; is it 2027-01-20?"]),
    (MISSED.replace('"by": "AN"', '"on": "2027-01-20T10:00", "by": "AN"'),
     [("2:68: on: '2027-01-20T10:00' does not say in which time zone; add the distance from UTC, such as "
      "2027-01-20T10:00+01:00")]),
    (MISSED.replace("2027-02-01T09:30:00Z", "2027-02-01T09:30:00+01:00"),
     [("2:80: recorded: '2027-02-01T09:30:00+01:00' is not in UTC; times of recording are UTC, such as "
      "2027-01-20T09:12:30Z")]),
    (MISSED.replace("2027-02-01T09:30:00Z", "yesterday"),
     ["2:80: recorded: 'yesterday' is not a time in UTC; times of recording are UTC, such as 2027-01-20T09:12:30Z"]),
    (MISSED.replace(', "recorded": "2027-02-01T09:30:00Z"', ""),
     [f"2:1: recorded: the line does not say when it was recorded; {RESTORE}"]),
    (MISSED.replace('"number": 2, ', ""), [f"2:1: number: the line has no number; {RESTORE}"]),
    (MISSED.replace('"number": 2', '"number": "2"'),
     ['2:2: number: "2" is not the number of a line; whole numbers from 1']),
    (MISSED.replace('"what": "missed", ', ""),
     ["2:1: what: the line does not say what it records; every line has a what"]),
    (MISSED.replace("missed", "forgotten"),
     [("2:15: what: 'forgotten' is not a kind of fact; kinds are: opened, anchor, decision, given, done, "
       "missed, skipped, "
      "moved, delayed, held, restarted, reduced, discontinued, withdrawn, visit, corrected")]),
    (MISSED.replace('"why": "snow", ', ""), ["2:1: why: missed needs the reason; say why, in a few words"]),
    (MISSED.replace('"snow"', '""'), ["2:53: why: the text is empty; text; a key without a value is left out"]),
    (MISSED.replace('"snow"', "7"), ["2:53: why: 7 is not text; text in double quotes"]),
    (MISSED.replace('"why"', '"wy"'),
     ["2:53: wy: 'wy' is not a key of this kind of line; did you mean why?"]),
    (MISSED.replace('"by"', '"colour"'),
     ["2:68: colour: 'colour' is not a key of this kind of line; was it written by a newer regimen?"]),
    (MISSED.replace('"by": "AN"', '"by": "AN", "why": "rain"'),
     ["2:53: why: the key stands twice; a key stands once in a line"]),
    (MISSED.replace('"missed", "target": "a/d1/x"', '"corrected", "corrects": 2'),
     [("2:36: corrects: there is no line 2 to correct; can be corrected: nothing yet, for no fact was recorded; "
       "look up "
      "the number with: regimen journal show")]),
    (MISSED.replace('"missed", "target": "a/d1/x"', '"corrected", "corrects": 1'),
     [("2:36: corrects: line 1 opens the journal and cannot be corrected; begin a journal of its own for another "
      "subject, study or arm")]),
    (MISSED.replace('"by"', '"instead": {"what": "given", "on": "2027-13-01"}, "by"'),
     ["2:97: instead.on: '2027-13-01' is not a date (there is no month 13); write year-month-day, such as 2027-01-20"]),
    (MISSED.replace('"by"', '"instead": {"target": "x"}, "by"'),
     ["2:1: instead.what: the fact does not say what happened"]),
    (MISSED.replace('"by"', '"instead": "none", "by"'),
     ['2:68: instead: "none" is not a fact; keys and values in braces']),
    (MISSED.replace('"missed"', '"opened"').replace('"target": "a/d1/x", ', ""),
     ["2:1: format: the opening line needs format", "2:1: study: the opening line needs study",
      "2:1: arm: the opening line needs arm", "2:1: subject: the opening line needs subject"]),
    (MISSED.replace('"why": "snow"', '"on": "2027", "then": "wait"'),
     [("2:53: on: '2027' is not a date; a month or a year alone is not a day; write year-month-day, such as "
      "2027-01-20")]),
    (MISSED.replace('"why": "snow"', '"then": "wait"').replace("AN", "A\\tN"),
     ["2:1: why: missed needs the reason; say why, in a few words",
      ("2:53: then: 'wait' is not what becomes of the doses after it; skip, keep, shift, resume, restart, ask; "
       "say one of "
      "skip, keep, shift, resume, restart, ask"),
      ("2:69: by: 'A\\tN' holds a character that is not printed (U+0009); write it on one line, without spaces at its "
      "ends")]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), DAMAGED, ids=range(len(DAMAGED)))
def test_a_line_that_is_no_fact(line, said, tmp_path):
    """Line, column, key, what was found and what to do; all that is wrong with the line is told at once."""
    path = begun(tmp_path)
    path.write_bytes(path.read_bytes() + (signed(path, line) if line.startswith('{"') else line).encode() + b"\n")
    assert said_of(path) == said
    assert [fact.what for fact in examine(path).facts] == ["opened"]
    with pytest.raises(JournalError) as error:
        read_journal(path)
    assert f"{path}:{said[0]}" in str(error.value)


def test_a_line_without_a_hash(tmp_path):
    """A line that somebody typed in has no hash, and is no fact."""
    path = begun(tmp_path)
    path.write_bytes(path.read_bytes() + MISSED.encode() + b"\n")
    assert said_of(path) == [f"2:1: hash: the line does not end with its hash; {RESTORE}"]
    assert len(examine(path).facts) == 1


def test_a_byte_that_is_no_text(tmp_path):
    """A byte that is not UTF-8 is named with its column, counted in characters."""
    path = begun(tmp_path)
    path.write_bytes(path.read_bytes() + '{"why": "Übelkeit '.encode() + b'\xff"}\n')
    assert said_of(path) == [f"2:19: a byte that is not text (0xff); text in UTF-8; {RESTORE}"]


def test_all_damaged_lines_are_told_at_once(tmp_path):
    """Every damaged line is named, in order, and the others are still read."""
    path = filled(tmp_path)
    lines = lines_of(path)
    lines[1], lines[4] = b"\n", b"{\n"
    path.write_bytes(b"".join(lines))
    assert [problem.line for problem in examine(path).problems] == [2, 5]
    assert [fact.number for fact in examine(path).facts] == [1, 3, 4, 6]


@pytest.mark.parametrize("text", ["", "\n", "what,when\ngiven,2027-01-20\n"])
def test_a_file_that_is_no_journal(text, tmp_path):
    """An empty file, and a file of something else, is not taken for a journal without facts."""
    path = tmp_path / "s.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(JournalError):
        read_journal(path)
    if not text:
        assert said_of(path) == [f"1:1: the file is empty; begin it with: regimen record {path} open TRIAL …"]


def test_line_ends_that_another_program_changed(tmp_path):
    """CR LF in the whole file is one problem, not one for each line."""
    path = filled(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert said_of(path) == [f"1:1: the line ends were changed to CR LF by another program; {RESTORE}"]


def test_a_journal_of_a_later_format(tmp_path):
    """A format that is not known here is refused, not guessed."""
    path = begun(tmp_path)
    path.write_bytes(b"".join(resigned([path.read_bytes().replace(b"regimen-journal/1", b"regimen-journal/2")])))
    assert said_of(path) == [('1:33: format: "regimen-journal/2" is not a format known here; regimen-journal/1; was it '
                             "written by a newer regimen?")]  # fmt: skip


# ---------------------------------------------------------------- an edited past


def test_any_changed_byte_is_noticed(tmp_path):
    """Whatever byte is changed, and however, the journal is no longer as it was written, and the line is named."""
    path = filled(tmp_path)
    data = path.read_bytes()
    from regimen.journal.reading import examined

    ends = [n for n, byte in enumerate(data) if byte == 10]
    for at in range(len(data)):
        line = 1 + sum(end < at for end in ends)
        for change in (0x01, 0x20, 0x80, data[at] ^ 0x20):
            changed = data[:at] + bytes([data[at] ^ change]) + data[at + 1 :]
            if changed == data:
                continue
            problems = examined(changed, path).problems
            assert {problem.line for problem in problems} & {line, line + 1}, (at, change)


CUT = "a line before it was removed, inserted or moved"


def mutated(lines, how):
    if how == "edited":
        lines[2] = lines[2].replace(b"700 mg", b"100 mg")
    elif how == "edited and signed again":
        lines[:3] = resigned([*lines[:2], lines[2].replace(b"700 mg", b"100 mg")])
    elif how == "removed":
        del lines[2]
    elif how == "swapped":
        lines[1], lines[2] = lines[2], lines[1]
    elif how == "inserted":
        lines.insert(2, lines[1])
    elif how == "renumbered":
        lines[1] = lines[1].replace(b'"number": 2', b'"number": 9')
    elif how == "signed again out of order":
        lines[:] = resigned([lines[0], lines[2], lines[1]])
    return lines


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("edited", {3: "hash: this line was changed after it was written, or the line before it was changed, "
                       "removed or "
                       "replaced"}),
        ("edited and signed again", {4: "hash: this line was changed after it was written, or the line before it was "
                                        "changed, removed or replaced"}),
        ("removed", {3: f"number: the line calls itself number 4: {CUT}"}),
        ("swapped", {2: f"number: the line calls itself number 3 and was written after line 3 of this file: {CUT}",
                     3: f"number: the line calls itself number 2 and was written after line 1 of this file: {CUT}",
                     4: "hash: the line was written after line 2: lines before it were inserted or moved"}),
        ("inserted", {3: f"number: the line calls itself number 2 and was written after line 1 of this file: {CUT}"}),
        ("renumbered", {2: f"number: the line calls itself number 9: {CUT}"}),
        ("signed again out of order", {2: "number: the line calls itself number 3",
                                       3: "number: the line calls itself number 2"}),
    ],
)  # fmt: skip
def test_an_edited_past_is_noticed(how, said, tmp_path):
    """An edited, removed, swapped or inserted line is named, with what was expected there."""
    path = filled(tmp_path)
    path.write_bytes(b"".join(mutated(lines_of(path), how)))
    found = verify(path)
    about = {p.line: f"{p.path}: {p.found}" for p in found.breaks if p.path in ("hash", "number")}
    assert about == said
    for problem in found.breaks:
        assert problem.remedy == RESTORE
        assert problem.allowed.startswith("its hash should be ") or how == "signed again out of order"
    with pytest.raises(JournalError):
        read_journal(path)
    with pytest.raises(JournalError):
        append(path, GIVEN, now=NOW, unchecked=True)


def test_what_should_be_there_is_told(tmp_path):
    """A break tells the beginning of the hash that was expected and of the one that was found."""
    path = filled(tmp_path)
    lines = lines_of(path)
    changed = lines[5].replace(b"fever", b"rash")
    path.write_bytes(b"".join([*lines[:5], changed]))
    before, stated = (json.loads(line)["hash"] for line in (lines[4], changed))
    expected = hash_of(before, changed[: changed.index(b', "hash"')])
    (problem,) = verify(path).breaks
    assert problem.allowed == f"its hash should be {expected[:12]}… and is {stated[:12]}…"
    column = changed.decode().index('"hash"') + 1
    assert (problem.line, problem.column) == (6, column)


def test_a_removed_end_needs_a_hash_kept_elsewhere(tmp_path):
    """Lines cut off at the end leave a chain that fits; a hash that was noted earlier shows that they are gone."""
    path = filled(tmp_path)
    noted = verify(path).head
    assert verify(path, holds=noted).breaks == ()
    assert verify(path, holds=noted[:12].upper()).breaks == ()
    append(path, Fact("decision", "transplant", answer="no", by="AN"), now=NOW)
    assert verify(path, holds=noted).breaks == ()
    path.write_bytes(b"".join(lines_of(path)[:4]))
    assert verify(path).breaks == ()
    (problem,) = verify(path, holds=noted).breaks
    assert str(problem) == (
        f"{path}: no line has the hash {noted}; lines at the end were cut off, or the file was written anew: compare "
        "with a copy"
    )


def test_a_clock_that_went_back_is_a_note(tmp_path):
    """A line recorded before the line above it is odd, but it is as it was written."""
    path = begun(tmp_path)
    append(path, Fact("decision", "transplant", answer="no", by="AN"), now=NOW.replace(day=1, hour=8))
    found = verify(path)
    assert found.breaks == ()
    assert [str(note) for note in found.notes] == [
        f"{path}:2: recorded: recorded at an earlier time than line 1; a clock was wrong when one of them was written"
    ]


def test_a_whole_journal_has_no_breaks(tmp_path):
    """A journal that was only recorded to is whole, and its last hash stands for all of it."""
    path = filled(tmp_path)
    found = verify(path)
    assert (found.lines, found.breaks, found.notes) == (6, (), ())
    assert found.head == json.loads(lines_of(path)[-1])["hash"]
    assert chain_holds(path.read_bytes())


# ---------------------------------------------------------------- what a crash leaves


def test_a_file_cut_off_anywhere(tmp_path):
    """However much of a journal a crash left, all its whole lines are read, and the torn one is told of precisely."""
    path = filled(tmp_path)
    data = path.read_bytes()
    ends = [0, *(n + 1 for n, byte in enumerate(data) if byte == 10)]
    facts = examine(path).facts
    for start, end in pairwise(ends):
        for size in range(start, end):
            path.write_bytes(data[:size])
            found = examine(path)
            whole = ends.index(start)
            assert found.facts == facts[:whole]
            place, cut = f"{path}:{whole + 1}:", size - start
            if not size:
                said = [f"{path}:1:1: the file is empty; begin it with: regimen record {path} open TRIAL …"]
            elif not cut:
                said = []
            elif cut == end - start - 1:
                said = [(f"{place}1: the last line is complete but for its line end, so it does not count yet; run "
                        f"`regimen journal repair {path}`, which adds the line end")]  # fmt: skip
            else:
                column = len(data[start:size].decode("utf-8", "replace")) + 1
                said = [(f"{place}{column}: the last line was cut off after {cut} bytes while it was written, so it is "
                        f"not a fact; run `regimen journal repair {path}`, which keeps what there is in "
                        f"{path}.torn")]  # fmt: skip
            assert [str(problem) for problem in found.problems] == said
            assert bool(found.rest) == bool(cut)


def test_a_repair_loses_nothing(tmp_path):
    """What was cut off is kept beside the journal, byte for byte; a line that lacks only its end gets it."""
    path = filled(tmp_path)
    data = path.read_bytes()
    start = data[:-1].rindex(b"\n") + 1
    torn = path.with_name("s001.jsonl.torn")
    for size in range(start + 1, len(data)):
        path.write_bytes(data[:size])
        done = repair(path)
        assert done is not None
        journal = read_journal(path)
        if size == len(data) - 1:
            assert (path.read_bytes(), done.torn, torn.exists()) == (data, None, False)
            assert done.sentence == (
                f"{path}: line 6 was complete but for its line end; that was added and the line counts."
            )
        else:
            assert (path.read_bytes(), torn.read_bytes()) == (data[:start], data[start:size] + b"\n")
            assert done.sentence == (
                f"{path}: line 6 had been cut off after {size - start} bytes and is not a fact; what was there is kept "
                f"in {torn}. Record that fact again."
            )
            torn.unlink()
        assert [fact.number for fact in journal.facts] == list(range(1, len(journal.facts) + 1))
        assert repair(path) is None


def test_torn_ends_add_up(tmp_path):
    """A second torn end does not replace the first one in the file beside the journal."""
    path = filled(tmp_path)
    data = path.read_bytes()
    for rest in (b'{"number": 7', b'{"number": 7, "what"'):
        path.write_bytes(data + rest)
        repair(path)
    assert path.with_name("s001.jsonl.torn").read_bytes() == b'{"number": 7\n{"number": 7, "what"\n'


def test_nothing_is_added_behind_a_torn_end(tmp_path):
    """A fact is not glued to what a crash left: it is refused until the end is repaired."""
    path = filled(tmp_path)
    path.write_bytes(path.read_bytes() + b'{"number": 7')
    before = path.read_bytes()
    with pytest.raises(JournalError, match="the last line was cut off after 12 bytes"):
        append(path, GIVEN, now=NOW, unchecked=True)
    assert path.read_bytes() == before
    repair(path)
    assert append(path, GIVEN, now=NOW, unchecked=True).number == 7
    assert chain_holds(path.read_bytes())


def test_only_a_journal_is_repaired(tmp_path):
    """Another file without a line end at its end is left alone."""
    path = tmp_path / "notes.txt"
    path.write_text("call the lab", encoding="utf-8")
    with pytest.raises(RegimenError) as error:
        repair(path)
    assert str(error.value) == f"{path} is not a journal; nothing was changed."
    assert path.read_text(encoding="utf-8") == "call the lab"


def test_an_opening_that_was_cut_off(tmp_path):
    """A crash while a journal is opened is told of, and after the repair it can be opened."""
    path = begun(tmp_path)
    data = path.read_bytes()
    from tests.journal.samples import opened

    for size in (1, 20, 40, len(data) - 2):
        path.write_bytes(data[:size])
        with pytest.raises(RegimenError, match="was cut off while it was opened"):
            opened(path)
        repair(path)
        opened(path)
        assert path.read_bytes() == data
