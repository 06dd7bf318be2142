"""What stands on a month calendar, a therapy map and a patient page, as values?"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.render.samples import ANCHOR, calendar, days_around, event, everything, infusion, lupus

from regimen.errors import RegimenError
from regimen.ledger import Ledger
from regimen.library import listed, load
from regimen.pharmacy import doses, person
from regimen.render.pages import Edition, month_pages, patient_page, therapy_map
from regimen.render.pages.terms import Table, texts_of
from regimen.safetext import unsafe

MADE = date(2027, 1, 1)
NURSE = "A. Nurse"
ASSUMED = {"daratumumab-t-all": ("myeloma-label-one-year",)}
JARGON = re.compile(
    r"\b(PO|IV|CIV|IM|bid|tid|subcut|mg/kg|mg/m2|mcg/day|C\d+D\d+|cycle|arm|epoch|anchor|tentative|optional|assumed|"
    r"administration|protocol|position|state|basis|AUC)\b"
)


def ledger(*events, **given):
    return Ledger(calendar(events, **given), (), ())


def trial(name):
    study = load(name, assume=ASSUMED.get(name, ()))
    on = dict.fromkeys(study.anchors, "2027-01-04")
    return doses(study, on, person=person(weight="70 kg", height="170 cm"), horizon="6 mo")


def patient(one, *, checked_by="", **given):
    return patient_page(one, edition=Edition("3", MADE, checked_by), **given)


def checked(one):
    return patient(one, checked_by=NURSE)


def words(document):
    return "\n".join(texts_of(document))


def tables(document):
    return [block for sheet in document.sheets for block in sheet.blocks if isinstance(block, Table)]


def pill(day=ANCHOR, **given):
    return event("pill", day, **{"route": "PO", "dose": "100 mg", **given})


def visit(day=ANCHOR, **given):
    return event("check", day, kind="visit", label="Blood test", **given)


# ---------------------------------------------------------------- month


def test_every_day_of_a_month_stands_once_under_its_weekday():
    """Rows are weeks from Monday; each day of the month has one cell in its column."""
    (table,) = tables(month_pages(ledger(pill(date(2027, 2, 28)))))
    days = [(column, cell.head) for row in table.rows for column, cell in enumerate(row) if cell.head]
    assert days == [(date(2027, 2, n).weekday(), str(n)) for n in range(1, 29)]


def test_a_dose_stands_on_its_day_and_an_infusion_on_each_of_its_days():
    """What lasts says where it starts, goes on and ends."""
    (table,) = tables(month_pages(ledger(infusion(ANCHOR, 3))))
    told = {cell.head: cell.lines for row in table.rows for cell in row if cell.lines}
    assert told == {
        "4": ("Blinatumomab 9 mcg/day starts",), "5": ("Blinatumomab goes on",), "6": ("Blinatumomab ends",)
    }  # fmt: skip


def test_months_without_anything_are_named_not_printed():
    """A gap of empty months is a sentence on the next sheet."""
    document = month_pages(ledger(pill(), pill(date(2027, 4, 1)), pill(date(2027, 6, 1))))
    assert [sheet.title[:8] for sheet in document.sheets] == ["Jan 2027", "Apr 2027", "Jun 2027"]
    assert "Nothing is planned from Feb 2027 through Mar 2027." in words(document)
    assert "Nothing is planned in May 2027." in words(document)


def test_no_event_is_left_out_of_the_month_calendar():
    """Every label of a calendar with one of everything is on a sheet."""
    text = words(month_pages(Ledger(everything(), (), ())))
    assert {one.label for one in everything() if " ".join(one.label.split()) not in text} == set()


def test_twenty_years_are_a_sheet_for_each_month():
    """Monthly for 20 years gives 240 sheets; the last month of the calendar can be printed."""
    events = [pill(date(2027 + n // 12, n % 12 + 1, 1)) for n in range(240)]
    assert len(month_pages(ledger(*events)).sheets) == 240
    assert len(month_pages(ledger(pill(date.max))).sheets) == 1
    assert len(month_pages(ledger(pill(date.min, offset_days=0))).sheets) == 1


# ---------------------------------------------------------------- therapy map


def test_a_map_has_one_sheet_a_cycle():
    """Cycles in their order, each with its own days."""
    events = [infusion(ANCHOR + timedelta(days=28 * n), cycle=n + 1, position=f"C{n + 1}D1") for n in range(3)]
    document = therapy_map(ledger(*events))
    assert [sheet.title.partition(":")[0] for sheet in document.sheets] == [
        "Treatment, cycle 1", "Treatment, cycle 2", "Treatment, cycle 3"
    ]  # fmt: skip
    assert [table.rows[0][2].lines for table in tables(document)[1::2]] == [
        (f"C{n}D1, 14 days",) for n in (1, 2, 3)
    ]  # fmt: skip


def test_a_drug_has_a_column_and_many_share_one():
    """Up to six drugs have a column each; 60 stand in one, by name."""
    few = therapy_map(ledger(*(event(f"drug{n}", dose="1 mg") for n in range(6))))
    many = therapy_map(ledger(*(event(f"drug{n}", dose="1 mg") for n in range(60))))
    assert tables(few)[1].headings == (
        "Date due", "Date given", "Day", *(f"Drug{n}" for n in range(6)), "Studies", "Comments"
    )  # fmt: skip
    assert tables(many)[1].headings[3:] == ("Drugs", "Studies", "Comments")
    assert len(tables(many)[1].rows[0][3].lines) == 60


def test_a_window_and_what_was_given_stand_in_the_row_of_the_day():
    """Date due with its window; date given from the record, else left to write in."""
    given = event("drug", ANCHOR, state="given", actual=datetime(2027, 1, 4, 9, 0, tzinfo=UTC), dose="1 mg")
    due = event("drug", ANCHOR + timedelta(days=7), window=days_around(ANCHOR + timedelta(days=7), 1, 1), dose="1 mg")
    rows = tables(therapy_map(ledger(given, due)))[1].rows
    assert [row[1].lines for row in rows] == [("Mon 4 Jan 2027",), ()]
    assert rows[1][0].lines == ("Mon 11 Jan 2027", "window Sun 10 – Tue 12 Jan 2027")


def test_weight_and_height_are_those_given():
    """The map prints the measures as written and leaves a line for what is not known."""
    who = person(weight="70 kg", height="170 cm")
    text = dict(therapy_map(trial("belimumab-sle"), measured=who.measured, subject="101").sheets[0].blocks[0].pairs)
    assert (text["Subject"], text["Weight"], text["Height"]) == ("101", "70 kg", "170 cm")
    assert dict(therapy_map(ledger(pill())).sheets[0].blocks[0].pairs)["Weight"] == ""


def test_a_surface_that_no_dose_uses_is_said_and_one_that_is_needed_is_left_to_write_in():
    """No blank that nobody can explain: not used, a line to fill in, or the step that calculates it."""

    def surface(one):
        return dict(therapy_map(one).sheets[0].blocks[0].pairs)["Surface"]

    unknown = doses(load("belimumab-cll"), {"venetoclax_day_1": "2027-01-04"}, person=person())
    assert surface(trial("belimumab-sle")) == "not used for a dose here"
    assert surface(unknown) == ""
    assert surface(trial("belimumab-cll")).endswith("≈ 1.81812 m2")


def test_no_row_of_a_map_goes_on_over_the_end_of_a_month_or_a_cycle():
    """A daily run of 100 days has a row in each month, so that each can be signed; all days stand in one row."""
    days = [pill(ANCHOR + timedelta(days=n)) for n in range(100)]
    rows = tables(therapy_map(ledger(*days)))[1].rows
    assert [row[0].lines for row in rows] == [
        ("Mon 4 – Sun 31 Jan 2027",), ("Mon 1 – Sun 28 Feb 2027",), ("Mon 1 – Wed 31 Mar 2027",),
        ("Thu 1 – Tue 13 Apr 2027",),
    ]  # fmt: skip


def test_an_infusion_of_days_has_a_row_for_its_end():
    """Somebody has to stop it, and signs for that too; one that is held has no end to sign."""
    timed = infusion(datetime(2027, 1, 4, 10, tzinfo=UTC), 14)
    end = [row[:4] for row in tables(therapy_map(ledger(timed)))[1].rows][-1]
    assert [cell.lines for cell in end] == [
        ("Mon 18 Jan 2027 10:00",), (), ("C1D1, after 14 days",), ("Blinatumomab ends",)
    ]  # fmt: skip
    by_day = tables(therapy_map(ledger(infusion(ANCHOR, 14))))[1].rows
    assert by_day[-1][0].lines == ("end of Sun 17 Jan 2027",)
    assert len(tables(therapy_map(ledger(infusion(ANCHOR, 14, state="held"))))[1].rows) == 1


def test_given_days_in_a_row_of_a_map_are_stretches():
    """What was given on consecutive days is said from its first day to its last; a day without it parts them."""
    days = [pill(ANCHOR + timedelta(days=n), state="given", because="") for n in (0, 1, 2, 4)]
    rows = tables(therapy_map(ledger(*days)))[1].rows
    assert [row[1].lines for row in rows] == [("Mon 4 – Wed 6 Jan 2027",), ("Fri 8 Jan 2027",)]


def test_what_holds_for_one_drug_of_a_row_names_it():
    """An optional drug beside one that is not: the comment says which."""
    rows = tables(therapy_map(ledger(event("first", optional=True), event("second"))))[1].rows
    assert rows[0][-1].lines == ("First: optional",)


@pytest.mark.parametrize("make", [month_pages, therapy_map])
def test_notes_are_gathered_on_the_last_sheet(make):
    """A letter is the same on each sheet and is told once, on the last; each sheet that has one says where."""
    document = make(trial("belimumab-cll"))
    *sheets, last = document.sheets
    assert last.title.startswith("Notes: ")
    assert [block.text[:4] for block in last.blocks] == [f"[{letter}] " for letter in "abcd"[: len(last.blocks)]]
    for sheet in sheets:
        assert sheet.blocks[-1].text.endswith("see the notes on the last page.")


# ---------------------------------------------------------------- patient page


@pytest.mark.parametrize("hidden", [
    {"state": "tentative"}, {"optional": True}, {"conditions": ("transplant=no",)}, {"state": "cancelled"},
    {"state": "missed"}, {"state": "given"}, {"state": "not applicable"}, {"basis": "assumed: dose (a guess)"},
    {"basis": "not stated: when (the record is silent)"},
])  # fmt: skip
def test_nothing_undecided_or_past_is_on_a_patient_page(hidden):
    """Only what is planned and hangs on nothing is told to a patient; for what may come, the team is named."""
    text = words(patient(ledger(pill(), pill(ANCHOR + timedelta(days=40), **hidden))))
    assert "Mon 4 Jan 2027" in text
    assert "Feb 2027" not in text
    assert ("only what is certain today" in text) == (hidden.get("state") in (None, "tentative"))
    assert ("Your study team will tell you about more days or doses of:\nPill" in text) == (
        hidden.get("state") in (None, "tentative")
    )  # fmt: skip


def test_a_page_without_anything_certain_is_refused():
    """An empty or wholly undecided calendar is a clear message, and so are the other two kinds for an empty one."""
    with pytest.raises(RegimenError, match="--decide NAME=ANSWER"):
        patient(ledger(pill(state="tentative")))
    for make in (patient, month_pages, therapy_map):
        with pytest.raises(RegimenError):
            make(ledger())


def test_daily_doses_are_one_row_and_weekly_ones_say_on_no_other_day():
    """A run of days is said in words; a medicine with days between warns against any other day."""
    daily = patient(ledger(*(pill(ANCHOR + timedelta(days=n)) for n in range(5))))
    assert [row[0].lines for row in tables(daily)[0].rows] == [
        ("Every day from Mon 4 Jan 2027 through Fri 8 Jan 2027",)
    ]  # fmt: skip
    assert "on no other day" not in words(daily)
    assert "on no other day" in words(patient(ledger(pill(), pill(ANCHOR + timedelta(days=7)))))


def test_a_medicine_on_hold_is_not_taken():
    """A held dose is a box that says so, not a row."""
    text = words(patient(ledger(pill(state="held"), visit())))
    assert "Do not take Pill now." in text
    assert "100 mg" not in text


def test_tablets_are_told_by_strength():
    """Venetoclax's ramp-up: tablets of the strengths it comes in, from the ledger."""
    rows = [row for table in tables(checked(trial("belimumab-cll"))) for row in table.rows]
    told = [row[1].lines for row in rows if row[0].lines[0].startswith("Every day")]
    assert told == [
        ("2 tablets of 10 mg",), ("1 tablet of 50 mg",), ("1 tablet of 100 mg",), ("2 tablets of 100 mg",),
        ("4 tablets of 100 mg",),
    ]  # fmt: skip


