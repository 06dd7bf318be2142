"""What is on a plot of some days, ruled by day or week, with what was moved beside what was planned?"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from itertools import combinations

import pytest

pytest.importorskip("matplotlib")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.commands import typed
from tests.render.gantt_trials import START, TRIALS, calendar, event
from tests.render.test_gantt import chart, places, words

from regimen.errors import RegimenError
from regimen.render import gantt
from regimen.render.gantt_ghosts import Ghost, ghosts
from regimen.render.gantt_layout import WIDEST
from regimen.render.gantt_view import View, width_for


def overlapping(figure) -> list[tuple[str, str]]:
    boxes = places(figure)
    return [
        (one.get_text(), other.get_text())
        for (one, a), (other, b) in combinations(boxes.items(), 2)
        if a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1
    ]


@pytest.mark.parametrize("name", sorted(TRIALS))
@pytest.mark.parametrize(("days", "by"), [(3, "day"), (60, "week"), (200, "day"), (1096, "week"), (1096, "")])
def test_no_text_lies_on_another_however_many_days_are_shown(name, days, by):
    """From three days to three years, of each trial, ruled by days or weeks."""
    trial = TRIALS[name]()
    start = min(e.first_day for e in trial)
    view = View(start, start + timedelta(days=days - 1), by, today=start + timedelta(days=1))
    assert overlapping(gantt.figure(trial, view=view)) == []


@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_no_text_lies_on_another_in_any_calendar(data):
    """Whatever is given when, moved from where, and however it is called."""
    some = st.tuples(st.integers(-20, 400), st.sampled_from(["planned", "tentative", "held", "missed", "cancelled"]))
    events = []
    for item in range(data.draw(st.integers(1, 6))):
        label = data.draw(st.text("abc WX", min_size=1, max_size=60))
        for n, (day, state) in enumerate(data.draw(st.lists(some, min_size=1, max_size=12))):
            moved = data.draw(st.sampled_from([None, START + timedelta(days=day - 5)]))
            events.append(event(f"drug{item}", day, id=f"{item}/{n}", state=state, label=label, planned=moved))
    assert overlapping(gantt.figure(calendar(events))) == []


def test_what_lies_outside_is_counted():
    """Ten weekly doses, of which the third to the fifth are shown: two earlier, five later, and no mark outside."""
    weekly = calendar([event("drug", n) for n in range(0, 70, 7)])
    view = View(START + timedelta(days=14), START + timedelta(days=34))
    figure = gantt.figure(weekly, view=view)
    assert "Not shown: 2 events before Mon 18 Jan 2027 and 5 events after Sun 7 Feb 2027." in words(figure)
    marks = next(c for c in chart(figure).collections if c.get_label() == "dose dots")
    assert [round(x, 1) for x, _ in marks.get_offsets()] == [14.5, 21.5, 28.5]


def test_bars_are_cut_at_the_edges():
    """An infusion that began before and goes on after fills the days that are shown, and no more."""
    found = calendar([event("drug", 0, last=27, continuous=True)])
    figure = gantt.figure(found, view=View(START + timedelta(days=7), START + timedelta(days=9)))
    (bars,) = [c for c in chart(figure).collections if c.get_label() == "dose boxes"]
    xs = [x for path in bars.get_paths() for x in path.vertices[:, 0]]
    assert (min(xs), max(xs)) == (7, 10)


def test_nothing_on_these_days_is_said():
    """A view without any event is refused, with how many there are elsewhere."""
    with pytest.raises(RegimenError, match=r"nothing to draw on these days. Not shown: 1 event before Mon 3 Jan 2028"):
        gantt.figure(calendar([event("drug", 0)]), view=View(date(2028, 1, 3)))


def test_days_are_lines():
    """By day there is a line at each midnight, by week at each Monday's."""
    found = calendar([event("drug", n) for n in (0, 40)])
    for by, step in (("day", 1), ("week", 7)):
        figure = gantt.figure(found, view=View(START, START + timedelta(days=41), by))
        (grid,) = [c for c in chart(figure).collections if c.get_label() == "grid"]
        assert [path.vertices[0][0] for path in grid.get_paths()] == list(range(0, 43, step))


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({"view": View(by="day")}, "Lines for each day would run together in this picture; .* or --by week"),
        ({"layout": "tall"}, "There is no layout 'tall'; the layouts are page and wide"),
    ],
)
def test_what_cannot_be_read_is_not_drawn(choice, sentence):
    """1,100 lines on a page are a grey smear, so another way is offered."""
    with pytest.raises(RegimenError, match=sentence):
        gantt.figure(calendar([event("drug", 0), event("drug", 1100)]), **choice)


def test_edges_the_wrong_way_round_are_refused():
    """The last day cannot come before the first, and a ruling is by day or week."""
    with pytest.raises(RegimenError, match="would end on Mon 4 Jan 2027, before it begins on Tue 5 Jan 2027"):
        View(date(2027, 1, 5), date(2027, 1, 4))
    with pytest.raises(RegimenError, match="by day or by week, not by 'hour'"):
        View(by="hour")


