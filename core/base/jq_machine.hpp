// JqMachine: a compiled jq program and a JSON parser at work on one output.
//
// It turns jq's values into the items and fields of a JqSink; jq.hpp has the
// rules. A file of core/base/jq.cpp, where it is used.
//
// Thread safety: one thread at a time.
#ifndef COMMAND_EXPORTER_CORE_BASE_JQ_MACHINE_HPP_
#define COMMAND_EXPORTER_CORE_BASE_JQ_MACHINE_HPP_

#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/jq.hpp"
#include "core/base/jq_faults.hpp"
#include "core/base/jq_state.hpp"
#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

inline std::string_view JqKindName(jv_kind kind) {
  return kind == JV_KIND_ARRAY ? "an array" : "an object";
}

inline Failure JqFailureAt(std::size_t line, const std::string& message) {
  return {Reason::kParse, "line " + std::to_string(line) + ": " + message};
}

// A machine at work on one output.
class JqMachine {
 public:
  // `expression`: the program; `fields`: the names of what it gives.
  JqMachine(const std::string& expression, std::vector<std::string> fields)
      : fields_(std::move(fields)),
        compiled_(state_.Compile(expression)) {}

  ~JqMachine() { FreeParser(); }

  JqMachine(const JqMachine&) = delete;
  JqMachine& operator=(const JqMachine&) = delete;

  // Not worth to be kept: cut off, or grown large.
  bool IsSpent() const {
    constexpr std::size_t kLargest = std::size_t{8} << 20U;
    return broken_ || !compiled_ || state_.arena().size() > kLargest;
  }

  // On the thread where the output will be fed.
  void Start(JqSink& sink, const JqLimits& limits) {
    CatchJqFaults();
    sink_ = &sink;
    limits_ = limits;
    begin_ = 0;
    texts_ = 0;
    items_ = 0;
    state_.arena().SetLimits(limits.most_bytes, Clock::now() + limits.time);
    const JqArena::Scope scope(state_.arena());
    broken_ = !state_.arena().Run([this] { parser_ = jv_parser_new(0); });
  }

  void FreeParser() {
    if (parser_ != nullptr && !broken_) {
      const JqArena::Scope scope(state_.arena());
      jv_parser_free(parser_);
    }
    parser_ = nullptr;
  }

  std::optional<Failure> Feed(std::string_view line, std::size_t number) {
    if (!compiled_) {
      return Failure{
          Reason::kParse,
          "jq does not take items and fields together: " + state_.message()};
    }
    line_ = number;
    fed_ = line;
    if (begin_ == 0 && !Trim(line).empty()) {
      begin_ = number;
    }
    auto failure = Take(line, true);
    return failure ? failure : Take("\n", true);
  }

  std::optional<Failure> Finish() {
    auto failure = Take("", false);
    if (!failure && texts_ == 0) {
      failure = Failure{Reason::kParse, "expected JSON, but there is none"};
    }
    return failure;
  }

 private:
  std::optional<Failure> Take(std::string_view bytes, bool more) {
    const JqArena::Scope scope(state_.arena());
    const int size = static_cast<int>(bytes.size());
    if (!state_.arena().Run([&] {
          jv_parser_set_buf(parser_, bytes.data(), size, more ? 1 : 0);
        })) {
      return CutOff();
    }
    while (true) {
      jv text = jv_invalid();
      if (!state_.arena().Run([&] { text = jv_parser_next(parser_); })) {
        return CutOff();
      }
      if (!jv_is_valid(text)) {
        return BadText(text);
      }
      ++texts_;
      if (auto failure = Evaluate(text)) {
        return failure;
      }
      begin_ = 0;
    }
  }

  std::optional<Failure> BadText(jv invalid) {
    if (jv_invalid_has_msg(jv_copy(invalid)) == 0) {
      jv_free(invalid);
      return std::nullopt;
    }
    const jv message = jv_invalid_get_msg(invalid);
    std::string text = TextOfJq(message);
    jv_free(message);
    text = text.substr(0, text.find(" at EOF at line "));
    text = text.substr(0, text.find(" at line "));
    constexpr std::size_t kShown = 80;
    const std::string_view seen = Trim(fed_);
    return JqFailureAt(
        line_, "no JSON: " + Printable(text) +
                   (seen.empty() ? std::string{}
                                 : " in \"" + Printable(seen, kShown) + '"'));
  }

  std::optional<Failure> Evaluate(jv text) {
    state_.arena().StartEvaluation();
    if (!state_.arena().Run([&] { jq_start(state_.get(), text, 0); })) {
      return CutOff();
    }
    auto failure = TakeItems();
    state_.arena().EndEvaluation();
    return failure;
  }

  std::optional<Failure> TakeItems() {
    while (true) {
      jv item = jv_invalid();
      if (!state_.arena().Run([&] { item = jq_next(state_.get()); })) {
        return CutOff();
      }
      if (!jv_is_valid(item)) {
        return EndOf(item);
      }
      auto failure = TakeItem(item);
      if (!state_.arena().Run([&] { jv_free(item); })) {
        return CutOff();
      }
      if (failure) {
        return failure;
      }
    }
  }

