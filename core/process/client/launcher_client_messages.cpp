// What the launcher says, and what becomes of it.
#include <sys/epoll.h>

#include <utility>

#include "core/process/client/launcher_client_loop.hpp"

namespace command_exporter {
void LauncherClientLoop::Receive(int most) {
  Packet packet;
  for (int i = 0; i < most && channel_; ++i) {
    switch (channel_.Receive(packet)) {
      case ReceiveState::kPacket:
        if (rules_.Accept(packet)) {
          OnPacket(packet);
        } else {
          Disconnect();  // no launcher of ours: its runs are lost
        }
        break;
      case ReceiveState::kEmpty:
        return;
      case ReceiveState::kClosed:
        Disconnect();
        return;
    }
  }
}

void LauncherClientLoop::OnPacket(Packet& packet) {
  switch (packet.kind()) {
    case MessageKind::kStarted:
      OnStarted(packet);
      break;
    case MessageKind::kTimedOut:
      OnTimedOut(packet.As<JobMessage>()->job);
      break;
    case MessageKind::kReleased:
      OnReleased(packet.As<JobMessage>()->job);
      break;
    case MessageKind::kDone:
      OnDone(*packet.As<DoneMessage>());
      break;
    case MessageKind::kStats:
      OnStats(*packet.As<StatsMessage>());
      break;
    default:
      break;  // Hello
  }
}

void LauncherClientLoop::OnStarted(Packet& packet) {
  const RunId id = packet.As<JobMessage>()->job;
  const auto found = runs_.find(id);
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
    SendCancel(id, run, CancelCause::kCaller);
    return;
  }
  run.out.Open(std::move(packet.fds[0]));
  run.err.Open(std::move(packet.fds[1]));
  WatchStream(id, run.out.fd(), true);
  WatchStream(id, run.err.fd(), false);
}

void LauncherClientLoop::OnTimedOut(RunId id) {
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

void LauncherClientLoop::OnDone(const DoneMessage& message) {
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

void LauncherClientLoop::OnReleased(RunId id) {
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

void LauncherClientLoop::OnStats(StatsMessage message) {
  stats_asked_ = false;
  const std::lock_guard lock(mutex_);
  message.orphans_killed += of_dead_launchers_.orphans_killed;
  message.orphans_cpu_ns += of_dead_launchers_.orphans_cpu_ns;
  stats_ = message;
}

}  // namespace command_exporter
