"""What do the footnotes say? The rule of each item in words, what is assumed, not stated or not decided; each once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from regimen.definition.models import Study
from regimen.plan import Content, Plan
from regimen.render.described import epoch_facts
from regimen.render.items import ItemSaid, say_items
from regimen.render.remarks import Open, open_values
from regimen.render.words import one_line

_SECTIONS = {"dose": "doses", "visit": "visits", "activity": "procedures"}
_AMOUNTS = ("dosing", "bags", "vials", "tablets")
"""How amounts are calculated is no part of a schedule."""
_MINUS = re.compile(r"(?<![\w-])-(?=\d)")
_SAID_ELSEWHERE = ("Assumed", "Not stated", "Only if", "Source")


class Footnotes:
    """Sentences with their marks, in the order in which they are first asked for."""

    def __init__(self, study: Study, plan: Plan) -> None:
        self.study, self.plan = study, plan
        self._marks: dict[str, str] = {}
        self.keys = dict(zip(plan.epochs, study.arms[plan.arm].epochs, strict=False))
        self._said: dict[tuple[str, str], ItemSaid] = {}
        self._open = [
            (words, one)
            for kind, words in (("assumed", "assumed"), ("not_stated", "not stated"))
            for one in open_values(study, kind, list(self.keys.values()))
        ]
        for name, key in self.keys.items():
            self._said.update({(name, said.key): said for said in say_items(study, key, plan, name)})

    def listed(self) -> tuple[tuple[str, str], ...]:
        """Each mark with its sentence."""
        return tuple((mark, text) for text, mark in self._marks.items())

    def mark(self, text: str) -> str:
        """The mark of a sentence: a to z, then aa, ab and so on."""
        text = _MINUS.sub("−", text)
        if text not in self._marks:
            number, letters = len(self._marks), ""
            while number >= 0:
                letters = chr(ord("a") + number % 26) + letters
                number = number // 26 - 1
            self._marks[text] = letters
        return self._marks[text]

    # ------------------------------------------------------------ of what
    def of_item(self, content: Content) -> tuple[str, ...]:
        """The rule of an item in words, and what is assumed or left open of it."""
        said = self._said.get((content.epoch, content.item))
        rule = [self._rule(said, content.epoch)] if said is not None else []
        section = "visits" if self._is_visit(content) else _SECTIONS[content.kind]
        path = f"epochs.{self.keys.get(content.epoch, content.epoch)}.{section}.{content.item}."
        return tuple(self.mark(text) for text in [*rule, *self._gaps(path)])

    def _is_visit(self, content: Content) -> bool:
        """An activity with a window of its own belongs to its visit."""
        key = self.keys.get(content.epoch, content.epoch)
        return key in self.study.epochs and content.item in self.study.epochs[key].visits

    def _rule(self, said: ItemSaid, epoch: str) -> str:
        """The item's sentence with its windows; the epoch named where there are several."""
        title = one_line(self.plan.epochs.get(epoch, epoch))
        where = f"{title}: " if len(self.plan.epochs) > 1 and title != said.name else ""
        own = [d for d in said.details if d.startswith(("Window", "Preferred", "No dose on or after", "Note"))]
        done = [d for d in said.details if d.startswith("Done there") and "(" in d]
        return where + " ".join([said.sentence, *said.parts, *done, *own])

    def of_epoch(self, name: str) -> tuple[str, ...]:
        """Where an epoch starts and how it cycles, and what is assumed or left open of it."""
        key = self.keys.get(name, name)
        gaps = self._gaps(f"epochs.{key}.", own=True)
        return tuple(self.mark(text) for text in [self.epoch_said(name), *gaps] if text)

    def epoch_said(self, name: str) -> str:
        """The facts of an epoch in one sentence."""
        key = self.keys.get(name, name)
        if key not in self.study.epochs:
            return ""
        facts = [f for f in epoch_facts(self.study, self.study.epochs[key], self.plan, name)
                 if f[0] not in _SAID_ELSEWHERE]  # fmt: skip
        title = one_line(self.plan.epochs.get(name, name))
        said = " ".join(f"{word}: {text.rstrip('.')}." for word, text in facts)
        return f"{title}. {said}" if facts else ""

    def of_conditions(self, conditions: tuple[str, ...]) -> tuple[str, ...]:
        """What has to be decided before it is known whether it takes place."""
        return tuple(self.mark(self._condition(condition)) for condition in conditions)

    def _condition(self, condition: str) -> str:
        name, _, answer = condition.partition("=")
        decision = self.study.decisions.get(name)
        question = f" ({one_line(decision.question)})" if decision is not None else ""
        return f"Only if {name} = {answer}{question}; not decided."

    def _gaps(self, path: str, *, own: bool = False) -> Iterator[str]:
        for words, one in self._open:
            rest = one.path.removeprefix(path)
            calculated = rest.partition(".")[0] in _AMOUNTS
            if rest == one.path or calculated or (own and rest.partition(".")[0] not in ("assumed", "not_stated")):
                continue
            yield f"{one.what}: {words}: {one.field} ({one.reason})."

    def elsewhere(self) -> Iterator[str]:
        """What is assumed or left open of nothing that the grid shows: the study, its anchors, arms and decisions."""
        for words, one in self._open:
            if not one.path.startswith(("epochs.", "study.dosing")):
                yield _sentence(words, one)


def _sentence(words: str, one: Open) -> str:
    return f"{one.what[:1].upper()}{one.what[1:]}: {words}: {one.field} ({one.reason})."
