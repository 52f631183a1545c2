#include "collectors/formats/plugin_unit.hpp"

#include <algorithm>
#include <array>

namespace command_exporter {
namespace {

constexpr double kPebi = 1024;  // TiB

constexpr std::array<PluginUnit, 19> kPluginUnits = {{
    {"s", "s", 1, "seconds"},       {"ms", "ms", 1, "seconds"},
    {"us", "us", 1, "seconds"},     {"\xC2\xB5s", "us", 1, "seconds"},
    {"ns", "ns", 1, "seconds"},     {"%", "percent", 1, "ratio"},
    {"c", "", 1, "total"},          {"B", "B", 1, "bytes"},
    {"KB", "KiB", 1, "bytes"},      {"kB", "KiB", 1, "bytes"},
    {"KiB", "KiB", 1, "bytes"},     {"MB", "MiB", 1, "bytes"},
    {"MiB", "MiB", 1, "bytes"},     {"GB", "GiB", 1, "bytes"},
    {"GiB", "GiB", 1, "bytes"},     {"TB", "TiB", 1, "bytes"},
    {"TiB", "TiB", 1, "bytes"},     {"PB", "TiB", kPebi, "bytes"},
    {"PiB", "TiB", kPebi, "bytes"},
}};

}  // namespace

const PluginUnit* FindPluginUnit(std::string_view name) {
  const auto* const found =
      std::ranges::find(kPluginUnits, name, &PluginUnit::name);
  return found == kPluginUnits.end() ? nullptr : found;
}

}  // namespace command_exporter
