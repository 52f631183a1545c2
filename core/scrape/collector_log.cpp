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

CollectorLog::CollectorLog(LogSeams seams, std::shared_ptr<LineLimit> limit)
    : seams_(std::move(seams)),
      limit_(std::move(limit)) {}

bool CollectorLog::Failing::IsDue(Reason reason, Clock::time_point now) {
  if (!since) {
    since = now;
  }
  return shown != reason || !shown_at || now - *shown_at >= kRepeat;
}

void CollectorLog::LogResult(const CollectorIdentity& who,
                             const std::optional<Failure>& how) {
  if (!how) {
    LogSuccess(who);
  } else if (how->reason == Reason::kOverload) {
    LogDenied(who, *how, ClientLine::kOverload);
  } else {
    LogFailure(who, *how);
  }
}

void CollectorLog::LogAbandoned(const CollectorIdentity& who,
                                const Failure& failure) {
  LogDenied(who, failure, ClientLine::kCancelled);
}

void CollectorLog::LogDenied(const CollectorIdentity& who,
                             const Failure& failure, ClientLine kind) {
  const Clock::time_point now = seams_.now();
  std::optional<std::uint64_t> left_out;
  {
    const std::lock_guard lock(mutex_);
    if (!denied_.IsDue(failure.reason, now) ||
        !(left_out = limit_->Admit(kind, now))) {
      return;
    }
    denied_.shown = failure.reason;
    denied_.shown_at = now;
  }
  Write(LogLevel::kWarn, who, Name(failure.reason), failure.message, *left_out);
}

void CollectorLog::LogFailure(const CollectorIdentity& who,
                              const Failure& failure) {
  const Clock::time_point now = seams_.now();
  {
    const std::lock_guard lock(mutex_);
    if (!own_.IsDue(failure.reason, now)) {
      return;
    }
    own_.shown = failure.reason;
    own_.shown_at = now;
  }
  Write(LogLevel::kWarn, who, Name(failure.reason), failure.message);
}

void CollectorLog::LogSuccess(const CollectorIdentity& who) {
  const Clock::time_point now = seams_.now();
  std::string recovery;
  std::uint64_t left_out = 0;
  {
    const std::lock_guard lock(mutex_);
    const Failing own = std::exchange(own_, {});
    const Failing denied = std::exchange(denied_, {});
    const Failing& failing = own.shown ? own : denied;
    if (!failing.shown) {
      return;
    }
    if (!own.shown) {
      const auto admitted = limit_->Admit(ClientLine::kUpAgain, now);
      if (!admitted) {
        return;
      }
      left_out = *admitted;
    }
    recovery = "up again after " + Rounded(now - *failing.since) +
               "; its last failure was " + std::string(Name(*failing.shown));
  }
  Write(LogLevel::kInfo, who, "", recovery, left_out);
}

void CollectorLog::LogLate(const CollectorIdentity& who, Duration waited) {
  const Clock::time_point now = seams_.now();
  std::optional<std::uint64_t> left_out;
  {
    const std::lock_guard lock(mutex_);
    if ((late_logged_ && now - *late_logged_ < kRepeat) ||
        !(left_out = limit_->Admit(ClientLine::kLate, now))) {
      return;
    }
    late_logged_ = now;
  }
  Write(LogLevel::kWarn, who, Name(Reason::kTimeout),
        "not finished within the " +
            FormatDuration(
                std::chrono::round<std::chrono::milliseconds>(waited)) +
            " of one scrape, which was answered without it; the run continues "
            "for other scrapes",
        *left_out);
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
          "dropped " + Counted(drops.counts[i], "sample") +
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
        Counted(count, "line") + " of the output did not match; the first: " +
            Printable(outcome.first_unmatched));
}

void CollectorLog::BeginAgain() {
  const std::lock_guard lock(mutex_);
  own_.shown_at.reset();
  unmatched_ = {};
  drops_ = {};
}

void CollectorLog::LogRemark(const CollectorIdentity& who,
                             const Outcome& outcome) {
  {
    const std::lock_guard lock(mutex_);
    if (!IsNews(remark_, !outcome.remark.empty(), outcome.remark)) {
      return;
    }
  }
  Write(LogLevel::kInfo, who, "", outcome.remark);
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
                         std::string_view reason, std::string_view message,
                         std::uint64_t left_out) const {
  std::vector<LogField> fields{{"collector", who.name}};
  for (const auto& [name, value] : who.matrix) {
    fields.push_back({name, value});
  }
  if (!reason.empty()) {
    fields.push_back({"reason", reason});
  }
  fields.push_back({"msg", message});
  const std::string count = std::to_string(left_out);
  if (left_out > 0) {
    fields.push_back({"left_out", count});
  }
  fields.push_back({"config", who.position});
  seams_.write(level, fields);
}

}  // namespace command_exporter
