// `limits` and `containment`: how much a command may take, and what holds it.
//
// Only what the text itself shows is checked here. Whether this machine can
// hold a limit (privilege, control groups) is asked when the command table is
// built (collectors/commands/limit_checks.hpp).
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_LIMITS_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_LIMITS_SECTION_HPP_

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// A `limits` replaces the whole of an earlier one. `level` is kDefaults or
// kCollector.
void ReadLimitKeys(const TableReader& reader, KeyLevel level, RunConfig& run);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_LIMITS_SECTION_HPP_
