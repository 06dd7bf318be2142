"""Is each catalogue whole? Every sentence of the source, the same fields, all plural forms, nothing doubtful or old."""

from __future__ import annotations

import re
import string
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from tests.languages.extracting import CATALOGUES, sentences
from tests.languages.updating import updated

from regimen.languages import KNOWN, Language, Untranslated
from regimen.languages.catalogue import text_of
from regimen.safetext.unsafe import unsafe

CODES = [code for code in KNOWN if code != "en"]
SENTENCES = sentences()
IN_A_DAY = {"de": 2, "es": 2, "fr": 2, "zh-Hans": 1}
"""How many plural forms a language has, by hand."""


def catalogue(code):
    return read_po(BytesIO(text_of(code)), locale=code.replace("-", "_"))


def fields(text):
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name is not None})


def texts(entry):
    return entry.string if isinstance(entry.string, tuple) else (entry.string,)


def faults(code, found):
    """What is wrong with a catalogue, in words."""
    wanted = {sentence.one: sentence for sentence in SENTENCES}
    have = {entry.id[0] if isinstance(entry.id, tuple) else entry.id: entry for entry in found if entry.id}
    yield from (f"missing: {one}" for one in wanted if one not in have)
    yield from (f"not in the source: {one}" for one in have if one not in wanted)
    yield from (f"obsolete: {one}" for one in found.obsolete)
    for one, entry in have.items():
        if entry.fuzzy:
            yield f"doubtful: {one}"
        if not all(texts(entry)):
            yield f"empty: {one}"
        sentence = wanted.get(one)
        if sentence is None:
            continue
        if len(texts(entry)) != (IN_A_DAY[code] if sentence.many else 1):
            yield f"plural forms: {one}"
        # As in English, the first of several forms may say "each day" where the others count.
        for number, text in enumerate(texts(entry)):
            allowed = [fields(sentence.many or one)]
            allowed += [fields(one)] if number == 0 and len(texts(entry)) > 1 else []
            if text and fields(text) not in allowed:
                yield f"fields: {text}"
        yield from (f"spaces: {text!r}" for text in texts(entry) if text and one == one.strip() != text.strip() != text)


def test_the_source_has_sentences():
    """Sentences of calendar files, of patient pages and of the languages themselves are found, with their plurals."""
    found = {sentence.one: sentence for sentence in SENTENCES}
    assert {"Clinic visit", "If you miss a dose of {medicine}", "{title} stops"} <= set(found)
    assert found["{n} tablet of {strength}"].many == "{n} tablets of {strength}"
    assert len(found) > 90


def test_there_is_a_catalogue_for_each_language_and_no_other():
    """Each known language but English has its file."""
    assert {path.stem for path in CATALOGUES.glob("*.po")} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_each_catalogue_is_whole(code):
    """Complete, with the same fields and the right plural forms; nothing doubtful, empty or obsolete."""
    assert list(faults(code, catalogue(code))) == []


@pytest.mark.parametrize("code", CODES)
def test_each_catalogue_is_as_the_update_writes_it(code):
    """`make catalogues` changes no byte of what is shipped, so nothing waits to be translated."""
    assert updated(code, text_of(code)) == text_of(code)


@pytest.mark.parametrize("code", CODES)
def test_no_translation_is_english_or_dangerous(code):
    """A sentence of some words is never left in English, and no translation holds a dangerous way of writing."""
    for entry in catalogue(code):
        if not entry.id:
            continue
        one = entry.id[0] if isinstance(entry.id, tuple) else entry.id
        for text in texts(entry):
            assert len(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{.*?\}", "", one))) < 3 or text != one
            assert unsafe(re.sub(r"\{.*?\}", "7", text)) == ()


def test_the_formal_you_is_used():
    """Patients are spoken to politely: Sie, vous, usted, 您; never du, tu, tú or 你."""
    never = {
        "de": r"\b(du|dir|dich|dein\w*)\b",
        "fr": r"\b(tu|toi|ton|tes)\b",
        "es": r"\b(tú|te|tu|tus)\b",
        "zh-Hans": "你",
    }
    polite = {"de": r"\bSie\b", "fr": r"\bvous\b", "es": r"\b(usted|Usted|Su|Sus)\b", "zh-Hans": "您"}
    for code in CODES:
        whole = " ".join(text for entry in catalogue(code) if entry.id for text in texts(entry))
        assert re.findall(never[code], whole, re.IGNORECASE) == []
        assert re.findall(polite[code], whole)


SPOILED = {
    "missing: Clinic visit": lambda c: c.delete("Clinic visit"),
    "not in the source: Old words": lambda c: c.add("Old words", "Alte Worte"),
    "doubtful: Clinic visit": lambda c: c["Clinic visit"].flags.add("fuzzy"),
    "empty: Clinic visit": lambda c: setattr(c["Clinic visit"], "string", ""),
    "fields: {titel} Ende": lambda c: setattr(c["{title} stops"], "string", "{titel} Ende"),
    "plural forms: {n} day": lambda c: setattr(c["{n} day"], "string", ("{n} Tag", "{n} Tage", "{n} Tage")),
}


@pytest.mark.parametrize("fault", SPOILED)
def test_each_fault_is_found(fault):
    """A catalogue with just this fault does not pass."""
    spoiled = catalogue("de")
    SPOILED[fault](spoiled)
    assert list(faults("de", spoiled)) == [fault]


@pytest.mark.parametrize("code", CODES)
def test_a_missing_sentence_is_refused(code):
    """What has no translation is never said in English instead."""
    for ask in (
        lambda: Language(code).say("Never written down"),
        lambda: Language(code).plural("One never written", "{n} never written", n=2),
    ):
        with pytest.raises(Untranslated, match=f"There is no .*{code}.*ever written.*--language en"):
            ask()


def test_an_unfinished_plural_is_refused(monkeypatch):
    """A catalogue with one of two plural forms is as good as none; the other form is not taken from English."""
    from regimen.languages import catalogue as module

    text = text_of("de").replace(b'msgstr[1] "{n} Tage"', b'msgstr[1] ""')
    assert text != text_of("de")
    monkeypatch.setattr(module, "text_of", lambda code: text)
    with pytest.raises(Untranslated):
        module.translations.__wrapped__("de").ngettext("{n} day", "{n} days", 2)
