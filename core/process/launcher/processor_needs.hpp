// ProcessorNeeds: the processor time of each collector's runs, and whether one
// more run would still get what it needs.
//
// A run's need is learned from the ended runs of its collector. An average over
// all collectors would be wrong: a hundred cheap commands would hide the needs
// of a dozen heavy ones. A run that we ended early needed more than it got, so
// it can only raise the need, to twice what it got; this finds an unknown need
// in a few steps. A run whose program was never executed gives no information.
//
// While a run takes what it needs, each process that shares the processors
// takes at most as much, and at most its own need. A run therefore gets its
// need within (its need + the sum over the live runs of the lesser of both
// needs) / processors, whatever the live runs are.
//
// Thread safety: none. Invariant: a collector that the newest table lacks is
// kept at most until the next table.
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
  // Until a run of a collector has ended, its need is assumed to be small.
  static constexpr Duration kUnknown = std::chrono::milliseconds{100};

  void Started(std::uint64_t job, std::uint64_t collector);
  // A job that is not live is ignored.
  void Ended(const DoneMessage& end);
  void KeepOnly(const std::unordered_set<std::uint64_t>& collectors);

  Duration Of(std::uint64_t collector) const;

  // Whether one more run of `collector` among the live ones would get its need
  // within half of `timeout`.
  bool Suffice(std::uint64_t collector, Duration timeout, int processors) const;

  // The number of remembered collectors.
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
