#include "core/process/guardian_launcher.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/process/guardian_setup.hpp"
#include "core/process/launcher.hpp"
#include "core/process/launcher_setup.hpp"

namespace command_exporter {
namespace {

using std::chrono::seconds;

constexpr seconds kPingEvery{1};
constexpr int kMostUnanswered = 3;
constexpr seconds kQuietLife{60};
constexpr seconds kLongestPause{30};
constexpr int kDoublings = 5;  // 1, 2, 4, 8, 16, then the longest

// 0, 1, 2, 4 ... 30 s.
Duration Pause(int quick_deaths) {
  if (quick_deaths <= 1) {
    return seconds{0};
  }
  const int doublings = std::min(quick_deaths - 2, kDoublings);
  return std::min(seconds{1U << static_cast<unsigned>(doublings)},
                  kLongestPause);
}

}  // namespace

Result<UniqueFd> LauncherKeeper::Start(
    const UniqueFd& table, GuardianChildren& children,
    const std::function<void()>& close_others) {
  auto web = MakeChannelPair();
  auto own = MakeChannelPair();
  LauncherOptions options;
  options.table = Duplicate(table);
  options.max_concurrency = max_concurrency_;
  if (!web || !own || !options.table) {
    return Error{"no free file descriptor"};
  }
  BindLibraries();
  const auto child = ForkChild(ChildRole::kLauncher, [&] {
    web->first.Reset();
    own->first.Reset();
    close_others();
    SetOpenFiles(open_files_);
    options.web = std::move(web->second);
    options.guardian = std::move(own->second);
    return RunLauncher(std::move(options));
  });
  if (!child) {
    return child.error();
  }
  children.Own(*child);
  pid_ = *child;
  channel_ = Channel(std::move(own->first));
  channel_.Send(HelloMessage{});
  started_ = Deadline::After(Duration{0});
  next_ping_ = Deadline::After(kPingEvery);
  unanswered_ = 0;
  return std::move(web->first);
}

bool LauncherKeeper::Tick(const GuardianChildren& children) {
  if (!running() || !next_ping_.Passed()) {
    return true;
  }
  // From now, not from when it was due: after a pause of our own, an answer
  // has a whole second again.
  next_ping_ = Deadline::After(kPingEvery);
  if (unanswered_ >= kMostUnanswered) {
    Kill(children);
    return false;
  }
  ++unanswered_;
  channel_.Send(SignalMessage{MessageKind::kPing});
  return true;
}

void LauncherKeeper::Kill(const GuardianChildren& children) {
  channel_.Close();
  next_ping_ = Deadline{};
  children.Kill(pid_);
}

Duration LauncherKeeper::OnDeath() {
  channel_.Close();
  pid_ = 0;
  const bool quiet = Clock::now() - started_.at() >= kQuietLife;
  quick_deaths_ = quiet ? 1 : quick_deaths_ + 1;
  const Duration pause = Pause(quick_deaths_);
  restart_at_ = Deadline::After(pause);
  return pause;
}

}  // namespace command_exporter
