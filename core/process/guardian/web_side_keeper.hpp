// WebSideKeeper: forks the web side, listens to it, and bounds its end.
//
// There is one in a service's life: when it ends, so does the service.
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
  // `options` must outlive this.
  explicit WebSideKeeper(const GuardianOptions& options) : options_(options) {}

  // Forks it with its end of pair A and what it is to serve. `close_others` as
  // for the loader.
  Status<> Start(UniqueFd launcher, const LoadedFiles& files,
                 GuardianChildren& children,
                 const std::function<void()>& close_others);

  // 0 before it is started and after it has ended.
  pid_t pid() const { return pid_; }

  Channel& channel() { return channel_; }

  void Close() { channel_.Close(); }

  // Takes the next message. False: there is none now. When its socket has
  // ended, or it speaks nonsense, it is ending.
  bool Receive(Packet& packet);

  // It serves.
  void OnReady() { ready_ = true; }

  // Asks it to finish its scrapes and to end, in a time that is bounded.
  void Stop();

  // It was asked to stop, or its socket has ended.
  bool IsEnding() const { return !until_.IsNever(); }

  // When it must be gone; never, until it is ending.
  Deadline until() const { return until_; }

  // It was reaped. Why that is an error; empty when it has said so itself,
  // since it could not even start.
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
