// ParsePool: a few threads that parse what commands printed.
//
// The thread that drains the pipes must not parse (one large output would
// delay all others), and a thread a run would let a hundred large outputs
// compete for two processors. So tasks queue, in order of arrival.
//
// A task that mostly waits for another process (jq's, core/jq/jq_process.hpp)
// would keep a thread from the others while it waits. Such tasks have a queue
// and threads of their own, which are made when they are needed; so many that
// some that wait in vain do not keep the others from theirs.
//
// Thread safety: Run may be called from any thread.
// Invariants: every task given to Run is run, also those still queued when the
// pool is destroyed; a task must not wait for another task. One that throws is
// logged as the defect it is and harms no other.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_PARSE_POOL_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_PARSE_POOL_HPP_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace command_exporter {

struct ParseTask {
  std::function<void()> work{};
  bool waits{};  // mostly
};

// Runs a task on some other thread, soon.
using Executor = std::function<void(ParseTask)>;

class ParsePool {
 public:
  // For tasks that wait, beside the others.
  static constexpr std::size_t kMostWaiting = 32;

  // As many threads as the machine has processors, at most 4: parsing a whole
  // scrape takes milliseconds, and the processors belong to the commands.
  static std::size_t DefaultThreads();

  // Requires: threads > 0. Throws std::system_error when the system gives no
  // thread.
  explicit ParsePool(std::size_t threads = DefaultThreads());
  // Runs what is queued and joins.
  ~ParsePool();
  ParsePool(const ParsePool&) = delete;
  ParsePool& operator=(const ParsePool&) = delete;

  void Run(ParseTask task);

  // Run as a function. The pool must outlive it.
  Executor executor();

 private:
  using Task = std::function<void()>;

  // A queue and its threads.
  struct Lane {
    std::condition_variable changed{};
    std::deque<Task> tasks{};
    std::vector<std::thread> threads{};
    std::size_t idle{};  // of the threads, those that wait for a task
  };

  // Requires: mutex_ is held. Throws std::system_error.
  void AddThread(Lane& lane);
  void Work(Lane& lane);
  void Stop();

  std::mutex mutex_;  // guards all below, but for the threads' ends
  bool stopping_ = false;
  Lane reading_;
  Lane waiting_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_PARSE_POOL_HPP_
