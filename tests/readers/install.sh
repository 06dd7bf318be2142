#!/bin/sh
# Installs the independent programs that read our calendar files in the tests: `make readers`.
# Usage: sh tests/readers/install.sh FOLDER PYTHON
# What can be installed is installed; what cannot is said, and the exit code is then 1.
set -u
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && into=$(cd "$1" && pwd) || exit 1
python=$2
failed=

system_packages() {
    command -v cc >/dev/null 2>&1 || echo gcc libc6-dev
    [ -e /usr/include/libical/ical.h ] || echo libical-dev
    command -v node >/dev/null 2>&1 || echo nodejs
    command -v npm >/dev/null 2>&1 || echo npm
}

in_python() {
    rm -f "$into/python.installed"
    "$python" -m venv --clear "$into/python" &&
        "$into/python/bin/python" -m pip install -qq --disable-pip-version-check -r "$here/requirements.txt" &&
        "$into/python/bin/python" -m pip -q --disable-pip-version-check check &&
        touch "$into/python.installed"
}

in_node() {
    rm -f "$into/node.installed"
    mkdir -p "$into/node" && cp "$here/package.json" "$here/package-lock.json" "$into/node/" &&
        (cd "$into/node" && npm ci --silent --no-audit --no-fund) &&
        touch "$into/node.installed"
}

in_c() {
    rm -f "$into/with_libical"
    cc -O1 -Wall -Wextra -Werror -o "$into/with_libical" "$here/programs/with_libical.c" -lical
}

attempt() {
    "$2" || { failed="$failed $1;"; return 1; }
}

missing=$(system_packages | tr '\n' ' ')
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        export DEBIAN_FRONTEND=noninteractive
        # shellcheck disable=SC2086
        apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing >/dev/null
    else
        echo "Not on this machine: $missing(Debian's names; as root they are installed here)" >&2
    fi
fi
attempt "Python (ical, vobject, recurring-ical-events, radicale, vdirsyncer)" in_python
attempt "node (ical.js, node-ical)" in_node
attempt "C (libical)" in_c
[ -z "$failed" ] || { echo "Readers not installed:$failed their tests are skipped" >&2; exit 1; }
echo "Readers installed in ${into##*/}"
