"""Does a CalDAV server take our files and give every event back as it was, also changed, and when asked by dates?"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from tests.golden.trials import PROFILES, SECRET, SUBJECT
from tests.readers import versions
from tests.readers.corpus import CORPUS, Sheet, clock_changes
from tests.readers.installed import read
from tests.readers.serving import radicale

from regimen.render.ics import Options

pytestmark = pytest.mark.slow
HOME, COLLECTION = "/somebody/", "/somebody/calendar/"
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def server(tmp_path, needs):
    needs("radicale", "ical", "libical")
    with radicale(tmp_path) as connection:
        asked(connection, "MKCOL", HOME)
        yield connection


def asked(connection, method, path, body=b"", kind="text/calendar"):
    connection.request(method, path, body, {"Content-Type": f"{kind}; charset=utf-8", "Depth": "1"})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status < 300, f"{method} {path}: {answer.status} {content.decode()}"
    return content


def given_back(server, content, tmp_path):
    """What the server has after a whole file was put there."""
    asked(server, "PUT", COLLECTION, content)
    path = tmp_path / "back.ics"
    path.write_bytes(asked(server, "GET", COLLECTION))
    return path


@pytest.mark.parametrize("name", CORPUS)
def test_gives_back_what_was_put(name, server, tmp_path):
    """A whole file that is put there comes back with the same events.

    It is read by a program that goes by the zones' names: the server does not keep the file's time zones.
    """
    (found,) = read("ical", given_back(server, CORPUS[name].content(), tmp_path))
    assert found == CORPUS[name].rows()


def test_server_writes_time_zones_anew(server, tmp_path):
    """The server puts other time zones in the place of ours; by those some times within two hours of a change move."""
    events = tuple(event for event in clock_changes() if str(event.start.tzinfo) == "Europe/Dublin")
    sheet = Sheet(lambda: replace(clock_changes(), events=events), Options(profile="full"))
    content, rows = sheet.content(), sheet.rows()
    path = given_back(server, content, tmp_path)
    assert zones_in(path.read_bytes()) != zones_in(content)
    (found,) = read("libical", path)
    moved = [(row, meant) for row, meant in zip(found, rows, strict=True) if row != meant]
    assert 0 < len(moved) < len(rows) / 20
    assert all(hours_apart(row, meant) <= TWO_HOURS for row, meant in moved)


def zones_in(content):
    return sorted(re.findall(rb"BEGIN:VTIMEZONE.*?END:VTIMEZONE", content.replace(b"\r\n", b"\n"), re.DOTALL))


def hours_apart(row, meant):
    pairs = ((row.start, meant.start), (row.end, meant.end))
    return max(abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) for one, other in pairs)


@pytest.mark.parametrize("profile", PROFILES)
def test_three_versions(profile, server, tmp_path):
    """Put one after the other, each version takes the place of the one before, under the same UIDs."""
    options = Options(profile=profile, subject=SUBJECT, secret=SECRET)
    for number, content in enumerate(versions.files(options)):
        (found,) = read("libical", given_back(server, content, tmp_path))
        assert found == versions.rows(number, options)


QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
  <D:prop><C:calendar-data/></D:prop>
  <C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
    <C:time-range start="{start}" end="{end}"/>
  </C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


@pytest.mark.parametrize("name", ["belimumab-sle-full", "blinatumomab-mrd-discreet", "every-choice"])
def test_answers_by_dates(name, server):
    """Asked for the events of each week, the server names just those that our calendar has in that week."""
    rows = CORPUS[name].rows()
    asked(server, "PUT", COLLECTION, CORPUS[name].content())
    first = min(moment_of(row.start) for row in rows)
    for week in range(-1, 14):
        start = first + week * timedelta(weeks=1)
        end = start + timedelta(weeks=1)
        meant = {row.uid for row in rows if moment_of(row.start) < end and moment_of(row.end) > start}
        assert uids_between(server, start, end) == meant


def moment_of(text):
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def uids_between(server, start, end):
    query = QUERY.format(start=f"{start:%Y%m%dT%H%M%SZ}", end=f"{end:%Y%m%dT%H%M%SZ}")
    answer = ElementTree.fromstring(asked(server, "REPORT", COLLECTION, query.encode(), "application/xml"))
    items = [data.text for data in answer.iter("{urn:ietf:params:xml:ns:caldav}calendar-data")]
    return {
        line.strip().removeprefix("UID:") for item in items for line in item.splitlines() if line.startswith("UID:")
    }