  std::optional<Failure> EndOf(jv invalid) {
    if (jv_invalid_has_msg(jv_copy(invalid)) == 0) {
      jv_free(invalid);
      return std::nullopt;
    }
    const jv message = jv_invalid_get_msg(invalid);
    const std::string text = jv_get_kind(message) == JV_KIND_STRING
                                 ? Printable(TextOfJq(message))
                                 : std::string("error with a value");
    if (!state_.arena().Run([&] { jv_free(message); })) {
      return CutOff();
    }
    return JqFailureAt(begin_, "jq: " + text);
  }

  std::optional<Failure> TakeItem(jv item) {
    if (++items_ > limits_.most_items) {
      return Failure{Reason::kSampleLimit,
                     "line " + std::to_string(begin_) +
                         ": items gives more than " +
                         std::to_string(limits_.most_items) +
                         " results; let it select fewer, or raise max_samples"};
    }
    sink_->StartItem(begin_);
    if (!fields_.empty()) {
      return TakeFields(item);
    }
    switch (jv_get_kind(item)) {
      case JV_KIND_OBJECT:
        return TakeMembers(item);
      case JV_KIND_ARRAY:
        return JqFailureAt(
            begin_,
            "items gives an array, which is no row; to make each element "
            "one, end items with .[]");
      default:
        return TakeValue("value", item);
    }
  }

  std::optional<Failure> TakeMembers(jv object) {
    for (int i = jv_object_iter(object); jv_object_iter_valid(object, i) != 0;
         i = jv_object_iter_next(object, i)) {
      const jv key = jv_object_iter_key(object, i);
      const std::string name = TextOfJq(key);
      jv_free(key);
      const jv value = jv_object_iter_value(object, i);
      const jv_kind kind = jv_get_kind(value);
      std::optional<Failure> failure;
      if (kind != JV_KIND_ARRAY && kind != JV_KIND_OBJECT) {
        failure = TakeValue(name, value);
      }
      jv_free(value);
      if (failure) {
        return failure;
      }
    }
    return std::nullopt;
  }

  // `item`: for each field an array of its results, at most two.
  std::optional<Failure> TakeFields(jv item) {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const jv results = jv_array_get(jv_copy(item), static_cast<int>(i));
      const int count = jv_array_length(jv_copy(results));
      std::optional<Failure> failure;
      if (count > 1) {
        failure =
            JqFailureAt(begin_, "field \"" + fields_[i] +
                                    "\" gives several results, a row has one");
      } else if (count == 1) {
        const jv value = jv_array_get(jv_copy(results), 0);
        failure = TakeValue(fields_[i], value);
        jv_free(value);
      }
      jv_free(results);
      if (failure) {
        return failure;
      }
    }
    return std::nullopt;
  }

  // Frees nothing.
  std::optional<Failure> TakeValue(const std::string& name, jv value) {
    switch (const jv_kind kind = jv_get_kind(value)) {
      case JV_KIND_NUMBER: {
        const double number = jv_number_value(value);
        if (!std::isfinite(number)) {
          return JqFailureAt(begin_, "field \"" + Printable(name) +
                                         "\" is a number that is not finite");
        }
        sink_->Field(name, FormatNumber(number));
        break;
      }
      case JV_KIND_STRING:
        sink_->Field(name, TextOfJq(value));
        break;
      case JV_KIND_TRUE:
      case JV_KIND_FALSE:
        sink_->Field(name, kind == JV_KIND_TRUE ? "true" : "false");
        break;
      case JV_KIND_ARRAY:
      case JV_KIND_OBJECT:
        return JqFailureAt(begin_, "field \"" + Printable(name) + "\" is " +
                                       std::string(JqKindName(kind)) +
                                       ", not a number, a string or a boolean");
      default:
        break;  // null: the row has no such field
    }
    return std::nullopt;
  }

  Failure CutOff() {
    broken_ = true;
    parser_ = nullptr;
    if (state_.arena().cut() == JqArena::Cut::kTime) {
      return {Reason::kTimeout,
              "line " + std::to_string(begin_) +
                  ": items and fields did not come to an end in time; look "
                  "for a jq program that does not end"};
    }
    if (state_.arena().cut() == JqArena::Cut::kDefect) {
      return JqFailureAt(
          begin_,
          "jq's library has a defect that this program meets with this output "
          "(" +
              Printable(state_.arena().assertion()) +
              "); look for a date or an index out of range, values nested very "
              "deep, or a pattern that may match nothing in text that is not "
              "ASCII");
    }
    return {Reason::kParse, "line " + std::to_string(begin_) +
                                ": jq needs more than " +
                                std::to_string(limits_.most_bytes >> 20U) +
                                " MiB for this output"};
  }

  JqState state_;
  std::vector<std::string> fields_;  // names
  JqLimits limits_;
  jv_parser* parser_ = nullptr;
  JqSink* sink_ = nullptr;
  std::size_t line_ = 0;   // of what is fed
  std::string_view fed_;   // the line itself
  std::size_t begin_ = 0;  // of the text in hand; 0: between two
  std::size_t texts_ = 0;
  std::size_t items_ = 0;
  bool compiled_;
  bool broken_ = false;  // cut off: only the arena may be touched
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_JQ_MACHINE_HPP_
