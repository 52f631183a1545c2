// The exporter's metrics about its own pages.
//
// Unlike the families of a scrape, these values persist from scrape to scrape,
// so they live in a prometheus::Registry.
//
// Thread safety: all functions may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_WEB_HTTP_METRICS_HPP_
#define COMMAND_EXPORTER_CORE_WEB_HTTP_METRICS_HPP_

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>

#include "core/base/deadline.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

class HttpMetrics {
 public:
  HttpMetrics();
  HttpMetrics(const HttpMetrics&) = delete;
  HttpMetrics& operator=(const HttpMetrics&) = delete;

  // Registers a page, so that its histogram exists from the start.
  void Announce(const std::string& page);
  void Begin();
  // `page` is the label `handler`: one of a closed set, never a path from a
  // client.
  void End(const std::string& page, int status, Duration duration);
  // A request that was answered before any page received it.
  void Refused(int status);

  MetricFamilies Collect() const;

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Gauge& in_flight_;
  prometheus::Family<prometheus::Histogram>& durations_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_HTTP_METRICS_HPP_
