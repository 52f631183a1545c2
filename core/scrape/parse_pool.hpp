// ParsePool: a few threads that parse what commands printed.
//
// The thread that drains the pipes must not parse (one large output would
// delay all others), and a thread a run would let a hundred large outputs
// compete for two processors. So tasks queue, in order of arrival.
//
// Thread safety: Run may be called from any thread. Invariants: every
// task given to Run is run, also those still queued when the pool is
// destroyed; a task must not block or wait for another task. One that throws is
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

class ParsePool {
 public:
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

  void Run(std::function<void()> task);

  // Run as a function. The pool must outlive it.
  std::function<void(std::function<void()>)> executor();

 private:
  void Stop();
  void Work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_PARSE_POOL_HPP_
