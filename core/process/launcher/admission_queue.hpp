// AdmissionQueue: the runs that wait for their start.
//
// Collectors take turns, so that a collector with a thousand instances does not
// delay the others. Only a start uses up a turn: a run that leaves in another
// way (cancelled, refused) costs its collector nothing.
//
// Thread safety: none. Times are arguments, so tests need no clock.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_QUEUE_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_QUEUE_HPP_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/deadline.hpp"
#include "core/process/launcher/run_command.hpp"

namespace command_exporter {

struct WaitingRun {
  std::uint64_t job{};
  RunCommand* command{};
  std::shared_ptr<Generation> generation{};  // owner of `command`
  Duration timeout{};
  Clock::time_point queued_at{};
  Deadline start_by{};  // refused after this
};

// The due time for the pace of a busy host: a quarter of the way from queueing
// to start_by. A later start would leave the run little of its scrape's time.
Deadline WantedBy(const WaitingRun& run);

class AdmissionQueue {
 public:
  using Condition = std::function<bool(const WaitingRun&)>;

  // A summary of the runs that fulfil a condition.
  struct Candidates {
    std::size_t count{};
    Deadline wanted_by{};  // the earliest; never, when there is none
  };

  void Add(WaitingRun run);

  // Takes out the next run, in turn, that fulfils `condition`.
  std::optional<WaitingRun> Take(const Condition& condition);
  // The same, but without using up a turn.
  std::optional<WaitingRun> Remove(const Condition& condition);

  std::size_t size() const { return size_; }

  // Postpones the start_by of a job. A job that does not wait is ignored.
  void Extend(std::uint64_t job, Deadline start_by);

  Candidates Count(const Condition& condition) const;

  // The earliest start_by; never, when nothing waits.
  Deadline NextStartBy() const;

 private:
  struct Lane {
    std::uint64_t collector{};
    std::deque<WaitingRun> runs{};
  };

  std::deque<Lane> lanes_{};  // none is empty; the front one is next
  std::size_t size_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_QUEUE_HPP_
