// The effect of a death, a stop or a signal to the whole group on a reload, and
// of a stopped web side on the runs.
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <string>

#include <catch2/catch.hpp>

#include "tests/core/process/guardian/guardian_harness.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kGone{5000};

void Shorten(GuardianOptions& options, ServiceBoard& /*board*/) {
  options.times.longest_load = seconds{2};
  options.times.pause = milliseconds{1500};
}

// One load hangs.
struct Loading {
  Service service{{}, true, FirstLoad::kWorks, Shorten};
  ServiceBoard& board = service.board();

  Loading() {
    board.load_hangs = true;
    REQUIRE(::kill(service.guardian(), SIGHUP) == 0);
    REQUIRE(Eventually(
        [this] { return board.loads == 2 && service.loader() > 0; }));
  }

  void RequireReloads(std::uint32_t generation) {
    REQUIRE(Eventually([&] { return board.generation == generation; }));
    const std::uint32_t before = board.exited;
    service.Start(kCommandTrue, 1);
    CHECK(Eventually([&] { return board.exited == before + 1; }));
    CHECK(service.Left(kGone) == "");
  }
};

TEST_CASE("a loader that dies or is stopped fails its reload, and no more",
          "[alone]") {
  for (const int signal : {SIGKILL, SIGABRT, SIGSTOP}) {
    INFO("signal " << signal);
    Loading at;
    const pid_t launcher = at.service.launcher();
    REQUIRE(::kill(at.service.loader(), signal) == 0);
    REQUIRE(Eventually([&] { return at.board.loads_ended == 1; }));
    CHECK(at.board.generation == 1);
    at.board.load_hangs = false;
    REQUIRE(::kill(at.service.guardian(), SIGHUP) == 0);
    at.RequireReloads(3);
    CHECK(at.service.launcher() == launcher);
  }
}

TEST_CASE("HUP to the whole group does not hurt the load that it began",
          "[alone]") {
  Loading at;
  REQUIRE(::kill(-at.service.guardian(), SIGHUP) == 0);
  at.board.load_hangs = false;
  at.RequireReloads(3);  // the second HUP's
  CHECK(at.board.loads_ended == 0);
}

TEST_CASE("INT to the whole group during the first load ends with status 0",
          "[alone]") {
  Service service({}, false, FirstLoad::kHangs);
  REQUIRE(Eventually(
      [&] { return service.board().loads == 1 && service.loader() > 0; }));
  REQUIRE(::kill(-service.guardian(), SIGINT) == 0);
  CHECK(service.WaitForEnd() == 0);
  CHECK(service.Left(kGone) == "");
}

TEST_CASE("a run that waits for a launcher is served after a reload, too",
          "[alone]") {
  Service service({}, true, FirstLoad::kWorks, Shorten);
  ServiceBoard& board = service.board();
  const pid_t first = service.launcher();
  REQUIRE(::kill(first, SIGKILL) == 0);
  REQUIRE(Eventually([&] { return board.sockets == 1; }));
  service.Start(kCommandSleep, 1);
  REQUIRE(Eventually([&] { return service.CountNamed("sleep") == 2; }));
  REQUIRE(service.SignalLauncher(SIGKILL));
  REQUIRE(Eventually([&] { return board.lost == 1; }));
  // The web side has noticed; 1.5 s without a launcher follow.
  service.Start(kCommandTrue, 1);
  REQUIRE(::kill(service.guardian(), SIGHUP) == 0);
  CHECK(Eventually([&] { return board.exited == 1; }));
  CHECK(board.generation == 2);
  CHECK(board.otherwise == 0);
}

TEST_CASE("deadlines hold while the web side is stopped", "[alone]") {
  constexpr std::uint32_t kRuns = 2;  // as many as start on any host
  Service service;
  ServiceBoard& board = service.board();
  board.timeout_ms = 2000;
  service.Start(kCommandSleep, kRuns);
  REQUIRE(Eventually([&] { return service.CountNamed("sleep") == 2 * kRuns; }));
  REQUIRE(service.SignalWeb(SIGSTOP));
  CHECK(Eventually([&] { return service.CountNamed("sleep") == 0; },
                   seconds{12}));
  CHECK(service.Left(kGone) == "");
  CHECK(board.otherwise == 0);  // no launcher got the request
  REQUIRE(service.SignalWeb(SIGCONT));
  CHECK(Eventually([&] { return board.otherwise == kRuns; }));
  CHECK(board.lost == 0);
}

TEST_CASE("a web side that never reads ends the service, not the guardian's",
          "[alone]") {
  Service service({}, true, FirstLoad::kWorks,
                  [](GuardianOptions& options, ServiceBoard& /*board*/) {
                    // Until it is killed at the end.
                    options.times.stop = seconds{2};
                  });
  REQUIRE(service.SignalWeb(SIGSTOP));
  const pid_t guardian = service.guardian();
  // Each reload is a message with a configuration; the queue is limited.
  CHECK(Eventually(
      [&] {
        ::kill(guardian, SIGHUP);
        return service.WaitForEnd(milliseconds{1}) != -1;
      },
      seconds{120}));
  CHECK(service.Left(kGone) == "");
}

}  // namespace
}  // namespace command_exporter
