// The guardian with a child that breaks the protocol: it continues with another
// child, reports a failed load, or (for its web side) ends with nothing left.
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/sealed_file.hpp"
#include "tests/core/process/guardian/guardian_harness.hpp"
#include "tests/core/process/mutator.hpp"
#include "tests/core/process/side_by_side.hpp"
#include "tests/support/nothing_left.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kGone{5000};

void RequireServes(Service& service) {
  const std::uint32_t before = service.board().exited;
  REQUIRE(Eventually([&] {
    service.Start(kCommandTrue, 1);
    return Eventually([&] { return service.board().exited > before; },
                      milliseconds{500});
  }));
}

// Waits until the guardian closes the socket.
void Linger(int socket) {
  pollfd wait{socket, 0, 0};
  ::poll(&wait, 1, 10000);
}

int MadLauncher(std::uint32_t seed, const LauncherOptions& options) {
  Mutator mutator(seed);
  std::vector<Spoken> script{Say(HelloMessage{})};
  for (std::uint32_t i = 0; i < 20; ++i) {
    script.push_back(Say(BareMessage{MessageKind::kPong}));
    script.push_back(Say(GenerationMessage{
        i % 2 == 0 ? MessageKind::kTableReady : MessageKind::kTableRefused,
        2 + mutator.Below(4)}));
  }
  mutator.Speak(options.guardian.get(), script, 30);
  if (mutator.Below(2) == 0) {
    Linger(options.guardian.get());
  }
  return 0;
}

void ReplaceMadLaunchers(std::uint32_t first_seed, std::uint32_t mad) {
  Service service({}, true, FirstLoad::kWorks,
                  [&](GuardianOptions& options, ServiceBoard& board) {
                    options.times.pause = milliseconds{1};
                    options.times.heartbeat = milliseconds{200};
                    options.launcher = [&board, first_seed,
                                        mad](LauncherOptions start) {
                      const std::uint32_t which = board.launchers++;
                      const bool is_mad = which > 0 && which <= mad;
                      return is_mad ? MadLauncher(first_seed + which - 1, start)
                                    : RunLauncher(std::move(start));
                    };
                  });
  RequireServes(service);
  const auto descriptors = OpenDescriptors(service.guardian()).size();
  REQUIRE(service.SignalLauncher(SIGKILL));
  // Reloads meanwhile, so that tables are in transit.
  REQUIRE(Eventually(
      [&] {
        service.board().reload_wanted = true;
        return service.board().launchers > mad + 1;
      },
      seconds{50} * static_cast<int>(1 + mad / 100)));
  RequireServes(service);
  REQUIRE(::kill(service.guardian(), 0) == 0);
  CHECK(service.Left(kGone) == "");
  const std::uint32_t loads = service.board().loads;
  service.board().reload_wanted = true;
  CHECK(Eventually([&] { return service.board().loads > loads; }));
  CHECK(Eventually([&] {
    // One more table: that of the generation before.
    return OpenDescriptors(service.guardian()).size() <= descriptors + 1;
  }));
  REQUIRE(::kill(service.guardian(), SIGTERM) == 0);
  CHECK(service.WaitForEnd() == 0);
}

// Half of them stay until the heartbeat fails, so several services run at once.
TEST_CASE("a mad launcher is replaced until a sane one serves", "[alone]") {
  NEEDS(root);
  constexpr std::uint32_t kServices = 4;
  const std::uint32_t mad = Rounds(60 / kServices);
  std::vector<Play> plays;
  for (std::uint32_t i = 0; i < kServices; ++i) {
    const std::uint32_t seed = i * mad;
    plays.push_back({"seeds from " + std::to_string(seed),
                     [seed, mad] { ReplaceMadLaunchers(seed, mad); }});
  }
  PlaySideBySide(plays);
}

// In the loader only its own end of the guardian's pair is left.
int SocketOfThisProcess() {
  constexpr int kMostDescriptors = 64;
  for (int fd = 3; fd < kMostDescriptors; ++fd) {
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
        type == SOCK_SEQPACKET) {
      return fd;
    }
  }
  return -1;
}

