// Gatherer: which runs are started first, when a scrape has no time for all.
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/reason.hpp"
#include "core/scrape/gatherer.hpp"
#include "tests/core/scrape/fakes.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a scrape begins with those that had no turn in the last one") {
  LogLines log;
  Gatherer gatherer(log.seams());
  // Each scrape has time for `places` runs.
  constexpr int kPlaces = 3;
  int left = 0;
  std::string started;
  std::vector<std::shared_ptr<const Collector>> collectors;
  for (const std::string name : {"a", "b", "c", "d", "e", "f", "g"}) {
    collectors.push_back(std::make_shared<FakeCollector>(
        name, [&left, &started, name](CollectCallbacks& callbacks) {
          if (left-- <= 0) {
            callbacks.outcome(TooLate());
            return;
          }
          started += name;
          if (name == "b") {
            // It is killed after its scrape. It had more than half of it: that
            // was its turn, too.
            callbacks.usage({.ran = seconds{1}});
          } else if (name != "e") {  // this one's start failed
            callbacks.outcome(Success());
          } else {
            callbacks.outcome(Failed(Reason::kSpawn));
          }
        }));
  }
  gatherer.Replace(collectors);
  for (const std::string expected : {"abc", "def", "gab", "cde", "fab"}) {
    left = kPlaces;
    started.clear();
    gatherer.Gather({Deadline::After(milliseconds{5})});
    CHECK(started == expected);
  }
  // A reload changes nothing in that.
  gatherer.Replace(collectors);
  left = kPlaces;
  started.clear();
  gatherer.Gather({Deadline::After(milliseconds{5})});
  CHECK(started == "gcd");
}

TEST_CASE("a run that its scrape cut short is the first of the next one") {
  LogLines log;
  Gatherer gatherer(log.seams());
  std::string started;
  Duration ran{};
  const auto collector = [&](const std::string& name) {
    return std::make_shared<FakeCollector>(
        name, [&started, &ran, name](CollectCallbacks& callbacks) {
          started += name;
          if (name == "b" && started.size() < 4) {
            callbacks.usage({.ran = ran});
          } else {
            callbacks.outcome(Success());
          }
        });
  };
  gatherer.Replace({collector("a"), collector("b"), collector("c")});
  const auto [how_long, expected] =
      GENERATE(table<Duration, std::string>({{Duration{0}, "abcbac"},
                                             {milliseconds{1}, "abcbac"},
                                             {seconds{1}, "abcabc"}}));
  ran = how_long;
  gatherer.Gather({Deadline::After(milliseconds{50})});
  gatherer.Gather({Deadline::After(milliseconds{50})});
  CHECK(started == expected);
}

}  // namespace
}  // namespace command_exporter
