#include "core/service/start_conditions.hpp"

#include <cstddef>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

TEST_CASE("descriptors are needed for the commands that may run") {
  Options options;
  options.listen_addresses.resize(1);
  options.max_concurrency = 10;
  const auto none = DescriptorsNeeded(options, 0);
  CHECK(none > 276);  // workers and queue
  CHECK(DescriptorsNeeded(options, 10) > none + 20);
  CHECK(DescriptorsNeeded(options, 10) == DescriptorsNeeded(options, 1000));
}

TEST_CASE("too few descriptors for a configuration say how many it needs") {
  Options options;
  options.max_concurrency = 10000;
  CHECK(CheckDescriptors(options, 1).has_value());
  const std::size_t many = std::size_t{1} << 30U;
  options.max_concurrency = 1U << 30U;
  const Status<> status = CheckDescriptors(options, many);
  REQUIRE_FALSE(status.has_value());
  CHECK_THAT(status.error().message,
             Catch::Contains("LimitNOFILE=") &&
                 Catch::Contains("or lower --max-concurrency"));
}

TEST_CASE("this machine has what a start needs") {
  const Status<> status = CheckStartConditions(Options{});
  INFO((status ? "" : status.error().message));
  CHECK(status.has_value());
}

}  // namespace
}  // namespace command_exporter
