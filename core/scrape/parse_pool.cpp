#include "core/scrape/parse_pool.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/log.hpp"

namespace command_exporter {
namespace {

std::atomic<std::size_t> lost_threads{0};

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

// Linux gives each thread a niceness of its own: sched(7).
void MakeNice(pid_t thread) {
  constexpr int kNicest = 19;
  setpriority(PRIO_PROCESS, static_cast<id_t>(thread), kNicest);
}

}  // namespace

class ParsePool::State : public std::enable_shared_from_this<State> {
 public:
  void Start(std::size_t threads) {
    std::unique_lock lock(mutex_);
    try {
      watcher_ = std::thread([this] { Watch(); });
      for (std::size_t i = 0; i < threads; ++i) {
        AddWorker();
      }
    } catch (...) {
      lock.unlock();
      Stop();  // a thread that is not joined would end the process
      throw;
    }
  }

  void Run(ParseTask task) {
    {
      const std::lock_guard lock(mutex_);
      if (task.limit == Duration{0} || lost_ < kMostLost) {
        tasks_.push_back(std::move(task));
        task = {};
      }
    }
    if (task.refused) {
      task.refused();
    }
    changed_.notify_one();
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      last_moment_ = Clock::now() + kLastWait;
    }
    changed_.notify_all();
    watch_.notify_all();
    if (watcher_.joinable()) {
      watcher_.join();
    }
    for (std::thread& thread : ended_) {
      thread.join();
    }
  }

 private:
  struct Worker {
    std::thread thread{};
    pid_t id{};
    Clock::time_point until{Clock::time_point::max()};
    std::function<void()> overdue{};  // of the task at work
    bool lost{};
    bool telling{};  // `overdue` is being called: it comes before `released`
  };

  using Workers = std::list<Worker>;

  // Requires: mutex_ is held.
  void AddWorker() {
    const auto worker = workers_.emplace(workers_.end());
    try {
      worker->thread = std::thread(
          [self = shared_from_this(), worker] { self->Work(worker); });
    } catch (...) {
      workers_.erase(worker);
      throw;
    }
  }

  void Work(Workers::iterator me) {
    std::unique_lock lock(mutex_);
    me->id = static_cast<pid_t>(syscall(SYS_gettid));
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) {
        ended_.push_back(std::move(me->thread));
        workers_.erase(me);
        watch_.notify_all();
        return;
      }
      ParseTask task = std::move(tasks_.front());
      tasks_.pop_front();
      if (task.limit > Duration{0}) {
        me->until = Clock::now() + task.limit;
        me->overdue = std::move(task.overdue);
        watch_.notify_all();
      }
      lock.unlock();
      RunGuarded(task.work);
      task.work = nullptr;  // unlocked: it may own a large output
      lock.lock();
      if (me->lost) {
        told_.wait(lock, [me] { return !me->telling; });
        workers_.erase(me);
        --lost_;
        lock.unlock();
        RunGuarded(task.released);
        --lost_threads;
        return;
      }
      me->until = Clock::time_point::max();
      me->overdue = nullptr;
    }
  }

  void Watch() {
    std::unique_lock lock(mutex_);
    while (!stopping_ || workers_.size() > lost_) {
      const auto first = std::min_element(
          workers_.begin(), workers_.end(),
          [this](const Worker& a, const Worker& b) { return End(a) < End(b); });
      if (first == workers_.end() || End(*first) == Clock::time_point::max()) {
        watch_.wait(lock);
      } else if (const auto end = End(*first); end > Clock::now()) {
        watch_.wait_until(lock, end);
      } else {
        WriteOff(*first, lock);
      }
    }
  }

  // When the worker is to be written off.
  Clock::time_point End(const Worker& worker) const {
    if (worker.lost || worker.until == Clock::time_point::max()) {
      return Clock::time_point::max();
    }
    return stopping_ ? std::min(worker.until, last_moment_) : worker.until;
  }

  void WriteOff(Worker& worker, std::unique_lock<std::mutex>& lock) {
    worker.lost = true;
    worker.telling = true;
    ++lost_;
    ++lost_threads;
    worker.thread.detach();
    MakeNice(worker.id);
    const std::function<void()> overdue = std::exchange(worker.overdue, {});
    try {
      AddWorker();
    } catch (const std::system_error& error) {
      Log(LogLevel::kError,
          {{"msg", "no thread takes the place of one that hangs in parsing"},
           {"err", error.what()}});
    }
    lock.unlock();
    RunGuarded(overdue);
    lock.lock();
    worker.telling = false;
    told_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;  // for workers: tasks_, stopping_
  std::condition_variable watch_;    // for the watcher: workers_, stopping_
  std::condition_variable told_;     // for lost workers: telling
  std::deque<ParseTask> tasks_;
  bool stopping_ = false;
  Clock::time_point last_moment_{};
  Workers workers_;
  std::size_t lost_ = 0;            // of workers_
  std::vector<std::thread> ended_;  // to be joined
  std::thread watcher_;
};

std::size_t ParsePool::DefaultThreads() {
  constexpr std::size_t kMost = 4;
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMost);
}

std::size_t ParsePool::LostThreads() {
  return lost_threads;
}

ParsePool::ParsePool(std::size_t threads) : state_(std::make_shared<State>()) {
  state_->Start(threads);
}

ParsePool::~ParsePool() {
  state_->Stop();
}

void ParsePool::Run(ParseTask task) {
  state_->Run(std::move(task));
}

Executor ParsePool::executor() {
  return [this](ParseTask task) { Run(std::move(task)); };
}

}  // namespace command_exporter
