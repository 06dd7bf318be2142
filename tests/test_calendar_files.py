"""What does `regimen ics` say and write? Options, refusals that leave the old file, notes, keys, updates, parts."""

from __future__ import annotations

import os
import re
import stat
from datetime import UTC, datetime

import pytest
from tests.commands import process, typed
from tests.render.ics.files import events_in, lines_of, titles

SLE = ("ics", "belimumab-sle", "--on", "first_dose=2027-01-04")
MOVED = ("ics", "belimumab-sle", "--on", "first_dose=2027-01-05")
MRD = ("ics", "blinatumomab-mrd", "--on", "first_dose=2026-03-02T10:00", "--tz", "Europe/Berlin")


@pytest.fixture
def there(tmp_path, monkeypatch):
    """A folder to work in, as a newcomer would."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def done(*arguments):
    """The words of a command that must work."""
    answer = typed(*arguments)
    assert answer.code == 0, answer.err
    return answer.err


def refused(*arguments):
    """The words of a command that must be refused."""
    answer = typed(*arguments)
    assert (answer.code, answer.out) == (1, ""), answer
    assert answer.err.startswith("regimen:")
    return answer.err


# ---------------------------------------------------------------- notes


def test_what_a_first_export_says(there):
    """Without key and subject a note says what that means for each; the last line names the file."""
    said = done(*SLE, "-o", "a.ics").splitlines()
    assert [line.partition(" ")[0] for line in said] == ["Note:", "Note:", "wrote"]
    assert "without --key the identities of entries can be guessed" in said[0]
    assert "without --subject the calendars of two subjects" in said[1]


def test_nothing_to_say(there):
    """With key and subject there is nothing to note."""
    done("key", "-o", "k")
    assert done(*SLE, "-o", "a.ics", "--key", "k", "--subject", "0017") == "wrote a.ics\n"


def test_full_is_warned_of(there):
    """The full profile is a choice with a warning."""
    assert "whoever sees this calendar can read drug, dose and study" in done(*SLE, "-o", "a.ics", "--profile", "full")
    assert titles((there / "a.ics").read_bytes())[1] == "Day 0 belimumab 10 mg/kg IV"


def test_what_is_not_in_the_file_is_said(there):
    """Events that wait for a date, and values that are assumed, are said with their number."""
    said = done(*MRD, "-o", "a.ics")
    assert "Note: 7 events waiting for retreatment_start left out. Give its date: --on retreatment_start=YYYY" in said
    assert "with a value that is assumed or not stated; regimen calendar says which." in said


def test_decided_only(there):
    """--decided-only says how many events it leaves out."""
    said = done(*MRD, "-o", "a.ics", "--decided-only")
    number = int(re.search(r"Note: (\d+) events left out, because a decision is open\.", said)[1])
    assert number > 0
    assert b"TENTATIVE" not in (there / "a.ics").read_bytes()


def test_an_old_file_that_is_not_compared_with(there):
    """A file is not replaced without --previous, which is said with the option to give; the same bytes again are."""
    done(*SLE, "-o", "a.ics")
    old = (there / "a.ics").read_bytes()
    assert "--previous" not in done(*SLE, "-o", "a.ics")
    said = refused(*MOVED, "-o", "a.ics")
    assert "a.ics would be replaced without being compared" in said
    assert "Add --previous a.ics" in said
    assert (there / "a.ics").read_bytes() == old


@pytest.mark.parametrize("previous", [(), ("--previous", "b.ics")])
def test_a_file_that_is_not_ours(there, previous):
    """A calendar file that another program made is never replaced."""
    done(*SLE, "-o", "b.ics")
    (there / "a.ics").write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//X//Y//EN\r\nEND:VCALENDAR\r\n")
    said = refused(*SLE, "-o", "a.ics", *previous)
    assert "a.ics is not a regimen calendar file; choose another name" in said
    assert b"//X//Y//" in (there / "a.ics").read_bytes()


def test_an_output_later_than_the_previous_file(there):
    """An older file given as --previous does not bring the output back to a number that programs have seen."""
    done(*SLE, "-o", "a.ics")
    done(*MOVED, "-o", "b.ics", "--previous", "a.ics")
    done("ics", "belimumab-sle", "--on", "first_dose=2027-01-06", "-o", "b.ics", "--previous", "b.ics")
    said = refused("ics", "belimumab-sle", "--on", "first_dose=2027-01-07", "-o", "b.ics", "--previous", "a.ics")
    assert "b.ics is revision 2, and the --previous file is revision 0" in said


def test_each_previous_file_is_asked(there):
    """A stranger's file in the company of our own is refused by its name; its entries are not cancelled as ours."""
    done(*SLE, "-o", "a.ics", "--subject", "0017")
    done(*SLE, "-o", "b.ics", "--subject", "0018")
    said = refused(*SLE, "-o", "a.ics", "--subject", "0017", "--previous", "a.ics", "--previous", "b.ics")
    assert "The previous file (b.ics) has no event in common with this calendar" in said


