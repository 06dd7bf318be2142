"""On which day does each participant enter, and what is refused?"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimen.definition.models import Facts
from regimen.errors import RegimenError, TableError
from regimen.timelines import Asked, accrual_of
from regimen.timelines.accrual import Piece, Rate, days_in, plain
from regimen.timelines.asked import read_rate
from regimen.timing import Span

START = date(2027, 1, 31)


def facts(**more: object) -> Facts:
    return Facts(id="made-up", title="A made-up study", first_day="1", **more)


def days_of(asked: Asked, **stated: object) -> list[str]:
    return [entry.day.isoformat() for entry in accrual_of(facts(**stated), asked).entries]


HAND = [
    # by hand: 3 over 10 days: a third of the days is 3 1/3, so by the end of days 4, 7 and 10
    (Asked(START, 3, Span(10, "d")), ["2027-02-03", "2027-02-06", "2027-02-09"]),
    # 1 a day
    (Asked(START, 3, Span(3, "d")), ["2027-01-31", "2027-02-01", "2027-02-02"]),
    # 5 in 2 days: 2.5 a day, so 2 by the end of the first day and 5 by that of the second
    (Asked(START, 5, Span(2, "d")), ["2027-01-31", "2027-01-31", "2027-02-01", "2027-02-01", "2027-02-01"]),
    # months from 31 Jan: 28 days to 28 Feb, 31 to 31 Mar; 2 a month: half of 28 days is 14, half of 31 is 15.5
    (Asked(START, 4, rate=Rate(Fraction(2), Span(1, "mo"))), ["2027-02-13", "2027-02-27", "2027-03-15", "2027-03-30"]),
    # half a participant a month: the first by the end of the second month
    (Asked(START, 1, rate=Rate(Fraction(1, 2), Span(1, "mo"))), ["2027-03-30"]),
    # 1.5 a week for 2 weeks is 3: 7/1.5 = 4.67, so day 5; 9.33, so day 10; 14
    (Asked(START, None, Span(2, "w"), Rate(Fraction(3, 2), Span(1, "w"))), ["2027-02-04", "2027-02-09", "2027-02-13"]),
    # a part of a week by its days: 7 a week for 10 days is 10
    (
        Asked(START, 10, Span(10, "d"), Rate(Fraction(7), Span(1, "w"))),
        [(START + timedelta(days=n)).isoformat() for n in range(10)],
    ),
]


@pytest.mark.parametrize(("asked", "days"), HAND)
def test_by_hand(asked, days):
    """Participant k enters on the first day by whose end k are expected; months are clamped calendar months."""
    assert days_of(asked) == days


@given(
    st.lists(st.tuples(st.integers(1, 40), st.fractions(0, 9, max_denominator=7)), min_size=1, max_size=6),
)
def test_against_counting_day_by_day(parts):
    """The same days come out when the expected number is added up day by day."""
    pieces, first = [], START
    daily: list[tuple[date, Fraction]] = []
    for days, expected in parts:
        pieces.append(Piece(first, days, expected))
        daily += [(first + timedelta(days=n), expected / days) for n in range(days)]
        first += timedelta(days=days)
    found, total = [], Fraction(0)
    for day, share in daily:
        total += share
        found += [day] * (int(total) - len(found))
    assert list(days_in(p for p in pieces if p.expected)) == found


def test_what_the_study_states_is_taken():
    """Start, number and length are the study's unless given."""
    stated = {"starts": "2027-01-31", "enrolment": "3", "accrual": "10 d"}
    assert days_of(Asked(), **stated) == HAND[0][1]
    accrual = accrual_of(facts(**stated), Asked(enrol=2))
    assert (len(accrual.entries), accrual.how[-1]) == (2, "The study states 3; 2 are counted here.")


def test_a_part_of_a_participant_is_told():
    """A rate over a length need not give a whole number; what is left out is said."""
    accrual = accrual_of(facts(), Asked(START, None, Span(10, "d"), Rate(Fraction(5), Span(1, "w"))))
    assert len(accrual.entries) == 7
    assert "7 1/7 are expected; the part of a participant is left out." in accrual.how


def test_in_by_counts_whole_days():
    """Who enters on a day is in by its end."""
    accrual = accrual_of(facts(), HAND[0][0])
    assert [accrual.in_by(date(2027, 2, day)) for day in (2, 3, 5, 6)] == [0, 1, 1, 2]


