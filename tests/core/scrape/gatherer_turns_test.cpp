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
            // It is killed after its scrape: that was its turn, too.
            callbacks.usage({.max_rss_bytes = 1});
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

}  // namespace
}  // namespace command_exporter
