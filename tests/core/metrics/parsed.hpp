// Parsed: the families of a text that must be legal.
//
// Thread safety: fails the test that it is called in.
#ifndef COMMAND_EXPORTER_TESTS_CORE_METRICS_PARSED_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_METRICS_PARSED_HPP_

#include <string_view>

#include <catch2/catch.hpp>

#include "core/metrics/reading/exposition_parser.hpp"

namespace command_exporter {

inline MetricFamilies Parsed(std::string_view text) {
  const auto parsed = ParseExposition(text);
  CAPTURE(text);
  REQUIRE(parsed);
  return parsed->families;
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_METRICS_PARSED_HPP_
