// benchmark_engine: runs bursts of one program through the engine or through a
// bare vfork loop, and measures the exactness of timeouts, for
// tests/benchmark/run.py.
//
//   benchmark_engine floor  BURSTS COMMANDS PROGRAM [ARGUMENT...]
//   benchmark_engine engine BURSTS COMMANDS PROGRAM [ARGUMENT...]
//   benchmark_engine cgroup BURSTS COMMANDS PROGRAM [ARGUMENT...]
//   benchmark_engine timeouts RUNS
//   benchmark_engine daemons RUNS
//   benchmark_engine tree RUNS
//
// `cgroup` is `engine` with a control group for each run; it ends with 77 if
// there are none. The first three print the wall milliseconds of each burst,
// one per line. The caller takes the processor time with wait4(2), so that all
// processes count: the loop's children, and the launcher with its own.
// promise.hpp describes the others.
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

#include "core/process/client/launcher_client.hpp"
#include "tests/benchmark/engine_host.hpp"
#include "tests/benchmark/promise.hpp"

namespace command_exporter {
namespace {

constexpr int kOutstanding = 4;
constexpr int kNotHere = 77;

void PrintMilliseconds(Clock::time_point start) {
  std::printf("%.3f\n", ToSeconds(Clock::now() - start) * 1e3);
}

void StartByVfork(char** argv) {
  if (::vfork() == 0) {  // NOLINT: it is what is measured
    ::execv(argv[0], argv);
    ::_exit(127);
  }
}

// The floor: no program can start and wait with less. No pipes, no deadline, no
// session.
void FloorBurst(int commands, char** argv) {
  int outstanding = 0;
  for (int i = 0; i < commands; ++i) {
    if (outstanding == kOutstanding) {
      ::wait(nullptr);
      --outstanding;
    }
    StartByVfork(argv);
    ++outstanding;
  }
  while (outstanding-- > 0) {
    ::wait(nullptr);
  }
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

int RunEngine(int bursts, int commands, char** argv,
              const CgroupHome& cgroups) {
  std::vector<CommandSpec> specs;
  for (int i = 0; i < commands; ++i) {
    std::vector<std::string> words;
    for (char** word = argv; *word != nullptr; ++word) {
      words.emplace_back(*word);
    }
    specs.push_back(BenchmarkCommand(std::move(words), i));
  }
  EngineHost engine(std::move(specs), cgroups);
  for (int i = 0; i < bursts; ++i) {
    const Clock::time_point start = Clock::now();
    EngineBurst(engine.client(), commands);
    PrintMilliseconds(start);
  }
  return EXIT_SUCCESS;
}

int RunFloor(int bursts, int commands, char** argv) {
  for (int i = 0; i < bursts; ++i) {
    const Clock::time_point start = Clock::now();
    FloorBurst(commands, argv);
    PrintMilliseconds(start);
  }
  return EXIT_SUCCESS;
}

int Main(int argc, char** argv) {
  PlayVictim(argc, argv);
  const std::string_view mode = argc >= 3 ? argv[1] : "";
  const int count = argc >= 3 ? std::atoi(argv[2]) : 0;  // NOLINT: our script's
  if (mode == "timeouts") {
    return PrintTimeoutLateness(count);
  }
  if (mode == "daemons") {
    return PrintDaemonsEnd(count);
  }
  if (mode == "tree") {
    return PrintTreeEnd(count);
  }
  if (argc < 5 || (mode != "floor" && mode != "engine" && mode != "cgroup")) {
    std::fprintf(stderr, "usage: the beginning of engine.cpp tells it\n");
    return 2;
  }
  const int commands = std::atoi(argv[3]);  // NOLINT: our script's
  if (mode == "cgroup") {
    const CgroupHome home = FindCgroupHome();
    if (!home) {
      std::fprintf(stderr, "no control groups: %s\n", home.why_not.c_str());
      return kNotHere;
    }
    return RunEngine(count, commands, argv + 4, home);
  }
  return mode == "engine" ? RunEngine(count, commands, argv + 4, {})
                          : RunFloor(count, commands, argv + 4);
}

}  // namespace
}  // namespace command_exporter

int main(int argc, char** argv) {
  return command_exporter::Main(argc, argv);
}
