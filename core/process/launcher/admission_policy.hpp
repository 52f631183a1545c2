// AdmissionPolicy: when a waiting run may start, and which one.
//
// No fixed limit is right: many commands only sleep (a low limit would queue
// them for seconds), many only compute (a high limit would slow all of them
// past their timeouts). Therefore: twice as many runs as processors may always
// start; more, up to the hard limit, only while the host has idle processors;
// and more on a busy host too, if the queue would otherwise miss its deadlines.
//
// The last rule is the pace, and it has a bound. The pace spreads the runs that
// wait only for a place over the time until the first of them is due; those
// that wait in the web side for room in the queue are among them. A run that
// waits for the end of its predecessor does not change the pace. The bound
// answers who keeps the host busy, others or our own commands. Commands that
// sleep must not starve because others compute. But a hundred commands that
// compute must not compete until all of them time out. A run is therefore
// started on a busy host only if, among the live runs, it can get its
// collector's usual need within half of its timeout (processor_needs.hpp).
// Other runs may pass one that cannot; it waits for one of the places that are
// always available.
//
// Which: collectors take turns (admission_queue.hpp). Turns alone do not help a
// collector that comes when a thousand instances of another have all places.
// Therefore the last places are kept: one for each collector without a live
// run, at most a quarter of the hard limit. A matrix then fills the rest, and a
// collector such as `free` starts at once. (Starting it beyond the hard limit
// would break the promise of --max-concurrency.) Below the hard limit no place
// is kept, because there the host's load decides, and the next turn comes with
// the next start.
//
// Thread safety: none. Time and load are arguments, so tests need no clock.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_POLICY_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_POLICY_HPP_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/deadline.hpp"
#include "core/process/launcher/admission_queue.hpp"
#include "core/process/launcher/processor_needs.hpp"

namespace command_exporter {

class AdmissionPolicy {
 public:
  enum class Verdict : std::uint8_t {
    kStart,
    kBusyHost,  // no event will end this: ask again soon
    kFull,      // at the hard limit; the end of a run changes it
    kNoneFree,  // no run may start; the end of a run changes it
  };

  struct Waiting {
    AdmissionQueue& queue;
    // The run needs no other run's end; the pace counts these runs.
    AdmissionQueue::Condition free{};
    // A subset of the free runs: no place is kept from the run.
    AdmissionQueue::Condition may{};
    // Runs that wait in the web side, and will come when these have started.
    std::size_t behind{};
  };

  struct Decision {
    Verdict verdict{};
    std::optional<WaitingRun> run{};  // the one to be started
  };

  AdmissionPolicy(int processors, std::size_t hard_limit);

  // Takes the next run to be started out of the queue, if there is one.
  // `runnable` counts the host's processes and is called only when the answer
  // depends on it. Call this until it starts no run.
  Decision Decide(std::size_t running, const Waiting& waiting,
                  Clock::time_point now, const std::function<int()>& runnable);

  // The places that a collector with a live instance must leave to the `idle`
  // collectors without one.
  std::size_t KeptPlaces(std::size_t idle) const;

  std::size_t hard_limit() const { return hard_limit_; }

  ProcessorNeeds& needs() { return needs_; }

 private:
  Decision Choose(std::size_t running, const Waiting& waiting,
                  const std::function<int()>& runnable);
  // Sets the pace of starts on a busy host from the runs that are free now.
  void SetPace(const Waiting& waiting, Clock::time_point now);

  int processors_;
  std::size_t always_;
  std::size_t hard_limit_;
  double credit_{};           // starts that are due
  double pace_{};             // growth of credit_ per second
  Clock::time_point last_{};  // when pace_ was set
  ProcessorNeeds needs_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_POLICY_HPP_
