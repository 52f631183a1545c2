// Runs with something in them that SIGKILL does not end: what is below it can
// die, and does. Each program of tree_programs.hpp as a user's, as root's and
// in a control group.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/system/child_list.hpp"
#include "core/process/system/proc_files.hpp"
#include "tests/core/process/launcher/cgroup_fixture.hpp"
#include "tests/core/process/launcher/hostile_programs.hpp"
#include "tests/core/process/launcher/hung_mount.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/core/process/launcher/tree_programs.hpp"
#include "tests/core/process/side_by_side.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using Needs = TreeProgram::Needs;

// Far more than is needed, for a machine with other things to do.
constexpr std::chrono::seconds kPatience{30};

enum class Mode { kUser, kRoot, kCgroup };

void BecomeUser() {
  constexpr uid_t kNobody = 65534;
  if (::getuid() == 0 && (::setresgid(kNobody, kNobody, kNobody) != 0 ||
                          ::setresuid(kNobody, kNobody, kNobody) != 0)) {
    ::_exit(1);
  }
}

// A run that nobody may touch: its leader, a child in another session and a
// daemon.
CommandSpec Other() {
  return Shell(
      "setsid sleep 177 & (setsid sleep 178 &); echo ready; exec sleep 179");
}

// As `file`, which every user may start, plays it.
CommandSpec SpecOf(const TreeProgram& program, const HostileFile& file,
                   const HungMount* mount) {
  CommandSpec spec = file.Spec();
  std::erase_if(spec.environment, [](const std::string& variable) {
    return variable.starts_with("HOSTILE=");
  });
  spec.environment.push_back(std::string("HOSTILE=") + program.name);
  if (mount != nullptr) {
    spec.environment.push_back(std::string(kHangVariable) + "=" +
                               mount->path());
  }
  return spec;
}

// A launcher with the run of a program beside another one.
class TreeScene {
 public:
  TreeScene(const TreeProgram& program, const HostileFile& file, Mode mode) {
    if (program.needs == Needs::kMount) {
      mount_ = std::make_unique<HungMount>();
      REQUIRE(mount_->usable());
    }
    LauncherDriver::Options options;
    if (mode == Mode::kCgroup) {
      options = groups_.emplace().Options();
    } else if (mode == Mode::kUser) {
      options = Before(BecomeUser);
    }
    launcher_.emplace(std::vector{Other(), SpecOf(program, file, mount_.get())},
                      std::move(options));
    other_ = StartReady(0);
    launcher_->Serve(kPatience, [this] {
      others_ = DescendantsOf({launcher_->pid()});
      return others_.size() == 3 &&
             std::all_of(others_.begin(), others_.end(), [](pid_t pid) {
               const auto facts = FactsOf(pid);
               return facts && facts->name == "sleep";
             });
    });
    REQUIRE(others_.size() == 3);
  }

  ~TreeScene() { Release(); }

  TreeScene(const TreeScene&) = delete;
  TreeScene& operator=(const TreeScene&) = delete;

  LauncherDriver& launcher() { return *launcher_; }

  std::uint64_t StartReady(std::uint32_t command) {
    const std::uint64_t job = launcher_->Start(command, 1h);
    launcher_->Serve(kPatience, [&] {
      return launcher_->Look(job).out == "ready\n" ||
             launcher_->Look(job).done.has_value();
    });
    CHECK(launcher_->Look(job).out == "ready\n");
    return job;
  }

  // So many processes wait for the mount.
  void AwaitHanging(std::ptrdiff_t count) {
    launcher_->Serve(kPatience, [&] {
      return mount_ == nullptr || mount_->hanging() >= count;
    });
  }

  // Else nobody in it can be killed.
  void Release() {
    if (mount_) {
      mount_->Release();
    }
  }

  // For a while: whoever gets another parent between two lists is in none.
  bool Becomes(const std::string& states) {
    Clock::time_point since = Clock::now();
    const auto holds = [&] {
      if (States() != states) {
        since = Clock::now();
      }
      return Clock::now() - since >= 500ms;
    };
    launcher_->Serve(kPatience, holds);
    return holds();
  }

  // Of all processes that are not the other run's, sorted; without the dead
  // whose parent cannot bury them.
  std::string States() const {
    std::string states;
    AddStatesBelow(launcher_->pid(), states);
    std::sort(states.begin(), states.end());
    return states;
  }

  bool OtherIsWhole() const {
    return DescendantsOf({launcher_->pid()}) == others_;
  }

