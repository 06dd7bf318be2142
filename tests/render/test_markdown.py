"""Does the Markdown page say what the text says, and nothing that its texts did not?"""

from __future__ import annotations

import re

import pytest
from tests.render.samples import calendar, event, everything, lupus, ramp_up

from regimen.render.tables import as_markdown, as_text


def cells_of(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def test_page():
    """The page has the facts as a list and each epoch as a pipe table under its heading."""
    assert as_markdown(ramp_up()).startswith("""\
# Venetoclax ramp-up

- **Study:** NCT00000000
- **Arm:** active
- **Anchors:** first_dose: Mon 5 Jan 2026
- **Contents:** 730 doses; Mon 5 Jan 2026 – Tue 4 Jan 2028

## Treatment (Mon 5 Jan 2026 – Tue 4 Jan 2028)

| Date | Position | Study day | What |
| --- | --- | --- | --- |
| Mon 5 Jan 2026 | Day 1 to 7 | 1 to 7 | Venetoclax 20 mg PO, daily Mon 5 Jan 2026 – Sun 11 Jan 2026 (7 doses) |
""")


def test_end_of_page():
    """Marks, totals, notes, what is not dated and the reminder follow the tables."""
    page = as_markdown(everything())
    assert re.findall(r"^## (\w.*)", page, re.MULTILINE)[-4:] == ["Marks", "Totals", "Notes", "Not dated yet"]
    assert "- [a] assumed: 200 mg is the product's usual weekly amount\n" in page
    assert "| Dexamethasone | 7 | 7 | Mon 4 Jan 2027 | Sun 10 Jan 2027 |  |\n" in page
    assert "- Waiting for transplant: 3 events without a date (follow_up/d30/visit, " in page
    assert page.endswith("\nPlanning aid: verify every date against the protocol.\n")


@pytest.mark.parametrize("make", [lupus, ramp_up, everything])
def test_same_content_as_text(make):
    """Every word of the text table is on the page."""
    page = set(re.findall(r"[\w/]+", as_markdown(make())))
    assert set(re.findall(r"[\w/]+", as_text(make()))) - page == set()


@pytest.mark.parametrize("make", [lupus, everything])
def test_tables_are_whole(make):
    """Each row of a table has as many cells as its heading."""
    tables = [block for block in as_markdown(make()).split("\n\n") if block.startswith("|")]
    for table in tables:
        assert len({len(cells_of(line)) for line in table.splitlines()}) == 1


def test_pipes_and_line_ends():
    """A pipe or a line end in a text does not open a new cell or row."""
    page = as_markdown(calendar([event(label="a|b\nc\\|d")]))
    row = next(line for line in page.splitlines() if line.startswith("| Mon 4 Jan 2027"))
    assert cells_of(row)[3] == r"a\|b c\\\|d"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<img src=x>", r"\<img src=x>"),
        ("[click](http://example.org)", r"[click\](http://example.org)"),
        ("**bold** `code`", r"\*\*bold\*\* \`code\`"),
        ("first_dose of _x_", r"first_dose of \_x\_"),
        ("<45 kg & >=15 [a]", "<45 kg & >=15 [a]"),
        ("&lt; ~~gone~~", r"\&lt; \~~gone\~~"),
        ("# heading", r"\# heading"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
    ],
)
def test_texts_stay_texts(text, escaped):
    """A text that looks like markup is shown, not acted on; ordinary signs are left alone."""
    assert f"\n- {escaped}\n" in as_markdown(calendar([event()], notes=(text,)))
