// ParsePool: a few threads that parse what commands printed.
//
// The thread that drains the pipes must not parse (one large output would
// delay all others), and a thread a run would let a hundred large outputs
// compete for two processors. So tasks queue, in order of arrival.
//
// A jq program may never end and cannot be interrupted. A task may therefore
// have a limit: when its time is over `overdue` is called, its thread is
// written off (and made as nice as can be) and another takes its place; when it
// does come back, `released` is called, never before `overdue` has returned,
// and the thread ends. With kMostLost threads written off, tasks with a limit
// are `refused`, so that what hangs can take processors and memory for a few
// threads and no more.
//
// Thread safety: Run may be called from any thread; callbacks come from others.
// Invariants: every task given to Run is run or refused, also those still
// queued when the pool is destroyed; a task must not wait for another task. One
// that throws is logged as the defect it is and harms no other. The destructor
// waits kLastWait for tasks with a limit, no longer.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_PARSE_POOL_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_PARSE_POOL_HPP_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "core/base/deadline.hpp"

namespace command_exporter {

struct ParseTask {
  std::function<void()> work{};
  Duration limit{};  // from its start; 0: none, and no callback comes
  std::function<void()> overdue{};
  std::function<void()> released{};
  std::function<void()> refused{};
};

// Runs a task on some other thread, soon.
using Executor = std::function<void(ParseTask)>;

class ParsePool {
 public:
  static constexpr std::size_t kMostLost = 8;
  static constexpr Duration kLastWait = std::chrono::seconds{2};

  // As many threads as the machine has processors, at most 4: parsing a whole
  // scrape takes milliseconds, and the processors belong to the commands.
  static std::size_t DefaultThreads();

  // Threads of this process that were written off and are still there. With
  // any, the process must end by _exit: they may be in the middle of anything.
  static std::size_t LostThreads();

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
  class State;

  // Shared with the threads that were written off.
  std::shared_ptr<State> state_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_PARSE_POOL_HPP_
