#include "collectors/formats/plugin_unit.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "core/base/text.hpp"

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

// Blocks of Unicode that hold letters, and the signs of units.
constexpr std::array<std::pair<char32_t, char32_t>, 15> kUnitCharacters = {{
    {U'%', U'%'},
    {U'/', U'/'},
    {U'A', U'Z'},
    {U'a', U'z'},
    {0xAA, 0xAA},  // a, raised
    {0xB0, 0xB0},  // degree
    {0xB5, 0xB5},  // micro
    {0xBA, 0xBA},  // o, raised
    {0xC0, 0xD6},  // Latin, up to the sign of multiplication
    {0xD8, 0xF6},  // up to the sign of division
    {0xF8, 0x24F},
    {0x370, 0x52F},    // Greek, Cyrillic
    {0x1E00, 0x1FFF},  // Latin, Greek
    {0x2100, 0x214F},  // degrees Celsius, ohm
    {0x3040, 0xD7FF},  // of East Asia
}};

// Requires: `character` is one sequence of UTF-8.
char32_t CodePoint(std::string_view character) {
  constexpr unsigned kTail = 0x3F;
  constexpr unsigned kTailBits = 6;
  const auto first = static_cast<unsigned char>(character.front());
  const std::size_t length = character.size();
  char32_t code = length == 1 ? first : first & (0x7FU >> length);
  for (const char c : character.substr(1)) {
    code = (code << kTailBits) | (static_cast<unsigned char>(c) & kTail);
  }
  return code;
}

}  // namespace

bool IsPluginUnit(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = Utf8Length(text);
    if (length == 0) {
      return false;
    }
    const char32_t code = CodePoint(text.substr(0, length));
    if (std::ranges::none_of(kUnitCharacters, [code](const auto& range) {
          return range.first <= code && code <= range.second;
        })) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

const PluginUnit* FindPluginUnit(std::string_view name) {
  const auto* const found =
      std::ranges::find(kPluginUnits, name, &PluginUnit::name);
  return found == kPluginUnits.end() ? nullptr : found;
}

}  // namespace command_exporter
