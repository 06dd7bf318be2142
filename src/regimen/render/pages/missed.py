"""What does a patient do about a missed dose? The protocol's own rule where it is safe to follow alone, else call."""

from __future__ import annotations

from collections.abc import Iterator

from regimen.facts import LatePolicy
from regimen.languages import Language
from regimen.render.pages.amounts import length_of
from regimen.timing import Span

_MINUTES = {"min": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}


def missed_rule(policy: LatePolicy | None, speaks: Language) -> Iterator[str]:
    """Sentences in the order in which they are read; what moves later doses is never left to a patient."""
    if policy is None:
        yield speaks.say("Ask your study team before you take a missed dose.")
    elif policy.within is not None and policy.policy == "keep" and policy.within.unit in _MINUTES:
        yield from _within(policy, policy.within, speaks)
    elif policy.within is None and policy.policy == "skip":
        yield speaks.say("Leave the missed dose out. Take the next dose on its usual day, at the usual time.")
    elif policy.within is None and policy.policy == "keep":
        yield speaks.say(
            "Take the missed dose as soon as you notice. The days of the next doses stay as they are. If it is already "
            "time for the next dose, ask your study team first."
        )
    else:
        yield speaks.say("Ask your study team before you take a missed dose.")


def _within(policy: LatePolicy, within: Span, speaks: Language) -> Iterator[str]:
    length = length_of(within.n * _MINUTES[within.unit], speaks)
    yield speaks.say("If you are late by no more than {length}: take the missed dose now.", length=length)
    if policy.beyond == "skip":
        yield speaks.say(
            "If you are late by more than {length}: leave the missed dose out. Take the next dose on its usual day, at "
            "the usual time.", length=length,
        )  # fmt: skip
    else:
        yield speaks.say(
            "If you are late by more than {length}: ask your study team before you take a missed dose.", length=length
        )
