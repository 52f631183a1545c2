#!/bin/sh
# sh packaging/run.sh [FLAG...]: on a minimal Debian 12, as root: installs what
# is needed, builds, and starts the exporter in the foreground with
# exporter.toml on :9101. As any user, once the packages are there. The flags go
# to the exporter: sh packaging/run.sh --web.listen-address=127.0.0.1:9101
set -eu
program=run.sh
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/packaging/lib.sh"

need_packages build
make_cache_dir
find_civetweb
use_ccache
configure release OFF
build release command_exporter
cd "$root"
exec build/release/command_exporter --config.file=exporter.toml "$@"
