// Problems: collects the findings of the reader, so that all are reported at
// once.
//
// Thread safety: none. Invariant: lines come out sorted by file (in the order
// of reading), line and column, each once.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_PROBLEMS_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_PROBLEMS_HPP_

#include <string>
#include <utility>
#include <vector>

#include "core/config/config.hpp"

namespace command_exporter {

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

  // "file:line:column: message".
  std::vector<std::string> Errors() const { return Lines(errors_); }

  std::vector<std::string> Warnings() const { return Lines(warnings_); }

 private:
  struct Problem {
    SourcePosition at{};
    std::string message{};
  };

  std::vector<std::string> Lines(std::vector<Problem> problems) const;

  std::vector<std::string> files_;
  std::vector<Problem> errors_;
  std::vector<Problem> warnings_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_PROBLEMS_HPP_
