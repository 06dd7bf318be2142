"""How do doses leave the program? Text, csv, json and spreadsheets say the same, safely and exactly."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.commands import ROOT, typed
from tests.ledger.ledgers import drug, ledger

from regimen.pharmacy import doses, person
from regimen.quantities import is_short
from regimen.render import dispensing_text, ledger_json, ledger_tables, ledger_text
from regimen.render.workbook import Sheet, as_workbook
from regimen.safetext import unsafe

openpyxl = pytest.importorskip("openpyxl")

SLE = ("doses", "belimumab-sle", "--on", "first_dose=2027-01-04", "--weight", "70 kg")
MRD = ("doses", "blinatumomab-mrd", "--on", "first_dose=2026-03-02", "--weight", "44.9 kg", "--height", "150 cm",
       "--assume", "label-by-weight")  # fmt: skip
CLL = ("doses", "belimumab-cll", "--on", "venetoclax_day_1=2026-01-05", "--weight", "70 kg", "--height", "170 cm")
STEPS = ("doses", str(ROOT / "examples/steps-by-weight.yaml"), "--on", "first_dose=2027-03-22T10:00", "--tz",
         "Europe/Berlin", "--weight", "45 kg")  # fmt: skip
COMMANDS = {"sle": SLE, "mrd": MRD, "cll": CLL, "steps": STEPS}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_csv_row_holds_one_value_and_one_unit_a_column():
    """The first dose of belimumab: ISO dates, 700 and mg apart, how it came about, and where it comes from."""
    first = rows_of(typed(*SLE, "--format", "csv").out)[0]
    assert first["start"] == "2027-01-04"
    assert (first["dose_value"], first["dose_unit"], first["cumulative_value"]) == ("700", "mg", "700")
    assert (first["rate_value"], first["rate_unit"]) == ("700", "mg/h")
    assert first["how"] == "10 mg/kg × 70 kg = 700 mg; no cap; not rounded; at 700 mg/h over 1 h"
    assert (first["take"], first["waste_value"], first["source"]) == (
        "6 × 120 mg, waste 20 mg",
        "20",
        "registry, Detailed Description",
    )


def test_json_keeps_every_number_exact():
    """Numbers are texts, never binary; a number without an end has its fraction beside it."""
    answer = json.loads(typed(*MRD, "--json").out, parse_float=Decimal)
    dose = answer["drugs"][0]["administrations"][0]
    expected = doses(
        "blinatumomab-mrd", {"first_dose": "2026-03-02"}, person=person(weight="44.9 kg", height="150 cm"),
        assume=["label-by-weight"],
    )  # fmt: skip
    amount = drug(expected).administrations[0].amount
    assert Fraction(dose["dose"]["fraction"]) == amount.value
    assert not is_short(amount.value)
    assert answer["drugs"][0]["stated_total"] is not None
    assert not any(isinstance(value, float | Decimal) for value in _leaves(answer))


def _leaves(value):
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    else:
        yield value


def test_a_workbook_has_real_dates_and_numbers(tmp_path):
    """Dates are dates, numbers are numbers, the head is frozen and filtered; the same call gives the same bytes."""
    files = [tmp_path / name for name in ("one.xlsx", "two.xlsx")]
    for file in files:
        assert typed(*SLE, "--format", "xlsx", "-o", str(file)).code == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    book = openpyxl.load_workbook(files[0])
    assert book.sheetnames == ["Doses", "Totals", "Dispensing", "Notes"]
    page = book["Doses"]
    head = [cell.value for cell in page[1]]
    first = dict(zip(head, page[2], strict=True))
    assert first["start"].value == datetime(2027, 1, 4)  # noqa: DTZ001
    assert first["start"].number_format == "yyyy-mm-dd"
    assert (first["dose_value"].value, first["dose_value"].data_type) == (700, "n")
    assert (page.freeze_panes, page.auto_filter.ref) == ("A2", f"A1:{page.cell(1, len(head)).column_letter}15")
    assert page.column_dimensions["A"].width > len("treatment/d0/belimumab")
    totals = [[cell.value for cell in row] for row in book["Totals"].iter_rows(min_row=2)]
    assert totals[-1][:7] == ["belimumab", "all", "all", "In all", 14, 9800, "mg"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_in_a_workbook_never_runs(text):
    """A text that a spreadsheet would run as a formula stays a text, in a heading and in a cell."""
    content = as_workbook([Sheet("Doses", (text,), [(text,), ("safe",)])])
    page = openpyxl.load_workbook(io.BytesIO(content))["Doses"]
    for row in (1, 2):
        found = page.cell(row, 1)
        assert (found.data_type, found.value[:1]) == ("s", "'") or not found.value.startswith(("=", "+", "-", "@"))


def test_a_workbook_keeps_clock_times_and_fractions():
    """A time of a zone is shown as its clock shows it, a fraction as its first digits."""
    from zoneinfo import ZoneInfo

    moment = datetime(2027, 3, 28, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    content = as_workbook([Sheet("One", ("a", "b", "c"), [(moment, Fraction(1, 3), date(2027, 1, 4))])])
    page = openpyxl.load_workbook(io.BytesIO(content))["One"]
    assert page["A2"].value == datetime(2027, 3, 28, 10)  # noqa: DTZ001
    assert abs(page["B2"].value - 1 / 3) < 1e-12
    assert page["C2"].value.date() == date(2027, 1, 4)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("more", [(), ("--dispensing",), ("--tall-man",)], ids=" ".join)
def test_texts_are_safe_and_narrow(name, more):
    """No text for the pharmacy holds a form that could be misread, and none is wider than 120 columns."""
    answer = typed(*COMMANDS[name], *more)
    assert answer.code == 0
    assert [(line, str(found)) for line in answer.out.splitlines() for found in unsafe(line)] == []
    assert [line for line in answer.out.splitlines() if len(line) > 120] == []


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("more", [(), ("--dispensing",)], ids=" ".join)
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_files_are_safe(name, kind, more):
    """Neither csv nor json holds a form that could be misread."""
    out = typed(*COMMANDS[name], "--format", kind, *more).out
    assert [(line, str(found)) for line in out.splitlines() for found in unsafe(line)] == []


def test_all_formats_say_the_same():
    """Text, csv, json and the objects hold the same amounts, dates and totals."""
    found = ledger("    doses:\n      drug: {dose: 1.5 mg/kg IV, when: 'days 1, 8'}", weight="61 kg")
    (one,) = found.drugs
    values = [one.amount.value for one in one.administrations]
    rows = rows_of(ledger_tables.doses_as_csv(found))
    assert [Fraction(row["dose_value"]) for row in rows] == values == [Fraction("91.5")] * 2
    told = json.loads(ledger_json.doses_as_json(found))["drugs"][0]
    assert [Fraction(dose["dose"]["value"]) for dose in told["administrations"]] == values
    assert told["total"] == {"value": "183", "unit": "mg"}
    text = ledger_text.as_text(found)
    assert re.findall(r"(\w{3} \d+ Jan 2027) .*? (\d[\d.]* mg) ", text) == [
        ("Mon 4 Jan 2027", "91.5 mg"), ("Mon 11 Jan 2027", "91.5 mg"),
    ]  # fmt: skip
    assert "  On one day  91.5 mg on 2 days\n" in text
    assert "  In all      183 mg (3 mg/kg, as the protocol counts) in 2 doses\n" in text


def test_a_dispensing_list_adds_up():
    """The csv's vials times their strengths are what was needed and what is left over."""
    rows = rows_of(typed(*SLE, "--dispensing", "--format", "csv", "--take", "fewest-vials").out)
    held = sum(Fraction(row["count"]) * Fraction(row["strength_value"]) for row in rows)
    assert held == sum(Fraction(row["dose_value"]) + Fraction(row["waste_value"]) for row in rows) == 28 * 400
    text = typed(*SLE, "--dispensing", "--take", "fewest-vials").out
    assert "In all  9,800 mg in 14 doses: 28 vials of 400 mg, waste 1,400 mg" in text


