// The run keys: how a command is run, for one collector or as the default of
// all.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_RUN_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_RUN_SECTION_HPP_

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// Longer ones are mistakes of a unit, and stay far from a clock's overflow.
inline constexpr DurationRange kTimeoutRange = {std::chrono::milliseconds{1},
                                                std::chrono::hours{24}};

// Overwrites what the table sets; `env` is merged. `level` is kDefaults or
// kCollector.
void ReadRunKeys(const TableReader& reader, KeyLevel level, RunConfig& run);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_RUN_SECTION_HPP_
