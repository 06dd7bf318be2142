"""Is what a patient takes home safe to follow alone? Certain, in plain words, with what to do when something is not."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from tests.journals import study_from
from tests.render.samples import ANCHOR, days_around, event, infusion
from tests.render.test_pages import NURSE, checked, ledger, patient, pill, tables, trial, visit, words

from regimen.errors import RegimenError
from regimen.facts import read_policy
from regimen.languages import ENGLISH, KNOWN, Language
from regimen.ledger import Drug, Ledger
from regimen.library import listed
from regimen.pharmacy import doses, person
from regimen.render.pages.in_pdf import as_pdf
from regimen.render.pages.missed import missed_rule
from regimen.render.pages.terms import Box, Facts

ASK = "Ask your study team before you take a missed dose."
DOUBLE = "Never take a double dose to make up for a missed one."


def boxes(document, beginning):
    return [block for block in document.sheets[0].blocks if isinstance(block, Box) and block.text.startswith(beginning)]


def told_to_wait(*events):
    return [box.lines for box in boxes(patient(ledger(*events)), "On these days you come to the clinic")]


def on(day, **given):
    return pill(ANCHOR + timedelta(days=day), **given)


# ---------------------------------------------------------------- what is certain


@pytest.mark.parametrize("name", [one.name for one in listed()])
def test_no_assumed_dose_of_a_trial_is_told_as_certain(name):
    """No date and no amount of a trial that rests on an assumption is printed; without others there is no page."""
    one = trial(name)
    stated = [e for e in one.calendar if e.kind in ("dose", "visit") and e.basis == "stated" and e.state == "planned"]
    if not [e for e in stated if not e.optional]:
        with pytest.raises(RegimenError, match="--checked-by NAME"):
            patient(one)
        return
    rows = sum(len(table.rows) for table in tables(patient(one)))
    assert rows == len(stated)


def test_the_refusal_says_what_is_assumed_and_why():
    """Who reads it knows what to compare with the protocol."""
    with pytest.raises(RegimenError, match=r"not state of Screening, blinatumomab; .*--kind month"):
        patient(trial("blinatumomab-mrd"))


def test_a_calendar_without_anything_to_come_has_no_page():
    """All given, or nothing there: the message says so, and asks for no decision."""
    for one in (ledger(), ledger(pill(state="given"))):
        with pytest.raises(RegimenError, match="nothing is planned from here on"):
            patient(one)


def test_what_a_person_has_checked_is_told_with_the_name():
    """With --checked-by an assumed dose is on the page, and so is the name; what is undecided still is not."""
    one = ledger(pill(basis="assumed: dose (a guess)"), on(40, basis="assumed: dose (a guess)", state="tentative"))
    page = patient(one, checked_by=NURSE)
    assert ("Doses and days checked by", NURSE) in page.sheets[0].blocks[0].pairs
    assert "Mon 4 Jan 2027" in words(page)
    assert "Feb 2027" not in words(page)
    assert NURSE not in words(patient(ledger(pill())))


@pytest.mark.parametrize("blank", ["", "  ", "\x07 ", "\u202e"])
def test_no_name_is_no_check(blank):
    """A name of nothing checks nothing."""
    with pytest.raises(RegimenError, match="--checked-by"):
        patient(ledger(pill(basis="assumed: dose (a guess)")), checked_by=blank)


# ---------------------------------------------------------------- clinic days


@pytest.mark.parametrize(("other", "days"), [
    (visit(ANCHOR + timedelta(days=2)), ("Wed 6 Jan 2027",)),
    (event("vein", ANCHOR + timedelta(days=1), route="IV", dose="5 mg"), ("Tue 5 Jan 2027",)),
    (event("skin", ANCHOR + timedelta(days=1), route="subcut", dose="5 mg"), ("Tue 5 Jan 2027",)),
    (event("unknown", ANCHOR + timedelta(days=1), dose="5 mg"), ("Tue 5 Jan 2027",)),
    (infusion(ANCHOR + timedelta(days=1), 3), ("Tue 5 Jan 2027", "Thu 7 Jan 2027")),
    (visit(ANCHOR + timedelta(days=20)), None),
    (event("tongue", route="sublingual", dose="5 mg"), None),
    (event("vein", ANCHOR, route="IV", dose="5 mg", state="tentative"), None),
])  # fmt: skip
def test_on_clinic_days_a_patient_waits_to_be_told(other, days):
    """Days of visits and of doses given at the clinic; of an infusion of days, those that it starts and stops on."""
    assert told_to_wait(*(on(n) for n in range(5)), other) == ([days] if days else [])


def test_each_box_names_its_medicine():
    """A box may stand on another page than the heading of its medicine, so it says which one it is about."""
    page = patient(ledger(pill(), event("other", route="PO", dose="1 mg"), visit()))
    for label in ("Pill", "Other"):
        assert f"Do not take {label} there or at home until you are told." in words(page)


def test_a_visit_without_a_day_is_told_by_its_stretch():
    """Where any day of some will do, the patient waits on the day that it will be."""
    open_visit = visit(ANCHOR, any_day=True, window=days_around(ANCHOR, 0, 9))
    assert told_to_wait(on(3), open_visit) == [("The day of your visit between Mon 4 Jan 2027 and Wed 13 Jan 2027",)]
    assert told_to_wait(on(30), open_visit) == []


def test_many_even_clinic_days_are_one_line_with_both_ends():
    """Up to 14 days are listed; a year of weekly injections is a line, and the uneven day after them another."""
    few = [event("skin", ANCHOR + timedelta(days=7 * n), route="subcut", dose="5 mg") for n in range(14)]
    many = [event("skin", ANCHOR + timedelta(days=14 * n), route="subcut", dose="5 mg") for n in range(20)]
    late = event("skin", ANCHOR + timedelta(days=285), route="subcut", dose="5 mg")
    daily = [on(n) for n in range(300)]
    assert len(told_to_wait(*daily, *few)[0]) == 14
    assert told_to_wait(*daily, *many, late) == [
        ("Every 2 weeks from Mon 4 Jan 2027 through Mon 27 Sep 2027", "Sat 16 Oct 2027")
    ]  # fmt: skip


# ---------------------------------------------------------------- amounts


def test_an_infusion_without_a_break_has_its_amount_as_in_the_ledger():
    """126 mcg in 14 days, as `regimen doses` has it, and what mcg means."""
    one = trial("blinatumomab-maintenance")
    (table,) = tables(patient(one))
    assert {row[1].lines for row in table.rows} == {("126 mcg in 14 days, without a break",)}
    assert {a.amount.shown for a in one.drugs[0].administrations} == {"126 mcg"}
    assert "mcg means micrograms" in words(patient(one))
    assert "mcg means" not in words(patient(ledger(pill())))


def test_an_amount_that_is_not_exact_is_the_clinic_s():
    """Rituximab by body surface: no rounded number, and a plain sentence instead, said once."""
    text = words(checked(trial("belimumab-cll")))
    assert text.count("The clinic works out the amount and gives it to you.") == 1
    assert "681" not in text


TWICE = """\
    doses:
      drug:
        dose: 650 mg PO
        when: WHEN
        tablets: {strengths: [500 mg, 150 mg]}
