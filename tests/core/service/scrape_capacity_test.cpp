// CapacityWarning: when --config.check warns of too many runs.
#include "core/service/scrape_capacity.hpp"

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

TEST_CASE("as many runs as a scrape has time for give no warning") {
  CHECK(CapacityWarning(0, 1).empty());
  CHECK(CapacityWarning(10000, 1).empty());
  CHECK(CapacityWarning(80000, 8).empty());
}

TEST_CASE("more runs than a scrape has time for are a warning") {
  CHECK(CapacityWarning(50000, 2) ==
        "50000 commands in each scrape, but with 2 processors at most about "
        "20000 can be started in 10 s, so in such a scrape 30000 or more fail "
        "with reason overload (the next scrape begins with them); let one "
        "command print the values of many instances, or raise scrape_timeout "
        "here and in Prometheus");
  CHECK_FALSE(CapacityWarning(10001, 1).empty());
  CHECK_FALSE(CapacityWarning(10001, 0).empty());
}

TEST_CASE("scheduled commands that can take every place are a warning") {
  CHECK(PlacesWarning(0, 1).empty());
  CHECK(PlacesWarning(127, 128).empty());
  CHECK(PlacesWarning(128, 128) ==
        "128 commands with every can take all places for commands at the same "
        "time (128, --max-concurrency), and then the others fail with reason "
        "overload in a scrape; raise --max-concurrency above that number");
}

}  // namespace
}  // namespace command_exporter
