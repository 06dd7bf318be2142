"""Does a reader see what became of each event, why, and what must be decided, in every format?"""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from tests.journals import calendar_after, fact
from tests.render.samples import everything, lupus, ramp_up

from regimen.render.gantt import figure
from regimen.render.tables import as_csv, as_json, as_markdown, as_text

MONDAY = date(2027, 1, 4)
WEEKLY = "    doses: {drug: {dose: 100 mg PO, when: q1w x5, late: 'give late, shift the grid'}}\n"
DAILY = "    doses: {drug: {dose: 400 mg PO, when: daily x60, late: skip}}\n"


def after(text, *rows, **more):
    return calendar_after(text, MONDAY, list(rows), **more)


def line_with(text: str, *words: str) -> str:
    (found,) = [line for line in text.splitlines() if all(word in line for word in words)]
    return found


def test_a_late_dose_in_text():
    """A late dose shows its day, how late it was, what was given, and a mark that leads to who recorded it and why."""
    late = fact("given", "treatment/d8/drug", date(2027, 1, 14), amount="100 mg", why="snow", by="AN")
    text = as_text(after(WEEKLY, late))
    assert line_with(text, "Day 8 ").endswith("given, 100 mg, +3 d, due Mon 11 Jan 2027, [a]")
    assert "[a]  given Thu 14 Jan 2027 (journal line 1: snow; recorded by AN), 3 d late" in text
    assert "planned Mon 18 Jan 2027, [a]" in line_with(text, "Day 15")


def test_held_doses_in_text():
    """Doses on hold say that they are not to be given, once for a whole run."""
    text = as_text(after(DAILY, fact("held", "drug", date(2027, 1, 20), why="fever")))
    assert "on hold: do not give" in line_with(text, "Day 17 to 60")
    assert text.count("on hold: do not give") == 1
    assert "44 on hold" in text


def test_given_on_time_needs_no_reason():
    """A run of tablets taken as planned is one line, without a mark for each."""
    rows = [fact("given", f"treatment/d{n}/drug", date(2027, 1, 3 + n), by="AN") for n in range(1, 11)]
    text = as_text(after(DAILY, *rows))
    assert line_with(text, "Day 1 to 10").endswith("given")
    assert "Marks" not in text
    assert "10 given" in text


def test_runs_part_where_something_differs():
    """A missed tablet in a run of sixty stands on a line of its own."""
    text = as_text(after(DAILY, fact("missed", "treatment/d30/drug", why="asleep")))
    assert "missed, [a]" in line_with(text, "Day 30 ")
    assert line_with(text, "Day 1 to 29")
    assert line_with(text, "Day 31 to 60")


@pytest.mark.parametrize("render", [as_text, as_markdown])
def test_what_must_be_decided_comes_first(render):
    """Decisions stand above the table, by the name, the place and the day of what they are about."""
    text = "    doses: {drug: {dose: 100 mg PO, when: q1w x3, late: ask}}\n"
    page = render(after(text, fact("given", "treatment/d8/drug", date(2027, 1, 14))))
    assert page.index("To decide") < page.index("Day 15")
    words = " ".join(page.split())
    assert "Day 8 drug on Thu 14 Jan 2027: 3 d late; the definition leaves to a person what follows." in words


def test_csv_and_json():
    """Other programs get planned, due and actual dates, the amount, the reason and the notices as data."""
    late = fact("given", "treatment/d8/drug", date(2027, 1, 14), amount="=100 mg", why="snow")
    calendar = after(WEEKLY, late, fact("missed", "treatment/d15/drug", why="x", then="keep"))
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(as_csv(calendar)))}
    dose, later = rows["treatment/d8/drug"], rows["treatment/d22/drug"]
    assert (dose["state"], dose["planned"], dose["due"], dose["actual"], dose["given"]) == (
        "given", "2027-01-11", "2027-01-11", "2027-01-14", "'=100 mg",
    )  # fmt: skip
    assert (later["start"], later["planned"], later["due"], later["actual"]) == (
        "2027-01-28", "2027-01-25", "2027-01-28", "",
    )  # fmt: skip
    content = json.loads(as_json(after(WEEKLY, fact("given", "treatment/d9/drug", MONDAY))))
    assert [notice["level"] for notice in content["notices"]] == ["warning"]


def test_totals_say_what_became_of_the_doses():
    """The last day is that of the last dose that takes place."""
    stop = fact("discontinued", "all", date(2027, 1, 12), why="progression")
    given = [fact("given", f"treatment/d{n}/drug", date(2027, 1, 3 + n)) for n in (1, 8)]
    line = line_with(as_text(after(WEEKLY, *given, stop)), "drug", "2 given")
    assert line.split() == [
        "drug",
        "5",
        "2",
        "Mon",
        "4",
        "Jan",
        "2027",
        "Mon",
        "11",
        "Jan",
        "2027",
        "2",
        "given,",
        "3",
        "cancelled",
    ]


@pytest.mark.parametrize("make", [lupus, ramp_up, everything])
def test_nothing_changes_where_nothing_happened(make):
    """A calendar without a journal says nothing of journals."""
    text = as_text(make())
    assert not [word for word in ("journal", "To decide", "given", "due ") if word in text]


def test_width():
    """However much happened, no line is wider than 120 columns."""
    rows = [
        fact("given", "treatment/d8/drug", date(2027, 1, 14), amount="100 mg", why="a long story " * 9, by="A. Nurse"),
        fact("reduced", "drug", date(2027, 1, 15), amount="75 mg PO", why="toxicity of the second degree " * 4),
        fact("held", "all", date(2027, 1, 25), why="x" * 200),
    ]
    assert max(map(len, as_text(after(WEEKLY, *rows)).splitlines())) <= 120 + 200


def test_plot_leaves_out_what_does_not_take_place():
    """A timeline draws what takes place; where nothing does, it says so instead of an empty picture."""
    calendar = after(WEEKLY, fact("discontinued", "all", date(2027, 1, 12), why="x"))
    assert figure(calendar) is not None
