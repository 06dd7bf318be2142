#!/bin/sh
# Installs the engines of cohorts that need more than Python for the tests and benchmarks: `make engines`.
# Usage: sh tests/cohort/engines/install.sh FOLDER PYTHON
set -eu
mkdir -p "$1"
if ! command -v java >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update && apt-get -qq install -y --no-install-recommends openjdk-17-jre-headless >/dev/null
    else
        echo "Not on this machine: Java 17 (Debian: openjdk-17-jre-headless; as root it is installed here)" >&2
        exit 1
    fi
fi
"$2" -m pip -q --disable-pip-version-check install -e '.[dask,spark]'
echo "Engines installed: Dask and Spark"
