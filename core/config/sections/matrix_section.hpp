// `matrix`: one run for each combination of values.
//
// Its values are known at load, so all that substitution could break is refused
// then: placeholder_checks.hpp.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_MATRIX_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_MATRIX_SECTION_HPP_

#include <optional>
#include <string>

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// Reads `matrix` into `collector.matrix`.
void ReadMatrix(const TableReader& reader, CollectorConfig& collector);

// The text of one value, which may be a number or a boolean; `what` is the name
// of its axis, for messages.
std::optional<std::string> MatrixValueOf(const TableReader& reader,
                                         const TomlNode& node,
                                         const std::string& what);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_MATRIX_SECTION_HPP_
