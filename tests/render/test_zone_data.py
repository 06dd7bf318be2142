"""Does a computer whose time-zone data differ from ours get a warning, and only such a computer?"""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import pytest

from regimen.errors import DatingError
from regimen.render.zone_data import machine_differs, zone_data_version

ZONE_FILES = files("tzdata").joinpath("zoneinfo")
WINTER = date(2027, 1, 1), date(2027, 2, 28)
HALF_A_YEAR = date(2027, 1, 1), date(2027, 6, 30)


def folder_with(path, key, content_of):
    """A folder of zone files in which one zone has the content of another."""
    file = path.joinpath("zones", *key.split("/"))
    file.parent.mkdir(parents=True)
    file.write_bytes(ZONE_FILES.joinpath(*content_of.split("/")).read_bytes())
    return path / "zones"


def test_version():
    """The version is the one that the data themselves state."""
    first_line = ZONE_FILES.joinpath("tzdata.zi").read_text().splitlines()[0]
    assert first_line == f"# version {zone_data_version()}"


def test_the_same_data(tmp_path):
    """The same data give no warning."""
    folder = folder_with(tmp_path, "Europe/Berlin", "Europe/Berlin")
    assert machine_differs("Europe/Berlin", date(1990, 1, 1), date(2040, 12, 31), [folder]) == ""


def test_no_data(tmp_path):
    """A computer without zone files, or without this zone, gets no warning."""
    folder = folder_with(tmp_path, "Europe/Berlin", "Europe/Berlin")
    assert machine_differs("Asia/Tokyo", *HALF_A_YEAR, [folder]) == ""
    assert machine_differs("Asia/Tokyo", *HALF_A_YEAR, []) == ""


def test_a_change_the_computer_does_not_know(tmp_path):
    """The sentence names the zone, both versions, the first moment that differs and both offsets."""
    folder = folder_with(tmp_path, "Europe/Berlin", "Africa/Algiers")
    (folder / "tzdata.zi").write_text("# version 2019c\n# ddeps\n")
    assert machine_differs("Europe/Berlin", *HALF_A_YEAR, [folder]) == (
        "This computer's time-zone data (2019c) differ from those used here "
        f"(tzdata {zone_data_version()}): on Sun 28 Mar 2027 01:00 UTC, Europe/Berlin is UTC+01:00 by the computer "
        "and UTC+02:00 here. Other programs on it may show other times than the file means; "
        "bring the older data up to date (pip install --upgrade tzdata, or the system's updates)."
    )


def test_a_change_only_the_computer_knows(tmp_path):
    """So it is the other way round, with a version stated as on a Mac, or nowhere."""
    folder = folder_with(tmp_path, "Africa/Algiers", "Europe/Berlin")
    assert "data differ" in machine_differs("Africa/Algiers", *HALF_A_YEAR, [folder])
    (folder / "+VERSION").write_text("2031a\n")
    sentence = machine_differs("Africa/Algiers", *HALF_A_YEAR, [folder])
    assert "data (2031a) differ" in sentence
    assert "Africa/Algiers is UTC+02:00 by the computer and UTC+01:00 here" in sentence


def test_only_the_span_counts(tmp_path):
    """What differs outside the span, from the day before to the day after, gives no warning."""
    folder = folder_with(tmp_path, "Europe/Berlin", "Africa/Algiers")
    assert machine_differs("Europe/Berlin", *WINTER, [folder]) == ""
    assert machine_differs("Europe/Berlin", date(2027, 1, 1), date(2027, 3, 26), [folder]) == ""
    assert machine_differs("Europe/Berlin", date(2027, 1, 1), date(2027, 3, 27), [folder]) != ""
    assert machine_differs("Europe/Berlin", date(2027, 11, 2), date(2027, 12, 31), [folder]) == ""
    assert machine_differs("Europe/Berlin", date(9999, 12, 31), date(9999, 12, 31), [folder]) == ""


def test_a_difference_from_the_first_day(tmp_path):
    """Offsets that differ all the time are reported from the day before the first."""
    folder = folder_with(tmp_path, "Asia/Kolkata", "Asia/Kathmandu")
    sentence = machine_differs("Asia/Kolkata", *WINTER, [folder])
    assert "on Thu 31 Dec 2026 00:00 (start of day) UTC, Asia/Kolkata is UTC+05:45 by the computer" in sentence
    assert "and UTC+05:30 here" in sentence
    assert machine_differs("Asia/Kolkata", date.min, date.min, [folder])


def test_other_names_of_the_same_offset(tmp_path):
    """Only offsets count, not what the computer calls them."""
    folder = folder_with(tmp_path, "Europe/Lisbon", "Europe/London")
    assert machine_differs("Europe/Lisbon", *HALF_A_YEAR, [folder]) == ""


def test_the_first_folder_counts(tmp_path):
    """Of several folders the first that knows the zone is asked, as Python does."""
    other = folder_with(tmp_path / "a", "Europe/Berlin", "Africa/Algiers")
    same = folder_with(tmp_path / "b", "Europe/Berlin", "Europe/Berlin")
    assert machine_differs("Europe/Berlin", *HALF_A_YEAR, [tmp_path / "none", same, other]) == ""
    assert machine_differs("Europe/Berlin", *HALF_A_YEAR, [tmp_path / "none", other, same]) != ""


@pytest.mark.parametrize(
    "content", [b"", b"junk", b"TZif2", ZONE_FILES.joinpath("Europe", "Berlin").read_bytes()[:300]]
)
def test_data_that_cannot_be_read(tmp_path, content):
    """A damaged zone file is said to be so, with its name; nothing was compared."""
    folder = folder_with(tmp_path, "Europe/Berlin", "Europe/Berlin")
    (folder / "Europe" / "Berlin").write_bytes(content)
    sentence = machine_differs("Europe/Berlin", *WINTER, [folder])
    assert "Europe/Berlin cannot be read" in sentence
    assert str(folder / "Europe" / "Berlin") in sentence


def test_this_computer():
    """By default the folders are those of this computer, which may or may not agree."""
    sentence = machine_differs("Europe/Berlin", date(2020, 1, 1), date(2021, 12, 31))
    assert sentence == "" or "Europe/Berlin" in sentence


@pytest.mark.parametrize("key", ["Europe/Nowhere", "../zones/Europe/Berlin", ""])
def test_no_such_zone(tmp_path, key):
    """A zone that does not exist is refused, whatever files there are."""
    with pytest.raises(DatingError, match="no time zone"):
        machine_differs(key, *WINTER, [tmp_path])
