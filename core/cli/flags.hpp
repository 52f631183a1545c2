// The command line as plain values, checked: what to do, and with which
// options.
//
// The flags are named as the other exporters' are, so that their packages,
// roles and habits fit. One dash serves as well as two for every long flag.
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

// `arguments` without the program's name. Errors: one line without the
// program's name, as the usage error shows it.
Result<Flags> ParseFlags(std::span<const char* const> arguments);

// The text of --help.
std::string HelpText();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_FLAGS_HPP_
