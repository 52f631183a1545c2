// A peer that breaks the protocol on each side of each pair, from fixed seeds:
// the other process continues, or ends as specified with nothing left.
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "core/process/client/guardian_link.hpp"
#include "core/process/client/launcher_client.hpp"
#include "core/process/ipc/sealed_file.hpp"
#include "tests/core/process/guardian/guardian_harness.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"
#include "tests/core/process/mutator.hpp"
#include "tests/fakes/fake_launcher.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{20};

// Waits for a message of the peer; false when the peer is gone or sends
// nothing.
bool Next(Channel& channel, Packet& packet) {
  const Deadline until = Deadline::After(kPatience);
  while (!until.Passed()) {
    switch (channel.Receive(packet)) {
      case ReceiveState::kPacket:
        return true;
      case ReceiveState::kClosed:
        return false;
      case ReceiveState::kEmpty: {
        pollfd wait{channel.fd(), POLLIN, 0};
        ::poll(&wait, 1, 100);
      }
    }
  }
  FAIL("the peer neither speaks nor goes");
  return false;
}

std::vector<Spoken> WebScript(Mutator& mutator) {
  std::vector<Spoken> script;
  for (std::uint64_t job = 1; job <= 12; ++job) {
    RunMessage run;
    run.generation = 1;
    run.job = job;
    run.command = mutator.Below(5);
    run.timeout_ns = Duration{milliseconds{1 + mutator.Below(300)}}.count();
    run.deadline_ns = Deadline::After(seconds{10}).nanoseconds();
    script.push_back(Say(run));
    script.push_back(Say(BareMessage{MessageKind::kStatsRequest}));
    CancelMessage cancel;
    cancel.cause = CancelCause::kOutputLimit;
    cancel.job = 1 + mutator.Below(12);
    script.push_back(Say(cancel));
  }
  return script;
}

std::vector<Spoken> TablesScript(const UniqueFd& table) {
  std::vector<Spoken> script;
  for (std::uint32_t i = 0; i < 12; ++i) {
    script.push_back(Say(BareMessage{MessageKind::kPing}));
    script.push_back(
        Say(GenerationMessage{MessageKind::kTable, 2}, {table.get()}));
  }
  return script;
}

// True: it lives and runs a command. False: it is gone. After two more tables,
// the first generation is dropped.
bool LauncherServes(LauncherDriver& launcher, std::uint32_t generation = 1) {
  constexpr std::uint64_t kJob = 0xfeedfeedfeed;
  RunMessage run;
  run.generation = generation;
  run.job = kJob;
  run.timeout_ns = Duration{kPatience}.count();
  run.deadline_ns = Deadline::After(kPatience).nanoseconds();
  launcher.web().Send(run);
  Packet packet;
  while (Next(launcher.web(), packet)) {
    const auto done = packet.As<DoneMessage>();
    if (packet.kind() == MessageKind::kDone && done->job == kJob) {
      if (done->fault == StartFault::kTable && generation == 1) {
        return LauncherServes(launcher, 2);
      }
      CHECK(done->ending == Ending::kExited);
      return true;
    }
  }
  return false;
}

void TryLauncher(std::uint32_t seed, bool mad_guardian) {
  INFO("seed " << seed);
  LauncherDriver::Options options;
  options.guardian = true;
  LauncherDriver launcher(
      {Shell("exit 0"), Shell("setsid sleep 31 & exit 1"), Shell("yes"),
       Shell("trap '' TERM; sleep 31"), Program({"/nonexistent"})},
      options);
  Mutator mutator(seed);
  const auto table = SealText(
      "table", EncodeCommandTable({2, {Shell("exit 0"), Shell("exit 1")}}));
  REQUIRE(table);
  if (mad_guardian) {
    mutator.Speak(launcher.guardian().fd(), TablesScript(*table), 40);
  } else {
    mutator.Speak(launcher.web().fd(), WebScript(mutator), 40);
  }
  const bool serves = LauncherServes(launcher);
  const int status = launcher.Close();
  INFO((serves ? "served" : "had ended") << ", status " << status);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(launcher.Left() == "");
}

TEST_CASE("a mad web side does not stall or crash the launcher") {
  for (std::uint32_t seed = 0; seed < Rounds(60); ++seed) {
    TryLauncher(seed, false);
  }
}

TEST_CASE("a mad guardian does not stall or crash the launcher") {
  for (std::uint32_t seed = 0; seed < Rounds(60); ++seed) {
    TryLauncher(seed, true);
  }
}

// Runs of one client; each must be reported exactly once.
struct ClientRuns {
  std::atomic<int> done{};
  std::array<std::atomic<int>, 4> timed_out{};

  void Start(LauncherClient& client, std::size_t which) {
    CommandRequest request;
    request.timeout = seconds{2};
    request.deadline = Deadline::After(kPatience);
    request.max_output = 1000;
    RunCallbacks callbacks;
    callbacks.done = [this](const CommandResult& /*result*/) { ++done; };
    callbacks.timed_out = [this, which](const CommandResult& /*result*/) {
      ++timed_out.at(which);
    };
    client.Start(request, callbacks);
  }
};

struct Pipes {
  std::array<int, 2> out{-1, -1};
  std::array<int, 2> err{-1, -1};
  std::vector<UniqueFd> ends{};

  Pipes() {
    REQUIRE(::pipe2(out.data(), O_CLOEXEC) == 0);
    REQUIRE(::pipe2(err.data(), O_CLOEXEC) == 0);
    for (const int fd : {out[0], out[1], err[0], err[1]}) {
      ends.emplace_back(fd);
    }
    REQUIRE(::write(out[1], "half a line", 11) == 11);
  }
};

