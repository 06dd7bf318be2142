"""Does an installed `regimen` work away from its source tree? Usage: python smoke.py PATH_OF_REGIMEN."""

from __future__ import annotations

import csv
import io
import subprocess
import sys


def run(command: str, *arguments: str) -> str:
    print("  $ regimen", *arguments, flush=True)
    done = subprocess.run([command, *arguments], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"regimen ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def expect(what: str, fulfilled: bool, answer: str) -> None:
    if not fulfilled:
        raise SystemExit(f"expected {what}, got:\n{answer}")


def dose_rows(table: str) -> int:
    lines = [line for line in table.lstrip("\ufeff").splitlines(keepends=True) if not line.startswith("#")]
    return sum(row["kind"] == "dose" for row in csv.DictReader(io.StringIO("".join(lines), newline="")))


def main(command: str) -> None:
    answer = run(command, "--version")
    expect("a version number", "0." in answer, answer)
    answer = run(command, "list")
    expect("belimumab-sle among the trials", "belimumab-sle" in answer, answer)
    answer = run(command, "calendar", "belimumab-sle", "--on", "first_dose=2027-01-04", "--format", "csv")
    expect("14 dose rows", dose_rows(answer) == 14, answer)
    answer = run(command, "line", "9 mcg/day CIV days 1-14 q3mo x4", "--start", "2027-01-31")
    for long, iso in (("30 Apr 2027", "2027-04-30"), ("31 Jul 2027", "2027-07-31"), ("31 Oct 2027", "2027-10-31")):
        expect(f"a cycle that starts on {long}", long in answer or iso in answer, answer)


if __name__ == "__main__":
    main(sys.argv[1])
