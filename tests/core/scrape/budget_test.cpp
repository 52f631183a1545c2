#include "core/scrape/budget.hpp"

#include <chrono>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kLimit = seconds{10};
constexpr Duration kOffset = milliseconds{500};

TEST_CASE("the budget is the header minus the offset, at most the limit") {
  const std::vector<std::pair<std::string, Duration>> cases = {
      {"", kLimit},
      {"5", milliseconds{4500}},
      {"10.000000", milliseconds{9500}},
      {"1", milliseconds{900}},  // a tenth, because half would be too much
      {"0.5", milliseconds{450}},
      {"60", kLimit},
      {"10.5", kLimit},
      {"1e300", kLimit},
      {" 5 ", milliseconds{4500}},
  };
  for (const auto& [header, expected] : cases) {
    CAPTURE(header);
    const Budget budget = ComputeBudget(header, kLimit, kOffset);
    CHECK(std::abs(ToSeconds(budget.value - expected)) < 1e-6);
    CHECK(budget.warning.empty());
  }
}

TEST_CASE("a bad timeout header is ignored with a warning") {
  for (const char* header : {"0", "-5", "nan", "inf", "5s", "abc", " ", "5,0",
                             "1e999", "\x1b[31m"}) {
    CAPTURE(header);
    const Budget budget = ComputeBudget(header, kLimit, kOffset);
    CHECK(budget.value == kLimit);
    CHECK(budget.warning.find("X-Prometheus-Scrape-Timeout-Seconds") !=
          std::string::npos);
    CHECK(budget.warning.find('\x1b') == std::string::npos);
  }
  CHECK(ComputeBudget("5s", kLimit, kOffset).warning ==
        "ignored the header X-Prometheus-Scrape-Timeout-Seconds: \"5s\" is not "
        "a positive number of seconds; this scrape may take the configured "
        "scrape_timeout of 10s");
}

TEST_CASE("a command must start a little before its scrape is over") {
  const Clock::time_point now{seconds{50}};
  const auto latest = [now](Duration left) {
    return LatestStart(Deadline(now + left), now).Remaining(now);
  };
  CHECK(latest(seconds{10}) == milliseconds{9900});
  CHECK(latest(milliseconds{500}) == milliseconds{450});
  CHECK(latest(Duration{0}) == Duration{0});
  CHECK(LatestStart(Deadline(), now).IsNever());
}

}  // namespace
}  // namespace command_exporter
