"""How does a fact become a line, and a line a fact? JSON in a fixed order, linked to the line before by a hash."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date
from difflib import get_close_matches
from hashlib import sha256
from typing import Any, NamedTuple

from regimen.facts import Fact
from regimen.journal.dates import NotAMoment, moment_text, read_moment, read_recorded, recorded_text
from regimen.journal.requirements import Complaint
from regimen.journal.terms import FORMAT, Opening

ORIGIN = "0" * 64
"""What stands for the hash before the first line."""

SHAPE = re.compile(rb'(\{.+), "hash": "([0-9a-f]{64})"\}', re.DOTALL)
"""A whole line: what is hashed, and the hash at its end."""

_OPENING = tuple(field.name for field in fields(Opening))
_INSTEAD = ("what", "target", "on", "amount", "level", "answer", "cause", "then", "why")
_FACT = ("what", "target", "on", "amount", "level", "answer", "cause", "then", "corrects", "instead")
_TAIL = ("why", "by", "recorded")


# ---------------------------------------------------------------- writing


def hash_of(previous: str, content: bytes) -> str:
    """The hash of a line: SHA-256 over the previous line's hash and this line up to its own."""
    return sha256(previous.encode("ascii") + content).hexdigest()


def line_of(fact: Fact, opening: Opening | None, previous: str) -> tuple[bytes, str]:
    """The line of a fact with its line end, and its hash."""
    content = json.dumps(_written(fact, opening), ensure_ascii=False)[:-1].encode("utf-8")
    digest = hash_of(previous, content)
    return content + f', "hash": "{digest}"}}\n'.encode("ascii"), digest


def _written(fact: Fact, opening: Opening | None) -> dict[str, Any]:
    if opening is not None:
        about = {key: value for key in _OPENING if (value := getattr(opening, key))}
        head = {"what": fact.what, "format": FORMAT, **about}
    else:
        head = _set(fact, _FACT)
    return {"number": fact.number, **head, **_set(fact, _TAIL)}


def _set(fact: Fact, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: _plain(key, value) for key in keys if (value := getattr(fact, key))}


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, Fact):
        return _set(value, _INSTEAD)
    if key == "recorded":
        return recorded_text(value)
    return moment_text(value) if isinstance(value, date) else value


# ---------------------------------------------------------------- reading


class Line(NamedTuple):
    """A line as it was read: its fact, the opening if it is one, and what is wrong with its keys."""

    fact: Fact | None
    opening: Opening | None
    complaints: tuple[Complaint, ...]


class NotALine(ValueError):
    """A line that is no JSON object: what was found, and at which character, from 0."""

    def __init__(self, found: str, position: int) -> None:
        self.found, self.position = found, position
        super().__init__(found)


class _Wrong(ValueError):
    """A value of a kind that its key does not take."""

    def __init__(self, found: str, allowed: str, remedy: str = "") -> None:
        self.found, self.allowed, self.remedy = found, allowed, remedy
        super().__init__(found)


def read_line(text: str) -> Line:
    """Read one line; raises ``NotALine`` where it is no JSON object, gathers all that is wrong with its keys."""
    try:
        content = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotALine(f"the line stops making sense here ({error.msg.lower()})", error.pos) from None
    except RecursionError:
        raise NotALine("brackets inside brackets without end", 0) from None
    if not isinstance(content, dict):
        raise NotALine("the line does not hold keys and values in braces", 0)
    found: list[Complaint] = [Complaint(key, "the key stands twice", remedy=_ONCE) for key in content.pop(_TWICE, ())]
    opens = content.get("what") == "opened"
    values = dict(_values(content, _OF_OPENING if opens else _OF_FACT, "", found))
    if "what" not in content:
        found.append(Complaint("what", "the line does not say what it records", remedy="every line has a what"))
    opening = _opening(values, found) if opens else None
    if opening is not None:
        values.update(target=opening.study, answer=opening.arm)
    return Line(_fact(values) if not found else None, opening, tuple(found))


_TWICE = "\0twice"
_ONCE = "a key stands once in a line"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        found[_TWICE] = sorted({key for key in names if names.count(key) > 1})
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def _values(
    content: Mapping[str, Any], known: Mapping[str, Callable[[Any], Any]], inside: str, found: list[Complaint]
) -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        read = known.get(key)
        if read is None:
            found.append(_unknown(key, known, inside))
            continue
        try:
            yield key, read(value)
        except NotAMoment as error:
            found.append(Complaint(inside + key, error.found, remedy=error.remedy))
        except _Wrong as error:
            found.append(Complaint(inside + key, error.found, error.allowed, error.remedy))
        except _Inside as error:
            found += error.complaints


