#include "collectors/catalog.hpp"

#include <algorithm>
#include <array>

namespace command_exporter {
namespace {

constexpr std::array<FormatEntry, 9> kFormats = {{
    {Format::kNumber, ParseNumberFormat, false, true},
    {Format::kKeyValue, ParseKeyValue, true, true},
    {Format::kRegex, ParseRegex, true, true},
    {Format::kTable, ParseTable, true, true},
    {Format::kCsv, ParseCsv, false, true},
    {Format::kJson, ParseJson, false, false},
    {Format::kExitCode, ParseExitCode, false, false},
    {Format::kNagios, ParseNagios, false, false},
    {Format::kPrometheus, nullptr, false, false},
}};

}  // namespace

const FormatEntry& FindFormat(Format format) {
  return *std::ranges::find(kFormats, format, &FormatEntry::format);
}

}  // namespace command_exporter
