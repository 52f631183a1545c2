// Each role killed, stopped and aborted at each step of a run and of a reload.
//
// One table of steps, one of blows; every blow is struck at every step. A step
// is not guessed by time: it is held (a role stopped before it can go on, a
// load that hangs, a program on a mount that never answers) or seen (a process
// that is there only then) before the blow falls.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/core/process/guardian_harness.hpp"
#include "tests/core/process/launcher/hung_mount.hpp"
#include "tests/support/nothing_left.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kGone{5000};

// A service whose stopped parts are known, with a mount that never answers
// where there can be one.
struct Scene {
  std::unique_ptr<HungMount> mount{};
  Service service{{},
                  true,
                  FirstLoad::kWorks,
                  [](GuardianOptions& options, ServiceBoard& /*board*/) {
                    options.times.longest_load = seconds{6};
                    options.times.heartbeat = milliseconds{400};
                    options.times.pause = seconds{3};
                  }};
  ServiceBoard& board = service.board();
  bool reloads{};  // generation 2 is under way

  ~Scene() {
    if (mount) {
      mount->Release();  // else nobody in it can be killed
    }
  }

  char State(pid_t pid) const {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text);
    const auto end = text.rfind(')');
    return end == std::string::npos ? 'X' : text[end + 2];
  }

  bool Stop(pid_t pid) const {
    return pid > 0 && ::kill(pid, SIGSTOP) == 0 &&
           Eventually([&] { return State(pid) == 'T'; });
  }

  void Reload() {
    reloads = true;
    ::kill(service.guardian(), SIGHUP);
  }

  // The loader has answered and is gone.
  bool Loaded() {
    return Eventually(
        [this] { return board.loads == 2 && service.loader() == 0; });
  }

  // A run whose process hangs before its exec.
  bool StartHung() {
    mount = std::make_unique<HungMount>();
    const std::string folder = mount->path() + "/folder";
    std::strncpy(board.cwd.data(), folder.c_str(), board.cwd.size() - 1);
    Reload();
    if (!Eventually([this] { return board.generation == 2; })) {
      return false;
    }
    reloads = false;
    board.timeout_ms = 300;
    service.Start(kCommandElsewhere, 1);
    return true;
  }
};

struct Step {
  const char* name{};
  bool (*reach)(Scene&){};
  bool hangs{};  // needs a mount that never answers
};

bool InQueue(Scene& scene) {
  scene.service.Start(kCommandSleep, 1);
  scene.service.Start(kCommandSleep, 1);  // the same: it waits for the first
  scene.service.Start(kCommandTrue, 1);   // messages keep their order
  return Eventually([&scene] { return scene.board.exited == 1; });
}

bool Lingering(Scene& scene) {
  return Eventually([&scene] {
    scene.service.Start(kCommandLingers, 1);
    return Eventually(
        [&scene] {
          return scene.service.CountNamed("tail") == 1 &&
                 scene.service.CountNamed("sh") == 0;
        },
        milliseconds{300});
  });
}

bool BackOff(Scene& scene) {
  const pid_t first = scene.service.launcher();
  ::kill(first, SIGKILL);
  const bool second = Eventually([&] {
    return scene.board.sockets == 1 && scene.service.launcher() > 0 &&
           scene.service.launcher() != first;
  });
  scene.service.SignalLauncher(SIGKILL);
  const bool none = Eventually([&] { return scene.service.launcher() == 0; });
  scene.service.Start(kCommandTrue, 1);  // not sent to anybody
  scene.Reload();
  return second && none && scene.Loaded() && scene.service.launcher() == 0;
}

