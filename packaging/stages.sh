# Sourced by test.sh and checks.sh with `root` set to the tree's folder: runs
# stages, prints their seconds, and records which have passed with the same
# inputs.

# Debian's tools, also for a user without sbin or with another Python.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
. "$root/packaging/lib.sh"
cd "$root"

script_began=$(date +%s)
current=
trap 'code=$?
  [ "$code" -eq 0 ] || [ -z "$current" ] || note "stage failed: $current"
  [ "$code" -ne 0 ] || echo "== $program: $(($(date +%s) - script_began)) s"' EXIT

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

# packages test|checks
packages() {
  need_packages "$1"
  make_cache_dir
  find_civetweb
  use_ccache
  mkdir -p "$cache/passed"
  # Records that were not used for two months are removed.
  find "$cache/passed" -type f -mtime +60 -delete
}

release() {
  configure release ON
  build release all
}

# The files that affect the build: all but documents.
sources() {
  find CMakeLists.txt CMakePresets.json .clang-format .clang-tidy main.cpp \
    exporter.toml core collectors tests packaging -type f \
    ! -path '*/__pycache__/*' | sort
}

# inputs_key WORD...: a hash of the sources, of every installed package with its
# version, and of the words.
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
