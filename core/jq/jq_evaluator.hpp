// JqEvaluator: a compiled jq program and a JSON parser at work on one output.
//
// It turns jq's values into records; jq.hpp has the rules. It runs in a process
// of its own, which may be ended anywhere in the middle of it.
//
// Thread safety: one thread at a time.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_EVALUATOR_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_EVALUATOR_HPP_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/reason.hpp"
#include "core/jq/jq_records.hpp"
#include "core/jq/jq_state.hpp"
#include "core/jq/jq_wire.hpp"

namespace command_exporter {

class JqEvaluator {
 public:
  // `fields`: the names of what the program gives. `begin` is kept at the line
  // of the text in hand, for who looks at it from another process. All must
  // outlive it.
  JqEvaluator(const JqState& program, const std::vector<std::string>& fields,
              JqRecordWriter& records, volatile std::uint32_t& begin)
      : program_(program),
        fields_(fields),
        records_(records),
        begin_(begin) {}

  // With more the evaluation fails.
  void SetMostItems(std::uint64_t most) { most_items_ = most; }

  // Reads the lines of a JqText and writes everything, the last record too.
  void Run(WireReader lines);

 private:
  std::optional<Failure> ReadLines(WireReader lines);
  // All texts that end in these bytes.
  std::optional<Failure> Take(std::string_view bytes, bool more);
  // Takes the value.
  std::optional<Failure> BadText(jv invalid) const;
  std::optional<Failure> Evaluate(jv text);
  std::optional<Failure> EndOf(jv invalid) const;
  // These do not.
  std::optional<Failure> TakeItem(jv item);
  std::optional<Failure> TakeMembers(jv object);
  std::optional<Failure> TakeFields(jv item);
  std::optional<Failure> TakeValue(const std::string& name, jv value);

  const JqState& program_;
  const std::vector<std::string>& fields_;
  JqRecordWriter& records_;
  volatile std::uint32_t& begin_;  // of the text in hand; 0: between two
  jv_parser* parser_ = nullptr;
  std::size_t line_ = 0;  // of what is fed
  std::string_view fed_;  // the line itself
  std::size_t texts_ = 0;
  std::uint64_t items_ = 0;
  std::uint64_t most_items_ = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_EVALUATOR_HPP_
