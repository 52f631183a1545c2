#include "core/process/system/proc_check.hpp"

#include <unistd.h>

#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "tests/support/run_program.hpp"

namespace command_exporter {
namespace {

std::string MessageOf(const Folder& proc) {
  const Status<> status = CheckProc(proc.path().string());
  return status ? "" : status.error().message;
}

TEST_CASE("a /proc that shows this process is accepted") {
  CHECK(CheckProc().has_value());
}

TEST_CASE("a /proc that is absent or of another namespace is refused") {
  const Folder proc;
  CHECK_THAT(MessageOf(proc),
             Catch::Contains("/self/stat: No such file or directory: ") &&
                 Catch::Contains("mount -t proc proc /proc"));
  const std::string pid = std::to_string(::getpid());
  std::filesystem::create_directories(proc.path() / "self" / "task" / pid);
  proc.Write("self/stat", pid + "1 (x) S 1");
  CHECK_THAT(MessageOf(proc), Catch::Contains("another pid namespace"));
  proc.Write("self/stat", pid + " (x) S 1");
  // A kernel without CONFIG_PROC_CHILDREN.
  CHECK(MessageOf(proc).empty());
}

}  // namespace
}  // namespace command_exporter
