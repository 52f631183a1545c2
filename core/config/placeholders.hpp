// Placeholders: `{name}` in the arguments of a command that has a matrix or
// parameters.
//
// Placeholders exist only in such collectors, so that other collectors may use
// braces freely. A token is exactly a name in braces; the braces of other
// languages are never one: `{print $1}` (no name), `{{.Names}}` and `{{json}}`
// (doubled), `%{http_code}` and `${HOME}` (prefixed). Substitution is one pass:
// a value is never searched for tokens.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_PLACEHOLDERS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_PLACEHOLDERS_HPP_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace command_exporter {

// Literal text, or the name in a token.
struct TextPiece {
  std::string_view text{};
  bool is_token{};
};

// The pieces in order; literals are never empty. Views into `text`.
std::vector<TextPiece> SplitPlaceholders(std::string_view text);

// The pieces of a label template, where a token is anything between two braces
// that holds no other.
std::vector<TextPiece> SplitFields(std::string_view text);

// `text` with the tokens of these names replaced; other tokens stay.
std::string SubstitutePlaceholders(
    std::string_view text,
    const std::vector<std::pair<std::string, std::string>>& values);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_PLACEHOLDERS_HPP_
