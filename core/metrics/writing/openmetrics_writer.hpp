// OpenMetricsWriter: families as OpenMetrics 1.0.
//
// The same series as the text format 0.0.4, with the same names. What differs:
// a counter's family is called without `_total`, there is a UNIT where the name
// ends in one, HELP escapes quotes, untyped is `unknown`, and `# EOF` ends it.
//
// OpenMetrics is stricter than the model: a counter must be called `..._total`
// and be no less than 0, a histogram with a negative bucket has no sum, and the
// names that a family owns (`jobs`, `jobs_total`, `jobs_created`) may be no
// other family's. A family that does not fit is written as `unknown`, its parts
// as families of their own: nothing is lost but the type, and the answer is
// valid. https://prometheus.io/docs/specs/om/open_metrics_spec/
//
// Thread safety: stateless. Invariant: for families that a ScrapeRegistry gave,
// the text is accepted by the strict parser of Debian's
// python3-prometheus-client; with names in quotes, which that one does not
// know, it says the same.
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
  // Appends the whole answer with its `# EOF` to `out`, once.
  static void Append(const MetricFamilies& families, std::string& out,
                     NameScheme scheme = NameScheme::kUnderscores);

  using prometheus::Serializer::Serialize;
  void Serialize(
      std::ostream& out,
      const std::vector<prometheus::MetricFamily>& families) const override;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_WRITING_OPENMETRICS_WRITER_HPP_
