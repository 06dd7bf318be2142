"""What do the checks notice, and what do they leave alone? One small definition for each, and its corrected twin."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from regimen.checks import Finding, findings, month_changes
from regimen.definition.loading import read_study
from regimen.library import load, load_with_places, names
from regimen.plan import make_plan
from regimen.plan.extents import Extents, extent_of
from regimen.timing import Months

HEAD = """\
format: regimen/1
study:
  id: small
  title: A small study
  first_day: 1
  weeks: elapsed
  source: protocol
{facts}
sources: {{protocol: the protocol}}
anchors: {{first_dose: first dose{anchors}}}
{top}
arms: {{main: [treatment]}}
epochs:
  treatment:
    from: first_dose
    source: protocol
"""


def definition(body: str, *, facts: str = "", anchors: str = "", top: str = "") -> str:
    """A definition with one epoch, whose keys are ``body``."""
    indented = "".join(f"    {line}\n" for line in body.strip("\n").splitlines())
    return HEAD.format(facts=facts, anchors=anchors, top=top) + indented


def found(text: str) -> tuple[Finding, ...]:
    """The findings of a definition's text."""
    study, document = read_study(text, name="small.yaml")
    return findings(study, document=document)


def said(text: str) -> str:
    """All findings as the command line prints them."""
    return "\n".join(str(finding) for finding in found(text))


