"""Does a calendar after a journal say what happened, what is no longer as planned, and why, in every format?"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from tests.render.samples import (
    ANCHOR,
    ASSUMED,
    BERLIN,
    calendar,
    days_around,
    event,
    everything,
    infusion,
    lupus,
    ramp_up,
)

from regimen.events import UNSCHEDULED, DatedWindow, JournalSeen, Notice
from regimen.render.columns import width_of
from regimen.render.gantt_layout import page
from regimen.render.outcomes import apart, days_beside, off_its_window, plain_line
from regimen.render.runs import daily_runs
from regimen.render.tables import AFTER_COLUMNS, CSV_COLUMNS, as_csv, as_json, as_markdown, as_text

SEEN = JournalSeen(7, datetime(2027, 1, 31, 8, 0, 12, tzinfo=UTC), "001")
WHY = "missed (journal line 4: snow; recorded by AN)"
LATE = "given Sat 16 Jan 2027 (journal line 3: snow; recorded by AN), 5 d late"
PLAIN = "given Mon 4 Jan 2027 (journal line 3: recorded by AN)"
AT_FIVE_PAST = datetime(2027, 1, 4, 10, 5, tzinfo=timezone(timedelta(hours=1)))
STATES = ("given", "done", "missed", "held", "cancelled", "not applicable", "tentative", "planned")
WORDS = {"held": "Do not take: on hold"}
FORMATS = (as_text, as_markdown)


def day(n: int) -> date:
    return ANCHOR + timedelta(days=n)


def after(*events, **given):
    """A calendar after a journal of seven lines."""
    return calendar(events, **{"journal": SEEN, **given})


def in_state(state: str, n: int = 0, **given):
    kind = "visit" if state == "done" else "dose"
    return event(
        start=day(n), id=f"treatment/d{n}/{state}", state=state, kind=kind, because=f"{state} as said", **given
    )


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def whole() -> object:
    """One of every state, with and without windows, long and short reasons, moved and put, timed and not."""
    events = [in_state(state, 7 * n, dose="10 mg/kg", route="IV", duration="1 h") for n, state in enumerate(STATES)]
    events += [
        event("dexamethasone", day(1), dose="8 mg", window=days_around(day(1), 1, 1), state="given", because=LATE,
              planned=day(-4), actual=day(1), given="8 mg"),
        event("dexamethasone", day(20), current=day(16), planned=day(14), because=LATE, optional=True, basis=ASSUMED,
              window=days_around(day(16), 1, 2), id="treatment/d14/dexamethasone"),
        infusion(day(30), planned=day(27), state="given", actual=day(30), because="a long reason " * 12),
        event(UNSCHEDULED, day(9), id="unscheduled/5", kind="visit", label="Rash", position="Unscheduled"),
        event("pk", datetime(2027, 1, 5, 15, tzinfo=BERLIN), kind="visit", label="Blood sample", state="done",
              current=datetime(2027, 1, 5, 8, tzinfo=BERLIN), actual=datetime(2027, 1, 5, 15, tzinfo=BERLIN),
              window=DatedWindow(datetime(2027, 1, 5, 7, tzinfo=BERLIN), datetime(2027, 1, 5, 9, tzinfo=BERLIN))),
    ]  # fmt: skip
    notices = (
        Notice("note", "treatment", "a note on an epoch.", "Read it."),
        Notice("decision", "treatment/d14/dexamethasone", "2 d late; keep or shift.", "Record the choice."),
        Notice("warning", "", "two lines contradict each other.", "Correct one."),
    )
    return after(*events, notices=notices)


# ---------------------------------------------------------------- the head


def test_the_head_says_how_far_the_journal_was_read():
    """The head names the subject, the number of lines, and when the newest was recorded, in UTC, to the minute."""
    lines = as_text(after(event())).splitlines()
    assert lines[3:5] == [
        "Subject   001",
        "Journal   7 lines, the newest recorded Sun 31 Jan 2027 08:00 UTC",
    ]
    assert "- **Journal:** 7 lines, the newest recorded Sun 31 Jan 2027 08:00 UTC\n" in as_markdown(after(event()))


def test_a_journal_without_subject_or_times():
    """What is not known is left out."""
    text = as_text(after(event(), journal=JournalSeen(1, None)))
    assert "Journal   1 line\n" in text
    assert "Subject" not in text


@pytest.mark.parametrize("make", [lupus, ramp_up, everything])
def test_nothing_changes_without_a_journal(make):
    """A calendar that is just its plan has no column, key or word of what happened."""
    one = make()
    assert as_csv(one).splitlines()[0] == ",".join(CSV_COLUMNS)
    read = json.loads(as_json(one))
    assert {"journal", "notices"} & set(read) == set()
    assert all({*AFTER_COLUMNS} & {*found} == set() for found in read["events"])
    for write in FORMATS:
        assert not re.search(r"\b(?:Journal|What happened|given|done|planned|To do: Record)\b", write(one))


# ---------------------------------------------------------------- states


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("write", FORMATS)
def test_every_state_has_its_word(state, write):
    """The state of every event is said in words; a held dose says not to take it."""
    page = write(after(in_state(state)))
    assert f"{WORDS.get(state, state)} [1]" in page
    assert f"[1]{'  ' if write is as_text else ' '}{state} as said" in page


@pytest.mark.parametrize("state", STATES)
def test_every_state_for_programs(state):
    """Programs get the state's own word."""
    one = after(in_state(state))
    assert rows_of(as_csv(one))[0]["state"] == state
    assert json.loads(as_json(one))["events"][0]["state"] == state


