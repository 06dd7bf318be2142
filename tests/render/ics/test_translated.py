"""What of a calendar file depends on its language? Words only: no identity, date, order or secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from tests.commands import typed
from tests.render.ics.files import events_in, lines_of, titles
from tests.render.samples import ANCHOR, BERLIN, calendar, event, everything, infusion

from regimen.events import DatedWindow
from regimen.languages import KNOWN, Language
from regimen.render.ics import Options, as_ics, as_ics_each, previous_of
from regimen.render.spoken import moment_said, span_said, window_said
from regimen.timing import Span

OTHERS = [code for code in KNOWN if code != "en"]
SPOKEN = {"SUMMARY", "DESCRIPTION", "X-WR-CALNAME"}
PROFILES = ("discreet", "full")


def asked(code, profile="discreet", **more):
    return Options(
        profile=profile, zone=BERLIN, at=time(9), alarm=Span(1, "d"), bags=True, bag_length=Span(96, "h"),
        language=Language(code), **more,
    )  # fmt: skip


def unspoken(content):
    """The lines that no reader sees as text."""
    return [line for line in lines_of(content) if line.partition(":")[0] not in SPOKEN]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("code", OTHERS)
def test_only_words_depend_on_the_language(code, profile):
    """Identities, dates, sequence, stamps and order are those of the English file; every text of ours is another."""
    english, other = (as_ics(everything(), asked(c, profile)) for c in ("en", code))
    assert unspoken(other) == unspoken(english)
    pairs = list(zip(events_in(english), events_in(other), strict=True))
    assert all(one["DESCRIPTION"] != two["DESCRIPTION"] for one, two in pairs)
    assert profile == "full" or all(one["SUMMARY"] != two["SUMMARY"] for one, two in pairs)


@pytest.mark.parametrize("code", OTHERS)
def test_a_change_of_language_is_a_change_of_words(code):
    """The next file keeps every sequence and has a later time stamp, and the note counts entries with other words."""
    one = everything()
    first = as_ics(one, asked("en"))
    second = as_ics(one, asked(code), previous_of([("old.ics", first)]))
    olds, news = ({str(e["UID"]): e for e in events_in(content)} for content in (first, second))
    assert olds.keys() == news.keys()
    assert all(news[uid]["SEQUENCE"] == olds[uid]["SEQUENCE"] for uid in olds)
    assert all(news[uid].decoded("DTSTAMP") > olds[uid].decoded("DTSTAMP") for uid in olds)


@pytest.mark.parametrize("before", KNOWN)
@pytest.mark.parametrize("after", KNOWN)
def test_what_is_dropped_is_cancelled_in_the_language_of_today(before, after):
    """A title of any language is known again, marked once, and said in the new one; so no old words are kept."""
    stays, goes = event("a", kind="visit", optional=True), event("b", kind="visit", optional=True)
    first = as_ics(calendar([stays, goes]), Options(language=Language(before)))
    second = as_ics(calendar([stays]), Options(language=Language(after)), previous_of([("old.ics", first)]))
    language = Language(after)
    cancelled = language.say("Cancelled: {title}", title=language.say("Clinic visit"))
    assert cancelled in titles(second)
    third = as_ics(calendar([stays]), Options(language=Language(after)), previous_of([("old.ics", second)]))
    assert cancelled in titles(third)


def other_study(one):
    """The same days of another study: every word of it is another, and only its number stays."""
    words = {"label": "XENOTEXT", "position": "XENOTEXT", "why": "XENOTEXT", "activities": ("XENOTEXT",)}
    events = tuple(
        replace(
            e, **words, item=f"xeno-{e.item}", dose=e.dose and "77 XENOTEXT", route=e.route and "XENOTEXT",
            basis="stated" if e.basis == "stated" else "assumed: XENOTEXT", conditions=e.conditions and ("xeno=no",),
        )
        for e in one.events
    )  # fmt: skip
    return replace(one, events=events, title="XENOTEXT", lanes={}, notes=(), arm="xeno")


@pytest.mark.parametrize("code", KNOWN)
def test_a_discreet_file_says_nothing_of_the_study(code):
    """With every word of the study replaced, the file is the same to the byte; with repeats and cancellations too."""
    one = everything()
    for options in (asked(code), asked(code, rrule=True)):
        content = as_ics(one, options)
        assert as_ics(other_study(one), options) == content
        assert b"XENO" not in content
    full = as_ics(one, asked(code, "full"))
    assert b"XENO" in as_ics(other_study(one), asked(code, "full"))
    fewer = replace(one, events=one.events[:-3])
    made = as_ics(fewer, asked(code), previous_of([("old.ics", full)])).decode().casefold()
    assert [word for word in ("umab", "prednis", "blood", "nct0", " mg", "mcg") if word in made] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_doses_are_not_translated(profile):
    """The protocol's words and the dose stay as they are but for the comma of thousands."""
    given = event("a", dose="1,000 mg", route="PO")
    for code in OTHERS:
        (title,) = titles(as_ics(calendar([given]), Options(profile=profile, language=Language(code))))
        assert ("1000 mg" in title, "1,000" in title) == (profile == "full", False)


