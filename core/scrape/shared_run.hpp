// SharedRun: one run of one collector, waited for by every scrape that came
// while it ran.
//
// Two Prometheus servers that scrape at the same moment must not run every
// command twice, so a scrape joins the run that is under way. A scrape holds a
// RunTicket from the moment it joins (not from the moment it waits: it joins
// all runs first, and nobody may cancel one of them meanwhile). The last
// ticket to go from an unfinished run cancels it; from then on it cannot be
// joined, and neither can a finished one: whether a result is served again is
// for its Source to decide, which then keeps the outcome. A run whose outcome
// is kept is not cancelled: it goes on to its end, which its own timeout
// bounds, and may be joined meanwhile.
//
// A run may have to wait for its start, and is refused when the scrape that
// asked for it has no time left. Another one that joins may have more; its
// start is then put off, so that nobody is refused for somebody else's hurry.
//
// Thread safety: all functions may be called from any thread. Invariants: of
// the observers exactly one is called, once, outside the lock: `ended` before
// any waiter sees the outcome, or `abandoned`. The outcome of an abandoned run
// is thrown away. Whoever starts a run holds a ticket, so no cancel can come
// before Collect has returned.
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

// A scrape's place at a run. Destroying it leaves the run.
class RunTicket {
 public:
  RunTicket() = default;
  // For an outcome that is there already and stays with its owner.
  explicit RunTicket(std::shared_ptr<Outcome> kept);
  ~RunTicket();
  RunTicket(RunTicket&& other) noexcept = default;
  RunTicket& operator=(RunTicket&& other) noexcept;
  RunTicket(const RunTicket&) = delete;
  RunTicket& operator=(const RunTicket&) = delete;

  // Blocks until the run has ended or `until` has passed, and stays.
  void Await(Deadline until) const;

  // Blocks until the run has ended or `until` has passed, and leaves the run.
  // Null: it has not ended. Requires: called once.
  std::shared_ptr<const Outcome> Wait(Deadline until);

  // After a Wait that gave none: the run goes on, for others or for what is
  // kept of it. False: this was the last to wait and the run is accounted as
  // abandoned, or it was just ending and is accounted as what it came to.
  bool left_running() const { return left_running_; }

  // The outcome's families, after a Wait that gave one: moved out when no
  // other scrape ever joined the run and nobody keeps it, else copied.
  // Requires: called once.
  MetricFamilies TakeFamilies();

 private:
  friend class SharedRun;
  explicit RunTicket(std::shared_ptr<SharedRun> run);
  void Leave();

  std::shared_ptr<SharedRun> run_;    // null: left, or never needed
  std::shared_ptr<Outcome> outcome_;  // set by Wait, or from the beginning
  bool alone_{};                      // nobody else can see outcome_
  bool left_running_{};
};

struct RunObservers {
  std::function<void(const std::shared_ptr<Outcome>&)> ended{};
  // `after` is the time since Start.
  std::function<void(Duration after)> abandoned{};
};

class SharedRun : public std::enable_shared_from_this<SharedRun> {
 public:
  // `outcome_is_kept`: by an observer. Nobody takes it apart then, and whoever
  // comes while the observer looks at it still joins, so that no moment is left
  // in which neither the run nor what is kept of it can be had.
  // Requires: both observers are set. Made by std::make_shared.
  SharedRun(RunObservers observers, bool outcome_is_kept);

  // None when the run has ended or is being cancelled. `start_by`: as in
  // CollectRequest.
  std::optional<RunTicket> Join(Deadline start_by);

  // Calls Collect; `usage` and `stuck` of `callbacks` are passed on. A Collect
  // that throws has started nothing: the run ends with reason `spawn`.
  // Requires: called once, by the holder of a ticket.
  void Start(const Collector& collector, const CollectRequest& request,
             CollectCallbacks callbacks);

 private:
  friend class RunTicket;

  enum class Phase : std::uint8_t { kRunning, kEnding, kEnded, kCancelled };

  void WaitForEnd(std::unique_lock<std::mutex>& lock, Deadline until);
  void End(Outcome outcome);
  void Fail(const char* what);
  // True: the run goes on.
  bool Leave(std::unique_lock<std::mutex> lock);

  const Clock::time_point started_ = Clock::now();
  const bool outcome_is_kept_;

  std::mutex mutex_;
  // Gone once called: they own the collector, which may still own this run.
  RunObservers observers_;
  std::condition_variable ended_;
  Phase phase_ = Phase::kRunning;
  std::size_t waiters_ = 0;  // tickets that have not left
  std::size_t joined_ = 0;   // tickets ever given
  CollectHandle handle_;
  std::optional<Deadline> start_by_;  // the latest of all that joined
  std::shared_ptr<Outcome> outcome_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_SHARED_RUN_HPP_
