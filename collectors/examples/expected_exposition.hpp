// ExpectedExposition: an exposition written by a person, for comparison with
// the actual one.
//
// The comparison ignores the order of families, samples and labels, blank lines
// and the spelling of numbers. Each series must be present with its value, and
// no other. A HELP or TYPE is compared only if it is written, so that a short
// expectation may omit it.
//
// Thread safety: immutable.
#ifndef COMMAND_EXPORTER_COLLECTORS_EXAMPLES_EXPECTED_EXPOSITION_HPP_
#define COMMAND_EXPORTER_COLLECTORS_EXAMPLES_EXPECTED_EXPOSITION_HPP_

#include <string>
#include <string_view>
#include <vector>

#include "core/base/reason.hpp"
#include "core/base/result.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

class ExpectedExposition {
 public:
  // Errors: as in ParseExposition, "line N: ..."; and kParse, without a line,
  // for samples that ParseExposition would drop, because they can never occur.
  static Result<ExpectedExposition, Failure> Parse(std::string_view text);

  // Lines, empty if there is no difference: "- " expected but missing, "+ "
  // present but unexpected. The two lines of a series are adjacent, as are
  // those of a family. `given`: the result of a ScrapeRegistry.
  std::vector<std::string> Difference(const MetricFamilies& given) const;

 private:
  // One line: `# HELP NAME`, `# TYPE NAME` or a series, with its value.
  struct Fact {
    std::string subject{};
    std::string value{};
  };

  struct Family {
    std::string name{};
    std::vector<Fact> facts{};  // HELP, TYPE, samples, in this order
  };

  class Comparison;

  static std::string Line(const Fact& fact);
  static Family MakeFamily(prometheus::MetricFamily family);

  std::vector<Family> families_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_EXAMPLES_EXPECTED_EXPOSITION_HPP_
