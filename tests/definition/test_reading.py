"""What a definition file says, where it says it, and how a file that cannot be used is refused."""

from __future__ import annotations

import json
import os
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from regimen.definition import reading
from regimen.definition.reading import dotted, read_document
from regimen.errors import DefinitionError, Problem


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def either_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With PyYAML's C parser and with the slower one that is always there."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without its C parser")
    monkeypatch.setattr(reading, "_LOADER", getattr(yaml, request.param))


def refusal(source: str | bytes | Path, **bounds: int) -> tuple[Problem, ...]:
    with pytest.raises(DefinitionError) as caught:
        read_document(source, name="study.yaml", **bounds)
    return caught.value.problems


AS_TEXT = [
    ("0.10", "0.10", "a trailing zero is kept"),
    ("no", "no", "not false"),
    ("Yes", "Yes", "not true"),
    ("true", "true", "not a truth value"),
    ("1:30", "1:30", "not 90"),
    ("010", "010", "not 8"),
    ("1e3", "1e3", "not 1000"),
    ("2027-01-04", "2027-01-04", "not a date object"),
    ("5 mg # a comment", "5 mg", "a comment is not part of the value"),
    ('"5 mg # not a comment"', "5 mg # not a comment", "quotes are respected"),
    ("'it''s'", "it's", "a doubled single quote is one"),
    ('"null"', "null", "quoted null is text"),
    ('""', "", "a quoted empty text is a text"),
    ("", None, "nothing after the colon is no value"),
    ("~", None, "the sign for no value"),
    ("null", None, "the word for no value"),
    ("NULL", "NULL", "only the lower-case word counts"),
    ("|\n  one\n  two\n", "one\ntwo\n", "a block of text keeps its lines"),
    ("day 1\n  day 8", "day 1 day 8", "a text continued on the next line is joined by a space"),
    ('"μ ≥ 5"', "μ ≥ 5", "any letters of the world"),
]


@pytest.mark.usefixtures("either_loader")
@pytest.mark.parametrize(("written", "value", "_why"), AS_TEXT)
def test_scalars_stay_text(written: str, value: str | None, _why: str) -> None:
    """Every scalar stays the text that was written; only an empty place, ~ and null are no value."""
    assert read_document(f"key: {written}").data == {"key": value}


NESTED = """\
# a study
title: Example
epochs:
  treatment:
    doses: &doses
      - drug: A
        amount: 0.10 mg
      - 'B'
  again: *doses
flow: {a: [x, yy], "b": z}
"""
PLACES = [
    ((), False, (2, 1)),
    ((), True, (2, 1)),
    (("title",), True, (2, 1)),
    (("title",), False, (2, 8)),
    (("epochs", "treatment"), True, (4, 3)),
    (("epochs", "treatment"), False, (5, 5)),
    (("epochs", "treatment", "doses", 0, "amount"), True, (7, 9)),
    (("epochs", "treatment", "doses", 0, "amount"), False, (7, 17)),
    (("epochs", "treatment", "doses", 1), False, (8, 9)),
    (("epochs", "treatment", "doses", 1), True, (8, 9)),
    (("epochs", "again"), False, (9, 10)),
    (("epochs", "again", 0, "drug"), False, (6, 15)),
    (("flow", "a", 1), False, (10, 15)),
    (("flow", "b"), True, (10, 20)),
    (("flow", "b"), False, (10, 25)),
    (("epochs", "maintenance", "doses"), False, (4, 3)),
    (("epochs", "maintenance", "doses"), True, (3, 1)),
    (("epochs", "treatment", "doses", 7), True, (5, 5)),
    (("title", "deeper"), False, (2, 8)),
    (("epochs", 0), True, (3, 1)),
]


@pytest.mark.usefixtures("either_loader")
@pytest.mark.parametrize(("path", "key", "place"), PLACES)
def test_places(path: reading.KeyPath, key: bool, place: tuple[int, int]) -> None:
    """A value and its key have a line and column from 1; what is not there has the place of its nearest parent."""
    assert read_document(NESTED).place(path, key) == place


@pytest.mark.usefixtures("either_loader")
def test_an_alias_repeats_the_values() -> None:
    """An alias stands for the values it names."""
    data = read_document(NESTED).data
    assert data["epochs"]["again"] == [{"drug": "A", "amount": "0.10 mg"}, "B"]


