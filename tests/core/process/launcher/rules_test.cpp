// The rules without processes: whose orphan it is, which commands are one.
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/orphan_rule.hpp"
#include "core/process/run_command.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// Runs 1 and 2 go on, run 3 is ending; 4 was the last one started and is over.
const std::vector<RunOnStage> kRuns = {
    {1, 100, false}, {2, 200, false}, {3, 300, true}};

struct Case {
  const char* what;
  OrphanFacts orphan;
  std::optional<std::uint64_t> owner;
  OrphanFate fate;
};

TEST_CASE("an orphan is given to its run by session, marker and epoch") {
  const auto none = std::nullopt;
  const std::vector<Case> cases = {
      {"session of a live run", {100, none, 4}, 1, OrphanFate::kLeave},
      {"session of an ending run", {300, none, 4}, 3, OrphanFate::kKill},
      {"session before marker", {200, 3, 4}, 2, OrphanFate::kLeave},
      {"marker of a live run", {999, 2, 4}, 2, OrphanFate::kLeave},
      {"marker of an ending run", {999, 3, 4}, 3, OrphanFate::kKill},
      {"marker of a run that is over", {999, 4, 4}, none, OrphanFate::kKill},
      {"neither, three may own it", {999, none, 4}, none, OrphanFate::kLeave},
      {"neither, one may own it", {999, none, 1}, 1, OrphanFate::kLeave},
      {"neither, older than all runs", {999, none, 0}, none, OrphanFate::kKill},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    const auto owner = OwnerOf(each.orphan, kRuns);
    CHECK(owner == each.owner);
    CHECK(FateOf(each.orphan, owner, kRuns) == each.fate);
  }
}

TEST_CASE("a nameless orphan dies when all who may own it have ended") {
  const OrphanFacts orphan{999, std::nullopt, 2};
  const auto owner = OwnerOf(orphan, kRuns);
  CHECK_FALSE(owner.has_value());
  std::vector<RunOnStage> runs = kRuns;
  runs.push_back({5, 500, false});  // started later: not a candidate
  CHECK(FateOf(orphan, owner, runs) == OrphanFate::kLeave);
  runs[0].ending = true;
  CHECK(FateOf(orphan, owner, runs) == OrphanFate::kLeave);
  runs[1].ending = true;
  CHECK(FateOf(orphan, owner, runs) == OrphanFate::kKill);
  CHECK(FateOf(orphan, owner, {}) == OrphanFate::kKill);
}

TEST_CASE("a nameless orphan is no child of runs that started after it") {
  const std::vector<RunOnStage> runs = {
      {1, 100, true, 10ms}, {2, 200, false, 20ms}, {3, 300, false, 30ms}};
  CHECK(LastRunBefore(9ms, runs) == 0);
  CHECK(LastRunBefore(20ms, runs) == 2);
  CHECK(LastRunBefore(29ms, runs) == 2);
  CHECK(LastRunBefore(99ms, runs) == 3);
  CHECK(LastRunBefore(99ms, {}) == 0);
}

TEST_CASE("an owned orphan dies when its run has gone") {
  const OrphanFacts orphan{100, std::nullopt, 4};
  const std::vector<RunOnStage> runs = {{2, 200, false}};
  CHECK(FateOf(orphan, 1, runs) == OrphanFate::kKill);
  CHECK(FateOf(orphan, 1, kRuns) == OrphanFate::kLeave);
}

std::optional<std::uint64_t> Marker(std::initializer_list<const char*> list) {
  std::string environment;
  for (const char* const variable : list) {
    environment += variable;
    environment += '\0';
  }
  return FindMarker(environment, "COMMAND_EXPORTER_RUN=12.");
}

TEST_CASE("the marker is found in an environment") {
  CHECK(Marker({"COMMAND_EXPORTER_RUN=12.7"}) == 7U);
  CHECK(Marker({"A=1", "B=", "COMMAND_EXPORTER_RUN=12.18446744073709551615",
                "C=3"}) == 18446744073709551615U);
  CHECK_FALSE(Marker({}));
  CHECK_FALSE(Marker({"A=1"}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=13.7"}));
  CHECK_FALSE(Marker({"XCOMMAND_EXPORTER_RUN=12.7"}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=12."}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=12.7x"}));
  CHECK_FALSE(Marker({"COMMAND_EXPORTER_RUN=12.99999999999999999999"}));
  CHECK(FindMarker("COMMAND_EXPORTER_RUN=12.7", "COMMAND_EXPORTER_RUN=12.") ==
        7U);
  CHECK(FindMarker(std::string_view("\0\0COMMAND_EXPORTER_RUN=12.7\0", 28),
                   MarkerPrefix(12)) == 7U);
}

CommandSpec Named(const char* name, const char* argument) {
  CommandSpec spec;
  spec.name = name;
  spec.argv = {"/bin/echo", argument};
  spec.paths = {"/bin/echo"};
  return spec;
}

TEST_CASE("the same command in two generations has one identity") {
  Generation one({1, {Named("a", "1"), Named("a", "2"), Named("b", "1")}});
  Generation two({2, {Named("b", "1"), Named("a", "1")}});
  CHECK(one.Find(0)->identity() == two.Find(1)->identity());
  CHECK(one.Find(2)->identity() == two.Find(0)->identity());
  CHECK(one.Find(0)->identity() != one.Find(1)->identity());
  CHECK(one.Find(0)->collector() == one.Find(1)->collector());
  CHECK(one.Find(0)->identity() != one.Find(2)->identity());
  CHECK(one.Find(3) == nullptr);
  CommandSpec other = Named("a", "1");
  other.environment = {"target=x"};
  Generation three({3, {other}});
  CHECK(three.Find(0)->identity() != one.Find(0)->identity());
}

}  // namespace
}  // namespace command_exporter