def test_bags_are_listed_with_their_moments():
    """Each bag has the moment it is hung, how long it runs and what is in it."""
    rows = rows_of(typed(*STEPS, "--dispensing", "--format", "csv").out)
    bags = [row for row in rows if row["bag"]]
    assert [(row["start"], row["hours"], row["dose_value"]) for row in bags[:2]] == [
        ("2027-03-22T10:00:00+01:00", "168", "63"), ("2027-03-29T11:00:00+02:00", "168", "196"),
    ]  # fmt: skip
    text = typed(*STEPS, "--dispensing").out
    assert "bag 1 of 4, 63 mcg in 168 h" in text
    assert "bags 2 to 4 of 4, 196 mcg in 168 h each" in text


def test_tall_letters_are_an_option_of_the_text():
    """With --tall-man a look-alike name has its capital letters, and the list is named; without it, none has."""
    plain, tall = typed(*CLL).out, typed(*CLL, "--tall-man").out
    assert "\nrituximab\n" in plain
    assert "\nriTUXimab\n" in tall
    assert "Names with capital letters inside: list 2023-01" in tall
    assert "capital letters" not in plain


def test_weekly_drugs_say_their_weekday():
    """A drug given once a week is never read as daily: its one weekday is named, in the doses and in the calendar."""
    assert "belimumab: once a week, only on Mondays, on no other day" in typed(*CLL).out
    calendar = typed("calendar", "belimumab-cll", "--on", "venetoclax_day_1=2026-01-05")
    assert "- belimumab: once a week, only on Mondays, on no other day." in calendar.out
    other = typed("calendar", "belimumab-sle", "--on", "first_dose=2027-01-04")
    assert "no other day" not in other.out


