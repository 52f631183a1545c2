#include "core/process/launcher/launcher_loop.hpp"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "core/process/launcher/launcher_setup.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""s;

// What an epoll event is about; runs' pipes are kFirstRun + serial.
constexpr std::uint64_t kChildSignals = 1;
constexpr std::uint64_t kWeb = 2;
constexpr std::uint64_t kGuardian = 3;
constexpr std::uint64_t kFirstRun = 16;

// How often a queue that is held back looks at the host's load.
constexpr Duration kLoadInterval = std::chrono::milliseconds{1};
// What does not die in this time is in state D.
constexpr Duration kFarewell = 2s;

}  // namespace

LauncherLoop::LauncherLoop(LauncherOptions options, const rlimit& open_files)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      child_signals_(OpenChildSignals()),
      web_{Channel(std::move(options.web)), kWeb,
           MessageRules(Direction::kWebToLauncher)},
      guardian_{Channel(std::move(options.guardian)), kGuardian,
                MessageRules(Direction::kGuardianToLauncher)},
      policy_(ProcessorCount(),
              std::max<std::size_t>(1, options.max_concurrency)),
      runs_(*this,
            {epoll_.get(), kFirstRun, open_files, std::move(options.cgroups)}) {
  if (options.older_table) {
    AddTable(options.older_table.get());
  }
  const bool has_table = AddTable(options.table.get());
  // They have been read, and a parameter may live as long as Run().
  options.table.Reset();
  options.older_table.Reset();
  ended_ = !has_table || !web_.channel ||
           !Watch(child_signals_.get(), kChildSignals) ||
           !Watch(web_.channel.fd(), kWeb) ||
           (guardian_.channel && !Watch(guardian_.channel.fd(), kGuardian));
}

bool LauncherLoop::Watch(int fd, std::uint64_t tag) const {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

int LauncherLoop::Run() {
  if (ended_) {
    return EXIT_FAILURE;
  }
  web_.channel.Send(HelloMessage{});
  if (guardian_.channel) {
    guardian_.channel.Send(HelloMessage{});
  }
  constexpr std::size_t kEvents = 32;
  std::array<epoll_event, kEvents> events{};
  while (!ended_) {
    const int count =
        ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(kEvents),
                     WaitMilliseconds(Clock::now()));
    const Clock::time_point now = Clock::now();
    if (children_left_) {
      children_left_ = runs_.Reap(now);
    }
    for (int i = 0; i < count; ++i) {
      OnEvent(events[static_cast<std::size_t>(i)].data.u64, now);
    }
    runs_.Expire(now);
    runs_.Settle();
    Admit(now);
    Flush(web_);
    Flush(guardian_);
  }
  return runs_.KillEverything(Deadline::After(kFarewell)) ? EXIT_SUCCESS
                                                          : EXIT_FAILURE;
}

int LauncherLoop::WaitMilliseconds(Clock::time_point now) const {
  if (children_left_) {
    return 0;
  }
  Deadline next = std::min(runs_.NextTimer(), queue_.NextStartBy());
  if (verdict_ == AdmissionPolicy::Verdict::kBusyHost) {
    next = std::min(next, Deadline(now + kLoadInterval));
  }
  return MillisecondsUntil(next, now);
}

void LauncherLoop::OnEvent(std::uint64_t tag, Clock::time_point now) {
  switch (tag) {
    case kChildSignals:
      TakeChildSignals(now);
      break;
    case kWeb:
      TakeMessages(web_, now);
      break;
    case kGuardian:
      TakeMessages(guardian_, now);
      break;
    default:
      runs_.HungUp(tag - kFirstRun, now);
      break;
  }
}

void LauncherLoop::TakeChildSignals(Clock::time_point now) {
  // One pending SIGCHLD stands for any number of children.
  signalfd_siginfo ignored{};
  static_cast<void>(::read(child_signals_.get(), &ignored, sizeof ignored) > 0);
  children_left_ = runs_.Reap(now);
}