@pytest.mark.usefixtures("either_loader")
def test_json_with_places() -> None:
    """A JSON file is read like a YAML file: numbers and truth values stay text and have places."""
    document = read_document('{\n  "n": 0.10,\n  "list": [true,-5,{"x":null}],\n  "s": "a\\u00e9\\n"\n}\n')
    assert document.data == {"n": "0.10", "list": ["true", "-5", {"x": None}], "s": "aé\n"}
    assert document.place(("n",)) == (2, 8)
    assert document.place(("list", 2, "x")) == (3, 25)
    assert document.place(("list", 2, "x"), key=True) == (3, 21)


def test_json_indented_with_tabs() -> None:
    """Inside braces a tab is a blank like any other, as JSON has it."""
    if not hasattr(yaml, "CSafeLoader"):
        pytest.skip("only the C parser accepts tabs inside braces")
    assert read_document('{\n\t"a":\t"b"\n}').place(("a",)) == (2, 7)


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), max_size=12)
words = words.filter(lambda word: "\ufeff" not in word)
trees = st.recursive(words, lambda below: st.lists(below, max_size=4) | st.dictionaries(words, below, max_size=4))


def leaves(value: Any, path: reading.KeyPath = ()) -> list[tuple[reading.KeyPath, str]]:
    if isinstance(value, str):
        return [(path, value)]
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [leaf for step, below in steps for leaf in leaves(below, (*path, step))]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(words, trees, min_size=1, max_size=4), st.booleans(), st.sampled_from([None, 1, 4]))
def test_json_round_trip(data: dict[str, Any], ascii_only: bool, indent: int | None) -> None:
    """What JSON can hold is read unchanged, and the place of each value points at its text.

    Signs beyond U+FFFF must be written as themselves: their two-part codes are refused.
    """
    ascii_only = ascii_only and not any(sign > "\uffff" for sign in json.dumps(data, ensure_ascii=False))
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    document = read_document(text)
    assert document.data == data
    lines = text.split("\n")
    for path, value in leaves(data):
        line, column = document.place(path)
        assert lines[line - 1][column - 1 :].startswith(json.dumps(value, ensure_ascii=ascii_only))
        if isinstance(path[-1], str):
            line, column = document.place(path, key=True)
            assert lines[line - 1][column - 1 :].startswith(json.dumps(path[-1], ensure_ascii=ascii_only))