Result<LoadedConfig> MadLoad(std::uint32_t generation) {
  Mutator mutator(generation);
  const auto text = SealText("text", "neither table nor text");
  const int socket = SocketOfThisProcess();
  if (!text || socket < 0) {
    return Error{"the test is wrong"};
  }
  mutator.Speak(socket,
                {Say(GenerationMessage{MessageKind::kGeneration, generation},
                     {text->get(), text->get()}),
                 Say(GenerationMessage{MessageKind::kReloadFailed, generation},
                     {text->get()})},
                2);
  if (mutator.Below(3) == 0) {
    ::raise(SIGKILL);
  }
  return Error{"conf.toml:1:1: first problem\nsecond problem"};
}

TEST_CASE("a mad loader changes nothing, and the next one is believed",
          "[alone]") {
  NEEDS(root);
  const std::uint32_t mad = Rounds(100);
  Service service(
      {}, true, FirstLoad::kWorks,
      [&](GuardianOptions& options, ServiceBoard& board) {
        const auto sane = options.load;
        options.load = [&board, sane, mad](std::uint32_t generation) {
          const bool is_mad = generation > 1 && generation <= 1 + mad;
          if (is_mad) {
            ++board.loads;
          }
          return is_mad ? MadLoad(generation) : sane(generation);
        };
      });
  const pid_t launcher = service.launcher();
  const auto descriptors = OpenDescriptors(service.guardian()).size();
  REQUIRE(Eventually(
      [&] {
        service.board().reload_wanted = true;
        return service.board().loads > 1 + mad;
      },
      seconds{50} * static_cast<int>(1 + mad / 100)));
  REQUIRE(Eventually([&] { return service.board().generation > 1 + mad; }));
  RequireServes(service);
  CHECK(service.launcher() == launcher);
  CHECK(service.Left(kGone) == "");
  CHECK(OpenDescriptors(service.guardian()).size() <= descriptors + 1);
}

int MadWeb(std::uint32_t seed, const WebSideStart& start, ServiceBoard& board) {
  Mutator mutator(seed);
  std::vector<Spoken> script{Say(HelloMessage{})};
  for (std::uint32_t i = 0; i < 20; ++i) {
    script.push_back(Say(BareMessage{MessageKind::kReady}));
    script.push_back(Say(BareMessage{MessageKind::kReloadRequest}));
    script.push_back(Say(BareMessage{MessageKind::kStatsRequest}));
  }
  mutator.Speak(start.guardian.get(), script, 60);
  board.ready = true;
  // The guardian answers a request now, or has closed the socket.
  SendRaw(start.guardian.get(), Say(BareMessage{MessageKind::kStatsRequest}));
  Channel channel{UniqueFd{::dup(start.guardian.get())}};
  const Deadline until = Deadline::After(seconds{20});
  Packet packet;
  while (!until.Passed()) {
    const ReceiveState state = channel.Receive(packet);
    if (state == ReceiveState::kClosed ||
        (state == ReceiveState::kPacket &&
         packet.kind() == MessageKind::kStats)) {
      board.stopped = true;
      return 0;
    }
    std::this_thread::sleep_for(milliseconds{1});
  }
  return 0;
}

TEST_CASE("a mad web side is answered or ends the service, nothing left",
          "[alone]") {
  for (std::uint32_t seed = 0; seed < Rounds(60); ++seed) {
    INFO("seed " << seed);
    Service service({}, false, FirstLoad::kWorks,
                    [seed](GuardianOptions& options, ServiceBoard& board) {
                      options.web_side = [seed,
                                          &board](const WebSideStart& start) {
                        return MadWeb(seed, start, board);
                      };
                    });
    const int status = service.WaitForEnd(seconds{40});
    CHECK(service.board().stopped);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 1);
    CHECK(service.Left(kGone) == "");
  }
}

}  // namespace
}  // namespace command_exporter
