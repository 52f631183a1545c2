// JqProgram: a jq program that extracts items with fields from JSON texts.
// https://jqlang.github.io/jq/manual/v1.6/
//
// `items` gives the items; each field is a program on the item; without fields,
// the scalar members of an item are its fields. All are compiled into one
// program, so that a text costs one evaluation.
//
// No part of libjq runs in the process that uses this class: jq_process.hpp has
// the reasons and the limits. A program sees only the texts: `env` and `$ENV`
// are empty, `import` and `include` are syntax errors at the program's
// position, `input`, `debug`, `stderr`, `halt`, `modulemeta` and similar
// functions are redefined or have nothing to act on, and no file can be opened.
//
// Thread safety: a JqProgram may be used by many threads.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_PROGRAM_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_PROGRAM_HPP_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/reason.hpp"
#include "core/base/wire.hpp"
#include "core/jq/jq_sink.hpp"

namespace command_exporter {

class JqProcess;

struct JqField {
  std::string name{};
  std::string program{};
};

// An output: its lines and their numbers.
class JqText {
 public:
  void Add(std::string_view line, std::size_t number) {
    WireWriter out(bytes_);
    out.Number(static_cast<std::uint32_t>(number));
    out.Text(line);
  }

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class JqProgram {
 public:
  // `process` evaluates the program and must outlive it.
  JqProgram(JqProcess& process, const std::string& items,
            const std::vector<JqField>& fields);
  ~JqProgram();
  JqProgram(const JqProgram&) = delete;
  JqProgram& operator=(const JqProgram&) = delete;

  // Compiles the program in advance, because compiling takes some 30 ms.
  void Prepare() const;

  // Waits until the evaluation has ended, at most limits.time and a short time
  // to notice the end. Errors: kParse, kTimeout, kSampleLimit. Requires: the
  // programs are legal.
  std::optional<Failure> Evaluate(const JqText& text, JqSink& sink,
                                  const JqLimits& limits) const;

 private:
  JqProcess& process_;
  std::string expression_;
  std::vector<std::string> names_;
  mutable std::atomic<bool> prepared_ = false;
};

struct JqVerdict {
  enum Word { kLegal, kWrong, kUnknown };

  Word word{kLegal};
  // The error in jq's words, or the reason why the answer is unknown.
  std::string message{};
};

JqVerdict CheckJq(JqProcess& process, std::string_view program);
// Checks all programs at once, at the cost of one.
JqVerdict CheckJq(JqProcess& process,
                  const std::vector<std::string_view>& programs);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_PROGRAM_HPP_
