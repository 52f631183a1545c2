// Families of processes that overlap all the time: no process of a live run is
// ever killed, none of an ended one is left.
//
// COMMAND_EXPORTER_ROUNDS=1000 in the environment runs a thousand rounds.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/hostile_programs.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr std::uint32_t kFamilies = 2;
constexpr std::size_t kRelatives = 4;

int Rounds() {
  const char* const wish = std::getenv("COMMAND_EXPORTER_ROUNDS");
  return wish == nullptr ? 40 : std::max(1, std::atoi(wish));
}

std::vector<pid_t> PidsIn(const std::string& said) {
  std::istringstream words(said);
  std::string first;
  words >> first;
  std::vector<pid_t> pids;
  for (pid_t pid = 0; words >> pid;) {
    pids.push_back(pid);
  }
  return pids;
}

bool AnyLeft(const std::vector<pid_t>& pids) {
  return std::any_of(pids.begin(), pids.end(),
                     [](pid_t pid) { return pid > 0 && ::kill(pid, 0) == 0; });
}

void CheckEnd(LauncherDriver& launcher, const TestRun& run) {
  CAPTURE(run.out, run.err);
  REQUIRE(run.done->ending == Ending::kExited);
  REQUIRE(run.out.substr(0, 5) == "live ");
  REQUIRE(run.done->leftovers >= 2);  // others die as the leader's group
  const auto pids = PidsIn(run.out);
  REQUIRE(pids.size() == kRelatives);
  launcher.Serve(500ms, [&pids] { return !AnyLeft(pids); });
  REQUIRE_FALSE(AnyLeft(pids));
}

TEST_CASE("overlapping families lose nobody while they live, all when not") {
  std::vector<CommandSpec> commands;
  for (std::uint32_t i = 0; i < kFamilies; ++i) {
    commands.push_back(Hostile("family"));
    commands.back().name += std::to_string(i);
  }
  LauncherDriver launcher(commands);
  std::array<std::uint64_t, kFamilies> jobs{};
  for (std::uint32_t i = 0; i < kFamilies; ++i) {
    jobs.at(i) = launcher.Start(i, 20s);
    launcher.Serve(20ms);  // so that their ends do not coincide
  }
  const int rounds = Rounds();
  for (int round = 0; round < rounds; ++round) {
    const auto family = static_cast<std::uint32_t>(round) % kFamilies;
    CheckEnd(launcher, launcher.Wait(jobs.at(family)));
    if (round + static_cast<int>(kFamilies) < rounds) {
      jobs.at(family) = launcher.Start(family, 20s);
    }
  }
  CHECK(launcher.Stats().orphans_nameless == 0);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
