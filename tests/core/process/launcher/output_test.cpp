// Output does not pass through the launcher: it is complete, exact, and uses
// none of its memory.
#include <thread>

#include <catch2/catch.hpp>

#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

LauncherDriver::Options Capped(std::size_t bytes) {
  LauncherDriver::Options options;
  options.max_output = bytes;
  return options;
}

TEST_CASE("a flood is cut and its command killed without grace") {
  constexpr std::size_t kCap = 100'000;
  CommandSpec out = Shell("trap '' TERM; yes");
  out.grace = 20s;
  CommandSpec err = Shell("trap '' TERM PIPE; yes >&2");
  err.grace = 20s;
  LauncherDriver launcher({out, err}, Capped(kCap));
  const TestRun& flood = launcher.Run(0, 15s);
  CHECK(flood.done->ending == Ending::kOutputLimit);
  CHECK(flood.out.size() == kCap);
  const TestRun& errors = launcher.Run(1, 15s);
  CHECK(errors.done->ending == Ending::kOutputLimit);
  CHECK(errors.err.size() == kCap);
  CHECK(launcher.Left() == "");
}

TEST_CASE("output at the cap is whole, one byte more is too much") {
  LauncherDriver launcher({Shell("head -c 65535 /dev/zero; sleep .05"),
                           Shell("head -c 65536 /dev/zero; sleep .05"),
                           Shell("head -c 65537 /dev/zero; sleep 31")},
                          Capped(65536));
  CHECK(launcher.Run(0).out.size() == 65535);
  const TestRun& full = launcher.Run(1);
  CHECK(full.out.size() == 65536);
  CHECK(full.done->ending == Ending::kExited);
  CHECK(launcher.Run(2).done->ending == Ending::kOutputLimit);
  CHECK(launcher.Left() == "");
}

TEST_CASE("much output on both streams neither blocks nor mixes") {
  constexpr std::size_t kEach = 5'120'000;
  LauncherDriver launcher(
      {Shell("i=0; while [ $i -lt 50 ]; do i=$((i+1));"
             "head -c 102400 /dev/zero | tr '\\0' o;"
             "head -c 102400 /dev/zero | tr '\\0' e >&2; done")},
      Capped(2 * kEach));
  const TestRun& run = launcher.Run(0, 20s);
  CHECK(run.done->ending == Ending::kExited);
  CHECK(run.out == std::string(kEach, 'o'));
  CHECK(run.err == std::string(kEach, 'e'));
  CHECK(launcher.Left() == "");
}

TEST_CASE("bytes arrive as they were printed") {
  LauncherDriver launcher(
      {Shell("printf 'a\\000b\\377\\300\\n'"),
       Program({"/usr/bin/head", "-c", "200000", "/dev/zero"})});
  CHECK(launcher.Run(0).out == std::string("a\0b\xff\xc0\n", 6));
  const TestRun& more_than_a_pipe = launcher.Run(1);
  CHECK(more_than_a_pipe.out == std::string(200'000, '\0'));
  CHECK(more_than_a_pipe.done->ending == Ending::kExited);
  CHECK(launcher.Left() == "");
}

TEST_CASE("the launcher stays small whatever is printed") {
  std::vector<CommandSpec> commands;
  for (int i = 0; i < 50; ++i) {
    commands.push_back(
        Program({"/usr/bin/head", "-c", "1000000", "/dev/zero"}));
    commands.back().name += std::to_string(i);
  }
  LauncherDriver launcher(commands);
  const auto before = launcher.Stats().resident_bytes;
  std::vector<std::uint64_t> jobs;
  for (std::uint32_t i = 0; i < commands.size(); ++i) {
    jobs.push_back(launcher.Start(i, 20s));
  }
  for (const auto job : jobs) {
    CHECK(launcher.Wait(job).out.size() == 1'000'000);
  }
  const auto after = launcher.Stats().resident_bytes;
  INFO(before << " -> " << after);
  CHECK(after < before + 8'000'000);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a reader that is away for a while loses nothing and stops nothing") {
  std::vector<CommandSpec> commands;
  for (int i = 0; i < 60; ++i) {
    commands.push_back(Shell("sleep 31"));
    commands.back().name += std::to_string(i);
  }
  LauncherDriver launcher(commands);
  std::vector<std::uint64_t> jobs;
  for (std::uint32_t i = 0; i < commands.size(); ++i) {
    jobs.push_back(launcher.Start(i, 200ms, 1, Deadline::After(1s)));
  }
  std::this_thread::sleep_for(3s);
  // Deadlines held although nobody read the messages.
  CHECK(DescendantsOf({launcher.pid()}).empty());
  // Runs without a place on a busy host were refused in time, too.
  int timed_out = 0;
  for (const auto job : jobs) {
    const TestRun& run = launcher.Wait(job);
    timed_out += run.done->ending == Ending::kTimedOut ? 1 : 0;
    CHECK((run.done->ending == Ending::kTimedOut ||
           run.done->fault == StartFault::kAdmission ||
           run.done->fault == StartFault::kHostBusy));
  }
  CHECK(timed_out >= 8);
  CHECK(launcher.Left() == "");
}

}  // namespace
}  // namespace command_exporter
