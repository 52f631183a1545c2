#include "core/config/toml/table_reader.hpp"

#include <algorithm>
#include <array>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

// `child` has a [header] of its own: the bracket precedes its name, unlike the
// value of `name = {` and `name.key =`.
bool HasHeader(const TomlNode& parent, const TomlNode& child) {
  return std::ranges::any_of(parent.entries, [&](const TomlEntry& entry) {
    return &entry.value == &child && !child.in_braces &&
           child.position.column < entry.position.column;
  });
}

}  // namespace

std::string NamedIn(const TomlNode& table, std::string_view what) {
  std::string text(what);
  const TomlNode* const name = table.Find("name");
  if (name != nullptr && name->kind == TomlKind::kString) {
    return text + " " + Quote(name->text);
  }
  return text + " without a name";
}

const TomlNode* TableReader::Find(std::string_view key) const {
  if (const TomlNode* const node = table_->Find(key)) {
    return node;
  }
  const auto supposed = std::ranges::find(supposed_, key, &Supposed::key);
  return supposed == supposed_.end() ? nullptr : supposed->value;
}

bool TableReader::Has(std::string_view key) const {
  return table_->Find(key) != nullptr ||
         std::ranges::find(supposed_, key, &Supposed::key) != supposed_.end();
}

const SourcePosition& TableReader::PositionOf(std::string_view key) const {
  const TomlNode* node = Find(key);
  return node == nullptr ? table_->position : node->position;
}

void TableReader::Fail(const SourcePosition& at,
                       const std::string& message) const {
  problems_->Error(at, context_ + ": " + message);
}

void TableReader::FailAt(std::string_view key,
                         const std::string& message) const {
  Fail(PositionOf(key), message);
}

void TableReader::Warn(const SourcePosition& at,
                       const std::string& message) const {
  problems_->Warn(at, context_ + ": " + message);
}

void TableReader::CheckKeys(KeyLevel level, std::string_view collector) {
  for (const TomlEntry& entry : table_->entries) {
    if (IsKnownKey(level, entry.key)) {
      SupposeSwallowed(level, entry);
      continue;
    }
    problems_->Error(
        entry.position,
        ExplainUnknownKey({level, entry.key, table_->in_braces, collector}));
    const std::optional<KeyGuess> guess = GuessKey(level, entry.key);
    if (guess && guess->home == level) {
      Suppose(guess->key, &entry.value);
    }
  }
}

void TableReader::Suppose(std::string_view key, const TomlNode* value) {
  supposed_.push_back({key, value});
}

// FreeTable reports them.
void TableReader::SupposeSwallowed(KeyLevel level, const TomlEntry& entry) {
  constexpr std::array<std::string_view, 10> kFreeTables = {
      "env",   "limits",    "matrix", "fields", "labels",
      "where", "where_not", "map",    "known",  "when"};
  if (std::ranges::find(kFreeTables, entry.key) == kFreeTables.end() ||
      !HasHeader(*table_, entry.value)) {
    return;
  }
  for (const TomlEntry& inner : entry.value.entries) {
    if (IsKnownKey(level, inner.key)) {
      Suppose(inner.key, &inner.value);
    }
  }
}

const TomlNode* TableReader::Expect(std::string_view key, TomlKind kind,
                                    std::string_view wanted) const {
  const TomlNode* node = Find(key);
  if (node == nullptr || node->kind == kind) {
    return node;
  }
  // With a value of another kind, a supposed key was not the one meant.
  if (table_->Find(key) == node) {
    Fail(node->position, std::string(key) + " must be " + std::string(wanted) +
                             ", not " + Describe(node->kind));
  }
  return nullptr;
}

std::optional<bool> TableReader::Boolean(std::string_view key) const {
  const TomlNode* node = Expect(key, TomlKind::kBoolean, "true or false");
  return node == nullptr ? std::nullopt : std::optional(node->boolean);
}

std::optional<std::int64_t> TableReader::Integer(std::string_view key,
                                                 IntegerRange range) const {
  const std::string wanted = "a whole number from " +
                             std::to_string(range.least) + " to " +
                             std::to_string(range.most);
  const TomlNode* node = Expect(key, TomlKind::kInteger, wanted);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (node->integer < range.least || node->integer > range.most) {
    Fail(node->position, std::string(key) + " must be " + wanted + ", not " +
                             std::to_string(node->integer));
    return std::nullopt;
  }
  return node->integer;
}

std::optional<double> TableReader::NumberOf(const TomlNode& node,
                                            const std::string& what) const {
  if (node.kind != TomlKind::kInteger && node.kind != TomlKind::kFloat) {
    Fail(node.position, what + " must be a number, not " + Describe(node.kind));
    return std::nullopt;
  }
  return node.number;
}

std::optional<double> TableReader::Number(std::string_view key) const {
  const TomlNode* node = Find(key);
  return node == nullptr ? std::nullopt : NumberOf(*node, std::string(key));
}

std::optional<std::string> TableReader::Text(std::string_view key) const {
  const TomlNode* node = Expect(key, TomlKind::kString, "a string");
  return node == nullptr ? std::nullopt : std::optional(node->text);
}

std::optional<std::string> TableReader::TextOf(const TomlNode& node,
                                               const std::string& what) const {
  if (node.kind != TomlKind::kString) {
    Fail(node.position, what + " must be a string, not " + Describe(node.kind));
    return std::nullopt;
  }
  if (node.text.find('\0') != std::string::npos) {
    Fail(node.position, what +
                            " holds a NUL character, which cannot be "
                            "passed to a command: remove it");
    return std::nullopt;
  }
  return node.text;
}

