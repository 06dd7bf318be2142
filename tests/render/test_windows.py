"""How do windows read? Text, Markdown, csv and JSON of one subject, as planned and after what happened."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from tests.commands import typed
from tests.journals import calendar_after, fact

from regimen.checks.dated import with_findings
from regimen.placement import on_working_days
from regimen.render import windows
from regimen.workdays import Site

MONDAY = date(2027, 1, 4)
STUDY = """
    doses:
      drug: {dose: 25 mg PO, when: daily x14}
      infusion: {dose: 1 mg IV, when: 'days 6, 20', window: ±3 d, working_days: nearest}
    visits:
      screening: {visit: Screening, between: days -14 to -1}
      clinic: {visit: Clinic visit, when: 'days 1, 15', window: -1/+2 d, activities: [ECG, blood count]}
"""
GIVEN = (
    fact("done", "treatment/d1/clinic", date(2027, 1, 8)),
    *(fact("given", f"treatment/d{n}/drug", date(2027, 1, 3 + n)) for n in range(1, 9)),
)


def calendar(*facts, as_of: date | None = date(2027, 1, 12)):
    dated = on_working_days(calendar_after(STUDY, MONDAY, list(facts)), Site())
    return with_findings(dated, as_of)


def test_text():
    """Target, earliest, latest, days left, what and status; daily doses that stand alike are one line."""
    text = windows.as_text(calendar(*GIVEN), date(2027, 1, 12))
    assert text.startswith("Windows: A small study\nStudy   small\n")
    assert "As of   Tue 12 Jan 2027" in text
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert "any day Mon 21 Dec 2026 Sun 3 Jan 2027 −9 Day −14 Screening overdue, +9 d" in rows
    late = [row for row in rows if "Clinic visit late, +2 d, on" in row]
    assert [row.partition(" Day 1")[0] for row in late] == ["Mon 4 Jan 2027 Sun 3 Jan 2027 Wed 6 Jan 2027"]
    assert "ECG; blood count" in rows
    assert "Tue 12 Jan 2027 Day 9 drug 25 mg PO open" in rows
    assert "Wed 13 Jan 2027 Day 10 drug 25 mg PO, 5 in a to come" in rows
    moved = [row for row in rows if "Day 6 infusion 1 mg IV open, put on" in row]
    assert [row.partition(" Day 6")[0] for row in moved] == ["Sat 9 Jan 2027 Wed 6 Jan 2027 Tue 12 Jan 2027 0"]
    assert "Warnings" in rows
    assert "Day −14 Screening, Mon 21 Dec 2026: due on Mon 21 Dec 2026; its window closed on" in text
    assert max(map(len, text.splitlines())) <= 120


def test_without_a_day():
    """Without a day it is said that nothing can be open or overdue."""
    text = windows.as_text(calendar(as_of=None), None)
    assert "no day given, so nothing is said to be open or overdue" in text
    assert "Days left" not in text
    assert "overdue," not in text


def test_csv():
    """One row for each event, with ISO dates, the weekday of its target, and what it was put on."""
    text = windows.as_csv(calendar(*GIVEN), date(2027, 1, 12))
    assert text.endswith("\r\n")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 19
    moved = rows["treatment/d6/infusion"]
    assert [moved[key] for key in ("target", "weekday", "earliest", "latest", "days_left", "status", "put_on")] == [
        "2027-01-09", "Saturday", "2027-01-06", "2027-01-12", "0", "open", "2027-01-08",
    ]  # fmt: skip
    done = rows["treatment/d1/clinic"]
    assert (done["status"], done["days_out"], done["from_target"], done["actual"], done["activities"]) == (
        "late", "2", "4", "2027-01-08", "ECG; blood count",
    )  # fmt: skip
    assert rows["treatment/d-14/screening"]["target"] == ""


def test_json():
    """JSON has the events, the notices and the day."""
    data = json.loads(windows.as_json(calendar(*GIVEN), date(2027, 1, 12)))
    assert list(data) == ["study", "title", "arm", "as_of", "conventions", "events", "notices"]
    assert data["as_of"] == "2027-01-12"
    assert len(data["events"]) == 19
    assert {tuple(notice) for notice in data["notices"]} == {("level", "event", "sentence", "remedy")}


def test_markdown():
    """The Markdown page is one table and a list."""
    page = windows.as_markdown(calendar(*GIVEN), date(2027, 1, 12))
    assert page.startswith("# Windows: A small study\n\n- **Study:** small\n")
    assert "| Target | Earliest | Latest | Days left | What | Activities | Status |" in page
    assert "## Warnings" in page


# ---------------------------------------------------------------- the commands

NESTED = ("examples/nested-windows.yaml", "--on", "first_dose=2027-01-04")


@pytest.mark.parametrize("form", ["text", "md", "csv", "json"])
def test_the_command(form):
    """`regimen windows` prints each format; the same command gives the same bytes."""
    asked = ("windows", *NESTED, "--as-of", "2027-02-08", "--closed", "2027-02-01=away", "--format", form)
    first, second = typed(*asked), typed(*asked)
    assert first == second
    assert (first.code, first.err) == (0, "")
    assert "Clinic visit" in first.out


def test_after_a_journal():
    """A journal, with or without its trial beside it, gives the windows after what happened."""
    journal = "examples/subjects/s001.jsonl"
    alone = typed("windows", journal, "--as-of", "2027-03-01")
    beside = typed("windows", "examples/subjects/version-1.yaml", "--journal", journal, "--as-of", "2027-03-01")
    assert (alone.code, alone.out) == (0, beside.out)
    assert "late, +2 d" in alone.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("examples/subjects/s001.jsonl", "--journal", "examples/subjects/s001.jsonl"), "are two journals"),
        ((*NESTED, "--as-of", "soon"), "--as-of: 'soon' is not a date"),
        ((*NESTED, "--site", "nowhere.yaml"), "nowhere.yaml: there is no such file"),
        ((*NESTED, "--closed", "soon"), "'soon' is not a date"),
        ((*NESTED, "--weekend", "Foo"), "names no weekdays"),
        ((*NESTED, "--site", "x.yaml", "--weekend", "Sun"), "leave out --region and --weekend"),
    ],
)
def test_refusals(arguments, said):
    """What cannot be understood is refused with what to write instead."""
    answer = typed("windows", *arguments)
    assert (answer.code, answer.out) == (1, "")
    assert said in answer.err


def test_a_site_on_every_calendar(tmp_path):
    """The calendar, the .ics file and the windows lie on the same working days; without a site nothing changes."""
    study = tmp_path / "study.yaml"
    study.write_text(
        "format: regimen/1\nstudy: {id: s, title: S, first_day: 1}\nanchors: {first_dose: first dose}\n"
        "arms: {a: [t]}\nepochs:\n  t:\n    from: first_dose\n    visits:\n"
        "      visit: {when: day 6, window: ±3 d, working_days: next}\n",
        encoding="utf-8",
    )
    site = tmp_path / "site.yaml"
    site.write_text("weekend: [Sat, Sun]\nclosures: [2027-01-11]\n", encoding="utf-8")
    asked = (str(study), "--on", "first_dose=2027-01-04")
    plain, there = typed("calendar", *asked), typed("calendar", *asked, "--site", str(site))
    assert "Sat 9 Jan 2027" in plain.out
    assert "Closed days" not in plain.out
    assert "Tue 12 Jan 2027  Day 6" in there.out
    assert "Closed days: Saturday and Sunday; Mon 11 Jan 2027." in there.out
    file = tmp_path / "x.ics"
    assert typed("ics", *asked, "--site", str(site), "-o", str(file)).code == 0
    assert "DTSTART;VALUE=DATE:20270112" in file.read_text(encoding="utf-8")
    more = typed("calendar", *asked, "--site", str(site), "--closed", "2027-01-12", "--closed", "2027-01-08")
    assert "Sat 9 Jan 2027" in more.out
    assert "so it stays" in typed("windows", *asked, "--closed", "2027-01-11 to 2027-01-12").out
