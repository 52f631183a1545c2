#include "core/process/launcher/processor_needs.hpp"

#include <algorithm>

namespace command_exporter {

void ProcessorNeeds::Started(std::uint64_t job, std::uint64_t collector) {
  live_.push_back({job, collector, Of(collector)});
}

void ProcessorNeeds::Ended(const DoneMessage& end) {
  const auto found = std::ranges::find(live_, end.job, &Live::job);
  if (found == live_.end()) {
    return;
  }
  const std::uint64_t collector = found->collector;
  live_.erase(found);
  const Duration cpu{end.cpu_ns};
  const Duration usual = Of(collector);
  switch (end.ending) {
    case Ending::kNotStarted:
    case Ending::kLauncherLost:
      break;
    case Ending::kExited:
    case Ending::kSignaled: {
      constexpr int kWeight = 4;  // so that a few runs are enough to learn
      const bool first = usual_.count(collector) == 0;
      Learn(collector, first ? cpu : usual + (cpu - usual) / kWeight);
      break;
    }
    default:
      Learn(collector, std::max(usual, 2 * cpu));
      break;
  }
}

void ProcessorNeeds::Learn(std::uint64_t collector, Duration need) {
  usual_[collector] = need;
  for (Live& live : live_) {
    if (live.collector == collector) {
      live.need = need;
    }
  }
}

void ProcessorNeeds::KeepOnly(
    const std::unordered_set<std::uint64_t>& collectors) {
  std::erase_if(usual_, [&collectors](const auto& entry) {
    return collectors.count(entry.first) == 0;
  });
}

Duration ProcessorNeeds::Of(std::uint64_t collector) const {
  const auto found = usual_.find(collector);
  return found == usual_.end() ? kUnknown : found->second;
}

bool ProcessorNeeds::Suffice(std::uint64_t collector, Duration timeout,
                             int processors) const {
  const Duration need = Of(collector);
  Duration all = need;
  for (const Live& live : live_) {
    all += std::min(live.need, need);
  }
  return all <= timeout / 2 * processors;
}

}  // namespace command_exporter