const std::vector<Step> kSteps{
    {"nothing is under way", [](Scene& /*scene*/) { return true; }},
    {"a run is asked for and not read",
     [](Scene& scene) {
       const bool stopped = scene.Stop(scene.service.launcher());
       scene.service.Start(kCommandTrue, 1);
       return stopped;
     }},
    {"a run waits in the queue", InQueue},
    {"between clone and exec",
     [](Scene& scene) {
       // Until exec it bears the launcher's name.
       return scene.StartHung() && Eventually([&scene] {
                return scene.service.CountNamed("ce-launcher") == 2;
              });
     },
     true},
    {"a run has a daemon",
     [](Scene& scene) {
       scene.service.Start(kCommandSleep, 1);
       return Eventually(
           [&scene] { return scene.service.CountNamed("sleep") == 2; });
     }},
    {"TERM is sent, the grace runs",
     [](Scene& scene) {
       scene.board.timeout_ms = 200;
       scene.service.Start(kCommandStubborn, 1);
       return Eventually(
           [&scene] { return scene.service.CountNamed("tail") == 1; });
     }},
    {"KILL is sent",
     [](Scene& scene) {
       return scene.StartHung() &&
              Eventually([&scene] { return scene.board.timed_out == 1; });
     },
     true},
    {"stuck",
     [](Scene& scene) {
       return scene.StartHung() &&
              Eventually([&scene] { return scene.board.stuck == 1; });
     },
     true},
    {"the output of an ended run is held open", Lingering},
    {"the loader works",
     [](Scene& scene) {
       scene.board.load_hangs = true;
       scene.Reload();
       return Eventually([&scene] { return scene.board.loads == 2; });
     }},
    {"the loader's answer is not read",
     [](Scene& scene) {
       scene.board.load_hangs = true;
       scene.Reload();
       const bool loads =
           Eventually([&scene] { return scene.board.loads == 2; });
       const pid_t loader = scene.service.loader();
       const bool stopped = scene.Stop(scene.service.guardian());
       scene.board.load_hangs = false;
       return loads && stopped &&
              Eventually([&] { return scene.State(loader) == 'Z'; });
     }},
    {"the table is sent and not read",
     [](Scene& scene) {
       const bool stopped = scene.Stop(scene.service.launcher());
       scene.Reload();
       return stopped && scene.Loaded();
     }},
    {"the new generation is sent and not read",
     [](Scene& scene) {
       const bool stopped = scene.Stop(scene.service.web());
       scene.Reload();
       return stopped && scene.Loaded() && Eventually([&scene] {
                // Those in force, and the table before; two more while pending.
                std::size_t memory_files = 0;
                for (const auto& [fd, what] :
                     OpenDescriptors(scene.service.guardian())) {
                  memory_files += what.find("memfd:ce-") != what.npos ? 1 : 0;
                }
                return memory_files == 3;
              });
     }},
    {"a reload while no launcher is there", BackOff},
};

void Continue(pid_t pid) {
  if (pid > 0) {
    ::kill(pid, SIGCONT);
  }
}

// All that the step holds goes on, but for `not_this`.
void LetGo(Scene& scene, pid_t not_this = 0) {
  scene.board.load_hangs = false;
  for (const pid_t pid : {scene.service.guardian(), scene.service.web(),
                          scene.service.launcher()}) {
    if (pid != not_this) {
      Continue(pid);
    }
  }
}

void RequireServes(Scene& scene) {
  scene.board.timeout_ms = 60000;
  CHECK(Eventually([&scene] {
    const std::uint32_t before = scene.board.exited;
    scene.service.Start(kCommandHalfSecond, 1);
    return Eventually([&] { return scene.board.exited > before; }, seconds{5});
  }));
  if (scene.reloads) {
    CHECK(Eventually([&scene] { return scene.board.generation == 2; }));
  }
}

void RequireEnds(Scene& scene, int status) {
  constexpr int kCoreFlag = 0x80;
  CHECK((scene.service.WaitForEnd(seconds{30}) & ~kCoreFlag) == status);
  if (scene.mount) {
    scene.mount->Release();
  }
  CHECK(scene.service.Left(kGone) == "");
}

// The launcher's death: the others stay, every run is told, nothing is left.
void OnLauncherDeath(Scene& scene, int signal) {
  const pid_t launcher = scene.service.launcher();
  const pid_t web = scene.service.web();
  if (launcher > 0) {
    REQUIRE(::kill(launcher, signal) == 0);
  }
  LetGo(scene, launcher);
  RequireServes(scene);
  CHECK(scene.service.launcher() != launcher);
  CHECK(scene.service.web() == web);
  CHECK(Eventually([&scene] {
    return scene.board.exited + scene.board.lost + scene.board.otherwise ==
           scene.board.started;
  }));
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
  LetGo(scene);
  RequireServes(scene);
  CHECK((launcher == 0 || scene.service.launcher() == launcher));
  REQUIRE(::kill(scene.service.guardian(), SIGTERM) == 0);
  RequireEnds(scene, 0);
}

