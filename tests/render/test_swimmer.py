"""What does a swimmer plot show of each subject? Against the journals' own facts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from tests.commands import typed
from tests.journals import calendar_after, fact
from tests.journals import facts as facts_of
from tests.render.plots import corners, marks, outside, overlapping, texts
from tests.render.swimmers import START, course, journals

from regimen.errors import RegimenError
from regimen.facts import Fact
from regimen.journal import Journal, read_journal
from regimen.render.swimmer_lanes import AS_PLANNED, Bar, Lane, Mark, lane_of, through
from regimen.render.swimmer_plot import figures, ordered
from regimen.render.swimmer_sheet import Told
from regimen.replays import subject_calendar

UNTIL = date(2027, 8, 1)
LOW, LOWEST = "low (60 mg/m2)", "lowest (45 mg/m2)"
TOLD = Told("Docetaxel, a made-up trial", "many", UNTIL, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twelve subjects' journals."""
    place = tmp_path_factory.mktemp("many")
    list(journals(place, range(1, 13)))
    return place


def read(folder) -> list[Journal]:
    return [read_journal(path) for path in sorted(folder.glob("*.jsonl"))]


def lanes_of(folder, until=UNTIL, **more) -> list[Lane]:
    return [
        lane_of(
            j.opened.subject, j.opened.arm, subject_calendar(j, facts=through(j.facts, until)), j.facts, until, **more
        )
        for j in read(folder)
    ]  # fmt: skip


def day(number: int, offset: int) -> date:
    return START + timedelta(days=3 * number + offset)


def of(folder, number: int, until=UNTIL, **more) -> Lane:
    return next(lane for lane in lanes_of(folder, until, **more) if lane.subject == f"{number:03d}")


# ---------------------------------------------------------------- lanes against facts


def test_doses_are_those_recorded(folder):
    """A lane has a dose on every day that the journal has one, and starts on the first."""
    for lane in lanes_of(folder):
        given = sorted(fact.on for fact in course(int(lane.subject))[1] if fact.what == "given")
        assert list(lane.doses) == given
        assert lane.first == min(given, default=None)


