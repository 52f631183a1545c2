// Scheduled collectors: what a scrape gets, and what outlives a reload.
#include "core/scrape/scheduled_source.hpp"

#include <catch2/catch.hpp>

#include "tests/core/scrape/scheduled_clock.hpp"

namespace command_exporter {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string kRuns =
    "command_exporter_collector_runs_total" + ScheduledFixture::kLabels;

TEST_CASE(
    "a scrape starts no run of a scheduled collector and waits for none") {
  ScheduledFixture f;
  const auto collector = Every(seconds{60}, {});
  f.gatherer.Replace({collector});
  CHECK(f.Up() == "0");
  CHECK(f.Reason() == "stale");
  CHECK(collector->collects() == 0);
  CHECK(f.log.Take().empty());  // the first result is on its way
  f.Run(milliseconds{100});
  REQUIRE(collector->collects() == 1);
  const Clock::time_point began = Clock::now();
  CHECK(f.Up() == "0");
  CHECK(Clock::now() - began < seconds{5});  // Soon() is a minute
  collector->Finish(1, Success(Gauge("a", 4)));
  CHECK(f.Up() == "1");
  CHECK(f.Value("a") == "4");
  CHECK(f.Value("command_exporter_collector_interval_seconds" +
                ScheduledFixture::kLabels) == "60");
  CHECK(f.Value(kRuns) == "1");
}

TEST_CASE("a result is served until max_age, and then is stale") {
  ScheduledFixture f;
  const auto collector = Every(seconds{60}, {});
  f.gatherer.Replace({collector});
  f.Run(milliseconds{100});
  collector->Finish(1, Success(Gauge("a", 4)));
  f.Advance(seconds{124});
  CHECK(f.Value("a") == "4");
  f.Advance(seconds{2});
  CHECK(f.Value("a") == "none");
  CHECK(f.Up() == "0");
  CHECK(f.Reason() == "stale");
  const auto lines = f.log.Take();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("reason=stale msg=\"the last result is 2m6s old and "
                      "max_age is 2m5s\"") != std::string::npos);
  // Staleness is no failed run.
  CHECK(f.Value("command_exporter_collector_failures_total" +
                ScheduledFixture::kLabels) == "0");
}

TEST_CASE("a collector whose first run never ends is reported after max_age") {
  ScheduledFixture f;
  f.gatherer.Replace({Every(seconds{60}, {})});
  f.Run(seconds{1});
  f.Advance(seconds{200});
  CHECK(f.Reason() == "stale");
  const auto lines = f.log.Take();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("no run has ended for 3m21s") != std::string::npos);
}

TEST_CASE("a failed run drops the samples of the last good one") {
  ScheduledFixture f;
  const auto collector = Every(seconds{60}, {});
  f.gatherer.Replace({collector});
  f.Run(milliseconds{100});
  collector->Finish(1, Success(Gauge("a", 4)));
  f.Run(seconds{100});
  REQUIRE(collector->collects() == 2);
  collector->Finish(2, Failed(Reason::kParse));
  CHECK(f.Value("a") == "none");
  CHECK(f.Reason() == "parse");
}

TEST_CASE("on_failure = keep serves the last good samples until max_age") {
  ScheduledFixture f;
  const auto collector = Every(seconds{60}, {});
  collector->who().schedule.keeps_samples = true;
  f.gatherer.Replace({collector});
  f.Run(milliseconds{100});
  Outcome good = Success(Gauge("a", 4));
  good.drops.Add(DropReason::kValue, "one");
  collector->Finish(1, good);
  f.Run(seconds{100});
  REQUIRE(collector->collects() == 2);
  collector->Finish(2, Failed(Reason::kParse));
  CHECK(f.Value("a") == "4");
  CHECK(f.Value("command_exporter_collector_dropped_samples" +
                ScheduledFixture::kLabels) == "1");
  CHECK(f.Up() == "0");
  CHECK(f.Reason() == "parse");
  CHECK(f.Value("command_exporter_collector_samples" +
                ScheduledFixture::kLabels) == "1");
  f.Advance(seconds{26});  // 126 s after the good run
  CHECK(f.Value("a") == "none");
  CHECK(f.Reason() == "parse");
}