@pytest.mark.parametrize("code", OTHERS)
def test_many_subjects_have_the_same_files(code):
    """What is written at once for many is, to the byte, what is written for one."""
    options = asked(code)
    ((_, content),) = as_ics_each([("0017", everything())], options)
    assert content == as_ics(everything(), replace(options, subject="0017"))


SAID = {
    "de": (
        "Montag, 4. Januar 2027, 08:00 Europe/Berlin", "Montag, 4. Januar 2027, 08:00–09:30 Europe/Berlin",
        "Freitag, 1. Januar 2027 bis Donnerstag, 7. Januar 2027", "Montag, 4. Januar 2027, 00:00 (Beginn des Tages)",
    ),
    "es": (
        "lunes, 4 de enero de 2027, 08:00 Europe/Berlin", "lunes, 4 de enero de 2027, 08:00–09:30 Europe/Berlin",
        "viernes, 1 de enero de 2027 – jueves, 7 de enero de 2027",
        "lunes, 4 de enero de 2027, 00:00 (comienzo del día)",
    ),
    "fr": (
        "lundi 4 janvier 2027, 08:00 Europe/Berlin", "lundi 4 janvier 2027, 08:00–09:30 Europe/Berlin",
        "vendredi 1 janvier 2027 – jeudi 7 janvier 2027", "lundi 4 janvier 2027, 00:00 (début de la journée)",
    ),
    "zh-Hans": (
        "2027年1月4日星期一 08:00 Europe/Berlin", "2027年1月4日星期一 08:00–09:30 Europe/Berlin",
        "2027年1月1日星期五 至 2027年1月7日星期四", "2027年1月4日星期一 00:00\uff08当天开始\uff09",
    ),
    "en": (
        "Mon 4 Jan 2027 08:00 Europe/Berlin", "Mon 4 Jan 2027 08:00–09:30 Europe/Berlin", "Fri 1 – Thu 7 Jan 2027",
        "Mon 4 Jan 2027 00:00 (start of day)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", KNOWN)
def test_moments_stretches_and_windows(code):
    """Days are said in full, the day of two times and a single day once, and midnight says which one it is."""
    language, at = Language(code), datetime(2027, 1, 4, 8, tzinfo=BERLIN)
    assert SAID[code] == (
        moment_said(at, language),
        span_said(at, at + timedelta(minutes=90), language),
        window_said(DatedWindow(date(2027, 1, 1), date(2027, 1, 7)), language),
        moment_said(datetime(2027, 1, 4), language),  # noqa: DTZ001 - a time whose zone is not known
    )
    assert span_said(ANCHOR, ANCHOR, language) == language.day(ANCHOR)


@pytest.mark.parametrize("code", OTHERS)
def test_a_time_that_comes_twice_says_which(code):
    """When the clock is set back, the difference to UTC tells the two apart."""
    first = datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN)
    language = Language(code)
    assert moment_said(first, language).endswith("02:30 Europe/Berlin (UTC+02:00)")
    assert span_said(first, first.replace(fold=1), language).count("UTC+0") == 2


def test_an_infusion_in_words():
    """How long it runs and when it stops, in the full profile too."""
    content = as_ics(calendar([infusion()]), Options(profile="full", language=Language("de")))
    assert (
        "Infusion: Montag\\, 4. Januar 2027 bis Sonntag\\, 17. Januar 2027\\; Dauer: 14 Tage\\; Ende: Montag\\, "
        "18. Januar 2027" in "\n".join(lines_of(content))
    )


def test_the_command(tmp_path):
    """`--language` is taken, its translation said not to be reviewed, and an unknown one refused."""
    command = ("ics", "belimumab-sle", "--on", "first_dose=2027-01-04", "-o", str(tmp_path / "plan.ics"))
    refused = typed(*command, "--language", "xx")
    assert (refused.code, "choose one of en (English), de (Deutsch)" in refused.err) == (1, True)
    done = typed(*command, "--language", "fr")
    assert done.code == 0
    assert "no clinical translator has reviewed the français texts" in done.out + done.err
    assert "Jour de traitement" in titles((tmp_path / "plan.ics").read_bytes())
