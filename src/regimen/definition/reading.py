"""What does a definition file say, as plain text values, and on which line and column is each of them?"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import yaml

from regimen.definition.mistakes import TAB, syntax_problem
from regimen.errors import DefinitionError, Problem

KeyPath = tuple[str | int, ...]
Place = tuple[int, int]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_PROBLEMS = 50
_STUDY = ("a study definition", "title: …")
_UTF8 = "save the file as plain text in UTF-8 (in most editors: Save as, encoding UTF-8)"
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_BLOCK_WITH_DIGIT = re.compile(r"(?:&\S+[ \t]+)?([|>][+-]?[0-9]\S*)")


class _Node(NamedTuple):
    """A value with its place; ``size`` counts keys and values with aliases written out, ``height`` the levels below."""

    value: Any
    place: Place
    children: list[_Node] | dict[str, tuple[Place, _Node]] | None = None
    size: int = 1
    height: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A file as nested dict, list, str and None; every scalar is the text as written. Aliases share one value."""

    data: dict[str, Any]
    name: str
    _root: _Node = field(repr=False, compare=False)

    def place(self, path: KeyPath, key: bool = False) -> Place:
        """Line and column, from 1, of the value at a path or of its key; else of the nearest parent there is."""
        node, key_place = self._root, self._root.place
        for step in path:
            below = node.children
            if isinstance(below, dict) and isinstance(step, str) and step in below:
                key_place, node = below[step]
            elif isinstance(below, list) and isinstance(step, int) and 0 <= step < len(below):
                node = below[step]
                key_place = node.place
            else:
                break
        return key_place if key else node.place


