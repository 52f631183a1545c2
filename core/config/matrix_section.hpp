// `matrix`: one run for each combination of values.
//
// Its values are known at load, so all that substitution could break is refused
// then: placeholder_checks.hpp.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_MATRIX_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_MATRIX_SECTION_HPP_

#include "core/config/config.hpp"
#include "core/config/reader.hpp"

namespace command_exporter {

// Reads `matrix` into `collector.matrix`.
void ReadMatrix(const TableReader& reader, CollectorConfig& collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_MATRIX_SECTION_HPP_
