#include "core/process/launcher/launcher.hpp"

#include <utility>

#include "core/process/launcher/launcher_loop.hpp"
#include "core/process/launcher/launcher_setup.hpp"

namespace command_exporter {

int RunLauncher(LauncherOptions options) {
  const rlimit open_files = SetUpLauncherProcess();
  // Its sockets stay open until the process is over: at their end the guardian
  // kills it, and would not learn its exit status.
  static LauncherLoop loop(std::move(options), open_files);
  return loop.Run();
}

}  // namespace command_exporter
