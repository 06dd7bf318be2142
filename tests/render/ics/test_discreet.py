"""Is a discreet file silent about drug, disease, sponsor, subject and study? Proved by looking for every such word."""

from __future__ import annotations

import re
from datetime import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.render.ics.files import lines_of, titles
from tests.render.samples import BERLIN, calendar, event, everything

from regimen.errors import RegimenError
from regimen.library import expand, load, names, seeds_folder
from regimen.render.ics import Options, as_ics, entries_of, export, previous_of, refuse_telling_name
from regimen.render.ics.vocabulary import ANY_DAY, TITLES
from regimen.timing import Span

SUBJECT = "QX-77Z"
TRIALS = {
    "belimumab-cll": {"on": {"venetoclax_day_1": "2026-01-05T08:00"}},
    "blinatumomab-maintenance": {"on": {"first_dose": "2027-01-31T10:00"}},
    "blinatumomab-mrd": {"on": {"first_dose": "2026-03-02T10:00", "retreatment_start": "2029-01-08T10:00"}},
    "daratumumab-t-all": {"on": {"first_dose": "2027-01-04"}, "assume": ["myeloma-label"]},
    "belimumab-sle": {"on": {"first_dose": "2027-01-04"}},
}
ASKED = Options(
    subject=SUBJECT, secret=b"a secret of this site", zone=BERLIN, at=time(9), alarm=Span(1, "d"), bags=True,
    bag_length=Span(96, "h"),
)  # fmt: skip

# By hand, from the public records of the five trials.
DRUGS = """
    belimumab benlysta rituximab rituximab-induced venetoclax blinatumomab blincyto daratumumab daratumumaba placebo
    chemotherapy chemotherapies immunotherapy monotherapy antibody antibodies monoclonal bispecific bite engager baff
    anti-baff blys stimulator immunoglobulin ivig igg iga corticosteroids prednisone cyclophosphamide antimalarials
    antibiotics antiviral immunosuppressants immunosuppressive inhibitor tki medications drug drugs dose doses dosing
    dosage infusion injection intravenous intravenously subcutaneous cd3 cd19 cd38 anti-cd38 mg mcg kg civ subcut iv
"""
DISEASES = """
    cll leukemia leukaemia leukaemic lymphocytic lymphoblastic b-lymphoblastic chronic acute refractory relapsed relapse
    sle lupus erythematosus systemic mrd mrd-positive mrd-negative minimal residual disease diseases myeloma carcinoma
    cancer cancers tumor malignancies neoplasm bone marrow blood blast precursor b-cell t-cell b-all t-all bcp-all all
    philadelphia ph-negative chromosome del17p bcr hematologic autoantibodies inflammatory infection infections hiv
    hepatitis hbsag hbcab tuberculosis herpes zoster cytomegalovirus pneumocystis lymphocytes renal proteinuria toxicity
    toxicities neurotoxicity cytotoxicity hypogammaglobulinemia remission progression survival negativity transplant
    transplantation allogeneic allo-hsct stem donor donors graft gvhd agvhd autoimmune immune sledai sledai-2k sri-4
    biomarkers retreatment maintenance screening follow-up cycle cycles course courses induction
"""
SPONSORS = """
    anderson center centre university hospital institute college hematology haematology ruijin jiaotong haven china
    chinese union xjtu1af2020lsk-278 jabbour elias rogala wang huang jing gresham sponsor sponsors investigator
    investigators collaborator nci ncbi nlm nih fda nmpa cdc nct nct04893161 nct06438796 nct05585671 nct03384654
    nct02807883 clinicaltrials registry recruiting phase trial trials study studies cohort arm protocol research
    participants participant enrollment enrolled enrolment eligibility randomized
"""
SUBJECTS = (
    "qx-77z qx 77z patient patients subject subjects gender male female men women adult adults age birth initials"
)
BY_HAND = {word for text in (DRUGS, DISEASES, SPONSORS, SUBJECTS) for word in text.split()}


def words(text):
    return set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*|[^\W\d_]+", text.casefold()))


def definition_words(trial):
    """Every word of a definition: keys, labels, ids, titles, sources, reasons."""
    return words(yaml.dump(yaml.safe_load((seeds_folder() / f"{trial}.yaml").read_text("utf-8")), allow_unicode=True))


