// SharedRun: one run of one collector, shared by every scrape that came while
// it was live.
//
// Two Prometheus servers that scrape at the same moment must not run every
// command twice, so a scrape joins a live run. A scrape holds a RunTicket from
// the moment it joins. It joins all runs before it waits for any of them, and
// no other scrape may cancel one meanwhile. When the last ticket leaves an
// unfinished run, the run is cancelled. A cancelled run cannot be joined, and
// neither can a finished one: its Source decides whether a result is reused,
// and then keeps the outcome. A run whose outcome is kept is not cancelled: it
// goes on until its own timeout, and may be joined meanwhile.
//
// A run may have to wait for its start, and is refused when the scrape that
// requested it has no time left. Another scrape that joins may have more time.
// It then postpones the latest start, so that its run is not refused because of
// the shorter deadline. The refusal may be on its way already: then the work is
// started again, with the later deadline, and nobody sees that refusal. No
// scrape with time left can share the refusal of one that had none.
//
// Thread safety: all functions may be called from any thread. Invariants:
// exactly one of the observers is called, once, outside the lock: `ended`
// before any waiter sees the outcome, or `abandoned`. The outcome of an
// abandoned run is discarded. The caller of Start holds a ticket, so no cancel
// can come before Collect has returned.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_SHARED_RUN_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_SHARED_RUN_HPP_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include "core/base/deadline.hpp"
#include "core/metrics/families.hpp"
#include "core/scrape/collector.hpp"
#include "core/scrape/outcome.hpp"

namespace command_exporter {

class SharedRun;

// A scrape's share in a run. Destroying it leaves the run.
class RunTicket {
 public:
  RunTicket() = default;
  // For an outcome that already exists and stays with its owner. `samples`: the
  // families are those of this earlier outcome; null: its own.
  explicit RunTicket(std::shared_ptr<Outcome> kept,
                     std::shared_ptr<const Outcome> samples = nullptr);
  ~RunTicket();
  RunTicket(RunTicket&& other) noexcept = default;
  RunTicket& operator=(RunTicket&& other) noexcept;
  RunTicket(const RunTicket&) = delete;
  RunTicket& operator=(const RunTicket&) = delete;

  // Blocks until the run has ended or `until` has passed; does not leave the
  // run.
  void Await(Deadline until) const;

  // Blocks until the run has ended or `until` has passed, and leaves the run.
  // Null: it has not ended. Requires: called once.
  std::shared_ptr<const Outcome> Wait(Deadline until);

  // After a Wait without an outcome: the run goes on, for other scrapes or to
  // be kept. False: this was the last waiter and the run counts as abandoned,
  // or it was just ending and counts with its result.
  bool left_running() const { return left_running_; }

  // After a Wait that returned an outcome: there are families to take.
  bool has_samples() const { return samples_ || !outcome_->failure; }

  // Of the outcome that the families are from. Requires: has_samples().
  const Drops& drops() const {
    return samples_ ? samples_->drops : outcome_->drops;
  }

  // The outcome's families, after a Wait that returned one: moved out when no
  // other scrape ever joined the run and its outcome is not kept, else copied.
  // Requires: called once.
  MetricFamilies TakeFamilies();

 private:
  friend class SharedRun;
  explicit RunTicket(std::shared_ptr<SharedRun> run);
  void Leave();

  std::shared_ptr<SharedRun> run_;    // null: left, or never needed
  std::shared_ptr<Outcome> outcome_;  // set by Wait or the constructor
  std::shared_ptr<const Outcome> samples_;
  bool alone_{};  // no one else can see outcome_
  bool left_running_{};
};

struct RunObservers {
  std::function<void(const std::shared_ptr<Outcome>&)> ended{};
  // `after` is the time since Start.
  std::function<void(Duration after)> abandoned{};
};

class SharedRun : public std::enable_shared_from_this<SharedRun> {
 public:
  // `outcome_is_kept`: an observer keeps the outcome, so its families are never
  // moved out. A scrape that comes while the observer runs still joins, so that
  // at any moment either the run or its kept outcome is available. Requires:
  // both observers are set. Created by std::make_shared.
  SharedRun(RunObservers observers, bool outcome_is_kept);

  // None when the run has ended or is being cancelled. `start_by`: as in
  // CollectRequest.
  std::optional<RunTicket> Join(Deadline start_by);

  // Calls Collect; `usage` and `stuck` of `callbacks` are passed on. A Collect
  // that throws has started nothing: the run ends with reason `spawn`.
  // Requires: called once, by the holder of a ticket.
  void Start(std::shared_ptr<const Collector> collector,
             const CollectRequest& request, CollectCallbacks callbacks);

 private:
  friend class RunTicket;

  enum class Phase : std::uint8_t { kRunning, kEnding, kEnded, kCancelled };

  // What is needed to call Collect, and to call it again.
  struct Work {
    std::shared_ptr<const Collector> collector{};
    CollectCallbacks callbacks{};
    std::uint32_t attempt{};
  };

  void WaitForEnd(std::unique_lock<std::mutex>& lock, Deadline until);
  void Collect(Work work, Deadline start_by);
  // Keeps the handle of an attempt, if it is still the one that counts.
  void Keep(const CollectHandle& handle, std::uint32_t attempt,
            Deadline start_by);
  // An attempt to be started by `start_by` has an outcome.
  void Take(Outcome outcome, Deadline start_by);
  // Under mutex_. The work to be started again in the place of a refusal; none,
  // when the outcome stands.
  std::optional<Work> Again(const Outcome& outcome, Deadline start_by);
  void End(Outcome outcome);
  void Fail(const char* what);
  // True: the run goes on.
  bool Leave(std::unique_lock<std::mutex> lock);

  const Clock::time_point started_ = Clock::now();
  const bool outcome_is_kept_;

  std::mutex mutex_;
  // Cleared once called: they own the collector, which may still own this run.
  RunObservers observers_;
  Work work_;
  std::condition_variable ended_;
  Phase phase_ = Phase::kRunning;
  std::size_t waiters_ = 0;  // tickets that have not left
  std::size_t joined_ = 0;   // tickets ever given
  CollectHandle handle_;
  std::optional<Deadline> start_by_;  // the latest of all joined scrapes
  std::shared_ptr<Outcome> outcome_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SHARED_RUN_HPP_
