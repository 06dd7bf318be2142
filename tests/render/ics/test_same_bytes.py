"""Is the file the same to the byte, whoever makes it, where and when?"""

from __future__ import annotations

import hashlib

from tests.commands import process
from tests.render.samples import everything

from regimen.render.ics import as_ics

PROGRAM = """
import hashlib
from datetime import time
from tests.render.samples import BERLIN, everything, infusion, calendar
from regimen.render.ics import Options, as_ics, previous_of
from regimen.timing import Span

one = everything()
asked = Options(profile="full", at=time(9), zone=BERLIN, alarm=Span(1, "d"), bags=True, bag_length=Span(48, "h"))
first = as_ics(one, asked)
moved = as_ics(calendar(one.events[1:], study=one.study), asked, previous_of([("old.ics", first)]))
for content in (as_ics(one), first, moved, as_ics(one, Options(rrule=True, subject="7", secret=b"0123456789abcdef"))):
    print(hashlib.sha256(content).hexdigest())
"""
PLACES = (
    {"TZ": "Pacific/Auckland", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "PYTHONUTF8": "0"},
)


def test_two_processes():
    """Processes with another time zone, language and hash seed give the same bytes: first, changed, with options."""
    runs = [process(code=PROGRAM, env=place) for place in PLACES]
    assert [run.stderr for run in runs] == [b"", b""]
    first, second = (run.stdout.split() for run in runs)
    assert first == second
    assert len(set(first)) == 4
    assert first[0].decode() == hashlib.sha256(as_ics(everything())).hexdigest()
