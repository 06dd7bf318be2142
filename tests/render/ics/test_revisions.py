"""How is a program told what has changed? Sequence, time stamps and cancellations against the last export."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.render.ics.files import FULL, events_in, lines_of
from tests.render.samples import ANCHOR, BERLIN, calendar, event, everything, infusion, lupus

from regimen.errors import RegimenError
from regimen.render.ics import Options, Previous, as_ics, entries_of, export, previous_of, uid_of
from regimen.timing import Span

ONE_DAY = timedelta(days=1)
STAMP = datetime(2000, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def after(*contents):
    return previous_of([(f"old{n}.ics", content) for n, content in enumerate(contents)])


def visit(name, days=0, **given):
    """A visit whose id does not depend on its day."""
    facts = {"kind": "visit", "id": f"t/{name}", "position": "", "why": "", **given}
    return event(name, start=ANCHOR + timedelta(days=days), **facts)


def said(content):
    """By name of the visit: sequence, seconds of the time stamp after the first export's, status and first day."""
    names = {uid_of(f"t/{name}", "NCT00000000"): name for name in "abcdef"}
    return {
        names[str(e["UID"])]: (
            int(e["SEQUENCE"]), (e.decoded("DTSTAMP") - STAMP) // SECOND, str(e["STATUS"]), e.decoded("DTSTART").day,
        )
        for e in events_in(content)
    }  # fmt: skip


def versions(*calendars, options=FULL):
    """Each calendar exported with the one before as its previous file."""
    contents = [as_ics(calendars[0], options)]
    for one in calendars[1:]:
        contents.append(as_ics(one, options, after(contents[-1])))
    return contents


def test_three_successive_versions():
    """Moved: sequence and stamp. Other words: stamp only. Unchanged: nothing. Dropped: cancelled once, then gone."""
    first = calendar([visit("a"), visit("b", 1), visit("c", 2), visit("d", 3)])
    second = calendar([visit("a"), visit("b", 8), visit("c", 2, label="Long visit"), visit("e", 9)])
    third = calendar([visit("a"), visit("b", 8), visit("c", 3, label="Long visit"), visit("d", 3), visit("e", 9)])
    one, two, three = (said(content) for content in versions(first, second, third))
    assert one == {name: (0, 0, "CONFIRMED", 4 + n) for n, name in enumerate("abcd")}
    assert two == {
        "a": (0, 0, "CONFIRMED", 4),
        "b": (1, 1, "CONFIRMED", 12),
        "c": (0, 1, "CONFIRMED", 6),
        "d": (1, 1, "CANCELLED", 7),
        "e": (1, 1, "CONFIRMED", 13),
    }
    assert three == {
        "a": (0, 0, "CONFIRMED", 4),
        "b": (1, 1, "CONFIRMED", 12),
        "c": (1, 2, "CONFIRMED", 7),
        "d": (2, 2, "CONFIRMED", 7),
        "e": (1, 1, "CONFIRMED", 13),
    }


def test_cancelled_for_one_revision_then_gone():
    """What was dropped is in one revision as cancelled, and in the next that changes anything it is not there."""
    contents = versions(calendar([visit("a"), visit("b", 1)]), calendar([visit("a")]), calendar([visit("a", 1)]))
    assert [sorted(said(content)) for content in contents] == [["a", "b"], ["a", "b"], ["a"]]


def test_one_that_comes_back_later_is_never_below_its_old_sequence():
    """An event dropped, gone, and planned again starts above every number a program may have seen."""
    steps = [[visit("a"), visit("b", n)] for n in range(3)] + [
        [visit("a")],
        [visit("a", 1)],
        [visit("a", 1), visit("b", 2)],
    ]
    contents = versions(*map(calendar, steps))
    numbers = [said(content)["b"][0] for content in contents if "b" in said(content)]
    assert numbers == [0, 1, 2, 3, 5]


def test_cancelled_entries():
    """A cancelled entry says so in its title too, blocks no time, reminds of nothing, and keeps its dates."""
    options = Options(at=time(9), zone=BERLIN, alarm=Span(1, "d"))
    content = as_ics(calendar([visit("a"), visit("b", 1)]), options)
    (_, gone) = events_in(as_ics(calendar([visit("a")]), options, after(content)))
    assert str(gone["SUMMARY"]) == "Cancelled: Clinic visit"
    assert (str(gone["TRANSP"]), gone.subcomponents) == ("TRANSPARENT", [])
    assert gone.decoded("DTSTART") == datetime(2027, 1, 5, 9, tzinfo=BERLIN)


def test_nothing_changed():
    """The same calendar again is the same file to the byte: also with something cancelled in it."""
    one, two, three = versions(everything(), everything(), everything())
    assert one == two == three
    dropped = versions(calendar([visit("a"), visit("b")]), calendar([visit("a")]), calendar([visit("a")]))
    assert dropped[1] == dropped[2] != dropped[0]


