// Each role is killed, stopped and aborted at each step of a run and of a
// reload: every action of one table is applied at every step of another.
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/core/process/guardian/deaths_steps.hpp"
#include "tests/core/process/side_by_side.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kGone{5000};

bool AllTold(const ServiceBoard& board) {
  return board.exited + board.lost + board.otherwise == board.started;
}

void RequireServes(Scene& scene) {
  scene.board.timeout_ms = 60000;
  CHECK(Eventually([&scene] {
    const std::uint32_t before = scene.board.exited;
    const std::uint32_t lost = scene.board.lost;
    scene.service.Start(kCommandHalfSecond, 1);
    return Eventually(
               [&] {
                 return scene.board.exited > before || scene.board.lost > lost;
               },
               seconds{9}) &&
           scene.board.exited > before;
  }));
  if (scene.reloads) {
    CHECK(Eventually([&scene] { return scene.board.generation == 2; }));
  }
}

// For RequireEnds, after TERM: something stays behind, or nothing does.
int StatusOfStop(const Scene& scene) {
  return scene.mount ? 1 << 8 : 0;
}

void RequireEnds(Scene& scene, int status) {
  constexpr int kCoreFlag = 0x80;
  CHECK((scene.service.WaitForEnd(seconds{30}) & ~kCoreFlag) == status);
  if (scene.mount) {
    scene.mount->Release();
  }
  CHECK(scene.service.Left(kGone) == "");
}

// The launcher's death: the others stay, every run is reported, nothing is
// left.
void OnLauncherDeath(Scene& scene, int signal) {
  const pid_t launcher = scene.service.launcher();
  const pid_t web = scene.service.web();
  if (launcher > 0) {
    REQUIRE(::kill(launcher, signal) == 0);
  }
  scene.LetGo(launcher);
  RequireServes(scene);
  CHECK(scene.service.launcher() != launcher);
  CHECK(scene.service.web() == web);
  CHECK(Eventually([&scene] { return AllTold(scene.board); }));
  if (scene.mount) {
    scene.mount->Release();
  }
  CHECK(scene.service.Left(kGone) == "");
}

void OnLauncherAbort(Scene& scene, int signal) {
  const pid_t launcher = scene.service.launcher();
  if (launcher > 0) {
    REQUIRE(::kill(launcher, signal) == 0);
  }
  scene.LetGo();
  RequireServes(scene);
  CHECK((launcher == 0 || scene.service.launcher() == launcher));
  REQUIRE(::kill(scene.service.guardian(), SIGTERM) == 0);
  RequireEnds(scene, StatusOfStop(scene));
}

void OnWebDeath(Scene& scene, int signal) {
  REQUIRE(scene.service.SignalWeb(signal));
  Continue(scene.service.guardian());
  Continue(scene.service.web());  // for the abort, which waits otherwise
  RequireEnds(scene, 1 << 8);
}

// Launcher and guardian are not affected; it serves again when it continues.
void OnWebStop(Scene& scene, int signal) {
  const pid_t web = scene.service.web();
  REQUIRE(web > 0);
  REQUIRE(::kill(web, signal) == 0);
  scene.LetGo(web);
  CHECK(Eventually([&scene] { return scene.service.launcher() > 0; }));
  CHECK(Eventually([&scene] { return scene.service.loader() == 0; }));
  const std::uint32_t loads = scene.board.loads;
  CHECK(Eventually([&] {
    ::kill(scene.service.guardian(), SIGHUP);
    return scene.board.loads > loads;
  }));
  scene.LetGo();
  CHECK(Eventually([&scene] { return scene.board.generation >= 2; }));
  scene.reloads = false;
  RequireServes(scene);
  REQUIRE(::kill(scene.service.guardian(), SIGTERM) == 0);
  RequireEnds(scene, StatusOfStop(scene));
}

void OnGuardianDeath(Scene& scene, int signal) {
  REQUIRE(::kill(scene.service.guardian(), signal) == 0);
  Continue(scene.service.guardian());
  RequireEnds(scene, signal);
}

void OnGuardianTerm(Scene& scene, int signal) {
  REQUIRE(::kill(scene.service.guardian(), signal) == 0);
  Continue(scene.service.guardian());
  RequireEnds(scene, StatusOfStop(scene));
}

