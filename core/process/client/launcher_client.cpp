#include "core/process/client/launcher_client.hpp"

#include <sys/epoll.h>
#include <sys/prctl.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>
#include <variant>

namespace command_exporter {
namespace {

constexpr std::size_t kEventsPerTurn = 64;
constexpr int kMessagesPerTurn = 256;  // so that one flood delays no pipe
constexpr int kLastWords = 65536;      // more than a socket holds

// Tags of epoll events other than the streams of runs.
constexpr std::uint64_t kInboxTag = 0;
constexpr std::uint64_t kChannelTag = 1;
static_assert(kChannelTag < ClientRuns::kFirstTag);

}  // namespace

LauncherClient::LauncherClient(UniqueFd socket)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      runs_(epoll_.get()) {
  Watch(EPOLL_CTL_ADD, inbox_.fd(), EPOLLIN, kInboxTag);
  if (socket) {
    Connect(std::move(socket));
  }
  thread_ = std::thread([this] { Run(); });
}

LauncherClient::~LauncherClient() {
  inbox_.Stop();
  thread_.join();
}

RunId LauncherClient::Start(const CommandRequest& request,
                            RunCallbacks callbacks) {
  StartOrder order;
  order.id = ++last_id_;
  order.run.request = request;
  order.run.callbacks = std::move(callbacks);
  const RunId id = order.id;
  inbox_.Start(std::move(order));
  return id;
}

void LauncherClient::Cancel(RunId run) {
  inbox_.Post(CancelOrder{run});
}

void LauncherClient::Extend(RunId run, Deadline deadline) {
  inbox_.Post(ExtendOrder{run, deadline});
}

void LauncherClient::Connect(UniqueFd socket) {
  inbox_.Post(ConnectOrder{std::move(socket)});
}

void LauncherClient::RequestStats() {
  inbox_.Post(StatsOrder{});
}

std::optional<StatsMessage> LauncherClient::stats() const {
  const std::lock_guard lock(stats_mutex_);
  return stats_;
}

void LauncherClient::Watch(int operation, int fd, std::uint32_t events,
                           std::uint64_t tag) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  ::epoll_ctl(epoll_.get(), operation, fd, &event);
}

void LauncherClient::Run() {
  ::prctl(PR_SET_NAME, "ce-runs", 0, 0, 0);
  std::size_t count = 0;
  std::array<epoll_event, kEventsPerTurn> events{};
  // Orders first: an event may be the answer to a run that was sent ahead.
  while (TakeOrders()) {
    for (const epoll_event& event : std::span(events).first(count)) {
      OnEvent(event.data.u64);
    }
    SendWaiting();
    SendExtended();
    WatchChannel();
    const bool idle = channel_ && !channel_.WantsWrite() && runs_.empty();
    const bool quiet = inbox_.LetOthersSend(idle ? channel_.fd() : -1);
    const int wait = MillisecondsUntil(queue_.NextStartBy());
    const int got =
        ::epoll_wait(epoll_.get(), events.data(),
                     static_cast<int>(events.size()), quiet ? wait : 0);
    count = static_cast<std::size_t>(std::max(got, 0));
  }
  FinishEverything();
}

bool LauncherClient::TakeOrders() {
  auto orders = inbox_.Take();
  if (!orders) {
    return false;
  }
  for (Order& order : *orders) {
    std::visit([this](auto& what) { Obey(std::move(what)); }, order);
  }
  return true;
}

void LauncherClient::Obey(StartOrder order) {
  ClientRun& run = runs_.Add(order.id, std::move(order.run));
  if (run.sent) {
    queue_.Sent(run.request.collector);
  } else {
    queue_.Add(order.id, run.request.collector, run.request.deadline);
  }
}

void LauncherClient::Obey(CancelOrder order) {
  ClientRun* const run = runs_.Find(order.id);
  if (run == nullptr) {
    return;
  }
  // Only the launcher knows when no process of a sent run is left.
  if (run->sent) {
    SendCancel(order.id, *run, CancelCause::kCaller);
  } else {
    queue_.Remove(order.id);
    runs_.End(order.id, Ending::kCancelled);
  }
}

void LauncherClient::Obey(ExtendOrder order) {
  ClientRun* const run = runs_.Find(order.id);
  if (run == nullptr || order.deadline <= run->request.deadline) {
    return;
  }
  run->request.deadline = order.deadline;
  queue_.Extend(order.id, order.deadline);
  if (run->sent && !run->started && !std::exchange(run->extended, true)) {
    extended_.push_back(order.id);
  }
}

void LauncherClient::Obey(ConnectOrder order) {
  if (channel_) {
    Receive(kLastWords);  // the last reports of the dead launcher
    Disconnect();
  }
  channel_ = Channel(std::move(order.socket));
  rules_ = MessageRules(Direction::kLauncherToWeb);
  stats_asked_ = false;
  watching_write_ = false;
  Watch(EPOLL_CTL_ADD, channel_.fd(), EPOLLIN, kChannelTag);
  channel_.Send(HelloMessage{});
}

void LauncherClient::Obey(StatsOrder /*order*/) {
  // One request at a time, so that a stopped launcher does not accumulate them.
  if (channel_ && !stats_asked_) {
    stats_asked_ = true;
    channel_.Send(BareMessage{MessageKind::kStatsRequest});
  }
}

