#include "core/process/client/client_runs.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

namespace command_exporter {
namespace {

constexpr std::size_t kBufferBytes = 65536;  // a pipe's usual capacity
constexpr int kReadsPerTurn = 16;            // a flood must not delay others

constexpr unsigned kStreamBits = 1;

std::uint64_t TagOf(RunId id, bool is_out) {
  return (id << kStreamBits) | (is_out ? 1U : 0U);
}

}  // namespace

ClientRuns::ClientRuns(int epoll) : epoll_(epoll), buffer_(kBufferBytes) {}

ClientRun* ClientRuns::Find(RunId id) {
  const auto found = runs_.find(id);
  return found == runs_.end() ? nullptr : &found->second;
}

ClientRun& ClientRuns::Add(RunId id, ClientRun run) {
  return runs_.emplace(id, std::move(run)).first->second;
}

void ClientRuns::Open(RunId id, ClientRun& run, std::vector<UniqueFd> ends) {
  run.out.Open(std::move(ends[0]));
  run.err.Open(std::move(ends[1]));
  for (const bool is_out : {true, false}) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = TagOf(id, is_out);
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, (is_out ? run.out : run.err).fd(),
                &event);
  }
}

std::optional<RunId> ClientRuns::OnReadable(std::uint64_t tag) {
  const RunId id = tag >> kStreamBits;
  ClientRun* const run = Find(id);
  if (run != nullptr && Read(*run, (tag & 1U) != 0)) {
    return id;
  }
  return std::nullopt;
}

// True: the run printed more than it may.
bool ClientRuns::Read(ClientRun& run, bool is_out) {
  CappedStream& stream = is_out ? run.out : run.err;
  const DrainState state =
      stream.Drain(buffer_, run.request.max_output, kReadsPerTurn);
  if (state == DrainState::kOverLimit || state == DrainState::kEnd) {
    CloseStream(stream);
  }
  return state == DrainState::kOverLimit;
}

bool ClientRuns::TimeOut(RunId id) {
  ClientRun* const run = Find(id);
  if (run == nullptr || !run->callbacks.timed_out) {
    return false;
  }
  const bool out = Read(*run, true);
  const bool err = Read(*run, false);
  // Called at most once, even if the launcher repeats its message. The callback
  // cannot remove the run, because its requests go through the inbox.
  const auto timed_out = std::exchange(run->callbacks.timed_out, nullptr);
  timed_out(PartialResult(*run));
  return out || err;
}

void ClientRuns::CloseStream(CappedStream& stream) const {
  if (stream.fd() >= 0) {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, stream.fd(), nullptr);
    stream.Close();
  }
}

std::optional<ClientRun> ClientRuns::TakeOut(RunId id) {
  const auto found = runs_.find(id);
  if (found == runs_.end()) {
    return std::nullopt;
  }
  ClientRun run = std::move(found->second);
  runs_.erase(found);
  for (CappedStream* const stream : {&run.out, &run.err}) {
    // Terminates, because a stream stops above max_output.
    while (stream->Drain(buffer_, run.request.max_output, kReadsPerTurn) ==
           DrainState::kMore) {
    }
    CloseStream(*stream);
  }
  return run;
}

void ClientRuns::Diagnose(const DiagnosisMessage& message) {
  if (ClientRun* const run = Find(message.job)) {
    run->diagnosis = std::make_shared<const StartDiagnosis>(message.found);
  }
}

void ClientRuns::Finish(const DoneMessage& message) {
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

void ClientRuns::End(RunId id, Ending ending) {
  if (auto run = TakeOut(id)) {
    run->callbacks.done(EndedHere(*run, ending));
  }
}

// Collects the ids first, because End erases from runs_.
void ClientRuns::EndAll(Ending ending, bool only_sent) {
  std::vector<RunId> ids;
  for (const auto& [id, run] : runs_) {
    if (run.sent || !only_sent) {
      ids.push_back(id);
    }
  }
  for (const RunId id : ids) {
    End(id, ending);
  }
}

void ClientRuns::EndTooLate(RunId id, bool connected) {
  if (auto run = TakeOut(id)) {
    run->callbacks.done(TooLate(connected));
  }
}

void ClientRuns::Release(RunId id) {
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

// Collects the ids first, because Release erases from stuck_.
void ClientRuns::ReleaseAll() {
  while (!stuck_.empty()) {
    Release(stuck_.begin()->first);
  }
}

}  // namespace command_exporter
