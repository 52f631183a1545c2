// The rule of pipes, and what is in the way of a start.
#include "collectors/ending_reasons.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

CommandResult Exited(int status, std::string err = "") {
  CommandResult result;
  result.ending = Ending::kExited;
  result.code = status;
  result.err = std::move(err);
  return result;
}

std::string Message(const CommandResult& result, const RunConfig& run,
                    const RunDescription& description = {}) {
  const auto failure = FailureOf(result, run, description);
  return failure ? std::string(Name(failure->reason)) + ": " + failure->message
                 : "";
}

TEST_CASE("of a pipe, 141 and a silent 1 are successes") {
  RunConfig run;
  run.success_exit_codes.early_end = true;
  CHECK(Message(Exited(141), run).empty());
  CHECK_FALSE(Message(Exited(141, "nosuch: not found\n"), run).empty());
  CHECK(StatusOf(Exited(141), run) == 0);
  CHECK(StatusOf(Exited(140), run) == 140);
  CHECK(StatusOf(Exited(141), RunConfig{}) == 141);
  CHECK_FALSE(Message(Exited(1), run).empty());
  run.success_exit_codes.no_match = true;
  CHECK(Message(Exited(1), run).empty());
  CHECK(Message(Exited(1, "x\n"), run) ==
        "exit_status: exit status 1; last line on stderr: \"x\"");
  CHECK_FALSE(Message(Exited(2), run).empty());
  CHECK_FALSE(Message(Exited(141), RunConfig{}).empty());
}

TEST_CASE("what a successful run wrote to standard error is remarked") {
  CHECK(RemarkOf(Exited(0, "odd\n")) ==
        "it succeeded, but wrote text; last line on stderr: \"odd\"");
  CHECK(RemarkOf(Exited(0, "\n one \ntwo\nthree\n \n")) ==
        "it succeeded, but wrote text; first line on stderr: \"one\", last "
        "line: \"three\"");
  CHECK(RemarkOf(Exited(0, " \n")).empty());
  CHECK(RemarkOf(Exited(0)).empty());
}

// A failed start of /opt/x/y by uid 33.
std::string Obstacle(StartObstacle obstacle, const char* path,
                     const RunDescription& description, std::uint32_t owner = 0,
                     std::uint16_t mode = 0750) {
  StartDiagnosis found;
  found.obstacle = obstacle;
  found.is_program = 1;
  found.mode = mode;
  found.owner = owner;
  found.user = 33;
  std::strncpy(found.path, path, sizeof found.path - 1);
  CommandResult result;
  result.ending = Ending::kNotStarted;
  result.fault = StartFault::kExec;
  result.code = EACCES;
  result.diagnosis = std::make_shared<const StartDiagnosis>(found);
  return Message(result, {}, description);
}

TEST_CASE("a diagnosis names what is in the way, and whose it is") {
  RunDescription run{.program = "/opt/x/y", .cwd = "", .user = ""};
  const std::string start = "spawn: cannot start /opt/x/y: ";
  CHECK(Obstacle(StartObstacle::kClosed, "/opt", run, 7) ==
        start +
            "uid 33 may not enter the folder /opt (mode 0750, owner uid 7)");
  run.user = "www-data";
  CHECK(Obstacle(StartObstacle::kClosed, "/opt", run, 33) ==
        start +
            "user www-data may not enter the folder /opt (mode 0750, owner "
            "www-data)");
  CHECK(Obstacle(StartObstacle::kNotExecutable, "/opt/x/y", run) ==
        start +
            "user www-data may not execute it (mode 0750, owner root): run it "
            "as a user who may (user = \"...\"), or add user www-data to its "
            "group");
  CHECK(Obstacle(StartObstacle::kNotExecutable, "/opt/x/y", run, 0, 0644) ==
        start +
            "user www-data may not execute it (mode 0644, owner root): chmod "
            "a+x /opt/x/y");
  CHECK(Obstacle(StartObstacle::kNotExecutable, "/opt/x/y", run, 0, 0600) ==
        start +
            "user www-data may not execute it (mode 0600, owner root): chmod "
            "a+rx /opt/x/y");
  // A program with other rights is closed for a reason.
  constexpr std::array<std::uint16_t, 4> kMeantSo = {04750, 02710, 04644, 0700};
  for (const std::uint16_t mode : kMeantSo) {
    CHECK(Obstacle(StartObstacle::kNotExecutable, "/opt/x/y", run, 0, mode)
              .find("chmod") == std::string::npos);
  }
  CHECK(Obstacle(StartObstacle::kMount, "/opt/x/y", run) ==
        start + "it is on a file system that is mounted with noexec");
  CHECK(Obstacle(StartObstacle::kForeign, "/opt/x/y", run) ==
        start + "it is a program for another kind of machine");
  CHECK(Obstacle(StartObstacle::kNoLoader, "/opt/x/y", run) ==
        start +
            "the loader that it needs does not exist: it was built for another "
            "system");
  CHECK(Obstacle(StartObstacle::kNone, "", run) ==
        start + "execve: Permission denied");
}

TEST_CASE("nothing in a name is run by who copies a command of a message") {
  const RunDescription run{.program = "y", .cwd = "", .user = "alice"};
  CHECK(Obstacle(StartObstacle::kNotExecutable, "/opt/a;b", run, 0, 0644) ==
        "spawn: cannot start y: user alice may not execute /opt/a;b (mode "
        "0644, owner root)");
  CHECK(Obstacle(StartObstacle::kNotExecutable, "/opt/\x1b[2J", run)
            .find('\x1b') == std::string::npos);
}

}  // namespace
}  // namespace command_exporter