def dotted(path: KeyPath) -> str:
    """A path for people: ``epochs.treatment.visits[0]``; a key with dots, brackets or spaces stands in quotes."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            plain = re.fullmatch(r'[^\s.\[\]"]+', step)
            text += ("." if text else "") + (step if plain else json.dumps(step, ensure_ascii=False))
    return text


def read_document(
    source: str | Path | bytes,
    *,
    name: str = "",
    max_bytes: int = 5_000_000,
    max_nodes: int = 200_000,
    max_depth: int = 40,
    wanted: tuple[str, str] = _STUDY,
) -> Document:
    """Read YAML or JSON: a ``Path`` from disk, str and bytes as the text itself; DefinitionError tells all problems.

    ``wanted`` is what the file should hold, and a key with its value that it may start with.
    """
    name = name or (str(source) if isinstance(source, Path) else "")
    text = _text(source, name, max_bytes, wanted)
    builder = _Builder(text, name, max_nodes, max_depth, wanted)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.feed(event)
    except yaml.YAMLError as error:
        if "maximum nesting depth" in str(error):  # PyYAML's own bound, since 6.0.4
            builder.refuse_depth(_mark_of(error))
        raise DefinitionError([*builder.problems, syntax_problem(error, text, name)]) from None
    root = builder.finish()
    return Document(root.value, name, root)


def _refuse(name: str, found: str, allowed: str = "", remedy: str = "", place: Place | None = None) -> NoReturn:
    line, column = place or (None, None)
    raise DefinitionError([Problem("", found, allowed, remedy, line, column, name)])


def _text(source: str | Path | bytes, name: str, max_bytes: int, wanted: tuple[str, str]) -> str:
    raw = _bytes_on_disk(source, name, max_bytes) if isinstance(source, Path) else source
    size = len(raw) if isinstance(raw, bytes) or len(raw) > max_bytes else len(raw.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        _refuse_size(name, size, max_bytes)
    text = (_decoded(raw, name) if isinstance(raw, bytes) else raw).removeprefix("\ufeff")
    if not text.strip():
        _refuse(name, "the file is empty", wanted[0], f'start with a key, such as "{wanted[1]}"', (1, 1))
    problems = [_character_problem(text, hit, name) for hit in islice(_UNREADABLE.finditer(text), 10)]
    if problems:
        raise DefinitionError(problems)
    return text


def _refuse_size(name: str, size: int, max_bytes: int) -> NoReturn:
    remedy = "check that this is the right file, or split it into several definitions"
    _refuse(name, f"the file is too big: {size:,} bytes", f"at most {max_bytes:,} bytes", remedy)


def _bytes_on_disk(path: Path, name: str, max_bytes: int) -> bytes:
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "not an ordinary file"
            _refuse(name, f"this is {kind}", "a YAML or JSON file", "name the definition file itself")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > max_bytes:
                _refuse_size(name, size, max_bytes)
            return file.read(max_bytes + 1)
    except FileNotFoundError:
        _refuse(name, "there is no such file", remedy="check the name and the folder")
    except PermissionError:
        _refuse(name, "the file may not be read", remedy="ask for permission to read it, or copy it to your own folder")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _refuse(name, f"the file cannot be read ({reason})", remedy="check the name and the disk")


def _decoded(raw: bytes, name: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse(name, "the file is saved as UTF-16", "UTF-8", _UTF8, (1, 1))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        at = error.start
        before = raw[:at].decode("utf-8").removeprefix("\ufeff")
        likely = raw[at : at + 1].decode("cp1252", "replace")
        meant = f', perhaps meant as "{likely}"' if likely.isprintable() and likely != "\ufffd" else ""
        found = f"the character at byte offset {at} (hex {raw[at]:02X}{meant}) is not UTF-8"
        _refuse(name, found, "UTF-8 text", _UTF8, _place_at(before, len(before)))


def _place_at(text: str, index: int) -> Place:
    lines = re.split(r"\r\n|\r|\n", text[:index])
    return len(lines), len(lines[-1]) + 1


def _character_problem(text: str, hit: re.Match[str], name: str) -> Problem:
    place = _place_at(text, hit.start())
    return Problem("", *_character_words(hit[0]), *place, name)


def _character_words(character: str) -> tuple[str, str, str]:
    called = "NUL" if character == "\x00" else "control"
    found = f"an invisible {called} character (U+{ord(character):04X}) in the text"
    return found, "letters, digits, signs, spaces and line ends", f"delete it and type the text again; {_UTF8}"


@dataclass(slots=True)
class _Open:
    """A mapping or a list whose end has not been read yet."""

    place: Place
    anchor: str | None
    counted: int
    value: Any
    children: Any
    key: str | None = None
    key_place: Place = (0, 0)
    height: int = 1

    @property
    def wants_key(self) -> bool:
        return self.key is None and isinstance(self.value, dict)


class _Builder:
    """Builds the values and their places from the parser's events, gathering problems and stopping at the bounds."""

    def __init__(self, text: str, name: str, max_nodes: int, max_depth: int, wanted: tuple[str, str]) -> None:
        self.text, self.name, self.max_nodes, self.max_depth, self.wanted = text, name, max_nodes, max_depth, wanted
        self.problems: list[Problem] = []
        self.lines: list[str] = []
        self.count = self.documents = 0
        self.stack: list[_Open] = []
        self.anchors: dict[str, _Node | None] = {}
        self.root: _Node | None = None
        self.read: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.DocumentStartEvent: self._document,
        }

    def feed(self, event: Any) -> None:
        read = self.read.get(type(event))
        if read is not None:
            read(event)

    def finish(self) -> _Node:
        """The whole tree, or every problem that was found."""
        if self.root is None or self.root.value is None:
            found = "the file holds no definition, only comments or blanks"
            self._report((1, 1), found, self.wanted[0], f'start with a key, such as "{self.wanted[1]}"')
        elif not isinstance(self.root.value, dict):
            kind = "a list" if isinstance(self.root.value, list) else f'the text "{_clipped(self.root.value)}"'
            remedy = 'write "key: value" lines, each with a space after the colon'
            self._report(self.root.place, f"the file starts with {kind}", "keys with values", remedy)
        if self.problems or self.root is None:
            raise DefinitionError(self.problems)
        return self.root

    def _report(self, place: Place, found: str, allowed: str, remedy: str, below: KeyPath = ()) -> None:
        path = dotted((*self._path(), *below))
        self.problems.append(Problem(path, found, allowed, remedy, *place, self.name))
        if len(self.problems) == _MOST_PROBLEMS:
            more = f"reading stopped here after {_MOST_PROBLEMS} problems; there may be more"
            self._stop(place, more, "", "correct these first and try again")

    def _stop(self, place: Place, found: str, allowed: str, remedy: str) -> NoReturn:
        raise DefinitionError(
            [*self.problems, Problem(dotted(self._path()), found, allowed, remedy, *place, self.name)]
        )

    def _path(self) -> KeyPath:
        steps = (len(level.value) if isinstance(level.value, list) else level.key for level in self.stack)
        return tuple(step for step in steps if step is not None)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            remedy = 'remove the line "---", or keep each definition in its own file'
            self._stop(_place(event), "a second document starts here", "one definition in a file", remedy)

    def _scalar(self, event: Any) -> None:
        place, text = _place(event), event.value
        self._begin(event, place)
        plain = not event.style
        self._check_scalar(event, place, plain)
        parent = self.stack[-1] if self.stack else None
        wants_key = parent is not None and parent.wants_key
        node = _Node(None if plain and not wants_key and text in ("", "~", "null") else text, place)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        if parent is not None and wants_key:
            self._key(parent, text, place, plain)
        else:
            self._attach(node)

    def _check_scalar(self, event: Any, place: Place, plain: bool) -> None:
        hit = _UNREADABLE.search(event.value)
        if hit:
            self._report(place, *_character_words(hit[0]))
        if plain and event.end_mark.line > event.start_mark.line:
            self._check_tabs(event.start_mark.line + 1, event.end_mark.line)
        elif event.style in ("|", ">"):
            self._check_comparison(event, place)

    def _check_tabs(self, first: int, last: int) -> None:
        for number in range(first, last + 1):
            indent = self._line(number)[: -len(self._line(number).lstrip(" \t")) or None]
            if "\t" in indent:
                self._report((number + 1, indent.index("\t") + 1), *TAB)

    def _check_comparison(self, event: Any, place: Place) -> None:
        # YAML reads ">5" as "a block indented by 5" and would drop the 5 without a word.
        sign = _BLOCK_WITH_DIGIT.match(self._line(event.start_mark.line), event.start_mark.column)
        if sign:
            found = f'"{_clipped(sign[1])}" starts a block of text and is not read as a comparison'
            self._report(place, found, "", f'put the value in quotes: "{_clipped(sign[1])}"')

    def _line(self, number: int) -> str:
        self.lines = self.lines or self.text.splitlines()
        return self.lines[number] if number < len(self.lines) else ""

    def _key(self, parent: _Open, text: str, place: Place, plain: bool) -> None:
        if plain and text == "<<":
            remedy = "write the keys out here instead of merging them in"
            self._report(place, 'the merge key "<<"', "keys written out", remedy)
        elif plain and not text:
            self._report(place, "a key is missing before the colon", "key: value", "write the key, or delete the line")
        elif text in parent.value:
            first = parent.children[text][0][0]
            found = f'the key "{_clipped(text)}" is written twice, on lines {first} and {place[0]}'
            self._report(place, found, "each key once", "keep one of them, or rename the other", (text,))
        parent.key, parent.key_place = text, place

    def _alias(self, event: Any) -> None:
        place, known = _place(event), self.anchors.get(event.anchor)
        if self.stack and self.stack[-1].wants_key:
            self._report(place, f'the alias "*{event.anchor}" as a key', "a plain key", "write the key out")
            self.stack[-1].key = ""
            return
        if known is None:
            self._report(place, self._unknown(event.anchor), "", "write the values out; put text with a star in quotes")
            known = _Node(None, place)
        self._bound(known.size, len(self.stack) + known.height, place)
        self._attach(known._replace(place=place))

    def _unknown(self, alias: str) -> str:
        if alias in self.anchors:
            return f'"*{_clipped(alias)}" stands inside the part it repeats'
        return f'"*{_clipped(alias)}" repeats a part named "&{_clipped(alias)}", but there is none above'

    def _open(self, event: Any) -> None:
        place = _place(event)
        counted = self.count
        self._begin(event, place)
        self._bound(0, len(self.stack) + 1, place)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(_Open(place, event.anchor, counted, value, type(value)()))

    def _close(self, _event: Any) -> None:
        done = self.stack.pop()
        node = _Node(done.value, done.place, done.children, self.count - done.counted, done.height)
        if done.anchor is not None:
            self.anchors[done.anchor] = node
        if self.stack and self.stack[-1].wants_key:
            remedy = "text that starts with { or [ must stand in quotes"
            self._report(done.place, "a group of values as a key", "a plain key", remedy)
            self.stack[-1].key = ""
        else:
            self._attach(node)

    def _begin(self, event: Any, place: Place) -> None:
        if event.tag is not None:
            written = re.search(r"!\S*", self._line(place[0] - 1)[place[1] - 1 :])
            found = f'the tag "{_clipped(written[0] if written else event.tag)}"'
            remedy = "delete the tag; if the ! belongs to the text, put the text in quotes"
            self._report(place, found, "plain values", remedy)
        if event.anchor is not None and event.anchor in self.anchors:
            found = f'the name "&{_clipped(event.anchor)}" is given to two parts'
            self._report(place, found, "each name once", "choose another name for one of them")
        self._bound(1, 0, place)

    def _bound(self, size: int, depth: int, place: Place) -> None:
        self.count += size
        if self.count > self.max_nodes:
            found = "the definition is too long: more keys and values than allowed, repeated parts (*name) written out"
            self._stop(place, found, f"at most {self.max_nodes:,}", "repeat fewer parts, or split the file")
        if depth > self.max_depth:
            self.refuse_depth(place)

    def refuse_depth(self, place: Place) -> None:
        """Stop at what is nested too deeply."""
        found = "the values are nested too deeply"
        self._stop(place, found, f"at most {self.max_depth} levels", "check for brackets that are never closed")

    def _attach(self, node: _Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.height = max(parent.height, node.height + 1)
        if parent.key is None:
            parent.value.append(node.value)
            parent.children.append(node)
        else:
            parent.value[parent.key] = node.value
            parent.children[parent.key] = (parent.key_place, node)
            parent.key = None


def _mark_of(error: Any) -> Place:
    mark = error.problem_mark
    return mark.line + 1, mark.column + 1


def _place(event: Any) -> Place:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _clipped(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
