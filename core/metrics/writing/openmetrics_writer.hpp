// OpenMetricsWriter: writes families as OpenMetrics 1.0.
//
// The series and names are those of the text format 0.0.4. The differences: the
// family of a counter is named without `_total`, there is a UNIT where the name
// ends in one, HELP escapes quotes, untyped is `unknown`, and `# EOF` ends the
// text.
//
// OpenMetrics is stricter than the model: a counter must be called `..._total`
// and be at least 0, a histogram with a negative bucket has no sum, and no
// other family may use the names that a family owns (`jobs`, `jobs_total`,
// `jobs_created`). A family that breaks these rules is written as `unknown`,
// and its parts as families of their own: only the type is lost, and the answer
// is valid. https://prometheus.io/docs/specs/om/open_metrics_spec/
//
// Thread safety: stateless. Invariant: for families from a ScrapeRegistry, the
// strict parser of Debian's python3-prometheus-client accepts the text. That
// parser does not know quoted names; a text with them has the same meaning.
#ifndef COMMAND_EXPORTER_CORE_METRICS_WRITING_OPENMETRICS_WRITER_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_WRITING_OPENMETRICS_WRITER_HPP_

#include <prometheus/serializer.h>

#include <iosfwd>
#include <string>
#include <vector>

#include "core/metrics/families.hpp"
#include "core/metrics/name_scheme.hpp"

namespace command_exporter {

class OpenMetricsWriter final : public prometheus::Serializer {
 public:
  // Appends the whole answer, including its `# EOF`, to `out`.
  static void Append(const MetricFamilies& families, std::string& out,
                     NameScheme scheme = NameScheme::kUnderscores);

  using prometheus::Serializer::Serialize;
  void Serialize(
      std::ostream& out,
      const std::vector<prometheus::MetricFamily>& families) const override;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_WRITING_OPENMETRICS_WRITER_HPP_
