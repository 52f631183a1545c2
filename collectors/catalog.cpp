#include "collectors/catalog.hpp"

#include <algorithm>
#include <array>

namespace command_exporter {
namespace {

constexpr std::array<FormatEntry, 9> kFormats = {{
    {Format::kNumber, ParseNumberFormat, false},
    {Format::kKeyValue, ParseKeyValue, true},
    {Format::kRegex, ParseRegex, true},
    {Format::kTable, ParseTable, true},
    {Format::kCsv, ParseCsv, false},
    {Format::kJson, ParseJson, false},
    {Format::kExitCode, ParseExitCode, false},
    {Format::kNagios, ParseNagios, false},
    {Format::kPrometheus, nullptr, false},
}};

}  // namespace

const FormatEntry& FindFormat(Format format) {
  return *std::ranges::find(kFormats, format, &FormatEntry::format);
}

}  // namespace command_exporter
