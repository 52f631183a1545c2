// GuardianLink: the web side's end of pair B.
//
// One thread waits for the guardian's messages and passes them to the handlers.
// The end of the link means that the guardian is dead; the web side must then
// end too.
//
// Thread safety: functions from any thread; handlers run on the link's thread
// (its stack has the system's default size, so a handler may parse TOML).
#ifndef COMMAND_EXPORTER_CORE_PROCESS_CLIENT_GUARDIAN_LINK_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_CLIENT_GUARDIAN_LINK_HPP_

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/event_fd.hpp"
#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/message_rules.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

struct GuardianHandlers {
  // A new configuration was loaded; the launcher already has its table.
  std::function<void(std::uint32_t generation, std::string text)> generation{};
  // A reload failed; the running configuration stays.
  std::function<void(std::string errors)> reload_failed{};
  std::function<void(UniqueFd socket)> launcher_socket{};
  std::function<void()> stop{};
  std::function<void()> lost{};
};

class GuardianLink {
 public:
  GuardianLink(UniqueFd socket, GuardianHandlers handlers);
  ~GuardianLink();
  GuardianLink(const GuardianLink&) = delete;
  GuardianLink& operator=(const GuardianLink&) = delete;

  // Reports that the web side listens.
  void Ready();
  void RequestReload();
  void RequestStats();
  std::optional<StatsMessage> stats() const;

 private:
  void Say(MessageKind kind);
  void Run();
  void SendWords();
  bool ReceiveSome();
  void OnPacket(Packet& packet);
  void OnStats(const StatsMessage& stats);
  void OnGeneration(const Packet& packet);
  void OnReloadFailed(Result<std::string> errors);

  EventFd wake_up_;
  std::atomic<bool> stopping_{};
  mutable std::mutex mutex_;
  std::vector<MessageKind> to_say_;    // under mutex_
  std::optional<StatsMessage> stats_;  // under mutex_

  // The rest belongs to the thread.
  Channel channel_;
  MessageRules rules_{Direction::kGuardianToWeb};
  bool stats_asked_{};  // and not yet answered
  GuardianHandlers handlers_;
  std::thread thread_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_GUARDIAN_LINK_HPP_
