# Sourced by lib.sh: finds or fetches CivetWeb's source.
#
# Debian 12's libcivetweb has no IPv6, no unix sockets, and TLS that crashes at
# the first handshake. Therefore the same version is compiled from Debian's
# source package, fetched with apt-get: no host of ours, no copy in the tree.
# The deb-src lines are made from this machine's own deb lines, in a folder that
# is removed afterwards; the system's lists do not change.

# find_civetweb: sets civetweb_source to the tree of the installed version, or
# to nothing. In the latter case the system's library is used; the program
# reports at its start what that library lacks.
find_civetweb() {
  civetweb_source=
  version=$(dpkg-query -W -f='${source:Version}' libcivetweb-dev 2>/dev/null) ||
    return 0
  for place in "$(cache_dir)" "$shared_cache"; do
    if [ -f "$place/civetweb-$version/src/civetweb.c" ]; then
      civetweb_source=$place/civetweb-$version
      return 0
    fi
  done
  make_cache_dir
  # A machine without the source package must not try to fetch it at every
  # start.
  [ -z "$(find "$cache/civetweb-$version.failed" -mmin -1440 2>/dev/null)" ] ||
    return 0
  note "fetching the source of civetweb $version"
  if fetch_civetweb "$cache/civetweb-$version"; then
    civetweb_source=$cache/civetweb-$version
    rm -f "$cache/civetweb-$version.failed"
  else
    : >"$cache/civetweb-$version.failed"
    note "civetweb's source package cannot be fetched: the system's library is" \
      "used, without IPv6, unix sockets and TLS. To try again:" \
      "rm $cache/civetweb-$version.failed"
  fi
}

# fetch_civetweb FOLDER: all or nothing; runs in a subshell with its own trap.
fetch_civetweb() (
  target=$1
  private=$(mktemp -d "$cache/fetch.XXXXXX") || exit 1
  trap 'rm -rf "$private"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  umask 022
  write_source_lists "$private/sources" || exit 1
  mkdir -p "$private/state/partial" "$private/cache/archives/partial"
  apt_get() {
    apt-get -q -o Dir::Etc::SourceList=/dev/null \
      -o Dir::Etc::SourceParts="$private/sources" \
      -o Dir::State::Lists="$private/state" -o Dir::Cache="$private/cache" \
      -o APT::Sandbox::User="$(id -un)" "$@" </dev/null
  }
  cd "$private" || exit 1
  { apt_get update && apt_get source "civetweb=$version"; } \
    >"$private/log" 2>&1 || {
    tail -n 5 "$private/log" >&2
    exit 1
  }
  set -- "$private"/civetweb-*/
  [ -f "$1/src/civetweb.c" ] || exit 1
  chmod -R u=rwX,go=rX "$1" && mv "$1" "$target"
)

# write_source_lists FOLDER: converts the machine's deb entries to deb-src.
write_source_lists() {
  mkdir -p "$1" || return 1
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$list" ] && sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$list"
  done | grep -v 'cdrom:' | sort -u >"$1/source.list"
  for list in /etc/apt/sources.list.d/*.sources; do
    [ -f "$list" ] || continue
    sed 's/^Types:.*/Types: deb-src/' "$list" >"$1/${list##*/}"
  done
  [ -s "$1/source.list" ] || rm "$1/source.list"
  [ -n "$(ls "$1")" ] || {
    note "this machine's apt has no sources"
    return 1
  }
}
