#include "core/base/thread_hint.hpp"

#include <sys/resource.h>

#include <cstdint>

namespace command_exporter {

namespace {

// The stacks of 256 threads, of 8 MiB each, and the arenas of malloc(3).
constexpr std::uint64_t kAmple = std::uint64_t{4} << 30U;

bool IsTight(decltype(RLIMIT_AS) resource, std::uint64_t& limit_mib) {
  rlimit limit{};
  if (::getrlimit(resource, &limit) != 0 || limit.rlim_cur >= kAmple) {
    return false;
  }
  limit_mib = limit.rlim_cur >> 20U;
  return true;
}

}  // namespace

std::string ThreadHint() {
  std::uint64_t mib = 0;
  const bool mapped = IsTight(RLIMIT_AS, mib);
  if (mapped || IsTight(RLIMIT_DATA, mib)) {
    return "Memory for their stacks is missing: " + std::to_string(mib) +
           " MiB are allowed, and 4096 are ample. Raise " +
           (mapped ? "LimitAS= of its systemd unit, or \"ulimit -v\""
                   : "LimitDATA= of its systemd unit, or \"ulimit -d\"");
  }
  return "Allow this service 400 more: TasksMax= of its systemd unit, "
         "--pids-limit of its container, or \"ulimit -u\" of its user";
}

}  // namespace command_exporter