def test_a_part_that_is_not_compared_with(there):
    """With --split and --previous, each part of the earlier export must be given."""
    cll = ("ics", "belimumab-cll", "--on", "venetoclax_day_1=2026-01-05", "-o", "a.ics", "--split")
    done(*cll)
    said = refused(*cll, "--previous", "a-2026.ics", "--previous", "a-2027.ics")
    assert "a-2028.ics is a part of an earlier export and not among --previous" in said


def test_the_subject_key_has_no_white_space_around_it(there):
    """A blank typed beside a subject's key makes no other identities; nor does the mark before a key file's text."""
    (there / "k").write_text("0123456789abcdef", encoding="utf-8")
    (there / "m").write_text("0123456789abcdef\r\n", encoding="utf-8-sig")
    done(*SLE, "-o", "a.ics", "--subject", "0017", "--key", "k")
    done(*SLE, "-o", "b.ics", "--subject", " 0017 ", "--key", "m")
    assert (there / "a.ics").read_bytes() == (there / "b.ics").read_bytes()


@pytest.mark.parametrize(
    ("line", "instead", "sentence"),
    [
        (rb"X-REGIMEN-REVISION:0", b"X-REGIMEN-REVISION:" + b"9" * 20, "is no number of an export"),
        (rb"SEQUENCE:0", b"SEQUENCE:0\r\nRRULE:FREQ=DAILY;UNTIL=20270301", "is not FREQ, COUNT and INTERVAL"),
    ],
)
def test_a_previous_file_that_was_changed_by_hand(there, line, instead, sentence):
    """A revision of 20 digits, or a repeat that we never write, is refused in words."""
    done(*SLE, "-o", "a.ics")
    (there / "b.ics").write_bytes((there / "a.ics").read_bytes().replace(line, instead, 1))
    assert sentence in refused(*SLE, "-o", "c.ics", "--previous", "b.ics")


# ---------------------------------------------------------------- updates


def test_three_versions(there):
    """--previous may be the file itself: moved entries rise, unchanged exports stay the same bytes."""
    done(*SLE, "-o", "a.ics")
    first = (there / "a.ics").read_bytes()
    assert "Nothing has changed since revision 0" in done(*SLE, "-o", "a.ics", "--previous", "a.ics")
    assert (there / "a.ics").read_bytes() == first
    assert "Revision 1: 23 entries, of them 23 moved" in done(*MOVED, "-o", "a.ics", "--previous", "a.ics")
    second = events_in((there / "a.ics").read_bytes())
    assert {str(e["UID"]) for e in second} == {str(e["UID"]) for e in events_in(first)}
    assert {int(e["SEQUENCE"]) for e in second} == {1}


def test_a_later_revision_is_not_begun_again(there):
    """A file that is a later revision is not replaced by a first one: programs would ignore what changed."""
    done(*SLE, "-o", "a.ics")
    done(*MOVED, "-o", "a.ics", "--previous", "a.ics")
    old = (there / "a.ics").read_bytes()
    said = refused(*SLE, "-o", "a.ics")
    assert "a.ics is revision 1 and would begin again at 0" in said
    assert "Add --previous a.ics" in said
    assert (there / "a.ics").read_bytes() == old


def test_revised(there):
    """--revised gives the stamp of what changed."""
    done(*SLE, "-o", "a.ics", "--revised", "2027-01-04T10:00:00+01:00")
    stamps = {e.decoded("DTSTAMP") for e in events_in((there / "a.ics").read_bytes())}
    assert stamps == {datetime(2027, 1, 4, 9, tzinfo=UTC)}


def test_parts_and_their_next_version(there):
    """--split writes a file for each year, and each is given as --previous for the next."""
    cll = ("ics", "belimumab-cll", "--on", "venetoclax_day_1=2026-01-05", "-o", "a.ics", "--split")
    said = done(*cll)
    assert said.splitlines()[-3:] == [f"wrote a-{year}.ics" for year in (2026, 2027, 2028)]
    assert not (there / "a.ics").exists()
    olds = [option for year in (2026, 2027, 2028) for option in ("--previous", f"a-{year}.ics")]
    assert "Nothing has changed since revision 0" in done(*cll, *olds)
    assert "different exports" not in done(*cll[:3], "venetoclax_day_1=2026-01-12", *cll[4:], *olds)