REFUSED = [
    (Asked(), {}, "does not state when it starts"),
    (Asked(START), {}, "does not state how many"),
    (Asked(START, 5), {}, "does not state over how long"),
    (Asked(START, 0, Span(1, "mo")), {}, "0 participants cannot enter"),
    (Asked(START, 100_001, Span(1, "mo")), {}, "from 1 to 100,000"),
    (Asked(START, 5, Span(0, "d")), {}, "at least 1 d"),
    (Asked(START, 5, Span(5, "h")), {}, "too short for accrual"),
    (Asked(START, 5, Span(101, "y")), {}, "longer than 100 years"),
    (Asked(START, 5, Span(9999, "y")), {}, "outside the calendar"),
    (
        Asked(START, 70, Span(12, "mo"), Rate(Fraction(6), Span(1, "mo"))),
        {},
        "gives 72 participants, and --enrol says 70",
    ),
    (Asked(START, None, Span(1, "d"), Rate(Fraction(1), Span(1, "mo"))), {}, "gives nobody (1/28)"),
    (Asked(START, 9, rate=Rate(Fraction(1, 50), Span(1, "y"))), {}, "only 2 of 9"),
]


@pytest.mark.parametrize(("asked", "stated", "sentence"), REFUSED)
def test_refused(asked, stated, sentence):
    """What is missing or contradicts itself is refused with what to give."""
    with pytest.raises(RegimenError) as refusal:
        accrual_of(facts(**stated), asked)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("text", ["", "6", "6/h", "-1/mo", "0/mo", "0.0/w", "1e3/mo", "six/mo", "6/mo/mo", "=6/mo"])
def test_rates_refused(text):
    """A rate is a number above 0 and a unit of days, weeks, months or years."""
    with pytest.raises(RegimenError, match="rate"):
        read_rate(text)


@pytest.mark.parametrize(("text", "words"), [("6/mo", "6/mo"), ("1.5 per week", "1.5/w"), ("40/y", "40/y")])
def test_rates(text, words):
    """A rate is kept exactly as written."""
    assert str(read_rate(text)) == words


def test_numbers_without_rounding():
    """A number that decimals cannot hold is a fraction."""
    found = [plain(Fraction(*parts)) for parts in ((6, 1), (5, 2), (7, 3), (1, 3), (1234, 1))]
    assert found == ["6", "2.5", "2 1/3", "1/3", "1,234"]


# ---------------------------------------------------------------- files


