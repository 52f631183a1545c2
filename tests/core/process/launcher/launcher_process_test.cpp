// The launcher as a process: its start, its messages, its refusals and its end.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/ipc/sealed_file.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

TEST_CASE("signals ignored or blocked by the parent do no harm") {
  LauncherDriver launcher(
      {Shell("exit 3"),
       Shell("grep -E 'Sig(Ign|Blk)' /proc/self/status; yes | head -1")},
      Before([] {
        ::signal(SIGCHLD, SIG_IGN);
        ::signal(SIGPIPE, SIG_IGN);
        ::signal(SIGTERM, SIG_IGN);
        sigset_t all;
        ::sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, nullptr);
      }));
  const TestRun& status = launcher.Run(0);
  CHECK(status.done->ending == Ending::kExited);
  CHECK(status.done->code == 3);
  const TestRun& clean = launcher.Run(1);
  CHECK(clean.out ==
        "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\ny\n");
  CHECK(clean.err.empty());
  CHECK(launcher.Left() == "");
}

TEST_CASE("a command has descriptors 0, 1 and 2 only") {
  // ls itself opens the folder, as 3.
  LauncherDriver launcher({Program({"/bin/ls", "/proc/self/fd"})},
                          Before([] { ::dup2(0, 9); }));
  CHECK(launcher.Run(0).out == "0\n1\n2\n3\n");
  CHECK(launcher.Left() == "");
}

TEST_CASE("closed standard descriptors at the start do no harm") {
  LauncherDriver launcher({Shell("cat; echo out; echo err >&2")}, Before([] {
                            ::close(0);
                            ::close(1);
                            ::close(2);
                          }));
  const TestRun& run = launcher.Run(0);
  CHECK(run.out == "out\n");
  CHECK(run.err == "err\n");
  CHECK(launcher.Left() == "");
}

TEST_CASE("commands get the limit of open files that the launcher was given") {
  LauncherDriver launcher({Shell("ulimit -Sn; ulimit -Hn")}, Before([] {
                            const rlimit limit{777, 2000};
                            ::setrlimit(RLIMIT_NOFILE, &limit);
                          }));
  CHECK(launcher.Run(0).out == "777\n2000\n");
  CHECK(launcher.Left() == "");
}

TEST_CASE("too few descriptors fail single runs and the launcher recovers") {
  std::vector<CommandSpec> commands;
  for (int i = 0; i < 40; ++i) {
    commands.push_back(Shell("sleep .2"));
    commands.back().name += std::to_string(i);
  }
  LauncherDriver launcher(commands, Before([] {
                            const rlimit limit{30, 30};
                            ::setrlimit(RLIMIT_NOFILE, &limit);
                          }));
  std::vector<std::uint64_t> jobs;
  for (std::uint32_t i = 0; i < commands.size(); ++i) {
    jobs.push_back(launcher.Start(i, 10s));
  }
  int failed = 0;
  for (const auto job : jobs) {
    const DoneMessage& done = *launcher.Wait(job).done;
    if (done.ending == Ending::kNotStarted) {
      ++failed;
      CHECK(done.fault == StartFault::kPipe);
      CHECK(done.code == EMFILE);
    }
  }
  CHECK(failed < 40);
  CHECK(launcher.Left() == "");
  CHECK(launcher.Run(0).done->code == 0);
  CHECK(launcher.Left() == "");
}

TEST_CASE("fork as the way to start gives the same results") {
  LauncherDriver launcher(
      {Shell("exit 3"), Program({"/nonexistent/x"}),
       Shell("sleep 31 & echo hi")},
      Before([] { ::setenv("COMMAND_EXPORTER_SPAWN", "fork", 1); }));
  CHECK(launcher.Run(0).done->code == 3);
  const TestRun& lost = launcher.Run(1);
  CHECK(lost.done->fault == StartFault::kExec);
  CHECK(lost.done->code == ENOENT);
  CHECK(launcher.Run(2).out == "hi\n");
  CHECK(launcher.Left() == "");
}

TEST_CASE("one command runs once at a time, other commands meanwhile") {
  CommandSpec slow = Shell("sleep .3; echo done");
  LauncherDriver launcher({slow, Shell("echo quick")});
  const auto first = launcher.Start(0, 5s);
  const auto second = launcher.Start(0, 5s);
  const auto late = launcher.Start(0, 5s, 1, Deadline::After(100ms));
  CHECK(launcher.Run(1).out == "quick\n");
  CHECK_FALSE(launcher.Look(first).done.has_value());
  CHECK(launcher.Look(second).pid == 0);
  const TestRun& refused = launcher.Wait(late);
  CHECK(refused.done->ending == Ending::kNotStarted);
  CHECK(refused.done->fault == StartFault::kStillThere);
  CHECK(launcher.Wait(second).out == "done\n");
  CHECK(launcher.Look(second).done_after >= 0.6);
  CHECK(launcher.Look(first).out == "done\n");
  CHECK(launcher.Left() == "");
}

