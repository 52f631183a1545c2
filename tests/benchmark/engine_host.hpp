// EngineHost: a launcher in a process of its own and its client, as in the web
// side, but without guardian and HTTP.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_BENCHMARK_ENGINE_HOST_HPP_
#define COMMAND_EXPORTER_TESTS_BENCHMARK_ENGINE_HOST_HPP_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/process/client/launcher_client.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

// argv[0] is an absolute path. Many of these commands differ only in their
// name.
CommandSpec BenchmarkCommand(std::vector<std::string> argv, int number = 0);

class EngineHost {
 public:
  // Ends the program when the launcher cannot be started.
  explicit EngineHost(std::vector<CommandSpec> commands,
                      const CgroupHome& cgroups = {});
  ~EngineHost();
  EngineHost(const EngineHost&) = delete;
  EngineHost& operator=(const EngineHost&) = delete;

  LauncherClient& client() { return *client_; }

  // Runs one command and waits until no process of it is left.
  CommandResult Run(std::uint32_t command, Duration timeout);

 private:
  pid_t pid_{};
  std::unique_ptr<LauncherClient> client_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_BENCHMARK_ENGINE_HOST_HPP_
