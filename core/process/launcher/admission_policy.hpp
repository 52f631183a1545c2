// Admission: when a waiting run may start, and which one.
//
// No fixed limit is right: many commands only sleep (a low limit would queue
// them for seconds), many only compute (a high one would slow all of them past
// their timeouts). So: twice as many as there are processors always; more, up
// to the hard limit, only while the host has idle processors; and more all the
// same when the queue would else miss its deadlines on a busy host.
//
// The last of these rules is the pace, and has a bound. The pace spreads those
// that wait, for nothing but a place, over the time until the first of them is
// wanted; who has to wait for its predecessor's end neither hastens nor slows
// it. The bound: who keeps the host busy, others or our own commands?
// Sleepers must not starve because others compute; but a hundred commands that
// compute must not be started against each other until all of them time out.
// So only such a run is pressed on a busy host as can, among those that are
// live, have what its collector usually needs within half of its timeout
// (processor_needs.hpp). Others may pass one that cannot: it waits for one of
// the places that are always there.
//
// Which: collectors take turns (admission_queue.hpp). Turns alone do not help
// a collector that comes when a thousand instances of another have all places,
// so the last places are kept: one for each collector of which nothing runs, at
// most a quarter of the hard limit. A matrix then fills the rest, and `free`
// starts at once. (To start it beyond the hard limit would break what
// --max-concurrency promises.) Below the hard limit nothing is kept: there the
// host's load decides, and the next turn is never further away than one start.
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
    kBusyHost,  // nobody tells when that changes: ask again soon
    kFull,      // at the hard limit; the end of a run changes it
    kNoneFree,  // none of them may start; the end of a run changes it
  };

  struct Waiting {
    AdmissionQueue& queue;
    // Its start needs no other run's end: the pace is for these.
    AdmissionQueue::Condition free{};
    // Of the free ones: no place is kept from it.
    AdmissionQueue::Condition may{};
  };

  struct Decision {
    Verdict verdict{};
    std::optional<WaitingRun> run{};  // the one to be started
  };

  AdmissionPolicy(int processors, std::size_t hard_limit);

  // Takes the next one to be started out of the queue, if there is any.
  // `runnable`: processes of the host; asked only when the answer depends on
  // it. To be called, again and again, until it starts none.
  Decision Decide(std::size_t running, const Waiting& waiting,
                  Clock::time_point now, const std::function<int()>& runnable);

  // Places that a collector with a running instance must leave to the `idle`
  // collectors of which nothing runs.
  std::size_t KeptPlaces(std::size_t idle) const;

  std::size_t hard_limit() const { return hard_limit_; }

  ProcessorNeeds& needs() { return needs_; }

 private:
  Decision Choose(std::size_t running, const Waiting& waiting,
                  const std::function<int()>& runnable);
  // What to press, of those that are free now, until the next look.
  void SetPace(const AdmissionQueue::Candidates& free, Clock::time_point now);

  int processors_;
  std::size_t always_;
  std::size_t hard_limit_;
  double credit_{};           // starts that are due
  double pace_{};             // by how many that grows in a second
  Clock::time_point last_{};  // when pace_ was set
  ProcessorNeeds needs_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_ADMISSION_POLICY_HPP_
