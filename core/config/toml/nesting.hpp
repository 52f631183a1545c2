// Measures the depth of a TOML text, without recursion and without a parser.
//
// It rejects hostile depth before a recursive parser reads the text. Strings
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

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_TOML_NESTING_HPP_
