"""Which options do several verbs share, and what does the help of every verb look like?"""

from __future__ import annotations

import argparse

from regimen.cli.sites import add_site

FOOT = "Planning aid, not a medical device: verify every date against the protocol."
TRIAL = "a name from `regimen list`, or the path of a definition file"

Commands = argparse._SubParsersAction  # the type argparse gives no public name


class Once(argparse.Action):
    """Stores one value; given twice, it is refused, as nobody can tell which of the two is meant."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object,
        option_string: str | None = None,
    ) -> None:  # fmt: skip
        """Store the value; an argument without a name is never given twice."""
        given = namespace.__dict__.setdefault("given_once", set())
        if option_string is not None and self.dest in given:
            parser.error(f"{option_string} is given twice; leave one of them out")
        given.add(self.dest)
        setattr(namespace, self.dest, values)


def add_verb(commands: Commands, name: str, call: object, about: str, example: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    """A verb with its help, a real example, and what it calls."""
    verb: argparse.ArgumentParser = commands.add_parser(
        name, help=about, description=about[:1].upper() + about[1:] + ".", epilog=f"example:\n  {example}\n\n{FOOT}",
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    verb.register("action", None, Once)
    verb.register("action", "store", Once)
    verb.set_defaults(call=call)
    return verb


def add_subject(verb: argparse.ArgumentParser) -> None:
    """The trial, how one subject is dated, and when the site is open."""
    verb.add_argument("trial", metavar="TRIAL", help=TRIAL)
    add_dating(verb)
    add_site(verb)


def add_dating(verb: argparse.ArgumentParser) -> None:
    """How one subject is dated: anchors, arm, decisions, assumptions, and how far."""
    verb.add_argument(
        "--on", action="append", default=[], metavar="ANCHOR=DATE", help="the date of an anchor; repeatable"
    )
    verb.add_argument("--arm", help="which arm, where there are several")
    verb.add_argument("--decide", action="append", default=[], metavar="NAME=ANSWER", help="answer a decision")
    verb.add_argument("--assume", action="append", default=[], metavar="NAME", help="opt into a named assumption")
    add_expansion(verb)


def add_language(verb: argparse.ArgumentParser) -> None:
    """In which language patients read it."""
    verb.add_argument(
        "--language",
        metavar="CODE",
        default="en",
        help="en (if left out), de, es, fr or zh-Hans; doses are never translated",
    )


def add_expansion(verb: argparse.ArgumentParser) -> None:
    """How far and in which zone rules are expanded."""
    verb.add_argument("--horizon", metavar="LENGTH", help='how far open ends are shown, such as "24 mo"')
    verb.add_argument("--tz", metavar="ZONE", help="the time zone of clock times, such as Europe/Berlin")
    verb.add_argument("--limit", type=_limit, metavar="N", help="the largest number of events (100,000 if left out)")


def _limit(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 10_000_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 10000000")
    return int(text)
