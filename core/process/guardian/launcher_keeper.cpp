#include "core/process/guardian/launcher_keeper.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <utility>

#include "core/process/guardian/guardian_log.hpp"
#include "core/process/guardian/guardian_setup.hpp"
#include "core/process/launcher/launcher_setup.hpp"
#include "core/process/system/process_setup.hpp"

namespace command_exporter {
namespace {

using std::chrono::seconds;

constexpr int kMostUnanswered = 3;
constexpr seconds kQuietLife{60};
// Before the first successor, the second ...
constexpr std::array kPauses{0, 1, 2, 4, 8, 16, 30};

}  // namespace

Result<UniqueFd> LauncherKeeper::Start(
    const UniqueFd& table, const UniqueFd& older_table,
    GuardianChildren& children, const std::function<void()>& close_others) {
  auto web = MakeChannelPair();
  auto own = MakeChannelPair();
  LauncherOptions options;
  options.table = Duplicate(table);
  if (older_table) {
    options.older_table = Duplicate(older_table);
  }
  options.max_concurrency = options_.max_concurrency;
  options.cgroups = options_.cgroups;
  options.ledger = &ledger_;
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
    return options_.launcher(std::move(options));
  });
  if (!child) {
    return child.error();
  }
  children.Adopt(*child);
  pid_ = *child;
  channel_ = Channel(std::move(own->first), kMostQueuedByGuardian);
  rules_ = MessageRules(Direction::kLauncherToGuardian);
  channel_.Send(HelloMessage{});
  started_ = Deadline::After(Duration{0});
  next_ping_ = Deadline::After(options_.times.heartbeat);
  unanswered_ = 0;
  return std::move(web->first);
}

bool LauncherKeeper::Receive(Packet& packet, const GuardianChildren& children) {
  const ReceiveState state =
      channel_ ? channel_.Receive(packet) : ReceiveState::kEmpty;
  if (state == ReceiveState::kEmpty) {
    return false;
  }
  if (state == ReceiveState::kClosed || !rules_.Accept(packet)) {
    Kill(children);
    return false;
  }
  if (packet.kind() == MessageKind::kPong) {
    unanswered_ = 0;
  }
  return true;
}

bool LauncherKeeper::Tick(const GuardianChildren& children) {
  if (!running() || !next_ping_.Passed()) {
    return true;
  }
  // From now, not from when it was due: after a pause of our own, an answer
  // has a whole second again.
  next_ping_ = Deadline::After(options_.times.heartbeat);
  if (unanswered_ >= kMostUnanswered) {
    Kill(children);
    return false;
  }
  ++unanswered_;
  channel_.Send(BareMessage{MessageKind::kPing});
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
  const auto which = std::min<std::size_t>(
      static_cast<std::size_t>(quick_deaths_), kPauses.size());
  const Duration pause = kPauses.at(which - 1) * options_.times.pause;
  restart_at_ = Deadline::After(pause);
  return pause;
}

std::string LauncherKeeper::Describe(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == kLauncherLimitsLost) {
    return "another process of its user, maybe a command, lowered its resource "
           "limits; give commands a `user` of their own";
  }
  return DescribeStatus(status);
}

}  // namespace command_exporter