// Both others continue to serve; it works again when it continues.
void OnGuardianStop(Scene& scene, int signal) {
  REQUIRE(::kill(scene.service.guardian(), signal) == 0);
  const bool served = scene.service.launcher() > 0;
  scene.LetGo(scene.service.guardian());
  const bool reloads = std::exchange(scene.reloads, false);
  if (served) {
    RequireServes(scene);
  }
  scene.reloads = reloads;
  scene.LetGo();
  RequireServes(scene);
  REQUIRE(::kill(scene.service.guardian(), SIGTERM) == 0);
  RequireEnds(scene, StatusOfStop(scene));
}

struct Blow {
  const char* name{};
  void (*strike)(Scene&, int){};
  int signal{};
};

const std::vector<Blow> kBlows{
    {"the launcher killed", OnLauncherDeath, SIGKILL},
    {"the launcher stopped", OnLauncherDeath, SIGSTOP},
    // It blocks every signal; its own abort(3) ends it like KILL.
    {"ABRT to the launcher", OnLauncherAbort, SIGABRT},
    {"the web side killed", OnWebDeath, SIGKILL},
    {"the web side aborted", OnWebDeath, SIGABRT},
    {"the web side stopped", OnWebStop, SIGSTOP},
    {"the guardian killed", OnGuardianDeath, SIGKILL},
    {"the guardian aborted", OnGuardianDeath, SIGABRT},
    {"the guardian stopped", OnGuardianStop, SIGSTOP},
    {"TERM to the guardian", OnGuardianTerm, SIGTERM},
};

void Strike(const Blow& blow, const Step& step) {
  Scene scene;
  REQUIRE(step.reach(scene));
  blow.strike(scene, blow.signal);
}

// Applies the actions `first` to `last` of the table above at each step.
void StrikeAtEachStep(std::size_t first, std::size_t last,
                      StepKind kind = StepKind::kPlain) {
  std::vector<Play> plays;
  for (std::size_t i = first; i <= last; ++i) {
    for (const Step& step : Steps()) {
      if (step.kind == kind) {
        const Blow& blow = kBlows[i];
        plays.push_back({std::string(blow.name) + ", step: " + step.name,
                         [&blow, &step] { Strike(blow, step); }});
      }
    }
  }
  PlaySideBySide(plays);
}

// One case each, so that each has the time limit of a test.
TEST_CASE("deaths: the launcher killed at each step", "[alone]") {
  StrikeAtEachStep(0, 0);
}

TEST_CASE("deaths: the launcher stopped at each step", "[alone]") {
  StrikeAtEachStep(1, 1);
}

TEST_CASE("deaths: ABRT to the launcher at each step", "[alone]") {
  StrikeAtEachStep(2, 2);
}

TEST_CASE("deaths: the web side killed or aborted at each step", "[alone]") {
  StrikeAtEachStep(3, 4);
}

TEST_CASE("deaths: the web side stopped at each step", "[alone]") {
  StrikeAtEachStep(5, 5);
}

TEST_CASE("deaths: the guardian killed or aborted at each step", "[alone]") {
  StrikeAtEachStep(6, 7);
}

TEST_CASE("deaths: the guardian stopped at each step", "[alone]") {
  StrikeAtEachStep(8, 8);
}

TEST_CASE("deaths: TERM to the guardian at each step", "[alone]") {
  StrikeAtEachStep(9, 9);
}

TEST_CASE("deaths: each role while a new generation is not read", "[alone]") {
  NEEDS(root);
  StrikeAtEachStep(0, kBlows.size() - 1, StepKind::kHidden);
}

TEST_CASE("deaths: the launcher amid a run that cannot be killed", "[alone]") {
  NEEDS(fuse);
  StrikeAtEachStep(0, 2, StepKind::kHung);
}

TEST_CASE("deaths: the web side amid a run that cannot be killed", "[alone]") {
  NEEDS(fuse);
  StrikeAtEachStep(3, 5, StepKind::kHung);
}

TEST_CASE("deaths: the guardian amid a run that cannot be killed", "[alone]") {
  NEEDS(fuse);
  StrikeAtEachStep(6, 9, StepKind::kHung);
}

}  // namespace
}  // namespace command_exporter
