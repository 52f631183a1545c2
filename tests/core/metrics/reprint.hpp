// Reprint: a parsed text as the writer prints it for a client that accepts
// quoted names.
//
// The text is shorter to compare, and easier to read, than families.
//
// Thread safety: a pure function.
#ifndef COMMAND_EXPORTER_TESTS_CORE_METRICS_REPRINT_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_METRICS_REPRINT_HPP_

#include <string>
#include <string_view>

#include "core/metrics/reading/exposition_parser.hpp"
#include "core/metrics/writing/text_writer.hpp"

namespace command_exporter {

// "failed: " and the message if the parser rejects the text.
inline std::string Reprint(std::string_view text) {
  const auto parsed = ParseExposition(text);
  if (!parsed) {
    return "failed: " + parsed.error().message;
  }
  std::string out;
  TextWriter::Append(parsed->families, out, NameScheme::kAllowUtf8);
  return out;
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_METRICS_REPRINT_HPP_
