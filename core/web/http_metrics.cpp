#include "core/web/http_metrics.hpp"

namespace command_exporter {
namespace {

prometheus::Histogram::BucketBoundaries Buckets() {
  return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

}  // namespace

HttpMetrics::HttpMetrics()
    : requests_(prometheus::BuildCounter()
                    .Name("command_exporter_http_requests_total")
                    .Help("HTTP requests answered, by status code.")
                    .Register(registry_)),
      in_flight_(prometheus::BuildGauge()
                     .Name("command_exporter_http_requests_in_flight")
                     .Help("HTTP requests in progress, including this one.")
                     .Register(registry_)
                     .Add({})),
      durations_(
          prometheus::BuildHistogram()
              .Name("command_exporter_http_request_duration_seconds")
              .Help(
                  "Time to generate the response to an HTTP request, by page.")
              .Register(registry_)) {
  // rate() does not see the first event of a counter that appears with it.
  for (const int status : {200, 400, 404, 405, 500, 503}) {
    requests_.Add({{"code", std::to_string(status)}});
  }
}

void HttpMetrics::Announce(const std::string& page) {
  durations_.Add({{"handler", page}}, Buckets());
}

void HttpMetrics::Begin() {
  in_flight_.Increment();
}

void HttpMetrics::End(const std::string& page, int status, Duration duration) {
  in_flight_.Decrement();
  durations_.Add({{"handler", page}}, Buckets()).Observe(ToSeconds(duration));
  Refused(status);
}

void HttpMetrics::Refused(int status) {
  requests_.Add({{"code", std::to_string(status)}}).Increment();
}

MetricFamilies HttpMetrics::Collect() const {
  return registry_.Collect();
}

}  // namespace command_exporter
