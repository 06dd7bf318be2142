"""Is the HTML page of a schedule whole, safe and readable by a screen reader?"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from tests.build import text_of
from tests.golden.schedules import FORTY, NAMES, grid_of

from regimen.definition.loading import load_study
from regimen.render import soa
from regimen.render.soa.html_page import as_html
from regimen.safetext import unsafe

VOID = frozenset({"meta", "br"})
DANGEROUS = (
    "<script>alert(1)</script>", "a \"quoted\" & 'named' <b>", "</table></body>", "化学療法 & 血液", "דם <i>ספירת</i>",
)  # fmt: skip


class Page(HTMLParser):
    """A strict reader: every tag closes where it should; tables, ids and texts are kept."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tables: list[list[list[tuple[str, dict[str, str | None]]]]] = []
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        assert len(about) == len(attrs), f"an attribute of {tag} is given twice"
        self.tags.append((tag, about))
        if "id" in about:
            self.ids.append(about["id"])
        if tag == "a":
            self.links.append(about["href"])
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            assert self.open[-1] == "tr"
            self.tables[-1][-1].append((tag, about))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip() and (not self.open or self.open[-1] != "style"):
            self.texts.append(data)


@pytest.mark.parametrize("name", NAMES)
def test_every_tag_closes_and_every_row_is_as_wide(name):
    """Tags nest, ids are there once, links lead to footnotes, and all rows of a table have as many columns."""
    page = Page(as_html(grid_of(name)))
    assert len(page.ids) == len(set(page.ids)) == len(grid_of(name).footnotes)
    assert {link.removeprefix("#") for link in page.links} == set(page.ids)
    for table in page.tables:
        assert len({sum(int(about.get("colspan", 1)) for _, about in row) for row in table}) == 1
    assert not any(unsafe(text) for text in page.texts)


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_reader_knows_what_heads_what(name):
    """The language is said, each table has its caption and region, each head its scope, each row a head of its own."""
    text = as_html(grid_of(name))
    page = Page(text)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert text.count("<caption>") == len(page.tables) == text.count('role="region" tabindex="0" aria-label=')
    for table in page.tables:
        assert all(row[0][0] == "th" and row[0][1]["scope"] in ("row", "rowgroup") for row in table)
        assert all("scope" in about for row in table for tag, about in row if tag == "th")


def test_nothing_is_loaded():
    """The page is one file: no script, no address of anything, and print rules for a sheet on its side."""
    text = as_html(grid_of(FORTY))
    assert not any(word in text for word in ("<script", "http:", "https:", "src=", "@import", "url("))
    for rule in ("size: landscape", "display: table-header-group", "position: sticky"):
        assert rule in text


def test_same_grid_same_page():
    """Two pages of one schedule are the same text."""
    assert as_html(grid_of("blinatumomab-mrd")) == as_html(grid_of("blinatumomab-mrd"))


@pytest.mark.parametrize("label", DANGEROUS)
def test_names_are_shown_and_never_run(label):
    """A name with signs of HTML is read as it is written, wherever it stands; other directions keep to themselves."""
    quoted = label.replace("'", "''")
    text = text_of(doses={}, visits={"clinic": "days 1, 8"}).replace("A small study", f"'{quoted}'")
    study = load_study(text.replace("clinic: {", f"clinic: {{visit: '{quoted}', activities: ['{quoted}'], "))
    text = as_html(soa.schedule(study))
    page = Page(text)
    assert sum(label in shown.replace("\u00a0", " ") for shown in page.texts) >= 4
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "div", "table", "caption", "thead", "tbody",
        "tr", "th", "td", "span", "sup", "a", "bdi", "dl", "dt", "dd", "ul", "li"}  # fmt: skip
    assert label.isascii() or f"<bdi>{label.partition(' ')[0]}" in text


def test_an_empty_schedule_says_so():
    """No columns: a sentence, and no table."""
    text = as_html(soa.schedule(load_study(text_of(doses={}, lasts="12 w"))))
    assert "nothing is planned" in text
    assert "<table" not in text
    Page(text)


def test_long_names_stay_inside():
    """A name of 200 letters is broken by the page's own rules, not cut."""
    text = text_of(doses={}, visits={"clinic": "day 1"})
    study = load_study(text.replace("clinic: {", f"clinic: {{visit: {'A' * 200}, "))
    assert "A" * 200 in as_html(soa.schedule(study))
    assert "overflow-wrap" in as_html(soa.schedule(study))
