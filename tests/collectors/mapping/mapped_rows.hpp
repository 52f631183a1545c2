// A metric over the rows of a table, as text: for the tests of the mapper.
//
// Thread safety: none needed.
#ifndef COMMAND_EXPORTER_TESTS_COLLECTORS_MAPPING_MAPPED_ROWS_HPP_
#define COMMAND_EXPORTER_TESTS_COLLECTORS_MAPPING_MAPPED_ROWS_HPP_

#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "collectors/mapping/metric_mapper.hpp"
#include "tests/collectors/sample_lines.hpp"

namespace command_exporter::test {

inline Rows Table(std::string_view text) {
  auto rows = ParseTable({.out = text},
                         {.separator = " ", .short_rows = ShortRows::kLeft});
  REQUIRE(rows);
  rows->text = text;
  rows->has_closed_names = true;
  return *std::move(rows);
}

// The samples as text without HELP and TYPE, or "reason: message".
inline std::string Map(const MetricConfig& metric, const Rows& rows,
                       const Labels& matrix = {}) {
  MetricFamilies families;
  const auto mapped =
      MetricMapper(metric, "test", matrix).Map(rows, 10000, families);
  if (!mapped) {
    return std::string(Name(mapped.error().reason)) + ": " +
           mapped.error().message;
  }
  return SampleLines(families);
}

inline MetricConfig Metric(std::string value) {
  MetricConfig metric;
  metric.name = "m";
  metric.values = {std::move(value)};
  return metric;
}

inline RowCondition Where(std::string field, std::string_view expression) {
  auto pattern = Pattern::Compile(expression);
  REQUIRE(pattern);
  return {std::move(field), *pattern};
}

}  // namespace command_exporter::test

#endif  // COMMAND_EXPORTER_TESTS_COLLECTORS_MAPPING_MAPPED_ROWS_HPP_