TEST_CASE("figures about the launcher are its own") {
  LauncherDriver launcher({Shell("sleep 31")});
  const auto job = launcher.Start(0, 20s);
  launcher.Serve(5s, [&] { return launcher.Look(job).pid != 0; });
  const StatsMessage busy = launcher.Stats();
  CHECK(busy.pid == static_cast<std::uint32_t>(launcher.pid()));
  CHECK(busy.resident_bytes > 500'000);
  CHECK(busy.cpu_ns > 0);
  CHECK(busy.processes_running == 1);
  CHECK(busy.open_fds == OpenDescriptors(launcher.pid()).size());
  launcher.Cancel(job);
  launcher.Wait(job);
  CHECK(launcher.Stats().processes_running == 0);
  CHECK(launcher.Left() == "");
}

UniqueFd SealedTable(std::uint32_t generation, const std::string& script) {
  return *SealText("table", EncodeCommandTable({generation, {Shell(script)}}));
}

TEST_CASE("reloads in a row do not pass a run that was asked for before") {
  LauncherDriver::Options options;
  options.guardian = true;
  LauncherDriver launcher({Shell("echo one")}, options);
  CHECK(launcher.Run(0).out == "one\n");
  REQUIRE(::kill(launcher.pid(), SIGSTOP) == 0);
  int status = 0;
  REQUIRE(::waitpid(launcher.pid(), &status, WUNTRACED) == launcher.pid());
  REQUIRE(WIFSTOPPED(status));
  // More tables than it keeps, and all arrive before the run.
  for (std::uint32_t generation = 2; generation <= 9; ++generation) {
    std::vector<UniqueFd> fds;
    fds.push_back(SealedTable(generation, "echo new"));
    launcher.guardian().Send(GenerationMessage{MessageKind::kTable, generation},
                             std::move(fds));
  }
  const std::uint64_t job = launcher.Start(0, 5s, 1);
  REQUIRE(::kill(launcher.pid(), SIGCONT) == 0);
  CHECK(launcher.Wait(job).out == "one\n");
  CHECK(launcher.Left() == "");
}

TEST_CASE("the guardian is answered, and its new tables are taken") {
  LauncherDriver::Options options;
  options.guardian = true;
  LauncherDriver launcher({Shell("echo one")}, options);
  Packet packet;
  REQUIRE(launcher.guardian().Receive(packet) == ReceiveState::kPacket);
  CHECK(packet.kind() == MessageKind::kHello);
  launcher.guardian().Send(BareMessage{MessageKind::kPing});
  for (std::uint32_t generation = 2; generation <= 6; ++generation) {
    std::vector<UniqueFd> fds;
    fds.push_back(
        SealedTable(generation, "echo " + std::to_string(generation)));
    launcher.guardian().Send(GenerationMessage{MessageKind::kTable, generation},
                             std::move(fds));
  }
  launcher.Serve(5s, [&] {
    return launcher.guardian().Receive(packet) == ReceiveState::kPacket &&
           packet.kind() == MessageKind::kTableReady &&
           packet.As<GenerationMessage>()->generation == 6;
  });
  CHECK(launcher.Wait(launcher.Start(0, 5s, 6)).out == "6\n");
  // A web side may be that far behind during successive reloads.
  CHECK(launcher.Wait(launcher.Start(0, 5s, 3)).out == "3\n");
  CHECK(launcher.Wait(launcher.Start(0, 5s, 1)).done->fault ==
        StartFault::kTable);
  // A table without its descriptor is only refused.
  launcher.guardian().Send(GenerationMessage{MessageKind::kTable, 7});
  launcher.Serve(5s, [&] {
    return launcher.guardian().Receive(packet) == ReceiveState::kPacket;
  });
  CHECK(packet.kind() == MessageKind::kTableRefused);
  CHECK(launcher.Wait(launcher.Start(0, 5s, 6)).out == "6\n");
  CHECK(launcher.Left() == "");
  // When the guardian closes its end, the launcher ends.
  launcher.guardian().Close();
  Packet last;
  launcher.Serve(5s, [&] {
    return launcher.web().Receive(last) == ReceiveState::kClosed;
  });
  CHECK(launcher.Close() == 0);
}

TEST_CASE("when the web side goes, all runs and their daemons go") {
  std::vector<CommandSpec> commands;
  for (int i = 0; i < 20; ++i) {
    commands.push_back(Shell("trap '' TERM; (setsid sleep 31 &); sleep 32"));
    commands.back().name += std::to_string(i);
  }
  LauncherDriver launcher(commands);
  const NothingLeft nothing_left({launcher.pid()});
  for (std::uint32_t i = 0; i < commands.size(); ++i) {
    launcher.Start(i, 20s);
  }
  launcher.Serve(300ms);
  const auto before = Clock::now();
  CHECK(launcher.Close() == 0);
  CHECK(ToSeconds(Clock::now() - before) < 2.5);
  CHECK(nothing_left.Check() == "");
}

TEST_CASE("a message that is none of this pair's ends the launcher") {
  LauncherDriver launcher({Shell("sleep 31")});
  SECTION("unknown") {
    launcher.web().Send(BareMessage{static_cast<MessageKind>(9999)});
  }
  SECTION("another pair's") {
    launcher.web().Send(BareMessage{MessageKind::kPing});
  }
  SECTION("a second greeting") {
    launcher.web().Send(HelloMessage{});
  }
  SECTION("of a wrong size") {
    launcher.web().Send(BareMessage{MessageKind::kRun});
  }
  SECTION("with a descriptor too many") {
    std::vector<UniqueFd> fds;
    fds.push_back(*SealText("text", ""));
    launcher.web().Send(BareMessage{MessageKind::kStatsRequest},
                        std::move(fds));
  }
  launcher.Serve(5s, [&] {
    Packet packet;
    return launcher.web().Receive(packet) == ReceiveState::kClosed;
  });
  CHECK(launcher.Close() == 0);
}

}  // namespace
}  // namespace command_exporter
