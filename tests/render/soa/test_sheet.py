"""Does the spreadsheet of a schedule say what the grid says?"""

from __future__ import annotations

import io

import pytest
from tests.golden.schedules import NAMES, grid_of

from regimen.render.soa.sheet import as_workbook

openpyxl = pytest.importorskip("openpyxl")


def opened(name):
    return openpyxl.load_workbook(io.BytesIO(as_workbook(grid_of(name))))


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_is_that_of_the_grid(name):
    """Heads, labels and cells are where the grid has them; days are numbers; footnotes are on their own sheet."""
    grid, book = grid_of(name), opened(name)
    page = book["Schedule of activities"]
    heads = len(grid.heads)
    assert [page.cell(n, 1).value for n in range(1, heads + 1)] == list(grid.heads)
    rows = {page.cell(n, 1).value.partition(" [")[0]: n for n in range(heads + 1, page.max_row + 1)}
    for row in grid.rows:
        shown = [page.cell(rows[row.label], n + 2).value for n in range(len(grid.columns))]
        assert [text or "" for text in shown] == [
            row.cells[n].text if n in row.cells else "" for n in range(len(grid.columns))]  # fmt: skip
    notes = list(book["Footnotes"].iter_rows(min_row=2, values_only=True))
    assert [(mark, text) for mark, text in notes if mark] == list(grid.footnotes)


def test_days_are_numbers_and_heads_are_joined():
    """Study day 36 is a number; the epoch is one cell over its columns; the head and the labels stay in sight."""
    page = opened("belimumab-cll")["Schedule of activities"]
    assert [page.cell(2, n).value for n in range(2, 8)] == [1, 8, 15, 22, 29, 36]
    assert [str(area) for area in page.merged_cells.ranges] == ["B1:R1"]
    assert page.freeze_panes == "B3"
    assert (page.print_title_rows, page.print_title_cols) == ("$1:$2", "$A:$A")
    assert page.page_setup.orientation == "landscape"


def test_what_may_not_happen_is_told_by_word_and_colour():
    """(X) is grey and in brackets, X is not."""
    page = opened("blinatumomab-mrd")["Schedule of activities"]
    (line,) = (n for n in range(1, page.max_row + 1) if str(page.cell(n, 1).value).startswith("blinatumomab"))
    assert (page.cell(line, 3).value, page.cell(line, 4).value) == ("X", "(X)")
    assert page.cell(line, 4).fill.fgColor.rgb != page.cell(line, 3).fill.fgColor.rgb


def test_same_bytes():
    """The same schedule gives the same file."""
    assert as_workbook(grid_of("belimumab-sle")) == as_workbook(grid_of("belimumab-sle"))
