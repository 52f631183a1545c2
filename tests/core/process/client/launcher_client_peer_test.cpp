// LauncherClient against a launcher that breaks the protocol.
#include <algorithm>
#include <future>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "core/process/client/launcher_client.hpp"
#include "core/process/ipc/own_stats.hpp"
#include "tests/fakes/fake_launcher.hpp"

namespace command_exporter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kPatience{10};

struct Mutant {
  ChannelPair pair = *MakeChannelPair();
  Channel launcher{std::move(pair.first)};
  LauncherClient client{std::move(pair.second)};
  std::promise<CommandResult> done;
  std::uint64_t job{};

  Mutant() {
    launcher.Send(HelloMessage{});
    CommandRequest request;
    request.timeout = seconds{2};
    request.deadline = Deadline::After(seconds{30});
    request.max_output = 1000;
    RunCallbacks callbacks;
    callbacks.done = [this](CommandResult result) {
      done.set_value(std::move(result));
    };
    job = client.Start(request, callbacks);
    // Before the client has requested the run, it believes no message about it.
    Packet packet;
    while (launcher.Receive(packet) != ReceiveState::kPacket ||
           packet.kind() != MessageKind::kRun) {
      std::this_thread::sleep_for(milliseconds{1});
    }
  }

  CommandResult Done() {
    auto future = done.get_future();
    REQUIRE(future.wait_for(kPatience) == std::future_status::ready);
    return future.get();
  }

  // The launcher keeps `mine`, as a real one does.
  void Start(std::vector<UniqueFd>& mine) {
    std::vector<UniqueFd> readers;
    for (int stream = 0; stream < 2; ++stream) {
      std::array<int, 2> ends{};
      REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
      mine.emplace_back(::dup(ends[0]));
      mine.emplace_back(ends[1]);
      readers.emplace_back(ends[0]);
    }
    launcher.Send(JobMessage{MessageKind::kStarted, 1, job},
                  std::move(readers));
  }
};

TEST_CASE_METHOD(Mutant, "a run that is said to start twice disturbs nobody") {
  std::vector<UniqueFd> mine;
  Start(mine);
  Start(mine);
  WriteAll(mine[1], "first");
  WriteAll(mine[5], "second");
  // If the second pipe had replaced the first, the first would wake the client
  // without end.
  std::this_thread::sleep_for(milliseconds{50});
  const auto before = OwnStats().cpu_ns;
  std::this_thread::sleep_for(milliseconds{500});
  CHECK(OwnStats().cpu_ns - before < Duration{milliseconds{100}}.count());
  DoneMessage end;
  end.job = job;
  launcher.Send(end);
  CHECK(Done().out == "first");
}

TEST_CASE_METHOD(Mutant, "an ending that there is not is a launcher lost") {
  DoneMessage end;
  end.job = job;
  SECTION("ending") {
    end.ending = static_cast<Ending>(200);
  }
  SECTION("fault") {
    end.fault = static_cast<StartFault>(200);
  }
  SECTION("wall") {
    end.wall_ns = -1;
  }
  SECTION("processor time") {
    end.cpu_ns = -1;
  }
  launcher.Send(end);
  CHECK(Done().ending == Ending::kLauncherLost);
}

TEST_CASE_METHOD(Mutant, "a diagnosis comes with the ending of its run") {
  DiagnosisMessage why;
  why.found.obstacle = StartObstacle::kMissing;
  launcher.Send(why);  // of an unknown run
  why.job = job;
  why.found.path[0] = '/';
  launcher.Send(why);
  DoneMessage end;
  end.ending = Ending::kNotStarted;
  end.fault = StartFault::kExec;
  end.job = job;
  launcher.Send(end);
  const CommandResult result = Done();
  REQUIRE(result.diagnosis != nullptr);
  CHECK(result.diagnosis->obstacle == StartObstacle::kMissing);
  CHECK(std::string(result.diagnosis->path) == "/");
}

TEST_CASE_METHOD(Mutant, "a diagnosis out of bounds is a launcher lost") {
  DiagnosisMessage why;
  why.job = job;
  SECTION("obstacle") {
    why.found.obstacle = static_cast<StartObstacle>(200);
  }
  SECTION("mode") {
    why.found.mode = 010000;
  }
  SECTION("what it is about") {
    why.found.is_program = 2;
  }
  SECTION("a path without an end") {
    std::ranges::fill(why.found.path, 'x');
  }
  SECTION("an interpreter without an end") {
    std::ranges::fill(why.found.interpreter, 'x');
  }
  launcher.Send(why);
  CHECK(Done().ending == Ending::kLauncherLost);
}

TEST_CASE_METHOD(Mutant,
                 "endings of unknown runs and a second one are dropped") {
  DoneMessage end;
  end.job = job + 1;
  launcher.Send(end);
  launcher.Send(JobMessage{MessageKind::kReleased, 0, job});
  launcher.Send(JobMessage{MessageKind::kTimedOut, 0, job + 7});
  end.job = job;
  end.code = 3;
  launcher.Send(end);
  launcher.Send(end);
  CHECK(Done().code == 3);
}

}  // namespace
}  // namespace command_exporter
