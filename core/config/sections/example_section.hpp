// [[collector.example]]: recorded outputs and what must come of them.
//
// Whether `expect` is an exposition is not seen here, since that needs the
// metrics: collectors/examples/example_check.hpp looks, when a configuration is
// loaded.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_EXAMPLE_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_EXAMPLE_SECTION_HPP_

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// Requires: the matrix of `collector` has been read.
void ReadExamples(const TableReader& reader, CollectorConfig& collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_EXAMPLE_SECTION_HPP_
