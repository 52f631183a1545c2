#!/bin/sh
# sh packaging/run.sh [FLAG...]: on a minimal Debian 12, as root, installs the
# needed packages, builds, and starts the exporter in the foreground with
# exporter.toml on :9101. Afterwards any user can run it. The flags are passed
# to the exporter: sh packaging/run.sh --web.listen-address=127.0.0.1:9101
set -eu
program=run.sh
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/packaging/lib.sh"

# As root the exporter rejects files that others may change. It reports that
# itself, but only after minutes of building.
root_owns_tree() {
  case " $* " in *" --config.allow-insecure "*) return 0 ;; esac
  place=$(cd "$root" && pwd -P)/exporter.toml
  until [ "$place" = / ]; do
    owner=$(stat -c %U "$place")
    [ "$(stat -c %u "$place")" -eq 0 ] ||
      die "$place belongs to $owner, who so decides what root runs." \
        "Run this as $owner, or clone as root into a folder of root's" \
        "(/root, /opt), or add --config.allow-insecure"
    # A root-owned sticky folder, such as /tmp, is safe as a parent.
    [ -z "$(find "$place" -prune ! -type l -perm /022 ! -perm -1000)" ] ||
      die "others than root may write to $place, and so decide what root" \
        "runs. In a clone made with umask 002, cd there and: chmod -R go-w ." \
        "Else clone into a folder of root's (/root, /opt), or add" \
        "--config.allow-insecure"
    place=$(dirname "$place")
  done
}

if is_root; then root_owns_tree "$@"; fi
need_packages build
make_cache_dir
find_civetweb
use_ccache
configure release OFF
build release command_exporter
cd "$root"
exec build/release/command_exporter --config.file=exporter.toml "$@"
