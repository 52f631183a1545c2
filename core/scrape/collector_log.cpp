#include "core/scrape/collector_log.hpp"

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/duration.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr Duration kRepeat = std::chrono::hours{1};

std::string Rounded(Duration duration) {
  return FormatDuration(std::chrono::round<std::chrono::seconds>(duration));
}

}  // namespace

CollectorLog::CollectorLog(LogSeams seams) : seams_(std::move(seams)) {}

void CollectorLog::LogResult(const CollectorIdentity& who,
                             const std::optional<Failure>& how) {
  const Clock::time_point now = seams_.now();
  std::string recovery;
  {
    const std::lock_guard lock(mutex_);
    if (!how) {
      if (!failing_) {
        return;
      }
      recovery = "up again after " + Rounded(now - failing_since_) +
                 "; its last failure was " + std::string(Name(*failing_));
      failing_.reset();
    } else {
      if (failing_ == how->reason && now - failure_logged_ < kRepeat) {
        return;
      }
      if (!failing_) {
        failing_since_ = now;
      }
      failing_ = how->reason;
      failure_logged_ = now;
    }
  }
  if (how) {
    Write(LogLevel::kWarn, who, Name(how->reason), how->message);
  } else {
    Write(LogLevel::kInfo, who, "", recovery);
  }
}

void CollectorLog::LogLate(const CollectorIdentity& who, Duration waited) {
  {
    const std::lock_guard lock(mutex_);
    late_.active = false;  // each late scrape is an event of its own
    if (!IsNews(late_, true, "")) {
      return;
    }
  }
  Write(LogLevel::kWarn, who, Name(Reason::kTimeout),
        "not ready within the " +
            FormatDuration(
                std::chrono::round<std::chrono::milliseconds>(waited)) +
            " of one scrape, which went on without it; the run itself goes on, "
            "for another scrape with more time or for a later one");
}

void CollectorLog::LogDropped(const CollectorIdentity& who,
                              const Drops& drops) {
  for (std::size_t i = 0; i < drops.counts.size(); ++i) {
    {
      const std::lock_guard lock(mutex_);
      if (!IsNews(drops_[i], drops.counts[i] > 0, drops.first[i])) {
        continue;
      }
    }
    Write(LogLevel::kWarn, who, kDropReasonNames[i],
          "left out " + Counted(drops.counts[i], "sample") +
              " of a successful run; the first: " + drops.first[i]);
  }
}

void CollectorLog::LogUnmatched(const CollectorIdentity& who,
                                const Outcome& outcome) {
  if (!outcome.unmatched_lines) {
    return;
  }
  const std::uint64_t count = *outcome.unmatched_lines;
  {
    const std::lock_guard lock(mutex_);
    if (!IsNews(unmatched_, count > 0, "")) {
      return;
    }
  }
  Write(LogLevel::kInfo, who, "",
        "made nothing of " + Counted(count, "line") +
            " of the output; the first: " + Printable(outcome.first_unmatched));
}

bool CollectorLog::IsNews(Note& note, bool active, std::string_view subject) {
  const bool begins = active && (!note.active || note.subject != subject);
  note.active = active;
  if (!begins) {
    return false;
  }
  const Clock::time_point now = seams_.now();
  if (note.logged && now - *note.logged < kRepeat) {
    return false;
  }
  note.logged = now;
  note.subject = subject;
  return true;
}

void CollectorLog::Write(LogLevel level, const CollectorIdentity& who,
                         std::string_view reason,
                         std::string_view message) const {
  std::vector<LogField> fields{{"collector", who.name}};
  for (const auto& [name, value] : who.matrix) {
    fields.push_back({name, value});
  }
  if (!reason.empty()) {
    fields.push_back({"reason", reason});
  }
  fields.push_back({"msg", message});
  fields.push_back({"config", who.position});
  seams_.write(level, fields);
}

}  // namespace command_exporter
