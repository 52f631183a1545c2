// The options of the program, which are fixed for its lifetime.
//
// A setting that needs a restart is an option, a flag of the command line; a
// setting that a reload can change is in the file.
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_OPTIONS_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_OPTIONS_HPP_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/log.hpp"
#include "core/service/build_info.hpp"
#include "core/web/listen_address.hpp"

namespace command_exporter {

struct Options {
  std::string config_file{DefaultConfigFile()};
  bool allow_insecure{};
  std::vector<ListenAddress> listen_addresses{};
  std::string telemetry_path{"/metrics"};
  unsigned max_requests{40};  // 0: no limit
  Duration timeout_offset{std::chrono::milliseconds{500}};
  std::uint32_t max_concurrency{128};
  bool all_series{};
  LogLevel log_level{LogLevel::kInfo};
  LogFormat log_format{LogFormat::kLogfmt};
  std::string user{};  // empty: the default of web_user.hpp
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_OPTIONS_HPP_
