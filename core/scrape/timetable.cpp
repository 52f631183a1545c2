#include "core/scrape/timetable.hpp"

#include <algorithm>
#include <utility>

namespace command_exporter {
namespace {

using std::chrono_literals::operator""s;

constexpr Duration kFirstRuns = 30s;
constexpr Duration kMostBetween = 1s;
constexpr Duration kAgain = 10s;

Duration EveryOf(const ScheduledSource& source) {
  return source.identity().schedule.every;
}

// The phase of collector `index`, of the circle from 0 to 1. Fixed-point
// arithmetic: the golden ratio times 2^64 wraps as the circle does.
double PhaseOf(std::uint64_t index) {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
  constexpr double kCircle = 18446744073709551616.0;  // 2^64
  return static_cast<double>(index * kGolden) / kCircle;
}

}  // namespace

void Timetable::Replace(
    const std::vector<std::shared_ptr<ScheduledSource>>& sources) {
  Entries entries;  // the old ones go after the lock: that may cancel runs
  {
    const std::lock_guard lock(mutex_);
    std::vector<Entry*> added;
    for (const std::shared_ptr<ScheduledSource>& source : sources) {
      const auto known = entries_.find(source->runs().get());
      Entry& entry = entries[source->runs().get()];
      if (known != entries_.end()) {
        entry = known->second;
      } else {
        added.push_back(&entry);
      }
      entry.source = source;
    }
    Spread(added);
    entries_.swap(entries);
  }
  changed_.Raise();
}

// A grid time soon after the first run would only repeat it.
void Timetable::Spread(const std::vector<Entry*>& added) {
  const Time now = now_();
  const auto count = static_cast<Duration::rep>(added.size());
  for (std::size_t i = 0; i < added.size(); ++i) {
    Entry& entry = *added[i];
    const Duration every = EveryOf(*entry.source);
    const Duration between =
        std::min(kMostBetween, std::min(kFirstRuns, every) / count);
    entry.due = now + static_cast<Duration::rep>(i) * between;
    entry.grid = now + FromSeconds(PhaseOf(added_++) * ToSeconds(every));
    entry.grid = NextAfter(entry, entry.due + every / 2);
  }
}

Timetable::Time Timetable::NextAfter(const Entry& entry, Time time) {
  if (entry.grid > time) {
    return entry.grid;
  }
  const Duration every = EveryOf(*entry.source);
  return entry.grid + ((time - entry.grid) / every + 1) * every;
}

void Timetable::RunAgain(const ScheduledRuns& runs) {
  {
    const std::lock_guard lock(mutex_);
    const auto entry = entries_.find(&runs);
    if (entry == entries_.end()) {
      return;
    }
    const Duration wait = std::min(kAgain, EveryOf(*entry->second.source));
    entry->second.due = std::min(entry->second.due, now_() + wait);
  }
  changed_.Raise();
}

std::optional<Timetable::Time> Timetable::RunDue() {
  struct Start {
    std::shared_ptr<ScheduledSource> source;
    Duration wait{};  // it may start that late
  };

  std::vector<Start> starts;
  std::optional<Time> next;
  const Time now = now_();
  {
    const std::lock_guard lock(mutex_);
    for (auto& [runs, entry] : entries_) {
      if (entry.due <= now) {
        entry.due = NextAfter(entry, now);
        starts.push_back({entry.source, entry.due - now});
      }
      next = next ? std::min(*next, entry.due) : entry.due;
    }
  }
  for (const Start& start : starts) {
    start.source->Run(Deadline::After(start.wait));
  }
  return next;
}

}  // namespace command_exporter
