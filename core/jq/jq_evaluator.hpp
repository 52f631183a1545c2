// JqEvaluator: applies a compiled jq program and a JSON parser to one output.
//
// It turns jq's values into records; jq_program.hpp has the rules. It runs in a
// process of its own, which may be ended at any point.
//
// Thread safety: one thread at a time.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_EVALUATOR_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_EVALUATOR_HPP_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/reason.hpp"
#include "core/base/wire.hpp"
#include "core/jq/jq_record_writer.hpp"
#include "core/jq/jq_request.hpp"
#include "core/jq/jq_state.hpp"

namespace command_exporter {

class JqEvaluator {
 public:
  // With more than `most_items` the evaluation fails. All arguments must
  // outlive it.
  JqEvaluator(const JqState& program, const JqMapping& text,
              std::uint64_t most_items, JqRecordWriter& records)
      : program_(program),
        fields_(text.names()),
        lines_(text.lines()),
        begin_(text.begin()),
        most_items_(most_items),
        records_(records) {}

  // Reads all lines and writes all records, including the last one.
  void Run();

 private:
  std::optional<Failure> ReadLines();
  // Evaluates all texts that end in these bytes.
  std::optional<Failure> Take(std::string_view bytes, bool more);
  // These three consume their argument.
  std::optional<Failure> BadText(jv invalid) const;
  std::optional<Failure> Evaluate(jv text);
  std::optional<Failure> EndOf(jv invalid) const;
  // These four do not.
  std::optional<Failure> TakeItem(jv item);
  std::optional<Failure> TakeMembers(jv object);
  std::optional<Failure> TakeFields(jv item);
  std::optional<Failure> TakeValue(const std::string& name, jv value);

  const JqState& program_;
  const std::vector<std::string>& fields_;  // names
  WireReader lines_;
  volatile std::uint32_t& begin_;  // start of the current text; 0: none
  const std::uint64_t most_items_;
  JqRecordWriter& records_;
  jv_parser* parser_ = nullptr;
  std::uint32_t line_ = 0;  // the number of the current line
  std::string_view fed_;    // the line itself
  std::uint64_t items_ = 0;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_EVALUATOR_HPP_
