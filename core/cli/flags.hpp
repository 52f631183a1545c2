// The command line as plain values, checked.
//
// What needs a restart is a flag; what a reload can change is in the file. The
// flags are named as the other exporters' are, so that their packages, roles
// and habits fit. One dash serves as well as two for every long flag.
//
// Thread safety: plain values; ParseFlags asks the resolver for host names.
#ifndef COMMAND_EXPORTER_CORE_CLI_FLAGS_HPP_
#define COMMAND_EXPORTER_CORE_CLI_FLAGS_HPP_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/log.hpp"
#include "core/base/result.hpp"
#include "core/web/listen_address.hpp"

namespace command_exporter {

enum class Mode { kServe, kHelp, kVersion, kCheckConfig, kListCollectors };

struct Flags {
  Mode mode{Mode::kServe};
  std::string config_file{"exporter.toml"};
  bool allow_insecure{};
  std::vector<ListenAddress> listen_addresses{};
  std::string telemetry_path{"/metrics"};
  unsigned max_requests{40};  // 0: no limit
  Duration timeout_offset{std::chrono::milliseconds{500}};
  std::uint32_t max_concurrency{128};
  LogLevel log_level{LogLevel::kInfo};
  LogFormat log_format{LogFormat::kLogfmt};
  std::string user{};  // empty: the default of web_user.hpp
};

// `arguments` without the program's name. Errors: one line without the
// program's name, as the usage error shows it.
Result<Flags> ParseFlags(std::span<const char* const> arguments);

// The text of --help.
std::string HelpText();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_FLAGS_HPP_
