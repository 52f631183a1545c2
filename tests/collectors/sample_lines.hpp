// Families as the lines of their samples: what a test compares.
//
// Thread safety: a pure function.
#ifndef COMMAND_EXPORTER_TESTS_COLLECTORS_SAMPLE_LINES_HPP_
#define COMMAND_EXPORTER_TESTS_COLLECTORS_SAMPLE_LINES_HPP_

#include <string>

#include "core/metrics/writing/text_writer.hpp"

namespace command_exporter::test {

// In the text format, without HELP and TYPE.
inline std::string SampleLines(const MetricFamilies& families) {
  std::string text;
  TextWriter::Append(families, text);
  std::string samples;
  while (!text.empty()) {
    const std::size_t end = text.find('\n') + 1;
    samples += text.starts_with('#') ? "" : text.substr(0, end);
    text = text.substr(end);
  }
  return samples;
}

}  // namespace command_exporter::test

#endif  // COMMAND_EXPORTER_TESTS_COLLECTORS_SAMPLE_LINES_HPP_