def test_a_held_visit_is_nothing_to_take():
    """Only a dose can be taken; what else hangs on it is on hold."""
    text = as_text(after(event(kind="visit", state="held")))
    assert " on hold\n" in text
    assert "take" not in text


def test_tentative_says_on_what_it_hangs():
    """A question that is open is named, after a journal as before."""
    text = as_text(after(event(state="tentative", conditions=("delayed by more than 7 d",), because=WHY)))
    assert "tentative (delayed by more than 7 d) [1]" in text


def test_milestones_are_not_planned_or_done():
    """A day on which something starts is no plan of anybody, and has no state while nothing moved it."""
    assert (
        "planned" not in as_text(after(event("end", kind="milestone", label="Treatment ends"))).split("Treatment (")[1]
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"state": "given", "given": "135 mg"}, "given 135 mg"),
        ({"state": "given", "given": ""}, "given"),
        ({"state": "given", "given": "135 mg", "actual": AT_FIVE_PAST}, "given 135 mg at 10:05 UTC+01:00"),
        ({"state": "done", "kind": "visit", "actual": AT_FIVE_PAST.replace(tzinfo=None)}, "done at 10:05"),
    ],
    ids=["amount", "no amount", "amount and time", "time"],
)  # fmt: skip
def test_the_amount_and_the_time_it_was_really_given(given, words):
    """How much was given stands with the state, and the time where the calendar has only the day."""
    row = next(line for line in as_text(after(event(**given))).splitlines() if line.startswith("Mon 4 Jan 2027"))
    assert row.endswith(words)


# ---------------------------------------------------------------- beside the plan

