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
// The last of these rules has a bound of its own. Who keeps the host busy,
// others or our own commands? Sleepers must not starve because others compute;
// but a hundred commands that compute must not be started against each other
// until all of them time out. The processor time of the runs that have ended
// tells them apart: no more are pressed on a busy host than can, each, have
// what a run usually needs within half of its timeout. That holds for a host
// with foreign load as well, since every process gets its share.
//
// Which: collectors take turns, so that one with a thousand instances does not
// keep the others waiting. Turns alone do not help a collector that comes when
// the thousand have all places, so the last places are kept: one for each
// collector of which nothing runs, at most a quarter of the hard limit. A
// matrix then fills the rest, and `free` starts at once. (To start it beyond
// the hard limit would break what --max-concurrency promises.) Below the hard
// limit nothing is kept: there the host's load decides, and the next turn is
// never further away than one start.
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
  Deadline start_by{};   // refused then
  Deadline wanted_by{};  // the pace of a busy host: see WantedBy
};

// A quarter of the way from `now` to `start_by`: later than that, a run would
// have little of its scrape's time.
Deadline WantedBy(Clock::time_point now, Deadline start_by);

class AdmissionQueue {
 public:
  using Condition = std::function<bool(const WaitingRun&)>;

  void Add(WaitingRun run);

  // Takes out the next run, in turn, that fulfils `condition`.
  std::optional<WaitingRun> Take(const Condition& condition);

  std::size_t size() const { return size_; }

  // Puts off its start_by. A job that does not wait is ignored.
  void Extend(std::uint64_t job, Deadline start_by);

  // Some run fulfils `condition`.
  bool Any(const Condition& condition) const;

  // The earliest; never, when nothing waits.
  Deadline NextStartBy() const;
  Deadline NextWantedBy() const;
  Duration ShortestTimeout() const;

 private:
  struct Lane {
    std::uint64_t collector{};
    std::deque<WaitingRun> runs{};
  };

  template <typename Value>
  Value Least(Value least, Value WaitingRun::*field) const;

  std::deque<Lane> lanes_{};  // none is empty; the front one is next
  std::size_t size_{};
};

class AdmissionPolicy {
 public:
  enum class Verdict : std::uint8_t {
    kStart,
    kBusyHost,  // nobody tells when that changes: ask again soon
    kFull,      // at the hard limit; the end of a run changes it
  };

  AdmissionPolicy(int processors, std::size_t hard_limit);

  // Whether one more may start. Requires: the queue is not empty. `runnable`:
  // asked only when the answer depends on it.
  Verdict Decide(std::size_t running, const AdmissionQueue& queue,
                 Clock::time_point now, const std::function<int()>& runnable);

  // Places that a collector with a running instance must leave to the `idle`
  // collectors of which nothing runs.
  std::size_t KeptPlaces(std::size_t idle) const;

  std::size_t hard_limit() const { return hard_limit_; }

  void Started();
  // Of a run that had a process.
  void Ended(Duration cpu);
  void QueueIsEmpty();

 private:
  // Grows with the time that the queue has waited, so that it is empty when
  // the first of it is wanted.
  bool DeadlineDemands(const AdmissionQueue& queue, Clock::time_point now);
  // One more would still get the processor time that it usually needs.
  bool ProcessorsSuffice(std::size_t running, Duration timeout) const;

  int processors_;
  std::size_t always_;
  std::size_t hard_limit_;
  double credit_{};
  std::optional<Clock::time_point> last_{};
  // Of a run, as the last ones had it. Until one has ended, commands are taken
  // for such that compute a little.
  double usual_cpu_seconds_{0.05};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_ADMISSION_HPP_
