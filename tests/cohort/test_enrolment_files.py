"""What can be wrong with a file of sites, subjects, drop-out or measures, and does the sentence name the row?"""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.commands import typed

from regimen.cohort.enrolment import Rates, Site, read_sites
from regimen.errors import RegimenError

SLE = ("forecast", "belimumab-sle", "--weeks", "4", "--enrol")
HEAD = "subject,site,first_dose\n"
ONE = HEAD + "A,x,2027-01-04\n"
FAULTS = [
    ("site,start,rate\nA,2027-01-04,-3/mo\n", ":2: rate: a rate of -3/mo enrols nobody"),
    ("site,start,rate\nA,2027-01-04,3\n", ":2: rate: '3' is not a rate; write subjects for a time: 3/mo"),
    ("site,start,rate\nA,04/01/2027,3/mo\n", "2027-01-04 or 2027-04-01"),
    ("site,start,rate\nA,2027-01-04,3/mo\nA,2027-01-05,1/w\n", ":3: site: 'A' is there twice, first in line 2"),
    ("site,start,rate,arm\nA,2027-01-04,3/mo,belimumap\n", "there is no arm 'belimumap'; did you mean belimumab?"),
    ("site,start,rate,cap\nA,2027-01-04,3/mo,0\n", ":2: cap: '0' is not a number of subjects"),
    ("site,start,rate,end\nA,2027-01-04,3/mo,2027-01-01\n", "2027-01-01 is before the start 2027-01-04"),
    ("site,start,rate\nall,2027-01-04,3/mo\n", "'all' is the name of the sum"),
    ("site,start,rat\nA,2027-01-04,3/mo\n", "rat: this column is not known; did you mean rate?"),
    ("site,start,rate\nA,2030-01-04,3/mo\nB,2027-01-04,1/w,9\n", ":3: there are 4 cells under 3 headings"),
    (
        HEAD + "A,x,2027-01-04\nB,x,5.1.2027\n",
        "row 2 (B): first_dose is '5.1.2027'; write year-month-day in every row: 2027-01-05 or 2027-05-01",
    ),
    (HEAD + "A,x,2027-01-04\nB,x,\n", "row 2 (B): first_dose has no date; a forecast counts from it"),
    (HEAD + "A,x,2027-02-29\n", "February 2027 has 28 days"),
    (HEAD + "A,x,2027-01-04\nA,x,2027-01-05\n", "row 2: subject 'A' is in row 1 already"),
    (HEAD + "A,,2027-01-04\n", "row 1 (A): the site has no name"),
    ("subject,site,first_dose,weight\nA,x,2027-01-04,150\n", "row 1 (A): weight '150': the number 150 has no unit"),
    ("subject,site,arm,first_dose\nA,x,placebo,2027-01-04\n", "row 1 (A): there is no arm 'placebo'"),
    (HEAD + 'A,x,"2027-01-04\n', "a cell of first_dose goes over several lines; mend its quotes"),
    (HEAD, "there are no subjects; give at least one row"),
    ("", "there are no headings"),
]


@pytest.mark.parametrize(("text", "sentence"), FAULTS)
def test_each_fault_names_its_row(tmp_path, text, sentence):
    """Exit code 1, nothing on the screen, and a sentence with the file, the row, what was found and what to do."""
    file = tmp_path / "enrol.csv"
    file.write_text(text, encoding="utf-8")
    answer = typed(*SLE, str(file))
    assert (answer.code, answer.out) == (1, "")
    assert "enrol.csv" in answer.err
    assert sentence in answer.err


OPTIONS = [
    (("--drop-out", "120 %/mo"), "120 % is no probability"),
    (("--drop-out", "2 %"), "2 %/mo"),
    (("--hold", "0.1/mo: 7 d 80 %"), "the chances come to 80 %, not 100 %"),
    (("--delay", "often"), "write how often a month and how long"),
    (("--delay", "0.1/mo: 0 d"), "a length is 1 to 1,000 days"),
    (("--share", "transplant=yes:0.4"), "there is no decision 'transplant'"),
    (("--share", "transplant=yes:1.4"), "1.4 is no probability"),
    (("--share", "transplant=yes:0.4,no:0.4"), "the shares come to 0.8, not 1"),
    (("--weight", "150"), "the number 150 has no unit"),
    (("--runs", "5"), "give one, such as --seed 1"),
    (("--runs", "1", "--seed", "1"), "1 runs cannot give a band"),
    (("--cap", "5"), "subjects of a file enter as it says"),
    (("--until", "2028-01-01"), "leave one of them out"),
    (("-o", "forecast.pdf"), "End it in .csv, .xlsx or .txt"),
    (("--format", "xlsx"), "cannot be shown on the screen"),
    (("--plot", "forecast.jpg"), "can be saved as .png, .svg or .pdf"),
]


