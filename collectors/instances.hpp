// Instances: the configuration with its matrices expanded.
//
// Every combination of matrix values has its own run and identity. The loader
// builds the command table from this list, the web side its collectors. Both
// expand the same configuration in the same order, so an index means the same
// command on both sides of the process border.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_INSTANCES_HPP_
#define COMMAND_EXPORTER_COLLECTORS_INSTANCES_HPP_

#include <cstddef>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

struct Instance {
  std::size_t collector{};  // index in Config::collectors
  Labels matrix{};          // sorted by name; empty without a matrix
  // The values of {name}: the matrix, and each parameter's default.
  Labels substitutions{};
  // argv with these values substituted; for `shell` only the interpreter and
  // the script.
  std::vector<std::string> argv{};
};

// The words in front of the command line of `shell`. A pipe gets bash with
// pipefail, so that the failure of each part counts, and otherwise as near to
// dash as its options allow: echo, braces, and `set -e` in substitutions.
std::vector<std::string> InterpreterOf(const CollectorConfig& collector);
inline constexpr const char* kBash = "/bin/bash";

// Those that run on this machine (CollectorConfig::IsOn), or all.
enum class Expand { kRunning, kAll };

// The instances of these collectors, in configuration order.
std::vector<Instance> ExpandInstances(const Config& config,
                                      Expand which = Expand::kRunning);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_INSTANCES_HPP_