DAILY = "doses: {drug: {dose: 1 mg PO, when: daily x3}}"
TWINS = {
    "an epoch that no arm uses": (
        definition(DAILY + "\nlasts: 7 d") + "  spare: {from: first_dose, source: protocol, lasts: 7 d}\n",
        definition(DAILY + "\nlasts: 7 d"),
        "warning: epochs.spare: no arm goes through the epoch spare",
    ),
    "an anchor that nothing counts from": (
        definition(DAILY, anchors=", surgery: surgery"),
        definition(DAILY),
        "warning: anchors.surgery: nothing counts from the anchor surgery",
    ),
    "a decision that nothing depends on": (
        definition(DAILY, top="decisions: {responder: {question: Does it work?}}"),
        definition(
            "doses: {drug: {dose: 1 mg PO, when: daily x3, if: responder=yes}}",
            top="decisions: {responder: {question: Does it work?}}",
        ),
        "warning: decisions.responder: nothing depends on the decision responder",
    ),
    "a source that no value names": (
        definition(DAILY).replace("protocol: the protocol}", "protocol: the protocol, label: the label}"),
        definition(DAILY),
        "warning: sources.label: no value names the source label",
    ),
    "a day beyond the end of its cycle": (
        definition("cycles: 28 d x2\ndoses: {drug: {dose: 1 mg PO, when: 'days 1, 29'}}"),
        definition("cycles: 28 d x2\ndoses: {drug: {dose: 1 mg PO, when: 'days 1, 28'}}"),
        "warning: epochs.treatment.doses.drug.when: day 29 lies beyond the end of each cycle, which has 28 days",
    ),
    "a day beyond the end of a short cycle only": (
        definition("cycles: 28 d x1, then 21 d x2\ndoses: {drug: {dose: 1 mg PO, when: day 22}}"),
        definition("cycles: 28 d x1, then 21 d x2\ndoses: {drug: {dose: 1 mg PO, when: day 22 in cycle 1}}"),
        "day 22 lies beyond the end of cycles 2 and 3, which has 21 days",
    ),
    "a day that short months do not have": (
        definition("cycles: 1 mo x3\ndoses: {drug: {dose: 1 mg PO, when: day 31}}"),
        definition("cycles: 1 mo x3\ndoses: {drug: {dose: 1 mg PO, when: day 28}}"),
        "day 31 can lie beyond the end of each cycle, which has 28 to 31 days",
    ),
    "a drug as needed": (
        definition("doses: {drug: 1 mg PO prn}"),
        definition("doses: {drug: 1 mg PO daily x3}"),
        "note: epochs.treatment.doses.drug.when: drug gives no dates and is kept as text: given as needed",
    ),
    "so many times a week without days": (
        definition("doses: {drug: 1 mg PO 3x/week for 2 w}"),
        definition("doses: {drug: '1 mg PO 3x/week on Mon, Wed, Fri x6'}"),
        "note: epochs.treatment.doses.drug.when: drug gives no dates",
    ),
    "a schedule that is not stated, with nothing offered": (
        definition("doses: {drug: {dose: 1 mg PO, when: not stated}}"),
        definition(DAILY),
        "warning: epochs.treatment.doses.drug.when: the schedule of drug is not stated and no assumption is offered",
    ),
    "rules without a source": (
        definition(DAILY + "\nvisits: {clinic: {when: day 1, source: protocol}}").replace("    source: protocol\n", ""),
        definition(DAILY + "\nvisits: {clinic: {when: day 1, source: protocol}}"),
        "note: epochs.treatment.doses.drug: no source is named for the doses of drug",
    ),
    "two doses of one drug on one day": (
        definition("doses: {drug: {dose: 1 mg PO, parts: {loading: {when: 'days 1, 8'}, weekly: {when: 'q7d x3'}}}}"),
        definition("doses: {drug: {dose: 1 mg PO, parts: {loading: {when: day 2}, weekly: {when: 'q7d x3'}}}}"),
        "warning: epochs.treatment.doses.drug: two doses of drug fall on the same day (Day 1 and Day 8)",
    ),
    "morning and evening without clock times": (
        definition("doses: {drug: {parts: {a: 2 mg PO day 1, b: 1 mg PO day 1}}}"),
        definition("doses: {drug: {parts: {a: '2 mg PO day 1 at 08:00', b: '1 mg PO day 1 at 20:00'}}}"),
        "2 mg and 1 mg from different parts",
    ),
    "an infusion that runs into the next": (
        definition("cycles: 21 d x3\ndoses: {drug: {dose: 9 mcg/day CIV, when: days 1-28}}"),
        definition("cycles: 28 d x3\ndoses: {drug: {dose: 9 mcg/day CIV, when: days 1-28}}"),
        "that starts on C1D1 runs 28 days, and the next one starts 21 days later, on C2D1, and 1 more times",
    ),
    "a label with another week": (
        definition("visits: {week-12: {when: week 11}}"),
        definition("visits: {week-12: {when: week 12}}"),
        "the label 'week-12' names another day than the visit has: it lies on Week 11 (day 78)",
    ),
    "a label with another cycle day": (
        definition("cycles: 28 d x1\nvisits: {visit: {visit: Cycle 1 Day 8, when: day 15}}"),
        definition("cycles: 28 d x1\nvisits: {visit: {visit: Cycle 1 Day 8, when: day 8}}"),
        "the label 'Cycle 1 Day 8' names another day",
    ),
    "a label with another month": (
        definition("visits: {month-6: {when: day 90}}"),
        definition("visits: {month-6: {when: day 169}}"),
        "the label 'month-6' names another day",
    ),
    "an interval written as target days": (
        definition("visits: {screening: {when: days -28 to -1}}"),
        definition("visits: {screening: {between: days -28 to -1}}"),
        "visits.screening.when: days -28 to -1 as target days mean screening on each of 28 days",
    ),
    "a preferred window that is not allowed": (
        definition("visits: {clinic: {when: day 8, window: ±3 d, preferred: -1/+5 d}}"),
        definition("visits: {clinic: {when: day 8, window: ±3 d, preferred: -1/+3 d}}"),
        "error: epochs.treatment.visits.clinic.preferred: the preferred window (-1/+5 d) is not inside",
    ),
    "a preferred window alone": (
        definition("visits: {clinic: {when: day 8, preferred: ±1 d}}"),
        definition("visits: {clinic: {when: day 8, window: ±1 d}}"),
        "warning: epochs.treatment.visits.clinic.preferred: the preferred window (±1 d) has no allowed window",
    ),
    "an activity's window wider than its visit's": (
        definition("visits: {clinic: {when: day 8, window: ±1 d, activities: [{activity: ECG, window: ±2 d}]}}"),
        definition("visits: {clinic: {when: day 8, window: ±2 d, activities: [{activity: ECG, window: ±1 d}]}}"),
        "error: epochs.treatment.visits.clinic.activities[0].window: the window of ECG (±2 d) is not inside",
    ),
    "months that are calendar months": (
        definition("cycles: 3 mo x2\ndoses: {drug: {dose: 1 mg PO, when: day 1}}"),
        definition("cycles: 3 mo x2\ndoses: {drug: {dose: 1 mg PO, when: day 1}}", facts="  months: 28d"),
        "note: epochs.treatment.cycles: C2 and the end of treatment are counted in calendar months: 3 and 6 months",
    ),
    "an open end": (
        definition("doses: {drug: 1 mg PO q7d until progression}"),
        definition("doses: {drug: 1 mg PO q7d x5}"),
        "note: arms.main: the arm main has an open end, so a calendar needs a horizon",
    ),
    "a plan that cannot be expanded": (
        definition("courses: {times: 2}\ndoses: {drug: 1 mg PO q7d x5}"),
        definition("cycles: 35 d x1\ncourses: {times: 2}\ndoses: {drug: 1 mg PO q7d x5}"),
        "error: arms.main: the arm main cannot be expanded, so it has no calendar: epoch treatment has courses",
    ),
    "a completion before the start": (
        definition(DAILY, facts="  starts: 2027-01-04\n  completes: 2026-01-04"),
        definition(DAILY, facts="  starts: 2026-01-04\n  completes: 2027-01-04"),
        "error: study.completes: the study completes on Sun 4 Jan 2026, before it starts on Mon 4 Jan 2027",
    ),
    "an accrual too long": (
        definition(DAILY, facts="  starts: 2027-01-01\n  accrual: 12 mo\n  completes: 2027-06-30"),
        definition(DAILY, facts="  starts: 2027-01-01\n  accrual: 5 mo\n  completes: 2027-06-30"),
        "enrol for at most 5 months (the last participant by Mon 28 Jun 2027), or complete on Sun 2 Jan 2028 or later",
    ),
}


