// [[collector]]: one command and what becomes of its output.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_COLLECTOR_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_COLLECTOR_SECTION_HPP_

#include "core/config/config.hpp"
#include "core/config/problems.hpp"
#include "core/config/toml/toml_tree.hpp"

namespace command_exporter {

// `defaults` is what [exporter] says; `config` is read for scrape_timeout.
// Requires: `table` is a table.
CollectorConfig ReadCollector(const TomlNode& table, const Config& config,
                              const RunConfig& defaults, Problems& problems);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_COLLECTOR_SECTION_HPP_