def test_the_revision_is_counted():
    """The file says which revision it is; one without changes is no new one."""
    contents = versions(*(calendar([visit("a", n)]) for n in (0, 0, 1, 1, 2)))
    found = [line for content in contents for line in lines_of(content) if line.startswith("X-REGIMEN-REVISION")]
    assert found == [f"X-REGIMEN-REVISION:{n}" for n in (0, 0, 1, 1, 2)]


@pytest.mark.parametrize(
    "changed",
    [
        visit("a", 1), visit("a", state="tentative"), visit("a", end=ANCHOR + ONE_DAY),
        replace(visit("a"), start=datetime(2027, 1, 4, 9, tzinfo=BERLIN), end=datetime(2027, 1, 4, 9, tzinfo=BERLIN)),
        visit("a", state="cancelled"),
    ],
    ids=["start", "status", "end", "time", "cancelled"],
)  # fmt: skip
def test_what_raises_the_sequence(changed):
    """A changed start, end or status raises the sequence."""
    old, new = versions(calendar([visit("a")]), calendar([changed]))
    assert (said(old)["a"][:2], said(new)["a"][:2]) == ((0, 0), (1, 1))


@pytest.mark.parametrize(
    ("changed", "options"),
    [(visit("a", label="B"), FULL), (visit("a", why="so"), FULL), (visit("a"), replace(FULL, alarm=Span(2, "h")))],
    ids=["title", "description", "alarm"],
)
def test_what_is_only_text(changed, options):
    """Other words or another alarm set the time stamps and leave the sequence."""
    old = as_ics(calendar([visit("a")]), FULL)
    new = as_ics(calendar([changed]), options, after(old))
    assert said(new)["a"][:2] == (0, 1)


def test_a_given_revision_time():
    """With a revision time it is the stamp of what changed; an earlier one than the last is refused."""
    noon = datetime(2027, 1, 4, 12, tzinfo=UTC)
    first = as_ics(calendar([visit("a"), visit("b")]), replace(FULL, revised=noon))
    second = calendar([visit("a", 1), visit("b")])
    later = as_ics(second, replace(FULL, revised=noon + ONE_DAY), after(first))
    assert [e.decoded("LAST-MODIFIED") for e in events_in(later)] == [noon, noon + ONE_DAY]
    counted = as_ics(second, FULL, after(first))
    assert max(e.decoded("DTSTAMP") for e in events_in(counted)) == noon + SECOND
    with pytest.raises(RegimenError, match="is not later than the last export's"):
        as_ics(second, replace(FULL, revised=noon), after(first))
    same = calendar([visit("a"), visit("b")])
    assert as_ics(same, replace(FULL, revised=noon), after(first)) == first


def test_a_revision_time_of_another_zone():
    """Whatever zone a revision time is given in, it is written in UTC and to the second."""
    noon = datetime(2027, 1, 4, 12, 0, 0, 999, tzinfo=BERLIN)
    assert b"DTSTAMP:20270104T110000Z" in as_ics(calendar([visit("a")]), replace(FULL, revised=noon))


def test_a_full_file_does_not_leak_into_a_discreet_one():
    """A dropped entry's old title comes back only if it is one of the discreet words; its old text never does."""
    full = as_ics(calendar([visit("a"), infusion(id="t/b", label="Blinatumomab")]), FULL)
    discreet = as_ics(calendar([visit("a")]), Options(), after(full))
    assert b"linatumomab" not in discreet
    assert b"Cancelled: Appointment" in discreet
    again = as_ics(calendar([visit("a", 3)]), Options(), after(as_ics(calendar([visit("a"), visit("b")]), Options())))
    assert b"Cancelled: Clinic visit" in again


def test_stops_and_changes_move_with_their_infusion():
    """When an infusion is delayed, its stop and its bag changes are the same entries at their new times."""
    start = datetime(2027, 1, 4, 10, tzinfo=BERLIN)
    options = Options(bags=True, bag_length=Span(7, "d"))
    old, new = versions(
        calendar([infusion(start, id="t/a")]), calendar([infusion(start + ONE_DAY, id="t/a")]), options=options
    )
    before, now = events_in(old), events_in(new)
    assert [str(e["UID"]) for e in before] == [str(e["UID"]) for e in now]
    assert {int(e["SEQUENCE"]) for e in now} == {1}
    assert len(now) == 3


def test_notes_say_what_changed():
    """The export says which revision it is and how many entries moved, changed, came and went."""
    first = as_ics(calendar([visit("a"), visit("b"), visit("c"), visit("d")]), FULL)
    second = calendar([visit("a", 1), visit("b", label="Other"), visit("c"), visit("e")])
    assert export(second, FULL, after(first)).notes[-1] == (
        "Revision 1: 5 entries, of them 1 moved or with another state, 1 with other words, 1 new, 1 cancelled."
    )
    same = export(calendar([visit("a"), visit("b"), visit("c"), visit("d")]), FULL, after(first))
    assert same.notes[-1] == "Nothing has changed since revision 0; the file stays the same."