AT_EIGHT = datetime(2027, 1, 4, 8, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"start": day(0)}, []),
        ({"start": day(0), "state": "given", "actual": day(0)}, []),
        ({"start": day(12), "planned": day(7), "current": day(7), "state": "given", "actual": day(12)},
         ["planned Mon 11 Jan 2027", "5 d late"]),
        ({"start": day(6), "planned": day(7), "current": day(7), "state": "given", "actual": day(6)},
         ["planned Mon 11 Jan 2027", "1 d early"]),
        ({"start": day(19), "planned": day(14), "because": LATE}, ["planned Mon 18 Jan 2027", "5 d later"]),
        ({"start": day(7), "planned": day(31)}, ["planned Thu 4 Feb 2027", "24 d earlier"]),
        ({"start": day(20), "planned": day(14), "current": day(19), "state": "given", "actual": day(20)},
         ["planned Mon 18 Jan 2027", "due Sat 23 Jan 2027", "1 d late"]),
        ({"start": day(19), "planned": day(14), "state": "given", "actual": day(19)},
         ["planned Mon 18 Jan 2027", "5 d later"]),
        ({"start": day(14), "current": day(19), "state": "given", "actual": day(14)},
         ["due Sat 23 Jan 2027", "5 d early"]),
        ({"start": day(9), "planned": day(7), "current": day(7)}, ["planned Mon 11 Jan 2027", "2 d later"]),
        ({"start": AT_EIGHT + timedelta(hours=7), "planned": AT_EIGHT, "current": AT_EIGHT, "state": "given",
          "actual": AT_EIGHT + timedelta(hours=7)}, ["planned Mon 4 Jan 2027 08:00 Europe/Berlin", "7 h late"]),
        ({"start": AT_EIGHT + timedelta(hours=19), "planned": AT_EIGHT, "current": AT_EIGHT, "state": "given",
          "actual": AT_EIGHT + timedelta(hours=19)}, ["planned Mon 4 Jan 2027 08:00 Europe/Berlin", "19 h late"]),
        ({"start": day(9), "item": UNSCHEDULED}, []),
        ({"start": day(3), "any_day": True, "planned": day(-10), "current": day(-10), "actual": day(3)}, []),
    ],
    ids=["as planned", "given as planned", "late", "early", "moved later", "moved earlier", "due on another day, late",
         "given on the day it was due", "given on the planned day, due later", "put elsewhere", "hours late",
         "late past midnight", "unscheduled", "any day would do"],
)  # fmt: skip
def test_the_planned_day_stands_beside(given, words):
    """Where an event lies on another day than planned, the planned day is said, and how far it is, in words."""
    assert list(days_beside(event(**{"item": "belimumab", **given}))) == words


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (day(0), day(0), ""), (day(0), day(5), "5 d"), (day(5), day(0), "5 d"),
        (AT_EIGHT, AT_EIGHT + timedelta(hours=25, minutes=5), "1 d 1 h 5 min"),
        (AT_EIGHT, AT_EIGHT + timedelta(minutes=5), "5 min"), (AT_EIGHT, day(2), "2 d"),
        (datetime(2027, 3, 27, 8, tzinfo=BERLIN), datetime(2027, 3, 29, 8, tzinfo=BERLIN), "2 d"),
        (datetime(2027, 3, 27, 8, tzinfo=BERLIN), datetime(2027, 3, 28, 9, tzinfo=BERLIN), "1 d"),
        (datetime(2027, 3, 28, 1, tzinfo=BERLIN), datetime(2027, 3, 28, 4, tzinfo=BERLIN), "2 h"),
    ],
)  # fmt: skip
def test_how_far_apart(one, other, words):
    """Whole days between days and between equal clock times, exact time otherwise, also over a change of the clock."""
    assert apart(one, other) == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"start": day(0)}, ""), ({"start": day(3)}, ""), ({"start": day(5)}, "2 d after its window"),
        ({"start": day(-2)}, "1 d before its window"), ({"start": day(5), "state": "missed"}, ""),
        ({"start": day(5), "state": "cancelled"}, ""), ({"start": day(5), "window": None}, ""),
    ],
    ids=str,
)  # fmt: skip
def test_off_its_window(given, words):
    """What lies outside its window says by how much; both ends are inside, and what does not take place is not out."""
    assert off_its_window(event(**{"window": DatedWindow(day(-1), day(3)), **given})) == words


def test_a_late_dose_in_the_table():
    """The line of a late dose has what was given; beneath it stand the planned day, the delay and the window."""
    late = event(
        "docetaxel", day(12), dose="75 mg/m2", state="given", given="135 mg", actual=day(12), planned=day(7),
        current=day(7), window=days_around(day(7), 0, 3), because=LATE,
    )  # fmt: skip
    lines = as_text(after(late)).splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("Sat 16 Jan 2027"))
    assert lines[place].endswith("Mon 11 – Thu 14 Jan 2027  given 135 mg [1]")
    assert lines[place + 1].strip() == "planned Mon 11 Jan 2027, 5 d late, 2 d after its window"
    assert f"  [1]  {LATE}" in lines
    row = next(line for line in as_markdown(after(late)).splitlines() if line.startswith("| Sat 16 Jan"))
    assert row.endswith("| given 135 mg [1], planned Mon 11 Jan 2027, 5 d late, 2 d after its window |")


