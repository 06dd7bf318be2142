"""Does what is printed stay inside its cell and its page, whatever a definition's names are?"""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.render.samples import ANCHOR, event
from tests.render.test_pages import ledger, patient, pill

from regimen.render.pages import PAPERS, month_pages, therapy_map
from regimen.render.pages.binding import bound
from regimen.render.pages.fitting import SMALLER, print_of, tried
from regimen.render.pages.in_html import as_html
from regimen.render.pages.in_pdf import as_pdf
from regimen.render.pages.parting import PARTING, parted

WORD = "Supercalifragilistic" * 10
KINDS = {"month": month_pages, "map": therapy_map, "patient": patient}


def read(document):
    return [page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(document))).pages]


@pytest.mark.parametrize(("kind", "most"), [("month", 30), ("map", 30), ("patient", 95)])
def test_a_word_of_200_letters_stays_in_its_column(kind, most):
    """It is parted into pieces as long as the column, or the box of a patient page, has room for; none is lost."""
    document = KINDS[kind](ledger(pill(label=WORD)))
    printed = [text.replace(PARTING, "") for text in read(document)]
    pieces = [piece for page in printed for piece in page.split() if "fragil" in piece]
    assert pieces
    assert max(map(len, pieces)) <= most
    assert WORD in "".join("".join(printed).split())


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=80), st.integers(4, 40))
def test_parting_adds_nothing_that_is_seen(text, letters):
    """Without the places to part it the text is the same, but for spaces that held together what does not fit."""
    assert parted(text, letters).replace(PARTING, "").replace("\u00a0", " ") == text.replace("\u00a0", " ")


@pytest.mark.parametrize("text", ["1,000,000.25", "2027", "0.125", "12345678901234567890"])
def test_a_number_is_never_parted(text):
    """Half a number at the end of a line would be another number."""
    assert PARTING not in parted(text, 4)


def test_a_word_that_fits_is_left_whole():
    """Only what is wider than its line gets places to part it, and letters that join each other never do."""
    assert parted("cyclophosphamide given", 16) == "cyclophosphamide given"
    assert parted("cyclophosphamide", 8).count(PARTING) == 15
    assert PARTING not in parted("دواء" * 10, 8)


@pytest.mark.parametrize(("text", "kept"), [
    ("take 4 tablets of 100 mg", "take 4\u00a0tablets of 100\u00a0mg"),
    ("375 mg/m2 IV ≈ 681.795 mg", "375\u00a0mg/m2 IV ≈\u00a0681.795\u00a0mg"),
    ("6 × 120 mg, waste 20 mg", "6\u00a0×\u00a0120\u00a0mg, waste 20\u00a0mg"),
    ("optional; assumed [a]", "optional; assumed\u00a0[a]"),
    ("from Mon 4 Jan 2027 through", "from Mon\u00a04\u00a0Jan\u00a02027 through"),
])  # fmt: skip
def test_a_number_and_what_it_counts_stand_on_one_line(text, kept):
    """4 at the end of a line and tablets on the next is a mistake waiting to be made."""
    assert bound(text) == kept


@pytest.mark.parametrize("paper", PAPERS)
def test_the_more_stands_in_a_month_the_smaller_it_is(paper):
    """An empty month keeps letters and room to write in; first the room goes, then the size; never below 7 points."""
    found = []
    for many in range(0, 16, 2):
        events = [event(f"drug{n}", ANCHOR + timedelta(days=7 * week), route="PO", dose="100 mg")
                  for n in range(many) for week in range(4)]  # fmt: skip
        document = month_pages(ledger(pill(), *events))
        found.append(print_of(document.sheets[0], document, paper))
    assert found == sorted(found, reverse=True)
    assert found[0] == (10, 1)
    assert found[-1].room == 0.5
    assert found[-1].size >= 10 * SMALLER[-1]


def test_a_month_with_more_than_a_page_holds_flows_on():
    """25 drugs on each day of a month are all printed, on more than one page."""
    daily = [
        event(f"drug{n}", ANCHOR + timedelta(days=d), route="PO", dose="100 mg") for n in range(25) for d in range(27)
    ]
    printed = read(month_pages(ledger(*daily)))
    assert len(printed) > 1
    assert "".join("".join(printed).split()).count("100mg") == 25 * 27


def test_a_row_is_not_parted_at_the_end_of_a_page():
    """What belongs to one date is signed in one place: each row with its five studies is whole on one page."""
    studies = ("alpha", "beta", "gamma", "delta")
    visits = [event("check", ANCHOR + timedelta(days=7 * n), kind="visit", activities=studies) for n in range(40)]
    for page in read(therapy_map(ledger(*visits))):
        assert [page.count(name) for name in studies] == [page.count("alpha")] * len(studies)
        assert page.count("alpha") == page.count("Check")


def test_a_row_higher_than_a_page_is_printed_whole():
    """60 drugs in one cell: none is cut off at the end of the page."""
    text = "".join(read(therapy_map(ledger(*(event(f"drug{n}.", dose="1 mg") for n in range(60))))))
    assert [n for n in range(60) if f"Drug{n}." not in text] == []


def test_a_unit_is_not_parted_at_its_slash():
    """mg/ at the end of a line is another dose: in the PDF mg/kg is on one line wherever the line ends, as in HTML."""
    events = [event("x" * n, ANCHOR + timedelta(days=n), dose="16 mg/kg IV") for n in range(1, 25)]
    document = month_pages(ledger(*events))
    assert "".join(read(document)).count("mg/kg") == len(events)
    assert as_html(document).count('<span class="unit">mg/kg</span>') == len(events)


def test_a_patient_page_becomes_a_little_smaller_where_that_saves_a_page():
    """From 13 points to 12 and a bit, never less; where it does not help, the table flows on."""
    pages = {many: len(read(patient(ledger(*(pill(ANCHOR + timedelta(days=2 * n)) for n in range(many))))))
             for many in (5, 60)}  # fmt: skip
    assert pages[5] == 1
    assert pages[60] > 1
    page = patient(ledger(pill()))
    assert [size for size, _ in tried(page.sheets[0], page)][-1] >= 12