@pytest.mark.parametrize(("wrong", "right", "sentence"), TWINS.values(), ids=TWINS.keys())
def test_each_finding_is_found_and_its_twin_is_left_alone(wrong, right, sentence):
    """A check speaks about what is wrong, and is silent about the same definition put right."""
    assert sentence in said(wrong)
    assert sentence not in said(right)
    assert not [f for f in found(right) if f.level != "note"]


def test_months_are_said_in_days():
    """A rule in calendar months is given in days, as they are and as months of 28 or 30 days would make them."""
    text = said(TWINS["months that are calendar months"][0])
    assert "are 89 to 92 and 181 to 184 days; with months of 28 days they would be at 84 and 168 days" in text
    assert "with months of 30 days at 90 and 180" in text


def test_contradictory_parts_are_not_one_day():
    """Two parts that hang on opposite answers never meet, so their doses are not two on one day."""
    text = definition(
        "doses: {drug: {dose: 1 mg PO, parts: {a: {when: day 1, if: r=yes}, b: {when: day 1, if: r=no}}}}",
        top="decisions: {r: {question: r?}}",
    )
    assert "same day" not in said(text)


def test_unstated_schedule_with_assumption_is_a_note():
    """A schedule that is not stated is only a note where an assumption is offered for it."""
    study, document = load_with_places("daratumumab-t-all")
    (note,) = findings(study, document=document)
    assert (note.level, note.path) == ("note", "epochs.treatment.doses.daratumumab.when")
    assert note.remedy == "choose with --assume myeloma-label or --assume myeloma-label-one-year"