"""


@pytest.mark.parametrize(("when", "lines"), [
    ("days 1-14", ("1 tablet of 500 mg", "and 1 tablet of 150 mg")),
    ("BID days 1-14", ("Each time:", "1 tablet of 500 mg", "and 1 tablet of 150 mg")),
    ("BID day 1", ("Each time:", "1 tablet of 500 mg", "and 1 tablet of 150 mg")),
])  # fmt: skip
def test_an_amount_is_of_each_time_and_of_all_its_lines(when, lines):
    """Twice a day nobody takes the amount of one time for that of the day, nor one strength for a choice."""
    study = study_from(TWICE.replace("WHEN", when))
    made = doses(study, {"first_dose": "2027-01-04"}, person=person())
    (row,) = (row for table in tables(patient(made)) for row in table.rows)
    assert row[1].lines == lines


def test_pills_without_a_known_amount_are_not_taken():
    """By mouth and not calculated: nothing is taken before the team says how much."""
    text = words(patient(ledger(pill(dose="5 mg/kg"))))
    assert "Do not take any before they tell you how much." in text
    assert "5 mg/kg" not in text


# ---------------------------------------------------------------- missed doses


@pytest.mark.parametrize(("late", "said"), [
    (None, [ASK]),
    ("ask", [ASK]),
    ("restart", [ASK]),
    ("give late, shift the grid", [ASK]),
    ("resume to total within 7 d, else restart", [ASK]),
    ("skip", ["Leave the missed dose out. Take the next dose on its usual day, at the usual time."]),
    ("give late, keep the grid", [
        (
            "Take the missed dose as soon as you notice. The days of the next doses stay as they are. If it is already "
            "time for the next dose, ask your study team first."
        ),
    ]),
    ("give late, keep the grid within 8 h, else skip", [
        "If you are late by no more than 8 hours: take the missed dose now.",
        (
            "If you are late by more than 8 hours: leave the missed dose out. Take the next dose on its usual day, at "
            "the usual time."
        ),
    ]),
    ("give late, keep the grid within 2 w, else ask", [
        "If you are late by no more than 14 days: take the missed dose now.",
        "If you are late by more than 14 days: ask your study team before you take a missed dose.",
    ]),
    ("give late, keep the grid within 90 min, else give late, shift the grid", [
        "If you are late by no more than 90 minutes: take the missed dose now.",
        "If you are late by more than 90 minutes: ask your study team before you take a missed dose.",
    ]),
])  # fmt: skip
def test_the_protocol_s_rule_for_a_missed_dose(late, said):
    """What a patient can follow alone is said in plain words; whatever moves later doses is asked first."""
    policy = read_policy(late) if late else None
    assert list(missed_rule(policy, ENGLISH)) == said


def test_each_medicine_of_one_s_own_has_its_rule_and_never_a_double_dose():
    """The box follows the medicine; one that the clinic gives has none."""
    policy = read_policy("give late, keep the grid within 8 h, else skip")
    vein = event("vein", ANCHOR + timedelta(days=9), route="IV", dose="5 mg")
    one = ledger(pill(), event("other", route="PO", dose="1 mg"), vein)
    with_rule = Ledger(one.calendar, (), (Drug("pill", "Pill", (), (), late=policy),))
    found = [box.lines for box in boxes(patient(with_rule), "If you miss a dose")]
    assert sorted(map(len, found)) == [2, 3]
    assert [box.text for box in boxes(patient(with_rule), "If you miss a dose")] == [
        "If you miss a dose of Other", "If you miss a dose of Pill"
    ]  # fmt: skip
    assert {lines[-1] for lines in found} == {DOUBLE}
    assert (ASK, DOUBLE) in found


def test_an_assumed_rule_is_not_the_protocol_s():
    """The rule of a label taken for a silent protocol is told only once somebody has checked it."""
    policy = read_policy("skip")
    rule = Drug("pill", "Pill", (), (), late=policy, late_assumed=True)
    one = Ledger(ledger(pill()).calendar, (), (rule,))
    assert ASK in words(patient(one))
    assert ASK not in words(patient(one, checked_by=NURSE))


def test_the_ledger_knows_the_rules_of_the_trials():
    """Venetoclax's 8 hours are assumed, rituximab has no rule."""
    drugs = {drug.key: (str(drug.late), drug.late_assumed) for drug in trial("belimumab-cll").drugs}
    assert drugs["venetoclax"] == ("give late, keep the grid within 8 h, else skip", True)
    assert drugs["rituximab"] == ("None", False)


