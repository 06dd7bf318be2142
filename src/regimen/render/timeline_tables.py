"""How does a program read a study's timeline? The numbers of each day as csv, and everything as JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from regimen.render.timeline_words import remedy, sentence
from regimen.timelines import Participant, StudyTimeline
from regimen.timelines.making import MILESTONES, Count, Group

CSV_COLUMNS = ("date", "entered", "on_treatment", "on_study", "may_be_on_treatment", "may_be_on_study")


def as_csv(timeline: StudyTimeline) -> str:
    """A row for each day on which a number changes; between two rows nothing does."""
    written = io.StringIO(newline="")
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(CSV_COLUMNS)
    rows.writerows(_count(count).values() for count in timeline.counts)
    return written.getvalue()


def as_json(timeline: StudyTimeline, entry: str) -> str:
    """Everything: the accrual in words, milestones, participants, numbers by day and findings."""
    facts = timeline.facts
    told = {
        "study": facts.id, "title": facts.title, "day_in": entry,
        "starts": facts.starts, "completes": facts.completes, "accrual": list(timeline.accrual.how),
        "notes": list(timeline.notes), "groups": [_group(group) for group in timeline.groups],
        "findings": [
            {"level": m.level, "what": m.what, "arm": m.arm, "day": m.day, "stated": m.stated, "latest_entry": m.latest,
             "participants_that_fit": m.fitting, "sentence": sentence(timeline, m), "remedy": remedy(timeline, m)}
            for m in timeline.misfits
        ],
        "participants": [_participant(one) for one in timeline.participants],
        "counts": [_count(count) for count in timeline.counts],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=2, default=lambda day: day.isoformat())


def _group(group: Group) -> dict[str, Any]:
    milestones = [
        {"name": one.name, "title": MILESTONES[one.name], "day": one.day, "participant": one.number,
         "possible": one.possible, "certain": one.certain}
        for one in group.milestones
    ]  # fmt: skip
    return {"kind": group.kind, "name": group.name, "participants": group.size, "milestones": milestones}


def _participant(one: Participant) -> dict[str, Any]:
    sure, maybe = one.courses.certain, one.courses.possible
    return {
        "number": one.number, "cohort": one.cohort, "arm": one.arm, "in": one.entry, "first_dose": sure.first_dose,
        "last_dose": sure.last_dose, "last_visit": sure.last_visit, "ends": sure.ends,
        "possible_last_dose": maybe.last_dose, "possible_last_visit": maybe.last_visit, "possible_ends": maybe.ends,
    }  # fmt: skip


def _count(count: Count) -> dict[str, Any]:
    return {
        "date": count.day.isoformat(), "entered": count.entered, "on_treatment": count.on_treatment,
        "on_study": count.on_study, "may_be_on_treatment": count.may_be_on_treatment,
        "may_be_on_study": count.may_be_on_study,
    }  # fmt: skip
