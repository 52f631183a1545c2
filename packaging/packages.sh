#!/bin/sh
# sh packaging/packages.sh build|test|checks: as root, installs the packages
# that run.sh, test.sh or checks.sh needs, and fetches CivetWeb's source to a
# place that every user can read.
set -eu
program=packages.sh
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/packaging/lib.sh"

case "${1:-}" in
  build | test | checks) ;;
  *) die "usage: sh packaging/packages.sh build|test|checks" ;;
esac
need_packages "$1"
find_civetweb
