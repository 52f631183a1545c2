#include "core/process/client/guardian_link.hpp"

#include <poll.h>
#include <sys/prctl.h>

#include <array>
#include <new>
#include <utility>

#include "core/process/ipc/sealed_file.hpp"

namespace command_exporter {

namespace {

Result<std::string> TextOf(const Packet& packet) {
  if (packet.fds.empty()) {
    return Error{
        "the new configuration did not arrive: no free file descriptor "
        "(raise LimitNOFILE)"};
  }
  return ReadSealedText(packet.fds[0].get());
}

void Call(const std::function<void()>& handler) {
  if (handler) {
    handler();
  }
}

}  // namespace

GuardianLink::GuardianLink(UniqueFd socket, GuardianHandlers handlers)
    : channel_(std::move(socket)),
      handlers_(std::move(handlers)) {
  channel_.Send(HelloMessage{});
  thread_ = std::thread([this] { Run(); });
}

GuardianLink::~GuardianLink() {
  stopping_ = true;
  wake_up_.Raise();
  thread_.join();
}

void GuardianLink::Ready() {
  Say(MessageKind::kReady);
}

void GuardianLink::RequestReload() {
  Say(MessageKind::kReloadRequest);
}

void GuardianLink::RequestStats() {
  Say(MessageKind::kStatsRequest);
}

void GuardianLink::Say(MessageKind kind) {
  {
    const std::lock_guard lock(mutex_);
    to_say_.push_back(kind);
  }
  wake_up_.Raise();
}

std::optional<StatsMessage> GuardianLink::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void GuardianLink::Run() {
  ::prctl(PR_SET_NAME, "ce-guardian-lnk", 0, 0, 0);
  while (!stopping_) {
    SendWords();
    if (!ReceiveSome()) {
      Call(handlers_.lost);
      channel_.Close();  // a living but broken guardian must see the end
      return;
    }
    std::array<pollfd, 2> fds{};
    fds[0] = {wake_up_.fd(), POLLIN, 0};
    fds[1] = {channel_.fd(), POLLIN, 0};
    if (channel_.WantsWrite()) {
      fds[1].events = POLLIN | POLLOUT;
    }
    ::poll(fds.data(), fds.size(), -1);
    // Cleared before the words are taken, so that no later word is missed.
    wake_up_.Clear();
    channel_.Flush();
  }
  SendWords();  // a Ready from just before the end must still be sent
}

void GuardianLink::SendWords() {
  std::vector<MessageKind> words;
  {
    const std::lock_guard lock(mutex_);
    words.swap(to_say_);
  }
  for (const MessageKind kind : words) {
    // A guardian that is stopped does not read. Repeated requests would fill
    // the queue and break the channel while the web side can still serve.
    const bool again =
        kind == MessageKind::kStatsRequest
            ? std::exchange(stats_asked_, true)
            : kind == MessageKind::kReloadRequest && channel_.WantsWrite();
    if (!again) {
      channel_.Send(BareMessage{kind});
    }
  }
}

// False when the guardian is gone or has broken the protocol.
bool GuardianLink::ReceiveSome() {
  constexpr int kPerTurn = 64;
  Packet packet;
  for (int i = 0; i < kPerTurn; ++i) {
    switch (channel_.Receive(packet)) {
      case ReceiveState::kPacket:
        if (!rules_.Accept(packet)) {
          return false;
        }
        OnPacket(packet);
        break;
      case ReceiveState::kEmpty:
        return true;
      case ReceiveState::kClosed:
        return false;
    }
  }
  return true;
}

void GuardianLink::OnPacket(Packet& packet) {
  switch (packet.kind()) {
    case MessageKind::kGeneration:
      OnGeneration(packet);
      break;
    case MessageKind::kReloadFailed:
      OnReloadFailed(TextOf(packet));
      break;
    case MessageKind::kLauncherSocket:
      if (!packet.fds.empty() && handlers_.launcher_socket) {
        handlers_.launcher_socket(std::move(packet.fds[0]));
      }
      break;
    case MessageKind::kStop:
      Call(handlers_.stop);
      break;
    case MessageKind::kStats:
      OnStats(*packet.As<StatsMessage>());
      break;
    default:
      break;  // Hello
  }
}

void GuardianLink::OnStats(const StatsMessage& stats) {
  stats_asked_ = false;
  const std::lock_guard lock(mutex_);
  stats_ = stats;
}

void GuardianLink::OnGeneration(const Packet& packet) {
  const auto generation = packet.As<GenerationMessage>()->generation;
  try {
    auto text = TextOf(packet);
    if (!text) {
      OnReloadFailed(std::move(text));
    } else if (handlers_.generation) {
      handlers_.generation(generation, *std::move(text));
    }
  } catch (const std::bad_alloc&) {
    // Serving goes on: only the new configuration is too large for the memory.
    OnReloadFailed(
        Error{"the new configuration needs more memory than there is for us"});
  }
}

void GuardianLink::OnReloadFailed(Result<std::string> errors) {
  if (handlers_.reload_failed) {
    handlers_.reload_failed(errors ? *std::move(errors)
                                   : errors.error().message);
  }
}

}  // namespace command_exporter
