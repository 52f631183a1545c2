// The time that one scrape may take.
//
// Prometheus says in X-Prometheus-Scrape-Timeout-Seconds when it will hang up;
// an answer after that is lost whole. So the budget is that minus an offset,
// which shrinks for small budgets (a fixed half second would swallow a scrape
// timeout of one), and never more than the configured scrape_timeout.
//
// Within it a command may wait for its start, but not to the last moment: that
// it was refused, and why, must still get into the answer.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_BUDGET_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_BUDGET_HPP_

#include <optional>
#include <string>
#include <string_view>

#include "core/base/deadline.hpp"

namespace command_exporter {

struct Budget {
  Duration value{};
  std::string warning{};  // the header was ignored, and why; else empty
};

// min(header - min(offset, header / 10), limit). `header` is the raw header,
// empty when absent; not a positive finite number: ignored with a warning.
Budget ComputeBudget(std::string_view header, Duration limit, Duration offset);

// When a command must have been started at the latest for a scrape that is
// over at `scrape`: min(0.1 s, a tenth of what is left) before.
Deadline LatestStart(Deadline scrape, Clock::time_point now);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_BUDGET_HPP_
