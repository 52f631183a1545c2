// GuardianLink: the web side's end of pair B.
//
// One thread waits for the guardian's words and passes them to the handlers;
// the link's end means that the guardian is dead, and so should we be.
//
// Thread safety: functions from any thread; handlers run on the link's thread
// (whose stack is the system's default, so a handler may parse TOML).
#ifndef COMMAND_EXPORTER_CORE_PROCESS_CLIENT_GUARDIAN_LINK_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_CLIENT_GUARDIAN_LINK_HPP_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/unique_fd.hpp"
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

  // The web side listens.
  void Ready();
  void RequestReload();
  void RequestStats();
  std::optional<StatsMessage> stats() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_CLIENT_GUARDIAN_LINK_HPP_
