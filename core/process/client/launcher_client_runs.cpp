// The life of one run in the client: sent, read, taken out, called back.
#include <sys/epoll.h>

#include <utility>

#include "core/process/client/launcher_client_loop.hpp"

namespace command_exporter {
namespace {

constexpr int kReadsPerTurn = 16;  // so that one flood delays nobody

}  // namespace

void LauncherClientLoop::ReadStream(RunId id, bool is_out) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) {
    return;
  }
  ClientRun& run = found->second;
  CappedStream& stream = is_out ? run.out : run.err;
  switch (stream.Drain(buffer_, run.request.max_output, kReadsPerTurn)) {
    case DrainState::kOverLimit:
      SendCancel(id, run, CancelCause::kOutputLimit);
      CloseStream(stream);
      break;
    case DrainState::kEnd:
      CloseStream(stream);
      break;
    case DrainState::kMore:
    case DrainState::kEmpty:
      break;
  }
}

void LauncherClientLoop::SendRun(RunId id, ClientRun& run) {
  run.sent = true;
  channel_.Send(MessageOf(id, run.request));
}

void LauncherClientLoop::SendCancel(RunId id, ClientRun& run,
                                    CancelCause cause) {
  if (run.cancelled) {
    return;
  }
  run.cancelled = true;
  CancelMessage message;
  message.cause = cause;
  message.job = id;
  channel_.Send(message);
}

void LauncherClientLoop::WatchStream(RunId id, int fd, bool is_out) {
  Watch(EPOLL_CTL_ADD, fd, EPOLLIN, StreamTag(id, is_out));
}

void LauncherClientLoop::CloseStream(CappedStream& stream) {
  if (stream.fd() >= 0) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, stream.fd(), nullptr);
    stream.Close();
  }
}

// Bounded by max_output, since a stream stops above it.
void LauncherClientLoop::DrainAll(ClientRun& run) {
  for (CappedStream* stream : {&run.out, &run.err}) {
    while (stream->Drain(buffer_, run.request.max_output, kReadsPerTurn) ==
           DrainState::kMore) {
    }
  }
}

std::optional<ClientRun> LauncherClientLoop::TakeOut(RunId id) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) {
    return std::nullopt;
  }
  ClientRun run = std::move(found->second);
  runs_.erase(found);
  DrainAll(run);
  CloseStream(run.out);
  CloseStream(run.err);
  return run;
}

void LauncherClientLoop::EndHere(RunId id, Ending ending) {
  if (auto run = TakeOut(id)) {
    run->callbacks.done(EndedHere(*run, ending));
  }
}

void LauncherClientLoop::EndAll(Ending ending, bool only_sent) {
  std::vector<RunId> ids;
  for (const auto& [id, run] : runs_) {
    if (run.sent || !only_sent) {
      ids.push_back(id);
    }
  }
  for (const RunId id : ids) {
    EndHere(id, ending);
  }
}

void LauncherClientLoop::Disconnect() {
  if (!channel_) {
    return;
  }
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, channel_.fd(), nullptr);
  channel_.Close();
  {
    const std::lock_guard lock(mutex_);
    if (stats_) {
      of_dead_launchers_ = *stats_;
      stats_->orphans_nameless = 0;  // the guardian has killed them
    }
  }
  EndAll(Ending::kLauncherLost, true);
  // Nobody can tell any more when the kernel lets these go; if they are still
  // there, the next run of the command will say so.
  std::vector<RunId> ids;
  for (const auto& entry : stuck_) {
    ids.push_back(entry.first);
  }
  for (const RunId id : ids) {
    OnReleased(id);
  }
}

void LauncherClientLoop::ExpireUnsent() {
  if (channel_) {
    return;
  }
  const auto now = Clock::now();
  std::vector<RunId> late;
  for (const auto& [id, run] : runs_) {
    if (run.request.deadline.Passed(now)) {
      late.push_back(id);
    }
  }
  for (const RunId id : late) {
    EndHere(id, Ending::kLauncherLost);
  }
}

void LauncherClientLoop::FinishEverything() {
  if (channel_) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, channel_.fd(), nullptr);
    channel_.Close();  // the launcher kills what still runs
  }
  // A last callback may start another run; that one ends here too.
  std::vector<Order> orders;
  do {
    EndAll(Ending::kCancelled, false);
    orders.clear();
    const std::lock_guard lock(mutex_);
    orders.swap(inbox_);
    for (Order& order : orders) {
      if (auto* start = std::get_if<StartOrder>(&order)) {
        runs_.emplace(start->id, std::move(start->run));
      }
    }
  } while (!runs_.empty());
}

}  // namespace command_exporter
