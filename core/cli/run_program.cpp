#include "core/cli/run_program.hpp"

#include <cstddef>
#include <exception>
#include <iostream>
#include <span>
#include <string>

#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/cli/config_check.hpp"
#include "core/cli/flags.hpp"
#include "core/cli/list_collectors.hpp"
#include "core/cli/version_text.hpp"
#include "core/service/serve.hpp"
#include "core/service/web_user.hpp"

namespace command_exporter {
namespace {

// Always one line, because unprintable characters are escaped.
int UsageError(const std::string& what) {
  constexpr std::size_t kLongestEscape = 4;
  std::cerr << "command_exporter: error: "
            << Printable(what, what.size() * kLongestEscape)
            << ", try --help\n";
  return 1;
}

// The exit status of a mode that prints: `status` only if all output was
// written.
int FlushStatus(int status) {
  if (std::cout.flush()) {
    return status;
  }
  std::cerr << "command_exporter: error: cannot write to standard output\n";
  return 1;
}

int RunService(const Options& options) {
  const Result<WebUser> user = ChooseWebUser(options.user);
  return user ? Serve(options, *user) : UsageError(user.error().message);
}

int RunMode(const Flags& flags) {
  const Options& options = flags.options;
  ConfigureLog(options.log_level, options.log_format);
  switch (flags.mode) {
    case Mode::kHelp:
      std::cout << HelpText();
      return FlushStatus(0);
    case Mode::kVersion:
      std::cout << VersionText();
      return FlushStatus(0);
    case Mode::kCheckConfig:
      return FlushStatus(CheckConfig(options));
    case Mode::kListCollectors:
      return FlushStatus(ListCollectors(options));
    case Mode::kServe:
      break;
  }
  return RunService(options);
}

}  // namespace

int RunProgram(int argc, char** argv) {
  try {
    const std::span<const char* const> all(argv,
                                           static_cast<std::size_t>(argc));
    const Result<Flags> flags = ParseFlags(all.subspan(all.empty() ? 0 : 1));
    return flags ? RunMode(*flags) : UsageError(flags.error().message);
  } catch (const std::exception& error) {
    std::cerr << "command_exporter: internal error: " << error.what() << "\n";
  } catch (...) {
    std::cerr << "command_exporter: internal error\n";
  }
  return 1;
}

}  // namespace command_exporter
