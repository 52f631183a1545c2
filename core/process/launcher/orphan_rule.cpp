#include "core/process/launcher/orphan_rule.hpp"

#include <algorithm>

#include "core/base/number.hpp"

namespace command_exporter {
namespace {

const LiveRun* FindRun(std::span<const LiveRun> runs, std::uint64_t serial) {
  const auto found = std::ranges::find(runs, serial, &LiveRun::serial);
  return found == runs.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::uint64_t> OwnerOf(const OrphanFacts& orphan,
                                     std::span<const LiveRun> runs) {
  for (const LiveRun& run : runs) {
    if (run.leader == orphan.session ||
        (orphan.cgroup != 0 && run.cgroup == orphan.cgroup)) {
      return run.serial;
    }
  }
  if (orphan.marker) {
    const LiveRun* const run = FindRun(runs, *orphan.marker);
    return run != nullptr ? std::optional(run->serial) : std::nullopt;
  }
  std::optional<std::uint64_t> only;
  for (const LiveRun& run : runs) {
    if (run.serial > orphan.last_serial) {
      continue;
    }
    if (only) {
      return std::nullopt;
    }
    only = run.serial;
  }
  return only;
}

std::uint64_t LastRunBefore(Duration process_start,
                            std::span<const LiveRun> runs) {
  std::uint64_t last = 0;
  for (const LiveRun& run : runs) {
    if (run.started <= process_start) {
      last = std::max(last, run.serial);
    }
  }
  return last;
}

OrphanFate FateOf(const OrphanFacts& orphan, std::optional<std::uint64_t> owner,
                  std::span<const LiveRun> runs) {
  if (owner) {
    const LiveRun* const run = FindRun(runs, *owner);
    return run == nullptr || run->ending ? OrphanFate::kKill
                                         : OrphanFate::kLeave;
  }
  if (orphan.marker) {
    return OrphanFate::kKill;
  }
  const bool possible =
      std::ranges::any_of(runs, [&orphan](const LiveRun& run) {
        return run.serial <= orphan.last_serial && !run.ending;
      });
  return possible ? OrphanFate::kLeave : OrphanFate::kKill;
}

std::optional<std::uint64_t> FindMarker(std::string_view environment,
                                        std::string_view prefix) {
  while (!environment.empty()) {
    const std::string_view variable =
        environment.substr(0, environment.find('\0'));
    environment.remove_prefix(
        std::min(variable.size() + 1, environment.size()));
    if (variable.substr(0, prefix.size()) != prefix) {
      continue;
    }
    const auto serial =
        ParseInteger<std::uint64_t>(variable.substr(prefix.size()));
    if (serial) {
      return serial;
    }
  }
  return std::nullopt;
}

}  // namespace command_exporter