void TryClient(std::uint32_t seed) {
  INFO("seed " << seed);
  auto pair = MakeChannelPair();
  REQUIRE(pair);
  Channel mad(std::move(pair->first));
  LauncherClient client(std::move(pair->second));
  ClientRuns runs;
  std::vector<Spoken> script{Say(HelloMessage{})};
  const Pipes pipes;
  for (std::size_t i = 0; i < runs.timed_out.size(); ++i) {
    runs.Start(client, i);
    Packet packet;
    do {
      REQUIRE(Next(mad, packet));
    } while (packet.kind() != MessageKind::kRun);
    const std::uint64_t job = packet.As<RunMessage>()->job;
    script.push_back(Say(JobMessage{MessageKind::kStarted, 1, job},
                         {pipes.out[0], pipes.err[0]}));
    script.push_back(Say(StatsMessage{}));
    script.push_back(Say(JobMessage{MessageKind::kTimedOut, 1, job}));
    script.push_back(Say(DiagnosisMessage{.job = job}));
    DoneMessage done;
    done.ending = i % 2 == 0 ? Ending::kStuck : Ending::kTimedOut;
    done.job = job;
    script.push_back(Say(done));
    script.push_back(Say(JobMessage{MessageKind::kReleased, 1, job}));
  }
  Mutator(seed).Speak(mad.fd(), script);
  auto [sane, socket] = FakeLauncher::Make();
  client.Connect(std::move(socket));
  CHECK(Eventually([&runs] { return runs.done == 4; }));
  for (const auto& told : runs.timed_out) {
    CHECK(told <= 1);
  }
  runs.Start(client, 0);
  const auto run = sane.Expect<RunMessage>(MessageKind::kRun);
  REQUIRE(run);
  sane.Ended(run->job, Ending::kExited);
  CHECK(Eventually([&runs] { return runs.done == 5; }));
}

TEST_CASE("a mad launcher does not stall or crash the web side") {
  TryClient(0);
  const auto before = OpenDescriptors(::getpid()).size();
  for (std::uint32_t seed = 0; seed < Rounds(150); ++seed) {
    TryClient(seed);
  }
  CHECK(OpenDescriptors(::getpid()).size() == before);
}

void TryLink(std::uint32_t seed) {
  INFO("seed " << seed);
  auto pair = MakeChannelPair();
  auto other = MakeChannelPair();
  const auto text = SealText("text", "some text");
  REQUIRE(pair);
  REQUIRE(other);
  REQUIRE(text);
  Channel mad(std::move(pair->first));
  std::atomic<bool> lost{};
  std::atomic<int> wrong_texts{};
  GuardianHandlers handlers;
  handlers.lost = [&lost] { lost = true; };
  handlers.launcher_socket = [](const UniqueFd& /*socket*/) {};
  handlers.reload_failed = [](const std::string& /*errors*/) {};
  handlers.generation = [&wrong_texts](std::uint32_t /*generation*/,
                                       const std::string& got) {
    wrong_texts += got == "some text" ? 0 : 1;
  };
  GuardianLink link(std::move(pair->second), std::move(handlers));
  std::vector<Spoken> script{Say(HelloMessage{})};
  for (std::uint32_t i = 0; i < 5; ++i) {
    script.push_back(
        Say(GenerationMessage{MessageKind::kGeneration, i}, {text->get()}));
    script.push_back(
        Say(GenerationMessage{MessageKind::kReloadFailed, i}, {text->get()}));
    script.push_back(
        Say(BareMessage{MessageKind::kLauncherSocket}, {other->first.get()}));
    script.push_back(Say(StatsMessage{}));
    script.push_back(Say(BareMessage{MessageKind::kStop}));
  }
  Mutator(seed).Speak(mad.fd(), script, 20);
  link.RequestReload();
  Packet packet;
  bool answers = false;
  while (!answers && Next(mad, packet)) {
    answers = packet.kind() == MessageKind::kReloadRequest;
  }
  CHECK((answers || Eventually([&lost] { return lost.load(); })));
  CHECK(wrong_texts == 0);
}

TEST_CASE("a mad guardian does not stall or crash the web side") {
  TryLink(0);
  const auto before = OpenDescriptors(::getpid()).size();
  for (std::uint32_t seed = 0; seed < Rounds(150); ++seed) {
    TryLink(seed);
  }
  CHECK(OpenDescriptors(::getpid()).size() == before);
}

TEST_CASE("a guardian that does not read finds few questions, not a heap") {
  auto pair = MakeChannelPair();
  REQUIRE(pair);
  Channel guardian(std::move(pair->first));
  std::atomic<bool> lost{};
  GuardianHandlers handlers;
  handlers.lost = [&lost] { lost = true; };
  GuardianLink link(std::move(pair->second), std::move(handlers));
  constexpr int kScrapes = 20000;
  for (int i = 0; i < kScrapes; ++i) {
    link.RequestStats();
    link.RequestReload();
    std::this_thread::yield();
  }
  link.Ready();
  CHECK_FALSE(lost);
  int questions = 0;
  bool ready = false;
  Packet packet;
  while (!ready && Next(guardian, packet)) {
    ready = packet.kind() == MessageKind::kReady;
    questions += packet.kind() == MessageKind::kStatsRequest ? 1 : 0;
  }
  CHECK(ready);
  CHECK(questions == 1);
}

}  // namespace
}  // namespace command_exporter