REFUSED = [
    ("", "", (1, 1), "the file is empty", "start with a key"),
    (" \n\n", "", (1, 1), "the file is empty", "start with a key"),
    ("# only words\n", "", (1, 1), "no definition", "start with a key"),
    ("---\n", "", (1, 1), "no definition", "start with a key"),
    ("- a\n- b\n", "", (1, 1), "starts with a list", "space after the colon"),
    ("title:Foo\n", "", (1, 1), 'starts with the text "title:Foo"', "space after the colon"),
    ("a: 1\n---\nb: 2\n", "", (2, 1), "a second document", "its own file"),
    ("a:\n  b: 1\n  c: 2\n  b: 3\n", "a.b", (4, 3), "written twice, on lines 2 and 4", "keep one of them"),
    ('{"a": 1, "a": 2}', "a", (1, 10), "written twice, on lines 1 and 1", "keep one of them"),
    ("a: !!python/object:os.system x\n", "a", (1, 4), 'the tag "!!python/object:os.system"', "delete the tag"),
    ("a:\n  - !!int 5\n", "a[0]", (2, 5), 'the tag "!!int"', "delete the tag"),
    ("a: !!map {b: 1}\n", "a", (1, 4), 'the tag "!!map"', "delete the tag"),
    ("!!str a: 1\n", "", (1, 1), 'the tag "!!str"', "delete the tag"),
    ("a: !x!y z\n", "", (1, 4), "text that begins with !", 'put it in quotes: "!x!y z"'),
    ("a: &x {b: 1}\nc:\n  <<: *x\n", "c", (3, 3), "the merge key", "write the keys out"),
    ("? [a, b]\n: c\n", "", (1, 3), "a group of values as a key", "must stand in quotes"),
    ("a: {{ dose }}\n", "a", (1, 5), "a group of values as a key", "must stand in quotes"),
    ("a: &x b\n*x : c\n", "", (2, 1), 'the alias "*x" as a key', "write the key out"),
    ("a: {: b}\n", "", (1, 5), "a key is missing", "write the key"),
    ("a:\n  ?\n  : b\n", "a", (2, 4), "a key is missing", "write the key"),
    ("a: *x\n", "a", (1, 4), "none above", "write the values out"),
    ("a: &x\n  b: *x\n", "a.b", (2, 6), "inside the part it repeats", "write the values out"),
    ("a: &x 1\nb: &x 2\n", "b", (2, 4), 'the name "&x" is given to two parts', "another name"),
    ("a: >5\n", "a", (1, 4), "not read as a comparison", 'put the value in quotes: ">5"'),
    ("a: >= 5 kg\n", "", (1, 4), "text after | or >", 'put it in quotes: ">= 5 kg"'),
    ("title: Foo: bar\n", "", (1, 11), "a second colon in one line", 'put it in quotes: "Foo: bar"'),
    ('a:\n  - t: Foo: "b" # c\n', "", (2, 11), "a second colon in one line", "put it in quotes: 'Foo: \"b\"'"),
    ("a: 1\n  b: 2\n", "", (2, 4), "an indented line with a key", "same column"),
    ("a:\n    b: 1\n  c: 2\n", "", (3, 3), "does not line up", "same number of spaces"),
    ("a:\n  - x\n  b: 1\n", "", (3, 3), "does not line up", "same number of spaces"),
    ("  a: 1\nb: 2\n", "", (2, 1), "does not belong to the keys above", "column 1"),
    ('a: "foo\nb: 2\n', "", (1, 4), "never closed", "closing quote"),
    ("a: 'foo\nb: 2\n", "", (1, 4), "never closed", "closing quote"),
    ('a: "foo\nb: "bar"\n', "", (2, 5), "text after a closing quote", "lines above"),
    ("a: 1\ndose 5 mg\nb: 2\n", "", (2, 1), "not a key with a value", "a colon and a space"),
    ("a: [1, 2\nb: 3\n", "", (2, 2), "opened on line 1", "close the bracket"),
    ("a: [1, 2\n", "", (1, 4), "opened on line 1", "close the bracket"),
    ('{\n"a": "x"\n"b": 2}', "", (3, 1), "opened on line 1", "put a comma"),
    ('{"a": 1} x', "", (1, 10), "does not belong", "nothing may follow"),
    ("a: [b, , c]\n", "", (1, 8), 'a value is missing before ","', "write the value"),
    ("a: - b\n", "", (1, 4), "a list begins on the same line", "next line"),
    ("a: @b\n", "", (1, 4), 'text that begins with "@"', 'put it in quotes: "@b"'),
    ("a: **b**\n", "", (1, 4), "text that begins with * or &", 'put it in quotes: "**b**"'),
    ("%YAML 3.0\n---\na: 1\n", "", (1, 1), "begins with %", "delete the line"),
    (": x\n", "", (1, 1), "a key is missing", "write the key"),
    ("a:\n\tb: 1\n", "", (2, 1), "a tab", "replace the tab with spaces"),
    ("a: b\n\tc: d\n", "", (2, 1), "a tab", "replace the tab with spaces"),
    ("a:\n  \tb: 1\n", "", (2, 3), "a tab", "replace the tab with spaces"),
    ("a: |\n\tfoo\n", "", (2, 1), "a tab", "replace the tab with spaces"),
    ("a: 1\nb: x\x00y\n", "", (2, 5), "NUL character (U+0000)", "delete it"),
    ("a: \x07\n", "", (1, 4), "control character (U+0007)", "delete it"),
    ("a: x\ufeffy\n", "", (1, 5), "U+FEFF", "delete it"),
    ("a: x\u2028b: y\n", "", (1, 5), "U+2028", "delete it"),
    ("a: x\ud800\n", "", (1, 5), "U+D800", "delete it"),
    ('a: "x\\0"\n', "a", (1, 4), "NUL character (U+0000)", "delete it"),
]


