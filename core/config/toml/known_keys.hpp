// The known keys, and the message for an unknown one.
//
// The tables are the contract with docs/configuration.md: a test compares the
// two. For a key in the wrong table, the message names the right one, because
// TOML assigns every key to the header above it and many users do not know that
// rule.
//
// Thread safety: constants and pure functions.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_TOML_KNOWN_KEYS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_TOML_KNOWN_KEYS_HPP_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace command_exporter {

enum class KeyLevel : std::uint8_t {
  kRoot,
  kExporter,
  kDefaults,
  kCollector,
  kMetric,
  kParameter,
  kExample
};

// In the order of the documentation.
std::span<const std::string_view> KnownKeys(KeyLevel level);

bool IsKnownKey(KeyLevel level, std::string_view key);

// Where an unknown key was met.
struct UnknownKey {
  KeyLevel level{};
  std::string_view key{};
  bool in_braces{};              // the table is { ... }
  std::string_view collector{};  // below it: its name
};

// The key that was most likely meant, and the table that has it.
struct KeyGuess {
  KeyLevel home{};
  std::string_view key{};
};

// None for a key like no other. Requires: `level` does not have `key`.
std::optional<KeyGuess> GuessKey(KeyLevel level, std::string_view key);

// `[[collector]] has no key "timout"; did you mean "timeout"?`
std::string ExplainUnknownKey(const UnknownKey& unknown);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_TOML_KNOWN_KEYS_HPP_
