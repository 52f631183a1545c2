#include "collectors/catalog.hpp"

#include <algorithm>
#include <array>

namespace command_exporter {
namespace {

constexpr std::array<FormatEntry, 5> kFormats = {{
    {Format::kNumber, "number", ParseNumberFormat, false},
    {Format::kKeyValue, "key_value", ParseKeyValue, true},
    {Format::kRegex, "regex", ParseRegex, true},
    {Format::kTable, "table", ParseTable, true},
    {Format::kPrometheus, "prometheus", nullptr, false},
}};

}  // namespace

std::span<const FormatEntry> Formats() {
  return kFormats;
}

const FormatEntry& FindFormat(Format format) {
  return *std::find_if(
      kFormats.begin(), kFormats.end(),
      [format](const FormatEntry& entry) { return entry.format == format; });
}

}  // namespace command_exporter
