#include "core/scrape/shared_run.hpp"

#include <exception>
#include <string>
#include <utility>

namespace command_exporter {

RunTicket::RunTicket(std::shared_ptr<SharedRun> run) : run_(std::move(run)) {}

RunTicket::RunTicket(std::shared_ptr<Outcome> kept,
                     std::shared_ptr<const Outcome> samples)
    : outcome_(std::move(kept)),
      samples_(std::move(samples)) {}

RunTicket::~RunTicket() {
  Leave();
}

RunTicket& RunTicket::operator=(RunTicket&& other) noexcept {
  if (this != &other) {
    Leave();
    run_ = std::move(other.run_);
    outcome_ = std::move(other.outcome_);
    samples_ = std::move(other.samples_);
    alone_ = other.alone_;
    left_running_ = other.left_running_;
  }
  return *this;
}

void RunTicket::Leave() {
  if (const std::shared_ptr<SharedRun> run = std::exchange(run_, nullptr)) {
    run->Leave(std::unique_lock(run->mutex_));
  }
}

void RunTicket::Await(Deadline until) const {
  if (run_) {
    std::unique_lock lock(run_->mutex_);
    run_->WaitForEnd(lock, until);
  }
}

std::shared_ptr<const Outcome> RunTicket::Wait(Deadline until) {
  const std::shared_ptr<SharedRun> run = std::exchange(run_, nullptr);
  if (!run) {
    return outcome_;
  }
  std::unique_lock lock(run->mutex_);
  run->WaitForEnd(lock, until);
  outcome_ = run->outcome_;
  alone_ = run->joined_ == 1 && !run->outcome_is_kept_;
  left_running_ = run->Leave(std::move(lock));
  return outcome_;
}

MetricFamilies RunTicket::TakeFamilies() {
  if (samples_) {
    return samples_->families;
  }
  return alone_ ? std::move(outcome_->families) : outcome_->families;
}

SharedRun::SharedRun(RunObservers observers, bool outcome_is_kept)
    : outcome_is_kept_(outcome_is_kept),
      observers_(std::move(observers)) {}

std::optional<RunTicket> SharedRun::Join(Deadline start_by) {
  std::function<void(Deadline)> extend;
  {
    const std::lock_guard lock(mutex_);
    const bool ending = phase_ == Phase::kEnding && outcome_is_kept_;
    if (phase_ != Phase::kRunning && !ending) {
      return std::nullopt;
    }
    ++waiters_;
    ++joined_;
    if (!start_by_ || start_by > *start_by_) {
      start_by_ = start_by;
      extend = handle_.extend;
    }
  }
  if (extend) {
    extend(start_by);
  }
  return RunTicket(shared_from_this());
}

void SharedRun::Start(std::shared_ptr<const Collector> collector,
                      const CollectRequest& request,
                      CollectCallbacks callbacks) {
  Work work{std::move(collector), std::move(callbacks)};
  {
    const std::lock_guard lock(mutex_);
    work_ = work;
  }
  Collect(std::move(work), request.deadline);
}

void SharedRun::Collect(Work work, Deadline start_by) {
  work.callbacks.outcome = [self = shared_from_this(),
                            start_by](Outcome outcome) {
    self->Take(std::move(outcome), start_by);
  };
  CollectHandle handle;
  try {
    handle = work.collector->Collect({.deadline = start_by},
                                     std::move(work.callbacks));
  } catch (const std::exception& error) {
    Fail(error.what());
  } catch (...) {
    Fail("an exception of unknown type");
  }
  Keep(handle, work.attempt, start_by);
}

void SharedRun::Keep(const CollectHandle& handle, std::uint32_t attempt,
                     Deadline start_by) {
  std::unique_lock lock(mutex_);
  // An ended run must not keep the handle, which may own the owner of this run.
  if (phase_ != Phase::kRunning || attempt != work_.attempt) {
    const bool cancelled = phase_ == Phase::kCancelled;
    lock.unlock();
    if (cancelled && handle.cancel) {
      handle.cancel();  // the last ticket left while the work was started again
    }
    return;
  }
  handle_ = handle;
  const Deadline latest = start_by_.value_or(start_by);
  lock.unlock();
  if (handle.extend && latest > start_by) {
    handle.extend(latest);  // another scrape joined before the handle was set
  }
}

void SharedRun::Take(Outcome outcome, Deadline start_by) {
  std::optional<Work> again;
  Deadline later;
  {
    const std::lock_guard lock(mutex_);
    if ((again = Again(outcome, start_by))) {
      later = *start_by_;
    }
  }
  if (again) {
    Collect(*std::move(again), later);
  } else {
    End(std::move(outcome));
  }
}

// Each attempt has a later deadline than the one before, so there are at most
// as many as scrapes that joined.
std::optional<SharedRun::Work> SharedRun::Again(const Outcome& outcome,
                                                Deadline start_by) {
  const bool in_vain = phase_ == Phase::kRunning && outcome.came_too_late &&
                       start_by_ > start_by && !start_by_->Passed();
  if (!in_vain) {
    return std::nullopt;
  }
  handle_ = {};
  ++work_.attempt;
  return work_;
}

void SharedRun::Fail(const char* what) {
  Outcome outcome;
  outcome.failure =
      Failure{Reason::kSpawn,
              std::string("not started, by a defect of the exporter (") + what +
                  "); please report it"};
  outcome.duration = Clock::now() - started_;
  End(std::move(outcome));
}

void SharedRun::End(Outcome outcome) {
  Work work;
  CollectHandle spent;
  RunObservers observers;
  {
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::kRunning) {
      return;
    }
    phase_ = Phase::kEnding;
    work = std::exchange(work_, {});
    spent = std::exchange(handle_, {});
    observers = std::exchange(observers_, {});
  }
  // Called without the lock, because it may log: a scrape that waits here must
  // be able to leave at its deadline even if nobody reads the log.
  auto shared = std::make_shared<Outcome>(std::move(outcome));
  observers.ended(shared);
  {
    const std::lock_guard lock(mutex_);
    phase_ = Phase::kEnded;
    if (waiters_ > 0) {
      outcome_ = std::move(shared);
    }
  }
  ended_.notify_all();
}

void SharedRun::WaitForEnd(std::unique_lock<std::mutex>& lock, Deadline until) {
  ended_.wait_until(lock, until.at(),
                    [this] { return phase_ == Phase::kEnded; });
}

bool SharedRun::Leave(std::unique_lock<std::mutex> lock) {
  if (--waiters_ > 0) {
    return phase_ == Phase::kRunning;
  }
  outcome_.reset();
  if (phase_ != Phase::kRunning) {
    return false;
  }
  if (outcome_is_kept_) {
    return true;
  }
  phase_ = Phase::kCancelled;
  const Work work = std::exchange(work_, {});
  const CollectHandle handle = std::exchange(handle_, {});
  const RunObservers observers = std::exchange(observers_, {});
  // Called without the lock, as in End: the observer may log.
  lock.unlock();
  if (handle.cancel) {
    handle.cancel();
  }
  observers.abandoned(Clock::now() - started_);
  return false;
}

}  // namespace command_exporter
