// ExpectedExposition: an exposition that a person wrote down, to be compared
// with what came.
//
// Compared is what it says, not how: the order of families, samples and labels,
// blank lines and the way a number is written do not matter. Each series must
// be there with its value, and no other. A HELP or TYPE counts where it is
// written, so that a short expectation need not have them.
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
  // Errors: as ParseExposition, "line N: ..."; and kParse, without a line, for
  // what it would leave out, since that can never come.
  static Result<ExpectedExposition, Failure> Parse(std::string_view text);

  // Lines, empty if there is no difference: "- " what is expected and not
  // there, "+ " what is there and not expected. The two of a series stand
  // together, as do those of a family. `given`: as a ScrapeRegistry gives them.
  std::vector<std::string> Difference(const MetricFamilies& given) const;

 private:
  // One line: `# HELP NAME`, `# TYPE NAME` or a series, and what it says of it.
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
