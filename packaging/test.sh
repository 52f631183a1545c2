#!/bin/sh
# sh packaging/test.sh: builds the program and runs all tests of the release
# build; takes some minutes. On a minimal Debian 12, as root, it installs the
# packages that the tests need; afterwards any user can run it. checks.sh has
# the other checks that must pass before a change lands.
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