OWN = words(" ".join([*TITLES.values(), ANY_DAY])) | words(
    "Appointments Cancelled to be confirmed may not take place from on only day days last first treatment key visit "
    "time start stop stops change of at after before no is one this date dates a in with and every please check the "
    "possible preferred other week longer applies times each as shown length stated planning aid clinic monday mondays "
    "tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday sundays min "
    "mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec europe berlin utc"
)
"""The plain words that a discreet file may hold: of titles, dates and times, and of nothing else."""
NUMBER = re.compile(r"\d+(-\d+)*")


def shown(content):
    """The words of everything a program shows or keeps as text: the calendar's name, titles, descriptions, alarms."""
    text = [
        line.partition(":")[2].replace("\\n", " ")
        for line in lines_of(content)
        if line.startswith(("SUMMARY", "DESCRIPTION", "X-WR-CALNAME", "CATEGORIES", "COMMENT", "LOCATION"))
    ]
    return {word for word in words(" ".join(text)) if not NUMBER.fullmatch(word)}


def dated(trial):
    return expand(trial, zone="Europe/Berlin", **TRIALS[trial])


def all_exports():
    """A discreet file of every trial: first, repeated, and after a full one whose events were dropped."""
    for trial in TRIALS:
        one = dated(trial)
        first = as_ics(one, ASKED)
        yield trial, first
        yield trial, as_ics(one, Options(rrule=True))
        full = as_ics(one, Options(profile="full", subject=SUBJECT, secret=ASKED.secret))
        fewer = type(one)(**{**{f: getattr(one, f) for f in one.__slots__}, "events": one.events[:-3]})
        yield trial, as_ics(fewer, ASKED, previous_of([("old.ics", full)]))


EXPORTS = list(all_exports())


def test_the_five_trials_are_all_here():
    """The scan covers every trial that comes with regimen."""
    assert set(TRIALS) == set(names())


@pytest.mark.parametrize(("trial", "content"), EXPORTS, ids=lambda value: value if isinstance(value, str) else "file")
def test_no_word_of_drug_disease_sponsor_or_subject(trial, content):
    """No word of the table, and no word of the definition, is anywhere in the unfolded text."""
    found = {word for word in words("\n".join(lines_of(content))) if not NUMBER.fullmatch(word)}
    frame = OWN | words("BEGIN END STANDARD VERSION CLASS SUMMARY DESCRIPTION STATUS COUNT INTERVAL DAILY WEEKLY")
    frame |= {"regimen", "calendar"}
    assert (BY_HAND | definition_words(trial)) & (found - frame) == set()


@pytest.mark.parametrize(("trial", "content"), EXPORTS, ids=lambda value: value if isinstance(value, str) else "file")
def test_what_is_shown_is_made_of_known_words(trial, content):
    """Every word that a program shows is one of the few plain words; so nothing of a study can be among them."""
    assert shown(content) <= OWN


@pytest.mark.parametrize(("trial", "content"), EXPORTS, ids=lambda value: value if isinstance(value, str) else "file")
def test_no_name_inside_another_word(trial, content):
    """Drug, study, registry number and subject are not in the file inside a longer word either, folded or not."""
    study = load(trial)
    telling = {study.study.id, study.study.registry or study.study.id, SUBJECT, "77z", "umab", "clax", "leuk", "lupus"}
    for text in (content.decode().casefold(), "".join(lines_of(content)).casefold()):
        assert [word for word in telling if word.casefold() in text] == []


def test_the_full_profile_has_these_words():
    """The scan finds the words where they are: in the full profile of the same calendars."""
    for trial in TRIALS:
        found = words("\n".join(lines_of(as_ics(dated(trial), Options(profile="full", subject=SUBJECT)))))
        assert BY_HAND & found
        assert len(definition_words(trial) & found) > 10
        assert SUBJECT.casefold() in found


texts = st.text(min_size=1, max_size=20)


