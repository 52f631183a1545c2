#include "core/service/start_conditions.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <string>

#include "core/process/system/proc_check.hpp"
#include "core/web/server.hpp"

namespace command_exporter {
namespace {

// CivetWeb's queue of accepted connections, its default.
constexpr std::uint64_t kQueue = 20;
// Sockets of the roles, signals, timers, the log, jq's keeper, /proc files: a
// web side that runs nothing has 14 open.
constexpr std::uint64_t kOwn = 32;
// Both pipes of a command; the memory file of its output, jq's answer and its
// pipe when the format is json.
constexpr std::uint64_t kOfRun = 5;
// A web side that serves nothing has 250 MB mapped, most of it never touched:
// stacks of its threads and arenas of malloc(3).
constexpr std::uint64_t kAddressSpace = std::uint64_t{256} << 20U;

std::uint64_t HardLimit(decltype(RLIMIT_NOFILE) resource) {
  rlimit limit{};
  return ::getrlimit(resource, &limit) == 0 ? limit.rlim_max : RLIM_INFINITY;
}

Status<> CheckAddressSpace() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur < kAddressSpace) {
    return Error{"too little memory for the threads: this process may map " +
                 std::to_string(limit.rlim_cur >> 20U) +
                 " MiB, and its threads need " +
                 std::to_string(kAddressSpace >> 20U) +
                 " MiB. Raise LimitAS= of its systemd unit, or \"ulimit -v\""};
  }
  return Done{};
}

}  // namespace

std::uint64_t DescriptorsNeeded(const Options& options, std::size_t commands) {
  const std::uint64_t runs =
      std::min<std::uint64_t>(options.max_concurrency, commands);
  return ServerOptions{}.workers + kQueue + kOwn +
         options.listen_addresses.size() + kOfRun * runs;
}

Status<> CheckDescriptors(const Options& options, std::size_t commands) {
  const std::uint64_t allowed = HardLimit(RLIMIT_NOFILE);
  const std::uint64_t needed = DescriptorsNeeded(options, commands);
  if (allowed >= needed) {
    return Done{};
  }
  return Error{
      "too few file descriptors: this process may have " +
      std::to_string(allowed) + " and needs " + std::to_string(needed) +
      (commands == 0 ? ", without those of commands"
                     : " when " +
                           std::to_string(std::min<std::uint64_t>(
                               options.max_concurrency, commands)) +
                           " of its commands run at one time") +
      ". Raise LimitNOFILE= of its systemd unit, --ulimit nofile= of its "
      "container, or \"ulimit -Hn\"" +
      (commands == 0 ? "" : ", or lower --max-concurrency")};
}

Status<> CheckStartConditions(const Options& options) {
  for (const Status<>& status :
       {CheckProc(), CheckDescriptors(options, 0), CheckAddressSpace()}) {
    if (!status) {
      return status;
    }
  }
  return Done{};
}

}  // namespace command_exporter
