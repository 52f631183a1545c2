#include "core/scrape/shared_run.hpp"

#include <exception>
#include <string>
#include <utility>

namespace command_exporter {

RunTicket::RunTicket(std::shared_ptr<SharedRun> run) : run_(std::move(run)) {}

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

std::shared_ptr<const Outcome> RunTicket::Wait(Deadline until) {
  const std::shared_ptr<SharedRun> run = std::exchange(run_, nullptr);
  std::unique_lock lock(run->mutex_);
  run->ended_.wait_until(lock, until.at(), [&run] {
    return run->phase_ == SharedRun::Phase::kEnded;
  });
  outcome_ = run->outcome_;
  alone_ = run->joined_ == 1;
  left_running_ = run->Leave(std::move(lock));
  return outcome_;
}

MetricFamilies RunTicket::TakeFamilies() {
  return alone_ ? std::move(outcome_->families) : outcome_->families;
}

SharedRun::SharedRun(RunObservers observers)
    : observers_(std::move(observers)) {}

std::optional<RunTicket> SharedRun::Join() {
  const std::lock_guard lock(mutex_);
  if (phase_ != Phase::kRunning) {
    return std::nullopt;
  }
  ++waiters_;
  ++joined_;
  return RunTicket(shared_from_this());
}

void SharedRun::Start(const Collector& collector, const CollectRequest& request,
                      CollectCallbacks callbacks) {
  callbacks.outcome = [self = shared_from_this()](Outcome outcome) {
    self->End(std::move(outcome));
  };
  CancelFunction cancel;
  try {
    cancel = collector.Collect(request, std::move(callbacks));
  } catch (const std::exception& error) {
    Fail(error.what());
  } catch (...) {
    Fail("an exception of unknown type");
  }
  const std::lock_guard lock(mutex_);
  // An ended run must not keep it: it may own what owns this run.
  if (phase_ == Phase::kRunning) {
    cancel_ = std::move(cancel);
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
  CancelFunction spent;
  RunObservers observers;
  {
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::kRunning) {
      return;
    }
    phase_ = Phase::kEnding;
    spent = std::exchange(cancel_, nullptr);
    observers = std::exchange(observers_, {});
  }
  // Not under the lock: it may log, and a scrape that waits here must be able
  // to go at its deadline even when nobody reads the log.
  observers.ended(outcome);
  {
    const std::lock_guard lock(mutex_);
    phase_ = Phase::kEnded;
    if (waiters_ > 0) {
      outcome_ = std::make_shared<Outcome>(std::move(outcome));
    }
  }
  ended_.notify_all();
}

bool SharedRun::Leave(std::unique_lock<std::mutex> lock) {
  if (--waiters_ > 0) {
    return phase_ == Phase::kRunning;
  }
  outcome_.reset();
  if (phase_ != Phase::kRunning) {
    return false;
  }
  phase_ = Phase::kCancelled;
  const CancelFunction cancel = std::exchange(cancel_, nullptr);
  const RunObservers observers = std::exchange(observers_, {});
  lock.unlock();
  if (cancel) {
    cancel();
  }
  observers.abandoned(Clock::now() - started_);
  return false;
}

}  // namespace command_exporter
