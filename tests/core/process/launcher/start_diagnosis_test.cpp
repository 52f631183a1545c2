// What a new process finds out about its failure.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

constexpr std::uint32_t kAlice = 65534;

class Scripts {
 public:
  Scripts() {
    std::string name = "/tmp/start_diagnosis_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    REQUIRE(::chmod(folder_.c_str(), 0755) == 0);
  }

  ~Scripts() { std::filesystem::remove_all(folder_); }

  Scripts(const Scripts&) = delete;
  Scripts& operator=(const Scripts&) = delete;

  std::string Write(const std::string& name, const std::string& text,
                    mode_t mode = 0755) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << text;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    return path;
  }

  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

StartObstacle Obstacle(const TestRun& run) {
  REQUIRE(run.done);
  CHECK(run.done->ending == Ending::kNotStarted);
  return run.found ? run.found->obstacle : StartObstacle::kNone;
}

TEST_CASE("a start that succeeds is not looked into") {
  LauncherDriver launcher({Program({"/bin/true"}), Shell("exit 127"),
                           Program({"/nonexistent/x"}), Program({"/bin/true"})},
                          {});
  for (const std::uint32_t command : {0U, 1U, 2U, 3U}) {
    const TestRun& run = launcher.Run(command);
    CHECK(run.found.has_value() == (command == 2));
  }
  CHECK(launcher.Left() == "");
}

TEST_CASE("a file that the kernel refuses is known by its first bytes") {
  const Scripts scripts;
  std::string elf =
      "\x7f"
      "ELF";
  elf.resize(64);
  const std::string mark = "\xef\xbb\xbf#!/bin/sh\n";
  const std::string line(300, '/');
  LauncherDriver launcher(
      {Program({scripts.Write("elf", elf)}),
       Program({scripts.Write("mark", mark)}),
       Program({scripts.Write("blank", "#! \t\n/bin/sh\n")}),
       Program({scripts.Write("long", "#!" + line + "\n")}),
       Program({scripts.Write("cut", "#!/nonexistent")}),
       Program({scripts.Write("empty", "")})});
  CHECK(Obstacle(launcher.Run(0)) == StartObstacle::kForeign);
  CHECK(Obstacle(launcher.Run(1)) == StartObstacle::kNoInterpreter);
  CHECK(Obstacle(launcher.Run(2)) == StartObstacle::kNoInterpreter);
  launcher.Run(3);
  const TestRun& cut = launcher.Run(4);
  CHECK(Obstacle(cut) == StartObstacle::kInterpreterMissing);
  CHECK(std::string(cut.found->interpreter) == "/nonexistent");
  CHECK(Obstacle(launcher.Run(5)) == StartObstacle::kEmpty);
  CHECK(launcher.Left() == "");
}

TEST_CASE("texts that are too long are cut, and what ends the way is kept") {
  const Scripts scripts;
  const std::string name(200, 'x');
  std::filesystem::create_directories(scripts.folder() + "/" + name);
  const auto interpreter = "/" + name;
  LauncherDriver launcher(
      {Program({scripts.Write("long", "#!" + interpreter + "\n")}),
       Program({scripts.folder() + "/" + name + "/" + name}),
       Program({"/" + std::string(5000, 'x')})});
  const TestRun& script = launcher.Run(0);
  CHECK(Obstacle(script) == StartObstacle::kInterpreterMissing);
  CHECK(std::string(script.found->interpreter) ==
        interpreter.substr(0, StartDiagnosis::kInterpreterRoom - 1));
  const TestRun& deep = launcher.Run(1);
  CHECK(Obstacle(deep) == StartObstacle::kMissing);
  CHECK(std::string(deep.found->path) ==
        (scripts.folder() + "/" + name + "/" + name)
            .substr(0, StartDiagnosis::kPathRoom - 1));
  CHECK(Obstacle(launcher.Run(2)) == StartObstacle::kNone);
  CHECK(launcher.Left() == "");
}

TEST_CASE("nothing that waits is opened, and a folder ends no search") {
  const Scripts scripts;
  const std::string fifo = scripts.folder() + "/fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0755) == 0);
  CommandSpec searched = Program({"true"});
  searched.paths = {scripts.folder(), "/nonexistent/true"};
  LauncherDriver launcher({Program({fifo}), searched});
  CHECK(Obstacle(launcher.Run(0)) == StartObstacle::kNoFile);
  CHECK(Obstacle(launcher.Run(1)) == StartObstacle::kMissing);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a look has the rights of its run") {
  NEEDS(root);
  const Scripts scripts;
  std::filesystem::create_directory(scripts.folder() + "/closed");
  REQUIRE(::chmod((scripts.folder() + "/closed").c_str(), 0710) == 0);
  CommandSpec roots = Program({scripts.folder() + "/closed/x"});
  CommandSpec alices = roots;
  alices.ids = RunIds{.uid = kAlice, .gid = kAlice, .groups = {}};
  CommandSpec member = roots;
  member.ids = RunIds{.uid = kAlice, .gid = kAlice, .groups = {0}};
  CommandSpec hidden =
      Program({scripts.Write("hidden", "#!/nonexistent\n", 0711)});
  hidden.ids = alices.ids;
  LauncherDriver launcher({roots, alices, member, hidden});
  CHECK(Obstacle(launcher.Run(0)) == StartObstacle::kMissing);
  const TestRun& closed = launcher.Run(1);
  CHECK(Obstacle(closed) == StartObstacle::kClosed);
  CHECK(std::string(closed.found->path) == scripts.folder() + "/closed");
  CHECK(closed.found->mode == 0710);
  CHECK(closed.found->owner == 0);
  CHECK(closed.found->user == kAlice);
  CHECK(Obstacle(launcher.Run(2)) == StartObstacle::kMissing);
  CHECK(Obstacle(launcher.Run(3)) == StartObstacle::kNone);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
