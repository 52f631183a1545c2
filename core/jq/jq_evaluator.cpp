#include "core/jq/jq_evaluator.hpp"

#include <cmath>

#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

Failure FailureAt(std::size_t line, const std::string& message) {
  return {Reason::kParse, "line " + std::to_string(line) + ": " + message};
}

std::string_view KindName(jv_kind kind) {
  return kind == JV_KIND_ARRAY ? "an array" : "an object";
}

}  // namespace

void JqEvaluator::Run() {
  parser_ = jv_parser_new(0);
  if (auto failure = ReadLines()) {
    records_.Fail(*failure);
  } else {
    records_.End();
  }
}

std::optional<Failure> JqEvaluator::ReadLines() {
  while (!lines_.AtEnd()) {
    line_ = lines_.Number<std::uint32_t>();
    fed_ = lines_.View();
    if (!lines_.Ok()) {
      break;
    }
    if (begin_ == 0 && !Trim(fed_).empty()) {
      begin_ = line_;
    }
    if (auto failure = Take(fed_, true)) {
      return failure;
    }
    if (auto failure = Take("\n", true)) {
      return failure;
    }
  }
  return Take("", false);
}

std::optional<Failure> JqEvaluator::Take(std::string_view bytes, bool more) {
  jv_parser_set_buf(parser_, bytes.data(), static_cast<int>(bytes.size()),
                    more ? 1 : 0);
  while (true) {
    const jv text = jv_parser_next(parser_);
    if (!jv_is_valid(text)) {
      return BadText(text);
    }
    if (auto failure = Evaluate(text)) {
      return failure;
    }
    begin_ = 0;
  }
}

std::optional<Failure> JqEvaluator::BadText(jv invalid) const {
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
  return FailureAt(
      line_, "no JSON: " + Printable(text) +
                 (seen.empty() ? std::string{}
                               : " in \"" + Printable(seen, kShown) + '"'));
}

std::optional<Failure> JqEvaluator::Evaluate(jv text) {
  jq_start(program_.get(), text, 0);
  while (true) {
    const jv item = jq_next(program_.get());
    if (!jv_is_valid(item)) {
      return EndOf(item);
    }
    auto failure = TakeItem(item);
    jv_free(item);
    if (failure) {
      return failure;
    }
  }
}

std::optional<Failure> JqEvaluator::EndOf(jv invalid) const {
  if (jv_invalid_has_msg(jv_copy(invalid)) == 0) {
    jv_free(invalid);
    return std::nullopt;
  }
  const jv message = jv_invalid_get_msg(invalid);
  const std::string text = jv_get_kind(message) == JV_KIND_STRING
                               ? Printable(TextOfJq(message))
                               : std::string("error with a value");
  jv_free(message);
  const bool null = text.starts_with("Cannot iterate over null");
  return FailureAt(begin_, "jq: " + text +
                               (null ? "; to get nothing from null, write "
                                       ".[]? in the place of .[]"
                                     : ""));
}

std::optional<Failure> JqEvaluator::TakeItem(jv item) {
  if (++items_ > most_items_) {
    return Failure{Reason::kSampleLimit,
                   "line " + std::to_string(begin_) +
                       ": items gives more than " +
                       std::to_string(most_items_) +
                       " results; let it select fewer, or raise max_samples"};
  }
  records_.Item(begin_);
  if (!fields_.empty()) {
    return TakeFields(item);
  }
  switch (jv_get_kind(item)) {
    case JV_KIND_OBJECT:
      return TakeMembers(item);
    case JV_KIND_ARRAY:
      return FailureAt(begin_,
                       "items gives an array, which is no row; to make each "
                       "element one, end items with .[]");
    default:
      return TakeValue("value", item);
  }
}

std::optional<Failure> JqEvaluator::TakeMembers(jv object) {
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

// `item` has, for each field, an array of at most two results.
std::optional<Failure> JqEvaluator::TakeFields(jv item) {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const jv results = jv_array_get(jv_copy(item), static_cast<int>(i));
    const int count = jv_array_length(jv_copy(results));
    std::optional<Failure> failure;
    if (count > 1) {
      failure =
          FailureAt(begin_, "field \"" + fields_[i] +
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

std::optional<Failure> JqEvaluator::TakeValue(const std::string& name,
                                              jv value) {
  switch (const jv_kind kind = jv_get_kind(value)) {
    case JV_KIND_NUMBER: {
      const double number = jv_number_value(value);
      if (std::isfinite(number)) {
        records_.Field(name, FormatNumber(number));
      } else {
        records_.NotFinite(name, FormatNumber(number));
      }
      break;
    }
    case JV_KIND_STRING:
      records_.Field(name, TextOfJq(value));
      break;
    case JV_KIND_TRUE:
    case JV_KIND_FALSE:
      records_.Field(name, kind == JV_KIND_TRUE ? "true" : "false");
      break;
    case JV_KIND_ARRAY:
    case JV_KIND_OBJECT:
      return FailureAt(begin_, "field \"" + Printable(name) + "\" is " +
                                   std::string(KindName(kind)) +
                                   ", not a number, a string or a boolean");
    default:
      break;  // null: the row has no such field
  }
  return std::nullopt;
}

}  // namespace command_exporter