@pytest.mark.parametrize(("options", "sentence"), OPTIONS)
def test_each_option_that_cannot_be_used_says_what_to_write(tmp_path, options, sentence):
    """A refused option says what was found and what to write."""
    file = tmp_path / "enrol.csv"
    file.write_text(ONE, encoding="utf-8")
    answer = typed(*SLE, str(file), *options)
    assert answer.code == 1
    assert sentence in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["enrol.csv"]


CURVES = [
    ("day,in\n0,1\n28,1.2\n", ":3: in: 1.2 is no probability"),
    ("day,in\n0,1\n28,0.5\n56,0.6\n", ":4: in: 0.6 is more than in the row before"),
    ("day,in\n0,1\n28,0.5\n28,0.4\n", ":4: day: 28 is not after the row before"),
    ("day,in\n7,1\n28,0.5\n", "begin with day 0, in 1"),
    ("day,in\n0,1\nlater,0.5\n", "are not two numbers"),
]


@pytest.mark.parametrize(("text", "sentence"), CURVES)
def test_a_curve_that_cannot_be(tmp_path, text, sentence):
    """A drop-out curve begins with all, never rises and goes on in time."""
    (tmp_path / "enrol.csv").write_text(ONE, encoding="utf-8")
    (tmp_path / "curve.csv").write_text(text, encoding="utf-8")
    answer = typed(*SLE, str(tmp_path / "enrol.csv"), "--drop-out", str(tmp_path / "curve.csv"))
    assert answer.code == 1
    assert sentence in answer.err


def test_shares_of_measures_come_to_one(tmp_path):
    """A declared distribution that does not come to 1 is refused."""
    (tmp_path / "enrol.csv").write_text(ONE, encoding="utf-8")
    (tmp_path / "weights.csv").write_text("weight,share\n60 kg,0.5\n80 kg,0.4\n", encoding="utf-8")
    answer = typed(*SLE, str(tmp_path / "enrol.csv"), "--measures", str(tmp_path / "weights.csv"))
    assert "the shares come to 0.9, not 1" in answer.err


def test_weeks_are_at_least_one(tmp_path):
    """A forecast of no time is refused, and one without an end."""
    (tmp_path / "enrol.csv").write_text(ONE, encoding="utf-8")
    given = ("forecast", "belimumab-sle", "--enrol", str(tmp_path / "enrol.csv"))
    assert "0 weeks cannot be forecast" in typed(*given, "--weeks", "0").err
    assert "--weeks 104, or --until" in typed(*given).err


@pytest.mark.parametrize(
    "content",
    [
        ONE.encode(),
        b"\xef\xbb\xbf" + ONE.replace(",", ";").replace("\n", "\r\n").encode(),
        ONE.replace(",", "\t").encode("utf-16"),
        b"sep=;\r\n" + ONE.replace(",", ";").replace("\n", "\r\n").encode() + b";;\r\n",
        b"Subject,Site,First dose,,\nA,x,2027-01-04,,\n",
    ],
    ids=["plain", "excel-semicolons-bom", "excel-unicode-text", "sep-line-and-empty-row", "empty-columns"],
)
def test_what_spreadsheets_write_is_read(tmp_path, content):
    """Commas, semicolons or tabs, a byte-order mark, UTF-16, a line sep=;, empty rows and columns: all the same."""
    (tmp_path / "plain.csv").write_text(ONE, encoding="utf-8")
    (tmp_path / "enrol.csv").write_bytes(content)
    answer = typed(*SLE, str(tmp_path / "enrol.csv"))
    assert answer.err == ""
    assert answer.out == typed(*SLE, str(tmp_path / "plain.csv")).out


def test_files_of_other_kinds_are_told_apart(tmp_path):
    """A spreadsheet, a truncated Parquet file and a file that is not there each get their own sentence."""
    file = tmp_path / "enrol.csv"
    file.write_text(ONE, encoding="utf-8")
    sheet, parquet = tmp_path / "s.xlsx", tmp_path / "s.parquet"
    assert typed(*SLE, str(file), "-o", str(sheet)).code == 0
    assert "must be exported as csv" in typed(*SLE, str(sheet)).err
    sites = tmp_path / "sites.csv"
    sites.write_text("site,start,rate\nA,2027-01-04,2/w\n", encoding="utf-8")
    drawn = ("simulate", "belimumab-sle", "--enrol", str(sites), "--weeks", "4", "--seed", "1", "-o", str(parquet))
    assert typed(*drawn).code == 0
    assert typed(*SLE, str(parquet)).code == 0
    parquet.write_bytes(parquet.read_bytes()[:-20])
    assert "this is no whole Parquet file" in typed(*SLE, str(parquet)).err
    assert "cannot be read" in typed(*SLE, str(tmp_path / "none.csv")).err


