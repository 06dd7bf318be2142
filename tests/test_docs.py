"""Does the documentation tell the truth? Every example is run, every link followed, every key and word looked up."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from tests.doc_pages import PAGES, READERS, ROOT, rewritten, run, shortened
from tests.golden.gallery import PAGE as GALLERY
from tests.render.squares import differ

import regimen
from regimen.cli.parser import make_parser
from regimen.definition.schema import schema_text
from regimen.notation.terms import Cycles, Dose, Line, Phase
from regimen.notation.words import ROUTE_WORDS
from regimen.quantities import known_units

pytest.importorskip("matplotlib")

DOCS = ROOT / "docs"
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# ---------------------------------------------------------------- examples


@pytest.mark.parametrize("name", NAMES)
def test_every_example_gives_what_the_page_shows(name, tmp_path):
    """Commands, Python, definitions and tables of a page give today exactly what is printed there.

    After a wanted change: python -m tests.doc_pages, then read the difference.
    """
    assert rewritten(text_of(name), tmp_path) == text_of(name)


def test_a_wrong_output_on_a_page_is_noticed(tmp_path):
    """A date changed by one day, a wrong canonical text or a wrong reading does not survive."""
    page = "\n".join(
        [
            "```console",
            '$ regimen line "10 mg IV days 1, 8" --start 2027-01-04',
            "…",
            "Day 8  Tue 12 Jan 2027  10 mg",
            "",
            "Planning aid: verify every date against the protocol.",
            "```",
            "",
            "| Line | Printed as |",
            "|---|---|",
            "| `10 mg IV on day 1 of each 21-day cycle x2` | `10 mg IV day 1 q28d x2` |",
            "",
            "| Refused | Why | Write instead |",
            "|---|---|---|",
            "| `10 mg IV biweekly` | nobody knows | `10 mg IV q2w` |",
            "",
            "```python",
            ">>> 1 + 1",
            "3",
            "```",
            "",
        ]
    )
    today = rewritten(page, tmp_path)
    assert "Day 8  Mon 11 Jan 2027" in today
    assert "`10 mg IV day 1 q21d x2`" in today
    assert "`10 mg IV 2x/week`" in today
    assert ">>> 1 + 1\n2\n" in today


def test_a_definition_on_a_page_must_work(tmp_path):
    """A definition, or a part of one, that cannot be dated fails the page."""
    with pytest.raises(AssertionError, match="dosis"):
        rewritten("```yaml\ndosis:\n  rituximab: 375 mg/m2 IV every 21 d x4\n```\n", tmp_path)


def test_an_ellipsis_stands_for_lines_but_not_for_differences():
    """A … hides lines; what is written around it must be the output's own."""
    output = ["one", "two", "three", "four"]
    assert shortened(output, ["one", "…", "four"]) == ["one", "…", "four"]
    assert shortened(output, ["uno", "…", "four"]) == ["one", "…", "four"]
    assert shortened(output, ["one", "four"]) == output


README_PICTURE = DOCS / "images" / "belimumab-sle.png"


def test_the_picture_is_the_one_the_command_draws(tmp_path):
    """The timeline in the README shows what `regimen gantt belimumab-sle` draws today."""
    run(["gantt", "belimumab-sle", "--on", "first_dose=2027-01-04", "-o", "today.png"], tmp_path)
    assert not differ(tmp_path / "today.png", README_PICTURE)


@pytest.mark.parametrize(
    ("written", "instead"),
    [("days 0, 14, 28", "days 0, 16, 28"), ("8, 12, 24", "8, 13, 24"), ("through week 48", "through week 44")],
)
def test_an_old_picture_is_noticed(written, instead, tmp_path):
    """A dose two days later, a visit a week later or a dose fewer makes another picture."""
    text = text_of("seeds/belimumab-sle.yaml")
    assert written in text
    (tmp_path / "other.yaml").write_text(text.replace(written, instead), encoding="utf-8")
    run(["gantt", "other.yaml", "--on", "first_dose=2027-01-04", "-o", "other.png"], tmp_path)
    assert differ(tmp_path / "other.png", README_PICTURE)


# ---------------------------------------------------------------- completeness


def test_every_page_is_in_the_index():
    """The index of the documentation names every page."""
    index = text_of("docs/README.md")
    assert [page.name for page in sorted(DOCS.glob("*.md")) if f"({page.name}" not in index] == ["README.md"]


