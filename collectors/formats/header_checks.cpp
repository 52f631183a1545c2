#include "collectors/formats/header_checks.hpp"

#include <algorithm>
#include <vector>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

bool IsDiscarded(std::string_view column) {
  return column.starts_with('_');
}

// A name of several words is some neighbours, or one field.
bool Has(std::span<const std::string_view> words, std::string_view column) {
  const std::vector<std::string_view> parts = SplitBlanks(column);
  const auto is_column = [column](std::string_view word) {
    return EqualsIgnoringCase(Trim(word), column);
  };
  return std::ranges::any_of(words, is_column) ||
         std::search(words.begin(), words.end(), parts.begin(), parts.end(),
                     EqualsIgnoringCase) != words.end();
}

// A number, perhaps with a unit, a date, a time or an address: digits with what
// may stand between them, and at most three letters or a % behind. A name such
// as "1K-blocks" is none.
bool IsLikeNumber(std::string_view word) {
  constexpr std::string_view kBetween = ".,:/-+'_";
  constexpr std::size_t kMostLetters = 3;
  word = Trim(word);
  if (word.starts_with('-') || word.starts_with('+')) {
    word.remove_prefix(1);
  }
  if (word.empty() || !IsDigit(word.front())) {
    return false;
  }
  const auto unit = std::ranges::find_if(word, [kBetween](char c) {
    return !IsDigit(c) && kBetween.find(c) == std::string_view::npos;
  });
  const auto letters = static_cast<std::size_t>(word.end() - unit);
  return letters == 0 ||
         (letters <= kMostLetters && std::all_of(unit, word.end(), [](char c) {
            return IsLetter(c) || c == '%';
          }));
}

std::string Ordinal(std::size_t number) {
  constexpr std::size_t kTen = 10;
  const std::size_t last = number / kTen % kTen == 1 ? 0 : number % kTen;
  return std::to_string(number) + (last == 1   ? "st"
                                   : last == 2 ? "nd"
                                   : last == 3 ? "rd"
                                               : "th");
}

}  // namespace

std::optional<Failure> CheckIsHeader(std::span<const std::string_view> words,
                                     const FormatConfig& config,
                                     std::string_view where) {
  if (config.columns.empty() || config.header_is_written ||
      std::ranges::any_of(config.columns,
                          [words](const std::string& column) {
                            return !IsDiscarded(column) && Has(words, column);
                          }) ||
      std::ranges::none_of(words, IsLikeNumber)) {
    return std::nullopt;
  }
  return Failure{Reason::kParse,
                 std::string(where) +
                     " looks like a row: write header = false if the output "
                     "has no header line, or header = true if it has one"};
}

std::optional<Failure> CheckOrder(std::span<const std::string_view> names,
                                  const FormatConfig& config,
                                  std::string_view where) {
  for (std::size_t i = 0; i < config.columns.size(); ++i) {
    const std::string& column = config.columns[i];
    const auto is_column = [&column](std::string_view name) {
      return EqualsIgnoringCase(Trim(name), column);
    };
    if (IsDiscarded(column) || (i < names.size() && is_column(names[i]))) {
      continue;
    }
    const auto found = std::ranges::find_if(names, is_column);
    if (found != names.end()) {
      return WrongOrder(where, column,
                        static_cast<std::size_t>(found - names.begin()), i);
    }
  }
  return std::nullopt;
}

Failure WrongOrder(std::string_view where, const std::string& name,
                   std::size_t in_header, std::size_t in_columns) {
  return {Reason::kParse,
          std::string(where) + ": " + Quote(name) + " is the header's " +
              Ordinal(in_header + 1) + " name, here the " +
              Ordinal(in_columns + 1) +
              ": write columns in the order of the header, with \"_\" for what "
              "you do not need, or another name"};
}

bool IsHeaderAgain(std::span<const std::string_view> fields,
                   std::span<const std::string_view> header) {
  return std::ranges::equal(fields, header) &&
         std::ranges::any_of(
             header, [](std::string_view name) { return !name.empty(); });
}

bool IsUnexpectedHeader(std::span<const std::string_view> fields,
                        const FormatConfig& config) {
  constexpr std::size_t kLeast = 2;  // one name may also be a value
  return !config.header && fields.size() >= kLeast &&
         std::ranges::equal(fields, config.columns);
}

Failure UnexpectedHeader(std::string_view where) {
  return {Reason::kParse,
          std::string(where) +
              " has the names of columns, so it is a header: remove header = "
              "false, or this line with skip_lines or drop_lines"};
}

Failure HeaderAgain(std::string_view where) {
  return {Reason::kParse,
          std::string(where) +
              " repeats the header: remove all header lines with drop_lines "
              "and write header = false and columns, or cut the output with "
              "record"};
}

}  // namespace command_exporter
