// The metrics page: one scrape, one answer.
//
// It turns the request into a deadline, calls the Gatherer and writes the
// families in the format and the coding that the client prefers. HEAD runs
// nothing. A query selects collectors (collector_selection.hpp), or is refused.
// Scrapes in progress are limited (each holds a worker until its commands have
// ended), so that a worker is always free for other pages.
//
// An answer with ten thousands of instances takes seconds to merge and to
// write, and Prometheus would not wait for it. The commands of the next scrape
// therefore get that much less time.
//
// Thread safety: all functions may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_WEB_METRICS_PAGE_HPP_
#define COMMAND_EXPORTER_CORE_WEB_METRICS_PAGE_HPP_

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/scrape/gatherer.hpp"
#include "core/web/http.hpp"
#include "core/web/negotiation.hpp"

namespace command_exporter {

struct MetricsPageOptions {
  unsigned max_requests{40};  // 0: no limit
  Duration timeout_offset{std::chrono::milliseconds{500}};
  Duration scrape_timeout{std::chrono::seconds{10}};
};

class MetricsPage {
 public:
  // The gatherer must outlive the page.
  MetricsPage(Gatherer& gatherer, const MetricsPageOptions& options);

  Response Handle(const Request& request);

  // After a reload.
  void SetScrapeTimeout(Duration timeout);
  // After a reload: the names of all collectors, also of those that are off.
  void SetCollectors(std::vector<std::string> names);

 private:
  Response Scrape(const Request& request, const Selection& selection);
  std::shared_ptr<const std::vector<std::string>> Names() const;
  // What the end of a scrape with this budget takes from its commands.
  Duration Reserve(Duration budget) const;
  void Write(const ChosenExposition& chosen, const ScrapeRequest& scrape,
             std::string& body);
  void Warn(const std::string& warning);

  Gatherer& gatherer_;
  const MetricsPageOptions options_;
  std::atomic<Duration::rep> scrape_timeout_;
  std::atomic<unsigned> in_progress_{0};
  // From the deadline of the commands to the whole answer, when it last came
  // after that deadline.
  std::atomic<Duration::rep> last_tail_{0};
  std::atomic<std::size_t> last_size_{4096};
  mutable std::mutex names_mutex_;
  // Guarded by names_mutex_.
  std::shared_ptr<const std::vector<std::string>> names_ =
      std::make_shared<const std::vector<std::string>>();
  std::mutex warning_mutex_;
  std::optional<Clock::time_point> warned_;  // guarded by warning_mutex_
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_METRICS_PAGE_HPP_
