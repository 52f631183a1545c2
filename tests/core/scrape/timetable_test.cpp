// Timetable: first runs, phases, missed due times.
#include "core/scrape/timetable.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/core/scrape/scheduled_clock.hpp"

namespace command_exporter {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

// The times at which runs began.
struct Starts {
  FakeCollector::Behaviour Record(const ScheduledFixture& f) {
    return [this, &f](CollectCallbacks& callbacks) {
      times.emplace_back(Duration{f.now});
      callbacks.outcome(Success());
    };
  }

  // The most that began within a second, from `from` on.
  std::ptrdiff_t MostInASecond(Duration from) const {
    std::ptrdiff_t most = 0;
    for (const Duration begin : times) {
      if (begin >= from) {
        most = std::max(most, std::ranges::count_if(times, [&](Duration time) {
                          return time >= begin && time < begin + seconds{1};
                        }));
      }
    }
    return most;
  }

  std::vector<Duration> times{};
};

std::vector<std::shared_ptr<const Collector>> Hundred(
    Starts& starts, const ScheduledFixture& f) {
  std::vector<std::shared_ptr<const Collector>> collectors;
  for (int i = 0; i < 100; ++i) {
    collectors.push_back(
        Every(seconds{60}, starts.Record(f), "c" + std::to_string(i)));
  }
  return collectors;
}

TEST_CASE("a hundred collectors of a minute never begin together") {
  ScheduledFixture f;
  Starts starts;
  const Duration start{f.now};
  f.gatherer.Replace(Hundred(starts, f));
  f.Run(seconds{31});
  CHECK(starts.times.size() >= 100);
  CHECK(starts.MostInASecond(start) <= 8);
  f.Run(seconds{329});
  CHECK(starts.MostInASecond(start + seconds{90}) <= 4);
  // 100 first runs, and each minute 100 more.
  CHECK(starts.times.size() >= 600);
  CHECK(starts.times.size() <= 700);
}

TEST_CASE("a reload moves no unchanged collector") {
  ScheduledFixture f;
  Starts starts;
  f.gatherer.Replace(Hundred(starts, f));
  f.Run(seconds{90});
  starts.times.clear();
  f.Run(seconds{60});
  const std::vector<Duration> before = starts.times;
  starts.times.clear();
  f.gatherer.Replace(Hundred(starts, f));
  f.Run(seconds{60});
  REQUIRE(before.size() == 100);
  REQUIRE(starts.times.size() == 100);
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(starts.times[i] == before[i] + seconds{60});
  }
}

TEST_CASE("first runs of a few collectors come at once, a second apart") {
  ScheduledFixture f;
  Starts starts;
  const Duration start{f.now};
  f.gatherer.Replace({Every(hours{1}, starts.Record(f), "a"),
                      Every(hours{1}, starts.Record(f), "b"),
                      Every(hours{1}, starts.Record(f), "c")});
  f.Run(seconds{5});
  REQUIRE(starts.times.size() == 3);
  CHECK(starts.times[0] <= start + milliseconds{100});
  CHECK(starts.times[2] <= start + milliseconds{2100});
}

TEST_CASE("a short interval does not bring the others together") {
  ScheduledFixture f;
  Starts starts;
  std::vector<std::shared_ptr<const Collector>> collectors;
  for (int i = 0; i < 30; ++i) {
    collectors.push_back(
        Every(hours{1}, starts.Record(f), "c" + std::to_string(i)));
  }
  collectors.push_back(Every(seconds{1}, Gives(Success()), "quick"));
  f.gatherer.Replace(std::move(collectors));
  f.Run(seconds{31});
  CHECK(starts.times.size() == 30);
  CHECK(starts.MostInASecond(Duration{0}) <= 2);
}

TEST_CASE("the second run comes half an interval after the first or later") {
  Starts starts;
  ScheduledFixture f;
  f.gatherer.Replace({Every(hours{1}, starts.Record(f))});
  f.Run(hours{4}, seconds{1});
  REQUIRE(starts.times.size() >= 4);
  CHECK(starts.times[1] - starts.times[0] >= std::chrono::minutes{30});
  CHECK(starts.times[1] - starts.times[0] <= std::chrono::minutes{91});
  CHECK(starts.times[2] - starts.times[1] == hours{1});
  CHECK(starts.times[3] - starts.times[2] == hours{1});
}

TEST_CASE("a long suspend gives one run, not many") {
  ScheduledFixture f;
  Starts starts;
  f.gatherer.Replace({Every(seconds{60}, starts.Record(f))});
  f.Run(seconds{300});
  const std::size_t before = starts.times.size();
  f.Advance(hours{10});
  CHECK(f.Reason() == "stale");
  f.gatherer.timetable().RunDue();
  CHECK(starts.times.size() == before + 1);
  CHECK(f.Up() == "1");
  f.Run(seconds{60});
  CHECK(starts.times.size() == before + 2);
}

TEST_CASE("due times that pass during a run are not made up for") {
  ScheduledFixture f;
  const auto collector = Every(seconds{10}, {});
  f.gatherer.Replace({collector});
  f.Run(seconds{100});
  CHECK(collector->collects() == 1);
  collector->Finish(1, Success());
  f.Run(seconds{10});
  CHECK(collector->collects() == 2);
}

TEST_CASE("the next due time is reported, and none without collectors") {
  ScheduledFixture f;
  CHECK_FALSE(f.gatherer.timetable().RunDue().has_value());
  f.gatherer.Replace({Every(seconds{60}, {})});
  CHECK(f.gatherer.timetable().changed().IsRaised());
  const auto next = f.gatherer.timetable().RunDue();
  REQUIRE(next.has_value());
  CHECK(next->time_since_epoch() > Duration{f.now});
  f.gatherer.Replace({});
  CHECK_FALSE(f.gatherer.timetable().RunDue().has_value());
}

}  // namespace
}  // namespace command_exporter
