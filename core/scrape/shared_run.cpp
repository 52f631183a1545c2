#include "core/scrape/shared_run.hpp"

#include <exception>
#include <string>
#include <utility>

namespace command_exporter {

RunTicket::RunTicket(std::shared_ptr<SharedRun> run) : run_(std::move(run)) {}

RunTicket::RunTicket(std::shared_ptr<Outcome> kept)
    : outcome_(std::move(kept)) {}

RunTicket::~RunTicket() {
  Leave();
}

RunTicket& RunTicket::operator=(RunTicket&& other) noexcept {
  if (this != &other) {
    Leave();
    run_ = std::move(other.run_);
    outcome_ = std::move(other.outcome_);
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

void SharedRun::Start(const Collector& collector, const CollectRequest& request,
                      CollectCallbacks callbacks) {
  callbacks.outcome = [self = shared_from_this()](Outcome outcome) {
    self->End(std::move(outcome));
  };
  CollectHandle handle;
  try {
    handle = collector.Collect(request, std::move(callbacks));
  } catch (const std::exception& error) {
    Fail(error.what());
  } catch (...) {
    Fail("an exception of unknown type");
  }
  std::unique_lock lock(mutex_);
  // An ended run must not keep the handle, which may own the owner of this run.
  if (phase_ != Phase::kRunning) {
    return;
  }
  handle_ = handle;
  const Deadline start_by = start_by_.value_or(request.deadline);
  lock.unlock();
  if (handle.extend && start_by > request.deadline) {
    handle.extend(start_by);  // another scrape joined before the handle was set
  }
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
  CollectHandle spent;
  RunObservers observers;
  {
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::kRunning) {
      return;
    }
    phase_ = Phase::kEnding;
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
