"""Can anything the program prints be misread on a ward? Docs, examples, samples and every dose are searched."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commands import ROOT, typed

from regimen.library import expand, listed
from regimen.notation import dose_in_words, dose_text, read_dose
from regimen.quantities import known_units
from regimen.render import tables
from regimen.render.ics import as_ics
from regimen.safetext import clock_in_words, day_in_words, drug_in_words, unsafe, weekly_in_words
from regimen.safetext.tall_man import tall_man_list

FOUND = [
    ("5 µg", "µg", "mcg"),
    ("5 μg/day", "μg", "mcg"),
    ("5 ug", "ug", "mcg"),
    ("5 cc IV", "cc", "mL"),
    ("5cc", "cc", "mL"),
    ("10 U", "10 U", "units"),
    ("10U subcut", "10U", "units"),
    ("10 u", "10 u", "units"),
    ("10 IU", "10 IU", "units"),
    ("10 I.U. daily", "10 I.U.", "units"),
    ("5 MIU", "5 MIU", "units"),
    ("1,000 IU/kg", "1,000 IU", "units"),
    ("5 mg QD", "QD", "daily"),
    ("5 mg q.d.", "q.d.", "daily"),
    ("5 mg QOD", "QOD", "every other day"),
    ("5 mg q.o.d.", "q.o.d.", "every other day"),
    ("5 mg OD", "OD", "daily"),
    ("5 mg tiw", "tiw", "3 times a week"),
    ("MS 4 mg", "MS", "whole name"),
    ("MSO4", "MSO4", "whole name"),
    ("MgSO4 2 g", "MgSO4", "whole name"),
    ("5 mg @ 08:00", "@", "at"),
    ("2@3", "@", "at"),
    ("200 mg SC", "SC", "subcut"),
    ("200 mg SQ weekly", "SQ", "subcut"),
    ("200 mg S.C.", "S.C.", "subcut"),
    ("200 mg sub-Q", "sub-Q", "subcut"),
    ("D/C drug", "D/C", "stop"),
    ("d/c drug", "d/c", "stop"),
    ("5.0 mg", "5.0", "no zero"),
    ("1,250.50 mg", "1,250.50", "no zero"),
    ("AUC 5.0", "AUC 5.0", "no zero"),
    ("10.0 %", "10.0", "no zero"),
    (".5 mg", ".5", "zero before"),
    ("dose .25 mg", ".25", "zero before"),
    ("10mg", "10mg", "space"),
    ("28mcg/day", "28mcg", "space"),
    ("2.5mL", "2.5mL", "space"),
    ("100units", "100units", "space"),
    ("at 8 am", "8 am", "00:01"),
    ("8:30 p.m.", "8:30 p.m.", "00:01"),
    ("12 noon on", "12 noon", "00:01"),
    ("at 00:00", "00:00", "23:59"),
    ("until 24:00", "24:00", "23:59"),
    ("4/1/2027", "4/1/2027", "Jan"),
    ("04/01/27", "04/01/27", "Jan"),
    ("4.1.2027", "4.1.2027", "Jan"),
    ("04-01-2027", "04-01-2027", "Jan"),
    ("4-Jan-27", "4-Jan-27", "four digits"),
]


@pytest.mark.parametrize(("text", "form", "instead"), FOUND)
def test_dangerous_forms_are_found(text, form, instead):
    """Each form of the list is found where it stands, once, with what to write instead."""
    found = unsafe(text)
    assert len(found) == 1, found
    assert found[0].found == form or found[0].found.startswith(form)
    assert text[found[0].start :].startswith(form.split()[0])
    assert instead in found[0].instead


SAFE = [
    "10 mg/kg IV over 1 h on days 0, 14, 28 then every 28 days through week 48",
    "9 mcg/day CIV days 1-14 q3mo x4",
    "5 units subcut daily",
    "0.5 mg",
    "1,000 mg",
    "Mon 4 Jan 2027 08:00",
    "2027-01-04T10:00:00",
    "20270104T000000",
    "00:00 (start of day)",
    "Day 1.5",
    "version 3.11.12",
    "icalendar>=7.2.2,<8",
    "docs/format.md",
    "a@example.org",
    "multiple sclerosis",
    "the drug's C2D8",
    "C1D1",
    "UTC+02:00",
    "subcutaneous",
    "quod",
    "odd cycles",
    "10 × 20 mg",
    "5 mg PO bid",
    "10 % of the dose",
    "NCT04893161",
    "q28d x5",
    "100 mg/m2/day",
    "88 micromol/L",
    "1.818 m2",
    "3 of 5 amounts",
    "at most 3 h",
    "1/2 tablet",
    "S-001",
    "24-hour",
]


@pytest.mark.parametrize("text", SAFE)
def test_safe_texts_are_left_alone(text):
    """What cannot be misread raises nothing."""
    assert unsafe(text) == ()


@given(
    st.decimals("0.001", "100000", places=3),
    st.sampled_from(sorted(known_units())),
    st.sampled_from(["", "/kg", "/m2"]),
)
def test_every_dose_that_is_printed_is_safe(value, unit, per):
    """Every unit of the closed table, printed short and in words."""
    dose = read_dose(f"{value.normalize():f} {unit}{per} IV")
    for text in (dose_text(dose), dose_in_words(dose)):
        assert unsafe(text) == (), text


@given(st.datetimes())
def test_every_day_and_time_that_is_printed_is_safe(moment):
    """Days with weekday, named month and four digits; times on a 24-hour clock, midnight explained."""
    text = f"{day_in_words(moment.date())} {clock_in_words(moment.replace(microsecond=0))}"
    assert unsafe(text) == ()


def readable(path: Path) -> list[str]:
    """The lines of a page without the rows of tables of what is refused."""
    lines, refused = [], False
    for line in path.read_text(encoding="utf-8").splitlines():
        refused = line.startswith("| Refused ") or (refused and line.startswith("|"))
        lines += [] if refused else [line]
    return lines


QUOTED = (
    "Times are from 00:01 to 23:59. Midnight is refused, because 00:00 belongs to one day",
    'found in unsafe("Give 10mg on Mon")]',
    "[('10mg', 'a space between number and unit')]",
)
"""The only lines, besides tables of what is refused, in which a dangerous form is quoted to warn of it."""
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
FILES = [
    *sorted((ROOT / "examples").glob("*.*")),
    *sorted((ROOT / "examples" / "subjects").glob("*.yaml")),
    *sorted((ROOT / "seeds").glob("*.yaml")),
]


@pytest.mark.parametrize("path", [*PAGES, *FILES], ids=lambda path: str(path.relative_to(ROOT)))
def test_docs_and_examples_are_safe(path):
    """No page, example or trial that is shipped shows a form that could be misread, but where it is warned of."""
    lines = [line for line in readable(path) if not any(quoted in line for quoted in QUOTED)]
    assert [(line, str(found)) for line in lines for found in unsafe(line)] == []


def test_the_list_of_quoted_lines_has_no_dead_entry():
    """Every exception is still needed."""
    lines = [line for path in PAGES for line in readable(path)]
    assert [quoted for quoted in QUOTED if not any(quoted in line and unsafe(line) for line in lines)] == []


TEXTS = (tables.as_text, tables.as_markdown, tables.as_csv, tables.as_json)
ON = {"belimumab-cll": "venetoclax_day_1"}


@pytest.mark.parametrize("trial", [trial.name for trial in listed()])
def test_generated_samples_are_safe(trial):
    """Every output of the five trials: calendar as text, Markdown, csv, json and .ics, and the protocol in words."""
    assume = ["myeloma-label"] if trial == "daratumumab-t-all" else []
    calendar = expand(trial, on={ON.get(trial, "first_dose"): "2027-01-04"}, assume=assume)
    file = as_ics(calendar).decode("utf-8").replace("\r\n ", "")
    for text in (
        *(render(calendar) for render in TEXTS),
        *(line for line in file.splitlines() if not line.startswith("UID:")),
    ):
        assert [str(found) for found in unsafe(text)] == []
    shown = typed("show", trial)
    assert [str(found) for found in unsafe(shown.out)] == []
    assert shown.code == 0


def sentences(path: Path) -> list[str]:
    """The texts of a module that are more than a word, with 7 for every value that is filled in; no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values]
            found.append("".join(parts).replace(" .7", " .png"))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner | docs:
            found.append(node.value)
    return [text for text in found if " " in text]


