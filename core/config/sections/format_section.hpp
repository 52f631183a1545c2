// The format keys of a collector: how its output becomes rows.
//
// Which keys a format takes is one table here; a key that does not fit the
// format is an error, since it would have no effect.
//
// Thread safety: pure but for Problems.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_FORMAT_SECTION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_FORMAT_SECTION_HPP_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config.hpp"
#include "core/config/toml/table_reader.hpp"

namespace command_exporter {

// In the order of the enum Format.
std::span<const std::string_view> FormatNames();
std::string_view NameOf(Format format);

// False when `format` is not one of FormatNames(): then nothing can be said of
// keys that depend on it.
bool ReadFormatKeys(const TableReader& reader, FormatConfig& format);

// A key of another format: `pattern belongs to format "regex", ...`.
std::string UnfitKey(std::string_view key, Format format);

// The fields that rows will have, where the configuration or the format says
// so: all but key_value, tables with a header and json without `fields`.
std::optional<std::vector<std::string>> KnownFields(const FormatConfig& format,
                                                    const MetricConfig& metric);

// What is wrong with a pattern's groups; empty: nothing.
std::string GroupFault(const Pattern& pattern);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SECTIONS_FORMAT_SECTION_HPP_
