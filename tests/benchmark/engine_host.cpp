#include "tests/benchmark/engine_host.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <future>
#include <utility>

#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/sealed_file.hpp"
#include "core/process/launcher/launcher.hpp"

namespace command_exporter {

CommandSpec BenchmarkCommand(std::vector<std::string> argv, int number) {
  CommandSpec spec;
  spec.name = "c" + std::to_string(number);
  spec.argv = std::move(argv);
  spec.paths = {spec.argv.front()};
  spec.environment = {"PATH=/usr/bin:/bin"};
  return spec;
}

EngineHost::EngineHost(std::vector<CommandSpec> commands,
                       const CgroupHome& cgroups) {
  Result<ChannelPair> pair = MakeChannelPair();
  Result<UniqueFd> table =
      SealText("table", EncodeCommandTable({1, std::move(commands)}));
  if (!pair || !table) {
    std::perror("no launcher");
    std::exit(EXIT_FAILURE);
  }
  pid_ = ::fork();
  if (pid_ == 0) {
    pair->first.Reset();
    std::_Exit(RunLauncher({.web = std::move(pair->second),
                            .table = std::move(*table),
                            .cgroups = cgroups}));
  }
  client_ = std::make_unique<LauncherClient>(std::move(pair->first));
}

EngineHost::~EngineHost() {
  client_.reset();
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_ || status != 0) {
    std::fprintf(stderr, "the launcher ended with %d\n", status);
    std::_Exit(EXIT_FAILURE);
  }
}

CommandResult EngineHost::Run(std::uint32_t command, Duration timeout) {
  constexpr std::size_t kMaxOutput = 1'000'000;
  std::promise<CommandResult> promise;
  auto result = promise.get_future();
  client_->Start({.generation = 1,
                  .command = command,
                  .timeout = timeout,
                  .deadline = Deadline::After(std::chrono::seconds{20}),
                  .max_output = kMaxOutput},
                 {.done = [&promise](CommandResult done) {
                   promise.set_value(std::move(done));
                 }});
  return result.get();
}

}  // namespace command_exporter