ASSUMED = """\
assumptions:
  label:
    title: the label
    reason: nothing is said
    sets: {{epochs: {{treatment: {{doses: {{drug: {{when: {when}}}}}}}}}}}
"""


def test_assumptions_must_expand():
    """An assumption that cannot be expanded is an error before anybody chooses it."""
    silent = "doses: {drug: {dose: 1 mg PO, when: not stated}}"
    broken = said(definition(silent, top=ASSUMED.format(when="'day 1 then q7d from day 1 x2 in cycle 2'")))
    sound = said(definition(silent, top=ASSUMED.format(when="q7d x4")))
    assert "error: assumptions.label.sets: with the assumption label the arm main cannot be expanded" in broken
    assert "error" not in sound


def test_timeline_of_belimumab_in_sle():
    """Enrolment for a year and 48 weeks of treatment do not fit before the stated completion; nine months would."""
    study, document = load_with_places("belimumab-sle")
    (finding,) = findings(study, document=document)
    assert str(finding) == (
        "belimumab-sle.yaml:12:14: warning: study.completes: with enrolment for 12 months from Sat 1 Jun 2024 the last "
        "participant enters on Sat 31 May 2025 and has the last dose of belimumab (Day 336) on Sat 2 May 2026, 91 days "
        "after the stated completion on Sat 31 Jan 2026; enrol for at most 9 months (the last participant by Sat 1 Mar "
        "2025), or complete on Sat 2 May 2026 or later"
    )


def test_only_true_findings_for_the_shipped_trials():
    """The shipped trials are in order, but for one timeline; notes tell of months and of one schedule not stated."""
    every = [(name, finding) for name in names() for finding in findings(load(name))]
    assert {(name, f.path) for name, f in every if f.level != "note"} == {("belimumab-sle", "study.completes")}
    others = [f for _, f in every if f.level == "note" and "counted in calendar months" not in f.sentence]
    assert [f.path for f in others] == ["epochs.treatment.doses.daratumumab.when"]


@pytest.mark.parametrize("assumption", ["myeloma-label", "myeloma-label-one-year"])
def test_a_shipped_trial_is_in_order_under_each_of_its_assumptions(assumption):
    """What an assumption sets, late doses and all, raises no finding but for months."""
    told = findings(load("daratumumab-t-all", assume=[assumption]))
    assert [str(f) for f in told if "counted in calendar months" not in f.sentence] == []


def test_finding_prints_its_place():
    """A finding prints as file, line, column, level, path, sentence and remedy; without a file, from the level on."""
    finding = Finding("note", "study", 3, 5, "a sentence", "a remedy", "small.yaml")
    assert str(finding) == "small.yaml:3:5: note: study: a sentence; a remedy"
    assert str(Finding("note", "study", None, None, "a sentence", "")) == "note: study: a sentence"
    with pytest.raises(FrozenInstanceError):
        finding.level = "error"  # type: ignore[misc]


def test_findings_come_in_file_order():
    """Findings are sorted by their place in the file, so that the same file gives the same lines."""
    finds = found(TWINS["rules without a source"][0] + "  spare: {from: first_dose, lasts: 7 d}\n")
    assert [f.line for f in finds] == sorted(f.line for f in finds if f.line)
    assert len(finds) > 1


# ---------------------------------------------------------------- months with dates


def test_month_changes_of_maintenance():
    """Every event that another month would move is listed with its three dates; the first course is not among them."""
    changes = month_changes(load("blinatumomab-maintenance"), {"first_dose": date(2027, 1, 31)})
    courses = [c for c in changes if c.label == "blinatumomab"]
    assert [(c.calendar, c.days_28, c.days_30) for c in courses] == [
        (date(2027, 4, 30), date(2027, 4, 25), date(2027, 5, 1)),
        (date(2027, 7, 31), date(2027, 7, 18), date(2027, 7, 30)),
        (date(2027, 10, 31), date(2027, 10, 10), date(2027, 10, 28)),
    ]
    assert str(courses[0]) == (
        "blinatumomab: blinatumomab C2D1 (maintenance/c2/d1/blinatumomab): calendar months: Fri 30 Apr 2027; "
        "28-day months: Sun 25 Apr 2027; 30-day months: Sat 1 May 2027"
    )


