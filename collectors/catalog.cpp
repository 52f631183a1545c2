#include "collectors/catalog.hpp"

#include <algorithm>
#include <array>

namespace command_exporter {
namespace {

constexpr std::array<FormatEntry, 9> kFormats = {{
    {Format::kNumber, "number", ParseNumberFormat, false},
    {Format::kKeyValue, "key_value", ParseKeyValue, true},
    {Format::kRegex, "regex", ParseRegex, true},
    {Format::kTable, "table", ParseTable, true},
    {Format::kCsv, "csv", ParseCsv, false},
    {Format::kJson, "json", ParseJson, false},
    {Format::kExitCode, "exit_code", ParseExitCode, false},
    {Format::kNagios, "nagios", ParseNagios, false},
    {Format::kPrometheus, "prometheus", nullptr, false},
}};

}  // namespace

std::span<const FormatEntry> Formats() {
  return kFormats;
}

const FormatEntry& FindFormat(Format format) {
  return *std::ranges::find(kFormats, format, &FormatEntry::format);
}

}  // namespace command_exporter
