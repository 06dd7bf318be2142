"""How does each language say days, months, times, amounts and numbers of things? Compared with tables made by hand."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimen.errors import RegimenError
from regimen.languages import ENGLISH, KNOWN, Language, UnknownLanguage, readable_languages
from regimen.safetext import day_in_words

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "zh-Hans": "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
}
DAYS = {
    "de": "{weekday}, {day}. {month} {year}",
    "es": "{weekday}, {day} de {month} de {year}",
    "fr": "{weekday} {day} {month} {year}",
    "zh-Hans": "{year}年{number}月{day}日{weekday}",
}
HEADINGS = {
    "en": "{month} {year}", "de": "{month} {year}", "es": "{month} de {year}", "fr": "{month} {year}",
    "zh-Hans": "{year}年{number}月",
}  # fmt: skip


def by_hand(pattern, code, day):
    months = MONTHS.get(code, " ".join(map(str, range(1, 13)))).split()
    return pattern.format(
        weekday=WEEKDAYS[code].split()[day.weekday()], month=months[day.month - 1], number=day.month, day=day.day,
        year=day.year,
    )  # fmt: skip


@pytest.mark.parametrize("code", KNOWN)
def test_every_day_of_2027(code):
    """Each day, month and weekday of 2027 reads as the table made by hand says."""
    language = Language(code)
    for n in range(365):
        day = date(2027, 1, 1) + timedelta(days=n)
        expected = day_in_words(day) if code == "en" else by_hand(DAYS[code], code, day)
        assert language.day(day) == expected
        assert language.month(day) == by_hand(HEADINGS[code], code, day)
        assert language.weekday(day) == language.weekday(day.weekday()) == WEEKDAYS[code].split()[day.weekday()]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "Mon 1 Mar 2027"), ("de", "Montag, 1. März 2027"), ("es", "lunes, 1 de marzo de 2027"),
        ("fr", "lundi 1 mars 2027"), ("zh-Hans", "2027年3月1日星期一"),
    ],
)  # fmt: skip
def test_one_day(code, said):
    """Weekday and month are words, and the order is the language's own."""
    assert Language(code).day(date(2027, 3, 1)) == said


def test_short_weekdays():
    """Headings of a month have short names."""
    short = {code: Language(code).weekday(0, short=True) for code in KNOWN}
    assert short == {"en": "Mon", "de": "Mo", "es": "lun", "fr": "lun.", "zh-Hans": "周一"}


@given(st.times(), st.sampled_from(sorted(KNOWN)))
def test_times_have_24_hours_in_every_language(moment, code):
    """A time is read back as the same time, whatever the language."""
    assert time.fromisoformat(Language(code).time(moment)) == moment.replace(microsecond=0)


@given(st.integers(1, 3_000_000), st.sampled_from(["", ".5", ".25"]), st.sampled_from(sorted(set(KNOWN) - {"en"})))
def test_amounts_keep_their_digits_point_and_unit(whole, rest, code):
    """Only the comma of thousands goes, which others read as a decimal point; English keeps it."""
    english = f"{whole:,}{rest} mg"
    assert Language(code).amount(english) == f"{whole}{rest} mg"
    assert ENGLISH.amount(english) == english


def test_a_list_of_amounts_keeps_its_commas():
    """A comma that parts a list is no comma of thousands."""
    assert Language("de").amount("1,000 mg, 500 mg; days 1,15") == "1000 mg, 500 mg; days 1,15"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ["0 days", "1 day", "2 days"]), ("de", ["0 Tage", "1 Tag", "2 Tage"]),
        ("es", ["0 días", "1 día", "2 días"]), ("fr", ["0 jour", "1 jour", "2 jours"]),
        ("zh-Hans", ["0 天", "1 天", "2 天"]),
    ],
)  # fmt: skip
def test_numbers_take_their_form(code, said):
    """Each language has its own rule for one and many: in French none is singular, Chinese has one form."""
    assert [Language(code).plural("{n} day", "{n} days", n=n) for n in range(3)] == said


@pytest.mark.parametrize("text", ["zh", "ZH-hans", "zh_CN", " zh-Hans "])
def test_codes_are_read_with_their_usual_spellings(text):
    """Chinese in simplified letters has several codes."""
    assert Language(text) == Language("zh-Hans")


@pytest.mark.parametrize("text", ["", "it", "zh-Hant", "de-x"])
def test_an_unknown_language_lists_the_known_ones(text):
    """What is not known is not replaced by something near."""
    with pytest.raises(UnknownLanguage) as caught:
        Language(text)
    assert all(f"{code} ({name})" in str(caught.value) for code, name in KNOWN.items())


def test_fields_are_texts_or_whole_numbers():
    """A fraction has to be put in words first, by the rules for doses."""
    with pytest.raises(TypeError, match="length"):
        Language("de").say("{n} of {length}", n=1, length=2.5)


def test_each_translation_says_that_nobody_reviewed_it():
    """English, in which the sentences are written, has nothing to say of it."""
    notes = [language.review_note for language in readable_languages()]
    assert (notes[0], len(set(notes)), len(notes)) == ("", 5, 5)


WITHOUT = """
import sys
sys.modules["babel"] = None
from datetime import date
from regimen.errors import RegimenError
from regimen.languages import Language, readable_languages
print(Language().say("Clinic visit"), Language().day(date(2027, 1, 4)), [one.code for one in readable_languages()])
try:
    Language("de")
except RegimenError as error:
    print(error)
"""

BABEL_MISSING = (
    "Babel is not installed, and Deutsch (de) needs it; install it with: pip install 'regimen[languages]', or take "
    "English, --language en."
)


def test_english_needs_no_babel():
    """Without it, English works and another language says what to install."""
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["Clinic visit Mon 4 Jan 2027 ['en']", BABEL_MISSING]


def test_the_message_is_a_regimen_error():
    """All that goes wrong here is said, not thrown at the user."""
    assert issubclass(UnknownLanguage, RegimenError)
