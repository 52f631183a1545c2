// The parse pool and tasks that do not come back in time.
#include "core/scrape/parse_pool.hpp"

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

using std::chrono::milliseconds;

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
    changed_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

bool WaitUntil(const std::function<bool()>& condition) {
  const Deadline deadline = Deadline::After(std::chrono::seconds{30});
  while (!condition() && !deadline.Passed()) {
    std::this_thread::sleep_for(milliseconds{5});
  }
  return condition();
}

struct Counts {
  std::atomic<int> ended{};
  std::atomic<int> overdue{};
  std::atomic<int> released{};
  std::atomic<int> refused{};
};

// One that waits for the gate and may take `limit`.
ParseTask Hanging(Gate& gate, Counts& counts, Duration limit) {
  return {.work =
              [&] {
                gate.Wait();
                ++counts.ended;
              },
          .limit = limit,
          .overdue = [&] { ++counts.overdue; },
          .released = [&] { ++counts.released; },
          .refused = [&] { ++counts.refused; }};
}

TEST_CASE("a task that is overdue costs one thread, which another replaces") {
  Gate gate;
  Counts counts;
  {
    ParsePool pool(1);
    pool.Run(Hanging(gate, counts, milliseconds{20}));
    REQUIRE(WaitUntil([&] { return counts.overdue == 1; }));
    CHECK(ParsePool::LostThreads() == 1);
    std::promise<void> ran;
    pool.Run({.work = [&] { ran.set_value(); }});
    ran.get_future().wait();
    CHECK(counts.released == 0);
    gate.Open();
    REQUIRE(WaitUntil([&] { return counts.released == 1; }));
  }
  CHECK(counts.ended == 1);
  CHECK(counts.overdue == 1);
  CHECK(WaitUntil([] { return ParsePool::LostThreads() == 0; }));
}

TEST_CASE("a task that ends within its limit is neither overdue nor released") {
  Counts counts;
  Gate gate;
  gate.Open();
  {
    ParsePool pool(2);
    for (int i = 0; i < 100; ++i) {
      pool.Run(Hanging(gate, counts, std::chrono::minutes{1}));
    }
  }
  CHECK(counts.ended == 100);
  CHECK(counts.overdue == 0);
  CHECK(counts.released == 0);
  CHECK(counts.refused == 0);
}

TEST_CASE("with too many threads lost only tasks without a limit are run") {
  constexpr int kMost = static_cast<int>(ParsePool::kMostLost);
  Gate gate;
  Counts counts;
  {
    ParsePool pool(1);
    for (int i = 0; i < kMost; ++i) {
      pool.Run(Hanging(gate, counts, milliseconds{5}));
      REQUIRE(WaitUntil([&] { return counts.overdue == i + 1; }));
    }
    pool.Run(Hanging(gate, counts, milliseconds{5}));
    CHECK(counts.refused == 1);
    std::promise<void> ran;
    pool.Run({.work = [&] { ran.set_value(); }});
    ran.get_future().wait();
    gate.Open();
    REQUIRE(WaitUntil([&] { return counts.released == kMost; }));
    pool.Run(Hanging(gate, counts, std::chrono::minutes{1}));
  }
  CHECK(counts.refused == 1);
  CHECK(counts.ended == kMost + 1);
  CHECK(WaitUntil([] { return ParsePool::LostThreads() == 0; }));
}

TEST_CASE("a task that comes back is released only once it was told overdue") {
  Gate gate;
  std::atomic<bool> told = false;
  std::atomic<int> wrong = -1;
  {
    ParsePool pool(1);
    pool.Run({.work = [&] { gate.Wait(); },
              .limit = milliseconds{5},
              .overdue =
                  [&] {
                    // It comes back while this is being told.
                    gate.Open();
                    std::this_thread::sleep_for(milliseconds{100});
                    told = true;
                  },
              .released = [&] { wrong = told ? 0 : 1; },
              .refused = [] {}});
    REQUIRE(WaitUntil([&] { return wrong != -1; }));
  }
  CHECK(wrong == 0);
  CHECK(WaitUntil([] { return ParsePool::LostThreads() == 0; }));
}

TEST_CASE("the end of the pool does not wait for what hangs") {
  Gate gate;
  Counts counts;
  const Clock::time_point began = Clock::now();
  {
    ParsePool pool(2);
    pool.Run(Hanging(gate, counts, std::chrono::hours{1}));
    // Queued, too: it gets a thread and its time.
    pool.Run(Hanging(gate, counts, std::chrono::hours{1}));
    pool.Run(Hanging(gate, counts, std::chrono::hours{1}));
  }
  CHECK(Clock::now() - began < 10 * ParsePool::kLastWait);
  CHECK(counts.overdue == 3);
  CHECK(counts.released == 0);
  gate.Open();
  CHECK(WaitUntil([&] { return counts.released == 3; }));
  CHECK(WaitUntil([] { return ParsePool::LostThreads() == 0; }));
}

}  // namespace
}  // namespace command_exporter
