#include "core/config/problems.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <tuple>

#include "core/base/text.hpp"

namespace command_exporter {

std::string ToString(const SourcePosition& position) {
  return position.file + ":" + std::to_string(position.line) + ":" +
         std::to_string(position.column);
}

void Problems::Error(const SourcePosition& at, std::string message) {
  errors_.push_back({at, std::move(message)});
}

void Problems::Warn(const SourcePosition& at, std::string message) {
  warnings_.push_back({at, std::move(message)});
}

std::vector<std::string> Problems::Lines(std::vector<Problem> problems) const {
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
