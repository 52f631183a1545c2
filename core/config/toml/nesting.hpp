// Measures depth and size of a TOML text, without recursion and without a
// parser.
//
// They reject a text before a recursive parser reads it, which needs a hundred
// times the memory of a text that is all keys. Strings
// and comments are skipped. For text that is not TOML the result is
// approximate, which is enough, because the parser rejects such text anyway.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_TOML_NESTING_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_TOML_NESTING_HPP_

#include <cstdint>
#include <optional>
#include <string_view>

namespace command_exporter {

struct TextPlace {
  std::uint32_t line{1};
  std::uint32_t column{1};
};

// The first place where brackets nest deeper than `limit`, or where a dotted
// key has more than `limit` names.
std::optional<TextPlace> FindDeepNesting(std::string_view text,
                                         std::uint32_t limit);

// The first place with more than `limit` keys, headers and elements of lists
// before it. A header in two pairs of brackets counts twice.
std::optional<TextPlace> FindTooManyValues(std::string_view text,
                                           std::uint32_t limit);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_TOML_NESTING_HPP_
