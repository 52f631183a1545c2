#include "core/process/launcher/launcher_loop.hpp"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>

#include "core/base/fd_message.hpp"
#include "core/process/ipc/own_stats.hpp"
#include "core/process/ipc/sealed_file.hpp"
#include "core/process/launcher/launcher_setup.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""h;
using std::chrono_literals::operator""s;

// Tags of epoll events; runs' pipes are kFirstRun + serial.
constexpr std::uint64_t kChildSignals = 1;
constexpr std::uint64_t kWeb = 2;
constexpr std::uint64_t kGuardian = 3;
constexpr std::uint64_t kFirstRun = 16;

// A process that survives this time is in state D.
constexpr Duration kFarewell = 2s;

// From the start of a run, which may be what lowers them, to the look at our
// limits.
constexpr Duration kLook = 1s;

// A timeout outside these bounds is an error of the web side, or an attack.
constexpr Duration kShortestTimeout = std::chrono::milliseconds{1};
constexpr Duration kLongestTimeout = 24h;

// Sends descriptors that stay ours, which saves a Channel's duplicates. False:
// not sent, for any reason.
bool SendBorrowed(int socket, JobMessage message, std::array<int, 2> fds) {
  return FdMessage<2>(&message, sizeof message)
             .Send(socket, fds, MSG_DONTWAIT) >= 0;
}

// It was not tried: no limit can be the reason.
bool IsRefusal(StartFault fault) {
  return fault < StartFault::kPipe;
}

}  // namespace

LauncherLoop::LauncherLoop(LauncherOptions options, const rlimit& open_files)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      child_signals_(OpenChildSignals()),
      web_{Channel(std::move(options.web)), kWeb,
           MessageRules(Direction::kWebToLauncher)},
      guardian_{Channel(std::move(options.guardian)), kGuardian,
                MessageRules(Direction::kGuardianToLauncher)},
      runs_(*this, {epoll_.get(), kFirstRun, open_files,
                    std::move(options.cgroups), options.ledger}),
      admission_(
          options.max_concurrency,
          {runs_, generations_, [this](std::uint64_t job, StartFault fault) {
             Refuse(job, fault);
           }}) {
  if (options.older_table) {
    AddTable(options.older_table.get());
  }
  const bool has_table = AddTable(options.table.get());
  // They have been read. Closed here, because a parameter may live as long as
  // Run().
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
    runs_.Walk(now);
    // Before Admit, so that an ended run frees its place in the same turn.
    runs_.Settle();
    admission_.Admit(now);
    ended_ = ended_ || !limits_.Look(now);
    Flush(web_);
    Flush(guardian_);
  }
  const bool clean = runs_.KillEverything(Deadline::After(kFarewell));
  if (!limits_.Look(Clock::now())) {
    return kLauncherLimitsLost;
  }
  return clean ? EXIT_SUCCESS : EXIT_FAILURE;
}

int LauncherLoop::WaitMilliseconds(Clock::time_point now) const {
  if (children_left_) {
    return 0;
  }
  return MillisecondsUntil(
      std::min({runs_.NextTimer(), admission_.Next(now), limits_.next()}), now);
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
  // One pending SIGCHLD may stand for several children.
  signalfd_siginfo ignored{};
  static_cast<void>(::read(child_signals_.get(), &ignored, sizeof ignored) > 0);
  children_left_ = runs_.Reap(now);
}

