// The parse pool and its waiting tasks.
#include "core/scrape/parse_pool.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <catch2/catch.hpp>

#include "core/base/deadline.hpp"
#include "core/scrape/process_metrics.hpp"
#include "tests/core/scrape/values.hpp"

namespace command_exporter {
namespace {

// Blocks tasks until it is opened.
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
  // One more if a thread has not quite returned.
  CHECK(threads.size() <= 4);
}

TEST_CASE("the parse pool runs every task, also those queued at its end") {
  std::atomic<int> done = 0;
  std::mutex mutex;
  std::set<std::thread::id> threads;
  {
    ParsePool pool(3);
    const auto executor = pool.executor();
    for (int i = 0; i < 500; ++i) {
      executor({.work = [&] {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
        ++done;
      }});
    }
  }
  CHECK(done == 500);
  CHECK(threads.size() <= 3);
  CHECK(threads.count(std::this_thread::get_id()) == 0);
  CHECK(ParsePool::DefaultThreads() >= 1);
  CHECK(ParsePool::DefaultThreads() <= 4);
}

TEST_CASE("a parse pool that gets no more threads throws and leaves none") {
  const pid_t child = fork();
  if (child == 0) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    _exit(7);  // sanitizers need the address space denied here
#endif
    // Room for some stacks of threads, but not for all.
    constexpr rlim_t kRoom = rlim_t{64} << 20U;
    const double used =
        ValueOf(OwnProcessFamilies(), "process_virtual_memory_bytes");
    const rlimit limit{static_cast<rlim_t>(used) + kRoom, RLIM_INFINITY};
    setrlimit(RLIMIT_AS, &limit);
    try {
      const ParsePool pool(1000);
    } catch (const std::system_error&) {
      _exit(7);
    }
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("a task that throws does not end the parse pool") {
  std::atomic<int> done = 0;
  {
    ParsePool pool(1);
    pool.Run({.work = [] { throw std::runtime_error("a defect"); }});
    pool.Run({.work = [] { throw 1; }});
    pool.Run({.work = [&done] { ++done; }});
  }
  CHECK(done == 1);
}

}  // namespace
}  // namespace command_exporter
