// TextWriter: writes families as the Prometheus text format 0.0.4, or 1.0.0,
// which adds quoted names.
//
// It replaces prometheus::TextSerializer, which does not escape a newline in
// HELP (which breaks the whole scrape), writes 16 digits (a quarter of all
// doubles do not round-trip) and costs about ten times as much. It implements
// the same interface, so that either may be used.
// https://prometheus.io/docs/instrumenting/exposition_formats/
//
// Thread safety: stateless. Invariant: for families from a ScrapeRegistry,
// every Prometheus parser accepts the text.
#ifndef COMMAND_EXPORTER_CORE_METRICS_WRITING_TEXT_WRITER_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_WRITING_TEXT_WRITER_HPP_

#include <prometheus/serializer.h>

#include <iosfwd>
#include <string>
#include <vector>

#include "core/metrics/families.hpp"
#include "core/metrics/name_scheme.hpp"

namespace command_exporter {

class TextWriter final : public prometheus::Serializer {
 public:
  // Appends the text of `families` to `out`.
  static void Append(const MetricFamilies& families, std::string& out,
                     NameScheme scheme = NameScheme::kUnderscores);

  using prometheus::Serializer::Serialize;
  void Serialize(
      std::ostream& out,
      const std::vector<prometheus::MetricFamily>& families) const override;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_WRITING_TEXT_WRITER_HPP_