def test_another_calendar_is_refused():
    """A previous file without a common event is of another trial, subject or key, and refused."""
    other = as_ics(lupus(), Options(subject="0018"))
    with pytest.raises(RegimenError, match="no event in common with this calendar"):
        as_ics(lupus(), Options(subject="0017"), after(other))


def test_a_previous_file_reads_back_as_it_was_meant():
    """Every kind of entry is read from the last file as it was written: days, zones, alarms, repeats, long text."""
    start = datetime(2027, 3, 20, 10, tzinfo=BERLIN)
    one = calendar([*everything(), infusion(start, id="t/late"), visit("a", label="µ;, \\N \\n " * 20)])
    options = replace(FULL, alarm=Span(90, "min"), bags=True, bag_length=Span(96, "h"), rrule=True)
    meant = {entry.uid: (entry.when, entry.text, entry.sequence) for entry in entries_of(one, options)}
    read = after(as_ics(one, options)).entries
    assert {uid: (entry.when, entry.text, entry.sequence) for uid, entry in read.items()} == meant


GOOD = as_ics(calendar([visit("a"), visit("b")]), Options(at=time(9), zone=BERLIN))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not whole: it does not end with END:VCALENDAR"),
        (GOOD[: len(GOOD) // 2], "not whole"),
        (GOOD[:-2], "not whole: its last line has no end"),
        (GOOD.replace(b"END:VCALENDAR\r\n", b""), "does not end with END:VCALENDAR"),
        (GOOD.replace(b"END:VEVENT\r\n", b"", 1), "BEGIN|ends VCALENDAR|second time|twice|not begun"),
        (GOOD.replace(b"//regimen//", b"//other//"), "made by another program"),
        (GOOD.replace(b"X-REGIMEN-REVISION:0\r\n", b""), "has no X-REGIMEN-REVISION"),
        (GOOD.replace(b"SEQUENCE:0\r\n", b"", 1), "event 1 has no SEQUENCE"),
        (GOOD.replace(b"SEQUENCE:0\r\n", b"SEQUENCE:x\r\n", 1), "event 1 .* cannot be understood"),
        (GOOD.replace(b"T090000", b"T250000"), "cannot be understood"),
        (GOOD.replace(b"TZID=Europe/Berlin", b"TZID=Europe/Atlantis"), "is not in the file"),
        (GOOD.replace(b"Europe/Berlin", b"Europe/Atlantis"), "there is no time zone 'Europe/Atlantis'"),
        (GOOD.replace(b";TZID=Europe/Berlin", b""), "zone of 20270104T090000 is not in the file"),
        (GOOD + GOOD, "not whole|does not end"),
        (b"\xff\xfe" + GOOD, "not UTF-8 text"),
        (b"hello\r\n", "line 1 has no name and value: 'hello'"),
    ],
)
def test_a_previous_file_that_cannot_be_trusted(content, sentence):
    """A file that is not whole, not ours or not understood is refused by name, with what is wrong."""
    with pytest.raises(RegimenError, match=sentence) as caught:
        previous_of([("old.ics", content)])
    assert str(caught.value).startswith("old.ics cannot be compared with: ")


def test_files_of_different_exports():
    """Parts of one export belong together; files of two exports, or one file twice, are refused."""
    first, second = versions(calendar([visit("a"), visit("b")]), calendar([visit("a", 1), visit("b")]))
    with pytest.raises(RegimenError, match=r"different exports: old0.ics is revision 0, old1.ics is revision 1\."):
        after(first, second)
    with pytest.raises(RegimenError, match="old1.ics holds events that an earlier file holds as well"):
        after(first, first)


def test_line_ends_of_another_system():
    """A previous file whose line ends an editor or a version store has changed is still read."""
    assert after(GOOD.replace(b"\r\n", b"\n")) == after(GOOD)


plans = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(st.integers(0, 20), st.sampled_from(["planned", "tentative"])), min_size=1
)


@given(st.lists(plans, min_size=2, max_size=6))
def test_any_history(history):
    """Whatever moves, goes and comes: no sequence ever falls while it is there, and each change raises it."""
    previous: Previous | None = None
    highest: dict[str, int] = {}
    old: dict[str, tuple[object, ...]] = {}
    for plan in history:
        plan = {"f": (0, "planned"), **plan}  # one that always stays, so that the files belong together
        made = export(calendar([visit(n, days, state=state) for n, (days, state) in plan.items()]), FULL, previous)
        for entry in made.entries:
            assert entry.sequence >= highest.get(entry.uid, 0)
            if entry.uid in old and old[entry.uid] != entry.when:
                assert entry.sequence > highest[entry.uid]
            highest[entry.uid], old[entry.uid] = entry.sequence, entry.when
        previous = after(made.content())


def test_dates_in_the_last_file_need_no_zone_of_this_computer():
    """Whole days of the last file are days, whatever zone the computer is in."""
    assert next(iter(after(as_ics(calendar([visit("a")]))).entries.values())).start == date(2027, 1, 4)
