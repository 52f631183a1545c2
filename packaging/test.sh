#!/bin/sh
# sh packaging/test.sh: builds the program and runs all tests of the release
# build, some minutes. On a minimal Debian 12, as root: installs what the tests
# need; as any user, once the packages are there.
# What else must hold before a change lands: checks.sh.
set -eu
program=test.sh
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/packaging/stages.sh"

tests() {
  ctest --test-dir build/release --output-on-failure -j "$(nproc)"
}

stage packages packages test
stage 'release build' release
stage 'tests of the release build' tests
