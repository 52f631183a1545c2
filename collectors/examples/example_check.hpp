// The examples of a configuration: recorded outputs and what must come of them.
//
// Their texts are checked whenever a configuration is loaded, like every other
// key; --config.check also tries them. An example goes the way of a run
// (recorded_run.hpp) and of a scrape with nothing else in it, so that what a
// scrape would leave out is left out here.
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

// One line for each `expect` that is no exposition, with its position.
std::vector<std::string> CheckExpectations(const Config& config);

struct ExampleReport {
  std::size_t tried{};
  // Of each example that gives something else: several lines, the first with
  // its position, then "- " what is expected and "+ " what came instead.
  std::vector<std::string> differences{};
};

// Tries all examples, those of disabled collectors too. Requires: none that
// CheckExpectations refuses.
ExampleReport TryExamples(JqProcess& jq, const Config& config);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_EXAMPLES_EXAMPLE_CHECK_HPP_
