// The soak's checks of the launcher.
#include <sys/wait.h>

#include <algorithm>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <thread>

#include "tests/soak/launcher_soak.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kLate = 500ms;
constexpr Duration kBury = 1s;
constexpr Duration kBusy = 90ms;
constexpr std::size_t kLookOneIn = 16;  // all of /proc costs milliseconds
// The largest storm decides, and its size depends on the machine: up to 1.3 MB
// above the warm-up's were seen, and no more in three times the runs.
constexpr std::uint64_t kMostGrowth = 2'500'000;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsOurs = false;  // the sanitizer keeps freed memory
#else
constexpr bool kMemoryIsOurs = true;
#endif

const char* NameOf(Ending ending) {
  switch (ending) {
    case Ending::kExited:
      return "exited";
    case Ending::kSignaled:
      return "signaled";
    case Ending::kTimedOut:
      return "timed out";
    case Ending::kOutputLimit:
      return "output limit";
    case Ending::kCancelled:
      return "cancelled";
    case Ending::kNotStarted:
      return "not started";
    case Ending::kStuck:
      return "stuck";
    case Ending::kLauncherLost:
      return "launcher lost";
  }
  return "?";
}

}  // namespace

std::string LauncherSoak::Describe(const Job& job) const {
  std::string text = "program " + std::to_string(job.program) + ":";
  for (const std::string& word : programs_[job.program].spec.argv) {
    text += " " + word;
  }
  for (const std::string& variable : programs_[job.program].spec.environment) {
    text += variable.rfind("HOSTILE=", 0) == 0 ? " " + variable : "";
  }
  return text + (job.cancelled ? " (cancelled)" : "");
}

void LauncherSoak::Judge(const Job& job, const DoneMessage& done) {
  const SoakProgram& program = programs_[job.program];
  const bool expected = std::count(program.endings.begin(),
                                   program.endings.end(), done.ending) != 0;
  const bool ended = job.cancelled && done.ending == Ending::kCancelled;
  // A busy machine needs long to reap hundreds of processes; a later check,
  // when all is idle, requires that they are released.
  if (done.ending == Ending::kStuck &&
      delay_->Between(Clock::now() - kBury, Clock::now()) > kBusy) {
    return;
  }
  if (!expected && !ended) {
    violations_->Add(std::string("the result is \"") + NameOf(done.ending) +
                     "\" " + std::to_string(done.code) + " (" +
                     Name(done.fault) + ", after " +
                     std::to_string(generation_ - job.generation) +
                     " reloads) of " + Describe(job));
    return;
  }
  if (ended ||
      (done.ending != Ending::kExited && done.ending != Ending::kSignaled)) {
    return;
  }
  if (program.code && done.code != *program.code) {
    violations_->Add("the code is " + std::to_string(done.code) + " of " +
                     Describe(job));
  }
  if (program.out && job.out != *program.out) {
    violations_->Add("it printed \"" + job.out.substr(0, 60) +
                     "\": " + Describe(job));
  }
}

void LauncherSoak::JudgeTime(const Job& job, Clock::time_point now) {
  const SoakProgram& program = programs_[job.program];
  if (!job.started) {
    return;  // its start_by is far beyond the time of a soak
  }
  // The launcher started it before this side was notified.
  Clock::time_point end = *job.started + program.timeout;
  if (job.ended_by_us) {
    end = std::min(end, std::max(*job.ended_by_us, *job.started));
  }
  const auto allowed = [&](Clock::time_point bound) {
    return bound + kLate + delay_->Between(bound - kLate, now);
  };
  if (job.timed_out &&
      *job.timed_out > allowed(*job.started + program.timeout)) {
    violations_->Add("told late of the timeout: " + Describe(job));
  }
  if (job.timed_out && *job.timed_out < job.asked + program.timeout) {
    violations_->Add("timed out early: " + Describe(job));
  }
  const Clock::time_point bound = end + program.spec.grace;
  latest_ = std::max(latest_, Duration{now - bound});
  if (now > allowed(bound)) {
    violations_->Add("the result comes " +
                     std::to_string(ToSeconds(now - bound)) +
                     " s after deadline and grace: " + Describe(job));
  }
}