def test_what_cannot_be_calculated_comes_first():
    """A missing measure is told above the doses, with what to do; the exit code says that something is missing."""
    answer = typed("doses", "belimumab-sle", "--on", "first_dose=2027-01-04")
    assert answer.code == 1
    lines = answer.out.splitlines()
    assert lines.index("Not calculated") < lines.index("belimumab")
    assert "the weight is needed and missing; give it with its unit, such as 70 kg." in answer.out
    assert "700 mg" not in answer.out
    rows = rows_of(typed("doses", "belimumab-sle", "--on", "first_dose=2027-01-04", "--format", "csv").out)
    assert {(row["dose_value"], row["problems"][:10]) for row in rows} == {("", "the weight")}


def test_a_dose_that_is_not_stated_is_listed():
    """A dose the protocol does not state has its date, no amount, and what to do."""
    found = ledger("    doses:\n      sirolimus: {dose: not stated, when: days 1-2}")
    text = ledger_text.as_text(found)
    assert "the protocol does not state the dose, so there is no amount; state it, or choose an assumption." in text
    assert "not calculated" in text
    assert "nothing can be listed; see above" in dispensing_text.as_text(found)


REFUSED = [
    (("--weight", "70"), "the number 70 has no unit; write 70 kg or 70 lb."),
    (("--weight", "-70 kg"), "it is negative"),
    (("--weight", "700 kg"), "outside 0.3 to 500 kg"),
    (("--weight", "70 mg"), "mg is no unit of weight"),
    (("--weight", "70,5 kg"), "the comma can be read in two ways"),
    (("--weight", "70 kg", "--height", "1.7"), "the number 1.7 has no unit"),
    (("--weight", "70 kg", "--height", "1.7 cm"), "Was 1.7 m meant?"),
    (("--weight", "70 kg", "--creatinine", "0 mg/dL"), "it is 0"),
    (("--weight", "70 kg", "--subject", "s.yaml"), "weight and a subject file are both given"),
    (("--subject", "no-such-file.yaml"), "there is no such file"),
    (("--weight", "70 kg", "--format", "xlsx"), "name a file: -o doses.xlsx"),
    (("--weight", "70 kg", "--before", "belimumab"), "--before 'belimumab' is not understood"),
    (("--weight", "70 kg", "--before", "belimumap=5 mg"), "there is no drug 'belimumap'; the drugs are belimumab."),
    (("--weight", "70 kg", "--before", "belimumab=5 mg/day"), "is a rate"),
    (("--weight", "70 kg", "--journal", str(ROOT / "examples/subjects/s001.jsonl")), "a journal gives its own"),
]


