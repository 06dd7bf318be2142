"""How does a study's timeline read and look? Text, csv, JSON and picture say the same."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from tests.commands import typed
from tests.render.plots import corners, outside, overlapping, texts
from tests.timelines.test_making import TWO_ARMS, timeline_of

from regimen.definition.loading import load_study
from regimen.errors import RegimenError
from regimen.library import load, names
from regimen.render.timeline_plot import figure, save
from regimen.safetext import unsafe
from regimen.timelines import Asked
from regimen.timing import Span

ENTRY = "first dose"
LONG = {"daratumumab-t-all": ("myeloma-label",)}


def made(trial="belimumab-sle", asked=None):
    study = load(trial, assume=LONG.get(trial, ()))
    return timeline_of(study, asked or Asked(date(2024, 6, 1), 36, Span(12, "mo")))


def test_in_words():
    """The text has accrual, milestones, numbers by month, and what does not fit and would."""
    answer = typed("timeline", "belimumab-sle")
    assert (answer.code, answer.err) == (0, "")
    assert "Last participant in   Sat 31 May 2025  72" in answer.out
    assert "Last dose             Sat 2 May 2026   72" in answer.out
    assert "91 days after the stated completion on Sat 31 Jan 2026" in " ".join(answer.out.split())
    assert "Sat 1 Mar 2025: 54 of 72 are in by then" in " ".join(answer.out.split())
    assert max(len(line) for line in answer.out.splitlines()) <= 120
    assert not unsafe(answer.out)


def test_csv_has_a_row_for_each_change():
    """Between two rows of the csv no number changes; the last row has nobody left."""
    rows = list(csv.DictReader(io.StringIO(typed("timeline", "belimumab-sle", "--format", "csv").out)))
    assert (rows[0]["date"], rows[0]["entered"]) == ("2024-06-06", "1")
    assert rows[-1] == {"date": "2026-05-03", "entered": "72", "on_treatment": "0", "on_study": "0",
                        "may_be_on_treatment": "0", "may_be_on_study": "0"}  # fmt: skip
    assert all(list(a.values())[1:] != list(b.values())[1:] for a, b in pairwise(rows))


def test_json_has_everybody():
    """The JSON has every participant, milestone and finding."""
    told = json.loads(typed("timeline", "belimumab-sle", "--json").out)
    assert len(told["participants"]) == 72
    assert told["participants"][-1]["in"] == "2025-05-31"
    assert told["participants"][-1]["last_dose"] == "2026-05-02"
    assert told["findings"][0]["latest_entry"] == "2025-03-01"
    assert {m["name"]: m["day"] for m in told["groups"][0]["milestones"]}["last_visit"] == "2026-05-02"


@pytest.mark.parametrize("trial", names())
@pytest.mark.parametrize("theme", ["colour", "grey"])
def test_nothing_lies_on_a_text(trial, theme):
    """On the picture of each trial no two texts overlap and none runs over the edge."""
    painted = figure(made(trial), ENTRY, theme=theme)
    assert (overlapping(painted), outside(painted)) == ([], [])


PLENTY = [
    ("one participant", Asked(date(2024, 6, 1), 1, Span(1, "d"))),
    ("three days", Asked(date(2024, 6, 1), 9, Span(3, "d"))),
    ("twenty years", Asked(date(2024, 6, 1), 5000, Span(20, "y"))),
]


@pytest.mark.parametrize("asked", [asked for _, asked in PLENTY], ids=[name for name, _ in PLENTY])
def test_short_and_long_studies(asked):
    """No texts overlap for one participant, three days or twenty years."""
    painted = figure(made(asked=asked), ENTRY)
    assert (overlapping(painted), outside(painted)) == ([], [])


def test_arms_and_long_names():
    """Each arm has its lane; a title of 400 letters is shortened, not run over the edge."""
    study = load_study(TWO_ARMS.replace("title: Two arms", f"title: {'Two $arms$ ' * 40}"))
    painted = figure(timeline_of(study, Asked(enrol=6, over=Span(30, "d"))), ENTRY)
    assert any("Treatment in short" in words for words in texts(painted))
    assert (overlapping(painted), outside(painted)) == ([], [])


def test_bars_are_the_milestones():
    """The treatment bar runs from the first dose to the stated completion, what is later is apart."""
    painted = figure(made(asked=Asked()), ENTRY)
    start = date(2024, 6, 1)
    sure, late = corners(painted, "dose sure"), corners(painted, "dose late")
    assert [box[:2] for box in sure] == [((date(2024, 6, 6) - start).days, (date(2026, 1, 31) - start).days + 1)]
    assert [box[:2] for box in late] == [((date(2026, 2, 1) - start).days, (date(2026, 5, 2) - start).days + 1)]


def test_curves_are_the_counts():
    """The accrual curve ends at the number of participants, that of treatment at nobody."""
    painted = figure(made(asked=Asked()), ENTRY)
    lines = {line.get_label(): line for axes in painted.axes for line in axes.lines}
    assert lines["in so far"].get_ydata()[-1] == 72
    assert max(lines["on treatment"].get_ydata()) == 67
    assert lines["on treatment"].get_ydata()[-1] == 0


@pytest.mark.parametrize("ending", ["svg", "pdf", "png"])
def test_same_bytes(tmp_path, ending):
    """The same study gives the same file."""
    for name in ("a", "b"):
        save(made(), ENTRY, tmp_path / f"{name}.{ending}")
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


def test_svg_has_real_text_title_and_description(tmp_path):
    """The svg can be searched and read aloud."""
    save(made(asked=Asked()), ENTRY, tmp_path / "a.svg")
    written = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert '<title id="title">Timeline of belimumab-sle</title>' in written
    assert re.search(r'<desc id="description">Stated: Sat 1 Jun 2024 – .*91 days after the stated completion', written)
    assert re.search(r"<text[^>]*>Treatment: Thu 6 Jun 2024 – Sat 2 May 2026", written)
    assert 'role="img"' in written


def test_letters_that_no_font_has_are_named(tmp_path):
    """Nothing is drawn as a box: a title in letters that no installed font has is refused, and no file is left."""
    timeline = made()
    odd = replace(timeline, facts=timeline.facts.model_copy(update={"title": "Belimumab \U000e1234"}))
    with pytest.raises(RegimenError, match="No installed font has the letters"):
        save(odd, ENTRY, tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


REFUSED = [
    (["blinatumomab-mrd"], 1, "does not state when it starts"),
    (["belimumab-sle", "--rate", "0/mo"], 1, "nobody ever enters"),
    (["belimumab-sle", "--enrol", "-3"], 2, "'-3' is not a whole number"),
    (["belimumab-sle", "--enrol", "0"], 2, "'0' is not a whole number"),
    (["belimumab-sle", "--enrol", "70", "--over", "12 mo", "--rate", "6/mo"], 1, "--enrol says 70"),
    (["belimumab-sle", "--start", "2027-02-30"], 1, "--start: '2027-02-30' is not a date"),
    (["belimumab-sle", "--start", "9999-01-01"], 1, "outside the calendar"),
    (["belimumab-sle", "--over", "soon"], 1, "is not a length of time"),
    (["belimumab-sle", "--counts", "no-such.csv"], 1, "no-such.csv: the file cannot be read"),
    (["belimumab-sle", "--ratio", "belimumab=x"], 1, "--ratio belimumab=x is not a whole number"),
    (["belimumab-sle", "-o", "a.png", "--json"], 1, "a.png is a picture and --format says json"),
    (["daratumumab-t-all", "--start", "2027-01-01", "--enrol", "3", "--over", "1 mo"], 1, "assum"),
]


@pytest.mark.parametrize(("arguments", "code", "sentence"), REFUSED)
def test_refused(arguments, code, sentence):
    """What cannot be done is said in a sentence, and nothing is printed as data."""
    answer = typed("timeline", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert sentence in answer.err


def test_written_to_files(tmp_path: Path):
    """-o writes a picture by its ending, and else what --format says."""
    for name, more in (("a.png", []), ("a.csv", ["--format", "csv"]), ("a.txt", [])):
        answer = typed("timeline", "belimumab-sle", "-o", str(tmp_path / name), *more)
        assert (answer.code, answer.err) == (0, f"wrote {tmp_path / name}\n")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "a.csv").read_text().startswith("date,entered")
