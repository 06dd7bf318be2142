"""How does a ledger of doses read for another program? Exact decimals as texts, never a binary number."""

from __future__ import annotations

import json
from typing import Any

from regimen.ledger import Administration, Drug, JoinedInfusion, Ledger, Sum
from regimen.ledger.dispensing import Dispensed, Shelf, Taken, dispensed, shelves
from regimen.quantities import Quantity, is_short
from regimen.render.ledger_rows import taken
from regimen.render.ledger_tables import plain


def doses_as_json(ledger: Ledger) -> str:
    """The whole ledger for another program; every number is a decimal text, with its fraction where it has no end."""
    calendar = ledger.calendar
    content = {
        "study": calendar.study,
        "title": calendar.title,
        "arm": calendar.arm,
        "anchors": {key: moment.isoformat() for key, moment in calendar.anchors.items()},
        "measures": list(ledger.about),
        "warnings": list(ledger.warnings),
        "drugs": [_json_drug(drug) for drug in ledger.drugs],
    }
    return _dumped(content)


def dispensing_as_json(ledger: Ledger) -> str:
    """The pharmacy's list, with its totals for each day, cycle and in all."""
    drugs = [(drug, dispensed(drug)) for drug in ledger.drugs]
    found = [
        {
            "drug": drug.label,
            "lines": [_json_line(line) for line in lines],
            "days": {day.isoformat(): _json_shelf(one) for day, one in shelves(lines).days.items()},
            "cycles": {name: _json_shelf(one) for name, one in shelves(lines).cycles.items()},
            "total": _json_shelf(shelves(lines).total),
        }
        for drug, lines in drugs
    ]
    return _dumped({"study": ledger.calendar.study, "warnings": list(ledger.warnings), "drugs": found})


def _dumped(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def number(quantity: Quantity | None) -> dict[str, str] | None:
    """An amount for a program: the decimal as text and the unit; ``fraction`` is exact where the decimal is not."""
    if quantity is None:
        return None
    exact = {} if is_short(quantity.value) else {"fraction": str(quantity.value)}
    return {"value": plain(quantity.value), "unit": str(quantity.unit), **exact}


def _json_drug(drug: Drug) -> dict[str, Any]:
    return {
        "key": drug.key,
        "drug": drug.label,
        "declared": [{"name": name, "says": said} for name, said in drug.said],
        "administrations": [_json_dose(one) for one in drug.administrations],
        "infusions": [_json_infusion(infusion) for infusion in drug.infusions],
        "days": [_json_sum(one) for one in drug.days],
        "cycles": [_json_sum(one) for one in drug.cycles],
        "total": number(drug.total),
        "stated_total": number(drug.stated),
        "before": number(drug.before),
        "problems": list(drug.problems),
    }


def _json_dose(one: Administration) -> dict[str, Any]:
    event, found = one.event, one.calculated
    return {
        "id": event.id,
        "epoch": event.epoch,
        "cycle": event.cycle,
        "position": event.position,
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
        "state": event.state,
        "optional": event.optional,
        "ordered": one.ordered,
        "dose": number(one.amount),
        "minutes": one.minutes,
        "rate": number(found.rate) if found is not None else None,
        "unrounded": number(found.unrounded) if found is not None else None,
        "recorded": number(one.recorded),
        "cumulative": number(one.cumulative),
        "take": list(taken([one])),
        "steps": list(one.steps),
        "basis": event.basis,
        "source": event.source,
        "conditions": list(event.conditions),
        "problems": list(one.problems),
    }


def _json_infusion(infusion: JoinedInfusion) -> dict[str, Any]:
    bags = infusion.bags.bags if infusion.bags is not None else ()
    return {
        "events": list(infusion.events),
        "total": number(infusion.total),
        "bags": [
            {"from_minute": bag.start, "to_minute": bag.end, "rate": number(bag.rate), "amount": number(bag.amount)}
            for bag in bags
        ],
        "steps": list(infusion.steps),
        "problems": list(infusion.problems),
    }


def _json_sum(one: Sum) -> dict[str, Any]:
    return {"name": one.name, "title": one.title, "doses": one.count, "dose": number(one.amount),
            "stated": number(one.stated)}  # fmt: skip


def _json_line(line: Dispensed) -> dict[str, Any]:
    return {
        "id": line.administration.event.id, "position": line.administration.event.position,
        "start": line.start.isoformat(), "end": line.end.isoformat() if line.end is not None else None,
        "bag": line.number or None, "dose": number(line.needed), "take": [_json_taken(one) for one in line.taken],
        "waste": number(line.waste),
    }  # fmt: skip


def _json_taken(one: Taken) -> dict[str, Any]:
    return {"kind": one.kind, "strength": number(one.strength), "count": one.count}


def _json_shelf(one: Shelf | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"doses": one.lines, "needed": number(one.needed), "take": [_json_taken(each) for each in one.taken],
            "waste": number(one.waste)}  # fmt: skip