std::optional<std::string> TableReader::WordOf(const TomlNode& node,
                                               const std::string& what) const {
  std::optional<std::string> text = TextOf(node, what);
  if (text && text->empty()) {
    Fail(node.position, what + " is empty: write a text or remove it");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> TableReader::Word(std::string_view key) const {
  const TomlNode* node = Expect(key, TomlKind::kString, "a string");
  return node == nullptr ? std::nullopt : WordOf(*node, std::string(key));
}

std::optional<std::string> TableReader::RequiredWord(
    std::string_view key, const std::string& missing) const {
  if (!Has(key)) {
    Fail(table_->position, missing);
  }
  return Word(key);
}

std::optional<std::vector<std::string>> TableReader::Words(
    std::string_view key) const {
  return Strings(key, false);
}

std::optional<std::vector<std::string>> TableReader::Arguments(
    std::string_view key) const {
  return Strings(key, true);
}

std::optional<std::vector<std::string>> TableReader::Strings(
    std::string_view key, bool empty_tail) const {
  const TomlNode* list = Expect(key, TomlKind::kList, "a list of strings");
  if (list == nullptr) {
    return std::nullopt;
  }
  if (list->items.empty()) {
    Fail(list->position,
         std::string(key) + " is an empty list: fill it or remove it");
    return std::nullopt;
  }
  const std::string what = "an element of " + std::string(key);
  std::vector<std::string> words;
  for (const TomlNode& item : list->items) {
    const bool may_be_empty = empty_tail && &item != &list->items.front();
    auto word = may_be_empty ? TextOf(item, what) : WordOf(item, what);
    if (word) {
      words.push_back(std::move(*word));
    }
  }
  return words.size() == list->items.size() ? std::optional(std::move(words))
                                            : std::nullopt;
}

std::optional<std::size_t> TableReader::Choice(
    std::string_view key, std::span<const std::string_view> choices) const {
  const TomlNode* node = Expect(key, TomlKind::kString, QuoteChoices(choices));
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto found = std::ranges::find(choices, node->text);
  if (found != choices.end()) {
    return static_cast<std::size_t>(found - choices.begin());
  }
  Fail(node->position, std::string(key) + " must be " + QuoteChoices(choices) +
                           ", not " + Quote(node->text) +
                           DidYouMean(node->text, choices));
  return std::nullopt;
}

std::optional<Duration> TableReader::Time(std::string_view key,
                                          DurationRange range) const {
  const TomlNode* node =
      Expect(key, TomlKind::kString, "a duration such as \"5s\"");
  if (node == nullptr) {
    return std::nullopt;
  }
  const Result<Duration> duration = ParseDuration(node->text);
  if (!duration) {
    Fail(node->position, std::string(key) + ": " + duration.error().message);
    return std::nullopt;
  }
  if (*duration < range.least || *duration > range.most) {
    Fail(node->position, std::string(key) + " must be from " +
                             FormatDuration(range.least) + " to " +
                             FormatDuration(range.most) + ", not " +
                             Quote(node->text));
    return std::nullopt;
  }
  return *duration;
}

std::optional<Pattern> TableReader::RegexOf(const TomlNode& node,
                                            const std::string& what) const {
  return WordOf(node, what) ? ConditionOf(node, what) : std::nullopt;
}

std::optional<Pattern> TableReader::ConditionOf(const TomlNode& node,
                                                const std::string& what) const {
  const std::optional<std::string> text = TextOf(node, what);
  if (!text) {
    return std::nullopt;
  }
  Result<Pattern> pattern = Pattern::Compile(*text);
  if (!pattern) {
    Fail(node.position, what + ": bad pattern: " + pattern.error().message);
    return std::nullopt;
  }
  return std::move(*pattern);
}

std::optional<Pattern> TableReader::Regex(std::string_view key) const {
  const TomlNode* node = Expect(key, TomlKind::kString, "a string");
  return node == nullptr ? std::nullopt : RegexOf(*node, std::string(key));
}

std::vector<const TomlNode*> TableReader::Tables(std::string_view key) const {
  std::vector<const TomlNode*> tables;
  const TomlNode* const list = Find(key);
  if (list == nullptr) {
    return tables;
  }
  const std::string name(key);
  if (list->kind != TomlKind::kList || list->items.empty()) {
    FailAt(key, name + " must be a list of tables: write [[collector." + name +
                    "]] with two pairs of brackets, or " + name +
                    " = [{ ... }]");
  }
  for (const TomlNode& item : list->items) {
    if (item.kind == TomlKind::kTable) {
      tables.push_back(&item);
    } else {
      Fail(item.position, "an element of " + name + " must be a table, not " +
                              Describe(item.kind));
    }
  }
  return tables;
}

const TomlNode* TableReader::FreeTable(std::string_view key,
                                       KeyLevel level) const {
  const TomlNode* node =
      Expect(key, TomlKind::kTable, "a table such as { name = ... }");
  if (node == nullptr || !HasHeader(*table_, *node)) {
    return node;
  }
  for (const TomlEntry& entry : node->entries) {
    if (IsKnownKey(level, entry.key)) {
      Fail(entry.position, Quote(entry.key) + " stands below the header of " +
                               std::string(key) +
                               " and so is part of it: move it above that "
                               "header, or write " +
                               std::string(key) + " = { ... }");
      return nullptr;
    }
  }
  return node;
}

}  // namespace command_exporter