# ---------------------------------------------------------------- reasons


@pytest.mark.parametrize("write", FORMATS)
def test_a_reason_is_said_once(write):
    """Forty events that moved for one reason have one mark and one line that says it."""
    moved = [event(start=day(7 * n + 5), planned=day(7 * n), because=LATE, id=f"d{n}") for n in range(40)]
    page = write(after(*moved, event(start=day(300), state="missed", because=WHY)))
    assert page.count(LATE) == 1
    assert page.count("[1]") == 41
    assert page.count("[2]") == 2


def test_reasons_are_numbered_in_reading_order():
    """Numbers go up as one reads down, over all epochs; assumed values keep their letters."""
    screened = event("visit", day(-3), kind="visit", epoch="screening", state="missed", because="first")
    assumed = event(start=day(3), basis=ASSUMED, state="missed", because="third")
    text = as_text(after(screened, event(start=day(0), state="missed", because="second"), assumed))
    assert re.findall(r"^  \[(\w)\]  (\w+)", text, re.MULTILINE) == [
        ("a", "assumed"), ("1", "first"), ("2", "second"), ("3", "third"),
    ]  # fmt: skip
    assert "missed [3], [a]" in text


def test_what_a_reason_hangs_on_has_its_name():
    """An id inside a reason is told as position and name."""
    parent = event("belimumab", day(0), state="missed", because=WHY, dose="10 mg/kg", route="IV")
    child = event("paracetamol", day(0), state="not applicable", because=f"hangs on {parent.id}: {WHY}")
    assert f"hangs on Day 0 Belimumab 10 mg/kg IV: {WHY}" in as_text(after(parent, child))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"because": PLAIN}, "line 3"),
        ({"because": "done Mon 4 Jan 2027 10:05 (journal line 12: recorded by A. Nurse)", "state": "done"}, "line 12"),
        ({"because": "given Mon 4 Jan 2027 (journal line 3)"}, "line 3"),
        ({"because": "given Mon 4 Jan 2027 (journal line 3: toxicity; recorded by AN)"}, ""),
        ({"because": "given Mon 4 Jan 2027 (journal line 3: recorded by AN), 2 h late"}, ""),
        ({"because": f"{PLAIN}; held from Tue 5 Jan 2027 (journal line 4: fever)"}, ""),
        ({"because": PLAIN, "planned": day(-7)}, ""),
        ({"because": PLAIN, "state": "planned"}, ""),
    ],
    ids=["given", "done", "by nobody", "with a cause", "late", "and held", "on another day", "planned"],
)  # fmt: skip
def test_what_took_place_as_planned_names_its_line(given, words):
    """What took place as planned needs no reason, only the line to look it up; with anything more to say it has one."""
    assert plain_line(event(**{"state": "given", **given})) == words


def test_a_plain_line_in_the_table():
    """It stands in the table and not among the reasons."""
    text = as_text(after(event(state="given", given="700 mg", because=PLAIN)))
    assert "given 700 mg (line 3)\n" in text
    assert "What happened" not in text


# ---------------------------------------------------------------- notices


def test_what_to_decide_comes_first():
    """Decisions, warnings and notes stand above the table, in that order, each with its place and what to do."""
    text = as_text(whole())
    headings = ["To decide", "Warnings", "To know", "Date "]
    places = [re.search(rf"^{heading}", text, re.MULTILINE).start() for heading in headings]
    assert places == sorted(places)
    assert (
        "To decide\n"
        "  - Day 20 Dexamethasone, Sun 24 Jan 2027: 2 d late; keep or shift.\n"
        "    To do: Record the choice.\n"
    ) in text
    assert "Warnings\n  - Two lines contradict each other.\n    To do: Correct one.\n" in text
    assert "To know\n  - Treatment: a note on an epoch.\n    Read it.\n" in text


def test_notices_on_a_page():
    """The Markdown page lists them under headings of their own, before the tables."""
    page = as_markdown(whole())
    assert re.findall(r"^## (\w+ ?\w*)", page, re.MULTILINE)[:3] == ["To decide", "Warnings", "To know"]
    assert "- Two lines contradict each other. To do: Correct one.\n" in page


