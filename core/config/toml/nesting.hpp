// The depth of a TOML text, measured without recursion and without a parser.
//
// It exists only to refuse hostile depth before a recursive parser meets it.
// Strings and comments are skipped; on text that is no TOML the answer is
// rough, which is enough, since the parser refuses such text anyway.
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

// Where the text first nests brackets deeper than `limit` or strings more than
// `limit` names together in one dotted key.
std::optional<TextPlace> FindDeepNesting(std::string_view text,
                                         std::uint32_t limit);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_TOML_NESTING_HPP_
