#!/bin/sh
# sh packaging/checks.sh: the checks that must pass before a change lands,
# beside the tests of test.sh: format, clang-tidy, the sanitizers, the fuzz
# targets. On a minimal Debian 12, as root, it installs the packages they need;
# afterwards any user can run it.
#
# A stage that has passed with exactly these sources, tools and flags is not run
# again. To repeat all stages, `rm -r` the folder that the first lines name.
set -eu
program=checks.sh
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/packaging/stages.sh"

format() {
  sources | grep -E '\.[ch]pp$' | tr '\n' '\0' |
    xargs -0 -n 25 -P "$(nproc)" clang-format --dry-run -Werror ||
    die "not formatted; fix with: clang-format -i FILE"
}

tidy() { python3 packaging/tidy.py build/release "$cache/passed"; }

# gcc 12's sanitizers need the address space layout of older kernels.
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

# Fifteen seconds for each target; for long runs, see tests/fuzz/run.py.
fuzz() {
  configure fuzz OFF
  fixed_addresses cmake --build --preset fuzz --target fuzz_targets >&2
  fixed_addresses python3 tests/fuzz/run.py build/fuzz --seconds 15
}

stage packages packages checks
echo "what has passed before: $cache/passed"
stage format once format format
stage 'release build' release
stage 'clang-tidy' once tidy tidy
stage 'address and undefined-behaviour sanitizers' once asan asan
stage 'thread sanitizer' once tsan tsan
stage 'fuzz targets' once fuzz fuzz
