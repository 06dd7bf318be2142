"""What holds for the calendar of every journal, whatever was recorded in whatever order?"""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given, settings
from tests.calendars.test_journal_laws import PLANS, after, journals

from regimen.errors import RegimenError
from regimen.render.columns import width_of
from regimen.render.gantt_layout import page
from regimen.render.ics import as_ics
from regimen.render.outcomes import OFF, plain_line
from regimen.render.outline import outline
from regimen.render.runs import daily_runs
from regimen.render.tables import as_csv, as_json, as_markdown, as_text


def calendar_of(told):
    name, rows = told
    return after(PLANS[name], rows)


def in_marks(text: str) -> str:
    """Words and numbers, without what only one of two formats needs."""
    return re.sub(r"[\\|*#_-]+", " ", text)


@settings(max_examples=150)
@given(journals())
def test_nothing_is_lost_in_any_format(told):
    """Every event is on one line of the table, and in the csv and the json with its state and why."""
    calendar = calendar_of(told)
    runs = [run for epoch in dict.fromkeys(e.epoch for e in calendar)
            for run in daily_runs(e for e in calendar if e.epoch == epoch)]  # fmt: skip
    assert sorted(event.id for run in runs for event in run) == sorted(event.id for event in calendar)
    assert sum(len(section.rows) for section in outline(calendar).sections) == len(runs)
    rows = list(csv.DictReader(io.StringIO(as_csv(calendar), newline="")))
    assert [(r["id"], r["state"]) for r in rows] == [(e.id, e.state) for e in calendar]
    read = json.loads(as_json(calendar))
    assert [(e["id"], e.get("because", "")) for e in read["events"]] == [(e.id, e.because) for e in calendar]


@settings(max_examples=150)
@given(journals())
def test_every_reason_is_said_once_and_leads_somewhere(told):
    """A reason has one number; every event with a reason has its number or the line of the journal in its row."""
    calendar = calendar_of(told)
    read = outline(calendar)
    marks = [reason.mark for reason in read.reasons]
    shown = {mark for section in read.sections for row in section.rows for part in row.state
             for mark in re.findall(r"\[\d+\]", part)}  # fmt: skip
    assert shown == set(marks)
    assert len({reason.text for reason in read.reasons}) == len(read.reasons) == len(set(marks))
    reasons = {event.because for event in calendar if event.because and not plain_line(event)}
    assert len(reasons) == len(marks)


@settings(max_examples=150)
@given(journals())
def test_states_add_up(told):
    """For each drug the doses in their states add up to its doses; days are only of those that take place."""
    calendar = calendar_of(told)
    for total in outline(calendar).totals:
        states = re.findall(r"(\d+) (given|missed|held|cancelled|not applicable|planned|tentative)", total.of_these)
        assert calendar.journal is None or sum(int(number) for number, _ in states) == total.doses
        assert (total.first == "—") == (total.dose_days == 0)


@settings(max_examples=100)
@given(journals())
def test_every_output_can_be_made(told):
    """Text keeps to its width and says on the page what it says; files and pictures are made, or refused in words."""
    calendar = calendar_of(told)
    text = as_text(calendar)
    assert [line for line in text.splitlines() if width_of(line) > 120] == []
    words = set(re.findall(r"\w+", in_marks(as_markdown(calendar))))
    assert set(re.findall(r"\w+", in_marks(text))) - words - {"Totals"} == set()
    assert as_ics(calendar).endswith(b"END:VCALENDAR\r\n")
    if all(event.state in OFF for event in calendar):
        with pytest.raises(RegimenError, match="nothing to draw"):
            drawn(calendar)
    else:
        assert drawn(calendar).chart


def drawn(calendar):
    return page(calendar, 11.0, "colour", lambda text, size, bold: 0.08 * len(text))
