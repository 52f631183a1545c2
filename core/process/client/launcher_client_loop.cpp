#include "core/process/client/launcher_client_loop.hpp"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>

namespace command_exporter {
namespace {

constexpr std::size_t kBufferBytes = 65536;  // a pipe's usual capacity
constexpr std::size_t kEventsPerTurn = 64;
constexpr int kMessagesPerTurn = 256;  // so that one flood delays no pipe
constexpr int kLastWords = 65536;      // more than a socket holds

}  // namespace

LauncherClientLoop::LauncherClientLoop(UniqueFd socket)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      buffer_(kBufferBytes) {
  Watch(EPOLL_CTL_ADD, wake_up_.fd(), EPOLLIN, kWakeTag);
  if (socket) {
    Connect(std::move(socket));
  }
  thread_ = std::thread([this] { Run(); });
}

LauncherClientLoop::~LauncherClientLoop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_up_.Raise();
  thread_.join();
}

void LauncherClientLoop::Watch(int operation, int fd, std::uint32_t events,
                               std::uint64_t tag) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = tag;
  ::epoll_ctl(epoll_.get(), operation, fd, &event);
}

void LauncherClientLoop::Post(Order order) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    // What comes after a new socket is not for the old one.
    ahead_ = -1;
    inbox_.push_back(std::move(order));
    wake = !std::exchange(woken_, true);
  }
  if (wake) {
    wake_up_.Raise();
  }
}

bool LauncherClientLoop::SendAhead(const StartOrder& order) {
  const int socket = std::exchange(ahead_, -1);
  if (socket < 0) {
    return false;
  }
  const RunMessage message = MessageOf(order.id, order.run.request);
  return ::send(socket, &message, sizeof message,
                MSG_DONTWAIT | MSG_NOSIGNAL) ==
         static_cast<ssize_t>(sizeof message);
}

RunId LauncherClientLoop::Start(const CommandRequest& request,
                                RunCallbacks callbacks) {
  const RunId id = ++last_id_;
  StartOrder order;
  order.id = id;
  order.run.request = request;
  order.run.callbacks = std::move(callbacks);
  {
    const std::lock_guard lock(mutex_);
    if (SendAhead(order)) {
      order.run.sent = true;
      inbox_.push_back(std::move(order));
      return id;
    }
  }
  Post(std::move(order));
  return id;
}

void LauncherClientLoop::Cancel(RunId run) {
  Post(CancelOrder{run});
}

void LauncherClientLoop::Extend(RunId run, Deadline deadline) {
  Post(ExtendOrder{run, deadline});
}

void LauncherClientLoop::Connect(UniqueFd socket) {
  Post(ConnectOrder{std::move(socket)});
}

void LauncherClientLoop::RequestStats() {
  Post(StatsOrder{});
}

std::optional<StatsMessage> LauncherClientLoop::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void LauncherClientLoop::Run() {
  ::prctl(PR_SET_NAME, "ce-runs", 0, 0, 0);
  std::size_t count = 0;
  std::array<epoll_event, kEventsPerTurn> events{};
  // Orders come first: an event may be the answer to one that was sent ahead.
  while (TakeOrders()) {
    for (const epoll_event& event : std::span(events).first(count)) {
      OnEvent(event.data.u64);
    }
    ExpireUnsent();
    WatchChannel();
    const int wait = LetOthersSend() ? WaitMilliseconds() : 0;
    const int got = ::epoll_wait(epoll_.get(), events.data(),
                                 static_cast<int>(events.size()), wait);
    count = static_cast<std::size_t>(std::max(got, 0));
  }
  FinishEverything();
}

bool LauncherClientLoop::LetOthersSend() {
  const bool idle = channel_ && !channel_.WantsWrite() && runs_.empty();
  const std::lock_guard lock(mutex_);
  const bool quiet = inbox_.empty() && !stopping_;
  ahead_ = idle && quiet ? channel_.fd() : -1;
  return quiet;
}

bool LauncherClientLoop::TakeOrders() {
  std::vector<Order> orders;
  {
    const std::lock_guard lock(mutex_);
    ahead_ = -1;
    if (stopping_) {
      return false;
    }
    woken_ = false;
    orders.swap(inbox_);
  }
  for (Order& order : orders) {
    std::visit([this](auto& what) { Obey(std::move(what)); }, order);
  }
  return true;
}

void LauncherClientLoop::Obey(StartOrder order) {
  const auto added = runs_.emplace(order.id, std::move(order.run)).first;
  if (channel_ && !added->second.sent) {
    SendRun(added->first, added->second);
  }
}

void LauncherClientLoop::Obey(CancelOrder order) {
  const auto found = runs_.find(order.id);
  if (found == runs_.end()) {
    return;
  }
  if (found->second.sent) {
    SendCancel(order.id, found->second, CancelCause::kCaller);
  } else {
    EndHere(order.id, Ending::kCancelled);
  }
}

void LauncherClientLoop::Obey(ExtendOrder order) {
  const auto found = runs_.find(order.id);
  if (found == runs_.end() ||
      order.deadline <= found->second.request.deadline) {
    return;
  }
  ClientRun& run = found->second;
  run.request.deadline = order.deadline;
  if (run.sent && !run.started) {
    ExtendMessage message;
    message.job = order.id;
    message.deadline_ns = order.deadline.nanoseconds();
    channel_.Send(message);
  }
}

void LauncherClientLoop::Obey(ConnectOrder order) {
  if (channel_) {
    Receive(kLastWords);  // of the dead one
    Disconnect();
  }
  channel_ = Channel(std::move(order.socket));
  rules_ = MessageRules(Direction::kLauncherToWeb);
  stats_asked_ = false;
  watching_write_ = false;
  Watch(EPOLL_CTL_ADD, channel_.fd(), EPOLLIN, kChannelTag);
  channel_.Send(HelloMessage{});
  for (auto& [id, run] : runs_) {
    SendRun(id, run);
  }
}

void LauncherClientLoop::Obey(StatsOrder /*order*/) {
  // One at a time, or a launcher that is stopped would find a heap of them.
  if (channel_ && !stats_asked_) {
    stats_asked_ = true;
    channel_.Send(SignalMessage{MessageKind::kStatsRequest});
  }
}

void LauncherClientLoop::WatchChannel() {
  if (!channel_ || channel_.WantsWrite() == watching_write_) {
    return;
  }
  watching_write_ = channel_.WantsWrite();
  const std::uint32_t events =
      watching_write_ ? std::uint32_t{EPOLLIN} | std::uint32_t{EPOLLOUT}
                      : std::uint32_t{EPOLLIN};
  Watch(EPOLL_CTL_MOD, channel_.fd(), events, kChannelTag);
}

// Without a launcher, the earliest deadline of those that wait for one.
int LauncherClientLoop::WaitMilliseconds() const {
  if (channel_) {
    return -1;
  }
  Deadline earliest;
  for (const auto& [id, run] : runs_) {
    earliest = std::min(earliest, run.request.deadline);
  }
  if (earliest.IsNever()) {
    return -1;
  }
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(earliest.Remaining());
  return static_cast<int>(
      std::min<std::int64_t>(left.count(), std::numeric_limits<int>::max()));
}

void LauncherClientLoop::OnEvent(std::uint64_t tag) {
  if (tag == kWakeTag) {
    wake_up_.Clear();
  } else if (tag == kChannelTag) {
    channel_.Flush();
    Receive(kMessagesPerTurn);
  } else {
    ReadStream(tag >> kTagBits, (tag & 1U) != 0);
  }
}

}  // namespace command_exporter