@pytest.mark.parametrize(("more", "words"), REFUSED)
def test_what_is_asked_wrongly_is_refused(more, words):
    """Bad input gives a sentence with what to do, exit code 1 and no doses."""
    answer = typed("doses", "belimumab-sle", "--on", "first_dose=2027-01-04", *more)
    assert (answer.code, answer.out) == (1, "")
    assert words in answer.err


def test_an_unusual_measure_is_warned_of():
    """A measure that fits another unit better is used, and the warning stands above the doses."""
    answer = typed(
        "doses", "belimumab-sle", "--on", "first_dose=2027-01-04", "--weight", "154 kg", "--height", "160 cm"
    )
    assert answer.code == 0
    assert answer.out.index("Was 154 lb meant?") < answer.out.index("1,540 mg")


def test_a_journal_gives_dates_and_what_happened():
    """With a journal the doses are those of its calendar: recorded amounts, other days, its own definition."""
    journal = str(ROOT / "examples/subjects/s001.jsonl")
    own = typed("doses", journal, "--surface", "1.8 m2")
    named = typed("doses", str(ROOT / "examples/subjects/version-1.yaml"), "--journal", journal, "--surface", "1.8 m2")
    assert own.out == named.out
    assert "Sat 30 Jan 2027  C2D1      75 mg/m2 IV over 1 h  135 mg  270 mg         (1)  given" in own.out
    both = typed("doses", journal, "--journal", journal, "--surface", "1.8 m2")
    assert (both.code, "two journals" in both.err) == (1, True)


@pytest.mark.parametrize("verb", [("doses", "--weight", "70 kg"), ("deviations",)])
def test_a_journal_of_another_study_gives_nothing(verb):
    """Doses of one study on the days of another study's subject would be nobody's; both are named."""
    journal = str(ROOT / "examples/subjects/s001.jsonl")
    answer = typed(verb[0], "belimumab-sle", "--journal", journal, *verb[1:])
    assert (answer.code, answer.out) == (1, "")
    assert "belimumab-sle is of study" in answer.err
    assert "s001.jsonl is the journal of subject" in answer.err


def test_a_subject_file_gives_the_measures_of_each_day():
    """Subject 101 has 44 kg, and 49 kg from 12 Feb on: another band from cycle 2 on, as 11 % are more than 10 %."""
    answer = typed("doses", str(ROOT / "examples/steps-by-weight.yaml"), "--on", "first_dose=2027-01-04", "--subject",
                   str(ROOT / "examples/subjects/s101.yaml"))  # fmt: skip
    assert answer.code == 0
    assert "differs by 11.3636 %\n      from 44 kg, more than 10 %: calculated anew" in answer.out
    assert "Mon 15 Feb 2027  C2D1      28 mcg/day CIV                    784 mcg in 28 d" in answer.out


def test_the_made_up_subject_with_a_cap_for_life():
    """1.81 m2 by Du Bois, 60 mg/m2: 108.6 mg three times; of 450 − 240 mg/m2 then 30 are left: 54.3 mg."""
    answer = typed("doses", str(ROOT / "examples/lifetime-cap.yaml"), "--on", "first_dose=2027-01-04", "--subject",
                   str(ROOT / "examples/subjects/s102.yaml"), "--format", "csv")  # fmt: skip
    assert [row["dose_value"] for row in rows_of(answer.out)] == ["108.6", "108.6", "108.6", "54.3"]
    assert Decimal("60") * Decimal("1.81") * 3 + Decimal("30") * Decimal("1.81") == Decimal("380.1")
    assert rows_of(answer.out)[-1]["cumulative_value"] == "380.1"


def test_no_module_of_the_ledger_uses_binary_numbers():
    """Amounts are fractions from end to end: no float is made, and none is printed with a format of its own."""
    source = ROOT / "src" / "regimen"
    paths = [*(source / "ledger").glob("*.py"), *(source / "render").glob("ledger_*.py"), source / "pharmacy.py",
             source / "render" / "dispensing_text.py"]  # fmt: skip
    assert len(paths) > 10
    found = [
        (path.name, hit) for path in paths for hit in re.findall(r"\bfloat\b|:\.\d+[feg]\}|round\(", path.read_text())
    ]
    assert found == []
