"""Do text, csv, spreadsheet and charts of a forecast say the same numbers, safely and byte for byte again?"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.commands import typed

from regimen.forecasts import Enrolment, forecast
from regimen.render import forecast_plot, forecast_tables, forecast_text
from regimen.render.forecast_text import number_in_words
from regimen.safetext import unsafe

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "forecast"


@pytest.fixture(scope="module")
def known():
    return forecast("belimumab-sle", Enrolment(EXAMPLES / "subjects.csv"), weeks=5)


@pytest.fixture(scope="module")
def simulated():
    return forecast("belimumab-sle", Enrolment(EXAMPLES / "sites.csv"), weeks=60, by="month", runs=20, seed=1)


def test_text_cannot_be_misread(known, simulated):
    """No dangerous form in a forecast as text, and no line is wider than 120 characters."""
    for found in (known, simulated):
        text = forecast_text.as_text(found)
        assert unsafe(text) == ()
        assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (0.04, "<0.05"), (0.05, "0.1"), (2, "2"), (2.25, "2.2"), (12345.67, "12,345.7")]
)
def test_numbers_in_words(number, said):
    """One decimal at most, never a zero that says nothing, and what is little is not said to be none."""
    assert number_in_words(number) == said


def test_csv_has_a_row_for_each_number(known):
    """Every number of every place is there, the sums as site and arm all."""
    rows = list(csv.DictReader(io.StringIO(forecast_tables.as_csv(known))))
    assert len(rows) == len(known.periods) * len(known.places) * len(known.things)
    vials = [row for row in rows if row["kind"] == "vials" and row["unit"] == "120 mg" and row["period"] == "3"]
    assert [(row["site"], row["expected"]) for row in vials] == [("Berlin", "5"), ("Lyon", "6"), ("all", "11")]
    assert (vials[0]["from"], vials[0]["to"]) == ("2027-01-18", "2027-01-24")


def test_csv_of_a_simulation_has_its_bands(simulated):
    """The mean, its error and three quantiles stand beside each expected number, in order."""
    rows = list(csv.DictReader(io.StringIO(forecast_tables.as_csv(simulated))))
    assert all(float(row["low"]) <= float(row["median"]) <= float(row["high"]) for row in rows)
    assert any(float(row["low"]) < float(row["high"]) for row in rows)


def test_spreadsheet_says_the_same(known):
    """Real dates and numbers, a sheet for each question, and every note."""
    book = load_workbook(io.BytesIO(forecast_tables.as_spreadsheet(known)))
    assert book.sheetnames == ["All sites", "By site and arm", "Sums", "Outside these days", "How it was counted"]
    head, *rows = book["All sites"].iter_rows(values_only=True)
    at = head.index("belimumab: amount in mg")
    assert [row[at] for row in rows] == [1400, 0, 2100, 0, 2100]
    assert rows[0][1] == datetime(2027, 1, 4)  # noqa: DTZ001 - a spreadsheet knows no zones
    assert len(list(book["By site and arm"].iter_rows())) == 1 + 2 * 5
    notes = [row[0] for row in book["How it was counted"].iter_rows(min_row=2, values_only=True)]
    assert set(known.notes) < set(notes)


def test_the_same_forecast_gives_the_same_bytes(simulated, tmp_path):
    """Spreadsheet and charts carry no time and no chance of their own, in colour and in grey."""
    assert forecast_tables.as_spreadsheet(simulated) == forecast_tables.as_spreadsheet(simulated)
    for name, theme in (("a.svg", "colour"), ("b.svg", "colour"), ("c.svg", "grey")):
        forecast_plot.save(simulated, tmp_path / name, theme=theme)
    one, two, grey = ((tmp_path / name).read_bytes() for name in ("a.svg", "b.svg", "c.svg"))
    assert one == two != grey


def test_charts_tell_bands_by_words_and_hatches(simulated):
    """Bands are hatched and named at their edges, and the words below say what line and area mean."""
    painted = forecast_plot.figure(simulated)
    charts = [chart for chart in painted.axes if chart.get_title(loc="left")]
    assert len(charts) == min(len(simulated.things), forecast_plot.MOST)
    assert all(any(patch.get_hatch() for patch in chart.patches) for chart in charts)
    assert all(any("95 %" in text.get_text() for text in chart.texts) for chart in charts)
    assert any("Hatched, between dashed lines" in text.get_text() for text in painted.texts)


def test_a_command_writes_all_of_them(tmp_path):
    """One command writes the spreadsheet and the charts, and says so."""
    sheet, plot = tmp_path / "forecast.xlsx", tmp_path / "forecast.png"
    given = ("forecast", "belimumab-sle", "--enrol", str(EXAMPLES / "sites.csv"), "--weeks", "10")
    answer = typed(*given, "--measures", str(EXAMPLES / "weights.csv"), "-o", str(sheet), "--plot", str(plot))
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.splitlines() == [f"wrote {sheet}", f"wrote {plot}"]
    assert plot.read_bytes()[:4] == b"\x89PNG"
