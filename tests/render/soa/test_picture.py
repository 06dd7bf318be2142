"""Is the picture of a schedule whole and legible, and the same every time?"""

from __future__ import annotations

from itertools import combinations

import pytest
from tests.build import study_of, text_of
from tests.golden.schedules import NAMES, grid_of

from regimen.definition.loading import load_study
from regimen.errors import RegimenError
from regimen.render import soa

pytest.importorskip("matplotlib")

from matplotlib.text import Text

from regimen.render.soa.picture import as_picture, figure


def placed(painted):
    painted.draw_without_rendering()
    texts = [one for one in painted.findobj(Text) if one.get_text().strip()]
    return [(one, one.get_window_extent()) for one in texts]


def named(label, when="day 1"):
    """A grid whose one visit has this name."""
    text = text_of(doses={}, visits={"clinic": when})
    return soa.schedule(load_study(text.replace("clinic: {", f"clinic: {{visit: '{label}', ")))


@pytest.mark.parametrize("name", NAMES)
def test_no_text_lies_on_another_or_leaves_the_sheet(name):
    """Computed from the figure: the boxes of all letters, by twos, and against the edges."""
    painted = figure(grid_of(name))
    found = placed(painted)
    sheet = painted.bbox
    assert all(box.x0 >= 0 and box.x1 <= sheet.x1 and box.y0 >= 0 and box.y1 <= sheet.y1 for _, box in found)
    for (one, box), (other, beside) in combinations(found, 2):
        across = min(box.x1, beside.x1) - max(box.x0, beside.x0)
        down = min(box.y1, beside.y1) - max(box.y0, beside.y0)
        assert across <= 0.5 or down <= 2, (one.get_text(), other.get_text())


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_the_grid_is_painted(name):
    """Labels, marks, footnotes and remarks: as many words as the grid has, where its panels are few."""
    grid = grid_of(name)
    words = " ".join(one.get_text() for one, _ in placed(figure(grid)))
    painted = words.replace(" ", "")
    for text in (*(row.label for row in grid.rows), *(text for _, text in grid.footnotes), *grid.remarks):
        assert all(word in painted for word in text.split())
    marks = sum(cell.text == "X" for row in grid.rows for cell in row.cells.values())
    assert sum(one.get_text() == "X" for one, _ in placed(figure(grid))) == marks


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_same_bytes_in_each_format(kind, start):
    """Two pictures of one schedule are the same file."""
    grid = grid_of("blinatumomab-maintenance")
    one, two = as_picture(grid, kind), as_picture(grid, kind)
    assert one == two
    assert one.startswith(start)


@pytest.mark.parametrize(("label", "word"), [("\U000e1234 glyphs", "No installed font")])
def test_what_cannot_be_drawn_is_refused(label, word):
    """No boxes instead of letters: a sentence that names the page as the way out."""
    with pytest.raises(RegimenError, match=word) as refused:
        as_picture(named(label), "png")
    assert "schedule.html" in str(refused.value)


@pytest.mark.parametrize("label", ["A" * 200, "word " * 40])
def test_long_names_are_broken(label):
    """A name of 200 letters is broken over lines inside its cell."""
    painted = figure(named(label, "days 1, 2"))
    assert all(box.x1 <= painted.bbox.x1 for _, box in placed(painted))


def test_empty_and_one():
    """No event is a sentence, one event a table of one column."""
    empty = figure(soa.schedule(load_study(text_of(doses={}, lasts="12 w"))))
    assert any("nothing is planned" in one.get_text() for one, _ in placed(empty))
    one = figure(soa.schedule(study_of(when="day 1")))
    assert sum(text.get_text() == "X" for text, _ in placed(one)) == 1
