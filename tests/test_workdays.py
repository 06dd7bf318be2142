"""When is a site open? Weekends, public holidays against tables written by hand, closures, and what is refused."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st
from tests.commands import process

from regimen.errors import RegimenError
from regimen.timing import WEEKDAY_WORDS
from regimen.workdays import Closure, Site, holidays_version, known_region

SATURDAY = date(2027, 1, 9)
pytest.importorskip("holidays")


def year_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=n) for n in range(366) if (date(year, 1, 1) + timedelta(n)).year == year]


# ---------------------------------------------------------------- weekends and closures


@pytest.mark.parametrize(
    ("weekend", "day", "why"),
    [
        ((5, 6), SATURDAY, "Saturday"),
        ((5, 6), date(2027, 1, 10), "Sunday"),
        ((5, 6), date(2027, 1, 11), ""),
        ((4, 5), date(2027, 1, 8), "Friday"),
        ((4, 5), date(2027, 1, 10), ""),
        ((), SATURDAY, ""),
    ],
)
def test_weekend(weekend, day, why):
    """The weekend is Saturday and Sunday unless another one is given; a ward that never closes has none."""
    site = Site(weekend)
    assert site.why_closed(day) == why
    assert site.is_open(day) is (not why)


def test_a_site_that_never_opens_is_refused():
    """Seven days of weekend cannot be meant."""
    with pytest.raises(RegimenError, match="never be open"):
        Site(tuple(range(7)))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2027, 12, 23), ""),
        (date(2027, 12, 24), "closed: Christmas closure"),
        (date(2027, 12, 31), "closed: Christmas closure"),
        (date(2028, 1, 3), ""),
        (date(2027, 12, 25), "Saturday; closed: Christmas closure"),
        (date(2027, 6, 1), "closed"),
    ],
)
def test_closures(day, why):
    """Both ends of a closure are closed, its reason is told, and every reason of a day is told."""
    christmas = Closure(date(2027, 12, 24), date(2027, 12, 31), "Christmas closure")
    assert Site(closures=(christmas, Closure(date(2027, 6, 1), date(2027, 6, 1)))).why_closed(day) == why


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sets(st.integers(0, 6), max_size=6))
def test_weekend_law(day, weekend):
    """Without holidays and closures exactly the weekdays of the weekend are closed."""
    assert Site(tuple(weekend)).why_closed(day) == (WEEKDAY_WORDS[day.weekday()] if day.weekday() in weekend else "")


# ---------------------------------------------------------------- public holidays

BY_HAND = {
    ("DE-BY", 2026): "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 12-25",
    ("DE-BY", 2027): "01-01 01-06 03-26 03-29 05-06 05-17 05-27 11-01",
    ("US-NY", 2026): "01-01 01-19 02-12 02-16 05-25 06-19 07-03 09-07 10-12 11-03 11-11 11-26 12-25",
    ("US-NY", 2027): "01-01 01-18 02-12 02-15 05-31 06-18 07-05 09-06 10-11 11-02 11-11 11-25 12-24 12-31",
    ("GB-ENG", 2026): "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    ("GB-ENG", 2027): "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
"""The holidays of each region and year that fall on Monday to Friday, or are kept there, written down by hand."""


@pytest.mark.parametrize(("region", "year"), BY_HAND)
def test_holidays_against_a_table_written_by_hand(region, year):
    """The closed days from Monday to Friday are the public holidays of the region, no more and no fewer."""
    closed = [day for day in year_of(year) if day.weekday() < 5 and not Site(region=region).is_open(day)]
    assert " ".join(day.isoformat()[5:] for day in closed) == BY_HAND[region, year]


@pytest.mark.parametrize("year", range(2000, 2060))
def test_movable_feasts_follow_easter(year):
    """Good Friday, Easter Monday, Ascension, Whit Monday and Corpus Christi keep their distance from Easter Sunday."""
    site = Site((), "DE-BY")
    for days in (-2, 1, 39, 50, 60):
        assert "public holiday" in site.why_closed(easter(year) + timedelta(days=days))


@pytest.mark.parametrize(
    ("written", "region"),
    [("DE-BY", "DE-BY"), ("de-by", "DE-BY"), (" us-ny ", "US-NY"), ("GB-ENG", "GB-ENG"), ("DE", "DE"), ("ZA", "ZA")],
)
def test_regions(written, region):
    """A region is a country or a part of one, in any case of letters."""
    assert known_region(written) == region
    assert Site(region=written).region == region


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("germany", "Did you mean DE?"),
        ("United Kingdom", "Did you mean GB?"),
        ("DE-BX", "Did you mean DE-BY?"),
        ("DE-BX", "its parts are BB, BE, BW, BY"),
        ("VA-X", "it has no parts, so write VA"),
        ("nowhere at all", "write a country, such as DE"),
    ],
)
def test_unknown_regions(written, said):
    """A region that is not known is refused, with the nearest one or all parts of the country."""
    with pytest.raises(RegimenError, match="no public holidays are known") as error:
        Site(region=written)
    assert said in str(error.value)


def test_years_without_known_holidays():
    """Years for which the library has no holidays are named; nobody takes them for years without holidays."""
    assert Site(region="US-NY").unknown_years([2027, 2101]) == (2101,)
    assert Site(region="IN").unknown_years([2030, 2036]) == (2036,)
    assert Site().unknown_years([2027, 2101]) == ()


@pytest.mark.parametrize("language", ["", "de", "uk"])
def test_names_do_not_depend_on_the_machine(language):
    """The names of holidays are English whatever the language of the machine is."""
    code = "from datetime import date; from regimen.workdays import Site; "
    code += "print(Site(region='DE-BY').why_closed(date(2027, 3, 26)))"
    done = process(code=code, env={"LANGUAGE": language, "LANG": f"{language}_XX.UTF-8"})
    assert done.stdout.decode().strip() == "public holiday: Good Friday"


def test_without_the_library(monkeypatch):
    """Without the package a region says how to get it; a weekend needs no package."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    known_region.cache_clear()
    assert Site().why_closed(SATURDAY) == "Saturday"
    with pytest.raises(RegimenError, match=r"pip install 'regimen\[holidays\]'"):
        Site(region="DE-BY")
    known_region.cache_clear()


def test_the_version_is_known():
    """The version of the holidays can be printed."""
    assert holidays_version()[0].isdigit()
