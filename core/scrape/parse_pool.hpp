// ParsePool: a few threads that parse the output of commands.
//
// The thread that drains the pipes must not parse, because one large output
// would delay all others. A thread for each run would let a hundred large
// outputs compete for two processors. Therefore tasks are queued, in order of
// arrival.
//
// A task that mostly waits for another process (jq's, core/jq/jq_process.hpp)
// would block a thread for the other tasks. Such tasks have a queue and threads
// of their own, which are created on demand. There may be so many of these
// threads that some endless waits do not block the other waiting tasks.
//
// Thread safety: Run may be called from any thread. Invariants: every task
// given to Run is run, including those still queued when the pool is destroyed;
// a task must not wait for another task. A task that throws is logged as a
// defect and harms no other task.
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
  // The most threads for waiting tasks, beside the others.
  static constexpr std::size_t kMostWaiting = 32;

  // As many threads as the machine has processors, at most 4: parsing a whole
  // scrape takes milliseconds, and the processors belong to the commands.
  static std::size_t DefaultThreads();

  // Requires: threads > 0. Throws std::system_error when the system gives no
  // thread.
  explicit ParsePool(std::size_t threads = DefaultThreads());
  // Runs the queued tasks and joins the threads.
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
    std::size_t idle{};  // threads that wait for a task
  };

  // Requires: mutex_ is held. Throws std::system_error.
  void AddThread(Lane& lane);
  void Work(Lane& lane);
  void Stop();

  std::mutex mutex_;  // guards all members below, except joining the threads
  bool stopping_ = false;
  Lane reading_;
  Lane waiting_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_PARSE_POOL_HPP_
