"""Is the patient page whole in every language? No sentence of ours in English, the same days and the same amounts."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader
from tests.languages.extracting import sentences
from tests.render.samples import ANCHOR, event
from tests.render.test_pages import ledger, patient, pill, visit

from regimen.errors import RegimenError
from regimen.languages import KNOWN, Language
from regimen.render.pages.binding import bound
from regimen.render.pages.in_html import as_html
from regimen.render.pages.in_pdf import as_pdf
from regimen.render.pages.terms import texts_of

OTHERS = [code for code in KNOWN if code != "en"]
OURS = [one.one for one in sentences() if one.module.startswith("render/pages/") and len(one.one.split()) > 1]
"""The English sentences of pages, long enough not to be a word of another language by chance."""
MISSED = {
    "de": "Nehmen Sie niemals die doppelte Dosis",
    "es": "No tome nunca una dosis doble",
    "fr": "Ne prenez jamais une double dose",
    "zh-Hans": "切勿为了补上漏服的药而服用双倍剂量",
}
UNTIL_TOLD = {
    "de": "Nehmen Sie Pill weder zu Hause noch in der Klinik ein, bevor man es Ihnen sagt.",
    "es": "No tome Pill, ni en casa ni en la clínica, hasta que se lo indiquen.",
    "fr": "Ne prenez pas Pill, ni chez vous ni à la clinique, avant qu'on vous le dise.",
    "zh-Hans": "不要自行服用 Pill：无论在家还是在医院，都要等工作人员通知您之后才能服用。",
}


def everything():
    """A plan with what a page can say: pills with gaps, a large dose, an infusion, a visit on a day of pills."""
    days = [ANCHOR + timedelta(days=n) for n in (0, 1, 2, 5)]
    large = event("large", ANCHOR, dose="1,000 mg", route="PO")
    vein = event("vein", ANCHOR, dose="5 mg/kg", route="IV")
    held = event("held", ANCHOR, dose="5 mg", route="PO", state="held")
    skin = event("skin", ANCHOR, dose="2.5 mg", route="subcut", optional=True)
    return ledger(*(pill(day) for day in days), visit(ANCHOR), large, vein, held, skin)


def said(code):
    return list(texts_of(patient(everything(), language=Language(code))))


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_is_left_in_english(code):
    """Each text of the English page that is ours is another one here; only the note on the translation is added."""
    english, other = said("en"), said(code)
    patterns = [re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(one))) for one in OURS]
    assert [text for text in english if any(p.fullmatch(text) for p in patterns)]
    assert [text for text in other if any(p.fullmatch(text) for p in patterns)] == []
    assert len(other) == len(english) + 1
    assert Language(code).review_note in other


@pytest.mark.parametrize("code", OTHERS)
def test_what_must_not_be_misunderstood(code):
    """Never a double dose, and nothing on a clinic day before being told, in words checked one by one."""
    whole = "\n".join(said(code))
    assert MISSED[code] in whole
    assert UNTIL_TOLD[code] in whole
    assert Language(code).say("Take it only on the days in this list, on no other day.") in whole


@pytest.mark.parametrize("code", OTHERS)
def test_amounts_are_the_same(code):
    """A thousand milligrams have no comma that could be read as a decimal point; all else is the same."""
    english, other = said("en"), said(code)
    assert "1,000 mg" in english
    assert "1000 mg" in other
    assert not any("1,000" in text for text in other)


@pytest.mark.parametrize("code", KNOWN)
def test_the_printed_page(code):
    """HTML names its language, and the PDF holds every text; for Chinese a font with its letters is needed."""
    page = patient(everything(), language=Language(code))
    assert f'<html lang="{code}">' in as_html(page)
    try:
        content = as_pdf(page)
    except RegimenError as error:
        if code != "zh-Hans" or "no font" not in str(error):
            raise
        pytest.skip("no font of this computer has Chinese letters")
    printed = "".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)
    squeezed = re.sub(r"\s+", "", printed)
    missing = [text for text in texts_of(page) if re.sub(r"\s+", "", text) not in squeezed]
    assert missing == []


def test_the_foot_says_its_day_in_the_page_s_language():
    """The page version and its day are said as all else is."""
    foot = patient(everything(), language=Language("de")).foot
    assert foot == "Version 3 dieser Seite, erstellt am Freitag, 1. Januar 2027."


@pytest.mark.parametrize("code", KNOWN)
def test_a_date_is_not_parted_at_the_end_of_a_line(code):
    """Day, month and year of each language are held together; Chinese has no space to break at."""
    day = Language(code).day(ANCHOR).rpartition(", ")[2]
    kept = bound(f"x {day} y")
    assert kept.replace("\u00a0", " ") == f"x {day} y"
    assert " " not in kept.removeprefix("x ").removesuffix(" y").removeprefix("lundi ")
