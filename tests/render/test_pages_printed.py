"""Do both writers print what stands on a page, whole and escaped, and refuse what they cannot print?"""

from __future__ import annotations

import builtins
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.render.samples import ANCHOR, event
from tests.render.test_pages import checked, ledger, patient, pill, trial, visit

from regimen.errors import RegimenError
from regimen.languages import Language
from regimen.render.pages import PAPERS, in_pdf, month_pages, therapy_map
from regimen.render.pages.in_html import as_html
from regimen.render.pages.in_pdf import as_pdf
from regimen.render.pages.terms import Box, Cell, Document, Facts, Heading, Paragraph, Sheet, Table, texts_of

POINTS = {"a4": (595, 842), "letter": (612, 792)}
VOID = {"meta", "col", "br"}


class Reader(HTMLParser):
    """The texts and the tags of a page; a tag that is not closed in its turn is an error."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.texts, self.tags = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open and "title" not in self.open:
            self.texts.append(data)


def read_html(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def pages(pdf):
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text):
    return re.sub(r"\s+", "", text)


def page_of(text, *, rows=1):
    """One of each block, with the text in every place there is."""
    table = Table((text, "B"), ((Cell((text, "x"), text), Cell((text,))),) * rows, (1, 1))
    blocks = (Heading(text), Paragraph(text, True), Facts(((text, text), ("empty", ""))), Box(text, (text,)), table)
    return Document(text or "untitled", (Sheet(text or "untitled", blocks),), text, 12)


TRIALS = ("belimumab-sle", "belimumab-cll", "blinatumomab-mrd", "blinatumomab-maintenance", "daratumumab-t-all")
KINDS = {"month": month_pages, "map": therapy_map, "patient": checked}


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", KINDS)
def test_pdf_and_html_hold_every_text_of_the_page(kind, paper):
    """Both writers print the model and nothing else of words, on both papers."""
    document = KINDS[kind](trial("belimumab-cll" if kind == "patient" else "belimumab-sle"))
    pdf = squeezed("".join(pages(as_pdf(document, paper=paper))))
    html = squeezed("".join(read_html(as_html(document, paper=paper)).texts))
    # Of HTML each sheet has the foot, because a sheet that hangs alone must say whose it is.
    alone = [replace(document, sheets=(sheet,)) for sheet in document.sheets]
    assert html == squeezed("".join(text for one in alone for text in texts_of(one)))
    assert [text for text in texts_of(document) if squeezed(text) not in pdf] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_papers_have_their_size(paper):
    """A patient page stands upright, a month lies; both on the paper asked for."""
    width, height = POINTS[paper]
    for document, size in ((patient(ledger(pill())), (width, height)), (month_pages(ledger(pill())), (height, width))):
        box = PdfReader(io.BytesIO(as_pdf(document, paper=paper))).pages[0].mediabox
        assert (round(box.width), round(box.height)) == size


@pytest.mark.parametrize("paper", PAPERS)
def test_a_map_is_one_page_a_cycle(paper):
    """The maintenance trial: four cycles, four pages; each month of the lupus trial is one page as well."""
    assert len(pages(as_pdf(therapy_map(trial("blinatumomab-maintenance")), paper=paper))) == 4


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", TRIALS)
def test_a_month_is_one_page_and_the_notes_are_the_last(name, paper):
    """Every month of every trial fits its page on both papers, and nothing but the notes comes after."""
    document = month_pages(trial(name))
    printed = pages(as_pdf(document, paper=paper))
    assert len(printed) == len(document.sheets)
    for sheet, page in zip(document.sheets, printed, strict=True):
        assert squeezed(sheet.title) in squeezed(page)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_month_of_html_has_the_letters_that_fit(paper):
    """A crowded month is smaller in print, an empty one is not, and none is smaller than 7 points."""
    html = as_html(month_pages(trial("belimumab-cll")), paper=paper)
    sizes = [float(size) for size in re.findall(r"--print: ([0-9.]+)pt", html)]
    assert sizes
    assert 7 <= min(sizes) <= max(sizes) <= 10
    assert min(sizes) < 10
    assert "--print: " not in as_html(month_pages(ledger(pill())), paper=paper)


def test_a_page_says_how_many_there_are():
    """The foot counts pages, and the count is right when a table flows over several; headings are repeated."""
    document = patient(ledger(*(pill(ANCHOR + timedelta(days=2 * n)) for n in range(120))))
    printed = pages(as_pdf(document))
    assert len(printed) > 2
    for number, text in enumerate(printed, start=1):
        assert f"{number} / {len(printed)}" in text
    assert all("How much" in text for text in printed[:-1])


@pytest.mark.parametrize("name", TRIALS)
def test_every_letter_of_a_patient_page_is_large_enough(name):
    """No letter of the PDF is smaller than 12 points."""
    sizes = []
    for page in PdfReader(io.BytesIO(as_pdf(checked(trial(name))))).pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size: text.strip() and sizes.append(size * abs(tm[3]))
        )
    assert sizes
    assert min(sizes) >= 12


def test_the_same_page_is_the_same_bytes():
    """Nothing of a clock or a machine is in a page."""
    document = therapy_map(trial("belimumab-sle"))
    assert as_pdf(document) == as_pdf(document)
    assert as_html(document) == as_html(document)
    assert b"CreationDate" not in as_pdf(document)


@given(st.text(max_size=60))
def test_no_text_breaks_out_of_html(text):
    """Whatever a label says, the tags of the page are those of a page with a plain word in its place."""
    plain, read = read_html(as_html(page_of("x"))), read_html(as_html(page_of(text or "x")))
    ours = {"strong", "span"}
    assert [tag for tag in read.tags if tag not in ours] == [tag for tag in plain.tags if tag not in ours]
    assert as_html(page_of(text or "x")).count("<span") == as_html(page_of(text or "x")).count('<span class="unit">')
    assert not {"script", "img", "a", "link"} & set(read.tags)


PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40).filter(str.strip)


@given(PRINTABLE)
@settings(max_examples=40, deadline=None)
def test_no_text_is_read_as_markup_of_the_pdf(text):
    """Signs that mean something to the library (# $ * _ ` [ ] \\ < @) are printed as they are."""
    printed = squeezed("".join(pages(as_pdf(page_of(text)))))
    assert printed.count(squeezed(text)) >= 1
    assert squeezed(f"{text}") in printed


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "#panic()", "</td></table><img src=x>", "*a* $x$ `c` @b"]
)
def test_dangerous_words_are_printed_as_words(text):
    """The words of known tricks come out of both writers as they went in."""
    document = page_of(text)
    assert squeezed(text) in squeezed("".join(pages(as_pdf(document))))
    assert "".join(read_html(as_html(document)).texts).count(text) == len([t for t in texts_of(document) if t == text])


