"""Does the plot show the calendar, whole, legible and the same every time?"""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("matplotlib")

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from tests.render.gantt_trials import TRIALS, belimumab_leukaemia, blinatumomab_mrd, calendar, event, three_days

from regimen.errors import RegimenError
from regimen.events import Calendar, Waiting
from regimen.render import gantt


def texts(figure: Figure) -> list[Text]:
    """Every text that is painted, ticks included."""
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def places(figure: Figure) -> dict[Text, Bbox]:
    """Where the letters are, in dots."""
    figure.draw_without_rendering()
    canvas: Any = figure.canvas
    return {text: Text.get_window_extent(text, canvas.get_renderer()) for text in texts(figure)}


def chart(figure: Figure) -> Any:
    return next(axes for axes in figure.axes if axes.get_label() == "chart")


def collections(figure: Figure, label: str) -> list[Any]:
    return [found for found in chart(figure).collections if found.get_label() == label]


def spans(figure: Figure, label: str) -> set[tuple[float, float]]:
    """From where to where each box reaches, in days from day 0."""
    outlines = [path.vertices.reshape(-1, 5, 2) for found in collections(figure, label) for path in found.get_paths()]
    paths = [box[:, 0] for boxes in outlines for box in boxes]
    return {(float(min(x)), float(max(x))) for x in paths}


def long_words() -> Calendar:
    found = [event("drug", n, dose="word " * 40, label="letters" * 30, route="x" * 200) for n in (0, 9, 30)]
    found.append(event("visit", 3, kind="visit", label="W" * 200, epoch="E" * 200))
    found += [event("m", n, kind="milestone", label="M" * 200) for n in (0, 1, 1, 15, 30)]
    waiting = (Waiting("w" * 200, ("a",), ""), Waiting("word " * 40, ("a",), ""))
    anchors = {f"anchor {n} " + "a" * 90: found[0].start for n in range(4)}
    return calendar(found, title="T" * 200, arm="long " * 40, lanes={}, anchors=anchors, waiting=waiting)


def sixty_lanes() -> Calendar:
    return calendar([event(f"drug {n}", 3 * n, last=3 * n + n % 5, dose=f"{n + 1} mg") for n in range(60)])


def many_milestones() -> Calendar:
    found = [event("m", 3 * n, kind="milestone", label=f"Milestone number {n}", id=f"m{n}") for n in range(25)]
    same_day = [event("m", 40, kind="milestone", label=f"On one day {n}", id=f"s{n}") for n in range(4)]
    return calendar([*found, *same_day, event("drug", 80)])


def weekly_cycles() -> Calendar:
    return calendar([event("drug", 7 * n, cycle=n + 1, day=1) for n in range(150)])


def foreign_letters() -> Calendar:
    label = "Лекарство\x00\u202e$x^2$ \\frac ♥"
    return calendar([event("φ", n, dose="10 ħ", label=label) for n in range(0, 30, 7)], title="Λευχαιμία", lanes={})


CROWDED: dict[str, Callable[[], Calendar]] = {
    "long_words": long_words,
    "sixty_lanes": sixty_lanes,
    "many_milestones": many_milestones,
    "weekly_cycles": weekly_cycles,
    "foreign_letters": foreign_letters,
    "one_event": lambda: calendar([event("drug", 0)]),
    "only_milestones": lambda: calendar([event("m", 5, kind="milestone")]),
    "ten_years": lambda: calendar([event("drug", n) for n in range(0, 3700, 90)]),
    "eleven_weeks": lambda: calendar([event("drug", n) for n in range(0, 77, 7)]),
}


@pytest.mark.parametrize("width", [6.0, 11.0])
@pytest.mark.parametrize("make", (TRIALS | CROWDED).values(), ids=(TRIALS | CROWDED).keys())
def test_no_text_lies_on_another_or_leaves_the_page(make: Callable[[], Calendar], width: float) -> None:
    """Whatever the names and the time, each text stands alone and whole on the page."""
    figure = gantt.figure(make(), width=width)
    found = places(figure)
    page = Bbox.from_bounds(0, 0, figure.bbox.width, figure.bbox.height)
    assert [t.get_text() for t, box in found.items() if not (page.contains(*box.min) and page.contains(*box.max))] == []
    inner = {text: box.padded(-0.5) for text, box in found.items()}
    touching = [(a.get_text(), b.get_text()) for a, b in combinations(inner, 2) if inner[a].overlaps(inner[b])]
    assert touching == []


def test_lanes_stand_in_protocol_order() -> None:
    """One lane per drug and kind of visit, from top to bottom as the protocol lists them; milestones have none."""
    names = ["belimumab", "rituximab", "venetoclax"]
    found = {text.get_text(): box.y0 for text, box in places(gantt.figure(belimumab_leukaemia())).items()}
    assert sorted(names, key=lambda name: -found[name]) == names
    assert "m" not in words(gantt.figure(many_milestones()))