def test_no_month_changes_without_months():
    """A trial that counts in days and weeks only has no event that depends on what a month is."""
    assert month_changes(load("belimumab-sle"), {"first_dose": date(2027, 1, 4)}) == ()


def test_declared_months_are_not_read_otherwise():
    """Where the protocol itself says a month is 28 days, no other reading is offered."""
    text = definition("cycles: 3 mo x2\ndoses: {drug: {dose: 1 mg PO, when: day 1}}", facts="  months: 28d")
    assert month_changes(read_study(text)[0], {"first_dose": date(2027, 1, 31)}) == ()


def test_events_that_a_reading_does_not_have():
    """A dose that one reading has no room for is listed, and that reading says that it has no date."""
    text = definition("doses: {drug: 1 mg PO q11d up to 3 mo}")
    (last,) = month_changes(read_study(text)[0], {"first_dose": date(2027, 1, 6)})
    assert (last.calendar, last.days_28, last.days_30) == (date(2027, 4, 4), None, date(2027, 4, 4))
    assert "28-day months: no date" in str(last)


def test_reading_that_cannot_be_dated():
    """A reading that puts a dose exactly on an ambiguous bound is named once, and the other readings still compare."""
    text = definition("doses: {drug: 1 mg PO q1w up to 3 mo}")
    refused, *rest = sorted(month_changes(read_study(text)[0], {"first_dose": date(2027, 1, 5)}), key=lambda c: c.id)
    assert str(refused).startswith(
        "main: with months of 28 days it cannot be dated: treatment, drug: an occurrence falls"
    )
    assert rest == []


def test_reading_that_cannot_be_dated_leaves_events_unknown():
    """Under a reading that gives no dates an event is not known, which is not the same as not there."""
    changes = month_changes(load("belimumab-cll"), {"venetoclax_day_1": date(2026, 1, 5)})
    last = next(change for change in changes if change.position == "Day 765")
    assert str(last) == (
        "combination: venetoclax Day 765 (treatment/d765/venetoclax): calendar months: Tue 8 Feb 2028; "
        "28-day months: not known; 30-day months: no date"
    )


def test_infusion_whose_last_day_depends_on_the_month():
    """An infusion that starts on the same day but ends on another is a change as well."""
    text = definition("doses: {drug: 1 mg/day CIV for 1 mo}")
    changes = month_changes(read_study(text)[0], {"first_dose": date(2027, 1, 6)})
    assert [(c.what, c.calendar) for c in changes] == [("end", date(2027, 2, 5))]


# ---------------------------------------------------------------- distances


@pytest.mark.parametrize(
    ("months", "least", "most", "why"),
    [
        (0, 0, 0, "no time"),
        (1, 28, 31, "February, or a long month"),
        (2, 59, 62, "clamped: 31 Dec to 28 Feb, or July and August"),
        (3, 89, 92, "over February, or over two long months"),
        (12, 365, 366, "a leap day or none"),
        (24, 730, 731, "two years"),
        (48, 1461, 1461, "four years have one leap day"),
        (-3, -92, -89, "backwards"),
    ],
)
def test_days_in_months(months, least, most, why):
    """Calendar months span a known least and most number of days, whatever the start."""
    assert tuple(extent_of(Months(months))) == (least, most), why


def test_what_a_bound_leaves_open():
    """A dose is inside its bound on every calendar, on some, or on none; one last tablet depends on a leap day."""
    plan = make_plan(load("belimumab-cll"))
    extents = Extents(plan)
    stays = {point.day: extents.stays(point) for point in plan if point.content.item == "venetoclax"}
    assert (stays[1], stays[765], stays[766], stays[767]) == (True, True, None, False)