void LauncherLoop::TakeMessages(Peer& peer, Clock::time_point now) {
  constexpr int kPerTurn = 64;  // so that a flood delays no timer
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
        if (packet.kind() == MessageKind::kTable) {
          // The next table is read in the next turn. Several reloads in one
          // turn could discard the generation of a run that still waits in the
          // other socket.
          return;
        }
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
  // A peer that does not read also sends nothing that would wake the loop.
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

bool LauncherLoop::OnMessage(Peer& peer, const Packet& packet,
                             Clock::time_point now) {
  if (!peer.rules.Accept(packet)) {
    return false;
  }
  switch (packet.kind()) {
    case MessageKind::kRun:
      OnRun(*packet.As<RunMessage>(), now);
      break;
    case MessageKind::kCancel:
      OnCancel(*packet.As<CancelMessage>(), now);
      break;
    case MessageKind::kExtend:
      OnExtend(*packet.As<ExtendMessage>());
      break;
    case MessageKind::kStatsRequest:
      SendStats(peer);
      break;
    case MessageKind::kTable:
      OnTable(packet);
      break;
    case MessageKind::kPing:
      peer.channel.Send(BareMessage{MessageKind::kPong});
      break;
    default:
      break;  // Hello
  }
  return true;
}

void LauncherLoop::OnRun(const RunMessage& message, Clock::time_point now) {
  WaitingRun run;
  run.generation = generations_.Find(message.generation);
  run.command =
      run.generation ? run.generation->Find(message.command) : nullptr;
  if (run.command == nullptr) {
    Refuse(message.job, StartFault::kTable);
    return;
  }
  run.job = message.job;
  run.timeout = std::clamp(Duration{message.timeout_ns}, kShortestTimeout,
                           kLongestTimeout);
  run.start_by = Deadline::FromNanoseconds(message.deadline_ns);
  run.queued_at = now;
  admission_.Add(std::move(run), message.behind);
}

void LauncherLoop::OnCancel(const CancelMessage& message,
                            Clock::time_point now) {
  if (runs_.Cancel(message.job, message.cause, now)) {
    return;
  }
  if (admission_.Cancel(message.job)) {
    Ended({.ending = Ending::kCancelled, .job = message.job});
  }
}

void LauncherLoop::OnExtend(const ExtendMessage& message) {
  admission_.Extend(message.job,
                    Deadline::FromNanoseconds(message.deadline_ns));
}

// A rejected table changes nothing: the running one stays, and the guardian
// reports the error.
void LauncherLoop::OnTable(const Packet& packet) {
  const bool added = !packet.fds.empty() && AddTable(packet.fds.front().get());
  guardian_.channel.Send(GenerationMessage{
      added ? MessageKind::kTableReady : MessageKind::kTableRefused,
      packet.As<GenerationMessage>()->generation});
}

bool LauncherLoop::AddTable(int sealed) {
  try {
    const auto bytes = ReadSealedText(sealed);
    auto table = bytes ? DecodeCommandTable(*bytes)
                       : Result<CommandTable>(bytes.error());
    if (table) {
      generations_.Add(*std::move(table));
      admission_.needs().KeepOnly(generations_.newest().collectors());
      return true;
    }
  } catch (const std::bad_alloc&) {
    return false;
  }
  return false;
}

void LauncherLoop::SendStats(Peer& peer) {
  StatsMessage stats = OwnStats();
  stats.processes_running = static_cast<std::uint32_t>(runs_.processes());
  stats.orphans_killed = runs_.orphans().killed();
  stats.orphans_nameless = runs_.orphans().nameless();
  stats.orphans_cpu_ns = runs_.unattributed_cpu().count();
  peer.channel.Send(stats);
}

void LauncherLoop::Refuse(std::uint64_t job, StartFault fault) {
  Ended({.ending = Ending::kNotStarted, .fault = fault, .job = job});
}

// The direct send saves two duplicates of descriptors. It must not pass queued
// messages.
void LauncherLoop::Started(const command_exporter::Run& run) {
  limits_.LookAt(run.started + kLook);
  admission_.needs().Started(run.job, run.command->collector());
  const JobMessage message{MessageKind::kStarted,
                           static_cast<std::uint32_t>(run.leader), run.job};
  if (!web_.channel.WantsWrite() &&
      SendBorrowed(web_.channel.fd(), message,
                   {run.out.get(), run.err.get()})) {
    return;
  }
  std::vector<UniqueFd> ends;
  ends.push_back(Duplicate(run.out));
  ends.push_back(Duplicate(run.err));
  if (!ends[0] || !ends[1]) {
    ends.clear();  // EMFILE: the web side cancels a run without output
  }
  web_.channel.Send(message, std::move(ends));
}

void LauncherLoop::TimedOut(std::uint64_t job) {
  web_.channel.Send(JobMessage{MessageKind::kTimedOut, 0, job});
}

void LauncherLoop::Diagnosed(std::uint64_t job, const StartDiagnosis& found) {
  web_.channel.Send(DiagnosisMessage{.job = job, .found = found});
}

void LauncherLoop::Ended(const DoneMessage& end) {
  if (end.ending == Ending::kNotStarted && !IsRefusal(end.fault)) {
    limits_.LookAt(Clock::now());
  }
  admission_.needs().Ended(end);
  web_.channel.Send(end);
}

void LauncherLoop::Released(std::uint64_t job) {
  web_.channel.Send(JobMessage{MessageKind::kReleased, 0, job});
}

}  // namespace command_exporter