LANES: list[tuple[int, list[tuple[int, int, str, bool]], str]] = [
    (10, [(0, 147, AS_PLANNED, False)], "completed"),
    (1, [(0, 42, AS_PLANNED, False)], "discontinued"),
    (2, [(0, 41, AS_PLANNED, False), (42, 105, LOW, False)], "unknown"),
    (3, [(0, 21, AS_PLANNED, False)], "withdrawn"),
    (6, [(0, 62, AS_PLANNED, False), (63, 147, AS_PLANNED, True)], "unknown"),
    (7, [(0, 41, AS_PLANNED, False), (42, 62, AS_PLANNED, True), (63, 125, LOW, False), (126, 147, LOWEST, False)],
     "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "bars", "end"), LANES)
def test_lanes_by_hand(folder, number, bars, end):
    """A stretch is cut where the dose level changes and where a hold begins or ends."""
    lane = of(folder, number)
    expected = [Bar(day(number, a), day(number, b), level, held) for a, b, level, held in bars]
    if number == 7:  # the eighth cycle is a hold later than planned
        assert [(b.level, b.held) for b in lane.bars] == [(b.level, b.held) for b in expected]
        assert [b.first for b in lane.bars] == [b.first for b in expected]
    else:
        assert list(lane.bars) == expected
    assert lane.end == end


def test_bars_cover_every_day_once(folder):
    """From the first day on treatment to the last every day is in one bar."""
    for lane in lanes_of(folder):
        for before, bar in zip(lane.bars, lane.bars[1:], strict=False):
            assert bar.first == before.last + timedelta(days=1)
        assert lane.days == sum((bar.last - bar.first).days + 1 for bar in lane.bars)


def test_treatment_that_goes_on(folder):
    """Who has doses to come goes on through the day of the plot, on hold or not."""
    until = date(2027, 4, 20)
    for number in (2, 6, 10):
        lane = of(folder, number, until)
        assert (lane.end, lane.bars[-1].last, lane.end_day) == ("ongoing", until, until)
    assert of(folder, 6, until).bars[-1].held


def test_what_comes_after_the_day_is_not_shown(folder):
    """What is recorded for a later day is left out."""
    lane = of(folder, 7, day(7, 50))
    assert [bar.held for bar in lane.bars] == [False, True]
    assert all(one <= day(7, 50) for one in lane.doses)
    assert of(folder, 1, day(1, 50)).end == "ongoing"
    assert of(folder, 1, day(1, 63)).end == "discontinued"


def test_deviations_are_marked(folder):
    """A dose out of its window is marked on its day; visits only when asked."""
    assert of(folder, 5, day(5, 90)).marks == (Mark("outside its window", day(5, 25)),)
    assert Mark("overdue", day(9, 21)) in of(folder, 9).marks
    assert "missed" not in {mark.kind for mark in of(folder, 4).marks}
    assert Mark("missed", day(4, 70)) in of(folder, 4, visits=True).marks


def test_nothing_recorded(folder):
    """A subject without a dose has a lane that says so."""
    lane = of(folder, 8)
    assert (lane.bars, lane.end, lane.days) == ((), "not started", 0)
    assert lane_of("9", "a", None, (), UNTIL).end == "not started"
    left = (Fact("withdrawn", "", date(2027, 1, 1), why="moved", by="AN", number=1),)
    assert lane_of("9", "a", None, left, UNTIL).end == "withdrawn"


TWO_DRUGS = """\
    cycles: every 21 days x4
    doses:
      one: {dose: 5 mg PO, when: day 1}
      two: {dose: 6 mg PO, when: day 1, levels: {low: 3 mg}}
"""


def test_one_of_several_drugs(folder):
    """What one of several drugs is held, reduced or stopped is told by its name; treatment is not on hold."""
    start = date(2027, 1, 4)
    days = [start + timedelta(days=21 * n) for n in range(4)]
    rows = facts_of([
        *(fact("given", f"treatment/c{n}/d1/one", day, by="AN") for n, day in enumerate(days, start=1)),
        fact("given", "treatment/c1/d1/two", days[0], by="AN"),
        fact("held", "two", days[1], why="rash", by="AN"),
        fact("restarted", "two", days[2], level="low", by="AN"),
        fact("given", "treatment/c3/d1/two", days[2], by="AN"),
        fact("discontinued", "two", days[3], why="rash", by="AN"),
    ])  # fmt: skip
    lane = lane_of("1", "main", calendar_after(TWO_DRUGS, start, rows), rows, days[3] + timedelta(days=5))
    assert [(bar.first, bar.level, bar.held) for bar in lane.bars] == [
        (days[0], AS_PLANNED, False), (days[1], "two on hold", False), (days[2], "two low (3 mg)", False),
        (days[3], "two discontinued", False),
    ]  # fmt: skip


# ---------------------------------------------------------------- pictures


def test_bars_are_drawn_where_they_lie(folder):
    """A bar of the picture runs from its first day through its last; lanes are sorted by duration."""
    lanes = lanes_of(folder)
    (painted,) = figures(lanes, TOLD)
    expected = []
    for row, lane in enumerate(ordered(lanes)):
        for bar in lane.bars:
            if not bar.held and bar.level == LOW:
                expected.append((row, (bar.first - lane.first).days, (bar.last - lane.first).days + 1))
    found = [(int(top), left, right) for left, right, top, _ in corners(painted, LOW)]
    assert sorted(found) == sorted(expected)
    assert [lane.days for lane in ordered(lanes)] == sorted((lane.days for lane in lanes), reverse=True)


def test_aligned_by_date(folder):
    """By date a bar lies as many days from the earliest first dose as it began later."""
    lanes = lanes_of(folder)
    (painted,) = figures(lanes, TOLD, align="date")
    starts = sorted(left for left, *_ in corners(painted, AS_PLANNED))
    assert starts == sorted((lane.first - START).days - 3 for lane in lanes if lane.first)


def test_ends_are_marked(folder):
    """Each lane with treatment has one mark for how it ended."""
    lanes = lanes_of(folder)
    (painted,) = figures(lanes, TOLD)
    for end in ("discontinued", "withdrawn", "completed", "unknown"):
        assert len(marks(painted, end)) == sum(lane.end == end and bool(lane.bars) for lane in lanes)


@pytest.mark.parametrize("align", ["day1", "date"])
@pytest.mark.parametrize("theme", ["colour", "grey"])
def test_nothing_lies_on_a_text(folder, align, theme):
    """No two texts overlap and none runs over the edge."""
    for until in (date(2027, 4, 20), UNTIL):
        (painted,) = figures(lanes_of(folder, until, visits=True), TOLD, align=align, theme=theme)
        assert (overlapping(painted), outside(painted)) == ([], [])


def many(number: int) -> Sequence[Lane]:
    bars = lambda n: (Bar(START, START + timedelta(days=20 + n), AS_PLANNED),)  # noqa: E731
    return [Lane(f"{n:04d}", "one", bars(n), (), (START,), "ongoing", START) for n in range(number)]


@pytest.mark.parametrize("number", [1, 5, 40, 41, 200])
def test_from_one_to_two_hundred_subjects(number):
    """Everybody is named once, on one tall page or on pages of A4, and no names touch."""
    for paged in (False, True):
        pages = figures(many(number), TOLD, paged=paged)
        named = [words for page in pages for words in texts(page) if re.fullmatch(r"\d{4}, \d+ d", words)]
        assert len(named) == len(set(named)) == number
        assert all(not overlapping(page) and not outside(page) for page in (pages[0], pages[-1]))
    assert all(abs(page.get_figheight() - 8.27) < 0.01 for page in pages) or len(pages) == 1


def test_long_names():
    """A long key, level or title is shortened, never run over the edge, and $ is a letter."""
    level = "a level $of$ " * 20
    lane = Lane("9" * 200, "arm", (Bar(START, UNTIL, level),), (), (START,), "ongoing", UNTIL)
    (painted,) = figures([lane], Told("T $x$ " * 90, "many", UNTIL, 1, left_out=("a.jsonl: " + "bad " * 200,) * 20))
    assert (overlapping(painted), outside(painted)) == ([], [])


# ---------------------------------------------------------------- the command


def test_written(folder, tmp_path):
    """The files are written by their ending, the same bytes each time, the svg with real text."""
    paths = [str(path) for path in sorted(folder.glob("*.jsonl"))]
    for ending in ("svg", "pdf", "png"):
        for name in ("a", "b"):
            answer = typed("swimmer", *paths, "-o", str(tmp_path / f"{name}.{ending}"))
            assert (answer.code, answer.out) == (0, "")
        assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    svg = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert '<title id="title">Swimmer plot of many</title>' in svg
    assert "001: 43 days, treatment discontinued" in svg
    assert re.search(r"<text[^>]*>dose as planned</text>", svg)


def test_letters_that_no_font_has_are_named():
    """Nothing is drawn as a box: a subject key in letters that no installed font has is refused."""
    lane = Lane("\U000e1234", "arm", (), (), (), "not started", None)
    with pytest.raises(RegimenError, match="No installed font has the letters"):
        figures([lane], TOLD)


def test_a_folder_stands_for_all_its_journals(folder, tmp_path):
    """The plot of a folder is the plot of its journals in the order of their names; other files do not matter."""
    paths = sorted(str(path) for path in folder.glob("*.jsonl"))
    assert typed("swimmer", *paths, "-o", str(tmp_path / "files.svg")).code == 0
    assert typed("swimmer", str(folder), "-o", str(tmp_path / "folder.svg")).code == 0
    assert (tmp_path / "folder.svg").read_bytes() == (tmp_path / "files.svg").read_bytes()


def test_a_folder_without_a_journal_is_refused(tmp_path):
    """It is said what was looked for."""
    answer = typed("swimmer", str(tmp_path), "-o", str(tmp_path / "a.svg"))
    assert (answer.code, answer.out) == (1, "")
    assert "has no journal; journals are files whose names end in .jsonl" in answer.err


def test_a_journal_that_cannot_be_read_is_named(folder, tmp_path):
    """The others are drawn, the plot and the answer name it, and the exit code tells."""
    for name in ("many.yaml", "s001.jsonl", "s002.jsonl"):
        shutil.copy(folder / name, tmp_path / name)
    bad = tmp_path / "s002.jsonl"
    bad.write_bytes(bad.read_bytes().replace(b"neutropenia", b"nothing"))
    target = tmp_path / "a.svg"
    answer = typed("swimmer", str(tmp_path / "s001.jsonl"), str(bad), str(tmp_path / "s003.jsonl"), "-o", str(target))
    assert answer.code == 1
    assert f"not drawn: {bad}" in answer.err
    assert "there is no journal" in answer.err
    written = target.read_text(encoding="utf-8")
    assert "Not drawn: s002.jsonl" in written
    assert "Not drawn: s003.jsonl" in written


def test_nothing_to_draw(tmp_path):
    """Without a journal that can be read nothing is written."""
    target = tmp_path / "a.png"
    answer = typed("swimmer", str(tmp_path / "none.jsonl"), "-o", str(target))
    assert (answer.code, target.exists()) == (1, False)
    assert "there is no journal" in answer.err
    assert typed("swimmer", "-o", str(target)).code == 2


def test_of_one_study_and_each_subject_once(folder, tmp_path):
    """Journals of two studies, or two of one subject, are refused by name."""
    one = str(folder / "s001.jsonl")
    other = "examples/subjects/s001.jsonl"
    answer = typed("swimmer", one, other, "-o", str(tmp_path / "a.png"))
    assert answer.code == 1
    assert "is of study amended" in answer.err
    answer = typed("swimmer", one, one, "-o", str(tmp_path / "a.png"))
    assert "are both of subject 001" in answer.err
    assert typed("swimmer", one, "-o", str(tmp_path / "a.doc")).code == 1
    assert "is not a date" in typed("swimmer", one, "--as-of", "soon", "-o", str(tmp_path / "a.png")).err