def test_every_verb_is_shown_with_an_example():
    """The README has a real example of every verb of the command line."""
    verbs = next(action.choices for action in make_parser()._actions if action.dest == "verb")
    readme = text_of("README.md")
    assert [verb for verb in verbs if f"\n$ regimen {verb}" not in readme or f"**{verb}**" not in readme] == []


def test_every_key_of_the_format_is_explained():
    """The format's page names every key that a definition may have."""
    schema = json.loads(schema_text())
    keys = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", {})}
    page = text_of("docs/format.md")
    assert len(keys) > 40
    assert sorted(key for key in keys if f"`{key}`" not in page) == []


def test_every_unit_and_route_is_listed():
    """The notation's page names every dose unit and every route that is understood."""
    page = text_of("docs/notation.md")
    listed = [re.split(r",\s|\sand\s", part) for part in re.findall(r"\*\*(?:Units|Routes)\.\*\*([^*]+?)\.\n", page)]
    words = {" ".join(word.split()) for part in listed for word in part}
    assert {*known_units(), *ROUTE_WORDS} - words == set()


def test_every_clause_is_shown():
    """The notation's page has an example of everything a dose, a phase and a clock of cycles can hold."""
    said: set[str] = set()
    for heading, text in written_notation(text_of("docs/notation.md")):
        value = READERS[heading][0](text)
        items = value.items if isinstance(value, Line) else ()
        phases = [phase for item in items for phase in item.phases]
        phases += value if isinstance(value, tuple) else []
        for part in (value, *phases, *(phase.dose for phase in phases)):
            if isinstance(part, Dose | Phase | Cycles):
                said |= {f.name for f in fields(part) if getattr(part, f.name) not in (None, False, (), f.default)}
    known = {f.name for kind in (Dose, Phase, Cycles) for f in fields(kind)}
    assert known - said == set()


def written_notation(page: str) -> list[tuple[str, str]]:
    """The heading and the first column of every row of the tables of notation."""
    found, heading = [], ""
    for line in page.splitlines():
        first = line.strip("|").split("|")[0].strip() if line.startswith("|") else ""
        heading = first if first in READERS else heading if first else ""
        if heading and first.startswith("`"):
            found.append((heading, first.strip("`")))
    return found


def test_every_public_name_is_shown():
    """The page about Python uses or explains every name that `regimen` offers."""
    page = text_of("docs/python.md")
    assert [name for name in regimen.__all__ if f"regimen.{name}" not in page and f"`{name}`" not in page] == []


GLOSSARY = re.findall(r"^\*\*(.+?)\*\* — (.+?)$", text_of("docs/glossary.md"), re.MULTILINE)
DESIGNED = (
    "study", "arm", "epoch", "cycle", "anchor", "offset", "study day", "dose", "route", "administration", "infusion",
    "bag", "visit", "activity", "window", "planned date", "current date", "actual date", "state", "tentative",
    "not applicable", "hold", "delay", "reduction", "discontinuation", "re-start", "decision", "source", "basis",
    "stated", "assumed", "not stated", "occurrence", "series", "finding",
)  # fmt: skip


def test_the_glossary_is_in_order_and_holds_the_words_of_the_design():
    """Words stand in alphabetical order, each once, and none of the agreed words is missing."""
    words = [word for word, _ in GLOSSARY]
    assert words == sorted(set(words), key=lambda word: word.lower().lstrip("."))
    assert set(DESIGNED) - set(words) == set()


# ---------------------------------------------------------------- links