@pytest.mark.parametrize("many", [60, 1])
def test_long_labels_and_many_drugs_flow(many):
    """60 drugs and labels of 200 characters are printed whole."""
    labels = ["word " * 39 + f"drug{n}." for n in range(many)]
    one = ledger(*(event(f"drug{n}", label=labels[n], route="PO", dose="100 mg") for n in range(many)), visit())
    for make in KINDS.values():
        # A label may go on over a page's end, with the foot between its words; so every word is counted.
        document = make(one)
        text, model = ("".join(pages(as_pdf(document))), "".join(texts_of(document)))
        assert text.count("word") == model.count("word") >= 39 * many
        assert [n for n in range(many) if f"drug{n}." not in text] == []


def test_letters_without_a_font_are_named():
    """A letter no font has is refused by name, with what to install; it is never a box."""
    with pytest.raises(RegimenError, match="\U0010fffd.*install.*--fonts"):
        as_pdf(page_of("a\U0010fffdb"))


def test_other_scripts_are_printed_or_refused():
    """Chinese, Hebrew and Arabic: the letters are in the PDF if the computer has them, else a message names them."""
    for text in ("中文", "שלום", "مرحبا"):
        assert text in as_html(page_of(text))
        try:
            pdf = as_pdf(page_of(text))
        except RegimenError as error:
            assert text[0] in str(error)  # noqa: PT017 - both ways out are right, on different computers
        else:
            assert any(text[0] in page for page in pages(pdf))


def test_a_missing_library_is_named_with_what_to_type(monkeypatch):
    """Without typst the PDF is refused with the pip command, and HTML needs nothing."""
    real = builtins.__import__

    def without(name, *rest, **named):
        if name == "typst":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RegimenError, match=r"pip install 'regimen\[pages\]'"):
        in_pdf.as_pdf(page_of("x"))
    assert as_html(page_of("x"))


def test_the_pdf_is_tagged_and_has_its_title_and_language():
    """A screen reader finds structure, title and language."""
    root = PdfReader(io.BytesIO(as_pdf(patient(ledger(pill()))))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert PdfReader(io.BytesIO(as_pdf(patient(ledger(pill()))))).metadata.title == "Your medicines and visits"


def test_html_needs_no_other_file():
    """One file: nothing is loaded from anywhere."""
    html = as_html(month_pages(ledger(pill(date(2027, 1, 4)))))
    assert not re.search(r"https?:|url\(|@import|src=", html)
    assert "size: A4 landscape" in html
    assert "table-header-group" in html


def test_a_phone_reads_each_cell_with_its_heading_and_no_empty_one():
    """Where columns have no room, each cell says which column it is; only what has nothing to read is left out."""
    html = as_html(therapy_map(ledger(pill())))
    assert '<td data-heading="Drug"><div dir="auto"><strong>Pill</strong></div></td>' in html
    assert '<td data-heading="Date given" class="empty"></td>' in html
    month = as_html(month_pages(ledger(pill())))
    assert month.count(' class="empty"><div') == 30
    assert month.count("<td data-heading=") == 35


def test_each_sheet_of_html_says_whose_it_is():
    """A sheet that hangs alone on a wall has the foot, with the subject and that it is to be verified."""
    html = as_html(month_pages(ledger(pill(), pill(date(2027, 3, 1))), subject="S-101"))
    assert html.count("subject S-101. Planning aid: verify every date against the protocol.") == 2


def test_english_is_the_language_of_a_page_without_one():
    """The page carries the code of its language."""
    assert '<html lang="en">' in as_html(patient(ledger(pill()), language=Language("en")))
