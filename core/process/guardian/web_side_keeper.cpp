#include "core/process/guardian/web_side_keeper.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "core/process/guardian/guardian_log.hpp"
#include "core/process/guardian/guardian_setup.hpp"

namespace command_exporter {

Status<> WebSideKeeper::Start(UniqueFd launcher, const LoadedFiles& files,
                              GuardianChildren& children,
                              const std::function<void()>& close_others) {
  auto pair = MakeChannelPair();
  if (!pair) {
    return pair.error();
  }
  WebSideStart start{.launcher = std::move(launcher),
                     .text = Duplicate(files.text),
                     .generation = files.generation,
                     .guardian_pid = static_cast<std::uint32_t>(::getpid())};
  const auto child = ForkChild(ChildRole::kWebSide, [&] {
    pair->first.Reset();
    close_others();
    start.guardian = std::move(pair->second);
    return options_.web_side(std::move(start));
  });
  if (!child) {
    return child.error();
  }
  children.Adopt(*child);
  pid_ = *child;
  channel_ = Channel(std::move(pair->first), kMostQueuedByGuardian);
  channel_.Send(HelloMessage{});
  return Done{};
}

bool WebSideKeeper::Receive(Packet& packet) {
  const ReceiveState state =
      channel_ ? channel_.Receive(packet) : ReceiveState::kEmpty;
  if (state == ReceiveState::kEmpty) {
    return false;
  }
  if (state == ReceiveState::kPacket && rules_.Accept(packet)) {
    return true;
  }
  if (state == ReceiveState::kPacket || channel_.IsBroken()) {
    GuardianLog(LogLevel::kError,
                "the web side does not read its messages, or sends "
                "invalid ones: ending it");
  }
  channel_.Close();
  if (!IsEnding()) {
    // It has closed its end; its remaining work must end within this time.
    until_ = Deadline::After(options_.times.stop);
  }
  return false;
}

void WebSideKeeper::Stop() {
  until_ = Deadline::After(options_.times.stop);
  channel_.Send(BareMessage{MessageKind::kStop});
}

std::string WebSideKeeper::OnDeath(int status) {
  pid_ = 0;
  return ready_ || WIFSIGNALED(status)
             ? "the web side ended (" + DescribeStatus(status) + ")"
             : "";
}

}  // namespace command_exporter