void LauncherSoak::LookForSurvivors(const Job& job) {
  if (!programs_[job.program].marked || Pick(kLookOneIn) != 0) {
    return;
  }
  const auto left = ProcessesWithVariable(SoakMark(job.program));
  if (!left.empty()) {
    violations_->Add(std::to_string(left.size()) + " processes are left by " +
                     Describe(job));
  }
}

void LauncherSoak::AwaitQuiet() {
  const auto longest = std::max_element(
      programs_.begin(), programs_.end(),
      [](const auto& a, const auto& b) { return a.timeout < b.timeout; });
  const Deadline patience = Deadline::After(2 * longest->timeout);
  while (
      (!jobs_.empty() || !stuck_.empty() || asked_generation_ != generation_) &&
      !patience.Passed()) {
    CancelSome();
    Serve(10);
  }
  for (const auto& [id, job] : jobs_) {
    violations_->Add("no result of " + Describe(job));
  }
  for (const auto& [id, program] : stuck_) {
    violations_->Add("stuck for good: program " + std::to_string(program));
  }
  if (asked_generation_ != generation_) {
    violations_->Add("a table was not taken");
  }
  if (!jobs_.empty() || !stuck_.empty()) {
    jobs_.clear();
    stuck_.clear();
    std::fill(busy_.begin(), busy_.end(), false);
  }
}

void LauncherSoak::CheckQuiet() {
  const Clock::time_point asked = Clock::now();
  std::string left = nothing_left_->Check(2s);
  if (!left.empty()) {
    const auto grown = std::chrono::ceil<std::chrono::milliseconds>(
        delay_->Between(asked, Clock::now()));
    left = nothing_left_->Check(grown);
  }
  if (!left.empty()) {
    violations_->Add("left:\n" + left);
  }
  for (const pid_t pid : bystanders_) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info,
                 WEXITED | WSTOPPED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid != 0) {
      violations_->Add("a bystander was signalled");
    }
  }
  CheckMemory();
}

void LauncherSoak::CheckMemory() {
  const StatsMessage stats = Stats();
  orphans_ = stats.orphans_killed;
  const bool grown = stats.resident_bytes > start_bytes_ + kMostGrowth &&
                     stats.resident_bytes > most_bytes_;
  most_bytes_ = std::max(most_bytes_, stats.resident_bytes);
  if (grown && kMemoryIsOurs) {
    violations_->Add("the launcher has " +
                     std::to_string(stats.resident_bytes) + " bytes, " +
                     std::to_string(start_bytes_) + " at the start");
  }
}

StatsMessage LauncherSoak::Stats() {
  stats_.reset();
  web_.Send(BareMessage{MessageKind::kStatsRequest});
  const Deadline patience = Deadline::After(10s);
  while (!stats_ && !patience.Passed()) {
    Serve(10);
  }
  if (!stats_) {
    violations_->Add("the launcher does not answer");
    return {};
  }
  return *stats_;
}

void LauncherSoak::Print() const {
  std::printf("launcher: %" PRIu64 " runs (", last_job_);
  for (const auto& [ending, count] : endings_) {
    std::printf("%s %" PRIu64 ", ", NameOf(ending), count);
  }
  std::printf("reloads %" PRIu64 "), %" PRIu64 " orphans killed\n", reloads_,
              orphans_);
  std::printf("launcher: memory %.2f MB at the start, %.2f MB at most%s\n",
              static_cast<double>(start_bytes_) / 1e6,
              static_cast<double>(most_bytes_) / 1e6,
              kMemoryIsOurs ? "" : " (not held: a sanitizer's build)");
  std::printf(
      "launcher: latest result %.0f ms after deadline and grace; this machine"
      " served a timer up to %.0f ms late\n",
      ToSeconds(latest_) * 1e3, ToSeconds(delay_->worst()) * 1e3);
}

}  // namespace command_exporter
