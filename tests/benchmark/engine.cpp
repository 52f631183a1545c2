// benchmark_engine: bursts of one program, through the engine or through a bare
// vfork loop, for tests/benchmark/run.py.
//
//   benchmark_engine floor  BURSTS COMMANDS PROGRAM
//   benchmark_engine engine BURSTS COMMANDS PROGRAM
//
// Prints the wall milliseconds of each burst, one a line. The processor time is
// for the caller to take with wait4(2), so that all processes count: the loop's
// children, and the launcher with its own.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/process/channel.hpp"
#include "core/process/command_table.hpp"
#include "core/process/launcher.hpp"
#include "core/process/launcher_client.hpp"
#include "core/process/sealed_text.hpp"

namespace command_exporter {
namespace {

constexpr int kOutstanding = 4;

void PrintMilliseconds(Clock::time_point start) {
  std::printf("%.3f\n", ToSeconds(Clock::now() - start) * 1e3);
}

void StartByVfork(const char* program) {
  if (::vfork() == 0) {  // NOLINT: it is what is measured
    ::execl(program, program, static_cast<char*>(nullptr));
    ::_exit(127);
  }
}

// The floor: nobody starts and waits for a program with less. No pipes, no
// deadline, no session.
void FloorBurst(int commands, const char* program) {
  int outstanding = 0;
  for (int i = 0; i < commands; ++i) {
    if (outstanding == kOutstanding) {
      ::wait(nullptr);
      --outstanding;
    }
    StartByVfork(program);
    ++outstanding;
  }
  while (outstanding-- > 0) {
    ::wait(nullptr);
  }
}

CommandTable MakeTable(int commands, const char* program) {
  CommandTable table{.generation = 1};
  for (int i = 0; i < commands; ++i) {
    CommandSpec spec;
    spec.name = "c" + std::to_string(i);
    spec.argv = {program};
    spec.paths = {program};
    table.commands.push_back(std::move(spec));
  }
  return table;
}

void EngineBurst(LauncherClient& client, int commands) {
  std::mutex mutex;
  std::condition_variable all_done;
  int left = commands;
  for (int i = 0; i < commands; ++i) {
    client.Start({.generation = 1,
                  .command = static_cast<std::uint32_t>(i),
                  .timeout = std::chrono::seconds{10},
                  .deadline = Deadline::After(std::chrono::seconds{10}),
                  .max_output = 4096},
                 {.done = [&](const CommandResult& result) {
                   if (result.ending != Ending::kExited || result.code != 0) {
                     std::fprintf(stderr, "a command failed\n");
                     std::_Exit(1);
                   }
                   const std::lock_guard lock(mutex);
                   if (--left == 0) {
                     all_done.notify_one();
                   }
                 }});
  }
  std::unique_lock lock(mutex);
  all_done.wait(lock, [&] { return left == 0; });
}

int RunEngine(int bursts, int commands, const char* program) {
  Result<ChannelPair> pair = MakeChannelPair();
  Result<UniqueFd> table =
      SealText("table", EncodeCommandTable(MakeTable(commands, program)));
  if (!pair || !table) {
    return 1;
  }
  const pid_t pid = ::fork();
  if (pid == 0) {
    pair->first.Reset();
    std::_Exit(RunLauncher(
        {.web = std::move(pair->second), .table = std::move(*table)}));
  }
  pair->second.Reset();
  table->Reset();
  {
    LauncherClient client(std::move(pair->first));
    for (int i = 0; i < bursts; ++i) {
      const Clock::time_point start = Clock::now();
      EngineBurst(client, commands);
      PrintMilliseconds(start);
    }
  }
  int status = 0;
  return ::waitpid(pid, &status, 0) == pid ? 0 : 1;
}

int Main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s floor|engine BURSTS COMMANDS PROGRAM\n",
                 argv[0]);
    return 2;
  }
  const int bursts = std::atoi(argv[2]);    // NOLINT: arguments of our script
  const int commands = std::atoi(argv[3]);  // NOLINT
  if (std::string_view(argv[1]) == "engine") {
    return RunEngine(bursts, commands, argv[4]);
  }
  for (int i = 0; i < bursts; ++i) {
    const Clock::time_point start = Clock::now();
    FloorBurst(commands, argv[4]);
    PrintMilliseconds(start);
  }
  return 0;
}

}  // namespace
}  // namespace command_exporter

int main(int argc, char** argv) {
  return command_exporter::Main(argc, argv);
}
