// The parse pool and tasks that wait for others.
#include "core/scrape/parse_pool.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include <catch2/catch.hpp>

#include "core/base/deadline.hpp"

namespace command_exporter {
namespace {

// Holds tasks until it is opened.
class Gate {
 public:
  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

  void Wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }

  // False when it takes too long.
  bool WaitFor(int tasks) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30},
                             [&] { return waiting_ >= tasks; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

TEST_CASE("tasks that wait keep no thread from the others") {
  constexpr int kMost = static_cast<int>(ParsePool::kMostWaiting);
  Gate gate;
  std::atomic<int> ended = 0;
  {
    ParsePool pool(1);
    for (int i = 0; i < kMost + 3; ++i) {
      pool.Run({.work =
                    [&] {
                      gate.Wait();
                      ++ended;
                    },
                .waits = true});
    }
    REQUIRE(gate.WaitFor(kMost));
    std::promise<void> ran;
    pool.Run({.work = [&] { ran.set_value(); }});
    ran.get_future().wait();
    CHECK(ended == 0);
    gate.Open();
  }
  CHECK(ended == kMost + 3);
}

TEST_CASE("a thread that has waited takes the next task that waits") {
  std::set<std::thread::id> threads;
  {
    ParsePool pool(1);
    for (int i = 0; i < 20; ++i) {
      std::promise<std::thread::id> thread;
      pool.Run({.work = [&] { thread.set_value(std::this_thread::get_id()); },
                .waits = true});
      threads.insert(thread.get_future().get());
    }
  }
  // One more where a thread has not quite come back.
  CHECK(threads.size() <= 4);
}

}  // namespace
}  // namespace command_exporter
