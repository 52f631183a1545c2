// [[collector.parameter]]: a value of the command that is not fixed by the
// file, but by who asks; each has the values that it may take, and a default.
//
// A request may choose among what the file allows and nothing else: a list of
// values, or a pattern that the whole value must match. As root a pattern is
// too much trust, so root's parameters need a list.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_PARAMETER_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_PARAMETER_SECTION_HPP_

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// Reads into `collector.parameters`. Requires: matrix and run are read.
void ReadParameters(const TableReader& reader, CollectorConfig& collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_PARAMETER_SECTION_HPP_