# Modules that hold the dangerous forms themselves: to find them, to read them or to explain why they are refused.
QUOTING = (
    "safetext/unsafe.py",
    "notation/refusals.py",
    "notation/words.py",
    "quantities/reading.py",
    "quantities/units.py",
    "render/ics/options.py",
)


@pytest.mark.parametrize(
    "folder",
    [
        "languages",
        "dosing",
        "ledger",
        "render",
        "notation",
        "definition",
        "checks",
        "cli",
        "plan",
        "quantities",
        "timelines",
        ".",
    ],
)
def test_every_sentence_of_the_source_is_safe(folder):
    """Texts in the source are the templates of what is printed; each is searched, but for those that quote a form."""
    source = ROOT / "src" / "regimen"
    paths = sorted((source / folder).glob("*.py") if folder == "." else (source / folder).rglob("*.py"))
    texts = {path: sentences(path) for path in paths if path.relative_to(source).as_posix() not in QUOTING}
    assert sum(len(found) for found in texts.values()) > 5
    assert [(path.name, str(x)) for path, found in texts.items() for text in found for x in unsafe(text)] == []


def test_a_weekly_drug_names_its_day():
    """Only on Mondays, on no other day."""
    assert weekly_in_words(0) == "only on Mondays, on no other day"
    assert date(2027, 1, 4).weekday() == 0


def test_tall_letters_are_data_and_off_unless_asked_for():
    """Look-alike names get their capital letters only where asked; the list has a version and a source."""
    assert drug_in_words("vincristine") == "vincristine"
    assert drug_in_words("Vincristine and rituximab", tall_man=True) == "vinCRIStine and riTUXimab"
    assert drug_in_words("blinatumomab", tall_man=True) == "blinatumomab"
    listed_names = tall_man_list()
    assert (listed_names.version, len(listed_names.names) > 50) == ("2023-01", True)
    assert len({name.lower() for name in listed_names.names}) == len(listed_names.names)
    assert all(name not in (name.lower(), name.upper()) for name in listed_names.names)
    assert "2023" in listed_names.source
