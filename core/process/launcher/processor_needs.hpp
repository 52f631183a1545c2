// ProcessorNeeds: how much of a processor the runs of each collector take, and
// whether one more would still get what it needs.
//
// A run's need is learnt from the runs of its collector that have ended. An
// average over all would not do: a hundred cheap commands would hide what a
// dozen heavy ones need. A run that we cut short needed more than it had, so
// it can only raise the need, to twice of what it had: that finds an unknown
// need in a few steps. A run whose program was never executed says nothing.
//
// While a run takes what it needs, processes that share the processors with it
// take, each, as much or less: what they need themselves. So a run gets its
// need within (its need + the sum over the live of the lesser of both needs) /
// processors, whatever the live ones are.
//
// Thread safety: none. Invariants: of a collector that the newest table lacks
// nothing is kept for longer than until the next table.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_PROCESSOR_NEEDS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_PROCESSOR_NEEDS_HPP_

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

class ProcessorNeeds {
 public:
  // Until a run of a collector has ended, it is taken to compute a little.
  static constexpr Duration kUnknown = std::chrono::milliseconds{100};

  void Started(std::uint64_t job, std::uint64_t collector);
  // A job that is not live is ignored.
  void Ended(const DoneMessage& end);
  void KeepOnly(const std::unordered_set<std::uint64_t>& collectors);

  Duration Of(std::uint64_t collector) const;

  // One more run of `collector` among the live ones would have what it needs
  // within half of `timeout`.
  bool Suffice(std::uint64_t collector, Duration timeout, int processors) const;

  // Collectors that are remembered.
  std::size_t size() const { return usual_.size(); }

 private:
  struct Live {
    std::uint64_t job{};
    std::uint64_t collector{};
    Duration need{};
  };

  void Learn(std::uint64_t collector, Duration need);

  std::unordered_map<std::uint64_t, Duration> usual_{};
  std::vector<Live> live_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_PROCESSOR_NEEDS_HPP_
