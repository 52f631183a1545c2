#!/bin/sh
# sh packaging/test.sh: everything that must hold before a change lands. On a
# minimal Debian 12, as root: installs what the tests need; as any user, once
# the packages are there. Ends with ctest's summary.
#
# A stage that has passed with exactly these sources, tools and flags is not run
# again; only the release build's tests always are. `rm -r` the folder that the
# first lines name to have all of it anew.
set -eu
program=test.sh
root=$(cd "$(dirname "$0")/.." && pwd)
# Debian's tools, also for a user without sbin or with a Python of their own.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
. "$root/packaging/lib.sh"
cd "$root"

current=
trap 'code=$?
  [ "$code" -eq 0 ] || [ -z "$current" ] || note "stage failed: $current"' EXIT

# stage NAME COMMAND...: never behind || or if, which would switch set -e off.
stage() {
  current=$1
  shift
  began=$(date +%s)
  echo "== $current"
  "$@"
  echo "== $current: $(($(date +%s) - began)) s"
  current=
}

# The files that decide what is built: all but prose.
sources() {
  find CMakeLists.txt CMakePresets.json .clang-format .clang-tidy main.cpp \
    exporter.toml core collectors tests packaging -type f \
    ! -path '*/__pycache__/*' | sort
}

# inputs_key WORD...: a hash of the sources, of every installed package with
# its version, and of the words.
inputs_key() {
  {
    sources | tr '\n' '\0' | xargs -0 sha256sum
    dpkg-query -W
    echo "$civetweb_source $*"
  } | sha256sum | cut -d' ' -f1
}

# once NAME COMMAND...: runs it unless it has passed with these inputs.
once() {
  stamp=$cache/passed/$1-$(inputs_key "$1")
  shift
  if [ -e "$stamp" ]; then
    echo "passed before with the same inputs: $stamp"
    return 0
  fi
  "$@"
  : >"$stamp"
}

packages() {
  need_packages test
  make_cache_dir
  find_civetweb
  use_ccache
  mkdir -p "$cache/passed"
  # Two months without use, and a stamp is litter.
  find "$cache/passed" -type f -mtime +60 -delete
}

format() {
  sources | grep -E '\.[ch]pp$' | tr '\n' '\0' |
    xargs -0 -n 25 -P "$(nproc)" clang-format --dry-run -Werror ||
    die "not formatted; mend with: clang-format -i FILE"
}

release() {
  configure release ON
  build release all
}

# Rules that need no run of the product, first: they fail in a second.
house() { ctest --test-dir build/release -L house --output-on-failure; }

tidy() { python3 packaging/tidy.py build/release "$cache/passed"; }

# gcc 12's sanitizers want the address space as older kernels laid it out.
fixed_addresses() {
  if setarch "$(uname -m)" -R true 2>/dev/null; then
    setarch "$(uname -m)" -R "$@"
  else
    "$@"
  fi
}

asan() {
  configure asan ON
  fixed_addresses cmake --build --preset asan --target all >&2
  fixed_addresses env UBSAN_OPTIONS=print_stacktrace=1 \
    ctest --test-dir build/asan --output-on-failure -LE 'house|e2e' -j "$(nproc)"
}

# Only the layers with threads: ctest's labels are the layers' names.
tsan_layers='process scrape web'

tsan() {
  configure tsan ON
  targets=
  for layer in $tsan_layers; do targets="$targets test_$layer"; done
  # shellcheck disable=SC2086
  fixed_addresses cmake --build --preset tsan --target command_exporter $targets >&2
  fixed_addresses env "TSAN_OPTIONS=halt_on_error=1 suppressions=$root/packaging/tsan.supp" \
    ctest --test-dir build/tsan --output-on-failure -j "$(nproc)" \
    -L "^($(echo $tsan_layers | tr ' ' '|'))\$"
}

# Seconds a target; for hours by hand, see tests/fuzz/run.py.
fuzz() {
  configure fuzz OFF
  fixed_addresses cmake --build --preset fuzz --target fuzz_targets >&2
  fixed_addresses python3 tests/fuzz/run.py build/fuzz --seconds 15
}

stage packages packages
echo "what has passed before: $cache/passed"
stage format once format format
stage 'release build' release
stage 'house rules' house
stage 'clang-tidy' once tidy tidy
stage 'address and undefined-behaviour sanitizers' once asan asan
stage 'thread sanitizer' once tsan tsan
stage 'fuzz targets' once fuzz fuzz

echo "== tests of the release build"
ctest --test-dir build/release --output-on-failure -j "$(nproc)"
