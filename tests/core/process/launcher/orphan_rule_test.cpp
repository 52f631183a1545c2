#include "core/process/launcher/orphan_rule.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

TEST_CASE("an orphan in a run's control group is that run's") {
  const std::vector<LiveRun> runs = {
      {1, 100, false, {}, 7}, {2, 200, false, {}, 8}, {3, 300, false}};
  OrphanFacts orphan{999, 1, 3, 8};
  CHECK(OwnerOf(orphan, runs) == std::uint64_t{2});
  orphan.cgroup = 9;  // of a finished run: then its marker decides
  CHECK(OwnerOf(orphan, runs) == std::uint64_t{1});
  orphan = {999, std::nullopt, 3, 0};
  CHECK_FALSE(OwnerOf(orphan, runs).has_value());
}

}  // namespace
}  // namespace command_exporter
