"""Are the files of many subjects, made together, those that each would get alone, to the byte?"""

from __future__ import annotations

import hmac
import json
from dataclasses import fields, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar.parser.string import _foldline
from tests.render.ics.files import FULL, events_in
from tests.render.samples import ANCHOR, BERLIN, calendar, days_around, event, everything, infusion, lupus, ramp_up

from regimen.errors import RegimenError
from regimen.events import DatedWindow, Event
from regimen.library import expand
from regimen.render.ics import Options, as_ics, as_ics_each, entries_of, stencils, uid_of
from regimen.render.ics.folding import folded
from regimen.timing import Span

ASKED = Options(
    secret=b"0123456789abcdef", alarm=Span(1, "d"), as_of=date(2027, 2, 1), bags=True, bag_length=Span(96, "h"),
    at=time(9), zone=BERLIN, revised=datetime(2027, 1, 4, 9, 30, tzinfo=BERLIN),
)  # fmt: skip
CHOICES = [
    Options(),
    FULL,
    ASKED,
    replace(ASKED, profile="full"),
    replace(FULL, rrule=True),
    Options(decided_only=True),
]
ZONES = (BERLIN, ZoneInfo("America/New_York"), ZoneInfo("UTC"), ZoneInfo("Cuba"))


def same(calendars, options):
    """The files made together, once they are those made one by one."""
    together = list(as_ics_each(calendars, options))
    assert together == [(key, as_ics(one, replace(options, subject=key))) for key, one in calendars]
    return together


@pytest.mark.parametrize("options", CHOICES, ids=range(len(CHOICES)))
def test_the_trials(options):
    """Each trial for subjects who start on different days, at different times, on the same day."""
    for trial, anchor, more in (
        ("belimumab-sle", "first_dose", {}),
        ("blinatumomab-mrd", "first_dose", {"zone": "Europe/Berlin"}),
        ("blinatumomab-maintenance", "first_dose", {"zone": "America/New_York"}),
        ("daratumumab-t-all", "first_dose", {"assume": ["myeloma-label"]}),
    ):
        clock = "T10:00" if "zone" in more else ""
        days = ("2026-03-02", "2026-03-02", "2026-10-20", "2027-01-31", "2028-02-29")
        calendars = [(f"{n:04d}", expand(trial, {anchor: day + clock}, **more)) for n, day in enumerate(days)]
        same(calendars, options)


@pytest.mark.parametrize("options", CHOICES, ids=range(len(CHOICES)))
def test_samples(options):
    """One of everything: windows, times, infusions, daily runs, with different studies one after another."""
    start = datetime(2027, 3, 20, 10, tzinfo=BERLIN)
    late = calendar([infusion(start), event(start=datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN, fold=1), kind="visit")])
    same([("a", everything()), ("b", lupus()), ("c", late), ("d", everything()), ("", ramp_up())], options)


VERSION = tuple(int(part) for part in icalendar.__version__.split(".")[:2])
texts = st.one_of(st.sampled_from(["", "a", "µ;,\\", "x" * 90, "\\N\n", "用" * 40]), st.text(max_size=12))
AUTUMN = datetime(2027, 10, 30)  # noqa: DTZ001 - the zone is drawn apart
moments = st.one_of(
    st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    st.builds(
        lambda naive, zone, fold: naive.replace(tzinfo=zone, fold=fold),
        st.datetimes(AUTUMN, AUTUMN + timedelta(days=3)), st.sampled_from(ZONES), st.integers(0, 1),
    ),
)  # fmt: skip
spans = st.one_of(st.none(), st.sampled_from([Span(24, "h"), Span(36, "h"), Span(7, "d")]))


@st.composite
def drawn_events(draw):
    """An event with any value in each of its fields that an entry could show."""
    start = draw(moments)
    end = start + draw(st.sampled_from([timedelta(0), timedelta(days=3), timedelta(hours=5)]))
    window = draw(st.sampled_from([None, DatedWindow(start, start + timedelta(days=2))]))
    facts = {name: draw(texts) for name in ("label", "position", "why", "basis")}
    facts |= {name: draw(st.one_of(st.none(), texts)) for name in ("dose", "route", "duration", "source")}
    facts |= {name: tuple(draw(st.lists(texts, max_size=2))) for name in ("conditions", "activities")}
    facts |= {name: draw(st.booleans()) for name in ("optional", "continuous", "elapsed")}
    return event(
        draw(st.sampled_from("ab")), start, end=end, window=window, preferred=draw(st.sampled_from([None, window])),
        kind=draw(st.sampled_from(["dose", "visit", "activity", "milestone"])), bags=draw(spans),
        state=draw(st.sampled_from(["planned", "tentative", "cancelled", "held", "given"])), **facts,
    )  # fmt: skip


def outcome(call):
    """What a call gives, or the words with which it is refused."""
    try:
        return call()
    except RegimenError as error:
        return str(error)


@given(st.lists(st.lists(drawn_events(), min_size=1, max_size=5), min_size=1, max_size=3), st.sampled_from(CHOICES))
def test_any_calendars(lists, options):
    """Whatever the events are, what was made for one subject never stands in another's file."""
    calendars = []
    for n, events in enumerate(lists):
        named = [replace(one, id=f"t/{k}") for k, one in enumerate(events)]
        calendars.append((f"{n}", calendar(named)))
    alone = outcome(lambda: [(key, as_ics(one, replace(options, subject=key))) for key, one in calendars])
    assert outcome(lambda: list(as_ics_each(calendars, options))) == alone


