"""What does `regimen show` say of the rules that count once something has happened?"""

from tests.journals import study_from

from regimen.render.described import described

EPOCH = """
    cycles: 42 d x1
    max_delay: {toxicity: 28 d, logistics: 7 d}
    doses:
      blinatumomab:
        dose: 28 mcg/day CIV
        when: days 1-28
        late: resume to total within 7 d, else restart
        levels: {minus-1: 9 mcg/day CIV}
        min_interval: 14 d
        working_days: next
        window: ±3 d
        window_from: planned
      dexamethasone:
        dose: 20 mg IV
        when: 1 h before dose of blinatumomab
        at_restart: {of: blinatumomab, before: 1 h, pause: 4 h}
"""


def test_rules_for_what_happens_are_said():
    """Late doses, levels, intervals, closed days, restarts and the longest delays stand with their item and epoch."""
    epoch = described(study_from(EPOCH)).epochs[0]
    infusion, dexamethasone = (item.details for item in epoch.items)
    assert ("Longest delay", "toxicity 28 days; logistics 7 days. Past it a person decides.") in epoch.facts
    for sentence in (
        "Late or missed: resume to total within 7 d, else restart.",
        "Dose levels: minus-1: 9 mcg/day as a continuous intravenous infusion.",
        "At least 14 days from one to the next.",
        "The window hangs on the planned day, whatever has moved it.",
        "On a closed day: moved to the next working day, inside its window only.",
    ):
        assert sentence in infusion
    assert "Once more 1 hour before each restart of blinatumomab, after a pause of 4 hours or more." in dexamethasone


def test_nothing_declared_is_nothing_said():
    """An item without such rules has no such sentences."""
    epoch = described(study_from("\n    doses:\n      drug: {dose: 1 mg PO, when: day 1}\n")).epochs[0]
    assert epoch.items[0].details == ("Moves with its epoch (by default).", "No source is named.")
