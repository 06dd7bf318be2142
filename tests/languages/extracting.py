"""Which sentences of the source can be said in another language? Read from the syntax tree, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src" / "regimen"
CATALOGUES = SOURCE / "languages" / "catalogues"


class Sentence(NamedTuple):
    """A message id, with its plural if it has one, and the module that says it."""

    one: str
    many: str
    module: str

    @property
    def id(self):
        """The id as Babel has it."""
        return (self.one, self.many) if self.many else self.one


def sentences(source: Path = SOURCE) -> list[Sentence]:
    """All of them, each once, by module and line."""
    found: dict[str, Sentence] = {}
    for path in sorted(source.rglob("*.py")):
        for sentence in _in(ast.parse(path.read_bytes()), path.relative_to(source).as_posix()):
            old = found.setdefault(sentence.one, sentence)
            assert old.many == sentence.many or not (old.many and sentence.many), f"two plurals of {sentence.one!r}"
            found[sentence.one] = old if old.many else sentence
    return list(found.values())


def _in(tree: ast.Module, module: str) -> Iterator[Sentence]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if _name(node) in ("message", ".say") and texts:
                yield Sentence(texts[0], "", module)
            elif _name(node) == ".plural" and len(texts) == 2:
                yield Sentence(*texts, module)


def _name(call: ast.Call) -> str:
    """``message`` for a plain name, ``.say`` for a method."""
    if isinstance(call.func, ast.Attribute):
        return f".{call.func.attr}"
    return getattr(call.func, "id", "")