@pytest.mark.parametrize("name", [one.name for one in listed()])
def test_pages_of_the_trials_are_plain_and_safe(name):
    """No jargon on the patient page, at least 12 points, its version and day; nothing on any page can be misread."""
    one = trial(name)
    page = checked(one)
    own = {event.label for event in one.calendar} | {one.calendar.title}
    assert [text for text in texts_of(page) if text not in own and JARGON.search(text)] == []
    assert page.size >= 12
    assert page.foot == "Page version 3, made on Fri 1 Jan 2027."
    for document in (page, month_pages(one), therapy_map(one)):
        assert [found for text in texts_of(document) for found in unsafe(text) if text not in own] == []


def test_amounts_of_a_month_agree_with_the_ledger():
    """What the ledger calculates for a dose stands on the day of the dose."""
    one = trial("belimumab-sle")
    cells = {cell.head: cell.lines for row in tables(month_pages(one))[0].rows for cell in row if cell.head}
    amount = one.drugs[0].administrations[0].amount
    assert any(f"= {amount}" in line for line in cells["4"])


def test_lupus_by_hand():
    """14 infusions and 8 evaluations are 14 and 8 rows of the patient page."""
    infusions, visits = tables(patient(Ledger(lupus(), (), ())))
    assert (len(infusions.rows), len(visits.rows)) == (14, 8)