# ---------------------------------------------------------------- rates

MONDAY = date(2027, 1, 4)


def site(name: str = "A", a_day: float = 0.25, cap: int | None = None) -> Site:
    return Site(name, MONDAY, a_day, (("arm", 1.0),), cap)


def test_rates_are_for_a_day(tmp_path):
    """3 a month are 3 / 30.4375 a day, 1 a week 1 / 7; parts of arms come to 1."""
    (tmp_path / "s.csv").write_text("site,start,rate,arm\nA,2027-01-04,3/mo,a 2 + b 1\nB,2027-01-04,1/w,b\n")
    one, other = read_sites(tmp_path / "s.csv", ("a", "b"))
    assert math.isclose(one.a_day, 3 / 30.4375)
    assert math.isclose(other.a_day, 1 / 7)
    assert one.arms == (("a", 2 / 3), ("b", 1 / 3))


def test_a_cap_is_reached_and_kept():
    """At 0.25 a day a cap of 10 is reached on day 40; nobody enters after it."""
    found = Rates((site(cap=10),), date(2027, 12, 31)).expected()[0]
    assert math.isclose(found.sum(), 10)
    assert found[39] == 0.25
    assert found[40] == 0


def test_a_cap_of_random_arrivals_against_a_hand_worked_table():
    """One day with mean 1 and a cap of 1: somebody enters with 1 - 1/e; a cap of 2: 2 - 3/e."""
    for cap, expected in ((1, 1 - math.exp(-1)), (2, 2 - 3 * math.exp(-1))):
        found = Rates((site(a_day=1.0, cap=cap),), MONDAY, "poisson").expected()
        assert math.isclose(found.sum(), expected), cap


def test_two_caps_with_random_arrivals_are_refused():
    """What has no exact expectation here is refused."""
    with pytest.raises(RegimenError, match="leave one kind out"):
        Rates((site(cap=3),), MONDAY, "poisson", cap=5)


@given(st.integers(0, 10_000), st.sampled_from(["uniform", "poisson"]), st.sampled_from([None, 5]), st.booleans())
def test_draws_keep_to_the_caps(seed, arrivals, cap, of_site):
    """No draw has more than a cap, days are in order, and evenly spread arrivals come to the expected number."""
    rates = Rates(
        (site(cap=cap if of_site else None), site("B")), date(2027, 3, 4), arrivals, None if of_site else cap
    )  # fmt: skip
    sites, _, days = rates.draw(np.random.default_rng(seed))
    again = rates.draw(np.random.default_rng(seed))
    assert all((one == two).all() for one, two in zip((sites, days), (again[0], again[2]), strict=True))
    assert (np.diff(days) >= 0).all()
    if cap is not None:
        assert np.count_nonzero(sites == 0) <= cap if of_site else len(days) <= cap
    if arrivals == "uniform":
        assert abs(len(days) - rates.expected().sum()) < 2


def test_draws_expect_what_is_expected():
    """The mean over 4,000 draws of each day lies within 5 standard errors: both arrivals, a cap of a site or of all."""
    for arrivals, cap, in_all in (
        ("uniform", 6, None),
        ("poisson", 6, None),
        ("uniform", None, 7),
        ("poisson", None, 7),
    ):
        rates = Rates((site(a_day=0.3, cap=cap), site("B", 0.1)), date(2027, 2, 4), arrivals, in_all)
        random, sums, squares = np.random.default_rng(3), np.zeros((2, rates.days)), np.zeros((2, rates.days))
        for _ in range(4000):
            sites, _, days = rates.draw(random)
            counts = np.zeros((2, rates.days))
            np.add.at(counts, (sites, days), 1)
            sums += counts
            squares += counts**2
        mean = sums / 4000
        error = np.sqrt(np.maximum(squares / 4000 - mean**2, 1e-9) / 4000)
        assert (np.abs(mean - rates.expected()) / error).max() < 5


# ---------------------------------------------------------------- simulate


def test_simulate_is_repeated_by_its_seed(tmp_path):
    """The same seed gives the same file; the subjects can be forecast as they are."""
    sites = tmp_path / "sites.csv"
    sites.write_text("site,start,rate\nA,2027-01-04,2/w\nB,2027-02-01,1/w\n", encoding="utf-8")
    given = ("simulate", "belimumab-sle", "--enrol", str(sites), "--weeks", "20", "--weight", "70 kg", "--seed")
    one, two, other = typed(*given, "1").out, typed(*given, "1").out, typed(*given, "2").out
    assert one == two != other
    assert one.splitlines()[0] == "subject,site,arm,first_dose,weight"
    (tmp_path / "enrol.csv").write_text(one, encoding="utf-8")
    answer = typed(*SLE, str(tmp_path / "enrol.csv"))
    assert (answer.code, answer.err) == (0, "")
