// --list-collectors: lists the configured collectors for people and scripts.
//
// Thread safety: called by Run only.
#ifndef COMMAND_EXPORTER_CORE_CLI_LIST_COLLECTORS_HPP_
#define COMMAND_EXPORTER_CORE_CLI_LIST_COLLECTORS_HPP_

#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/service/options.hpp"

namespace command_exporter {

// One line for each instance, including those that are off, in configuration
// order: name, state (enabled, disabled, or absent: the file of its `when` is
// not there), kind, schedule ("scrape", or "every 1h") and command, separated
// by tabs.
std::string CollectorLines(const Config& config);

// argv in shell syntax: quoted where necessary, and on one line.
std::string ShellWords(const std::vector<std::string>& argv);

// Prints the lines. Returns the exit status: 1 when the configuration is bad.
int ListCollectors(const Options& options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_LIST_COLLECTORS_HPP_
