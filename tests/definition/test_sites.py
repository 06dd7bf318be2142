"""What may a site file say? Weekend, region and closures, and one problem for each mistake, with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from regimen.definition.sites import KEYS, load_site, read_closure, read_weekdays
from regimen.errors import RegimenError, SiteError
from regimen.workdays import Closure, Site


def test_a_site_file(tmp_path):
    """A YAML or JSON file says name, weekend, region and closures; every key may be left out."""
    pytest.importorskip("holidays")
    text = """
name: Clinic 12
weekend: [Fri, Sat]
region: de-by
closures:
  2027-12-24 to 2027-12-31: Christmas closure
  2027-06-01:
"""
    christmas = Closure(date(2027, 12, 24), date(2027, 12, 31), "Christmas closure")
    closures = (christmas, Closure(date(2027, 6, 1), date(2027, 6, 1)))
    expected = Site((4, 5), "DE-BY", closures, "Clinic 12")
    assert load_site(text) == expected
    path = tmp_path / "site.yaml"
    path.write_text(text, encoding="utf-8")
    assert load_site(Path(path)) == expected
    assert load_site('{"closures": ["2027-06-01", "2027-06-03..2027-06-04"]}') == Site(
        closures=(Closure(date(2027, 6, 1), date(2027, 6, 1)), Closure(date(2027, 6, 3), date(2027, 6, 4)))
    )


@pytest.mark.parametrize(
    ("weekend", "days"),
    [("[Sat, Sun]", (5, 6)), ("Fri, Sat", (4, 5)), ("Friday and Saturday", (4, 5)), ("Sun", (6,)), ("[]", ())],
)
def test_weekends(weekend, days):
    """Weekdays may be listed or written as text; [] is a site without a weekend."""
    assert load_site(f"weekend: {weekend}\n").weekend == days


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["site.yaml:1:1: the file is empty"]),
        ("weekned: [Sat]\n", ["site.yaml:1:1: weekned: the key 'weekned' is not known here", "did you mean weekend?"]),
        ("weekend: [Sut]\n", ["site.yaml:1:10: weekend: 'Sut' names no weekdays"]),
        ("weekend:\n", ["weekend: found nothing"]),
        ("weekend: [[Sat]]\n", ["weekend: found a list"]),
        ("weekend: Mon-Sun\n", ["never be open"]),
        ("name: [a]\n", ["site.yaml:1:7: name: found a list"]),
        ("closures: soon\n", ["site.yaml:1:11: closures: found 'soon'"]),
        ("closures:\n  2027-02-30: x\n", ["site.yaml:2:3:", "February 2027 has 28 days"]),
        ("closures:\n  - 2027-03-04 to 2027-03-01\n", ["site.yaml:2:5:", "ends before it begins"]),
        ("closures:\n  2027-03-04: {a: b}\n", ["found keys with values"]),
        ("closures:\n  2027-01-01 to 2027-01-02 to 2027-01-03: x\n", ["is not understood"]),
        ("weekend: [Sut]\nclosures: {in May: x}\n", ["1:10: weekend", "'in May' is not a date"]),
        ("closures: {2027-01-01: a, 2027-01-01: b}\n", ["is written twice"]),
    ],
)
def test_mistakes(text, problems):
    """Every mistake of a file is told at once, each with line, column and key."""
    with pytest.raises(SiteError) as error:
        load_site(text, name="site.yaml")
    for problem in problems:
        assert problem in str(error.value)


def test_an_unknown_region_of_a_file():
    """A region that is not known is a problem of its line."""
    pytest.importorskip("holidays")
    with pytest.raises(SiteError, match=r"site.yaml:2:9: region: no public holidays are known for the part 'XX' of DE"):
        load_site("name: a\nregion: DE-XX\n", name="site.yaml")


@pytest.mark.parametrize(
    ("text", "days"), [("Mon-Thu", (0, 1, 2, 3)), ("Tue, Thu", (1, 3)), ("monday and friday", (0, 4)), ("Sun", (6,))]
)
def test_weekdays(text, days):
    """Weekdays are listed or a range, short or in full."""
    assert read_weekdays(text) == days


@pytest.mark.parametrize("text", ["", "Mon x3", "every 2nd of Mon-Fri", "today", "Mon then Tue", "Mon-"])
def test_what_is_no_weekday(text):
    """Anything else is refused with an example."""
    with pytest.raises(RegimenError, match="write them such as Sat, Sun or Mon-Thu"):
        read_weekdays(text)


@pytest.mark.parametrize("text", ["2027-01-01 to 2027-01-03", "2027-01-01..2027-01-03", "2027-01-01 – 2027-01-03"])
def test_closed_days(text):
    """Closed days are a date, or two with to or .. between them."""
    assert read_closure(text, " away ") == Closure(date(2027, 1, 1), date(2027, 1, 3), "away")


def test_every_key_is_described():
    """The keys of a site file each say what they are for."""
    assert list(KEYS) == ["name", "weekend", "region", "closures"]


def test_the_page_shows_the_example():
    """The site file on the page is the one in the examples folder, and it can be read."""
    pytest.importorskip("holidays")
    root = Path(__file__).resolve().parents[2]
    text = (root / "examples" / "sites" / "clinic.yaml").read_text(encoding="utf-8")
    assert f"```text\n{text}```" in (root / "docs" / "windows.md").read_text(encoding="utf-8")
    assert load_site(text).region == "DE-BY"
