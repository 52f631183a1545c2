// What substitution could break, refused at load and not at three in the
// morning: an undeclared name, an option smuggled in by a value, a relative
// working directory, a variable of a script that means two things.
//
// The names of `matrix` and of [[collector.parameter]] are one: both stand as
// {name} in the same places, and as environment variables in `shell`. Of a
// parameter with a pattern only its default is known here; what replaces it is
// held to the same rules when it comes.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_PLACEHOLDER_CHECKS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_PLACEHOLDER_CHECKS_HPP_

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// Requires: command, shell, run, matrix and parameters are read.
void CheckPlaceholders(const TableReader& reader,
                       const CollectorConfig& collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_PLACEHOLDER_CHECKS_HPP_
