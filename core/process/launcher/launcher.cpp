#include "core/process/launcher/launcher.hpp"

#include <utility>

#include "core/process/launcher/launcher_loop.hpp"
#include "core/process/launcher/launcher_setup.hpp"

namespace command_exporter {

int RunLauncher(LauncherOptions options) {
  const rlimit open_files = SetUpLauncherProcess();
  return LauncherLoop(std::move(options), open_files).Run();
}

}  // namespace command_exporter
