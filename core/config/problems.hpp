// Problems: collects the findings of the reader, so that they are reported
// together.
//
// The first errors of the files are kept and the others counted: a damaged file
// has one for each of its lines, and a reload must not fill the log and the
// memory with them.
//
// Thread safety: none. Invariant: lines come out sorted by file (in the order
// of reading), line and column, each once.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_PROBLEMS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_PROBLEMS_HPP_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/config/config.hpp"

namespace command_exporter {

// The first 50 of `lines`, then a line with the number of the others.
// `uncounted` are others that `lines` lacks.
std::vector<std::string> FirstErrors(std::vector<std::string> lines,
                                     std::size_t uncounted = 0);

class Problems {
 public:
  // `files` in the order of reading; problems of other files come last.
  explicit Problems(std::vector<std::string> files)
      : files_(std::move(files)) {}

  // For when more files are known.
  void SetFiles(std::vector<std::string> files) { files_ = std::move(files); }

  void Error(const SourcePosition& at, std::string message);
  void Warn(const SourcePosition& at, std::string message);

  bool HasErrors() const { return !errors_.empty(); }

  // So many that what was read need not be kept for further checks.
  bool HasManyErrors() const { return dropped_errors_ > 0; }

  // "file:line:column: message", as FirstErrors has them.
  std::vector<std::string> Errors() const {
    return FirstErrors(Lines(errors_), dropped_errors_);
  }

  std::vector<std::string> Warnings() const { return Lines(warnings_); }

 private:
  struct Problem {
    SourcePosition at{};
    std::string message{};
  };

  void Sort(std::vector<Problem>& problems) const;
  void DropLaterErrors();
  std::vector<std::string> Lines(std::vector<Problem> problems) const;

  std::vector<std::string> files_;
  std::vector<Problem> errors_;
  std::size_t dropped_errors_{};
  std::vector<Problem> warnings_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_PROBLEMS_HPP_
