#include "core/service/scrape_capacity.hpp"

#include <algorithm>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// Of Prometheus, by default.
constexpr std::size_t kSeconds = 10;

// Measured with `true`, the cheapest command: starting, ending and reporting it
// takes 1 ms of a processor.
constexpr std::size_t kStartsPerSecond = 1000;

}  // namespace

std::string CapacityWarning(std::size_t runs, int processors) {
  const auto count = static_cast<std::size_t>(std::max(1, processors));
  const std::size_t most = count * kStartsPerSecond * kSeconds;
  if (runs <= most) {
    return {};
  }
  return Counted(runs, "command") + " in each scrape, but with " +
         Counted(count, "processor") + " at most about " +
         std::to_string(most) + " can be started in " +
         std::to_string(kSeconds) + " s, so in such a scrape " +
         std::to_string(runs - most) +
         " or more fail with reason overload (the next scrape begins with "
         "them); let one command print the values of many instances, or raise "
         "scrape_timeout here and in Prometheus";
}

std::string PlacesWarning(std::size_t scheduled, std::uint32_t most) {
  if (scheduled < most) {
    return {};
  }
  return Counted(scheduled, "command") +
         " with every can take all places for commands at the same time (" +
         std::to_string(most) +
         ", --max-concurrency), and then the others fail with reason overload "
         "in a scrape; raise --max-concurrency above that number";
}

}  // namespace command_exporter
