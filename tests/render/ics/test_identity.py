"""Does an entry keep its name through everything that may change, and does the name tell nothing?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.render.ics.files import FULL, events_in
from tests.render.samples import calendar, event, everything, infusion, lupus

from regimen.library import expand
from regimen.render.ics import Options, as_ics, entries_of, uid_of


def uids(one, options=FULL):
    return {entry.uid for entry in entries_of(one, options)}


def test_a_uid_follows_its_inputs():
    """A UID is a UUID (version 8) that follows secret, study, subject and id, and nothing can be moved between them."""
    base = uid_of("treatment/d0/x", "S")
    assert (UUID(base).version, UUID(base).variant) == (8, "specified in RFC 4122")
    others = [
        uid_of("treatment/d1/x", "S"), uid_of("treatment/d0/x", "S2"), uid_of("treatment/d0/x", "S", "001"),
        uid_of("treatment/d0/x", "S", "", b"secret"), uid_of("x", "treatment/d0/", "S"),
        uid_of("treatment/d0/x", "", "S"),
    ]  # fmt: skip
    assert len({base, *others}) == 7


def test_a_uid_worked_by_hand():
    """The UID is the first 128 bits of HMAC-SHA256 over study, subject and id, with version and variant set."""
    # printf '["S", "7", "a/d1/b"]' | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkk
    # d42388741ffc378621be25fb433a9f26…, of it the 13th digit set to 8 and the 17th to 8, 9, a or b
    assert uid_of("a/d1/b", "S", "7", b"k" * 16) == "d4238874-1ffc-8786-a1be-25fb433a9f26"


def test_the_arm_is_not_part_of_it():
    """Events that another arm has as well stay the same entries when the subject changes the arm."""
    assert uids(lupus()) == uids(replace(lupus(), arm="placebo"))


def test_another_date_keeps_every_uid():
    """Moving the anchor keeps every UID, also those of stops and bag changes."""
    for trial, anchor in (("blinatumomab-mrd", "first_dose"), ("belimumab-sle", "first_dose")):
        days = ("2026-03-02T10:00", "2026-05-15T08:00")
        early, late = (expand(trial, {anchor: day}, zone="Europe/Berlin") for day in days)
        assert uids(early, Options(bags=True)) == uids(late, Options(bags=True))


def test_an_inserted_visit_changes_no_other_uid():
    """One more visit adds one UID, and the rest stay."""
    one = lupus()
    visit = event("extra", start=one.events[0].start + timedelta(days=3), kind="visit")
    before, after = uids(one), uids(replace(one, events=(*one.events[:3], visit, *one.events[3:])))
    assert before < after
    assert len(after - before) == 1


def test_uids_are_unique():
    """No two entries share a UID: an event, its stop, its changes."""
    start = infusion().start
    courses = [infusion(start + timedelta(days=28 * n), id=f"treatment/c{n}/d1/b") for n in range(5)]
    for one in (everything(), calendar(courses)):
        found = [str(e["UID"]) for e in events_in(as_ics(one, Options(bags=True)))]
        assert len(found) == len(set(found))


def test_subject_and_secret_change_every_uid_and_are_not_in_the_file():
    """The subject's key and the secret change every UID and cannot be read in the discreet file."""
    content = as_ics(lupus(), Options(subject="subject-0815", secret=b"hidden-hidden-hidden"))
    assert uids(lupus()).isdisjoint(str(one["UID"]) for one in events_in(content))
    assert b"0815" not in content
    assert b"hidden" not in content


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8)), unique=True, max_size=30))
def test_different_inputs_have_different_uids(inputs):
    """Whatever the texts are, none runs into the next."""
    assert len({uid_of(id, study, subject) for id, study, subject in inputs}) == len(inputs)
