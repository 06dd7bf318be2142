"""How much is given? ``regimen doses``: every administration of one subject with its exact amount."""

from __future__ import annotations

import argparse
from argparse import Namespace
from functools import partial
from typing import TYPE_CHECKING, Any

from regimen.cli import FINE, REFUSED
from regimen.cli.compare import is_journal, read
from regimen.cli.options import TRIAL, Commands, add_dating, add_verb
from regimen.cli.verbs import emit, pairs
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.ledger import Ledger
    from regimen.pharmacy import Person

_MEASURES = {
    "weight": '"70 kg"', "height": '"170 cm"', "age": '"54 years"', "creatinine": '"0.9 mg/dL"', "gfr": '"90 mL/min"',
    "surface": '"1.8 m2"',
}  # fmt: skip
_TAKE = {"least-waste": "least waste", "fewest-vials": "fewest vials"}
_FROM_JOURNAL = ("on", "arm", "decide", "assume", "horizon", "tz")


def add_doses(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``doses``."""
    verb = add_verb(
        commands, "doses", show_doses,
        "calculate every dose of one subject: amounts with every step, infusions, bags, vials and tablets, totals",
        'regimen doses belimumab-sle --on first_dose=2027-01-04 --weight "70 kg"',
    )  # fmt: skip
    verb.add_argument("trial", metavar="TRIAL", help=f"{TRIAL}; or a journal, for the definition it names")
    add_dating(verb)
    add_measures(verb)
    verb.add_argument("--dispensing", action="store_true", help="the pharmacy's list: what is taken for each dose")
    verb.add_argument("--tall-man", action="store_true", help="capital letters inside look-alike names: vinCRIStine")
    verb.add_argument("--format", choices=("text", "csv", "json", "xlsx"), default="text", help="text if left out")
    verb.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of the screen")
    verb.add_argument("--json", action="store_const", const="json", dest="format", help="the same as --format json")


def add_measures(verb: argparse.ArgumentParser) -> None:
    """What is known of the subject: measures, or files that hold them; and which vials are taken."""
    for kind, example in _MEASURES.items():
        verb.add_argument(f"--{kind}", metavar="MEASURE", help=f"such as {example}; holds for every dose")
    verb.add_argument("--sex", choices=("female", "male"), help="as the formulas have it")
    verb.add_argument("--subject", metavar="FILE", help="a subject file with dated measures, in place of these")
    verb.add_argument("--before", action="append", default=[], metavar="DRUG=AMOUNT",
                      help='what was given before, for lifetime caps, such as doxorubicin="100 mg/m2"')  # fmt: skip
    verb.add_argument("--journal", metavar="FILE", help="what happened: the subject's journal, such as s001.jsonl")
    verb.add_argument("--take", choices=tuple(_TAKE), help="which vials are taken, over what the definition says")


def show_doses(options: Namespace) -> int:
    """Every dose of one subject."""
    from regimen.render.ledger_rows import uncalculated

    if options.format == "xlsx" and options.output is None:
        raise RegimenError("a spreadsheet cannot be shown on the screen; name a file: -o doses.xlsx")
    ledger = ledger_of(options)
    emit(_rendered(ledger, options), options.output)
    return REFUSED if uncalculated(ledger) else FINE


def _rendered(ledger: Ledger, options: Namespace) -> str | bytes:
    from regimen.render import dispensing_text, ledger_json, ledger_tables, ledger_text
    from regimen.safetext import drug_in_words

    if options.format == "text":
        text = dispensing_text if options.dispensing else ledger_text
        named = partial(drug_in_words, tall_man=options.tall_man)
        shown: str = text.as_text(ledger, named=named, more=_tall_man() if options.tall_man else ())
        return shown
    if options.format == "json":
        return (ledger_json.dispensing_as_json if options.dispensing else ledger_json.doses_as_json)(ledger)
    if options.format == "csv":
        return (ledger_tables.dispensing_as_csv if options.dispensing else ledger_tables.doses_as_csv)(ledger)
    return (ledger_tables.dispensing_as_workbook if options.dispensing else ledger_tables.doses_as_workbook)(ledger)


def _tall_man() -> tuple[str, ...]:
    from regimen.safetext.tall_man import tall_man_list

    names = tall_man_list()
    return (f"Names with capital letters inside: list {names.version} ({names.source}).",)


def ledger_of(options: Namespace) -> Ledger:
    """The doses of the subject that the options describe."""
    from regimen.pharmacy import doses
    from regimen.rules import LIMIT

    who, take = person_of(options), _TAKE.get(options.take, "")
    itself = is_journal(options.trial)
    if itself or options.journal is not None:
        trial, on, given = _from_journal(options, itself)
    else:
        trial, on = options.trial, pairs(options.on, "--on", "first_dose=2027-01-04")
        given = {"arm": options.arm, "decide": pairs(options.decide, "--decide", "transplant=no"),
                 "assume": options.assume, "horizon": options.horizon, "zone": options.tz}  # fmt: skip
    return doses(trial, on, person=who, take=take, limit=options.limit or LIMIT, **given)


def person_of(options: Namespace) -> Person:
    """The measures that the options give."""
    from regimen.pharmacy import person

    before = pairs(options.before, "--before", 'doxorubicin="100 mg/m2"')
    measures = {kind: getattr(options, kind) for kind in _MEASURES}
    return person(subject=options.subject, sex=options.sex, before=before, **measures)


def _from_journal(options: Namespace, itself: bool) -> tuple[Any, dict[str, str], dict[str, Any]]:
    """The definition and the dates that a journal gives, or another definition with them."""
    from regimen.replays import study_for

    if itself and options.journal is not None:
        raise RegimenError("two journals are given; name the trial, or leave --journal out.")
    given = [f"--{name}" for name in _FROM_JOURNAL if getattr(options, name)]
    if given:
        raise RegimenError(f"{', '.join(given)} cannot be given here, because a journal gives its own; leave it out.")
    trial = None if itself else options.trial
    journal = read(options.trial if itself else options.journal, trial)
    opened = journal.opened
    study = study_for(journal, trial)
    return study, {}, {"arm": opened.arm or None, "horizon": opened.horizon or None, "zone": opened.zone or None,
                       "facts": journal.facts}  # fmt: skip
