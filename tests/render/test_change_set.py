"""Does a change set read so that no one overlooks a change, in a terminal, on a page and in a program?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.calendars.test_journal_laws import PLANS, after, journals
from tests.render.samples import ANCHOR, BERLIN, calendar, days_around, event, infusion, lupus, ramp_up

from regimen.changes import changes
from regimen.changes.aspects import ASPECTS
from regimen.events import Calendar, Event, Notice
from regimen.render.change_rows import HEADINGS, Row, parts, shift_in_words, summary
from regimen.render.change_set import as_json, as_markdown, as_text

DAY = timedelta(days=1)


def moved(one: Event, days: int, **given: object) -> Event:
    """The event so many days later, with its window."""
    by = days * DAY
    window = one.window and replace(one.window, earliest=one.window.earliest + by, latest=one.window.latest + by)
    return replace(one, start=one.start + by, end=one.end + by, window=window, **given)


def later(one: Calendar, days: int, but: tuple[str, ...] = (), **given: object) -> Calendar:
    """Every event so many days later, for one reason, but for those ids."""
    return replace(
        one, events=tuple(e if e.id in but else moved(e, days, because="delayed: flu", **given) for e in one)
    )


def rows_of(before: Calendar, now: Calendar) -> list[Row]:
    return [row for part in parts(changes(before, now)) for group in part.groups for row in group.rows]


def line_with(text: str, words: str) -> str:
    found = [line for line in text.splitlines() if words in line]
    assert len(found) == 1, found
    return found[0]


# ---------------------------------------------------------------- in a terminal


def test_a_dose_that_moved_is_one_line():
    """A single change has its reason beside it: from, to, signed days, position, what, why."""
    before = event("belimumab", date(2027, 1, 4), id="a", position="C3D1", dose="10 mg/kg")
    text = as_text(changes(calendar([before]), calendar([moved(before, 3, because="delayed: flu")])), ("A", "B"))
    assert "  Mon 4 Jan 2027 -> Thu 7 Jan 2027  +3 d  C3D1  Belimumab 10 mg/kg  delayed: flu" in text.splitlines()


def test_changes_for_one_reason_stand_below_it():
    """Many changes for one reason: the reason is said once, then a line for each, in the order of dates."""
    one = lupus()
    text = as_text(changes(one, later(one, 2)))
    assert text.count("delayed: flu") == 1
    lines = [line for line in text.splitlines() if " -> " in line]
    assert len(lines) == len(one)
    days = [datetime.strptime(line.split(" -> ")[0].strip(), "%a %d %b %Y") for line in lines]  # noqa: DTZ007
    assert days == sorted(days)


def test_two_reasons_are_not_mixed():
    """Each change stands below its own reason."""
    first, second = event(id="a"), event(id="b")
    now = calendar([moved(first, 1, because="flu"), moved(second, 1, because="holiday")])
    text = as_text(changes(calendar([first, second]), now))
    assert "Because" not in text
    assert [line.rsplit("  ", 1)[1] for line in text.splitlines() if "->" in line] == ["flu", "holiday"]


def test_a_long_reason_stands_below_its_line():
    """A reason that has no room beside its change is wrapped below it; no line is wider than 120 columns."""
    before = event("belimumab", dose="10 mg/kg", route="IV", id="a")
    why = (
        "given Thu 7 Jan 2027 (journal line 3: toxicity; fever and a rash on both arms; recorded by A. Nurse), 3 d late"
    )
    text = as_text(changes(calendar([before]), calendar([moved(before, 3, because=why)])))
    assert "      Because: given Thu 7 Jan 2027 (journal line 3" in text
    assert max(map(len, text.splitlines())) <= 120


def test_nothing_differs():
    """Where nothing differs the text says so and how much is the same."""
    assert "nothing; 23 events the same in both" in as_text(changes(lupus(), lupus()))


def test_names_and_head():
    """What is compared, and what differs for all events, is said at the head with the days between the dates."""
    now = replace(lupus(), anchors={"first_dose": ANCHOR + 7 * DAY}, arm="placebo")
    text = as_text(changes(lupus(), now, versions=("1.0", "2.0")), ("old.yaml", "new.yaml"))
    assert re.search(r"^From +old\.yaml$", text, re.M)
    assert re.search(r"^To +new\.yaml$", text, re.M)
    assert re.search(r"^Version +1\.0 -> 2\.0$", text, re.M)
    assert re.search(r"^Arm +belimumab -> placebo$", text, re.M)
    assert re.search(r"^Anchor first_dose +Mon 4 Jan 2027 -> Mon 11 Jan 2027 \(\+7 d\)$", text, re.M)


def test_notices_and_sentences():
    """What appeared to decide, what is settled, and notes that are new or gone are listed with human dates."""
    before = calendar(notices=(Notice("note", "a", "Was 2027-01-04."),), notes=("Months are 28 days.",))
    now = calendar(notices=(Notice("decision", "b", "Is it 2027-01-05?", "Say."),), notes=("Months count.",))
    text = as_text(changes(before, now))
    assert "To decide or look at, new\n  - decision: b: Is it Tue 5 Jan 2027? Say." in text
    assert "No longer to decide or look at\n  - note: a: Was Mon 4 Jan 2027." in text
    assert "Now said\n  - Months count." in text
    assert "No longer said\n  - Months are 28 days." in text


def test_what_only_looks_like_a_date_stays():
    """A number in the shape of a date that there is not is printed as it is."""
    now = calendar(notes=("Batch 2027-13-45 of 2027-02-28.",))
    assert "Batch 2027-13-45 of Sun 28 Feb 2027." in as_text(changes(calendar(), now))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"dose": "8 mg"}, "dose: 10 mg IV -> 8 mg IV"),
        ({"state": "held"}, "planned -> held"),
        ({"state": "tentative", "conditions": ("x=y",)}, "planned -> tentative (x=y)"),
        ({"state": "given", "given": "9 mg"}, "planned -> given, 9 mg given"),
        ({"window": None}, "window: Sun 3 – Wed 6 Jan 2027 -> none stated"),
        ({"preferred": days_around(ANCHOR, 0, 1)}, "preferred: none stated -> Mon 4 – Tue 5 Jan 2027"),
        ({"current": ANCHOR + DAY}, "due: Mon 4 Jan 2027 -> Tue 5 Jan 2027"),
        ({"planned": ANCHOR + DAY}, "planned: Mon 4 Jan 2027 -> Tue 5 Jan 2027"),
        ({"end": ANCHOR + DAY}, "lasts: one day -> Mon 4 Jan 2027 – Tue 5 Jan 2027"),
        ({"duration": "2 h"}, "lasts: one day -> 2 h"),
        ({"label": "Anifrolumab"}, "label: Belimumab -> Anifrolumab"),
        ({"activities": ("a", "b")}, "activities: none -> a; b"),
        ({"optional": True}, "optional: no -> yes"),
    ],
)
def test_what_else_changed(changed, said):
    """Dose, state, window, due day, length and every other value are said from and to."""
    before = event(dose="10 mg", route="IV", window=days_around(ANCHOR, 1, 2))
    (row,) = rows_of(calendar([before]), calendar([replace(before, **changed)]))
    assert ", ".join(row.more) == said


def test_infusions_say_when_they_stop():
    """An infusion of another length says both lengths and both stops."""
    (row,) = rows_of(calendar([infusion(days=14)]), calendar([infusion(days=10)]))
    assert row.more == ("lasts: 14 infusion days, stops Mon 18 Jan 2027 -> 10 infusion days, stops Thu 14 Jan 2027",)


def test_a_zone_is_said_once():
    """Times in one zone name it at the head and not in every line; a move within a day is told in hours."""
    ten = datetime(2027, 1, 4, 10, tzinfo=BERLIN)
    before = event(start=ten)
    text = as_text(changes(calendar([before]), calendar([replace(before, start=ten.replace(hour=12, minute=30))])))
    assert re.search(r"^Times +in Europe/Berlin$", text, re.M)
    assert "Mon 4 Jan 2027 10:00 -> Mon 4 Jan 2027 12:30  +2 h 30 min" in text
    assert text.count("Berlin") == 1


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (date(2027, 1, 4), date(2027, 1, 7), "+3 d"),
        (date(2027, 1, 7), date(2027, 1, 4), "−3 d"),
        (datetime(2027, 3, 27, 10, tzinfo=BERLIN), datetime(2027, 3, 28, 10, tzinfo=BERLIN), "+1 d"),
        (datetime(2027, 3, 28, 1, tzinfo=BERLIN), datetime(2027, 3, 28, 4, tzinfo=BERLIN), "+2 h"),
        (datetime(2027, 3, 29, 10, tzinfo=BERLIN), datetime(2027, 3, 29, 9, 15, tzinfo=BERLIN), "−45 min"),
        (date(2027, 1, 4), datetime(2027, 1, 4, 8, tzinfo=BERLIN), "+0 d"),
    ],
)
def test_shifts(before, now, said):
    """Whole days where the day differs, else exact hours, whatever the clocks did in between."""
    assert shift_in_words(before, now) == said


# ---------------------------------------------------------------- runs


def test_a_long_run_is_one_line():
    """730 daily doses that move alike are one line for each dose level, with the count and the last date of each."""
    one = ramp_up()
    rows = rows_of(one, later(one, 2))
    assert [row.count for row in rows] == [7, 7, 7, 7, 702]
    assert rows[-1].when == "Mon 2 Feb 2026 -> Wed 4 Feb 2026"
    assert rows[-1].position == "Day 29 to 730"
    assert rows[-1].more == ("702 daily doses; the last Tue 4 Jan 2028 -> Thu 6 Jan 2028",)


@pytest.mark.parametrize(
    "other",
    [
        lambda one: one,
        lambda one: moved(one, 3, because="delayed: flu"),
        lambda one: moved(one, 2, because="delayed: holiday"),
        lambda one: moved(one, 2, because="delayed: flu", dose="40 mg"),
        lambda one: moved(one, 2, because="delayed: flu", state="held"),
    ],
)
def test_a_run_never_hides_a_different_one(other):
    """One dose in a run that stays, moves otherwise, for another reason, to another dose or state is seen."""
    one = ramp_up()
    odd = one.events[400]
    now = replace(one, events=tuple(other(e) if e is odd else moved(e, 2, because="delayed: flu") for e in one))
    rows = rows_of(one, now)
    assert sum(row.count for row in rows) == len(changes(one, now).entries)
    assert max(row.count for row in rows) < 702
    assert not any(row.count > 1 and row.position.split()[1] <= "401" <= row.position.split()[-1]
                   for row in rows if len(row.position.split()[1]) == 3)  # fmt: skip


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from([0, 1, 2, 7]), min_size=1, max_size=40), st.lists(st.booleans(), min_size=40, max_size=40)
)
def test_every_change_is_counted_once(shifts, held):
    """Whatever moves by how much: the counts of all lines together are all changes, and each day is in one line."""
    doses = [event(start=ANCHOR + n * DAY, id=f"d{n}", dose="1 mg", position=f"Day {n}") for n in range(len(shifts))]
    now = [moved(e, n, state="held" if h else "planned") for e, n, h in zip(doses, shifts, held, strict=False)]
    found = changes(calendar(doses), calendar(now))
    rows = rows_of(calendar(doses), calendar(now))
    assert sum(row.count for row in rows) == len(found.entries)
    assert all(row.count == 1 or f"{row.count} daily doses" in row.more[0] for row in rows)


def test_every_aspect_has_a_heading():
    """Each aspect leads a part of its own, in the order of the aspects, and is counted in the summary."""
    assert list(HEADINGS) == list(ASPECTS)
    one = event(id="a")
    found = changes(calendar([one, event(id="b")]), calendar([replace(one, state="held")]))
    assert [part.heading for part in parts(found)] == ["No longer in the plan (1)", "Not taking place as planned (1)"]
    assert summary(found) == "1 no longer in the plan, 1 not taking place as planned; 0 events the same in both"


# ---------------------------------------------------------------- pages and programs


def test_markdown():
    """A page has a table for each kind, the reason on every line, and nothing in it is taken for Markdown."""
    before = event(id="a", label="A | B", dose="*1* mg")
    text = as_markdown(changes(calendar([before]), calendar([moved(before, 3, because="flu_|_x")])), ("a_", "b"))
    assert "# Changes: A study of everything" in text
    assert "- **From:** a\\_" in text
    assert "| Date | Moved by | Position | What | Because |" in text
    row = line_with(text, "Thu 7 Jan 2027")
    assert row == "| Mon 4 Jan 2027 -> Thu 7 Jan 2027 | +3 d | Day 0 | A \\| B \\*1\\* mg | flu\\_\\|\\_x |"
    assert text.endswith("Planning aid: verify every date against the protocol.\n")


def test_json():
    """Programs get every entry with its aspects, days, reason and all values that differ, dates in ISO format."""
    before = event(id="a", window=days_around(ANCHOR, 1, 2))
    gone, new = event(id="b"), event(id="c")
    now = moved(before, 3, because="flu")
    data = json.loads(as_json(changes(calendar([before, gone]), calendar([now, new])), ("A", "B")))
    assert (data["from"], data["to"], data["unchanged"]) == ("A", "B", 0)
    assert data["counts"] == {"added": 1, "removed": 1, "moved": 1}
    by_id = {change["id"]: change for change in data["changes"]}
    assert list(by_id) == ["b", "c", "a"]
    assert {key: by_id["a"][key] for key in ("aspects", "from", "to", "days", "why", "event")} == {
        "aspects": ["moved"], "from": "2027-01-04", "to": "2027-01-07", "days": 3, "why": "flu", "event": None,
    }  # fmt: skip
    assert {d["what"]: d["after"] for d in by_id["a"]["differences"]} == {
        "start": "2027-01-07", "end": "2027-01-07", "because": "flu",
        "window": {"earliest": "2027-01-06", "latest": "2027-01-09"},
    }  # fmt: skip
    assert by_id["b"]["event"]["start"] == by_id["b"]["from"] == "2027-01-04"
    assert by_id["c"]["to"] == "2027-01-04"


@pytest.mark.parametrize("render", [as_text, as_markdown, as_json])
def test_the_same_input_gives_the_same_bytes(render):
    """Two runs give the same text, and no line of it ends in a space."""
    one = lupus()
    text = render(changes(one, later(one, 2)))
    assert text == render(changes(lupus(), later(lupus(), 2)))
    assert all(line == line.rstrip() for line in text.splitlines())


def test_names_from_a_definition_cannot_break_a_line():
    """Control and direction characters of a label or a reason do not reach a reader."""
    before = event(id="a", label="x\u202e\ny")
    text = as_text(changes(calendar([before]), calendar([moved(before, 1, because="a\n\u2066b")])))
    assert "x y" in text
    assert "  a b" in text
    assert not re.search("[\u202e\u2066]", text)


@settings(max_examples=30)
@given(journals())
def test_whatever_was_recorded_can_be_read(journal):
    """Any journal's changes can be printed in every format, each counted once, in lines of at most 120 columns."""
    name, rows = journal
    found = changes(after(PLANS[name], ()), after(PLANS[name], rows))
    counted = [row.count for part in parts(found) for group in part.groups for row in group.rows]
    assert sum(counted) == len(found.entries)
    assert max(map(len, as_text(found).splitlines())) <= 120
    assert len(json.loads(as_json(found))["changes"]) == len(found.entries)
    assert as_markdown(found).count("\n| ") == len(counted) + 2 * len(parts(found))