def test_a_daily_run_is_one_bar_per_dose_level() -> None:
    """765 daily doses at five levels are five bars, each ending where the next begins."""
    figure = gantt.figure(belimumab_leukaemia())
    assert spans(figure, "dose boxes") == {(0, 7), (7, 14), (14, 21), (21, 28), (28, 765)}
    assert "400 mg" in words(figure)


def test_single_doses_are_marks_on_their_days() -> None:
    """A dose on a whole day sits in the middle of that day, a dose at a time at its time."""
    figure = gantt.figure(belimumab_leukaemia())
    marks = [tuple(found.get_offsets()[:, 0]) for found in collections(figure, "dose dots")]
    assert tuple(35.5 + 28 * n for n in range(6)) in marks
    assert tuple(7 * n + 0.5 for n in range(105)) in marks
    clock = [found.get_offsets() for found in collections(gantt.figure(three_days()), "dose dots")]
    assert [round(24 * x, 6) for x, _ in clock[0]] == [8, 20, 32, 44, 56, 68]


def test_visits_have_another_shape_than_doses() -> None:
    """A dose and a visit are told apart without colour."""
    figure = gantt.figure(TRIALS["lupus"]())
    (doses,), (visits,) = collections(figure, "dose dots"), collections(figure, "visit dots")
    assert len(doses.get_paths()[0]) != len(visits.get_paths()[0])


def test_what_is_not_decided_is_hatched_and_what_is_optional_is_dashed() -> None:
    """Tentative infusions are hatched, optional ones dashed, the sure one is neither, and the key says so."""
    figure = gantt.figure(blinatumomab_mrd())
    states = {
        (bool(found.get_hatch()), found.get_linestyle()[0][1] is not None): sum(
            len(path.vertices) // 5 for path in found.get_paths()
        )
        for found in collections(figure, "dose boxes")
    }
    assert states == {(False, False): 1, (False, True): 4, (True, True): 4}
    assert {"hatched or dotted: not decided", "dashed: optional, may not happen"} <= set(words(figure))


def test_windows_are_bands_with_both_ends_inside() -> None:
    """A window of 3 days around day 14 covers days 11 to 17 whole, and only then does the key speak of windows."""
    figure = gantt.figure(TRIALS["lupus"]())
    assert (11.0, 18.0) in spans(figure, "window boxes")
    assert (11.0, 18.0) in spans(figure, "preferred window boxes")
    assert "light band: window" in words(figure)
    assert "light band: window" not in words(gantt.figure(belimumab_leukaemia()))


def test_screening_is_a_bar_from_its_first_day_to_its_last() -> None:
    """An interval visit covers its days, both ends inside."""
    assert spans(gantt.figure(blinatumomab_mrd()), "visit boxes") == {(-28.0, -13.0)}


def test_epochs_and_cycles_are_named_bands() -> None:
    """Each epoch has its name and each cycle its number, also where the band is too short for it."""
    found = words(gantt.figure(blinatumomab_mrd()))
    assert {"Screening", "Treatment", "Maintenance", "Follow-up"} <= set(found)
    assert [found.count(f"C{n}") for n in (1, 2, 3, 4, 5)] == [2, 2, 2, 2, 1]


def test_milestones_are_lines_with_labels() -> None:
    """A milestone is a line at its day, dotted when it is not decided."""
    figure = gantt.figure(blinatumomab_mrd())
    (lines,) = collections(figure, "milestones")
    drawn = {
        float(path.vertices[0, 0]): style[1] is not None
        for path, style in zip(lines.get_paths(), lines.get_linestyle(), strict=True)
    }
    assert drawn == {210.5: False, 575.5: True, 1122.5: True}
    assert "Decision: transplant or maintenance" in words(figure)


def test_the_page_says_what_when_and_how_far_to_trust_it() -> None:
    """Title with arm, anchors in words, the warning, and what was assumed or could not be dated."""
    found = words(gantt.figure(TRIALS["maintenance"]()))
    assert "Blinatumomab maintenance after transplant · Arm A" in found
    assert "first dose Mon 4 Jan 2027" in found
    assert "Planning aid: verify every date against the protocol." in found
    assert "Not drawn, no date yet: 2 events waiting for transplant." in found
    assert "assumed" in found


def test_two_axes_dates_below_and_study_days_above() -> None:
    """Every date tick names its year, and the tick of the anchor's day says Day 1."""
    axes = chart(gantt.figure(TRIALS["maintenance"]()))
    (upper,) = axes.child_axes
    below, above = [t.get_text() for t in axes.get_xticklabels()], [t.get_text() for t in upper.get_xticklabels()]
    assert below[1:3] == ["Feb\n2027", "Mar\n2027"]
    assert dict(zip(upper.get_xticks(), above, strict=True))[0.5] == "Day 1"
    assert above[:3] == ["Day 1", "Day 29", "Day 57"]


