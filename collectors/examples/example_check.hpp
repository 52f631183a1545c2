// Checks the examples of a configuration: recorded outputs and their expected
// results.
//
// Their texts are checked whenever a configuration is loaded, like every other
// key; --config.check also tries them. An example takes the path of a run
// (recorded_run.hpp) and of a scrape with nothing else in it, so that the
// samples that a scrape would drop are dropped here too.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_EXAMPLES_EXAMPLE_CHECK_HPP_
#define COMMAND_EXPORTER_COLLECTORS_EXAMPLES_EXAMPLE_CHECK_HPP_

#include <cstddef>
#include <string>
#include <vector>

#include "core/config/config.hpp"
#include "core/jq/jq_process.hpp"

namespace command_exporter {

// One line for each `expect` that is not an exposition, with its position.
std::vector<std::string> CheckExpectations(const Config& config);

struct ExampleReport {
  std::size_t tried{};
  // For each example with another result, several lines: the first has its
  // position, then "- " the expected and "+ " the actual lines.
  std::vector<std::string> differences{};
};

// Tries all examples, including those of disabled collectors. Requires: none
// that CheckExpectations rejects.
ExampleReport TryExamples(JqProcess& jq, const Config& config);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_EXAMPLES_EXAMPLE_CHECK_HPP_
