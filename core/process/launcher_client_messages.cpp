// What the launcher says, and what becomes of it.
#include <sys/epoll.h>

#include <utility>

#include "core/process/launcher_client_loop.hpp"

namespace command_exporter {
namespace {

bool IsSane(const DoneMessage& done) {
  return done.ending <= Ending::kLauncherLost &&
         done.stage <= SpawnStage::kExec && done.wall_ns >= 0 &&
         done.cpu_ns >= 0;
}

}  // namespace

void LauncherClient::Loop::ReceiveAll() {
  Packet packet;
  while (channel_) {
    switch (channel_.Receive(packet)) {
      case ReceiveState::kPacket:
        OnPacket(packet);
        break;
      case ReceiveState::kEmpty:
        return;
      case ReceiveState::kClosed:
        Disconnect();
        return;
    }
  }
}

void LauncherClient::Loop::OnPacket(Packet& packet) {
  const auto job = packet.As<JobMessage>();
  switch (packet.kind()) {
    case MessageKind::kHello: {
      const auto hello = packet.As<HelloMessage>();
      if (!hello || hello->version != kProtocolVersion) {
        Disconnect();
      }
      break;
    }
    case MessageKind::kStarted:
      OnStarted(packet);
      break;
    case MessageKind::kTimedOut:
      if (job) {
        OnTimedOut(job->job);
      }
      break;
    case MessageKind::kReleased:
      if (job) {
        OnReleased(job->job);
      }
      break;
    case MessageKind::kDone:
      if (const auto done = packet.As<DoneMessage>(); done && IsSane(*done)) {
        OnDone(*done);
      } else {
        Disconnect();  // no launcher of ours: its runs are lost
      }
      break;
    case MessageKind::kStats:
      if (const auto stats = packet.As<StatsMessage>()) {
        OnStats(*stats);
      }
      break;
    default:
      break;  // not for this pair
  }
}

void LauncherClient::Loop::OnStarted(Packet& packet) {
  const auto message = packet.As<JobMessage>();
  const auto found = message ? runs_.find(message->job) : runs_.end();
  if (found == runs_.end()) {
    return;
  }
  ClientRun& run = found->second;
  if (run.started) {
    return;  // it is said once
  }
  run.started = Clock::now();
  if (packet.fds.size() != 2) {
    run.output_lost = true;
    SendCancel(message->job, run, CancelCause::kCaller);
    return;
  }
  run.out.Open(std::move(packet.fds[0]));
  run.err.Open(std::move(packet.fds[1]));
  WatchStream(message->job, run.out.fd(), true);
  WatchStream(message->job, run.err.fd(), false);
}

void LauncherClient::Loop::OnTimedOut(RunId id) {
  const auto found = runs_.find(id);
  if (found == runs_.end() || !found->second.callbacks.timed_out) {
    return;
  }
  ClientRun& run = found->second;
  ReadStream(id, true);
  ReadStream(id, false);
  // At most once, also if the launcher should say it twice. A callback cannot
  // take the run away: what it asks for goes through the inbox.
  const auto timed_out = std::exchange(run.callbacks.timed_out, nullptr);
  timed_out(PartialResult(run));
}

void LauncherClient::Loop::OnDone(const DoneMessage& message) {
  auto run = TakeOut(message.job);
  if (!run) {
    return;
  }
  CommandResult result = FinalResult(*run, message);
  if (result.ending == Ending::kStuck) {
    stuck_.emplace(message.job, std::move(run->callbacks.released));
  }
  run->callbacks.done(std::move(result));
}

void LauncherClient::Loop::OnReleased(RunId id) {
  const auto found = stuck_.find(id);
  if (found == stuck_.end()) {
    return;
  }
  const auto released = std::move(found->second);
  stuck_.erase(found);
  if (released) {
    released();
  }
}

void LauncherClient::Loop::OnStats(StatsMessage message) {
  const std::lock_guard lock(mutex_);
  message.orphans_killed += of_dead_launchers_.orphans_killed;
  message.orphans_cpu_ns += of_dead_launchers_.orphans_cpu_ns;
  stats_ = message;
}

}  // namespace command_exporter