void OnWebDeath(Scene& scene, int signal) {
  REQUIRE(scene.service.SignalWeb(signal));
  Continue(scene.service.guardian());
  Continue(scene.service.web());  // for the abort, which waits else
  RequireEnds(scene, 1 << 8);
}

// Launcher and guardian do not care; it serves again when it goes on.
void OnWebStop(Scene& scene, int signal) {
  const pid_t web = scene.service.web();
  REQUIRE(web > 0);
  REQUIRE(::kill(web, signal) == 0);
  LetGo(scene, web);
  CHECK(Eventually([&scene] { return scene.service.launcher() > 0; }));
  CHECK(Eventually([&scene] { return scene.service.loader() == 0; }));
  const std::uint32_t loads = scene.board.loads;
  CHECK(Eventually([&] {
    ::kill(scene.service.guardian(), SIGHUP);
    return scene.board.loads > loads;
  }));
  LetGo(scene);
  CHECK(Eventually([&scene] { return scene.board.generation >= 2; }));
  scene.reloads = false;
  RequireServes(scene);
  REQUIRE(::kill(scene.service.guardian(), SIGTERM) == 0);
  RequireEnds(scene, 0);
}

void OnGuardianDeath(Scene& scene, int signal) {
  REQUIRE(::kill(scene.service.guardian(), signal) == 0);
  Continue(scene.service.guardian());
  RequireEnds(scene, signal);
}

void OnGuardianTerm(Scene& scene, int signal) {
  REQUIRE(::kill(scene.service.guardian(), signal) == 0);
  Continue(scene.service.guardian());
  RequireEnds(scene, 0);
}

// Both others serve on; it takes up its work when it goes on.
void OnGuardianStop(Scene& scene, int signal) {
  REQUIRE(::kill(scene.service.guardian(), signal) == 0);
  const bool served = scene.service.launcher() > 0;
  LetGo(scene, scene.service.guardian());
  const bool reloads = std::exchange(scene.reloads, false);
  if (served) {
    RequireServes(scene);
  }
  scene.reloads = reloads;
  LetGo(scene);
  RequireServes(scene);
  REQUIRE(::kill(scene.service.guardian(), SIGTERM) == 0);
  RequireEnds(scene, 0);
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

void StrikeAtEachStep(const Blow& blow, bool hangs) {
  for (const Step& step : kSteps) {
    if (step.hangs == hangs) {
      INFO(blow.name << ", step: " << step.name);
      Scene scene;
      REQUIRE(step.reach(scene));
      blow.strike(scene, blow.signal);
    }
  }
}

// One case each, so that each has a test's time.
TEST_CASE("deaths: the launcher killed at each step") {
  StrikeAtEachStep(kBlows[0], false);
}

TEST_CASE("deaths: the launcher stopped at each step") {
  StrikeAtEachStep(kBlows[1], false);
}

TEST_CASE("deaths: ABRT to the launcher at each step") {
  StrikeAtEachStep(kBlows[2], false);
}

TEST_CASE("deaths: the web side killed or aborted at each step") {
  StrikeAtEachStep(kBlows[3], false);
  StrikeAtEachStep(kBlows[4], false);
}

TEST_CASE("deaths: the web side stopped at each step") {
  StrikeAtEachStep(kBlows[5], false);
}

TEST_CASE("deaths: the guardian killed or aborted at each step") {
  StrikeAtEachStep(kBlows[6], false);
  StrikeAtEachStep(kBlows[7], false);
}

TEST_CASE("deaths: the guardian stopped at each step") {
  StrikeAtEachStep(kBlows[8], false);
}

TEST_CASE("deaths: TERM to the guardian at each step") {
  StrikeAtEachStep(kBlows[9], false);
}

TEST_CASE("deaths: every blow amid a run that cannot be killed") {
  NEEDS(fuse);
  for (const Blow& blow : kBlows) {
    StrikeAtEachStep(blow, true);
  }
}

}  // namespace
}  // namespace command_exporter