def test_a_part_that_is_no_longer_written(there):
    """When a year has no entries any more, its old file is named."""
    done("ics", "belimumab-sle", "--on", "first_dose=2027-02-01", "-o", "a.ics", "--split")
    done("ics", "belimumab-sle", "--on", "first_dose=2026-12-28", "-o", "b.ics", "--split")
    olds = ("--previous", "b-2026.ics", "--previous", "b-2027.ics")
    said = done("ics", "belimumab-sle", "--on", "first_dose=2027-01-04", "-o", "b.ics", "--split", *olds)
    assert "b-2026.ics is not written any more; take it away where it was imported" in said


# ---------------------------------------------------------------- options


def test_times_alarms_bags_and_repeats(there):
    """--at, --alarm, --bags and --rrule do what their help says, together."""
    done(*SLE, "-o", "a.ics", "--at", "9:00", "--tz", "Europe/Berlin", "--alarm", "1d", "--as-of", "2027-03-01")
    lines = lines_of((there / "a.ics").read_bytes())
    assert "DTSTART;TZID=Europe/Berlin:20270104T090000" in lines
    assert lines.count("TRIGGER:-P1D") == 5
    assert lines.count("TRIGGER:-PT15H") == 11
    said = done(*MRD, "-o", "b.ics", "--bags", "7d", "--rrule")
    assert "written as" in said
    assert "Treatment change (may not take place)" in titles((there / "b.ics").read_bytes())
    assert "No bag changes are shown for 9 infusions of blinatumomab: no bag length is stated" in done(
        *MRD, "-o", "c.ics", "--bags"
    )


@pytest.mark.parametrize(
    ("options", "sentences"),
    [
        (("--at", "09:00"), ("A clock time for visits (09:00) needs the zone", "(--tz)")),
        (("--at", "25:00", "--tz", "Europe/Berlin"), ("--at '25:00' is not a time of day", "--at 09:00")),
        (("--at", "9am", "--tz", "Europe/Berlin"), ("--at '9am' is not a time of day",)),
        (("--at", "00:00", "--tz", "Europe/Berlin"), ("00:00 belongs to one day and ends another",)),
        (("--tz", "Europe/Atlantis"), ("there is no time zone 'Europe/Atlantis'", "Europe/Berlin")),
        (("--alarm", "soon"), ("--alarm 'soon' is not a length of time", "1d, 2h or 30min")),
        (("--alarm", "1mo"), ("give days, hours or minutes: 1d, 2h, 30min",)),
        (("--alarm", "500d"), ("more than a year early",)),
        (("--bags", "big"), ("--bags 'big' is not a length of time", "--bags 96h")),
        (("--bags", "1mo"), ("A bag of 1 mo has no fixed length in hours",)),
        (("--as-of", "soon"), ("'soon' is not a date",)),
        (("--revised", "2027-01-04"), ("has no time zone", "+01:00")),
        (("--revised", "0001-01-01T00:00+10:00"), ("before the first or after the last year",)),
        (("--revised", "now"), ("--revised 'now' is not a time",)),
        (("--key", "none.key"), ("the key file none.key cannot be read", "regimen key -o")),
        (("--previous", "none.ics"), ("none.ics cannot be read", "the file of the last export")),
        (("--previous", "half.ics"), ("half.ics cannot be compared with: it is not whole",)),
        (("--previous", "other.ics"), ("other.ics cannot be compared with: it was made by another program",)),
        (("--at", "02:30", "--tz", "Europe/London", "--on", "first_dose=2027-03-28"), ("gives first_dose twice",)),
    ],
)
def test_bad_input_leaves_the_old_file(there, options, sentences):
    """What cannot be followed is said with what to do, and the old file is not touched."""
    (there / "a.ics").write_bytes(b"old")
    (there / "half.ics").write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n")
    (there / "other.ics").write_bytes(b"BEGIN:VCALENDAR\r\nPRODID:-//X//Y//EN\r\nEND:VCALENDAR\r\n")
    said = refused(*SLE, "-o", "a.ics", *options)
    for sentence in sentences:
        assert sentence in said
    assert (there / "a.ics").read_bytes() == b"old"
    assert len(list(there.iterdir())) == 3


def test_a_time_in_a_gap_names_the_visits(there):
    """A visit's clock time inside a clock change is refused with the visits it falls on."""
    sle = ("ics", "belimumab-sle", "--on", "first_dose=2027-02-28")
    said = refused(*sle, "-o", "a.ics", "--at", "02:30", "--tz", "Europe/Berlin")
    assert "treatment/d28/evaluation: Sun 28 Mar 2027 02:30 Europe/Berlin does not exist" in said
    assert list(there.iterdir()) == []


