// Outcome: the result of one run of one collector.
//
// Samples are published together or not at all: `families` is filled only when
// there is no failure. The outcome holds everything that the self-metrics and
// the log need of a run, so collectors never log and never count.
//
// Thread safety: immutable once published.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_OUTCOME_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_OUTCOME_HPP_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/reason.hpp"
#include "core/metrics/drops.hpp"
#include "core/metrics/families.hpp"

namespace command_exporter {

struct Outcome {
  std::optional<Failure> failure{};  // none: up
  // Never started, because the latest useful start had passed.
  bool came_too_late{};
  MetricFamilies families{};
  Drops drops{};                   // of the format; the merge adds its own
  Duration duration{};             // from the request to this outcome
  std::optional<int> exit_code{};  // none: not started, or ended by a signal
  std::size_t samples{};
  std::size_t output_bytes{};  // of standard output
  // Lines that the format could not use; none for formats without lines.
  std::optional<std::uint64_t> unmatched_lines{};
  std::string first_unmatched{};
  // Of a successful run: what it wrote to standard error; empty: nothing.
  std::string remark{};

  // False: the command did not run, or nobody knows how it ended.
  bool TellsOfCommand() const {
    return !failure || (failure->reason != Reason::kOverload &&
                        failure->reason != Reason::kLauncherLost);
  }
};

// The resource usage of a run, known when no process of it is left.
struct RunUsage {
  Duration ran{};  // 0: it had no process
  Duration cpu{};
  std::uint64_t max_rss_bytes{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_OUTCOME_HPP_