@pytest.mark.parametrize(
    ("about", "place"),
    [
        ("treatment/d0/belimumab", "Day 0 Belimumab, Mon 4 Jan 2027"), ("treatment", "Treatment"),
        ("treatment/c4/start", "Treatment, cycle 4 start"), ("treatment/c4", "Treatment, cycle 4"),
        ("treatment/course2", "Treatment, course 2"), ("belimumab", "Anti-BLyS"),
        ("treatment/d9/unknown", "treatment/d9/unknown"),
    ],
)  # fmt: skip
def test_a_notice_names_its_place(about, place):
    """Events by position, name and date; epochs, cycles and drugs by name; what is not there by its id."""
    one = after(event(), notices=(Notice("note", about, "look."),), lanes={"belimumab": "Anti-BLyS"})
    assert f"  - {place}: look.\n" in as_text(one)


def test_a_place_is_not_said_twice():
    """A sentence that quotes the id itself does not have it in front as well."""
    quoted = Notice("warning", "treatment/x", "line 3 names 'treatment/x', which this calendar does not have.")
    assert "  - Line 3 names 'treatment/x', which" in as_text(after(event(), notices=(quoted,)))


def test_notices_without_a_journal_are_shown():
    """What is to be decided is shown wherever it comes from, and programs get it too."""
    one = calendar([event()], notices=(Notice("decision", "", "choose."),))
    assert "To decide\n  - Choose.\n" in as_text(one)
    read = json.loads(as_json(one))
    assert (read["journal"], read["notices"][0]["sentence"]) == (None, "choose.")


# ---------------------------------------------------------------- totals


def test_totals_count_what_became_of_the_doses():
    """The counts of all states add up to all doses; days are of those that take place."""
    states = ("given", "given", "missed", "held", "cancelled", "not applicable", "planned", "tentative")
    doses = [event(start=day(7 * n), state=state) for n, state in enumerate(states)]
    lines = as_text(after(*doses)).splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("Totals"))
    cells = re.split(r" {2,}", lines[place + 1])
    assert cells[1:5] == ["8", "4", "Mon 4 Jan 2027", "Mon 22 Feb 2027"]
    assert " ".join([cells[5], lines[place + 2].strip()]) == (
        "2 given, 1 missed, 1 held, 1 cancelled, 1 not applicable, 1 planned, 1 tentative"
    )
    assert lines[place + 3].startswith("Dose days, first and last are without")


def test_totals_where_nothing_is_given():
    """A drug of which no dose is left has no days, no first and no last."""
    text = as_text(after(event(state="cancelled"), event("other", state="given")))
    assert re.search(r"^Belimumab +1 +0 +— +— +1 cancelled$", text, re.MULTILINE)


def test_a_resumed_infusion_is_no_further_dose():
    """The pieces of an infusion are one dose, and their days add up."""
    first = infusion(day(0), 10, state="given", because="x")
    second = replace(infusion(day(13), 18, state="given"), id=f"{first.id}/resumed1", position="C1D1 resumed")
    assert re.search(r"^Blinatumomab +1 +28 .* 1 given$", as_text(after(first, second)), re.MULTILINE)


# ---------------------------------------------------------------- daily runs


def tablets(**changed):
    """Ten daily tablets, of which some differ: n -> what differs."""
    given = {int(n.removeprefix("d")): facts for n, facts in changed.items()}
    return [event("tablet", day(n), dose="400 mg", **given.get(n, {})) for n in range(10)]


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "missed", "because": WHY}, {"because": WHY}, {"planned": day(2)}, {"current": day(2)},
        {"state": "given"}, {"state": "given", "given": "200 mg"},
    ],
    ids=lambda facts: ", ".join(facts),
)  # fmt: skip
def test_a_run_ends_where_anything_differs(facts):
    """A daily dose of which anything is to be said has a line of its own; no dose is lost."""
    runs = daily_runs(tablets(d5=facts))
    assert [len(run) for run in runs] == [5, 1, 4]


def test_a_run_that_moved_alike():
    """Daily doses that lie equally far from their planned days share a line that says how far."""
    moved = [event("tablet", day(n + 2), planned=day(n), because=LATE, id=f"t{n}") for n in range(5)]
    text = as_text(after(*moved))
    assert "each 2 d later than planned" in text
    assert "daily Wed 6 Jan 2027 – Sun 10 Jan 2027 (5 doses)" in text


