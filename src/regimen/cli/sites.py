"""When is the site open? The options that say so, and what they do to a calendar."""

from __future__ import annotations

import argparse
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from regimen.errors import RegimenError

if TYPE_CHECKING:
    from regimen.events import Calendar
    from regimen.workdays import Site


def add_site(verb: argparse.ArgumentParser) -> None:
    """When the site is open: a file, or its region, weekend and closed days."""
    group = verb.add_argument_group("working days", "With any of these, closed days are looked at and, where the "
                                    "definition says so, moved inside the window.")  # fmt: skip
    group.add_argument("--site", metavar="FILE", help="a file with weekend, region and closures")
    group.add_argument("--region", metavar="REGION", help="whose public holidays are kept: DE-BY, US-NY, GB-ENG")
    group.add_argument("--weekend", metavar="DAYS", help="such as Fri,Sat; or none. Sat,Sun if left out")
    group.add_argument("--closed", action="append", default=[], metavar="DATE",
                       help='a closed day, or "DATE to DATE", or "DATE=reason"; repeatable')  # fmt: skip


def add_as_of(verb: argparse.ArgumentParser) -> None:
    """The day on which it is known what is overdue."""
    verb.add_argument("--as-of", metavar="DATE",
                      help="say what is open and overdue on this day; left out, no day is taken by itself")  # fmt: skip


def site_of(options: Namespace) -> Site | None:
    """The site that the options describe; None where none is given."""
    if not (options.site or options.region or options.closed or options.weekend is not None):
        return None
    from regimen.definition.sites import load_site, read_closure, read_weekdays
    from regimen.workdays import Site

    closures = tuple(read_closure(*_days_and_reason(text)) for text in options.closed)
    if options.site:
        if options.region or options.weekend is not None:
            raise RegimenError("--site names a file that says region and weekend; leave out --region and --weekend.")
        site = load_site(Path(options.site))
        return Site(site.weekend, site.region, (*site.closures, *closures), site.name)
    days = options.weekend
    weekend = Site().weekend if days is None else () if days.strip().lower() == "none" else read_weekdays(days)
    return Site(weekend, options.region or "", closures)


def _days_and_reason(text: str) -> tuple[str, str]:
    days, _, reason = text.partition("=")
    return days, reason


def day_of_option(text: str | None, option: str) -> date | None:
    """The day that an option names; None where it is left out."""
    from regimen.events import day_of
    from regimen.library import read_moment

    if text is None:
        return None
    try:
        return day_of(read_moment(text))
    except RegimenError as error:
        raise RegimenError(f"{option}: {error}") from None


def at_site(calendar: Calendar, options: Namespace) -> Calendar:
    """The calendar on the site's working days, with what a look at its dates shows.

    A plan that nobody asks about a site or a day of stays as it is.
    """
    site = site_of(options)
    as_of = day_of_option(getattr(options, "as_of", None), "--as-of")
    if site is not None:
        from regimen.placement import on_working_days

        calendar = on_working_days(calendar, site)
    if site is None and as_of is None and calendar.journal is None:
        return calendar
    from regimen.checks.dated import with_findings

    return with_findings(calendar, as_of)
