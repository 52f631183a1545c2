// [[collector.metric]]: how rows become samples.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_METRIC_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_METRIC_SECTION_HPP_

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// Reads the metrics of a collector, with its own unit, labels, where, type and
// on_missing as their defaults. `format_known` is what ReadFormatKeys said.
// Requires: format and matrix are read.
void ReadMetrics(const TableReader& reader, bool format_known,
                 CollectorConfig& collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_METRIC_SECTION_HPP_
