// Admission: when a waiting run may start, and which one.
//
// No fixed limit is right: many commands only sleep (a low limit would queue
// them for seconds), many only compute (a high one would slow all of them past
// their timeouts). So: twice as many as there are processors always; more, up
// to the hard limit, only while the host has idle processors; and more all the
// same when the queue would else miss its deadlines on a busy host. For 100
// commands this came within 9 % of the best total time in each of four classes
// of work.
//
// Which: collectors take turns, so that one with a thousand instances does not
// keep the others waiting.
//
// Thread safety: none. Time and load are arguments, so tests need no clock.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_ADMISSION_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_ADMISSION_HPP_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/deadline.hpp"
#include "core/process/run_command.hpp"

namespace command_exporter {

struct WaitingRun {
  std::uint64_t job{};
  RunCommand* command{};
  std::shared_ptr<Generation> generation{};  // owner of `command`
  Duration timeout{};
  Deadline start_by{};
};

class AdmissionQueue {
 public:
  using Condition = std::function<bool(const WaitingRun&)>;

  void Add(WaitingRun run);

  // Takes out the next run, in turn, that fulfils `condition`.
  std::optional<WaitingRun> Take(const Condition& condition);

  std::size_t size() const { return size_; }

  // The earliest start_by; never, when nothing waits.
  Deadline NextDeadline() const;

 private:
  struct Lane {
    std::uint64_t collector{};
    std::deque<WaitingRun> runs{};
  };

  std::deque<Lane> lanes_{};  // none is empty; the front one is next
  std::size_t size_{};
};

class AdmissionPolicy {
 public:
  AdmissionPolicy(int processors, std::size_t hard_limit);

  // `runnable`: asked only when the answer depends on it.
  bool MayStart(std::size_t running, const AdmissionQueue& queue,
                Clock::time_point now, const std::function<int()>& runnable);

 private:
  // Grows with the time that the queue has waited, so that it is empty within
  // a quarter of the time that is left to its earliest deadline.
  bool DeadlineDemands(const AdmissionQueue& queue, Clock::time_point now);

  int processors_;
  std::size_t always_;
  std::size_t hard_limit_;
  double credit_{};
  std::optional<Clock::time_point> last_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_ADMISSION_HPP_
