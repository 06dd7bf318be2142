#!/bin/sh
# Prints the first of the named Pythons that runs, is at least 3.11 and can make a virtual environment.
# Usage: sh .ci/find_python.sh python3.13 python3.12 ...
probe='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
for name in "$@"; do
    if command -v "$name" >/dev/null 2>&1 && "$name" -c "$probe" >/dev/null 2>&1; then
        command -v "$name"
        exit 0
    fi
done
echo "regimen needs Python 3.11 or newer, able to make virtual environments. Tried: $*." >&2
echo "Install one (on Debian and Ubuntu also python3-venv), or name yours: make setup PYTHON=/path/to/python3" >&2
exit 1
