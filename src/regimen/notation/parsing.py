"""How does a text become values? One pass over the tables: the next word allowed here, then what it completes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from regimen.errors import NotationError
from regimen.notation.automaton import END, Rule, Tables

Callback = Callable[[list[Any]], Any]
_SPACE = re.compile(r"[ \t\r\n]*")


class Token(str):
    """A word of the text: what kind of word, and where it stands (characters from 0)."""

    __slots__ = ("start_pos", "type")
    type: str
    start_pos: int

    @property
    def end_pos(self) -> int:
        """Where the word ends, exclusive."""
        return self.start_pos + len(self)


class Unexpected(Exception):
    """At ``position`` none of the words in ``allowed`` stands."""

    def __init__(self, position: int, allowed: frozenset[str]) -> None:
        self.position, self.allowed = position, allowed
        super().__init__(f"position {position}")


class Parser:
    """Runs the tables over a text, calling one callback for each alternative of the grammar it recognises."""

    def __init__(self, tables: Tables, callbacks: Any) -> None:
        self._tables = tables
        self._reductions = [_reduction(rule, tables.origins, callbacks) for rule in tables.rules]
        self._strength = {name: rank for rank, (name, _, _) in enumerate(tables.terminals)}
        self._matchers: dict[str, Callable[[str, int], re.Match[str] | None]] = {}
        self._choices: list[dict[str, tuple[tuple[str, Any], ...]]] = [{} for _ in tables.states]

    def parse(self, text: str, start: str) -> Any:
        """The value of the whole text; raise ``Unexpected`` at the first word that does not belong."""
        rows, choices, reductions = self._tables.states, self._choices, self._reductions
        skip, length, end_state = _SPACE.match, len(text), self._tables.ends[start]
        state = self._tables.starts[start]
        states, values = [state], []  # type: list[int], list[Any]
        position = 0
        while True:
            position = skip(text, position).end()  # type: ignore[union-attr]
            token, kind = None, END
            if position < length:
                first = text[position]
                for kind, match in choices[state].get(first) or self._choose(state, first):
                    if (found := match(text, position)) is not None:
                        token = Token(found.group())
                        token.type, token.start_pos = kind, position
                        break
                else:
                    raise Unexpected(position, self._allowed(state))
            while True:
                action = rows[state].get(kind)
                if action is None:
                    raise Unexpected(position, self._allowed(state))
                if action >= 0:
                    break
                size, origin, reduce = reductions[-1 - action]
                if size:
                    children = values[-size:]
                    del states[-size:], values[-size:]
                else:
                    children = []
                values.append(reduce(children))
                state = rows[states[-1]][origin]
                if state == end_state and token is None:
                    return values[-1]
                states.append(state)
            state = action
            states.append(state)
            values.append(token)
            assert token is not None
            position += len(token)

    def _allowed(self, state: int) -> frozenset[str]:
        return frozenset(name for name in self._tables.states[state] if name in self._strength or name == END)

    def _choose(self, state: int, first: str) -> tuple[tuple[str, Any], ...]:
        """The words allowed in ``state`` that may start with ``first``, strongest first; remembered."""
        letter, row = first.lower(), self._tables.states[state]
        chosen = tuple(
            (name, self._matcher(name, regex))
            for name, regex, firsts in self._tables.terminals
            if name in row and (firsts is None or letter in firsts or not letter.isascii())
        )
        self._choices[state][first] = chosen
        return chosen

    def _matcher(self, name: str, regex: str) -> Any:
        if name not in self._matchers:
            self._matchers[name] = re.compile(regex).match
        return self._matchers[name]


def _reduction(rule: Rule, origins: tuple[str, ...], callbacks: Any) -> tuple[int, str, Callback]:
    """How many children an alternative takes, what it becomes, and the function from children to value."""
    function: Callback = _placed(getattr(callbacks, rule.callback)) if rule.shape == "call" else list
    if rule.shape == "single":
        return rule.size, origins[rule.origin], _only
    if rule.splice:
        function = _spliced(function, rule.keep, frozenset(rule.splice))
    elif len(rule.keep) < rule.size:
        function = _kept(function, rule.keep)
    return rule.size, origins[rule.origin], function


def _only(children: list[Any]) -> Any:
    (child,) = children
    return child


def _kept(function: Callback, keep: Iterable[int]) -> Callback:
    return lambda children: function([children[k] for k in keep])


def _spliced(function: Callback, keep: Iterable[int], splice: frozenset[int]) -> Callback:
    def reduce(children: list[Any]) -> Any:
        flat: list[Any] = []
        for k in keep:
            if k in splice:
                flat += children[k]
            else:
                flat.append(children[k])
        return function(flat)

    return reduce


def _placed(function: Callback) -> Callback:
    """Give an error raised without a place the place of the first word it was built from."""

    def build(children: list[Any]) -> Any:
        try:
            return function(children)
        except NotationError as error:
            if error.position is None:
                error.position = next((child.start_pos for child in children if isinstance(child, Token)), None)
            raise

    return build
