// MessageRules: which messages each role may send to each other. Only this
// class decides whether a datagram is accepted.
//
// A process that parses foreign text may be compromised, so no receiver trusts
// its peer. A message is accepted only if its kind belongs to this direction of
// this pair, its size is that of the kind, it has the descriptors of that kind
// and no others, each of the right type, and every number is within bounds that
// make later arithmetic safe. Anything else breaks the protocol, and the
// receiver treats the peer as dead.
//
// A message may arrive without its descriptors: the receiver had no free ones
// (EMFILE), and reports that for this one run or reload.
//
// Thread safety: none; one object belongs to one receiver. Invariant: nothing
// here waits, not even for a file system behind a descriptor.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_IPC_MESSAGE_RULES_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_IPC_MESSAGE_RULES_HPP_

#include <cstdint>

#include "core/process/ipc/channel.hpp"

namespace command_exporter {

// Sender and receiver.
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

  // False: the peer has broken the protocol. The first message must be a Hello
  // of our version, and there must be only one.
  bool Accept(const Packet& packet);

 private:
  Direction direction_;
  bool greeted_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_IPC_MESSAGE_RULES_HPP_
