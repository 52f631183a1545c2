#include "core/base/pattern.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace command_exporter {

namespace {

// Up to this number of groups, Find needs no allocation.
constexpr std::size_t kUsualGroups = 16;

re2::StringPiece Piece(std::string_view text) {
  return {text.data(), text.size()};
}

// The length of a bracket expression such as "[^]a-z[:alpha:]]" at the start of
// `rest`; all of `rest` when it is not closed (RE2 reports that).
std::size_t ClassLength(std::string_view rest) {
  std::size_t at = 1;
  if (rest.substr(at).starts_with('^')) {
    ++at;
  }
  if (rest.substr(at).starts_with(']')) {
    ++at;
  }
  while (at < rest.size() && rest[at] != ']') {
    const std::string_view here = rest.substr(at);
    const std::size_t name_end =
        here.starts_with("[:") ? here.find(":]") : std::string_view::npos;
    if (name_end != std::string_view::npos) {
      at += name_end + 2;
    } else {
      at += here.front() == '\\' ? std::size_t{2} : std::size_t{1};
    }
  }
  return std::min(at + 1, rest.size());
}

// The length of an escape at the start of `rest`; "\Q...\E" is one escape.
std::size_t EscapeLength(std::string_view rest) {
  if (!rest.starts_with("\\Q")) {
    return std::min<std::size_t>(2, rest.size());
  }
  const std::size_t end = rest.find("\\E");
  return end == std::string_view::npos ? rest.size() : end + 2;
}

// Replaces `(?<name>` by `(?P<name>`, the only form that RE2 before 2023 knows.
// Look-behind is unchanged, so that RE2's message shows the user's text.
std::string WithPythonGroups(std::string_view expression) {
  std::string out;
  out.reserve(expression.size());
  while (!expression.empty()) {
    std::size_t length = 1;
    if (expression.front() == '\\') {
      length = EscapeLength(expression);
    } else if (expression.front() == '[') {
      length = ClassLength(expression);
    } else if (expression.starts_with("(?<") &&
               !expression.starts_with("(?<=") &&
               !expression.starts_with("(?<!")) {
      out += "(?P<";
      expression.remove_prefix(3);
      continue;
    }
    out += expression.substr(0, length);
    expression.remove_prefix(length);
  }
  return out;
}

// The first name that occurs twice; empty if none.
std::string_view RepeatedName(const std::vector<std::string>& names) {
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (!name->empty() && *name != "_" &&
        std::find(names.begin(), name, *name) != name) {
      return *name;
    }
  }
  return {};
}

}  // namespace

Result<Pattern> Pattern::Compile(std::string_view expression) {
  RE2::Options options;
  options.set_log_errors(false);
  const auto regex =
      std::make_shared<const RE2>(Piece(WithPythonGroups(expression)), options);
  if (!regex->ok()) {
    std::string message = regex->error();
    // Most of RE2's messages name the fragment, but not all.
    if (!regex->error_arg().empty() &&
        message.find(regex->error_arg()) == std::string::npos) {
      message += ": " + regex->error_arg();
    }
    return Error{std::move(message)};
  }
  Pattern pattern;
  pattern.expression_ = expression;
  pattern.group_names_.resize(
      static_cast<std::size_t>(regex->NumberOfCapturingGroups()));
  for (const auto& [number, name] : regex->CapturingGroupNames()) {
    pattern.group_names_[static_cast<std::size_t>(number) - 1] = name;
  }
  if (const auto name = RepeatedName(pattern.group_names_); !name.empty()) {
    return Error{"two groups have the name \"" + std::string(name) +
                 "\"; give each its own, or _ to those you do not need"};
  }
  pattern.regex_ = regex;
  return pattern;
}

bool Pattern::FullMatch(std::string_view text) const {
  return regex_->Match(Piece(text), 0, text.size(), RE2::ANCHOR_BOTH, nullptr,
                       0);
}

bool Pattern::PartialMatch(std::string_view text) const {
  return regex_->Match(Piece(text), 0, text.size(), RE2::UNANCHORED, nullptr,
                       0);
}

bool Pattern::Find(std::string_view text, std::size_t from,
                   std::vector<std::string_view>& groups) const {
  if (from > text.size()) {
    return false;
  }
  const std::size_t count = group_names_.size() + 1;
  std::array<re2::StringPiece, kUsualGroups> usual{};
  std::vector<re2::StringPiece> many(count > kUsualGroups ? count : 0);
  re2::StringPiece* const pieces = many.empty() ? usual.data() : many.data();
  if (!regex_->Match(Piece(text), from, text.size(), RE2::UNANCHORED, pieces,
                     static_cast<int>(count))) {
    return false;
  }
  groups.clear();
  groups.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    groups.emplace_back(pieces[i].data(), pieces[i].size());
  }
  return true;
}

}  // namespace command_exporter