def _unknown(key: str, known: Mapping[str, object], inside: str) -> Complaint:
    if key == _TWICE:
        return Complaint(inside.rstrip("."), "a key inside stands twice", remedy=_ONCE)
    close = get_close_matches(key, list(known), n=1, cutoff=0.6)
    hint = f"did you mean {close[0]}?" if close else "was it written by a newer regimen?"
    return Complaint(inside + key, f"{key!r} is not a key of this kind of line", remedy=hint)


def _opening(values: Mapping[str, Any], found: list[Complaint]) -> Opening | None:
    lacking = [key for key in ("format", "study", "arm", "subject") if key not in values]
    found += [
        Complaint(key, f"the opening line needs {key}") for key in lacking if not any(c.key == key for c in found)
    ]
    return None if found else Opening(**{key: value for key, value in values.items() if key in _OPENING})


def _fact(values: Mapping[str, Any]) -> Fact:
    fact = Fact(**{key: value for key, value in values.items() if key in _FIELDS})
    return completed(fact) if fact.instead is not None else fact


def completed(fact: Fact) -> Fact:
    """A correction whose replacement says who vouches for it and since when: the one who corrects."""
    if fact.instead is None:
        return fact
    return replace(fact, instead=replace(fact.instead, by=fact.by, recorded=fact.recorded, number=0))


# ---------------------------------------------------------------- values


class _Inside(ValueError):
    """What is wrong with a replacement."""

    def __init__(self, complaints: list[Complaint]) -> None:
        self.complaints = complaints
        super().__init__()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"{_shown(value)} is not text", "text in double quotes")
    if not value:
        raise _Wrong("the text is empty", "text", "a key without a value is left out")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise _Wrong(f"{_shown(value)} is not the number of a line", "whole numbers from 1")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise _Wrong(f"{_shown(value)} is not a list of names", 'a list such as ["myeloma-label"]')
    return tuple(_text(part) for part in value)


def _format(value: Any) -> str:
    if value != FORMAT:
        raise _Wrong(f"{_shown(value)} is not a format known here", FORMAT, "was it written by a newer regimen?")
    return FORMAT


def _instead(value: Any) -> Fact:
    if not isinstance(value, dict):
        raise _Wrong(f"{_shown(value)} is not a fact", "keys and values in braces")
    found: list[Complaint] = []
    values = dict(_values(value, _OF_INSTEAD, "instead.", found))
    if "what" not in value:
        found.append(Complaint("instead.what", "the fact does not say what happened"))
    if found:
        raise _Inside(found)
    return Fact(**values)


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:40]


def _on(value: Any) -> Any:
    return read_moment(_text(value))


def _recorded(value: Any) -> Any:
    return read_recorded(_text(value))


_FIELDS = frozenset(field.name for field in fields(Fact))
_WORDS = dict.fromkeys(("what", "target", "amount", "level", "answer", "cause", "then", "why", "by"), _text)
_COMMON: dict[str, Callable[[Any], Any]] = {
    "number": _number, "what": _text, "why": _text, "by": _text, "recorded": _recorded, "hash": _text,
}  # fmt: skip
_OF_FACT: dict[str, Callable[[Any], Any]] = {
    **_COMMON, **_WORDS, "on": _on, "corrects": _number, "instead": _instead,
}  # fmt: skip
_OF_OPENING: dict[str, Callable[[Any], Any]] = {
    **_COMMON, **dict.fromkeys(_OPENING, _text), "format": _format, "assume": _texts,
}  # fmt: skip
_OF_INSTEAD: dict[str, Callable[[Any], Any]] = {key: _OF_FACT[key] for key in _INSTEAD}


# ---------------------------------------------------------------- places

_MARKS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]')


def column_of(text: str, key: str) -> int:
    """The column, from 1, where a key (``on`` or ``instead.on``) stands in a line; 1 if it is missing."""
    *outer, name = key.split(".")
    wanted, depth, within = f'"{name}"', 0, ""
    for mark in _MARKS.finditer(text):
        token = mark.group()
        if token in "{}":
            depth += 1 if token == "{" else -1
            continue
        is_key = text[mark.end() :].lstrip().startswith(":")
        if is_key and depth == 1:
            within = token.strip('"')
        if is_key and token == wanted and depth == 1 + len(outer) and (not outer or within == outer[0]):
            return mark.start() + 1
    return 1