void LauncherLoop::TakeMessages(Peer& peer, Clock::time_point now) {
  constexpr int kPerTurn = 64;  // so that a flood keeps no timer waiting
  Packet packet;
  for (int i = 0; i < kPerTurn && !ended_; ++i) {
    switch (peer.channel.Receive(packet)) {
      case ReceiveState::kEmpty:
        return;
      case ReceiveState::kClosed:
        ended_ = true;
        return;
      case ReceiveState::kPacket:
        ended_ = !OnMessage(peer, packet, now);
        break;
    }
  }
}

void LauncherLoop::Flush(Peer& peer) {
  if (!peer.channel) {
    return;
  }
  if (peer.channel.WantsWrite()) {
    peer.channel.Flush();
  }
  // A peer that does not read sends nothing that would wake us either.
  ended_ = ended_ || peer.channel.IsBroken();
  const bool waits = peer.channel.WantsWrite();
  if (waits != peer.waits_for_room) {
    peer.waits_for_room = waits;
    epoll_event event{};
    event.events = waits ? EPOLLIN | EPOLLOUT : EPOLLIN;
    event.data.u64 = peer.tag;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, peer.channel.fd(), &event);
  }
}

void LauncherLoop::Admit(Clock::time_point now) {
  RefuseWaiting(now);
  const auto runnable = [this] { return load_.Runnable(); };
  const auto free = [this](const WaitingRun& run) { return IsFree(run); };
  for (;;) {
    auto [verdict, run] = policy_.Decide(
        runs_.running(), {queue_, free, MayStart()}, now, runnable);
    verdict_ = verdict;
    if (!run) {
      return;
    }
    runs_.Start(*std::move(run));
  }
}

bool LauncherLoop::IsFree(const WaitingRun& run) const {
  return runs_.StateOf(*run.command) == RunTable::CommandState::kFree;
}

AdmissionQueue::Condition LauncherLoop::MayStart() const {
  const std::size_t places = policy_.hard_limit();
  const std::size_t room = places - std::min(places, runs_.running());
  const std::size_t collectors = generations_.newest().collectors().size();
  const auto is_free = [this](const WaitingRun& run) { return IsFree(run); };
  if (room > policy_.KeptPlaces(collectors)) {
    return is_free;
  }
  std::unordered_set<std::uint64_t> busy = runs_.BusyCollectors();
  if (room > policy_.KeptPlaces(IdleCollectors(busy))) {
    return is_free;
  }
  return [this, busy = std::move(busy)](const WaitingRun& run) {
    return IsFree(run) && busy.count(run.command->collector()) == 0;
  };
}

std::size_t LauncherLoop::IdleCollectors(
    const std::unordered_set<std::uint64_t>& busy) const {
  const auto& collectors = generations_.newest().collectors();
  const std::unordered_set<std::uint64_t> stuck = runs_.StuckCollectors();
  return static_cast<std::size_t>(std::count_if(
      collectors.begin(), collectors.end(), [&](std::uint64_t collector) {
        return busy.count(collector) == 0 && stuck.count(collector) == 0;
      }));
}

void LauncherLoop::RefuseWaiting(Clock::time_point now) {
  while (queue_.NextStartBy().Passed(now)) {
    const auto late = queue_.Remove(
        [now](const WaitingRun& run) { return run.start_by.Passed(now); });
    Refuse(late->job, WhyLate(*late));
  }
  while (runs_.AnyStuck()) {
    const auto blocked = queue_.Remove([this](const WaitingRun& run) {
      return runs_.StateOf(*run.command) == RunTable::CommandState::kStuck;
    });
    if (!blocked) {
      break;
    }
    Refuse(blocked->job, StartFault::kStuckBefore);
  }
}

// As it was when admission last looked. Where none could start, it was kept
// from the last places, or has become free only now.
StartFault LauncherLoop::WhyLate(const WaitingRun& run) const {
  if (!IsFree(run)) {
    return StartFault::kStillThere;
  }
  if (verdict_ == AdmissionPolicy::Verdict::kBusyHost) {
    return StartFault::kHostBusy;
  }
  const bool only_now =
      verdict_ == AdmissionPolicy::Verdict::kNoneFree && MayStart()(run);
  return only_now ? StartFault::kStillThere : StartFault::kAdmission;
}

int RunLauncher(LauncherOptions options) {
  const rlimit open_files = SetUpLauncherProcess();
  return LauncherLoop(std::move(options), open_files).Run();
}

}  // namespace command_exporter
