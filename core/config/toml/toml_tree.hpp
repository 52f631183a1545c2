// A configuration file as a tree of plain values with positions: the one door
// to toml++.
//
// The rest of the reader sees only these structs, so toml++ (its headers, its
// exceptions, its sorted tables) stays in one file. Tables keep the order of
// the file, because errors are reported in that order. Nesting is checked
// before toml++ reads the text: it parses and frees `[a.a.a...]` by recursion
// and would run out of stack.
// https://toml.io/en/v1.0.0
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_TOML_TOML_TREE_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_TOML_TOML_TREE_HPP_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/config/config.hpp"

namespace command_exporter {

enum class TomlKind : std::uint8_t {
  kString,
  kInteger,
  kFloat,
  kBoolean,
  kTime,  // dates and times: legal TOML, used by no key here
  kList,
  kTable
};

struct TomlEntry;

struct TomlNode {
  TomlKind kind{TomlKind::kTable};
  SourcePosition position{};
  std::string text{};              // kString
  std::uint32_t last_line{};       // kString: where it ends
  std::int64_t integer{};          // kInteger
  double number{};                 // kFloat, and kInteger as a double
  bool boolean{};                  // kBoolean
  bool in_braces{};                // kTable: { ... }, not [header]
  std::vector<TomlNode> items;     // kList
  std::vector<TomlEntry> entries;  // kTable, in the order of the file

  // The value of this key of a table; null when there is none.
  const TomlNode* Find(std::string_view key) const;
};

struct TomlEntry {
  std::string key{};
  SourcePosition position{};
  TomlNode value{};
};

// "a string", "a list", ...: for "must be X, not Y".
std::string Describe(TomlKind kind);

// The error in a text that is not TOML; the message lacks the position.
struct TomlError {
  SourcePosition position{};
  std::string message{};
};

Result<TomlNode, TomlError> ParseToml(std::string_view text,
                                      const std::string& file);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_TOML_TOML_TREE_HPP_