def test_a_run_on_hold():
    """A stretch of held tablets is one line that says not to take them."""
    held = {
        f"d{n}": {"state": "held", "because": "held from Thu 7 Jan 2027 (journal line 9: fever)"} for n in range(3, 7)
    }
    text = as_text(after(*tablets(**held)))
    assert [len(run) for run in daily_runs(tablets(**held))] == [3, 4, 3]
    assert text.count("Do not take: on hold [1]") == 1
    assert re.search(r"^Tablet +10 +6 .* 4 held, 6 planned$", text, re.MULTILINE)


# ---------------------------------------------------------------- for programs


def test_csv():
    """After a journal five columns follow the others: planned, due and actual as ISO dates, the amount, and why."""
    one = whole()
    assert as_csv(one).splitlines()[0] == ",".join((*CSV_COLUMNS, *AFTER_COLUMNS))
    rows = {row["id"]: row for row in rows_of(as_csv(one))}
    late = rows["treatment/d1/dexamethasone"]
    assert [late[column] for column in AFTER_COLUMNS] == ["2026-12-31", "2027-01-05", "2027-01-05", "8 mg", LATE]
    put = rows["treatment/d14/dexamethasone"]
    assert [put[column] for column in AFTER_COLUMNS] == ["2027-01-18", "2027-01-20", "", "", LATE]
    assert rows["unscheduled/5"]["planned"] == ""
    assert rows["treatment/d1/pk"]["actual"] == "2027-01-05T15:00:00+01:00"


def test_csv_reasons_run_no_formula():
    """A reason that a spreadsheet would run gets a quote before it."""
    assert rows_of(as_csv(after(event(because="=1+1"))))[0]["because"] == "'=1+1"


def test_json():
    """Programs get the journal, the notices as they are, and the same five facts for each event."""
    read = json.loads(as_json(whole()))
    assert read["journal"] == {"subject": "001", "lines": 7, "newest": "2027-01-31T08:00:12Z"}
    assert [notice["level"] for notice in read["notices"]] == ["note", "decision", "warning"]
    late = next(one for one in read["events"] if one["id"] == "treatment/d1/dexamethasone")
    assert {key: late[key] for key in AFTER_COLUMNS} == {
        "planned": "2026-12-31", "due": "2027-01-05", "actual": "2027-01-05", "given": "8 mg", "because": LATE,
    }  # fmt: skip


# ---------------------------------------------------------------- the look


@pytest.mark.parametrize("make", [whole, lambda: after(in_state("held")), lambda: after(*whole().events[:3])])
def test_no_line_is_wider_than_the_page(make):
    """Wide and narrow tables keep to 120 columns."""
    assert [line for line in as_text(make()).splitlines() if width_of(line) > 120] == []


def test_the_page_has_every_word_of_the_text():
    """Every word of the text is in the Markdown page."""
    page = set(re.findall(r"[\w/]+", as_markdown(whole())))
    assert set(re.findall(r"[\w/]+", as_text(whole()))) - page == set()


# ---------------------------------------------------------------- pictures and calendar files


def painted(one):
    return page(one, 11.0, "colour", lambda text, size, bold: 0.08 * len(text))


def test_a_picture_shows_beside_what_takes_place_what_does_not():
    """Missed, held, cancelled and not applicable events have a small mark of their own kind, the others their own."""
    drawn = painted(after(*(in_state(state, 7 * n) for n, state in enumerate(STATES))))
    kinds = sorted(dot.kind for drawing in drawn.chart for dot in drawing.dots)
    assert len([kind for kind in kinds if kind in ("dose", "visit", "activity")]) == 4
    assert [kind for kind in kinds if kind in ("held", "missed", "off")] == ["held", "missed", "off", "off"]


def test_a_picture_of_what_does_not_take_place_has_only_small_marks():
    """Where nothing takes place, the planned days are still there."""
    drawn = painted(after(in_state("held"), in_state("cancelled", 7)))
    assert sorted(dot.kind for drawing in drawn.chart for dot in drawing.dots) == ["held", "off"]