void LauncherClient::WatchChannel() {
  if (!channel_ || channel_.WantsWrite() == watching_write_) {
    return;
  }
  watching_write_ = channel_.WantsWrite();
  const std::uint32_t events =
      watching_write_ ? std::uint32_t{EPOLLIN} | std::uint32_t{EPOLLOUT}
                      : std::uint32_t{EPOLLIN};
  Watch(EPOLL_CTL_MOD, channel_.fd(), events, kChannelTag);
}

void LauncherClient::OnEvent(std::uint64_t tag) {
  if (tag == kInboxTag) {
    inbox_.Wake();
  } else if (tag == kChannelTag) {
    channel_.Flush();
    Receive(kMessagesPerTurn);
  } else if (const auto flooded = runs_.OnReadable(tag)) {
    SendCancel(*flooded, *runs_.Find(*flooded), CancelCause::kOutputLimit);
  }
}

void LauncherClient::Receive(int most) {
  Packet packet;
  for (int i = 0; i < most && channel_; ++i) {
    switch (channel_.Receive(packet)) {
      case ReceiveState::kPacket:
        if (rules_.Accept(packet)) {
          OnPacket(packet);
        } else {
          Disconnect();  // it broke the protocol: its runs are lost
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

void LauncherClient::OnPacket(Packet& packet) {
  switch (packet.kind()) {
    case MessageKind::kStarted:
      OnStarted(packet);
      break;
    case MessageKind::kTimedOut: {
      const RunId id = packet.As<JobMessage>()->job;
      if (runs_.TimeOut(id)) {
        SendCancel(id, *runs_.Find(id), CancelCause::kOutputLimit);
      }
      break;
    }
    case MessageKind::kReleased:
      runs_.Release(packet.As<JobMessage>()->job);
      break;
    case MessageKind::kDiagnosis:
      runs_.Diagnose(*packet.As<DiagnosisMessage>());
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

void LauncherClient::OnStarted(Packet& packet) {
  const RunId id = packet.As<JobMessage>()->job;
  ClientRun* const run = runs_.Find(id);
  if (run == nullptr || run->started) {
    return;  // sent once for each run
  }
  run->started = Clock::now();
  queue_.Left(run->request.collector);
  if (packet.fds.size() != 2) {
    run->output_lost = true;
    SendCancel(id, *run, CancelCause::kCaller);
    return;
  }
  runs_.Open(id, *run, std::move(packet.fds));
}

// The counters of a launcher begin at 0; the sum must not fall at a restart.
void LauncherClient::OnStats(StatsMessage message) {
  stats_asked_ = false;
  const std::lock_guard lock(stats_mutex_);
  message.orphans_killed += of_dead_launchers_.orphans_killed;
  message.orphans_cpu_ns += of_dead_launchers_.orphans_cpu_ns;
  stats_ = message;
}

void LauncherClient::OnDone(const DoneMessage& message) {
  const ClientRun* const run = runs_.Find(message.job);
  if (run != nullptr && run->sent && !run->started) {
    queue_.Left(run->request.collector);
  }
  runs_.Finish(message);
}

void LauncherClient::SendWaiting() {
  for (const RunId id : queue_.TakeLate(Clock::now())) {
    runs_.EndTooLate(id, static_cast<bool>(channel_));
  }
  while (const auto id = channel_ ? queue_.Take() : std::nullopt) {
    ClientRun& run = *runs_.Find(*id);
    run.sent = true;
    channel_.Send(MessageOf(*id, run.request, queue_.waiting()));
  }
}

// Not while messages wait: any number of scrapes may join a run, and the queue
// of a launcher that is busy must not fill with their requests.
void LauncherClient::SendExtended() {
  if (extended_.empty() || (channel_ && channel_.WantsWrite())) {
    return;
  }
  for (const RunId id : std::exchange(extended_, {})) {
    ClientRun* const run = runs_.Find(id);
    if (run != nullptr && std::exchange(run->extended, false) &&
        !run->started) {
      channel_.Send(ExtendMessage{
          .job = id, .deadline_ns = run->request.deadline.nanoseconds()});
    }
  }
}

// Sent at most once for each run, because each read over the limit asks for it.
void LauncherClient::SendCancel(RunId id, ClientRun& run, CancelCause cause) {
  if (run.cancelled) {
    return;
  }
  run.cancelled = true;
  channel_.Send(CancelMessage{.cause = cause, .job = id});
}

void LauncherClient::Disconnect() {
  if (!channel_) {
    return;
  }
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, channel_.fd(), nullptr);
  channel_.Close();
  {
    const std::lock_guard lock(stats_mutex_);
    if (stats_) {
      of_dead_launchers_ = *stats_;
      stats_->orphans_nameless = 0;  // the guardian has killed them
    }
  }
  queue_.ForgetSent();
  runs_.EndAll(Ending::kLauncherLost, true);
  // If such a process still exists, the next run of the command reports it.
  runs_.ReleaseAll();
}

void LauncherClient::FinishEverything() {
  if (channel_) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, channel_.fd(), nullptr);
    channel_.Close();  // the launcher kills what still runs
  }
  // A last callback may start another run; it ends here too. (What queue_ holds
  // of them is not used again.)
  do {
    runs_.EndAll(Ending::kCancelled, false);
    for (Order& order : inbox_.TakeRest()) {
      if (auto* start = std::get_if<StartOrder>(&order)) {
        runs_.Add(start->id, std::move(start->run));
      }
    }
  } while (!runs_.empty());
}

}  // namespace command_exporter