def written(folder, text, name="accrual.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_staggered_sites(tmp_path):
    """Each site counts from its own opening; on one day the order is that of the file."""
    path = written(tmp_path, "site,start,rate,end,cap\nA,2027-01-01,1/w,,2\nB,2027-01-08,1/w,2027-01-21,\n")
    accrual = accrual_of(facts(), Asked(sites=path))
    assert [(e.number, e.day.isoformat(), e.cohort) for e in accrual.entries] == [
        (1, "2027-01-07", "A"), (2, "2027-01-14", "A"), (3, "2027-01-14", "B"), (4, "2027-01-21", "B"),
    ]  # fmt: skip
    assert accrual.cohorts == ("A", "B")
    assert accrual.starts == date(2027, 1, 1)


def test_sites_without_an_end_need_a_number(tmp_path):
    """A site that never closes brings participants until there are enough."""
    path = written(tmp_path, "\ufeffsite,start,rate\nA,2027-01-01,1/d\n\nB,2027-01-02,2/d\n")
    assert [e.cohort for e in accrual_of(facts(enrolment="4"), Asked(sites=path)).entries] == ["A", "A", "B", "B"]
    with pytest.raises(RegimenError, match="does not state how many"):
        accrual_of(facts(), Asked(sites=path))


def test_counts_of_months(tmp_path):
    """The participants of a month come evenly over its days; a later start leaves it fewer days."""
    path = written(tmp_path, "participants,month\n2,2027-02\n0,2027-03\n1,2027-04\n")
    assert days_of(Asked(counts=path)) == ["2027-02-14", "2027-02-28", "2027-04-30"]
    assert days_of(Asked(date(2027, 2, 15), counts=path)) == ["2027-02-21", "2027-02-28", "2027-04-30"]
    accrual = accrual_of(facts(), Asked(enrol=2, counts=path))
    assert len(accrual.entries) == 2
    assert "accrual.csv expects 3; --enrol ends it at 2." in accrual.how


def test_counts_of_cohorts(tmp_path):
    """Cohorts may share months."""
    path = written(tmp_path, "month,participants,cohort\n2027-02,1,one\n2027-02,1,two\n2027-03,1,two\n")
    assert [e.cohort for e in accrual_of(facts(), Asked(counts=path)).entries] == ["one", "two", "two"]


BAD = [
    ("counts", "", "there are no headings"),
    ("counts", "month,people\n2027-01,3\n", ":1: participants: there is no such column"),
    ("counts", "month,month\n", "month: this column is there twice"),
    ("counts", "month,participants\n", "no rows"),
    ("counts", "month,participants\n,3\n", ":2: month: '' is not a month"),
    ("counts", "month,participants\n2027-13,3\n", "'2027-13' is not a month"),
    ("counts", "month,participants\n0000-01,3\n", "is not a month"),
    ("counts", "month,participants\n2027-01,\n", ":2: participants: '' is not a whole number"),
    ("counts", "month,participants\n2027-01,-3\n", "'-3' is not a whole number"),
    ("counts", "month,participants\n2027-01,2.5\n", "'2.5' is not a whole number"),
    ("counts", "month,participants\n2027-01,٣\n", "is not a whole number"),
    ("counts", "month,participants\n2027-01,3\n2027-01,3\n", ":3: month: 2027-01 is there twice"),
    ("counts", "month,participants\n2027-01,3,4\n", ":2: there are 3 cells under 2 headings"),
    ("sites", "month,participants\n2027-01,3\n", ":1: site: there is no such column"),
    ("sites", "site,start,rate,and\nA,2027-01-01,1/w,\n", ":1: and: this column is not known; did you mean end?"),
    ("sites", "site,start,rate\nA,04/01/2027,1/w\n", "2027-01-04 or 2027-04-01"),
    ("sites", "site,start,rate\n,2027-01-01,1/w\n", "the site has no name"),
    ("sites", "site,start,rate\nA,2027-02-30,1/w\n", "'2027-02-30' is not a date"),
    ("sites", "site,start,rate\nA,2027-01-01,0/w\n", ":2: rate: at 0/w nobody ever enters"),
    ("sites", "site,start,rate\nA,2027-01-01,1/w\nA,2027-01-01,1/w\n", ":3: site: 'A' is there twice"),
    (
        "sites",
        "site,start,rate,end\nA,2027-01-01,1/w,2026-01-01\n",
        ":2: end: 2026-01-01 is before the start 2027-01-01",
    ),
]


@pytest.mark.parametrize(("option", "text", "sentence"), BAD)
def test_bad_files(tmp_path, option, text, sentence):
    """A file that cannot be used is told with its line and what to write."""
    path = written(tmp_path, text)
    with pytest.raises(TableError) as refusal:
        accrual_of(facts(), Asked(**{option: path}))
    assert sentence in str(refusal.value)
    assert path.name in str(refusal.value)


@pytest.mark.parametrize("option", ["sites", "counts"])
def test_files_that_are_no_text(tmp_path, option):
    """A file that is no csv is refused before it is read."""
    with pytest.raises(TableError, match="this is not UTF-8 text"):
        accrual_of(facts(), Asked(**{option: written(tmp_path, b"PK\x03\x04\xff\xfe")}))


def test_as_spreadsheets_save_them(tmp_path):
    """Semicolons, capital letters in headings and a mark at the start of the file change nothing."""
    plain = written(tmp_path, "month,participants\n2027-01,3\n", "plain.csv")
    saved = written(tmp_path, "\ufeffMonth;Participants\r\n2027-01;3\r\n", "saved.csv")
    assert accrual_of(facts(), Asked(counts=saved)).entries == accrual_of(facts(), Asked(counts=plain)).entries


def test_all_mistakes_of_a_file_at_once(tmp_path):
    """Every mistake is told in one go."""
    path = written(tmp_path, "month,participants\n2027-1,3\n2027-02,x\n")
    with pytest.raises(TableError) as refusal:
        accrual_of(facts(), Asked(counts=path))
    assert len(refusal.value.problems) == 2


def test_files_contradict_options(tmp_path):
    """How participants come in is said once."""
    path = written(tmp_path, "month,participants\n2027-01,3\n")
    with pytest.raises(RegimenError, match="--counts and --rate say twice"):
        accrual_of(facts(), Asked(rate=Rate(Fraction(1), Span(1, "mo")), counts=path))
    with pytest.raises(RegimenError, match="brings only 3 of 4"):
        accrual_of(facts(), Asked(enrol=4, counts=path))
    with pytest.raises(TableError, match="before the start"):
        accrual_of(facts(), Asked(date(2027, 2, 1), counts=path))
    with pytest.raises(RegimenError, match="brings nobody"):
        accrual_of(facts(), Asked(counts=written(tmp_path, "month,participants\n2027-01,0\n")))
    with pytest.raises(RegimenError, match="cannot be read"):
        accrual_of(facts(), Asked(counts=tmp_path / "none.csv"))
