"""How does a ledger of doses become rows for a spreadsheet or another program? One value and one unit a column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction

from regimen.ledger import Administration, Drug, Ledger, Sum
from regimen.ledger.dispensing import Dispensed, dispensed
from regimen.quantities import Quantity, exact_number
from regimen.render.ledger_rows import taken
from regimen.render.tables import cell
from regimen.render.workbook import Sheet, Value, as_workbook

DOSE_COLUMNS = (
    *("id", "drug", "epoch", "cycle", "position", "start", "end", "state", "optional", "ordered"),
    *("dose_value", "dose_unit", "hours", "rate_value", "rate_unit", "unrounded_value", "unrounded_unit"),
    *("rounding_percent", "recorded_value", "recorded_unit", "cumulative_value", "cumulative_unit"),
    *("take", "waste_value", "waste_unit", "how", "basis", "source", "conditions", "problems"),
)
DISPENSING_COLUMNS = (
    *("id", "drug", "epoch", "cycle", "position", "start", "end", "state", "bag", "of_bags", "hours"),
    *("dose_value", "dose_unit", "rate_value", "rate_unit", "kind", "count", "strength_value", "strength_unit"),
    *("waste_value", "waste_unit", "basis"),
)
TOTAL_COLUMNS = ("drug", "over", "name", "title", "doses", "dose_value", "dose_unit", "stated_value", "stated_unit")
Record = dict[str, Value]


# ---------------------------------------------------------------- rows


def dose_records(ledger: Ledger) -> list[Record]:
    """One row for each administration, in the columns of ``DOSE_COLUMNS``; numbers are exact fractions."""
    return [_dose(drug, one) for drug in ledger.drugs for one in drug.administrations]


def _dose(drug: Drug, one: Administration) -> Record:
    event, found = one.event, one.calculated
    return {
        "id": event.id, "drug": drug.label, "epoch": event.epoch, "cycle": event.cycle, "position": event.position,
        "start": event.start, "end": event.end, "state": event.state, "optional": "yes" if event.optional else "no",
        "ordered": one.ordered, **_split("dose", one.amount),
        "hours": Fraction(one.minutes, 60) if one.minutes is not None else None,
        **_split("rate", found.rate if found is not None else None),
        **_split("unrounded", found.unrounded if found is not None else None),
        "rounding_percent": found.difference if found is not None else None,
        **_split("recorded", one.recorded), **_split("cumulative", one.cumulative), "take": ", ".join(taken([one])),
        **_split("waste", one.vials.waste if one.vials is not None else None), "how": "; ".join(one.steps),
        "basis": event.basis, "source": event.source, "conditions": "; ".join(event.conditions),
        "problems": " ".join(one.problems),
    }  # fmt: skip


def dispensing_records(ledger: Ledger) -> list[Record]:
    """One row for each strength of each dose or bag, in the columns of ``DISPENSING_COLUMNS``."""
    lines = [line for drug in ledger.drugs for line in dispensed(drug)]
    return [record for line in lines for record in _dispensed(line)]


def _dispensed(line: Dispensed) -> Iterator[Record]:
    event, bag = line.administration.event, line.bag
    common: Record = {
        "id": event.id, "drug": line.drug.label, "epoch": event.epoch, "cycle": event.cycle,
        "position": event.position, "start": line.start, "end": line.end or event.end, "state": event.state,
        "bag": line.number or None, "of_bags": line.of or None,
        "hours": Fraction(bag.minutes, 60) if bag is not None else None, **_split("dose", line.needed),
        **_split("rate", bag.rate.per_hour() if bag is not None else None), "basis": event.basis,
    }  # fmt: skip
    for number, one in enumerate(line.taken):
        # Counted once, so that a column of waste can be added up.
        waste = line.waste if number == 0 else None
        yield {**common, "kind": one.kind, "count": one.count, **_split("strength", one.strength),
               **_split("waste", waste)}  # fmt: skip
    if not line.taken:
        yield {**common, "kind": None, "count": None, **_split("strength", None), **_split("waste", None)}


def total_records(ledger: Ledger) -> list[Record]:
    """What each day, each cycle and everything comes to, in the columns of ``TOTAL_COLUMNS``."""
    found: list[Record] = []
    for drug in ledger.drugs:
        found += [_total(drug, "day", one) for one in drug.days] + [_total(drug, "cycle", one) for one in drug.cycles]
        if drug.total is not None:
            count = sum(one.amount is not None and not one.off for one in drug.administrations)
            found.append(_total(drug, "all", Sum("all", "In all", drug.total, count, drug.stated)))
    return found


def _total(drug: Drug, over: str, one: Sum) -> Record:
    return {"drug": drug.label, "over": over, "name": one.name, "title": one.title, "doses": one.count,
            **_split("dose", one.amount), **_split("stated", one.stated)}  # fmt: skip


def _split(name: str, quantity: Quantity | None) -> Record:
    """A number and its unit, apart; an AUC has no unit of its own."""
    value = quantity.value if quantity is not None else None
    return {f"{name}_value": value, f"{name}_unit": str(quantity.unit) if quantity is not None else None}


# ---------------------------------------------------------------- formats


def doses_as_csv(ledger: Ledger) -> str:
    """One row for each administration; ISO dates, numbers and units in columns of their own."""
    return _csv(DOSE_COLUMNS, dose_records(ledger))


def dispensing_as_csv(ledger: Ledger) -> str:
    """One row for each strength of each dose or bag."""
    return _csv(DISPENSING_COLUMNS, dispensing_records(ledger))


def _csv(columns: Sequence[str], records: Iterable[Record]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_csv_cell(record[column]) for column in columns] for record in records)
    return text.getvalue()


def _csv_cell(value: Value) -> str:
    if isinstance(value, Fraction):
        return plain(value)
    return cell(value.isoformat() if isinstance(value, date | datetime) else value)


def plain(value: Fraction) -> str:
    """The number without separators; in full where it is short, else its first digits."""
    return exact_number(value).replace(",", "").replace("−", "-")


def doses_as_workbook(ledger: Ledger) -> bytes:
    """A spreadsheet with all doses, their totals, the pharmacy's list, and what cannot be calculated."""
    doses = _sheet("Doses", DOSE_COLUMNS, dose_records(ledger))
    totals = _sheet("Totals", TOTAL_COLUMNS, total_records(ledger))
    return as_workbook([doses, totals, _dispensing_sheet(ledger), _notes(ledger)])


def dispensing_as_workbook(ledger: Ledger) -> bytes:
    """A spreadsheet with the pharmacy's list."""
    return as_workbook([_dispensing_sheet(ledger), _notes(ledger)])


def _dispensing_sheet(ledger: Ledger) -> Sheet:
    return _sheet("Dispensing", DISPENSING_COLUMNS, dispensing_records(ledger))


def _sheet(title: str, columns: Sequence[str], records: Sequence[Record]) -> Sheet:
    return Sheet(title, tuple(columns), [[record[column] for column in columns] for record in records])


def _notes(ledger: Ledger) -> Sheet:
    calendar = ledger.calendar
    rows: list[tuple[Value, ...]] = [("study", calendar.study), ("title", calendar.title), ("arm", calendar.arm)]
    rows += [("anchor", f"{key}: {moment.isoformat()}") for key, moment in calendar.anchors.items()]
    rows += [("measures", sentence) for sentence in ledger.about] + [("warning", said) for said in ledger.warnings]
    rows += [(drug.label, f"{name}: {said}") for drug in ledger.drugs for name, said in drug.said]
    rows += [("planning aid", "verify every dose and date against the protocol; not a medical device")]
    return Sheet("Notes", ("about", "note"), rows)