def test_a_wide_picture_has_room_for_its_days():
    """One page is 11 inches; a wide one gives each day 0.3 inches by day, and never exceeds the widest."""
    found = calendar([event("drug", 0), event("drug", 99)])
    assert width_for(found, View(), "page", WIDEST) == 11.0
    assert width_for(found, View(by="day"), "wide", WIDEST) == pytest.approx(33.0)
    assert width_for(calendar([event("drug", 0), event("drug", 9999)]), View(by="day"), "wide", WIDEST) == WIDEST


# ---------------------------------------------------------------- planned beside actual


def test_ghosts_stand_where_things_were_planned():
    """Moved by five days, missed, held three days in a row, cancelled; what is as planned has none."""
    day = START + timedelta(days=10)
    events = [
        event("drug", 0), event("drug", 15, id="b", planned=day), event("drug", 20, id="c", state="missed"),
        *(event("drug", n, id=f"h{n}", state="held") for n in (30, 31, 32)),
        event("drug", 40, id="e", state="cancelled"),
    ]  # fmt: skip
    assert ghosts(events, START) == (
        Ghost(30, 33, "held"), Ghost(20, 21, "missed"), Ghost(10, 11, "moved"), Ghost(40, 41, "off"),
    )  # fmt: skip


def test_each_state_has_a_mark_of_its_own():
    """The planned days of what was moved, missed, held and cancelled are on the plot and in the key."""
    states = ["planned", "missed", "held", "cancelled", "not applicable"]
    events = [event("drug", 7 * n, id=str(n), state=state) for n, state in enumerate(states)]
    events.append(event("drug", 60, id="m", planned=START + timedelta(days=57)))
    figure = gantt.figure(calendar(events))
    labels = {c.get_label() for c in chart(figure).collections}
    assert {"dose dots", "moved dots", "missed dots", "held dots", "off dots"} <= labels
    key = set(words(figure))
    assert {
        "small ring: planned, moved since", "cross: missed", "small square: on hold",
        "plus: cancelled or not applicable",
    } <= key  # fmt: skip


def test_a_plan_without_changes_has_no_ghosts():
    """Nothing happened, nothing is beside anything."""
    labels = {c.get_label() for name in TRIALS for c in chart(gantt.figure(TRIALS[name]())).collections}
    assert not labels & {"moved dots", "missed dots", "held dots", "off dots"}


# ---------------------------------------------------------------- svg for everybody


def test_an_svg_is_read_aloud(tmp_path):
    """It has the role of a picture, one title, a description with its texts, and its texts are texts."""
    gantt.save(TRIALS["lupus"](), tmp_path / "a.svg")
    root = ET.fromstring((tmp_path / "a.svg").read_bytes())
    space = "{http://www.w3.org/2000/svg}"
    titles = root.findall(f".//{space}title")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title description"
    assert len(titles) == 1
    assert titles[0].text == "Belimumab in systemic lupus erythematosus · Arm A"
    description = root.find(f"{space}desc").text
    assert "Planning aid: verify every date against the protocol." in description
    drawn = " ".join("".join(text.itertext()) for text in root.iter(f"{space}text"))
    assert "10 mg/kg IV over 1 h" in drawn
    assert "Planning aid" in drawn


def test_dangerous_names_stay_text_in_an_svg(tmp_path):
    """A name with angle brackets and quotes is escaped in title and description."""
    found = calendar([event("drug", 0)], title='</title><script>alert("x")</script> & more', lanes={"drug": "<b>"})
    gantt.save(found, tmp_path / "a.svg")
    root = ET.fromstring((tmp_path / "a.svg").read_bytes())
    assert not [e for e in root.iter() if e.tag.endswith("script")]
    assert "<script>" in (root[0].text or "")


# ---------------------------------------------------------------- the command


def test_the_command_takes_days(tmp_path):
    """--from, --to, --by, --layout and --today go from the command to the picture."""
    out = tmp_path / "a.svg"
    shared = ("gantt", "belimumab-sle", "--on", "first_dose=2027-01-04", "-o", str(out))
    answer = typed(*shared, "--from", "2027-02-01", "--to", "2027-05-15", "--by", "week", "--today", "2027-03-03",
                   "--layout", "wide", "--theme", "grey")  # fmt: skip
    assert answer.code == 0
    assert "Today, Wed 3 Mar 2027" in out.read_text(encoding="utf-8")
    assert "Not shown: 5 events before Mon 1 Feb 2027 and 11 events after Sat 15 May 2027." in out.read_text("utf-8")
    typed(*shared)
    assert "Today" not in out.read_text(encoding="utf-8")
    typed(*shared, "--today")
    assert "Today, " in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--from", "4 January"), "--from: '4 January' is not a date"),
        (("--to", "2027-02-30"), "--to: '2027-02-30' is not a date"),
        (("--today", "soon"), "--today: 'soon' is not a date"),
        (("--from", "2027-05-01", "--to", "2027-04-01"), "would end on Thu 1 Apr 2027"),
    ],
)
def test_the_command_refuses(tmp_path, more, said):
    """What is no day is refused with the option's name, and no file is written."""
    answer = typed("gantt", "belimumab-sle", "--on", "first_dose=2027-01-04", "-o", str(tmp_path / "a.svg"), *more)
    assert answer.code == 1
    assert said in answer.err
    assert list(tmp_path.iterdir()) == []
