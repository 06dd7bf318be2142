"""What does the full profile say of weekly drugs, of states, of open decisions?"""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.render.ics.files import FULL, events_in, lines_of, only, titles
from tests.render.samples import ANCHOR, calendar, event, lupus, ramp_up

from regimen.library import expand
from regimen.render.ics import Options, as_ics, entries_of


def weekly(*days, item="methotrexate", **given):
    return [event(item, start=ANCHOR + timedelta(days=n), dose="15 mg", route="PO", **given) for n in days]


def test_calendar_name():
    """Study, arm and subject are the calendar's name."""
    lines = lines_of(as_ics(lupus(), Options(profile="full", subject="0017")))
    assert "X-WR-CALNAME:NCT04893161 belimumab 0017" in lines


def test_weekly_drugs_name_their_weekday():
    """A weekly drug's title ends with its weekday and its text says on no other day; so nobody takes it daily."""
    found = events_in(as_ics(calendar(weekly(0, 7, 14)), FULL))
    assert {str(e["SUMMARY"]) for e in found} == {f"Day {n} Methotrexate 15 mg PO, only on Mondays" for n in (0, 7, 14)}
    assert all("Only on Mondays, on no other day of the week." in str(e["DESCRIPTION"]).split("\n") for e in found)


def test_weekly_in_discreet_words():
    """The discreet text names the weekday too, and its title stays as it is."""
    (first, *_) = entries_of(calendar(weekly(0, 7, 14)))
    assert first.summary == "Treatment day"
    assert first.description.startswith("Only on Mondays, on no other day of the week.\n")


@pytest.mark.parametrize(
    ("days", "marked"),
    [
        ((0, 7, 14), (0, 7, 14)),
        ((0, 14, 28), ()),
        ((0, 1, 2, 7, 8, 9), ()),
        ((0,), ()),
        ((0, 7), (0, 7)),
        ((0, 7, 14, 28, 42), (0, 7, 14)),
        ((0, 7, 28, 35), (0, 7, 28, 35)),
        ((0, 3, 7, 10), ()),
    ],
)
def test_which_doses_are_weekly(days, marked):
    """A dose is weekly when the nearest dose of the same drug lies exactly seven days away, and none nearer."""
    found = [entry.start for entry in entries_of(calendar(weekly(*days)), FULL) if "only on" in entry.summary]
    assert found == [ANCHOR + timedelta(days=n) for n in marked]


def test_weekly_on_more_than_one_weekday():
    """Where a drug's doses do not all lie on one weekday, no weekday is claimed; that it is once a week still is."""
    found = titles(as_ics(calendar(weekly(0, 7, 16, 23)), FULL))
    assert all(title.endswith(", only once a week") for title in found)


@pytest.mark.parametrize(
    "other", [weekly(3, item="folic acid"), weekly(3, state="held"), []], ids=["drug", "held", "none"]
)
def test_what_does_not_make_a_drug_daily(other):
    """Another drug's doses, and doses that are not taken, do not count."""
    found = entries_of(calendar([*weekly(0, 7), *other]), FULL)
    assert sum("only on Mondays" in entry.summary for entry in found) == 2


def test_daily_doses_have_no_weekday():
    """Daily doses name no weekday."""
    assert not any("only" in title for title in titles(as_ics(ramp_up(), FULL)))


def test_the_weekly_drug_of_a_trial():
    """Belimumab is weekly in the CLL trial; venetoclax, daily, and rituximab, every 28 days, are not."""
    found = titles(as_ics(expand("belimumab-cll", on={"venetoclax_day_1": "2026-01-05"}), FULL))
    assert {"belimumab"} == {t.split()[2] for t in found if t.endswith(", only on Mondays")}
    assert sum(t.endswith(", only on Mondays") for t in found) == sum(" belimumab " in t for t in found)


@pytest.mark.parametrize(
    ("state", "status", "title"),
    [
        ("planned", "CONFIRMED", "Day 0 Belimumab"),
        ("tentative", "TENTATIVE", "Day 0 Belimumab (tentative)"),
        ("cancelled", "CANCELLED", "Cancelled: Day 0 Belimumab (cancelled)"),
        ("held", "CANCELLED", "Cancelled: Day 0 Belimumab (held)"),
        ("missed", "CANCELLED", "Cancelled: Day 0 Belimumab (missed)"),
        ("given", "CONFIRMED", "Day 0 Belimumab (given)"),
    ],
)
def test_states(state, status, title):
    """What will not take place is cancelled, in status and in title; what is undecided is tentative."""
    one = only(event(state=state))
    assert (str(one["STATUS"]), str(one["SUMMARY"])) == (status, title)


def test_only_what_is_decided():
    """Events of open decisions are tentative, or left out with their number if so asked."""
    one = expand("blinatumomab-mrd", on={"first_dose": "2026-03-02"})
    tentative = [entry for entry in entries_of(one, FULL) if entry.status == "TENTATIVE"]
    decided = entries_of(one, Options(profile="full", decided_only=True))
    assert len(tentative) == sum(event.state == "tentative" for event in one) > 0
    assert len(decided) + len(tentative) == len(entries_of(one, FULL))
    assert {entry.status for entry in decided} == {"CONFIRMED"}