def test_all_bad_options_at_once(there):
    """Several bad options are said together."""
    said = refused(*SLE, "-o", "a.ics", "--at", "x", "--alarm", "x", "--bags", "x", "--key", "x", "--revised", "x")
    assert len(said.splitlines()) == 6


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("a.txt", "a.txt does not end in .ics"),
        ("none/a.ics", "does not exist; make it first"),
        ("folder.ics", "folder.ics is a folder"),
        ("belimumab.ics", "tells belimumab, which the discreet profile keeps out"),
        ("sle-patient.ics", "tells sle"),
        ("0017.ics", "tells 0017"),
    ],
)
def test_a_place_that_cannot_be_written(there, output, sentence):
    """A path that cannot be written, or a name that tells too much, is refused in words."""
    (there / "folder.ics").mkdir()
    assert sentence in refused(*SLE, "-o", output, "--subject", "0017")


def test_a_telling_name_is_free_under_full(there):
    """Under the full profile the name may say what the file says."""
    done(*SLE, "-o", "belimumab.ics", "--profile", "full")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(there):
    """A folder that may not be written to is said, and nothing is left in it."""
    there.chmod(stat.S_IRUSR | stat.S_IXUSR)
    said = refused(*SLE, "-o", "a.ics")
    there.chmod(stat.S_IRWXU)
    assert "is not writable" in said


def test_parts_are_written_together(there):
    """When one part cannot be written, none is."""
    (there / "a-2027.ics").mkdir()
    cll = ("ics", "belimumab-cll", "--on", "venetoclax_day_1=2026-01-05", "-o", "a.ics", "--split")
    assert "a-2027.ics is a folder" in refused(*cll)
    assert [path.name for path in there.iterdir()] == ["a-2027.ics"]


# ---------------------------------------------------------------- keys


def test_a_key_is_made_once(there):
    """A key is 64 random digits that only the owner can read; it is never replaced."""
    assert "keep it secret" in done("key", "-o", "site.key")
    path = there / "site.key"
    assert re.fullmatch(r"[0-9a-f]{64}\n", path.read_text())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    old = path.read_text()
    assert "site.key exists and was left as it is" in refused("key", "-o", "site.key")
    assert path.read_text() == old
    done("key", "-o", "other.key")
    assert (there / "other.key").read_text() != old


def test_where_a_key_cannot_be_written(there):
    """A folder that is not there is said."""
    assert "could not be written" in refused("key", "-o", "none/site.key")


def test_a_key_from_a_file_or_the_environment(there, monkeypatch):
    """The same key gives the same identities wherever it comes from; white space around it does not count."""
    (there / "k").write_text("  0123456789abcdef\n")
    monkeypatch.setenv("REGIMEN_KEY", "0123456789abcdef")
    done(*SLE, "-o", "a.ics", "--key", "k")
    done(*SLE, "-o", "b.ics", "--key", "env")
    done(*SLE, "-o", "c.ics")
    a, b, c = ((there / f"{name}.ics").read_bytes() for name in "abc")
    assert a == b != c
    assert b"0123456789abcdef" not in a


def test_keys_that_are_too_short(there, monkeypatch):
    """A key of fewer than 16 bytes is refused with how to make one; its own letters are not shown."""
    (there / "k").write_text("short-and-secret"[:15])
    said = refused(*SLE, "-o", "a.ics", "--key", "k")
    assert "the key in k has 15 bytes, and 16 are needed; make one with: regimen key -o regimen.key" in said
    assert "short-and" not in said
    monkeypatch.delenv("REGIMEN_KEY", raising=False)
    assert "REGIMEN_KEY, which is not set" in refused(*SLE, "-o", "a.ics", "--key", "env")
    monkeypatch.setenv("REGIMEN_KEY", "abc")
    assert "the key in the environment variable REGIMEN_KEY has 3 bytes" in refused(*SLE, "-o", "a.ics", "--key", "env")


# ---------------------------------------------------------------- everywhere the same


def test_the_command_writes_the_same_everywhere(there):
    """Two processes with another time zone, language and hash seed write the same bytes, all options on."""
    places = ({"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LANG": "C"}, {"TZ": "America/Lima", "PYTHONHASHSEED": "2"})
    for n, place in enumerate(places):
        options = ("--bags", "96h", "--alarm", "2h", "--as-of", "2026-06-01", "--at", "10:30", "-o", f"{n}.ics")
        answer = process(*MRD, *options, env=place, cwd=there)
        assert answer.returncode == 0, answer.stderr.decode()
    assert (there / "0.ics").read_bytes() == (there / "1.ics").read_bytes()


def test_demo_says_that_its_files_tell_everything(there):
    """The demo's files have names and titles that tell the trial, and it says so."""
    assert "full profile: drug, dose and study can be read" in typed("demo", "-o", "out").out
    assert b"belimumab" in (there / "out" / "belimumab-sle.ics").read_bytes()
