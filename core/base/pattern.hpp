// Pattern: a compiled regular expression, and the one door to RE2.
//
// RE2 takes time linear in the text for every pattern and every output, and its
// stack use is bounded. `(?<name>...)` is accepted as another spelling of RE2's
// `(?P<name>...)`. Duplicate group names are rejected, except `_`, which
// discards.
// https://github.com/google/re2/wiki/Syntax
//
//   const auto mount = Pattern::Compile(R"((?<device>\S+) on (\S+))");
//   std::vector<std::string_view> groups;
//   if (mount && mount->Find("sda1 on /boot", 0, groups)) {
//     // groups: "sda1 on /boot", "sda1", "/boot"; group_names(): "device", ""
//   }
//
// Thread safety: immutable; one Pattern may be used by many threads at once.
#ifndef COMMAND_EXPORTER_CORE_BASE_PATTERN_HPP_
#define COMMAND_EXPORTER_CORE_BASE_PATTERN_HPP_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace re2 {
class RE2;
}

namespace command_exporter {

class Pattern {
 public:
  // Errors: RE2's message, with the offending fragment.
  static Result<Pattern> Compile(std::string_view expression);

  // True when the whole of `text` matches.
  bool FullMatch(std::string_view text) const;
  // True when some part of `text` matches.
  bool PartialMatch(std::string_view text) const;

  // Finds the first match at or after `from`. On success `groups` holds the
  // whole match at [0] and then each group; a group that did not match has a
  // null data(). Returns false when nothing matches.
  bool Find(std::string_view text, std::size_t from,
            std::vector<std::string_view>& groups) const;

  // One entry a capturing group, in order; empty for a plain group.
  const std::vector<std::string>& group_names() const { return group_names_; }

  const std::string& expression() const { return expression_; }

  bool operator==(const Pattern& other) const {
    return expression_ == other.expression_;
  }

 private:
  Pattern() = default;
  std::string expression_;
  std::vector<std::string> group_names_;
  std::shared_ptr<const re2::RE2> regex_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_PATTERN_HPP_
