// The last check of a program before it is started.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>

#include "core/base/path_walk.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

constexpr std::uint32_t kAlice = 65534;

// A copy of true(1) in a folder of /tmp, and commands that require it to be
// safe.
class Programs {
 public:
  Programs() {
    std::string name = "/tmp/launcher_trust_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    std::filesystem::copy_file("/bin/true", program());
    REQUIRE(::chmod(folder_.c_str(), 0755) == 0);
  }

  ~Programs() { std::filesystem::remove_all(folder_); }

  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;

  const std::string& folder() const { return folder_; }

  std::string program() const { return folder_ + "/program"; }

  CommandSpec Spec(std::uint32_t owner) const {
    CommandSpec spec = command_exporter::Program({program()});
    spec.program_owner = owner;
    return spec;
  }

 private:
  std::string folder_;
};

void CheckRefused(const TestRun& run) {
  REQUIRE(run.done);
  CHECK(run.done->ending == Ending::kNotStarted);
  CHECK(run.done->fault == StartFault::kTrust);
  CHECK(run.done->code == EPERM);
}

void CheckStarted(const TestRun& run) {
  REQUIRE(run.done);
  CHECK(run.done->ending == Ending::kExited);
  CHECK(run.done->code == 0);
}

TEST_CASE("a program that others come to be able to change is not started") {
  NEEDS(root);
  const Programs programs;
  CommandSpec unchecked = programs.Spec(0);
  unchecked.program_owner.reset();
  LauncherDriver launcher({programs.Spec(0), programs.Spec(kAlice), unchecked});
  CheckStarted(launcher.Run(0));
  REQUIRE(::chmod(programs.folder().c_str(), 0775) == 0);
  CheckRefused(launcher.Run(0));
  CheckStarted(launcher.Run(2));
  REQUIRE(::chmod(programs.folder().c_str(), 01777) == 0);
  CheckStarted(launcher.Run(0));
  REQUIRE(::chown(programs.program().c_str(), kAlice, 0) == 0);
  CheckRefused(launcher.Run(0));
  CheckStarted(launcher.Run(1));
  CheckStarted(launcher.Run(2));
  CHECK(launcher.Left() == "");
}

TEST_CASE("a link of somebody else on the way keeps a program from starting") {
  NEEDS(root);
  const Programs programs;
  const std::string link = programs.folder() + "/link";
  REQUIRE(::symlink("../../bin/true", link.c_str()) == 0);
  CommandSpec spec = programs.Spec(0);
  spec.paths = {link};
  LauncherDriver launcher({spec});
  CheckStarted(launcher.Run(0));
  REQUIRE(::lchown(link.c_str(), kAlice, 0) == 0);
  CheckRefused(launcher.Run(0));
  CHECK(launcher.Left() == "");
}

TEST_CASE("of several paths those that are not there do not count") {
  NEEDS(root);
  const Programs programs;
  const std::string open = programs.folder() + "/open";
  REQUIRE(::mkdir(open.c_str(), 0777) == 0);
  REQUIRE(::chmod(open.c_str(), 0777) == 0);
  CommandSpec spec = programs.Spec(0);
  spec.paths = {open + "/program", programs.program()};
  CommandSpec none = programs.Spec(0);
  none.paths = {open + "/none", "/none/none"};
  CommandSpec longest = programs.Spec(0);
  longest.paths = {std::string(kLongestWalk, '/')};
  LauncherDriver launcher({spec, none, longest});
  CheckStarted(launcher.Run(0));
  std::filesystem::copy_file("/bin/true", open + "/program");
  CheckRefused(launcher.Run(0));
  CHECK(launcher.Run(1).done->fault == StartFault::kExec);
  CHECK(launcher.Run(1).done->code == ENOENT);
  CHECK(launcher.Run(2).done->fault == StartFault::kExec);
  CHECK(launcher.Run(2).done->code == ENAMETOOLONG);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a program is looked at as the user who runs it") {
  NEEDS(root);
  const Programs programs;
  CommandSpec spec = programs.Spec(kAlice);
  spec.ids = RunIds{.uid = kAlice, .gid = kAlice, .groups = {}};
  LauncherDriver launcher({spec});
  CheckStarted(launcher.Run(0));
  REQUIRE(::chmod(programs.folder().c_str(), 0700) == 0);
  const TestRun& closed = launcher.Run(0);
  CHECK(closed.done->fault == StartFault::kExec);
  CHECK(closed.done->code == EACCES);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
