"""What does each verb print, where, in which shape and with which exit code, on whatever machine it runs?"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.commands import ROOT, environment, process, typed

from regimen import __version__
from regimen.cli.parser import make_parser
from regimen.library import names

VERBS = (
    *(
        "list",
        "show",
        "check",
        "line",
        "calendar",
        "ics",
        "key",
        "gantt",
        "record",
        "journal",
        "diff",
        "deviations",
        "amend",
    ),
    *("timeline", "swimmer", "schema", "demo"),
)
ON = ("--on", "first_dose=2027-01-04")
SLE = ("calendar", "belimumab-sle", *ON)
LINE = ("line", "9 mcg/day CIV days 1-14 q3mo x4", "--start", "2027-01-31")


# ---------------------------------------------------------------- what every command has in common


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(option):
    """The version is printed as one line of data."""
    assert typed(option) == (0, f"regimen {__version__}\n", "")


def test_python_m_regimen_is_the_command_line():
    """`python -m regimen` is the same program."""
    answer = process("--version")
    assert (answer.returncode, answer.stdout.decode().strip()) == (0, f"regimen {__version__}")


def test_help_names_every_verb():
    """`regimen` alone and `regimen --help` explain all verbs; that is fine, not an error."""
    for arguments in ((), ("--help",)):
        answer = typed(*arguments)
        assert answer.code == 0
        assert all(re.search(rf"^    {verb} ", answer.out, re.MULTILINE) for verb in VERBS)


def example_of(verb: str) -> str:
    """The command that the help of a verb shows."""
    said = typed(verb, "--help")
    assert said.code == 0
    found = re.search(r"^example:\n  (regimen .+)$", said.out, re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_in_the_help_of_a_verb_runs(verb, tmp_path, monkeypatch):
    """The help of each verb holds a real example: typed as it stands, it succeeds."""
    monkeypatch.chdir(tmp_path)
    Path("my-trial.yaml").write_text((ROOT / "examples" / "first-day-1.yaml").read_text("utf-8"), encoding="utf-8")
    if verb in ("deviations", "amend", "swimmer"):
        shutil.copytree(ROOT / "examples" / "subjects", tmp_path, dirs_exist_ok=True)
    if verb == "journal":
        assert typed(*shlex.split(example_of("record"))[1:]).code == 0
    program, *arguments = shlex.split(example_of(verb))
    assert (program, arguments[0]) == ("regimen", verb)
    answer = typed(*arguments)
    assert answer.code == 0, answer.err
    assert answer.out or list(Path().iterdir())


def test_the_example_in_the_general_help_runs():
    """The example below the list of verbs is a real one too."""
    found = re.search(r"^example: regimen (.+)$", typed("--help").out, re.MULTILINE)
    assert found is not None
    assert typed(*shlex.split(found[1])).code == 0


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_has_a_word_of_help(verb):
    """No option of a verb and nothing it needs is without an explanation."""
    commands = next(a for a in make_parser()._actions if isinstance(a, argparse._SubParsersAction))
    assert [action.dest for action in commands.choices[verb]._actions if not action.help] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("calendar",), 2),
        (("no-such-verb",), 2),
        ((*SLE, "--format", "xml"), 2),
        ((*SLE, "--no-such-option"), 2),
        (("ics", "belimumab-sle", *ON), 2),
        (("calendar", "belimumab-sle"), 1),
        (("calendar", "no-such-trial", *ON), 1),
        (SLE, 0),
    ],
)
def test_exit_codes(arguments, code):
    """0 is fine, 1 is findings or refused input, 2 is wrong usage; words go to stderr, data to stdout."""
    answer = typed(*arguments)
    assert answer.code == code
    assert bool(answer.out) == (code == 0)
    assert bool(answer.err) == (code != 0)


# ---------------------------------------------------------------- list


def test_list_shows_every_trial():
    """One line for each shipped trial: name, registry number or a dash, title."""
    answer = typed("list")
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert [line.split()[0] for line in lines] == list(names())
    assert "belimumab-sle" in answer.out
    assert "NCT04893161" in answer.out


def test_list_as_json():
    """A list of objects with exactly name, registry and title."""
    trials = json.loads(typed("list", "--json").out)
    assert [set(trial) for trial in trials] == [{"name", "registry", "title"}] * 5
    registries = {trial["name"]: trial["registry"] for trial in trials}
    assert registries["belimumab-sle"] == "NCT04893161"
    assert registries["daratumumab-t-all"] is None


# ---------------------------------------------------------------- show


@pytest.mark.parametrize("trial", names())
def test_show_says_what_each_trial_means(trial):
    """Every shipped trial is said in sentences, as text and as JSON, even one without dates."""
    answer = typed("show", trial)
    assert (answer.code, answer.err) == (0, "")
    assert "verify" in answer.out
    assert isinstance(json.loads(typed("show", trial, "--json").out), dict)


def test_show_refuses_an_arm_that_is_not_there():
    """A misspelt arm is told with the arms there are."""
    answer = typed("show", "belimumab-sle", "--arm", "belimumb")
    assert (answer.code, answer.out) == (1, "")
    assert "belimumab" in answer.err


# ---------------------------------------------------------------- check


def test_check_with_findings_is_code_1_and_they_are_data():
    """Findings are printed on stdout with file, line and column, and the exit code is 1."""
    answer = typed("check", "belimumab-sle")
    assert (answer.code, answer.err) == (1, "")
    assert re.search(r"^belimumab-sle\.yaml:\d+:\d+: warning: study\.completes: .*2 May 2026", answer.out, re.MULTILINE)


def test_check_as_json():
    """Findings and month changes as JSON: level, place and words of each; ISO dates."""
    answer = typed("check", "blinatumomab-maintenance", "--on", "first_dose=2027-01-31", "--json")
    data = json.loads(answer.out)
    assert set(data) == {"findings", "month_changes"}
    keys = {"level", "path", "line", "column", "sentence", "remedy", "source"}
    assert all(keys <= set(finding) for finding in data["findings"])
    assert {finding["level"] for finding in data["findings"]} <= {"error", "warning", "note"}
    changes = [change for change in data["month_changes"] if change["calendar"] != change["days_28"]]
    assert changes
    assert all(date.fromisoformat(change["calendar"]) for change in changes if change["calendar"])
    assert answer.code == (1 if any(f["level"] != "note" for f in data["findings"]) else 0)


# ---------------------------------------------------------------- line


def test_line_as_text():
    """Canonical text, a sentence, the conventions used, one row for each occurrence, and the warning to verify."""
    answer = typed(*LINE)
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0] == "9 mcg/day CIV days 1-14 q3mo x4"
    assert "504 mcg in all" in lines[2]
    assert "The start is day 1 (the line names no 0)." in lines
    assert sum("Sun 31 Jan 2027" in line for line in lines) >= 2
    assert lines[-1] == "Planning aid: verify every date against the protocol."


def test_line_as_json():
    """Each occurrence has its offset, start, end, amount, unit, cycle and day; dates are ISO, ends inclusive."""
    data = json.loads(typed(*LINE, "--json").out)
    assert set(data) == {"text", "sentence", "conventions", "notes", "totals", "occurrences"}
    assert data["totals"] == [{"amount": 504, "unit": "mcg"}]
    keys = ("offset_days", "start", "end", "amount", "unit", "cycle", "day")
    assert [[occurrence[key] for key in keys] for occurrence in data["occurrences"]] == [
        [0, "2027-01-31", "2027-02-13", 9, "mcg/day", 1, 1],
        [89, "2027-04-30", "2027-05-13", 9, "mcg/day", 2, 1],
        [181, "2027-07-31", "2027-08-13", 9, "mcg/day", 3, 1],
        [273, "2027-10-31", "2027-11-13", 9, "mcg/day", 4, 1],
    ]


def test_line_as_json_gives_windows_and_what_may_not_happen():
    """An occurrence carries its window as two dates, and says whether it is only planned at most."""
    line = "75 mg/m2 IV day 1 q21d up to 2 cycles window -1/+3 d"
    first, second = json.loads(typed("line", line, "--start", "2027-01-04", "--json").out)["occurrences"]
    assert first["window"] == {"earliest": "2027-01-03", "latest": "2027-01-07"}
    assert (first["optional"], second["optional"]) == (False, True)


def test_line_options():
    """Day 0, ordinal weeks, a horizon, a limit and a zone can be asked for."""
    line = ("line", "10 mg IV day 8", "--start", "2027-01-04", "--json")
    assert [o["offset_days"] for o in json.loads(typed(*line).out)["occurrences"]] == [7]
    assert [o["offset_days"] for o in json.loads(typed(*line, "--first-day", "0").out)["occurrences"]] == [8]
    week = ("line", "10 mg IV week 4", "--start", "2027-01-04", "--json", "--weeks")
    assert [o["offset_days"] for o in json.loads(typed(*week, "elapsed").out)["occurrences"]] == [28]
    assert [o["offset_days"] for o in json.loads(typed(*week, "ordinal").out)["occurrences"]] == [21]
    open_end = ("line", "10 mg IV q4w", "--start", "2027-01-04", "--json")
    assert len(json.loads(typed(*open_end, "--horizon", "1 y").out)["occurrences"]) in (13, 14)
    clock = ("line", "10 mg PO daily at 08:00 x2", "--start", "2027-01-04", "--json", "--tz", "Europe/Berlin")
    assert json.loads(typed(*clock).out)["occurrences"][0]["start"] == "2027-01-04T08:00:00+01:00"


# ---------------------------------------------------------------- calendar


def test_calendar_as_text_is_the_default():
    """The text names study, arm and anchors, every dose and visit, and ends in the warning to verify."""
    answer = typed(*SLE)
    assert answer == typed(*SLE, "--format", "text")
    assert answer.out.count("10 mg/kg") >= 14
    assert "Mon 6 Dec 2027" in answer.out
    assert "verify" in answer.out.splitlines()[-1]


def test_calendar_as_json():
    """The specified shape: study, arm, anchors, and events with all their keys; --json is the same."""
    answer = typed(*SLE, "--json")
    assert answer == typed(*SLE, "--format", "json")
    data = json.loads(answer.out)
    assert {"study", "arm", "anchors", "events"} <= set(data)
    assert (data["study"], data["arm"], data["anchors"]) == ("belimumab-sle", "belimumab", {"first_dose": "2027-01-04"})
    keys = {
        "id", "kind", "label", "epoch", "cycle", "day", "study_day", "offset_days", "start", "end", "window", "state",
        "dose", "route", "basis", "why",
    }  # fmt: skip
    assert all(keys <= set(event) for event in data["events"])
    doses = [event for event in data["events"] if event["kind"] == "dose"]
    assert [event["offset_days"] for event in doses] == [0, 14, *range(28, 337, 28)]
    assert all(event["window"] is None for event in doses)
    assert len({event["id"] for event in data["events"]}) == len(data["events"])


def test_a_window_in_json_has_two_dates():
    """A window is an object with earliest and latest, both ISO and both included."""
    file = str(ROOT / "examples" / "depot-injections.yaml")
    data = json.loads(typed("calendar", file, "--on", "first_dose=2027-01-04", "--json").out)
    windows = [event["window"] for event in data["events"] if event["window"] is not None]
    assert windows
    assert all(set(w) == {"earliest", "latest"} and w["earliest"] <= w["latest"] for w in windows)


def test_calendar_as_csv():
    """One row for each event under a heading, with the same dates as the JSON; line ends are CR LF."""
    answer = typed(*SLE, "--format", "csv")
    assert answer.out.count("\r\n") == answer.out.count("\n")
    rows = list(csv.DictReader(io.StringIO(answer.out, newline="")))
    events = json.loads(typed(*SLE, "--json").out)["events"]
    assert [(row["id"], row["start"], row["end"]) for row in rows] == [(e["id"], e["start"], e["end"]) for e in events]


def test_calendar_as_markdown():
    """The page holds a table and the warning to verify."""
    answer = typed(*SLE, "--format", "md")
    assert re.search(r"^\|(?: ?:?-+:? ?\|)+$", answer.out, re.MULTILINE)
    assert "verify" in answer.out


def test_decisions_assumptions_horizons_and_arms_can_be_given():
    """The answers to decisions, named assumptions, a horizon and an arm change the calendar as they say."""
    mrd = ("calendar", "blinatumomab-mrd", "--on", "first_dose=2026-03-02", "--json")
    undecided, no, yes = (
        {e["state"] for e in json.loads(typed(*mrd, *more).out)["events"] if e["epoch"] == "maintenance"}
        for more in ((), ("--decide", "transplant=no"), ("--decide", "transplant=yes"))
    )
    assert (undecided, no, yes) == ({"tentative"}, {"planned"}, set())
    label = ("calendar", "daratumumab-t-all", *ON, "--assume", "myeloma-label", "--json")
    assert sum(e["kind"] == "dose" for e in json.loads(typed(*label).out)["events"]) > 20
    assert typed(*SLE, "--arm", "belimumab").out == typed(*SLE).out
    open_end = ("calendar", str(ROOT / "examples" / "until-progression.yaml"), *_anchor("until-progression"), "--json")
    short, long = (len(json.loads(typed(*open_end, "--horizon", h).out)["events"]) for h in ("12 w", "1 y"))
    assert short < long


def _anchor(example: str) -> tuple[str, str]:
    text = (ROOT / "examples" / f"{example}.yaml").read_text("utf-8")
    found = re.search(r"^anchors:\n  (\w+):", text, re.MULTILINE)
    assert found is not None
    return "--on", f"{found[1]}=2027-01-04"


# ---------------------------------------------------------------- files


@pytest.mark.parametrize("form", ["text", "csv", "json", "md"])
def test_output_to_a_file_is_what_the_screen_would_show(form, tmp_path):
    """With -o the same bytes go to the file, nothing to stdout, and stderr names the file."""
    file = tmp_path / "out"
    answer = typed(*SLE, "--format", form, "-o", str(file))
    assert answer == (0, "", f"wrote {file}\n")
    assert file.read_bytes() == typed(*SLE, "--format", form).out.encode("utf-8")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    """A refused command leaves the old file as it was, and no other file beside it."""
    file = tmp_path / "calendar.csv"
    file.write_text("old")
    assert typed("calendar", "belimumab-sle", "-o", str(file)).code == 1
    assert file.read_text() == "old"
    assert typed(*SLE, "-o", str(file)).code == 0
    assert file.read_text() != "old"
    assert [path.name for path in tmp_path.iterdir()] == ["calendar.csv"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path):
    """A folder without permission to write is told in words."""
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    answer = typed(*SLE, "-o", str(tmp_path / "x.csv"))
    tmp_path.chmod(stat.S_IRWXU)
    assert answer.code == 1
    assert "not writable" in answer.err


def test_ics_writes_a_calendar_file(tmp_path):
    """The .ics file holds one event for each dose and visit; words are on stderr, and the last names the file."""
    file = tmp_path / "patient.ics"
    answer = typed("ics", "belimumab-sle", *ON, "-o", str(file))
    assert (answer.code, answer.out, answer.err.splitlines()[-1]) == (0, "", f"wrote {file}")
    text = file.read_bytes()
    assert text.startswith(b"BEGIN:VCALENDAR\r\n")
    assert text.count(b"BEGIN:VEVENT") >= 14


@pytest.mark.parametrize(("ending", "magic"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_gantt_writes_a_picture_by_the_ending(ending, magic, tmp_path):
    """The ending of the file chooses png, svg or pdf."""
    file = tmp_path / f"timeline.{ending}"
    answer = typed("gantt", "belimumab-sle", *ON, "-o", str(file), "--theme", "grey")
    assert (answer.code, answer.out) == (0, "")
    assert file.read_bytes().startswith(magic)


def test_schema_is_printed_or_written(tmp_path):
    """The schema on the screen, in a file and in the repository is one and the same."""
    stored = (ROOT / "schemas" / "regimen-1.schema.json").read_text(encoding="utf-8")
    assert typed("schema") == (0, stored, "")
    assert typed("schema", "-o", str(tmp_path / "s.json")).code == 0
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == stored


def test_demo_writes_four_files_for_each_trial_and_prints_a_table(tmp_path):
    """The main job: text, csv, .ics and png of the five trials, 20 files, and a table of them on stdout."""
    folder = tmp_path / "made" / "by-demo"
    answer = typed("demo", "-o", str(folder))
    assert (answer.code, answer.err) == (0, "")
    wanted = sorted(f"{name}.{ending}" for name in names() for ending in ("txt", "csv", "ics", "png"))
    assert sorted(path.name for path in folder.iterdir()) == wanted
    assert len(wanted) == 20
    assert all(path.stat().st_size > 200 for path in folder.iterdir())
    table = answer.out.splitlines()
    assert table[0].split()[0] == "trial"
    assert sorted(row.split()[0] for row in table[1:6]) == list(names())
    assert [row.split()[2] for row in table if row.startswith("belimumab-sle")] == ["14"]


# ---------------------------------------------------------------- no clock


@pytest.mark.parametrize("verb", ["calendar", "ics", "gantt"])
def test_no_date_defaults_to_today(verb, tmp_path):
    """Without a date to count from there is no calendar."""
    output = {"calendar": (), "ics": ("-o", str(tmp_path / "x.ics")), "gantt": ("-o", str(tmp_path / "x.png"))}
    answer = typed(verb, "belimumab-sle", *output[verb])
    assert (answer.code, answer.out) == (1, "")
    assert "no date is given to count from; give at least one, such as --on first_dose=2027-01-04" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_one_module_reads_the_clock_and_one_asks_it():
    """Recording asks what time it is; where no day is given, so do an alarm, a timeline's --today, and a patient page,
    which prints the day it was made.
    """
    reads = re.compile(r"(?<!clock\.)\b(?:today|now|utcnow|time_ns|localtime|gmtime)\(|\btime\.time\(")
    root = ROOT / "src" / "regimen"
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.py"))}
    assert len(texts) > 40
    assert [name for name, text in texts.items() if reads.search(text)] == ["cli/clock.py"]
    assert [name for name, text in texts.items() if "clock.now(" in text] == [
        "cli/calendar_files.py",
        "cli/page.py",
        "cli/recording.py",
        "cli/verbs.py",
    ]


# ---------------------------------------------------------------- other machines


def test_the_same_command_gives_the_same_bytes_everywhere():
    """Hash seed, time zone of the machine and language change no byte."""
    machines = (
        {"PYTHONHASHSEED": "0", "TZ": "UTC", "LANG": "C", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LANG": "de_DE.UTF-8", "LC_ALL": ""},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    )
    code = (
        "import sys; from regimen.cli import main\n"
        "for form in ('text', 'csv', 'json', 'md'):\n"
        "    main(['calendar', 'blinatumomab-mrd', '--on', 'first_dose=2026-03-02', '--format', form])\n"
        "main(['line', '10 mg PO bid at 08:00, 20:00 x6', '--start', '2027-03-27', '--tz', 'Europe/Berlin'])\n"
        "main(['check', 'belimumab-cll']); main(['show', 'belimumab-cll']); main(['list'])\n"
    )
    answers = [process(code=code, env=machine) for machine in machines]
    assert [answer.returncode for answer in answers] == [0, 0, 0], answers[0].stderr.decode()
    assert len(answers[0].stdout) > 10_000
    assert len({answer.stdout for answer in answers}) == 1


def test_files_are_the_same_bytes_everywhere(tmp_path):
    """The .ics file and the picture of one calendar are the same bytes in another process and time zone."""
    for n, zone in enumerate(("UTC", "Asia/Tokyo")):
        for verb, ending in (("ics", "ics"), ("gantt", "svg")):
            file = str(tmp_path / f"{n}.{ending}")
            answer = process(verb, "belimumab-sle", *ON, "-o", file, env={"TZ": zone, "PYTHONHASHSEED": str(n)})
            assert answer.returncode == 0, answer.stderr.decode()
    for ending in ("ics", "svg"):
        assert (tmp_path / f"0.{ending}").read_bytes() == (tmp_path / f"1.{ending}").read_bytes()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8"])
@pytest.mark.parametrize(
    "arguments", [SLE, LINE, ("list",), ("calendar", "belimumab-sle", "--help"), ("check", "belimumab-sle")]
)
def test_data_is_utf_8_whatever_the_terminal_says(encoding, arguments):
    """A narrow terminal encoding crashes nothing: data stays UTF-8, byte for byte."""
    answer = process(*arguments, env={"PYTHONIOENCODING": encoding})
    assert answer.returncode in (0, 1)
    assert b"Traceback" not in answer.stderr
    if "--help" not in arguments:
        assert answer.stdout.decode("utf-8") == typed(*arguments).out


@pytest.mark.parametrize("arguments", [("calendar", "é–✓.yaml", *ON), ("line", "10 mg → ✓", "--start", "2027-01-04")])
def test_words_that_a_terminal_cannot_show_crash_nothing(arguments):
    """A refusal that quotes foreign letters is said on an ASCII terminal too."""
    answer = process(*arguments, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "1"})
    assert answer.returncode == 1
    assert b"Traceback" not in answer.stderr
    assert answer.stderr.startswith(b"regimen:")


@pytest.mark.parametrize("arguments", [SLE, (*SLE, "--json"), ("list",), ("show", "belimumab-cll"), ("--help",)])
def test_a_reader_that_closes_early_is_no_error(arguments):
    """When the reader of the output goes away (`| head -1`), nothing is said and nothing crashes."""
    command = [sys.executable, "-m", "regimen", *arguments]
    with subprocess.Popen(command, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        said = run.stderr.read()
        assert run.wait(timeout=60) == 0
    assert said == b""


HEAVY = ("matplotlib", "numpy", "pyarrow", "icalendar")


def test_a_calendar_loads_no_heavy_library():
    """Dating a trial as text imports none of the plotting, column and calendar-file libraries."""
    code = (
        "import sys; from regimen.cli import main\n"
        f"code = main({list(SLE)!r})\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr, end='')\n"
        "sys.exit(code)"
    )
    answer = process(code=code)
    assert (answer.returncode, answer.stderr) == (0, b"")
    assert b"Mon 6 Dec 2027" in answer.stdout


def test_the_version_loads_next_to_nothing():
    """The version is printed without reading definitions or grammars."""
    code = (
        "import sys; from regimen.cli import main\n"
        "main(['--version'])\n"
        "print(*[n for n in ('yaml', 'pydantic', 'lark', 'argparse') if n in sys.modules], file=sys.stderr, end='')"
    )
    assert process(code=code).stderr == b""


@pytest.mark.parametrize(
    "given",
    [
        ("doses", "belimumab-sle", "--on", "first_dose=2027-01-04", "--weight", "70 kg", "--weight", "80 kg"),
        ("calendar", "belimumab-sle", "--on", "first_dose=2027-01-04", "--tz", "UTC", "--tz", "UTC"),
    ],
)
def test_an_option_with_one_value_is_given_once(given):
    """Nobody can tell which of two weights is meant, so neither is taken."""
    answer = typed(*given)
    assert (answer.code, answer.out) == (2, "")
    assert f"{given[-2]} is given twice; leave one of them out" in answer.err


def test_an_option_for_several_values_may_be_repeated():
    """Two anchors are two --on."""
    both = ("--on", "first_dose=2027-01-04", "--on", "retreatment_start=2028-01-04")
    assert typed("calendar", "blinatumomab-mrd", *both).code == 0