@pytest.mark.usefixtures("either_loader")
@pytest.mark.parametrize(("text", "path", "place", "found", "remedy"), REFUSED)
def test_refusals(text: str, path: str, place: tuple[int, int], found: str, remedy: str) -> None:
    """What cannot be used is refused in plain words: where, what was found and what to do."""
    (problem,) = refusal(text)
    assert (problem.path, (problem.line, problem.column), problem.source) == (path, place, "study.yaml")
    assert found in problem.found
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ('a: "\\d"\n', (1, 5), "a backslash in double quotes"),
        ('a: "\\ud83d\\ude00"\n', (1, 7), "a code that cannot be read"),
        ("a: b\n  \tc\n", (2, 3), "a tab"),
        ("%FOO\na: 1\n", (1, 5), "begins with %"),
    ],
)
def test_refusals_of_the_c_parser(text: str, place: tuple[int, int], found: str) -> None:
    """A slip in signs that have a special meaning is explained at the place where reading stopped."""
    if not hasattr(yaml, "CSafeLoader"):
        pytest.skip("the slower parser points at other columns")
    (problem,) = refusal(text)
    assert (problem.line, problem.column) == place
    assert found in problem.found
    assert problem.remedy


@pytest.mark.usefixtures("either_loader")
def test_no_parser_jargon() -> None:
    """No refusal speaks in the parser's own words."""
    jargon = ("scalar", "token", "mapping", "sequence", "simple key", "stream", "block end")
    for text, *_ in REFUSED:
        for problem in refusal(text):
            assert not [word for word in jargon if word in str(problem)]


@pytest.mark.usefixtures("either_loader")
def test_all_problems_at_once() -> None:
    """All that is wrong with the structure is told in one go, in file order, with a later syntax error at the end."""
    text = "a: 1\na: 2\nb:\n  c: !!int 1\n  c: 2\n  <<: {d: 1}\ne: f: g\n"
    assert [(p.path, p.line) for p in refusal(text)] == [("a", 2), ("b.c", 4), ("b.c", 5), ("b", 6), ("", 7)]


def test_nothing_but_a_tag() -> None:
    """A file with nothing but a tag is refused for the tag and for having no definition."""
    assert [p.found[:8] for p in refusal("!!map\n")] == ["the tag ", "the file"]
    assert len(refusal("!!null\n---\na: b\n")) == 2


def test_a_flood_of_problems_is_cut() -> None:
    """After fifty problems reading stops and says so."""
    problems = refusal("a: 1\n" * 1000)
    assert len(problems) == 51
    assert "stopped here after 50 problems" in problems[-1].found


@pytest.mark.parametrize(
    ("raw", "place", "found", "remedy"),
    [
        ("a: 1\nb: caf\xe9\n".encode("latin-1"), (2, 7), 'byte offset 11 (hex E9, perhaps meant as "é")', "UTF-8"),
        (b"\xef\xbb\xbfa: \xb5g\n", (1, 4), "byte offset 6 (hex B5", "UTF-8"),
        ("a: 1\n".encode("utf-16"), (1, 1), "saved as UTF-16", "UTF-8"),
        ("a: 1\n".encode("utf-16-le"), (1, 2), "NUL", "UTF-8"),
    ],
)
def test_other_encodings(raw: bytes, place: tuple[int, int], found: str, remedy: str) -> None:
    """A file that is not UTF-8 is refused at its first such byte, with how to save it."""
    problem = refusal(raw)[0]
    assert (problem.line, problem.column) == place
    assert found in problem.found
    assert remedy in problem.remedy


@pytest.mark.parametrize("source", [b"\xef\xbb\xbfa: b\r\nc: d\r\n", "\ufeffa: b\nc: d\n", "a: b\rc: d\r"])
def test_byte_order_mark_and_line_ends(source: str | bytes) -> None:
    """A UTF-8 byte order mark and any kind of line end are accepted and shift no place."""
    document = read_document(source)
    assert document.data == {"a": "b", "c": "d"}
    assert [document.place(("a",)), document.place(("c",))] == [(1, 4), (2, 4)]


def test_a_path_is_read_from_disk(tmp_path: Path) -> None:
    """A path is read from disk and gives the document its name, unless another is given."""
    file = tmp_path / "study.yaml"
    file.write_bytes("title: Ä\n".encode())
    assert read_document(file).data == {"title": "Ä"}
    assert read_document(file).name == str(file)
    assert read_document(file, name="mine").name == "mine"


