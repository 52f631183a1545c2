// The launcher's messages: what peers ask, what they are told.
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>
#include <vector>

#include "core/base/fd_message.hpp"
#include "core/process/ipc/own_stats.hpp"
#include "core/process/ipc/sealed_file.hpp"
#include "core/process/launcher/launcher_loop.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""h;

// Beyond any configuration (1,000 instances a collector).
constexpr std::size_t kMostWaiting = 65536;
// A timeout outside is the web side's mistake, or worse.
constexpr Duration kShortestTimeout = std::chrono::milliseconds{1};
constexpr Duration kLongestTimeout = 24h;

// Sends descriptors that stay ours, which spares a Channel's duplicates. False:
// not sent, for whatever reason.
bool SendBorrowed(int socket, JobMessage message, std::array<int, 2> fds) {
  return FdMessage<2>(&message, sizeof message)
             .Send(socket, fds, MSG_DONTWAIT) >= 0;
}

}  // namespace

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
  if (queue_.size() >= kMostWaiting) {
    Refuse(message.job, StartFault::kAdmission);
    return;
  }
  run.job = message.job;
  run.timeout = std::clamp(Duration{message.timeout_ns}, kShortestTimeout,
                           kLongestTimeout);
  run.start_by = Deadline::FromNanoseconds(message.deadline_ns);
  run.queued_at = now;
  queue_.Add(std::move(run));
}

void LauncherLoop::OnCancel(const CancelMessage& message,
                            Clock::time_point now) {
  if (runs_.Cancel(message.job, message.cause, now)) {
    return;
  }
  if (queue_.Remove([&message](const WaitingRun& run) {
        return run.job == message.job;
      })) {
    DoneMessage end;
    end.ending = Ending::kCancelled;
    end.job = message.job;
    Ended(end);
  }
}

void LauncherLoop::OnExtend(const ExtendMessage& message) {
  queue_.Extend(message.job, Deadline::FromNanoseconds(message.deadline_ns));
}

// A refused table changes nothing: the running one stays, and the guardian says
// what is wrong.
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
      policy_.needs().KeepOnly(generations_.newest().collectors());
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
  DoneMessage end;
  end.ending = Ending::kNotStarted;
  end.fault = fault;
  end.job = job;
  Ended(end);
}

void LauncherLoop::Started(const command_exporter::Run& run) {
  policy_.needs().Started(run.job, run.command->collector());
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
  web_.channel.Send(JobMessage{MessageKind::kStarted,
                               static_cast<std::uint32_t>(run.leader), run.job},
                    std::move(ends));
}

void LauncherLoop::TimedOut(std::uint64_t job) {
  web_.channel.Send(JobMessage{MessageKind::kTimedOut, 0, job});
}

void LauncherLoop::Ended(const DoneMessage& end) {
  policy_.needs().Ended(end);
  web_.channel.Send(end);
}

void LauncherLoop::Released(std::uint64_t job) {
  web_.channel.Send(JobMessage{MessageKind::kReleased, 0, job});
}

}  // namespace command_exporter
