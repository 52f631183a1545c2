#include "core/config/toml/toml_tree.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <exception>
#include <optional>
#include <tuple>

#include "core/config/toml/nesting.hpp"

namespace command_exporter {

namespace {

// Our files need four; toml++ limits brackets to 256, but not dots.
constexpr std::uint32_t kDepthLimit = 32;
// Ten thousand collectors with a metric each need fewer. Each value takes about
// 500 bytes here and in toml++.
constexpr std::uint32_t kMostValues = 150'000;

class TreeBuilder {
 public:
  explicit TreeBuilder(const std::string& file) : file_(file) {}

  // Recursive, at most a small multiple of kDepthLimit.
  TomlNode Build(const toml::node& node) const {
    TomlNode result;
    result.position = At(node.source());
    if (const toml::table* table = node.as_table()) {
      result.in_braces = table->is_inline();
      FillTable(*table, result);
    } else if (const toml::array* list = node.as_array()) {
      result.kind = TomlKind::kList;
      for (const toml::node& item : *list) {
        result.items.push_back(Build(item));
      }
    } else {
      FillScalar(node, result);
    }
    return result;
  }

 private:
  SourcePosition At(const toml::source_region& source) const {
    return {file_, source.begin.line, source.begin.column};
  }

  void FillTable(const toml::table& table, TomlNode& result) const {
    result.kind = TomlKind::kTable;
    for (const auto& [key, value] : table) {
      result.entries.push_back(
          {std::string(key.str()), At(key.source()), Build(value)});
    }
    std::ranges::stable_sort(
        result.entries, [](const TomlEntry& a, const TomlEntry& b) {
          return std::tie(a.position.line, a.position.column) <
                 std::tie(b.position.line, b.position.column);
        });
  }

  static void FillScalar(const toml::node& node, TomlNode& result) {
    if (const auto* text = node.as_string()) {
      result.kind = TomlKind::kString;
      result.text = text->get();
      result.last_line = node.source().end.line;
    } else if (const auto* integer = node.as_integer()) {
      result.kind = TomlKind::kInteger;
      result.integer = integer->get();
      result.number = static_cast<double>(integer->get());
    } else if (const auto* number = node.as_floating_point()) {
      result.kind = TomlKind::kFloat;
      result.number = number->get();
    } else if (const auto* boolean = node.as_boolean()) {
      result.kind = TomlKind::kBoolean;
      result.boolean = boolean->get();
    } else {
      result.kind = TomlKind::kTime;
    }
  }

  const std::string& file_;
};

// The message of toml++, with advice for the most common ones.
std::string SyntaxMessage(std::string_view description) {
  struct Hint {
    std::string_view words{};
    std::string_view advice{};
  };

  constexpr std::string_view kQuotes =
      "; text needs quotes, such as timeout = \"5s\"";
  constexpr std::array<Hint, 9> kHints = {{
      {"parsing decimal integer", kQuotes},
      {"parsing floating-point", kQuotes},
      {"parsing boolean",
       "; text needs quotes, such as timeout = \"5s\", and true and false have "
       "small letters"},
      {"could not determine value type",
       "; text needs straight quotes, such as name = \"free\""},
      {"expected '=', saw ':'", "; TOML writes key = value"},
      {"parsing string: unescaped control",
       "; the closing quote is missing, or the text has several lines, which "
       "needs three quotes at both ends"},
      {"parsing inline table: expected key or closing '}', saw '\\n'",
       "; what stands in braces must be on one line: write a [header] such as "
       "[[collector.metric]] for more"},
      {"unknown escape sequence",
       "; a pattern is best written in single quotes, where \\ is plain"},
      {"cannot redefine", "; keep one, or begin a new [[collector]] above it"},
  }};
  std::string message = "no valid TOML: " + std::string(description);
  for (const Hint& hint : kHints) {
    if (description.find(hint.words) != std::string_view::npos) {
      return message.append(hint.advice);
    }
  }
  return message;
}

}  // namespace

const TomlNode* TomlNode::Find(std::string_view key) const {
  const auto entry = std::ranges::find(entries, key, &TomlEntry::key);
  return entry == entries.end() ? nullptr : &entry->value;
}

std::string Describe(TomlKind kind) {
  constexpr std::array<const char*, 7> kWords = {
      "a string",  "an integer", "a number with a fraction",
      "a boolean", "a date",     "a list",
      "a table"};
  return kWords[static_cast<std::size_t>(kind)];
}

Result<TomlNode, TomlError> ParseToml(std::string_view text,
                                      const std::string& file) {
  if (const std::optional<TextPlace> deep =
          FindDeepNesting(text, kDepthLimit)) {
    return TomlError{{file, deep->line, deep->column},
                     "nested too deeply: no key needs more than " +
                         std::to_string(kDepthLimit) + " levels"};
  }
  if (const std::optional<TextPlace> many =
          FindTooManyValues(text, kMostValues)) {
    return TomlError{{file, many->line, many->column},
                     "too long: above this line are " +
                         std::to_string(kMostValues) +
                         " keys and values, more than any configuration needs; "
                         "is it the right file, and is it whole?"};
  }
  try {
    const toml::table root = toml::parse(text, std::string_view{file});
    return TreeBuilder(file).Build(root);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    return TomlError{{file, at.line, at.column},
                     SyntaxMessage(error.description())};
  } catch (const std::exception& error) {
    return TomlError{{file, 1, 1}, error.what()};
  }
}

}  // namespace command_exporter
