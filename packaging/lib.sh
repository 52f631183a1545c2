# Common functions; the other scripts source this file with `root` set to the
# tree's folder. POSIX sh, because a minimal Debian has only dash.

LC_ALL=C.UTF-8
export LC_ALL

note() { printf '%s: %s\n' "$program" "$*" >&2; }

die() {
  note "$*"
  exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

shared_cache=/var/cache/command_exporter

# All files that outlive a build folder (ccache, CivetWeb's source, the records
# of passed checks) are outside the tree, so that a fresh clone finds them.
cache_dir() {
  if is_root; then
    echo "$shared_cache"
  else
    echo "${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/command_exporter"
  fi
}

make_cache_dir() {
  cache=$(cache_dir)
  mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ] ||
    die "cannot write to $cache; set XDG_CACHE_HOME to a folder of yours"
}

# list_packages FILE...: the package names, without comments.
list_packages() { sed -e 's/#.*//' -e 's/[[:space:]]*$//' -e '/^$/d' "$@"; }

# missing_packages NAME...: prints those that are not installed. Reads only
# dpkg's own status file, so it takes milliseconds and no network.
missing_packages() {
  installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" \
    2>/dev/null | sed -n 's/^installed //p')
  for name in "$@"; do
    printf '%s\n' "$installed" | grep -qxF -e "$name" || echo "$name"
  done
}

# need_packages build|test|checks: returns at once when all are installed.
need_packages() {
  lists=$root/packaging/packages-build.txt
  [ "$1" = build ] || lists="$lists $root/packaging/packages-test.txt"
  [ "$1" != checks ] || lists="$lists $root/packaging/packages-checks.txt"
  # Word splitting is intended: package names and our own file names.
  # shellcheck disable=SC2046,SC2086
  missing=$(missing_packages $(list_packages $lists))
  [ -n "$missing" ] || return 0
  missing=$(echo $missing)
  first=${missing%% *}
  is_root || die "package $first is missing; run as root once:" \
    "sh packaging/packages.sh $1   (it installs: $missing)"
  command -v apt-get >/dev/null ||
    die "package $first is missing, and there is no apt-get to install it with"
  note "installing $missing"
  install_packages $missing || exit 1
}

# install_packages NAME...: as root, without recommended packages, and without
# starting the services of the packages. The usual means for the latter, a
# policy-rc.d, would stay behind after a SIGKILL and might be the
# administrator's own. Instead dpkg gets a PATH in which the programs that start
# and enable services do nothing. The PATH's folder is removed afterwards; the
# system does not change.
install_packages() (
  quiet=$(mktemp -d)
  trap 'rm -rf "$quiet"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  for starter in invoke-rc.d deb-systemd-invoke deb-systemd-helper; do
    printf '#!/bin/sh\nexit 0\n' >"$quiet/$starter"
    chmod 755 "$quiet/$starter"
  done
  chmod 755 "$quiet"

  DEBIAN_FRONTEND=noninteractive
  export DEBIAN_FRONTEND
  apt-get update -q -o DPkg::Lock::Timeout=300 </dev/null >&2 ||
    note "apt-get update failed; going on with the lists that are there"
  apt-get install -q -y --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
    -o DPkg::Path="$quiet:/usr/sbin:/usr/bin:/sbin:/bin" \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
    "$@" </dev/null >&2 ||
    die "apt-get could not install: $*; its own message is above"

  # A test tool must not become a service at the next boot either. (Only if this
  # run has installed it; an older installation belongs to the administrator.)
  for service in prometheus prometheus-node-exporter; do
    case " $* " in
      *" $service "*) update-rc.d $service disable >/dev/null 2>&1 || : ;;
    esac
  done
)

. "$root/packaging/civetweb.sh"

use_ccache() {
  CCACHE_DIR=$(cache_dir)/ccache
  CCACHE_BASEDIR=$root      # another clone finds the same results
  CCACHE_NOHASHDIR=1
  CCACHE_SLOPPINESS=pch_defines,time_macros  # ccache(1), "Precompiled headers"
  CMAKE_C_COMPILER_LAUNCHER=ccache
  CMAKE_CXX_COMPILER_LAUNCHER=ccache
  export CCACHE_DIR CCACHE_BASEDIR CCACHE_NOHASHDIR CCACHE_SLOPPINESS
  export CMAKE_C_COMPILER_LAUNCHER CMAKE_CXX_COMPILER_LAUNCHER
}

# cached_option PRESET NAME: prints the value in the build folder's
# configuration.
cached_option() {
  sed -n "s/^$2:[A-Z]*=//p" "$root/build/$1/CMakeCache.txt" 2>/dev/null || :
}

# configure PRESET ON|OFF: runs cmake only when the folder is new or the presets
# are newer; ninja handles changes of other CMake files. The tests need more
# packages, so run.sh does not request them; once enabled they stay enabled.
configure() {
  if [ -f "$root/build/$1/build.ninja" ] &&
    [ -z "$(find "$root/CMakePresets.json" \
      -newer "$root/build/$1/configure.log" 2>&1)" ] &&
    [ "$(cached_option "$1" CIVETWEB_SOURCE_DIR)" = "$civetweb_source" ] &&
    { [ "$2" = OFF ] ||
      [ "$(cached_option "$1" COMMAND_EXPORTER_TESTS)" = ON ]; }; then
    return 0
  fi
  mkdir -p "$root/build/$1" 2>/dev/null && [ -w "$root/build/$1" ] ||
    die "cannot write to $root/build/$1; is it another user's?"
  (cd "$root" && cmake --preset "$1" -DCOMMAND_EXPORTER_TESTS="$2" \
    -DCIVETWEB_SOURCE_DIR="$civetweb_source" >"build/$1/configure.log" 2>&1) || {
    cat "$root/build/$1/configure.log" >&2
    rm -f "$root/build/$1/build.ninja"
    die "cmake could not configure build/$1; its message is above"
  }
}

# build PRESET TARGET...
build() {
  preset=$1
  shift
  (cd "$root" && cmake --build --preset "$preset" --target "$@") >&2 ||
    die "the build of preset $preset failed; its first error is above"
}
