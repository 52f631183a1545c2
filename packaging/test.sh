#!/bin/sh
# sh packaging/test.sh: builds the program and runs all tests of the release
# build, some minutes. On a minimal Debian 12, as root: installs what the tests
# need; as any user, once the packages are there.
# What else must hold before a change lands: checks.sh.
set -eu
program=test.sh
root=$(cd "$(dirname "$0")/.." && pwd)
# Debian's tools, also for a user without sbin or with a Python of their own.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
. "$root/packaging/lib.sh"
. "$root/packaging/stages.sh"
cd "$root"

tests() {
  ctest --test-dir build/release --output-on-failure -j "$(nproc)"
}

stage packages packages test
stage 'release build' release
stage 'tests of the release build' tests