TEST_CASE("a reload keeps clock and result of an unchanged collector only") {
  ScheduledFixture f;
  const auto before = Every(hours{1}, Gives(Success(Gauge("a", 4))));
  f.gatherer.Replace({before});
  f.Run(seconds{1});
  REQUIRE(before->collects() == 1);
  const auto unchanged = Every(hours{1}, Gives(Success(Gauge("a", 5))));
  f.gatherer.Replace({unchanged});
  f.Run(seconds{60});
  CHECK(unchanged->collects() == 0);
  CHECK(f.Value("a") == "4");
  const auto changed = Every(hours{1}, Gives(Success(Gauge("a", 6))));
  changed->definition = 1;
  f.gatherer.Replace({changed});
  CHECK(f.Value("a") == "none");
  CHECK(f.Reason() == "stale");
  f.Run(seconds{1});
  CHECK(changed->collects() == 1);
  CHECK(f.Value("a") == "6");
  CHECK(before->collects() == 1);
}

TEST_CASE("a run goes on over a reload that does not change its collector") {
  ScheduledFixture f;
  const auto before = Every(hours{1}, {});
  f.gatherer.Replace({before});
  f.Run(seconds{1});
  REQUIRE(before->collects() == 1);
  f.gatherer.Replace({Every(hours{1}, {})});
  CHECK(before->cancels() == 0);
  before->Finish(1, Success(Gauge("a", 4)));
  CHECK(f.Value("a") == "4");
}

TEST_CASE("a reload cancels the run of a changed collector without a word") {
  ScheduledFixture f;
  const auto before = Every(hours{1}, {});
  f.gatherer.Replace({before});
  f.Run(seconds{1});
  const auto changed = Every(hours{1}, {});
  changed->definition = 1;
  f.gatherer.Replace({changed});
  CHECK(before->cancels() == 1);
  CHECK(f.log.Take().empty());
}

TEST_CASE("a collector may change between a clock and the scrape") {
  ScheduledFixture f;
  const auto scheduled = Every(hours{1}, Gives(Success(Gauge("a", 4))));
  f.gatherer.Replace({scheduled});
  f.Run(seconds{1});
  const auto scraped = Answering("slow", Success(Gauge("a", 5)));
  f.gatherer.Replace({scraped});
  CHECK(f.Value("a") == "5");
  CHECK(f.Value("command_exporter_collector_interval_seconds" +
                ScheduledFixture::kLabels) == "none");
  f.Run(seconds{1});
  CHECK(scheduled->collects() == 1);
  f.gatherer.Replace({scheduled});
  CHECK(f.Reason() == "stale");
}

TEST_CASE("the launcher's death repeats the run soon and keeps the clock") {
  ScheduledFixture f;
  const auto collector = Every(hours{1}, {});
  f.gatherer.Replace({collector});
  f.Run(milliseconds{100});
  collector->Finish(1, Failed(Reason::kLauncherLost));
  CHECK(f.Reason() == "stale");
  f.Run(seconds{11});
  REQUIRE(collector->collects() == 2);
  collector->Finish(2, Success(Gauge("a", 4)));
  CHECK(f.Up() == "1");
  CHECK(f.Value("command_exporter_collector_failures_total" +
                ScheduledFixture::kLabels) == "1");
}

TEST_CASE("overload delays a run and does not replace a result") {
  ScheduledFixture f;
  const auto collector = Every(seconds{60}, {});
  f.gatherer.Replace({collector});
  f.Run(milliseconds{100});
  collector->Finish(1, Success(Gauge("a", 4)));
  f.Run(seconds{100});
  REQUIRE(collector->collects() == 2);
  // Still waiting for its start at the next due time: it may wait longer.
  f.Run(seconds{20});
  CHECK(collector->collects() == 2);
  f.Run(seconds{60}, seconds{1});
  CHECK(collector->collects() == 2);
  CHECK_FALSE(collector->extended().empty());
  collector->Finish(2, TooLate());
  CHECK(f.Reason() != "overload");
}

}  // namespace
}  // namespace command_exporter
