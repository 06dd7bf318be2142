"""What is printed for a wall, a ward or a patient? ``regimen page``: month calendar, therapy map or patient page."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.cli import FINE, clock
from regimen.cli.doses import add_measures, ledger_of, person_of
from regimen.cli.options import TRIAL, Commands, add_dating, add_verb
from regimen.cli.sites import add_site, at_site, day_of_option
from regimen.cli.verbs import emit, say
from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.ledger import Ledger
    from regimen.pharmacy import Person
    from regimen.render.pages import Document

_ENDINGS = (".pdf", ".html")


def add_page(commands: Commands) -> None:  # type: ignore[type-arg]
    """The verb ``page``."""
    verb = add_verb(
        commands, "page", write_page,
        "print a month calendar, a therapy map (one page a cycle) or a page for the patient, as PDF or HTML",
        "regimen page belimumab-sle --on first_dose=2027-01-04 --kind month -o calendar.html",
    )  # fmt: skip
    verb.add_argument("trial", metavar="TRIAL", help=f"{TRIAL}; or a journal, for the definition it names")
    add_dating(verb)
    add_site(verb)
    add_measures(verb)
    verb.add_argument("--kind", choices=("month", "map", "patient"), required=True, help="which page")
    verb.add_argument("--paper", choices=("a4", "letter"), default="a4", help="a4 if left out")
    verb.add_argument("--language", metavar="CODE", default="en", help="of the patient page: en, de, fr, es, zh-Hans")
    verb.add_argument("--page-version", metavar="TEXT", default="1", help="printed on the patient page; 1 if left out")
    verb.add_argument("--checked-by", metavar="NAME", default="",
                      help="who compared what the definition assumes with the protocol; printed on the patient page, "
                      "which leaves assumed doses and visits off without it")  # fmt: skip
    verb.add_argument("--made-on", metavar="DATE", help="the day printed on the patient page; today's date if left out")
    verb.add_argument("--fonts", action="append", default=[], metavar="FOLDER", help="a folder with more fonts")
    verb.add_argument("-o", "--output", metavar="FILE", help="a .pdf or .html file; the kind's name .pdf if left out")


def write_page(options: Namespace) -> int:
    """One page, or one for each month or cycle, in a file."""
    output = options.output or f"{options.kind}.pdf"
    if Path(output).suffix.lower() not in _ENDINGS:
        raise RegimenError(f"{output} is neither a PDF nor HTML; name a file that ends in .pdf or .html.")
    if options.language != "en" and options.kind != "patient":
        raise RegimenError("only the patient page speaks other languages; leave --language out, or add --kind patient.")
    if options.checked_by and options.kind != "patient":
        raise RegimenError("--checked-by is printed on the patient page alone; leave it out, or add --kind patient.")
    who = person_of(options)
    ledger = ledger_of(options)
    ledger = replace(ledger, calendar=at_site(ledger.calendar, options))
    for warning in ledger.warnings:
        say(f"Warning: {warning}")
    document = _document(ledger, who, options)
    emit(_printed(document, output, options), output)
    return FINE


def _document(ledger: Ledger, who: Person, options: Namespace) -> Document:
    from regimen.languages import Language
    from regimen.render.pages import Edition, month_pages, patient_page, therapy_map

    journal = ledger.calendar.journal
    subject = (journal.subject if journal is not None else "") or str(getattr(who.measured, "name", ""))
    if options.kind == "month":
        return month_pages(ledger, subject=subject)
    if options.kind == "map":
        return therapy_map(ledger, subject=subject, measured=who.measured)
    edition = Edition(options.page_version, _made_on(options), options.checked_by)
    return patient_page(ledger, edition=edition, subject=subject, language=Language(options.language))


def _made_on(options: Namespace) -> date:
    return day_of_option(options.made_on, "--made-on") or clock.now().date()


def _printed(document: Document, output: str, options: Namespace) -> str | bytes:
    from regimen.render.pages import in_html, in_pdf

    if Path(output).suffix.lower() == ".html":
        return in_html.as_html(document, paper=options.paper)
    return in_pdf.as_pdf(document, paper=options.paper, fonts=options.fonts)
