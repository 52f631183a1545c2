// Oracles: the verdicts of other programs on a text that we wrote or read.
//
// The text is meant for promtool and Debian's python3-prometheus-client. They
// are packages of the tests, so a test that needs one fails where it is
// missing.
//
// Thread safety: one call at a time in a process, which is how Catch2 runs.
#ifndef COMMAND_EXPORTER_TESTS_CORE_METRICS_ORACLES_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_METRICS_ORACLES_HPP_

#include <string>
#include <vector>

namespace command_exporter {

// The output of `promtool check metrics` for `text`, followed by its exit
// status: "status 0\n" when it finds nothing.
std::string CheckWithPromtool(const std::string& text);

enum class PythonParser { kText, kOpenMetrics };

// For each text "ok", or the parser's error.
std::vector<std::string> CheckWithPython(PythonParser parser,
                                         const std::vector<std::string>& texts);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_METRICS_ORACLES_HPP_