@given(label=texts, dose=texts, why=texts, study=texts, arm=texts, source=texts, condition=texts, activity=texts)
def test_no_text_of_a_definition_gets_in(label, dose, why, study, arm, source, condition, activity):
    """Whatever a study's texts are, the discreet file is the same: by construction, nothing of them is read."""

    def made(**facts):
        return as_ics(calendar([event("x", id="t/x", **facts)], study="S", arm="A"))

    given_texts = {
        "label": label, "dose": dose, "why": why, "source": source, "conditions": (condition,),
        "activities": (activity,), "basis": "assumed: " + why, "position": label,
    }  # fmt: skip
    assert made(**given_texts) == made()
    assert titles(as_ics(calendar([event("x", id="t/x")], study=study, arm=arm))) == titles(made())


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        ({"kind": "visit"}, "Clinic visit"),
        ({"kind": "dose"}, "Treatment day"),
        ({"kind": "activity"}, "Appointment"),
        ({"kind": "milestone"}, "Key date"),
        ({"kind": "dose", "continuous": True}, "Treatment"),
        ({"kind": "visit", "state": "tentative"}, "Clinic visit (to be confirmed)"),
        ({"kind": "visit", "optional": True}, "Clinic visit (may not take place)"),
        ({"state": "tentative", "optional": True}, "Treatment day (to be confirmed, may not take place)"),
        ({"kind": "dose", "state": "cancelled"}, "Cancelled: Treatment day"),
        ({"kind": "dose", "state": "held"}, "Cancelled: Treatment day"),
    ],
)  # fmt: skip
def test_titles(facts, title):
    """Each kind of event has its own words, with what is uncertain about it."""
    assert titles(as_ics(calendar([event(**facts)]))) == [title]


def test_description():
    """The text says the dates of windows, infusions and stops, the weekday of weekly doses, and no more."""
    found = {entry.description for entry in entries_of(everything())}
    assert (
        "Time: Tue 5 Jan 2027 08:30–08:45 Europe/Berlin\n"
        "Possible: Tue 5 Jan 2027 08:00–10:30 Europe/Berlin\n"
        "Planning aid: please check every date with the clinic."
    ) in found
    assert (
        "Only on Wednesdays, on no other day of the week.\nPlanning aid: please check every date with the clinic."
        in found
    )


def test_it_is_the_default_and_full_is_a_choice():
    """Without a choice the profile is discreet, from Python as well."""
    assert Options().profile == "discreet"
    assert as_ics(everything()) == as_ics(everything(), Options(profile="discreet"))
    assert any("assumed or not stated" in note for note in export(everything(), Options()).notes)


SLE = expand("belimumab-sle", on={"first_dose": "2027-01-04"})
CLL = expand("belimumab-cll", on={"venetoclax_day_1": "2026-01-05"})


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("belimumab.ics", "belimumab"), ("Belimumab-plan.ics", "belimumab"), ("mybelimumabplan.ics", "belimumab"),
        ("sle.ics", "sle"), ("lupus-visits.ics", "lupus"), ("erythematosus.ics", "erythematosus"),
        ("NCT04893161.ics", "nct04893161"), ("x_NCT99999999_y.ics", "nct99999999"), ("2021-001234-56.ics", "2021"),
        ("BELIMUMAB.ICS", "belimumab"), ("QX77Z.ics", "QX-77Z"), ("qx-77z.ics", "QX-77Z"), ("my.qx.77z.ics", "QX-77Z"),
    ],
)  # fmt: skip
def test_a_telling_file_name_is_refused(name, found):
    """A file name with a word of the study or the subject is refused; the message says which and offers a way out."""
    with pytest.raises(RegimenError, match=f"tells .*{found}") as caught:
        refuse_telling_name(f"out/{name}", SLE, SUBJECT)
    assert "-o appointments.ics" in str(caught.value)
    assert "--profile full" in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "appointments.ics", "patient.ics", "calendar-2027.ics", "visits.ics", "treatment.ics", "a.ics", "example.ics",
        "7.ics", "belimumab/appointments.ics",
    ],
)  # fmt: skip
def test_a_silent_file_name_is_taken(name):
    """Names that say nothing are taken; folders are not part of what is sent."""
    refuse_telling_name(name, SLE, SUBJECT)
    refuse_telling_name(name, CLL)


def test_other_names_tell_as_much():
    """The definition's own name, given by path, tells the study too."""
    with pytest.raises(RegimenError, match="tells crimson"):
        refuse_telling_name("crimson.ics", SLE, "", ["crimson-3"])
