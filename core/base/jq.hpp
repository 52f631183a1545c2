// JqProgram: a jq program that makes items with fields out of JSON texts. The
// one door to libjq.
// https://jqlang.github.io/jq/manual/v1.6/
//
// `items` gives the items; each field is a program on the item; without fields
// the scalar members of an item are its fields. All are compiled into one
// program, so that a text costs one evaluation. A compiled program (a machine)
// is not thread-safe and takes 30 ms to make, so that machines wait in the
// program for the next user; as many are made as are in use at once.
//
// A program sees the texts and nothing else: `env` and `$ENV` are empty,
// `import` and `include` are syntax errors in the place where the program
// stands, `input`, `debug`, `stderr`, `halt`, `modulemeta` and their kin are
// redefined or have nothing to act on. Memory and time have limits: see
// jq_arena.hpp.
//
// Thread safety: JqProgram may be used by many threads; a JqReader by one.
#ifndef COMMAND_EXPORTER_CORE_BASE_JQ_HPP_
#define COMMAND_EXPORTER_CORE_BASE_JQ_HPP_

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/reason.hpp"

namespace command_exporter {

struct JqField {
  std::string name{};
  std::string program{};
};

struct JqLimits {
  std::size_t most_bytes{std::size_t{64} << 20U};
  Duration time{std::chrono::seconds{5}};
  // With more the reading ends with kSampleLimit.
  std::size_t most_items{std::numeric_limits<std::size_t>::max()};
};

// What takes the items.
class JqSink {
 public:
  virtual ~JqSink() = default;
  // `line`: where the text of the item begins.
  virtual void StartItem(std::size_t line) = 0;
  virtual void Field(std::string_view name, std::string text) = 0;

 protected:
  JqSink() = default;
  JqSink(const JqSink&) = default;
  JqSink& operator=(const JqSink&) = default;
};

class JqMachine;
class JqMachines;

// Reads one output, line by line.
class JqReader {
 public:
  ~JqReader();
  JqReader(JqReader&&) noexcept;
  JqReader& operator=(JqReader&&) = delete;
  JqReader(const JqReader&) = delete;
  JqReader& operator=(const JqReader&) = delete;

  // Errors: kParse, kTimeout, kSampleLimit; then it is not to be used again.
  // `line` must stay where it is until the next.
  std::optional<Failure> Feed(std::string_view line, std::size_t number);
  std::optional<Failure> Finish();

 private:
  friend class JqProgram;
  JqReader(std::shared_ptr<JqMachines> machines,
           std::unique_ptr<JqMachine> machine);

  std::shared_ptr<JqMachines> machines_;
  std::unique_ptr<JqMachine> machine_;
};

class JqProgram {
 public:
  JqProgram(const std::string& items, const std::vector<JqField>& fields);

  // `sink` must outlive the reader. Requires: the programs are legal.
  JqReader Read(JqSink& sink, const JqLimits& limits) const;

 private:
  std::shared_ptr<JqMachines> machines_;
};

// What is wrong with a program, in jq's words; none: nothing.
std::optional<std::string> JqFault(std::string_view program);

// Whether all of them are legal, at the cost of one.
bool AreLegalJq(const std::vector<std::string_view>& programs);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_JQ_HPP_
