"""Does a program that subscribes to our file show each event once, also after it was moved, dropped or renamed?"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace

import pytest
from tests.golden.trials import PROFILES, SECRET, SUBJECT
from tests.readers import versions
from tests.readers.corpus import CORPUS, in_words
from tests.readers.installed import SERVERS, TIME_LIMIT, read
from tests.readers.serving import files_over_http
from tests.render.samples import calendar, event, lupus

from regimen.render.ics import Options, as_ics, entries_of, previous_of, uid_of
from regimen.render.ics.entry import FIRST_REVISION

pytestmark = pytest.mark.slow
PUBLISHED = "appointments.ics"


class Subscriber:
    """vdirsyncer, subscribed over http to a folder's file, and what it then has, without UIDs.

    It gives every event a name of its own, made from all that the event says apart from its UID and its time stamps.
    So UIDs cannot be compared here, and two events that say the very same are one to it.
    """

    def __init__(self, folder, address):
        self.published, self.items, self.config = folder / PUBLISHED, folder / "items", folder / "config"
        self.items.mkdir()
        sections = {
            "general": {"status_path": str(folder / "status")},
            "pair study": {"a": "published", "b": "items", "collections": None},
            "storage published": {"type": "http", "url": f"{address}/{PUBLISHED}"},
            "storage items": {"type": "filesystem", "path": str(self.items), "fileext": ".ics"},
        }
        lines = [
            line
            for name, values in sections.items()
            for line in (f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()))
        ]
        self.config.write_text("\n".join(lines), encoding="utf-8")
        self._run("discover")

    def sync(self, content):
        """The file is published and fetched; what the program then has, in order."""
        self.published.write_bytes(content)
        self._run("sync")
        return sorted(row[1:] for (row,) in read("libical", *self.items.iterdir()))

    def _run(self, verb):
        done = subprocess.run(
            [*SERVERS["vdirsyncer"][1], "-c", str(self.config), verb],
            env={**os.environ, "NO_PROXY": "*", "no_proxy": "*"},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIME_LIMIT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


@pytest.fixture
def subscriber(tmp_path, needs):
    needs("vdirsyncer", "libical")
    with files_over_http(tmp_path) as address:
        yield Subscriber(tmp_path, address)


def said(rows):
    """Rows without UIDs, in order."""
    return sorted(row[1:] for row in rows)


def entries_to_it(one, options):
    """The entries without what it passes over, those that are then the same as one: a name, a time stamp."""
    stripped = {replace(entry, uid="", revised=FIRST_REVISION) for entry in entries_of(one, options)}
    return sorted((in_words(e.start), in_words(e.end), e.summary, e.status) for e in stripped)


@pytest.mark.parametrize("name", CORPUS)
def test_shows_what_is_meant(name, subscriber):
    """A first sync brings every event, on its days or at its times, with its title and status."""
    sheet = CORPUS[name]
    assert subscriber.sync(sheet.content()) == entries_to_it(sheet.make(), sheet.options)


def test_like_events_are_one_to_it(subscriber):
    """Two events of a day that say the very same have two UIDs, and the program all the same shows them once."""
    twins = calendar([event("one"), event("other")])
    assert len(entries_of(twins)) == 2
    assert subscriber.sync(as_ics(twins)) == [("2027-01-04", "2027-01-05", "Treatment day", "CONFIRMED")]


@pytest.mark.parametrize("profile", PROFILES)
def test_three_versions(profile, subscriber):
    """Through two updates each event is there once: the moved one where it is now, the dropped one first cancelled."""
    options = Options(profile=profile, subject=SUBJECT, secret=SECRET)
    shown = [subscriber.sync(content) for content in versions.files(options)]
    assert shown == [said(versions.rows(number, options)) for number in range(3)]
    moved, dropped = (title_of(one, options) for one in (versions.MOVED, versions.DROPPED))
    for number, rows in enumerate(shown):
        days = [start for start, _, title, _ in rows if title == moved]
        assert versions.MOVED_TO[number].isoformat() in days
        assert {day.isoformat() for day in versions.MOVED_TO} & set(days) == {versions.MOVED_TO[number].isoformat()}
        states = [(title, state) for start, _, title, state in rows if start == versions.DROPPED_ON.isoformat()]
        assert states == [[(dropped, "CONFIRMED")], [(f"Cancelled: {dropped}", "CANCELLED")], []][number]


def title_of(event_id, options):
    (title,) = (
        e.summary for e in entries_of(lupus(), options) if e.uid == uid_of(event_id, lupus().study, SUBJECT, SECRET)
    )
    return title


def test_same_file_again(subscriber):
    """A file that has not changed changes nothing: the program writes no item anew."""
    options = Options(profile="full", subject=SUBJECT, secret=SECRET)
    *_, third = versions.files(options)
    subscriber.sync(third)
    before = {path: path.stat().st_mtime_ns for path in subscriber.items.iterdir()}
    again = as_ics(versions.versions()[2], options, previous_of([("third.ics", third)]))
    assert again == third
    subscriber.sync(again)
    assert {path: path.stat().st_mtime_ns for path in subscriber.items.iterdir()} == before
