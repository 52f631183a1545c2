// The time that one scrape may take.
//
// Prometheus sends in X-Prometheus-Scrape-Timeout-Seconds how long it will
// wait; a later answer is lost completely. The budget is that time minus an
// offset. The offset shrinks for small budgets (a fixed half second would use
// up half of a scrape timeout of one second). The budget never exceeds the
// configured scrape_timeout.
//
// Within the budget, a command may wait for its start, but not to the last
// moment: a refusal and its reason must still reach the answer.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_BUDGET_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_BUDGET_HPP_

#include <string>
#include <string_view>

#include "core/base/deadline.hpp"

namespace command_exporter {

struct Budget {
  Duration value{};
  std::string warning{};  // the reason why the header was ignored; else empty
};

// min(header - min(offset, header / 10), limit). `header` is the raw header,
// empty when absent. A value that is not a positive finite number is ignored
// with a warning.
Budget ComputeBudget(std::string_view header, Duration limit, Duration offset);

// The latest start of a command for a scrape that ends at `scrape`: min(0.1 s,
// a tenth of the remaining time) before that.
Deadline LatestStart(Deadline scrape, Clock::time_point now);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_BUDGET_HPP_
