#include "core/process/guardian/guardian.hpp"

#include <cstdlib>
#include <utility>

#include "core/process/guardian/guardian_log.hpp"
#include "core/process/guardian/guardian_loop.hpp"
#include "core/process/guardian/guardian_setup.hpp"

namespace command_exporter {

int RunGuardian(GuardianOptions options) {
  auto process = SetUpGuardian();
  if (!process) {
    GuardianLog(LogLevel::kError, "cannot start: " + process.error().message);
    return EXIT_FAILURE;
  }
  return GuardianLoop(std::move(options), *std::move(process)).Run();
}

}  // namespace command_exporter
