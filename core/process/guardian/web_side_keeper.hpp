// WebSideKeeper: forks the web side, receives its messages, and limits its end.
//
// There is one web side in a service's life: when it ends, the service ends.
//
// Thread safety: none; the guardian's thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_WEB_SIDE_KEEPER_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_WEB_SIDE_KEEPER_HPP_

#include <sys/types.h>

#include <functional>
#include <string>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/guardian/guardian_children.hpp"
#include "core/process/guardian/guardian_options.hpp"
#include "core/process/guardian/loader.hpp"
#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/message_rules.hpp"

namespace command_exporter {

class WebSideKeeper {
 public:
  // `options` must outlive this object.
  explicit WebSideKeeper(const GuardianOptions& options) : options_(options) {}

  // Forks the web side with its end of pair A and the configuration to serve.
  // `close_others` as for the loader.
  Status<> Start(UniqueFd launcher, const LoadedFiles& files,
                 GuardianChildren& children,
                 const std::function<void()>& close_others);

  // 0 before the start and after the end.
  pid_t pid() const { return pid_; }

  Channel& channel() { return channel_; }

  void Close() { channel_.Close(); }

  // Takes the next message. False: none now. A web side that closes its socket
  // or breaks the protocol is treated as ending.
  bool Receive(Packet& packet);

  // The web side serves.
  void OnReady() { ready_ = true; }

  // Asks the web side to finish its scrapes and to end within a bounded time.
  void Stop();

  // It was asked to stop, or its socket has closed.
  bool IsEnding() const { return !until_.IsNever(); }

  // The time when it must be gone; never, unless it is ending.
  Deadline until() const { return until_; }

  // The web side was reaped. Returns the reason of the error; empty when the
  // web side could not start and has logged the reason itself.
  std::string OnDeath(int status);

 private:
  const GuardianOptions& options_;
  pid_t pid_{};
  Channel channel_;
  MessageRules rules_{Direction::kWebToGuardian};
  bool ready_{};
  Deadline until_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_GUARDIAN_WEB_SIDE_KEEPER_HPP_
