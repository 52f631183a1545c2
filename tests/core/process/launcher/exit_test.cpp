// How commands end by themselves, and how they fail to start.
#include <catch2/catch.hpp>

#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {
namespace {

TEST_CASE("an exit status is reported as it is") {
  LauncherDriver launcher({Program({"/bin/true"}), Shell("exit 3"),
                           Shell("exit 137"), Shell("echo a; echo b >&2")});
  const TestRun& quiet = launcher.Run(0);
  CHECK(quiet.done->ending == Ending::kExited);
  CHECK(quiet.done->code == 0);
  CHECK(quiet.out.empty());
  CHECK(quiet.err.empty());
  CHECK(quiet.done->leftovers == 0);
  CHECK(launcher.Run(1).done->code == 3);
  const TestRun& high = launcher.Run(2);
  CHECK(high.done->ending == Ending::kExited);
  CHECK(high.done->code == 137);
  const TestRun& loud = launcher.Run(3);
  CHECK(loud.out == "a\n");
  CHECK(loud.err == "b\n");
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
