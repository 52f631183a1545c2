#include "tests/core/process/guardian/deaths_steps.hpp"

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <string>

#include "tests/support/nothing_left.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

char StateOf(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const auto end = text.rfind(')');
  return end == std::string::npos ? 'X' : text[end + 2];
}

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
  scene.service.Start(kCommandTrue, 1);  // not sent to any launcher
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
       // Until exec it has the launcher's name.
       return scene.StartHung() && Eventually([&scene] {
                return scene.service.CountNamed("ce-launcher") == 2;
              });
     },
     StepKind::kHung},
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
     StepKind::kHung},
    {"stuck",
     [](Scene& scene) {
       return scene.StartHung() &&
              Eventually([&scene] { return scene.board.stuck == 1; });
     },
     StepKind::kHung},
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
              Eventually([&] { return StateOf(loader) == 'Z'; });
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
                // The tables in force, and the one before; two more while
                // pending.
                std::size_t memory_files = 0;
                for (const auto& [fd, what] :
                     OpenDescriptors(scene.service.guardian())) {
                  memory_files += what.find("memfd:ce-") != what.npos ? 1U : 0U;
                }
                return memory_files == 3;
              });
     },
     StepKind::kHidden},
    {"a reload while no launcher is there", BackOff},
};

}  // namespace

Scene::Scene()
    : service({}, true, FirstLoad::kWorks,
              [](GuardianOptions& options, ServiceBoard& /*board*/) {
                options.times.longest_load = seconds{6};
                options.times.heartbeat = milliseconds{400};
                options.times.pause = milliseconds{1500};
                options.times.stop = seconds{2};
                options.times.end = seconds{1};
              }),
      board(service.board()) {
  // One run shows that the launcher is set up, with its signals blocked.
  service.Start(kCommandTrue, 1);
  Eventually([this] { return board.exited == 1; });
  board.exited = 0;
  board.started = 0;
}

Scene::~Scene() {
  if (mount) {
    mount->Release();  // else nobody in it can be killed
  }
}

bool Scene::Stop(pid_t pid) const {
  return pid > 0 && ::kill(pid, SIGSTOP) == 0 &&
         Eventually([&] { return StateOf(pid) == 'T'; });
}

void Scene::Reload() {
  reloads = true;
  ::kill(service.guardian(), SIGHUP);
}

bool Scene::Loaded() {
  return Eventually(
      [this] { return board.loads == 2 && service.loader() == 0; });
}

bool Scene::StartHung() {
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
  return Eventually([this] { return mount->hanging() > 0; });
}

void Scene::LetGo(pid_t not_this) {
  board.load_hangs = false;
  for (const pid_t pid :
       {service.guardian(), service.web(), service.launcher()}) {
    if (pid != not_this) {
      Continue(pid);
    }
  }
}

const std::vector<Step>& Steps() {
  return kSteps;
}

void Continue(pid_t pid) {
  if (pid > 0) {
    ::kill(pid, SIGCONT);
  }
}

}  // namespace command_exporter