def test_names_are_written_as_they_are() -> None:
    """Dollar signs in a name are letters, not the start of a formula."""
    found = texts(gantt.figure(foreign_letters()))
    assert any("$x^2$" in text.get_text() for text in found)
    assert not any(text.get_parse_math() for text in found if "$" in text.get_text())


def test_one_artist_for_all_that_look_alike() -> None:
    """Thousands of events make few artists."""
    assert len(chart(gantt.figure(belimumab_leukaemia())).collections) < 20


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_calendar_gives_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    """A plot saved twice is the same file twice, of the kind its name says."""
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix.upper()}"
    for path in (first, second):
        gantt.save(blinatumomab_mrd(), path)
    content = first.read_bytes()
    assert content == second.read_bytes()
    assert content.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[suffix])
    assert not any(stamp in content for stamp in (b"CreationDate", b"<dc:date>", b"Creation Time"))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.name, second.name])


def test_the_readers_own_settings_change_nothing(tmp_path: Path) -> None:
    """Another default font or hatch in matplotlib's settings leaves the file as it is."""
    import matplotlib

    gantt.save(blinatumomab_mrd(), tmp_path / "a.svg")
    with matplotlib.rc_context({"font.size": 30, "hatch.linewidth": 5, "svg.fonttype": "path"}):
        gantt.save(blinatumomab_mrd(), tmp_path / "b.svg")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_themes_differ_in_colour_only(tmp_path: Path) -> None:
    """The grey theme has the same shapes in other colours, all of them grey where the drugs are."""
    colour, grey = gantt.figure(TRIALS["lupus"]()), gantt.figure(TRIALS["lupus"](), theme="grey")
    assert words(colour) == words(grey)
    red, green, blue, _ = collections(grey, "dose dots")[0].get_facecolor()[0]
    assert red == green == blue
    assert len(set(collections(colour, "dose dots")[0].get_facecolor()[0][:3])) > 1


@pytest.mark.parametrize("name", ["plot.jpg", "plot", "plot.png.txt"])
def test_another_ending_is_refused(tmp_path: Path, name: str) -> None:
    """The refusal names the file and lists the endings that work."""
    with pytest.raises(RegimenError, match=rf"{name}.*\.png, \.svg or \.pdf"):
        gantt.save(blinatumomab_mrd(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the new file cannot take the old one's place, the old one is untouched and nothing is left beside it."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "plot.svg"
    path.write_text("old", encoding="utf-8")
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(RegimenError, match=r"plot\.svg.*Permission denied"):
        gantt.save(blinatumomab_mrd(), path)
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("plot.svg", "old")]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A plot is not saved into a folder that does not exist."""
    with pytest.raises(RegimenError, match="does not exist; make it first"):
        gantt.save(blinatumomab_mrd(), tmp_path / "nowhere" / "plot.png")


def test_an_empty_calendar_is_refused() -> None:
    """Nothing to draw is said in a sentence, with what still waits."""
    empty = calendar([], waiting=(Waiting("transplant", ("a", "b"), ""),))
    with pytest.raises(RegimenError, match=r"nothing to draw.*Arm A.*2 events still wait"):
        gantt.figure(empty)


@pytest.mark.parametrize(("choice", "sentence"), [({"theme": "pink"}, "colour and grey"), ({"width": 2.0}, "6 to 100")])
def test_a_choice_that_does_not_exist_is_refused(choice: dict[str, Any], sentence: str) -> None:
    """An unknown theme or an impossible width is refused with what is allowed."""
    with pytest.raises(RegimenError, match=sentence):
        gantt.figure(blinatumomab_mrd(), **choice)


def test_without_matplotlib_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plots are an extra; who lacks it is told the command."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RegimenError, match=r"pip install 'regimen\[plot\]'"):
        gantt.figure(blinatumomab_mrd())


def test_another_order_of_sets_gives_the_same_bytes(tmp_path: Path) -> None:
    """A run with other hash seeds writes the same file."""
    program = "import sys; from regimen.render import gantt; from tests.render.gantt_trials import TRIALS;"
    program += "gantt.save(TRIALS['lupus'](), sys.argv[1])"
    for seed in ("1", "2"):
        surroundings = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", program, str(tmp_path / f"{seed}.svg")], env=surroundings, check=True)
    assert (tmp_path / "1.svg").read_bytes() == (tmp_path / "2.svg").read_bytes()


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_letters_of_any_kind_do_no_harm(tmp_path: Path, suffix: str) -> None:
    """Names in other scripts, dollar signs and control characters are saved without an error or a warning."""
    gantt.save(foreign_letters(), tmp_path / f"plot.{suffix}")
    assert (tmp_path / f"plot.{suffix}").stat().st_size > 1000