# ---------------------------------------------------------------- the printed page


@pytest.mark.parametrize("many", range(1, 60, 4))
def test_the_telephone_numbers_stand_whole_on_the_first_page(many):
    """However long the list is, whom to call and both lines to write on are on page one."""
    page = patient(ledger(*(on(2 * n) for n in range(many)), visit()))
    first = " ".join(PdfReader(io.BytesIO(as_pdf(page))).pages[0].extract_text().split())
    assert all(text in first for text in ("Whom to call", "Study team", "At night and at weekends"))
    assert next(block for block in page.sheets[0].blocks if isinstance(block, Box)).pairs == (
        ("Study team", ""), ("At night and at weekends", "")
    )  # fmt: skip


@pytest.mark.parametrize("code", KNOWN)
def test_each_row_is_at_least_twelve_points_in_every_language(code):
    """Font sizes read from the PDF: no row, box or foot is smaller."""
    page = patient(trial("belimumab-sle"), language=Language(code))
    try:
        content = as_pdf(page)
    except RegimenError:
        pytest.skip("no font of this computer has the letters")
    sizes = []
    for one in PdfReader(io.BytesIO(content)).pages:
        one.extract_text(visitor_text=lambda text, cm, tm, font, size: text.strip() and sizes.append(size * abs(tm[3])))
    assert min(sizes) >= 12


def test_a_heading_does_not_stand_alone_at_the_end_of_a_page():
    """Each medicine's name is followed by its way and its first row on the same page."""
    for many in range(2, 40, 3):
        page = patient(ledger(*(on(2 * n) for n in range(many)), event("zeta", route="PO", dose="7 mg")))
        printed = [one.extract_text() for one in PdfReader(io.BytesIO(as_pdf(page))).pages]
        where = next(text for text in printed if "Zeta" in text)
        assert "7 mg" in where.replace("\u00a0", " ")


def test_facts_of_the_head_have_no_blank_but_those_to_write_on():
    """Study and number; nothing about a check where there was none."""
    (facts,) = [block for block in patient(ledger(pill())).sheets[0].blocks if isinstance(block, Facts)]
    assert [name for name, _ in facts.pairs] == ["Study", "Your number in the study"]
