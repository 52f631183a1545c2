// TableReader: typed access to one TOML table, with errors that name it.
//
// A getter returns nothing when the key is absent (the default stays) and also
// when the value does not fit; in the latter case Problems has the position and
// the reason. A section is therefore read completely despite errors, and all
// errors come at once.
//
// One mistake gives one error. A key that is misspelt or stands in a wrong
// table is reported by CheckKeys; from then on the getters treat it as the key
// that was meant, so that nothing else seems to be missing.
//
// Thread safety: none. The tree and Problems must outlive the reader.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_TOML_TABLE_READER_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_TOML_TABLE_READER_HPP_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/pattern.hpp"
#include "core/config/problems.hpp"
#include "core/config/toml/known_keys.hpp"
#include "core/config/toml/toml_tree.hpp"

namespace command_exporter {

struct IntegerRange {
  std::int64_t least{};
  std::int64_t most{};
};

struct DurationRange {
  Duration least{};
  Duration most{};
};

class TableReader {
 public:
  // `context` opens every message: `collector "ping"`.
  TableReader(const TomlNode& table, std::string context, Problems& problems)
      : table_(&table),
        context_(std::move(context)),
        problems_(&problems) {}

  const TomlNode& table() const { return *table_; }

  const std::string& context() const { return context_; }

  Problems& problems() const { return *problems_; }

  const TomlNode* Find(std::string_view key) const;

  bool Has(std::string_view key) const;

  // The position of the key's value, or of the table when the key is absent.
  const SourcePosition& PositionOf(std::string_view key) const;

  // Reports "context: message".
  void Fail(const SourcePosition& at, const std::string& message) const;
  void FailAt(std::string_view key, const std::string& message) const;
  void Warn(const SourcePosition& at, const std::string& message) const;

  // Reports keys that `level` does not have.
  void CheckKeys(KeyLevel level, std::string_view collector = {});

  // The table counts as having this key, unless it has it. `value` is where it
  // was found; null: Has is true, and no getter returns a value.
  void Suppose(std::string_view key, const TomlNode* value);

  std::optional<bool> Boolean(std::string_view key) const;
  std::optional<std::int64_t> Integer(std::string_view key,
                                      IntegerRange range) const;
  // An integer or a fraction.
  std::optional<double> Number(std::string_view key) const;
  // May be empty and hold any character.
  std::optional<std::string> Text(std::string_view key) const;
  // Not empty, no NUL.
  std::optional<std::string> Word(std::string_view key) const;
  // The same; reports `missing` when there is none.
  std::optional<std::string> RequiredWord(std::string_view key,
                                          const std::string& missing) const;
  // A list that is not empty, of strings without NUL that are not empty.
  std::optional<std::vector<std::string>> Words(std::string_view key) const;
  // The same, but only the first string must not be empty.
  std::optional<std::vector<std::string>> Arguments(std::string_view key) const;
  // The index in `choices`.
  std::optional<std::size_t> Choice(
      std::string_view key, std::span<const std::string_view> choices) const;
  std::optional<Duration> Time(std::string_view key, DurationRange range) const;
  std::optional<Pattern> Regex(std::string_view key) const;
  // The tables of the list that [[collector.KEY]] writes.
  std::vector<const TomlNode*> Tables(std::string_view key) const;
  // A table whose keys are free; refuses a [header] table that swallowed keys
  // of the table around it (`level`).
  const TomlNode* FreeTable(std::string_view key, KeyLevel level) const;

  // The value of a node that is a string without NUL; `what` names it in the
  // message. WordOf also rejects an empty string.
  std::optional<std::string> TextOf(const TomlNode& node,
                                    const std::string& what) const;
  std::optional<std::string> WordOf(const TomlNode& node,
                                    const std::string& what) const;
  std::optional<double> NumberOf(const TomlNode& node,
                                 const std::string& what) const;
  std::optional<Pattern> RegexOf(const TomlNode& node,
                                 const std::string& what) const;
  // For a pattern of a whole field: the empty one matches the empty field.
  std::optional<Pattern> ConditionOf(const TomlNode& node,
                                     const std::string& what) const;

 private:
  std::optional<std::vector<std::string>> Strings(std::string_view key,
                                                  bool empty_tail) const;
  // The value if it has this kind; another kind is reported.
  const TomlNode* Expect(std::string_view key, TomlKind kind,
                         std::string_view wanted) const;

  // Keys below a [header] of this table that were meant for the table.
  void SupposeSwallowed(KeyLevel level, const TomlEntry& entry);

  struct Supposed {
    std::string_view key{};
    const TomlNode* value{};
  };

  const TomlNode* table_;
  std::vector<Supposed> supposed_;
  std::string context_;
  Problems* problems_;
};

// Sets `out` to a value that is there and fits; else the default stays. The
// index of a choice becomes a value of the enumeration.
template <typename T, typename Out>
void Assign(std::optional<T> value, Out& out) {
  if (value) {
    out = static_cast<Out>(*std::move(value));
  }
}

// `collector "ping"`, for messages: the table's name before it is checked, or
// `collector without a name`.
std::string NamedIn(const TomlNode& table, std::string_view what);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_TOML_TABLE_READER_HPP_
