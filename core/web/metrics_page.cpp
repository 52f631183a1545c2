#include "core/web/metrics_page.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/huge_pages.hpp"
#include "core/base/log.hpp"
#include "core/base/text.hpp"
#include "core/metrics/writing/openmetrics_writer.hpp"
#include "core/metrics/writing/text_writer.hpp"
#include "core/scrape/budget.hpp"
#include "core/web/collector_selection.hpp"
#include "core/web/gzip.hpp"

namespace command_exporter {
namespace {

// Counts one scrape in progress while it lives.
class Place {
 public:
  explicit Place(std::atomic<unsigned>& taken)
      : taken_(taken),
        number_(taken.fetch_add(1) + 1) {}

  ~Place() { --taken_; }

  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // The number of scrapes in progress, including this one.
  unsigned number() const { return number_; }

 private:
  std::atomic<unsigned>& taken_;
  unsigned number_{};
};

Response Head(const ChosenExposition& chosen) {
  return Response{200,
                  {{"Content-Type", chosen.content_type},
                   {"Vary", "Accept, Accept-Encoding"}},
                  {}};
}

void Pack(const Request& request, Response& response) {
  if (!WantsGzip(request.Header("Accept-Encoding"))) {
    return;
  }
  if (std::optional<std::string> packed = Gzip(response.body)) {
    response.body = *std::move(packed);
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
}

}  // namespace

MetricsPage::MetricsPage(Gatherer& gatherer, const MetricsPageOptions& options)
    : gatherer_(gatherer),
      options_(options),
      scrape_timeout_(options_.scrape_timeout.count()) {}

void MetricsPage::SetScrapeTimeout(Duration timeout) {
  scrape_timeout_ = timeout.count();
}

void MetricsPage::SetCollectors(std::vector<std::string> names) {
  const std::lock_guard lock(names_mutex_);
  names_ = std::make_shared<const std::vector<std::string>>(std::move(names));
}

std::shared_ptr<const std::vector<std::string>> MetricsPage::Names() const {
  const std::lock_guard lock(names_mutex_);
  return names_;
}

Response MetricsPage::Handle(const Request& request) {
  const Result<Selection> selection = ReadSelection(request.query, *Names());
  if (!selection) {
    const std::string& why = selection.error().message;
    // Prometheus shows the status only.
    Warn("a scrape was answered with 400: " + why);
    return PlainText(400, why + "\n");
  }
  if (request.method == "HEAD") {
    return Head(ChooseExposition(request.Header("Accept")));
  }
  const Place place(in_progress_);
  if (options_.max_requests != 0 && place.number() > options_.max_requests) {
    return PlainText(503, "Limit of concurrent requests reached (" +
                              std::to_string(options_.max_requests) +
                              "), try again later.\n");
  }
  return Scrape(request, *selection);
}

Response MetricsPage::Scrape(const Request& request,
                             const Selection& selection) {
  const Clock::time_point start = Clock::now();
  const Budget budget =
      ComputeBudget(request.Header("X-Prometheus-Scrape-Timeout-Seconds"),
                    Duration{scrape_timeout_}, options_.timeout_offset);
  Warn(budget.warning);
  const ChosenExposition chosen = ChooseExposition(request.Header("Accept"));
  Response response = Head(chosen);
  const Deadline deadline{start + budget.value - Reserve(budget.value)};
  Write(chosen, {.deadline = deadline, .selection = selection}, response.body);
  Pack(request, response);
  if (deadline.Passed()) {
    last_tail_ = (Clock::now() - deadline.at()).count();
  }
  return response;
}

// Half of the offset was left for this already. A scrape keeps half of its
// time, whatever another one has taken.
Duration MetricsPage::Reserve(Duration budget) const {
  return std::clamp(Duration{last_tail_} - options_.timeout_offset / 2,
                    Duration{0}, budget / 2);
}

// The families are freed at return: with 100,000 samples they are most of the
// memory, and compression needs some.
void MetricsPage::Write(const ChosenExposition& chosen,
                        const ScrapeRequest& scrape, std::string& body) {
  const MetricFamilies families = gatherer_.Gather(scrape);
  // The next answer is about as long as the last one; reserving avoids
  // doubling.
  body.reserve(last_size_ + last_size_ / 8);
  AskForHugePages(body);
  if (chosen.format == Exposition::kOpenMetrics) {
    OpenMetricsWriter::Append(families, body, chosen.names);
  } else {
    TextWriter::Append(families, body, chosen.names);
  }
  last_size_ = body.size();
}

// A scraper repeats its error at every scrape, and any client may send a new
// one in each request: one line an hour is enough.
void MetricsPage::Warn(const std::string& warning) {
  if (warning.empty()) {
    return;
  }
  {
    const Clock::time_point now = Clock::now();
    const std::lock_guard lock(warning_mutex_);
    if (warned_ && now - *warned_ < std::chrono::hours{1}) {
      return;
    }
    warned_ = now;
  }
  Log(LogLevel::kWarn, {{"msg", warning}});
}

}  // namespace command_exporter
