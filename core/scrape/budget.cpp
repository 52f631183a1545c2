#include "core/scrape/budget.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/duration.hpp"
#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// The offset never takes more than this share of the header.
constexpr double kLargestOffsetShare = 0.1;
constexpr std::size_t kHeaderBytesShown = 40;

}  // namespace

Budget ComputeBudget(std::string_view header, Duration limit, Duration offset) {
  Budget budget{.value = limit};
  if (header.empty()) {
    return budget;
  }
  const std::optional<double> seconds = ParseNumber(Trim(header));
  if (!seconds || !std::isfinite(*seconds) || *seconds <= 0) {
    budget.warning =
        "ignored the header X-Prometheus-Scrape-Timeout-Seconds: \"" +
        Printable(header, kHeaderBytesShown) +
        "\" is not a positive number of seconds; this scrape may take the "
        "configured scrape_timeout of " +
        FormatDuration(limit);
    return budget;
  }
  const double usable =
      *seconds - std::min(ToSeconds(offset), *seconds * kLargestOffsetShare);
  // Compared before the conversion, because the header may say 1e300.
  if (usable < ToSeconds(limit)) {
    budget.value = FromSeconds(usable);
  }
  return budget;
}

Deadline LatestStart(Deadline scrape, Clock::time_point now) {
  constexpr Duration kMost = std::chrono::milliseconds{100};
  constexpr int kShare = 10;
  if (scrape.IsNever()) {
    return scrape;
  }
  return Deadline(scrape.at() -
                  std::min(kMost, scrape.Remaining(now) / kShare));
}

}  // namespace command_exporter
