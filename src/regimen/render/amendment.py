"""How does it read what a new version means for the subjects of a study? One change set each, and who is left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from regimen.changes import Amended, ForSubject, Seam
from regimen.events import Event
from regimen.render.change_rows import summary
from regimen.render.change_set import blocks_of, content, event_values, facts_of, markdown_of
from regimen.render.columns import GAP, WIDTH
from regimen.render.marking import escaped, listed, safe_start
from regimen.render.rows import name_of
from regimen.render.words import PLANNING_AID, counted, day_in_words, moment_in_words, one_line, wrapped


@dataclass(frozen=True, slots=True)
class About:
    """Which version replaces which, and from when on."""

    title: str
    old: str
    new: str
    takes_effect: date


_NOTHING_WRITTEN = "Nothing was written: journals and definitions are as they were."


def _facts(subjects: Sequence[ForSubject], about: About) -> list[tuple[str, str]]:
    changed = [s for s in subjects if s.amended is not None]
    off = [s for s in subjects if s.off_study]
    refused = [s for s in subjects if s.refused]
    said = [f"{counted(len(changed), 'subject')} on study"]
    said += [f"{len(off)} left out"] if off else []
    said += [f"{len(refused)} that cannot be replayed"] if refused else []
    return [
        ("From", one_line(about.old)), ("To", one_line(about.new)),
        ("Takes effect", f"{day_in_words(about.takes_effect)}; what is past stays as it was"),
        ("Subjects", ", ".join(said)), ("", _NOTHING_WRITTEN),
    ]  # fmt: skip


def _beside(found: Amended) -> Iterator[tuple[str, list[str]]]:
    """What a change set cannot say: what is left behind, not asked for, or put before the version takes effect."""
    yield "Recorded, and not in the new version", [one_line(lost.sentence) for lost in found.left_behind]
    yield (
        "New in this version, before it takes effect; not asked of this subject",
        [_event(event) for event in found.passed_over],
    )
    yield (
        "To decide: the new version puts these before the day it takes effect",
        [_event(event) for event in found.too_early],
    )
    yield "To decide: where the two versions meet", [_seam(seam) for seam in found.seams]


def _seam(seam: Seam) -> str:
    gap = counted(seam.days, "day") if seam.days >= 0 else f"{counted(-seam.days, 'day')} backwards"
    usual = f"{seam.least}" if seam.least == seam.most else f"{seam.least} to {seam.most}"
    return f"{_event(seam.last)} to {_event(seam.first)} is {gap}, where either version has {usual}"


def _event(event: Event) -> str:
    return f"{moment_in_words(event.start)}: {one_line(event.position)} {name_of(event)} ({event.id})".replace(
        ":  ", ": "
    )


def _kept(found: Amended) -> str:
    before = {event.id: event for event in found.throughout}
    differ = sum(event != before.get(event.id) for event in found.kept)
    said = f"{counted(len(found.kept), 'past event')} {'stays' if len(found.kept) == 1 else 'stay'} as it was"
    said = said if len(found.kept) == 1 else said.replace("it was", "they were")
    return f"{said}; the new version would have had {differ} of them otherwise" if differ else said


def _left_out(subjects: Iterable[ForSubject]) -> list[str]:
    return [f"{s.subject} ({s.journal.name}): {one_line(s.off_study)}" for s in subjects if s.off_study]


def _refused(subjects: Iterable[ForSubject]) -> list[str]:
    return [f"{s.subject} ({s.journal.name}): {one_line(s.refused)}" for s in subjects if s.refused]


# ---------------------------------------------------------------- in a terminal


def as_text(subjects: Sequence[ForSubject], about: About) -> str:
    """What a version means for each subject, for a terminal."""
    blocks = [_head(f"Amendment: {one_line(about.title)}", _facts(subjects, about))]
    for subject in subjects:
        if subject.amended is not None:
            blocks += _subject(subject, subject.amended)
    blocks += [
        _lines("Left out", _left_out(subjects)),
        _lines("Cannot be replayed", _refused(subjects)),
        [PLANNING_AID],
    ]
    return "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block) + "\n"


def _head(title: str, facts: Sequence[tuple[str, str]]) -> list[str]:
    margin = max(len(name) for name, _ in facts) + len(GAP)
    lines = wrapped(title, WIDTH)
    for name, words in facts:
        lines += wrapped(words, WIDTH, f"{name:{margin}}", " " * margin)
    return lines


def _subject(subject: ForSubject, found: Amended) -> Iterator[list[str]]:
    facts = [fact for fact in facts_of(found.changes) if fact[0] not in ("Version", "Title")]
    yield _head(f"Subject {subject.subject} ({subject.journal.name})", [*facts, ("Past", _kept(found))])
    yield from blocks_of(found.changes)
    yield from (_lines(heading, sentences) for heading, sentences in _beside(found))


def _lines(heading: str, sentences: Sequence[str]) -> list[str]:
    lines = [line for sentence in sentences for line in wrapped(sentence, WIDTH, "  - ", "    ")]
    return [f"{heading} ({len(sentences)})", *lines] if lines else []


# ---------------------------------------------------------------- as a Markdown page


def as_markdown(subjects: Sequence[ForSubject], about: About) -> str:
    """The same as a Markdown page."""
    facts = "\n".join(f"- **{name}:** {escaped(words)}" for name, words in _facts(subjects, about) if name)
    blocks = [f"# Amendment: {escaped(one_line(about.title))}", facts, _NOTHING_WRITTEN]
    for subject in subjects:
        if (found := subject.amended) is not None:
            blocks.append(f"# Subject {escaped(subject.subject)} ({escaped(subject.journal.name)})")
            blocks.append(f"{escaped(summary(found.changes))}. {escaped(_kept(found))}.")
            blocks += [*markdown_of(found.changes), *(_listed(heading, said) for heading, said in _beside(found))]
    blocks += [
        _listed("Left out", _left_out(subjects)),
        _listed("Cannot be replayed", _refused(subjects)),
        PLANNING_AID,
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _listed(heading: str, sentences: Sequence[str]) -> str:
    return listed(heading, (safe_start(escaped(sentence)) for sentence in sentences))


# ---------------------------------------------------------------- for a program


def as_json(subjects: Sequence[ForSubject], about: About) -> str:
    """The same for another program, keys always in the same order."""
    said = {
        "title": about.title,
        "from": about.old,
        "to": about.new,
        "takes_effect": about.takes_effect.isoformat(),
        "subjects": [_json_subject(subject) for subject in subjects],
    }
    return json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _json_subject(subject: ForSubject) -> dict[str, Any]:
    found = subject.amended
    named = {"subject": subject.subject, "journal": subject.journal.name}
    if found is None:
        return {**named, "off_study": subject.off_study or None, "refused": subject.refused or None}
    return {
        **named,
        "changes": content(found.changes),
        "kept": [event.id for event in found.kept],
        "left_behind": [
            {
                "line": lost.line,
                "what": lost.what,
                "target": lost.target,
                "label": lost.label,
                "sentence": lost.sentence,
            }
            for lost in found.left_behind
        ],
        "passed_over": [event_values(event) for event in found.passed_over],
        "too_early": [event_values(event) for event in found.too_early],
        "seams": [
            {"last": seam.last.id, "first": seam.first.id, "days": seam.days, "least": seam.least, "most": seam.most}
            for seam in found.seams
        ],
    }
