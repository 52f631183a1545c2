// The messages between guardian, launcher and web side.
//
// One message is one datagram on an AF_UNIX SEQPACKET socket: a fixed struct
// that starts with its kind, plus descriptors by SCM_RIGHTS where noted.
// Strings are bounded; no argv is ever sent. Both ends are the same binary,
// forked from one process, so structs are sent unchanged. Hello carries the
// version all the same. message_rules.hpp says which messages a receiver
// accepts.
//
//   pair A  web side  <-> launcher    runs and their endings
//   pair B  web side  <-> guardian    readiness, reload, stop, new pair A
//   pair C  guardian  <-> launcher    tables, heartbeat; ends with either end
//
// Thread safety: plain values.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_IPC_MESSAGES_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_IPC_MESSAGES_HPP_

#include <cstdint>

#include "core/process/command/command_runner.hpp"
#include "core/process/command/start_diagnosis.hpp"

namespace command_exporter {

inline constexpr std::uint32_t kProtocolVersion = 2;

enum class MessageKind : std::uint32_t {
  kHello = 1,
  // A: web side -> launcher
  kRun,
  kCancel,
  kExtend,
  kStatsRequest,  // also B, to the guardian
  // A: launcher -> web side
  kStarted,  // + read ends of stdout and stderr
  kTimedOut,
  kDiagnosis,  // before kDone, if a failed start was looked into
  kDone,
  kReleased,
  kStats,  // also B, from the guardian
  // B: web side -> guardian
  kReady,
  kReloadRequest,
  // B: guardian -> web side
  kGeneration,    // + sealed text
  kReloadFailed,  // + sealed error text
  kStop,
  kLauncherSocket,  // + its end of a new pair A
  // C: guardian -> launcher
  kTable,  // + sealed command table
  kPing,
  // C: launcher -> guardian
  kTableReady,
  kTableRefused,  // it could not be read: no free descriptor, no memory
  kPong,
};

struct HelloMessage {
  MessageKind kind{MessageKind::kHello};
  std::uint32_t version{kProtocolVersion};
};

struct RunMessage {
  MessageKind kind{MessageKind::kRun};
  std::uint32_t generation{};
  std::uint64_t job{};
  std::uint32_t command{};
  std::uint32_t behind{};      // runs that wait in the web side
  std::int64_t timeout_ns{};   // from the start of the process
  std::int64_t deadline_ns{};  // CLOCK_MONOTONIC: latest start
};

enum class CancelCause : std::uint32_t { kCaller, kOutputLimit };

struct CancelMessage {
  MessageKind kind{MessageKind::kCancel};
  CancelCause cause{};
  std::uint64_t job{};
};

// A scrape with more time has joined: the waiting run may start later.
struct ExtendMessage {
  MessageKind kind{MessageKind::kExtend};
  std::uint32_t reserved{};
  std::uint64_t job{};
  std::int64_t deadline_ns{};  // as in RunMessage
};

// Started, TimedOut, Released.
struct JobMessage {
  MessageKind kind{};
  std::uint32_t pid{};
  std::uint64_t job{};
};

struct DiagnosisMessage {
  MessageKind kind{MessageKind::kDiagnosis};
  std::uint32_t reserved{};
  std::uint64_t job{};
  StartDiagnosis found{};
};

struct DoneMessage {
  MessageKind kind{MessageKind::kDone};
  Ending ending{};
  StartFault fault{};
  std::uint8_t over_memory{};  // 0 or 1
  std::uint8_t reserved{};
  std::uint64_t job{};
  std::int32_t code{};
  std::uint32_t leftovers{};
  std::int64_t wall_ns{};
  std::int64_t cpu_ns{};
  std::uint64_t max_rss_bytes{};
};

// The figures of a process. Only the process itself can count its descriptors
// once the reader has dropped its privilege.
struct StatsMessage {
  MessageKind kind{MessageKind::kStats};
  std::uint32_t pid{};
  std::uint64_t resident_bytes{};
  std::int64_t cpu_ns{};
  std::uint32_t open_fds{};
  std::uint32_t processes_running{};  // launcher: runs not yet reaped
  std::uint64_t orphans_killed{};     // launcher: since its start
  std::uint64_t orphans_nameless{};   // launcher: alive now, of no known run
  std::int64_t orphans_cpu_ns{};      // launcher: not in the report of any run
  std::uint64_t launcher_restarts{};  // guardian
};

// Table, TableReady, TableRefused, Generation, ReloadFailed.
struct GenerationMessage {
  MessageKind kind{};
  std::uint32_t generation{};
};

// Messages without content.
struct BareMessage {
  MessageKind kind{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_IPC_MESSAGES_HPP_
