// The command line as checked values: the mode and the options.
//
// The flags have the same names as in other exporters, so that existing
// packages and roles fit. Every long flag also works with one dash.
//
// Thread safety: plain values; ParseFlags asks the resolver for host names.
#ifndef COMMAND_EXPORTER_CORE_CLI_FLAGS_HPP_
#define COMMAND_EXPORTER_CORE_CLI_FLAGS_HPP_

#include <span>
#include <string>

#include "core/base/result.hpp"
#include "core/service/options.hpp"

namespace command_exporter {

enum class Mode { kServe, kHelp, kVersion, kCheckConfig, kListCollectors };

struct Flags {
  Mode mode{Mode::kServe};
  Options options{};
};

// `arguments` are without the program's name. Errors: one line, also without
// the program's name, as the usage error shows it.
Result<Flags> ParseFlags(std::span<const char* const> arguments);

// The text of --help.
std::string HelpText();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_FLAGS_HPP_
