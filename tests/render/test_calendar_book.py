"""Is a calendar's workbook made of real dates and numbers, and does it run nothing that a text says?"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from tests.commands import ROOT, typed
from tests.render.samples import calendar, days_around, event, everything, lupus

from regimen.errors import RegimenError
from regimen.events import Notice
from regimen.render import workbook
from regimen.render.calendar_book import calendar_as_workbook
from regimen.render.workbook import Look, Sheet, as_workbook

openpyxl = pytest.importorskip("openpyxl")

SHEETS = ["Calendar", "Doses", "Visits", "Windows", "Findings"]
SLE = ("calendar", "belimumab-sle", "--on", "first_dose=2027-01-04")
NESTED = ("calendar", str(ROOT / "examples/nested-windows.yaml"), "--on", "first_dose=2027-01-04")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def day(*numbers):
    """A day or a moment as a spreadsheet keeps it, without a zone."""
    return datetime(*numbers)  # noqa: DTZ001


def table(page):
    """Rows by heading."""
    first, *rest = page.iter_rows(values_only=True)
    return [dict(zip(first, row, strict=True)) for row in rest]


def raw_cells(content):
    """A second reader, of the bare XML: each cell's type, value and formula, sheet by sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        shared = "xl/sharedStrings.xml"
        texts = [] if shared not in parts.namelist() else [
            "".join(one.itertext()) for one in ElementTree.fromstring(parts.read(shared))]  # fmt: skip
        for name in sorted(n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")):
            for cell in ElementTree.fromstring(parts.read(name)).iter(f"{MAIN}c"):
                value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
                said = value.text if value is not None else "".join(cell.itertext())
                kind = cell.get("t", "n")
                if kind in ("s", "inlineStr"):
                    kind, said = "text", texts[int(said or 0)] if kind == "s" else said
                yield kind, said, formula


def test_every_event_is_there():
    """14 doses, 8 visits and a milestone; doses and visits on sheets of their own; windows of all but the milestone."""
    book = opened(calendar_as_workbook(lupus()))
    assert book.sheetnames == SHEETS
    sizes = {name: len(table(book[name])) for name in SHEETS}
    assert (sizes["Calendar"], sizes["Doses"], sizes["Visits"], sizes["Windows"]) == (23, 14, 8, 22)
    assert [row["Id"] for row in table(book["Calendar"])] == [e.id for e in lupus()]


def test_dates_are_dates_and_numbers_are_numbers():
    """A date is a date shown as Mon 4 Jan 2027; study days and cycles are numbers, negative ones too."""
    early = event("screen", date(2026, 12, 28), kind="visit", study_day=-7, offset_days=-7, cycle=None)
    timed = event("pk", datetime(2027, 3, 28, 8, 30, tzinfo=ZoneInfo("Europe/Berlin")), study_day=84)
    page = opened(calendar_as_workbook(calendar([early, timed])))["Calendar"]
    first, second = table(page)
    assert (first["Start"], first["Study day"]) == (day(2026, 12, 28), -7)
    assert (second["Start"], second["Time zone"]) == (day(2027, 3, 28, 8, 30), "Europe/Berlin (UTC+02:00)")
    assert page["A2"].number_format == "[$-809]ddd d mmm yyyy"
    assert page["A3"].number_format == "[$-809]ddd d mmm yyyy hh:mm"
    assert page["A2"].is_date
    assert isinstance(first["Study day"], int)


@pytest.mark.parametrize("start", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")'])
def test_no_text_becomes_a_formula(start):
    """What starts with = + - @ or a tab is text in every sheet, read by openpyxl and in the bare XML."""
    bad = event("drug", label=start, dose=start, basis=f"assumed: {start}", why=start, source=start, epoch=start,
                activities=(start,), position=start)  # fmt: skip
    visit = event("visit", kind="visit", label=start, activities=(start,))
    made = calendar([bad, visit], title=start, notes=(start,), conventions=(start,))
    content = calendar_as_workbook(made, more=[Notice("note", start, start, start)])
    cells = list(raw_cells(content))
    assert all(formula is None for _, _, formula in cells)
    texts = [value for kind, value, _ in cells if kind == "text" and value]
    assert not any(text[0] in "=+-@\t\r" for text in texts)
    assert sum(start.strip()[1:] in text for text in texts) >= 8
    for page in opened(content):
        assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_numbers_that_are_negative_stay_numbers():
    """−7 as a study day is a number in the file, without a quote before it."""
    content = calendar_as_workbook(calendar([event("screen", kind="visit", study_day=-7)]))
    assert ("n", "-7") in {(kind, value) for kind, value, _ in raw_cells(content)}


def test_windows_are_coloured_and_said():
    """A window has its colour, its two days, its words, and how many days it is wide on each side."""
    visit = event("visit", date(2027, 1, 11), kind="visit", window=days_around(date(2027, 1, 11), 2, 3))
    other = event("visit", date(2027, 2, 11), kind="visit", id="x")
    page = opened(calendar_as_workbook(calendar([visit, other])))["Windows"]
    one, two = table(page)
    assert (one["Earliest"], one["Latest"]) == (day(2027, 1, 9), day(2027, 1, 14))
    assert (one["Window"], one["Days early"], one["Days late"]) == ("Sat 9 – Thu 14 Jan 2027", 2, 3)
    assert (two["Window"], two["Earliest"]) == ("no window stated", None)
    assert page["B2"].fill.fgColor.rgb.endswith("DDEBF7")
    assert page["D2"].fill.fgColor.rgb == page["B2"].fill.fgColor.rgb
    assert page["D3"].fill.fill_type is None


def test_how_it_stands_on_a_day(tmp_path):
    """With --as-of the status is said and coloured, and what is overdue is among the findings."""
    file = tmp_path / "calendar.xlsx"
    assert typed(*NESTED, "--as-of", "2027-03-08", "-o", str(file)).code == 0
    book = opened(file.read_bytes())
    statuses = [row["Status"] for row in table(book["Windows"])]
    assert "overdue" in statuses
    column = next(cell.column for cell in book["Windows"][1] if cell.value == "Status")
    assert book["Windows"].cell(statuses.index("overdue") + 2, column).fill.fgColor.rgb.endswith("F4B183")
    assert any(row["Level"] == "warning" for row in table(book["Findings"]))


def test_findings_of_the_definition_are_told(tmp_path):
    """What `regimen check` finds is on the sheet of findings, with its place; so are notes and how days are counted."""
    file = tmp_path / "calendar.xlsx"
    assert typed(*SLE, "--format", "xlsx", "-o", str(file)).code == 0
    found = table(opened(file.read_bytes())["Findings"])
    (late,) = (row for row in found if "Sat 2 May 2026" in row["Finding"])
    assert (late["Level"], late["About"]) == ("warning", "belimumab-sle.yaml:12: study.completes")
    assert any(row["Level"] == "convention" and "Week N" in row["Finding"] for row in found)


def test_what_waits_for_a_date_is_told():
    """Events without a date are no rows of the calendar; each is named with what it waits for."""
    found = table(opened(calendar_as_workbook(everything()))["Findings"])
    waiting = [row["About"] for row in found if row["Level"] == "no date"]
    assert waiting == ["follow_up/d30/visit", "follow_up/d60/visit", "follow_up/d90/visit"]


def test_set_up_for_reading_and_paper():
    """The head is frozen and on each page, rows can be filtered, pages are on their side, one wide, and numbered."""
    for page in opened(calendar_as_workbook(lupus())):
        assert page.freeze_panes in ("A2", "B2")
        assert page.auto_filter.ref.startswith("A1:")
        assert (page.print_title_rows, page.page_setup.orientation) == ("$1:$1", "landscape")
        assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in page.oddFooter.right.text
        assert all(page.column_dimensions[cell.column_letter].width > len(str(cell.value)) for cell in page[1])


def test_ids_and_reasons_stay_on_the_screen():
    """The widest columns are not printed, so that the others can be read; they are the last ones."""
    page = opened(calendar_as_workbook(lupus()))["Calendar"]
    printed = re.search(r"\$([A-Z]+)\$\d+$", str(page.print_area))
    assert printed is not None
    last = openpyxl.utils.column_index_from_string(printed[1])
    names = [cell.value for cell in page[1]]
    assert names[last:] == ["Why this date", "Source", "Id"] or names[last:] == ["Why this date", "Id"]


def test_same_bytes():
    """The same calendar gives the same file."""
    assert calendar_as_workbook(everything()) == calendar_as_workbook(everything())


def test_after_a_journal():
    """What happened has columns of its own: planned, due and actual day, the amount, and why."""
    given = event(state="given", planned=date(2027, 1, 4), actual=date(2027, 1, 5), start=date(2027, 1, 5),
                  given="700 mg", because="given (journal line 2)")  # fmt: skip
    (row,) = table(opened(calendar_as_workbook(calendar([given])))["Calendar"])
    assert (row["Planned"], row["Actual"], row["Given"]) == (day(2027, 1, 4), day(2027, 1, 5), "700 mg")
    assert row["State"].startswith("given 700 mg")


def test_an_empty_calendar():
    """No events: five sheets with their heads."""
    book = opened(calendar_as_workbook(calendar()))
    assert book.sheetnames == SHEETS
    assert next(cell.value for cell in book["Doses"][1]) == "Start"


def test_limits_of_spreadsheets(monkeypatch):
    """A text too long for a cell is cut and says so; an old date is words; too many rows are refused."""
    content = as_workbook([Sheet("One", ("a", "b"), [("x" * 40_000, date(1899, 1, 2))])])
    (row,) = table(opened(content)["One"])
    assert (len(row["a"]), row["a"].endswith("(cut here: a cell holds 32,767 characters)")) == (32_767, True)
    assert row["b"] == "Mon 2 Jan 1899"
    monkeypatch.setattr(workbook, "_MOST_ROWS", 3)
    with pytest.raises(RegimenError, match="--format csv"):
        as_workbook([Sheet("One", ("a",), [("x",)] * 3, Look())])


def test_a_workbook_needs_a_file():
    """A workbook is not printed on the screen."""
    answer = typed(*SLE, "--format", "xlsx")
    assert answer.code != 0
    assert "-o calendar.xlsx" in answer.err
