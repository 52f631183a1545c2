// Scheduler: the thread and its timer.
#include "core/scrape/scheduler.hpp"

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include <catch2/catch.hpp>

#include "core/scrape/gatherer.hpp"
#include "tests/core/scrape/scheduled_clock.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

bool Reaches(const std::atomic<int>& count, int wanted) {
  const Deadline enough = Deadline::After(seconds{20});
  while (count < wanted && !enough.Passed()) {
    std::this_thread::sleep_for(milliseconds{5});
  }
  return count >= wanted;
}

// /proc/uptime counts the time of a suspend too: proc(5).
TEST_CASE("the clock of schedules is the time since boot") {
  double before = 0;
  double after = 0;
  std::ifstream("/proc/uptime") >> before;
  const double now = ToSeconds(BootClock::now().time_since_epoch());
  std::ifstream("/proc/uptime") >> after;
  CHECK(now >= before - 0.02);  // it has two decimals
  CHECK(now <= after + 0.02);
}

TEST_CASE("the scheduler runs collectors without a scrape, until its end") {
  std::atomic<int> runs = 0;
  const FakeCollector::Behaviour counts = [&runs](CollectCallbacks& callbacks) {
    ++runs;
    callbacks.outcome(Success());
  };
  Gatherer gatherer;
  {
    const Scheduler scheduler(gatherer.timetable());
    CHECK(runs == 0);
    gatherer.Replace({Every(seconds{1}, counts)});
    CHECK(Reaches(runs, 3));
  }
  const int at_end = runs;
  std::this_thread::sleep_for(milliseconds{1500});
  CHECK(runs == at_end);
}

}  // namespace
}  // namespace command_exporter