  void EndOther() {
    launcher_->Cancel(other_);
    CHECK(launcher_->Wait(other_).done->ending == Ending::kCancelled);
    others_.clear();
  }

 private:
  // DescendantsOf looks at all of /proc, which is much to do all the time.
  void AddStatesBelow(pid_t parent, std::string& states) const {
    std::vector<pid_t> children;
    ReadChildrenOf(parent, children);
    for (const pid_t pid : children) {
      const auto facts = FactsOf(pid);
      if (facts && others_.count(pid) == 0 &&
          (facts->state != 'Z' || parent == launcher_->pid())) {
        states += facts->state;
        AddStatesBelow(pid, states);
      }
    }
  }

  std::optional<CgroupFixture> groups_{};
  std::unique_ptr<HungMount> mount_{};
  std::optional<LauncherDriver> launcher_{};
  std::uint64_t other_{};
  std::set<pid_t> others_{};
};

void PlayOne(const TreeProgram& program, const HostileFile& file, Mode mode) {
  TreeScene scene(program, file, mode);
  LauncherDriver& launcher = scene.launcher();
  const std::uint64_t job = scene.StartReady(1);
  scene.AwaitHanging(std::count_if(program.stays.begin(), program.stays.end(),
                                   [](char state) { return state != 't'; }));
  launcher.Cancel(job);
  const Ending ending = launcher.Wait(job).done->ending;
  CHECK((ending == Ending::kStuck) == !program.stays.empty());
  CHECK(scene.Becomes(program.stays));
  CHECK(scene.States() == program.stays);
  scene.Release();
  CHECK(scene.Becomes(""));
  CHECK(scene.OtherIsWhole());
  // Nothing is in the way of the next run.
  const std::uint64_t next = scene.StartReady(1);
  launcher.Cancel(next);
  CHECK(launcher.Wait(next).done->ending == Ending::kCancelled);
  scene.EndOther();
  CHECK(launcher.Left(kPatience) == "");
}

void PlayThose(bool with_mount, Mode mode) {
  const HostileFile file("tree", 0755);
  std::vector<Play> plays;
  for (const TreeProgram& program : TreePrograms()) {
    const bool is_for_all = program.needs != Needs::kRootAndMount;
    if ((program.needs != Needs::kNothing) == with_mount &&
        (is_for_all || mode != Mode::kUser)) {
      plays.push_back({program.name, [&program, &file, mode] {
                         PlayOne(program, file, mode);
                       }});
    }
  }
  PlaySideBySide(plays);
}

TEST_CASE("trees: what a tracer or vfork holds is gone with a user's run",
          "[alone]") {
  PlayThose(false, Mode::kUser);
}

TEST_CASE("trees: what a tracer or vfork holds is gone with root's run",
          "[alone]") {
  NEEDS(root);
  PlayThose(false, Mode::kRoot);
}

TEST_CASE("trees: what a tracer or vfork holds is gone with its group",
          "[alone]") {
  NEEDS(cgroup);
  PlayThose(false, Mode::kCgroup);
}

TEST_CASE("trees: of a user's run only what hangs stays, until the mount goes",
          "[alone]") {
  NEEDS(fuse);
  NEEDS(user_namespace);
  PlayThose(true, Mode::kUser);
}

TEST_CASE("trees: of root's run only what hangs stays, until the mount goes",
          "[alone]") {
  NEEDS(fuse);
  NEEDS(pid_namespace);
  PlayThose(true, Mode::kRoot);
}

TEST_CASE("trees: of a group only what hangs stays, until the mount goes",
          "[alone]") {
  NEEDS(fuse);
  NEEDS(cgroup);
  NEEDS(pid_namespace);
  PlayThose(true, Mode::kCgroup);
}

TEST_CASE("trees: what has another run's tag goes with that run", "[alone]") {
  NEEDS(fuse);
  const HostileFile file("tree", 0755);
  TreeScene scene(BorrowerProgram(), file, Mode::kUser);
  const std::uint64_t job = scene.StartReady(1);
  CHECK(scene.launcher().Wait(job).done->ending == Ending::kStuck);
  scene.launcher().Serve(2000ms);  // nothing is looked for any more
  CHECK(scene.States() == "DS");
  scene.EndOther();
  CHECK(scene.Becomes("D"));
  scene.Release();
  CHECK(scene.launcher().Left(kPatience) == "");
}

}  // namespace
}  // namespace command_exporter