def slug(heading: str) -> str:
    """The name a heading gets on a page: small letters, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def leads_somewhere(name: str, target: str) -> bool:
    path, _, heading = target.partition("#")
    page = ((ROOT / name).parent / path).resolve() if path else ROOT / name
    if not page.is_file() or not page.is_relative_to(ROOT):
        return False
    return not heading or heading in {slug(title) for title in re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)}


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name):
    """Links inside the project point at files that exist, and at headings that exist in them."""
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text_of(name)) if not target.startswith("https://")]
    assert [target for target in targets if not leads_somewhere(name, target)] == []


def test_a_dead_link_is_noticed():
    """A file or a heading that does not exist is a dead link."""
    assert leads_somewhere("README.md", "docs/format.md#visits")
    assert not leads_somewhere("README.md", "docs/format.md#no-such-heading")
    assert not leads_somewhere("README.md", "docs/no-such-page.md")


# ---------------------------------------------------------------- what is never written

FORBIDDEN = {
    "the sign for micro before a unit": r"[µμ][gGlL]|\bug\b",
    "U or IU for units": r"\d\s*(?:M?I\.?U\.?|U)\b",
    "qd, od, qod, tiw, biw, qhs": r"\b(?:q\.?o?\.?d|od|tiw|biw|qhs)\b",
    "q with m for months": r"\bq\d+m\b",
    "biweekly, bimonthly, monthly": r"\bbi-?(?:weekly|monthly)\b|\bmonthly\b",
    "a 12-hour clock": r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b\.?",
    "a trailing zero": r"(?<![\d.])\d+\.\d*0(?=\s*(?:mg|mcg|g|kg|mL|units|mmol|Gy|%)\b)",
    "no digit before the point": r"(?<![\w.])\.\d+\s*(?:mg|mcg|g|mL|units)\b",
    "a comma inside an amount of the notation": r"`[^`]*\b\d{1,3},\d{3}\s*(?:mg|mcg|units)[^`]*`",
    "midnight as a time": r"\b(?:00|24):00\b",
    "a path of one computer": r"(?<![\w.:/])/(?:home|Users|root|tmp|work|var|usr)/|[A-Z]:\\",
    "an address of one network": r"localhost|127\.0\.0\.1|\.local\b|\.internal\b",
}
ALLOWED = (
    # Told why it is refused.
    "A month is written `mo`. `q3m` is refused, because m is read as minutes too.",
    "Times are from 00:01 to 23:59. Midnight is refused, because 00:00 belongs to one day",
    '$ regimen line "10 mg IV monthly x4" --start 2027-01-31',
    "        when: q3m x4",
    "'q3m' is read as every 3 minutes and as every 3 months.",
    "  q3m x4",
    "'monthly' is read as every calendar month and as every 28 days (4 weeks).",
    "  10 mg IV monthly x4",
    '...     regimen.parse("10 mg PO monthly")',
)
"""The only lines, besides the rows of the tables of what is refused, where such a form may stand."""


def may_hold_it(line: str) -> bool:
    return any(allowed in line for allowed in ALLOWED)


def readable_lines(name: str) -> list[str]:
    """The lines of a page without the rows of its tables of what is refused."""
    lines: list[str] = []
    refused = False
    for line in text_of(name).splitlines():
        refused = line.startswith("| Refused ") or (refused and line.startswith("|"))
        lines += [] if refused else [line]
    return lines


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_page_shows_a_dangerous_form(name, what):
    """Forms that are misread on wards appear only where it is said that they are refused."""
    found = [line for line in readable_lines(name) if re.search(FORBIDDEN[what], line) and not may_hold_it(line)]
    assert found == []


def test_the_list_of_exceptions_has_no_dead_entry():
    """Every exception is still needed: some page holds the line, and the line holds a forbidden form."""
    lines = [line for name in NAMES for line in readable_lines(name)]
    forbidden = [line for line in lines if any(re.search(pattern, line) for pattern in FORBIDDEN.values())]
    assert [allowed for allowed in ALLOWED if not any(allowed in line for line in forbidden)] == []


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("the sign for micro before a unit", "give 5 µg"), ("U or IU for units", "5 IU"),
        ("qd, od, qod, tiw, biw, qhs", "5 mg PO qod"), ("q with m for months", "q3m"),
        ("biweekly, bimonthly, monthly", "biweekly"), ("biweekly, bimonthly, monthly", "monthly"),
        ("a 12-hour clock", "at 8 am"), ("a 12-hour clock", "at 8:30 p.m."), ("a trailing zero", "5.0 mg"),
        ("a trailing zero", "2.50 mg"), ("no digit before the point", "give .5 mg"),
        ("a comma inside an amount of the notation", "`1,000 mg IV`"), ("midnight as a time", "at 00:00"),
        ("a path of one computer", "see /home/anna/trial.yaml"), ("an address of one network", "localhost:8000"),
    ],
)  # fmt: skip
def test_the_patterns_find_what_they_are_for(what, text):
    """Each forbidden form is recognised."""
    assert re.search(FORBIDDEN[what], text)


def test_weekly_is_a_safe_word():
    """`weekly` has one reading and may stand anywhere."""
    assert not re.search(FORBIDDEN["biweekly, bimonthly, monthly"], "200 mg subcut weekly")


def test_the_pages_are_plain_text():
    """Pages have no tabs, no spaces at line ends and a newline at their end."""
    for page in (*PAGES, GALLERY):
        text = Path(page).read_text(encoding="utf-8")
        assert "\t" not in text
        assert text.endswith("\n")
