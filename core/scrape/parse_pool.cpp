#include "core/scrape/parse_pool.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "core/base/log.hpp"

namespace command_exporter {
namespace {

// The last bulkhead: a defect in one parser must not end the program.
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
  threads_.reserve(threads);
  try {
    for (std::size_t i = 0; i < threads; ++i) {
      threads_.emplace_back([this] { Work(); });
    }
  } catch (...) {
    Stop();  // a thread that is not joined would end the process
    throw;
  }
}

ParsePool::~ParsePool() {
  Stop();
}

void ParsePool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

void ParsePool::Run(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

std::function<void(std::function<void()>)> ParsePool::executor() {
  return [this](std::function<void()> task) { Run(std::move(task)); };
}

void ParsePool::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) {
      return;
    }
    // Destroyed before the lock is taken again: it may own a large output.
    {
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      RunGuarded(task);
    }
    lock.lock();
  }
}

}  // namespace command_exporter
