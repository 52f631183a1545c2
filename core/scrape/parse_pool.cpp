#include "core/scrape/parse_pool.hpp"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "core/base/log.hpp"

namespace command_exporter {
namespace {

// The last safeguard: a defect in one parser must not end the program.
void RunGuarded(const std::function<void()>& task) {
  try {
    task();
  } catch (const std::exception& error) {
    Log(LogLevel::kError, {{"msg",
                            "a defect of the exporter: parsing threw; that "
                            "run has no outcome; please report it"},
                           {"err", error.what()}});
  } catch (...) {
    Log(LogLevel::kError, {{"msg",
                            "a defect of the exporter: parsing threw; that "
                            "run has no outcome; please report it"}});
  }
}

}  // namespace

std::size_t ParsePool::DefaultThreads() {
  constexpr std::size_t kMost = 4;
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMost);
}

ParsePool::ParsePool(std::size_t threads) {
  try {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < threads; ++i) {
      AddThread(reading_);
    }
  } catch (...) {
    Stop();  // a thread that is not joined would end the process
    throw;
  }
}

ParsePool::~ParsePool() {
  Stop();
}

void ParsePool::AddThread(Lane& lane) {
  lane.threads.emplace_back([this, &lane] { Work(lane); });
}

void ParsePool::Run(ParseTask task) {
  const std::lock_guard lock(mutex_);
  Lane* lane = task.waits ? &waiting_ : &reading_;
  if (task.waits && lane->idle <= lane->tasks.size() &&
      lane->threads.size() < kMostWaiting) {
    try {
      AddThread(*lane);
    } catch (const std::system_error&) {
      // The existing threads serve the task.
      lane = lane->threads.empty() ? &reading_ : lane;
    }
  }
  lane->tasks.push_back(std::move(task.work));
  lane->changed.notify_one();
}

void ParsePool::Work(Lane& lane) {
  std::unique_lock lock(mutex_);
  while (true) {
    ++lane.idle;
    lane.changed.wait(lock, [&] { return stopping_ || !lane.tasks.empty(); });
    --lane.idle;
    if (lane.tasks.empty()) {
      return;
    }
    Task task = std::move(lane.tasks.front());
    lane.tasks.pop_front();
    lock.unlock();
    RunGuarded(task);
    task = nullptr;  // unlocked: it may own a large output
    lock.lock();
  }
}

void ParsePool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    // Set under the lock, so that no thread misses it just before it sleeps.
    stopping_ = true;
  }
  for (Lane* lane : {&reading_, &waiting_}) {
    lane->changed.notify_all();
    for (std::thread& thread : lane->threads) {
      thread.join();
    }
  }
}

Executor ParsePool::executor() {
  return [this](ParseTask task) { Run(std::move(task)); };
}

}  // namespace command_exporter