@pytest.mark.parametrize("profile", ["discreet", "full"])
def test_every_field_counts(profile):
    """Two events that differ in any one field never share what was made, if the difference shows."""
    base = event("a", start=datetime(2027, 1, 4, 10, tzinfo=BERLIN), kind="dose", id="t/a")
    others = {
        "kind": "visit", "label": "Other", "position": "Day 9", "start": base.start + timedelta(hours=1), "why": "so",
        "end": base.start + timedelta(hours=2), "state": "tentative", "window": days_around(ANCHOR, 1, 1),
        "preferred": days_around(ANCHOR, 1, 1), "optional": True, "dose": "1 mg", "route": "PO", "duration": "1 h",
        "continuous": True, "activities": ("x",), "basis": "assumed: x", "source": "p 5", "conditions": ("a=b",),
        "bags": Span(1, "h"), "elapsed": True, "id": "t/b", "item": "c", "epoch": "e", "cycle": 9, "day": 9,
        "study_day": 9, "offset_days": 9, "planned": ANCHOR, "current": ANCHOR, "actual": ANCHOR, "given": "2 mg",
        "working_days": "warn", "min_interval": Span(1, "d"), "because": "late", "hangs_on": "t/x",
        "any_day": True,
    }  # fmt: skip
    assert set(others) == {field.name for field in fields(Event)}
    options = Options(profile=profile, bags=True)
    calendars = [("1", calendar([base]))]
    calendars += [
        ("1", calendar([replace(base, **{name: value})])) for name, value in others.items() if name != "start"
    ]
    moved = replace(base, start=others["start"], end=others["start"])
    same([*calendars, ("1", calendar([moved]))], options)


def test_equal_moments_are_not_the_same():
    """10:00 in Berlin and 09:00 in UTC are one moment and two entries; so are the two 02:30 of a night."""
    berlin, utc = datetime(2027, 1, 4, 10, tzinfo=BERLIN), datetime(2027, 1, 4, 9, tzinfo=ZoneInfo("UTC"))
    night = datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN)
    starts = (berlin, utc, night, night.replace(fold=1))
    files = same([("1", calendar([event("a", start=start, id="t/a")])) for start in starts], FULL)
    assert len({content for _, content in files}) == 4


def test_one_after_another():
    """Files are made as they are asked for; the whole site is never held in memory."""
    made = as_ics_each((("1", lupus()) if n == 0 else pytest.fail("read too far")) for n in range(2))
    assert next(made)[0] == "1"


@pytest.mark.parametrize(
    "bad",
    [
        calendar(), calendar([event(id="a"), event(id="a")]),
        calendar([event(id="a", end=ANCHOR - timedelta(days=1)), event(id="b", start=datetime(2027, 1, 4))]),  # noqa: DTZ001
    ],
    ids=["empty", "twice", "faults"],
)  # fmt: skip
def test_refused_with_the_same_words(bad):
    """What is refused alone is refused together, with all that is wrong and after those before it were given."""
    with pytest.raises(RegimenError) as alone:
        as_ics(bad)
    made = as_ics_each([("1", lupus()), ("2", bad)])
    assert next(made)[0] == "1"
    with pytest.raises(RegimenError) as together:
        next(made)
    assert str(together.value) == str(alone.value)


def test_what_was_filled_in_is_read_back(monkeypatch):
    """What is filled in wrongly is noticed, and the file is then made as if it were alone."""
    digits, calls = stencils._digits, []
    monkeypatch.setattr(stencils, "_digits", lambda moment: digits(moment) if len(calls) < 2 else "20270101")
    monkeypatch.setattr(stencils, "_proved", lambda stencil, entry: calls.append(1) or calls.append(2) or stencil)
    with pytest.raises(RegimenError, match="does not read back as written"):
        stencils.Stencils().halves(entries_of(calendar([event()]))[0])
    same([("1", calendar([event()]))], Options())


def test_the_key_of_a_subject_is_its_subject():
    """The key given with a calendar is what --subject is for one."""
    ((_, content),) = as_ics_each([("0017", calendar([event(id="t/a")]))], Options(secret=b"s" * 16))
    (one,) = events_in(content)
    assert str(one["UID"]) == uid_of("t/a", "NCT00000000", "0017", b"s" * 16)


@given(st.text(alphabet="ab\\^,;:µß漢💉é \t", max_size=400))
def test_folding(line):
    """A long line is cut to pieces of at most 75 octets, never inside a letter or after a single escape."""
    pieces = folded(line).split(b"\r\n ")
    assert all(len(piece) <= 74 for piece in pieces)
    assert "".join(piece.decode() for piece in pieces) == line
    if VERSION >= (7, 3):
        assert folded(line) == _foldline(line).encode()


@given(st.binary(max_size=100), st.text(max_size=20), st.text(max_size=20), st.text(max_size=30))
def test_identities_are_hmac(secret, study, subject, event_id):
    """The UID's bits are those of the standard library's HMAC-SHA256, but for version and variant."""
    digest = hmac.digest(secret, json.dumps([study, subject, event_id]).encode(), "sha256").hex()
    uid = uid_of(event_id, study, subject, secret).replace("-", "")
    assert (uid[:12], uid[13:16], uid[17:]) == (digest[:12], digest[13:16], digest[17:32])
    assert (uid[12], uid[16] in "89ab", int(uid[16], 16) & 3) == ("8", True, int(digest[16], 16) & 3)
