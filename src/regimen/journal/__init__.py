"""What happened to one subject? The door to the journal: open it, append facts, read them back, verify it.

A journal is a file with one fact on each line, in the order they were recorded. Lines are only ever added.
"""

from regimen.facts import effective
from regimen.journal.known import Known, known_targets
from regimen.journal.reading import Verification, examine, read_journal, verify
from regimen.journal.targets import settled
from regimen.journal.terms import Examined, Journal, Opening, latest_of, place_of
from regimen.journal.writing import Repair, append, open_journal, repair

__all__ = [
    "Examined",
    "Journal",
    "Known",
    "Opening",
    "Repair",
    "Verification",
    "append",
    "effective",
    "examine",
    "known_targets",
    "latest_of",
    "open_journal",
    "place_of",
    "read_journal",
    "repair",
    "settled",
    "verify",
]
