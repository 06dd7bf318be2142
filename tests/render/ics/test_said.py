"""What must be said of a whole-day infusion, of a visit on any day, and beside the file?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.render.ics.files import only
from tests.render.samples import calendar, event

from regimen.events import DatedWindow, Notice
from regimen.render.ics import Options, export

PROFILES = pytest.mark.parametrize("profile", ["discreet", "full"])


@PROFILES
def test_the_day_an_infusion_stops(profile):
    """28 whole days from Sun 17 Jan 2027 end on Sat 13 Feb, and the infusion stops on Sun 14 Feb."""
    infusion = event(start=date(2027, 1, 17), end=date(2027, 2, 13), continuous=True)
    said = str(only(infusion, options=Options(profile=profile))["DESCRIPTION"])
    assert "stops: sun 14 feb 2027" in said.casefold().replace("stops sun", "stops: sun")


@PROFILES
def test_one_visit_on_any_day(profile):
    """A visit on any day of its window says that one visit is meant; once it was made, no longer."""
    first, last = date(2026, 12, 7), date(2027, 1, 3)
    visit = event(kind="visit", start=first, end=last, window=DatedWindow(first, last), any_day=True)
    line = "One visit on any day of these"
    assert line in str(only(visit, options=Options(profile=profile))["DESCRIPTION"]).split("\n")
    done = replace(visit, end=first, state="done")
    assert line not in str(only(done, options=Options(profile=profile))["DESCRIPTION"])


TOLD = (
    "Not dated: X: its start is not known.",
    "Follow-up: not dated, because it counts from the relapse, which does not happen.",
    "X: 3 planned but left out by a bound or weekday: C1D1, C1D8, C1D15.",
    "X: no date is left; its bounds, weekdays or conditions leave none.",
    "02:30 on 2026-10-25 happens twice in Europe/Berlin, because the clocks go back; the first is meant.",
    "X: 2 days that follow from two doses are given once.",
)


@PROFILES
def test_what_is_noted_of_the_calendar(profile):
    """Dates left out, times that come twice, decisions and warnings are said beside the file, never in it."""
    one = replace(
        calendar([event()]),
        notes=(*TOLD, "Open ends are shown for 2 years from the start of their epoch."),
        notices=(
            Notice("decision", "t/a", "Two doses meet.", "Choose one."),
            Notice("warning", "", "Closed."),
            Notice("note", "", "By the way."),
        ),
    )
    made = export(one, Options(profile=profile))
    assert made.notes == (*TOLD, "decision: t/a: Two doses meet. Choose one.", "warning: Closed.")
    assert made.content() == export(calendar([event()]), Options(profile=profile)).content()
