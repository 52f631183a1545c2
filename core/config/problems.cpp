#include "core/config/problems.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <tuple>

#include "core/base/text.hpp"

namespace command_exporter {

namespace {

constexpr std::size_t kMostShown = 50;
// Sorting again for each error would cost too much.
constexpr std::size_t kMostKept = 2000;

}  // namespace

std::vector<std::string> FirstErrors(std::vector<std::string> lines,
                                     std::size_t uncounted) {
  if (lines.size() > kMostShown) {
    uncounted += lines.size() - kMostShown;
    lines.resize(kMostShown);
  }
  if (uncounted > 0) {
    lines.push_back("... and " + Counted(uncounted, "more error"));
  }
  return lines;
}

std::string ToString(const SourcePosition& position) {
  return position.file + ":" + std::to_string(position.line) + ":" +
         std::to_string(position.column);
}

void Problems::Error(const SourcePosition& at, std::string message) {
  errors_.push_back({at, std::move(message)});
  if (errors_.size() >= kMostKept) {
    DropLaterErrors();
  }
}

void Problems::Warn(const SourcePosition& at, std::string message) {
  warnings_.push_back({at, std::move(message)});
}

// Equal ones must not take the place of others.
void Problems::DropLaterErrors() {
  Sort(errors_);
  // Not std::ranges::unique, whose subrange clang 14 cannot read.
  errors_.erase(std::unique(errors_.begin(), errors_.end(),
                            [](const Problem& a, const Problem& b) {
                              return a.at.line == b.at.line &&
                                     a.at.column == b.at.column &&
                                     a.at.file == b.at.file &&
                                     a.message == b.message;
                            }),
                errors_.end());
  if (errors_.size() > kMostShown) {
    dropped_errors_ += errors_.size() - kMostShown;
    errors_.resize(kMostShown);
  }
}

void Problems::Sort(std::vector<Problem>& problems) const {
  std::map<std::string, std::size_t> rank;
  for (const std::string& file : files_) {
    rank.emplace(file, rank.size());
  }
  const auto key = [&](const Problem& problem) {
    const auto found = rank.find(problem.at.file);
    return std::make_tuple(found == rank.end() ? rank.size() : found->second,
                           problem.at.line, problem.at.column);
  };
  std::ranges::stable_sort(problems, [&](const Problem& a, const Problem& b) {
    return key(a) < key(b);
  });
}

std::vector<std::string> Problems::Lines(std::vector<Problem> problems) const {
  Sort(problems);
  std::set<std::string> seen;
  std::vector<std::string> lines;
  for (const Problem& problem : problems) {
    const std::string raw = ToString(problem.at) + ": " + problem.message;
    // A key may hold characters that break the line or control a terminal.
    std::string line = Printable(raw, 4 * raw.size());
    if (seen.insert(line).second) {
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace command_exporter
