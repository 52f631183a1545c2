// What each role may say to each other: the one place that decides whether a
// datagram is believed.
//
// Whoever parses what strangers wrote may go mad, so no receiver trusts its
// peer. A message is taken only if its kind belongs to this direction of this
// pair, its size is that of the kind, it brings the descriptors of that kind
// and no others, each of the right type, and every number is within bounds
// that no arithmetic after it can leave. Anything else is a broken protocol,
// and the receiver does what it does when that peer dies.
//
// A message may come without its descriptors: the receiver had none free
// (EMFILE), and says so of that one run or reload.
//
// Thread safety: none; one object belongs to one receiver. Invariant: nothing
// here waits, also not for a file system that a descriptor might lead to.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_IPC_MESSAGE_RULES_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_IPC_MESSAGE_RULES_HPP_

#include <cstdint>

#include "core/process/ipc/channel.hpp"
#include "core/process/ipc/messages.hpp"

namespace command_exporter {

// Who speaks to whom.
enum class Direction : std::uint8_t {
  kWebToLauncher,
  kLauncherToWeb,
  kWebToGuardian,
  kGuardianToWeb,
  kGuardianToLauncher,
  kLauncherToGuardian,
  kLoaderToGuardian,  // without Hello: one answer of a fork of the receiver
};

class MessageRules {
 public:
  explicit MessageRules(Direction direction) : direction_(direction) {}

  // False: the peer has broken the protocol. The first message is a Hello of
  // our version, and there is one only.
  bool Accept(const Packet& packet);

 private:
  Direction direction_;
  bool greeted_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_IPC_MESSAGE_RULES_HPP_
