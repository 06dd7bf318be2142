"""What can a coordinator write down? ``regimen record``, with a word for each kind of fact."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from regimen.cli import recording

Words = argparse._SubParsersAction  # the type argparse gives no public name

_FOOT = "Planning aid, not a medical device: verify every date against the protocol."
_JOURNAL = "the subject's journal, such as s001.jsonl"


@dataclass(frozen=True, slots=True)
class _Word:
    """One kind of fact as it is typed: what it means, what it is about, the name of its date, its other options."""

    about: str
    target: str = ""
    """The name of the positional argument; empty for none."""
    help: str = ""
    day: str = "--on"
    options: tuple[str, ...] = ()


_EVENT = "the event's id, or a drug's or visit's key if --on says which one"
_WORDS: dict[str, _Word] = {
    "given": _Word("a dose was given", "DOSE", _EVENT, options=("amount", "level", "cause", "then")),
    "done": _Word("a visit or procedure took place", "VISIT", _EVENT, options=("cause", "then")),
    "missed": _Word("something planned did not take place", "EVENT", _EVENT, options=("cause", "then")),
    "skipped": _Word("something planned will not take place", "EVENT", _EVENT, options=("cause", "then")),
    "moved": _Word("something planned was moved within its window", "EVENT", "the event's id", "--to",
                   ("cause", "then")),
    "delayed": _Word("a cycle, an epoch or an event is delayed", "SCOPE",
                     "a cycle such as treatment/c3, an epoch, or an event's id", "--to", ("cause", "then")),
    "held": _Word("doses are on hold", "SCOPE", "a drug, an epoch, a cycle, or all", "--from", ("cause",)),
    "restarted": _Word("doses on hold are started again", "SCOPE", "what was put on hold", "--on",
                       ("level", "amount", "then")),
    "reduced": _Word("the dose is changed from a day on", "DRUG", "the drug's key", "--from",
                     ("amount", "level", "cause")),
    "discontinued": _Word("treatment was stopped for good", "SCOPE", "a drug, an epoch, or all",
                          "--on", ("cause",)),
    "withdrawn": _Word("the subject left the study"),
    "visit": _Word("an unscheduled visit was added", "NAME", 'its name, such as "toxicity check"'),
}  # fmt: skip
_HELP = {
    "amount": ("AMOUNT", 'how much, such as "700 mg"'),
    "level": ("LEVEL", "the dose level from now on, as the protocol names it"),
    "cause": ("CAUSE", "why it is late: logistics, toxicity or other"),
    "then": ("POLICY", "what becomes of the doses after it: skip, keep, shift, resume, restart or ask"),
}


def add_record(commands: Words) -> None:  # type: ignore[type-arg]
    """The verb ``record`` with a word for each kind of fact."""
    verb = commands.add_parser(
        "record", help="write down what happened to a subject, as a line of a journal",
        description="Write down what happened to a subject, as a line of a journal. Lines are only ever added.",
        epilog='example:\n  regimen record s001.jsonl open belimumab-sle --subject 001 --by "A. Nurse"\n\n' + _FOOT,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    verb.add_argument("journal", metavar="JOURNAL", help=_JOURNAL)
    words = verb.add_subparsers(
        dest="word", metavar="WHAT", required=True, help="what happened; WHAT --help tells more"
    )
    _add_open(words)
    _add_anchor(words)
    _add_decision(words)
    for name, word in _WORDS.items():
        _add_word(words, name, word)
    _add_correct(words)


def _parser(words: Words, name: str, about: str, call: object) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    word: argparse.ArgumentParser = words.add_parser(
        name, help=about, description=about[:1].upper() + about[1:] + ".", epilog=_FOOT, allow_abbrev=False
    )
    word.set_defaults(call=call)
    word.add_argument("--by", required=True, metavar="WHO", help="who records it: name or initials")
    word.add_argument("--why", default="", metavar="REASON", help="the reason, in a few words")
    word.add_argument("--unchecked", action="store_true", help="record it even if it does not fit the plan")
    return word


def _add_open(words: Words) -> None:  # type: ignore[type-arg]
    word = _parser(words, "open", "begin the journal of a subject", recording.record_opening)
    word.add_argument("trial", metavar="TRIAL", help="a name from `regimen list`, or the path of a definition file")
    word.add_argument("--subject", required=True, metavar="KEY", help="the subject's code, such as 001; never a name")
    word.add_argument("--arm", help="which arm, where there are several")
    word.add_argument("--assume", action="append", default=[], metavar="NAME", help="opt into a named assumption")
    word.add_argument("--tz", default="", metavar="ZONE", help="the time zone of clock times, such as Europe/Berlin")
    word.add_argument("--horizon", default="", metavar="LENGTH", help='how far open ends are shown, such as "24 mo"')


def _add_anchor(words: Words) -> None:  # type: ignore[type-arg]
    word = _parser(words, "anchor", "the date of an anchor became known", recording.record_fact)
    word.add_argument("target", metavar="ANCHOR", help="the anchor's key, such as first_dose")
    word.add_argument("on", metavar="DATE", help="its date, such as 2027-01-04")


def _add_decision(words: Words) -> None:  # type: ignore[type-arg]
    word = _parser(words, "decision", "a question of the protocol was decided", recording.record_fact)
    word.add_argument("target", metavar="NAME", help="the decision's key, such as transplant")
    word.add_argument("answer", metavar="ANSWER", help="one of its answers, such as no")
    word.add_argument("--on", default="", metavar="DATE", help="when it was decided")


def _add_word(words: Words, name: str, word: _Word) -> None:  # type: ignore[type-arg]
    parser = _parser(words, name, word.about, recording.record_fact)
    if word.target:
        parser.add_argument("target", metavar=word.target, help=word.help)
    names = dict.fromkeys((word.day, "--on"))
    parser.add_argument(*names, dest="on", default="", metavar="DATE",
                        help="the day, such as 2027-01-20, or with a time 2027-01-20T10:00")  # fmt: skip
    for option in word.options:
        metavar, about = _HELP[option]
        parser.add_argument(f"--{option}", default="", metavar=metavar, help=about)


def _add_correct(words: Words) -> None:  # type: ignore[type-arg]
    word = _parser(
        words,
        "correct",
        "correct or strike out an earlier line, which stays in the journal",
        recording.record_correction,
    )
    word.add_argument("corrects", type=_line_number, metavar="LINE", help="the number of the line to correct")
    word.add_argument("--strike", action="store_true", help="it never happened: nothing takes its place")
    word.add_argument(
        "--restore", action="store_true", help="LINE is a wrong correction: what held before it holds again"
    )
    word.add_argument("--target", metavar="ID", help="what it is about")
    word.add_argument("--on", "--to", "--from", dest="on", metavar="DATE", help='the right date; "" for none')
    word.add_argument("--answer", metavar="ANSWER", help="the right answer")
    for option, (metavar, about) in _HELP.items():
        word.add_argument(f"--{option}", metavar=metavar, help=f'{about}; "" for none')
    word.add_argument(
        "--reason", metavar="REASON", help="the right reason of the fact itself; --why says why it is corrected"
    )


def _line_number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of a line; see regimen journal show")
    return int(text)