@pytest.mark.parametrize(
    ("name", "found"),
    [("", "a folder"), ("missing.yaml", "no such file"), ("a\x00b", "cannot be read"), ("x" * 5000, "cannot be read")],
)
def test_files_that_cannot_be_opened(tmp_path: Path, name: str, found: str) -> None:
    """A folder, a missing file and an impossible name are refused in words."""
    (problem,) = refusal(tmp_path / name)
    assert found in problem.found
    assert problem.remedy


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be read is refused with whom to ask."""

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    file = tmp_path / "study.yaml"
    file.touch()
    (problem,) = refusal(file)
    assert "may not be read" in problem.found


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a Unix thing")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Something that is not an ordinary file is refused instead of waited for."""
    os.mkfifo(tmp_path / "pipe")
    assert "not an ordinary file" in refusal(tmp_path / "pipe")[0].found


def test_a_big_file_is_refused_before_reading(tmp_path: Path) -> None:
    """A file over the limit is refused by its size alone: ten megabytes are never held in memory."""
    file = tmp_path / "big.yaml"
    file.write_bytes(b"a: b\n" * 2_000_000)
    tracemalloc.start()
    (problem,) = refusal(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "10,000,000 bytes" in problem.found
    assert problem.allowed == "at most 5,000,000 bytes"
    assert peak < 1_000_000


@pytest.mark.parametrize("text", ["a: bcd", b"a: bcd", "a: \xe9d"])
def test_the_limit_counts_bytes(text: str | bytes) -> None:
    """The size limit counts bytes of UTF-8, and a file of just that size is read."""
    assert read_document(text, max_bytes=6)
    assert "too big" in refusal(text, max_bytes=5)[0].found


def bomb(levels: int = 20, width: int = 10) -> str:
    lines = [f"a0: &a0 [{', '.join('x' * width)}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.usefixtures("either_loader")
def test_a_bomb_of_aliases() -> None:
    """Aliases of aliases are counted written out, so a file that would fill the memory ends quickly and small."""
    tracemalloc.start()
    started = time.perf_counter()
    (problem,) = refusal(bomb())
    took = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "more keys and values than allowed" in problem.found
    assert took < 1
    assert peak < 2_000_000


def test_a_chain_of_aliases_is_as_deep_as_written_out() -> None:
    """Levels are counted through aliases too."""
    chain = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 100))
    assert "nested too deeply" in refusal(chain)[-1].found


def test_the_limit_counts_keys_and_values() -> None:
    """Each key and each value counts as one, and an alias as all it repeats."""
    text = "a: &a [x, y]\nb: *a\n"
    assert read_document(text, max_nodes=9).data["b"] == ["x", "y"]
    assert "at most 8" in refusal(text, max_nodes=8)[0].allowed


@pytest.mark.usefixtures("either_loader")
@pytest.mark.parametrize("opening", ["[", "{", "[\n", "- ", "? ", "{a: "])
def test_very_deep_nesting(opening: str) -> None:
    """A hundred thousand levels end as one problem, not as a crash."""
    started = time.perf_counter()
    assert "nested too deeply" in refusal(opening * 100_000)[-1].found
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(("levels", "fine"), [(40, True), (41, False)])
def test_the_deepest_level_allowed(levels: int, fine: bool) -> None:
    """Forty levels are read, the forty-first is refused; the top level is the first."""
    text = "a: " + "[" * (levels - 1) + "]" * (levels - 1)
    if fine:
        assert read_document(text).data["a"] is not None
    else:
        assert "at most 40 levels" in refusal(text)[0].allowed


def test_a_large_file_in_reasonable_time() -> None:
    """A file near the size limit is read in seconds."""
    text = "".join(f"k{n}:\n  text: {'x' * 100}\n" for n in range(40_000))
    started = time.perf_counter()
    assert len(read_document(text).data) == 40_000
    assert time.perf_counter() - started < 10


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("epochs", "treatment", "doses"), "epochs.treatment.doses"),
        (("visits", 0, "when"), "visits[0].when"),
        (("bands", "1.5 mg"), 'bands."1.5 mg"'),
        (("", "a"), '"".a'),
    ],
)
def test_dotted(path: reading.KeyPath, text: str) -> None:
    """A path is shown with dots, list positions in brackets from 0, and unusual keys in quotes."""
    assert dotted(path) == text
