#include "core/process/ipc/message_rules.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>

#include "core/process/ipc/sealed_file.hpp"

namespace command_exporter {
namespace {

// No count on a machine is larger, and a double would round it.
constexpr std::uint64_t kLargestNumber = std::uint64_t{1} << 53U;
// Sums of many such times stay far below the end of the clock.
constexpr std::int64_t kLongestTime =
    std::chrono::nanoseconds(std::chrono::hours{24 * 3660}).count();
constexpr std::uint32_t kLargestPid = std::uint32_t{1} << 22U;  // PID_MAX_LIMIT
// Exit statuses, signals and errno values.
constexpr std::int32_t kLargestCode = 4095;

constexpr std::uint16_t kMostMode = 07777;  // chmod(2)

using Sane = bool (*)(const Packet&);
using FdCheck = bool (*)(int fd);

struct Rule {
  Direction direction{};
  MessageKind kind{};
  Sane sane{};
  std::size_t fds{};
  FdCheck fd_check{};
};

bool IsTime(std::int64_t nanoseconds) {
  return nanoseconds >= 0 && nanoseconds <= kLongestTime;
}

bool SaneRun(const Packet& packet) {
  const auto run = packet.As<RunMessage>();
  // The launcher shortens a long timeout before any arithmetic.
  return run && run->timeout_ns >= 0 && run->deadline_ns >= 0;
}

bool SaneCancel(const Packet& packet) {
  const auto cancel = packet.As<CancelMessage>();
  return cancel && cancel->cause <= CancelCause::kOutputLimit;
}

bool SaneExtend(const Packet& packet) {
  const auto extend = packet.As<ExtendMessage>();
  return extend && extend->deadline_ns >= 0;
}

bool SaneJob(const Packet& packet) {
  const auto job = packet.As<JobMessage>();
  return job && job->pid <= kLargestPid;
}

template <std::size_t kRoom>
bool EndsInside(const char (&text)[kRoom]) {
  return std::memchr(text, 0, kRoom) != nullptr;
}

bool SaneDiagnosis(const Packet& packet) {
  const auto message = packet.As<DiagnosisMessage>();
  if (!message) {
    return false;
  }
  const StartDiagnosis& found = message->found;
  return found.obstacle <= StartObstacle::kInterpreterClosed &&
         found.is_program <= 1 && found.mode <= kMostMode &&
         EndsInside(found.path) && EndsInside(found.interpreter);
}

bool SaneDone(const Packet& packet) {
  const auto done = packet.As<DoneMessage>();
  return done && done->ending <= Ending::kLauncherLost &&
         done->fault <= StartFault::kCgroup && done->over_memory <= 1 &&
         done->code >= 0 && done->code <= kLargestCode &&
         IsTime(done->wall_ns) && IsTime(done->cpu_ns) &&
         done->max_rss_bytes <= kLargestNumber;
}

bool SaneStats(const Packet& packet) {
  const auto stats = packet.As<StatsMessage>();
  return stats && stats->pid <= kLargestPid && IsTime(stats->cpu_ns) &&
         IsTime(stats->orphans_cpu_ns) &&
         std::max({stats->resident_bytes, stats->orphans_killed,
                   stats->orphans_nameless, stats->launcher_restarts}) <=
             kLargestNumber;
}

bool SaneGeneration(const Packet& packet) {
  return packet.As<GenerationMessage>().has_value();
}

bool SaneBare(const Packet& packet) {
  return packet.As<BareMessage>().has_value();
}

// None of these calls the file system: fstat(2) does, and may wait for ever.

bool IsReadEnd(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  return ::fcntl(fd, F_GETPIPE_SZ) > 0 && flags >= 0 &&
         (static_cast<unsigned>(flags) & unsigned{O_ACCMODE}) == O_RDONLY;
}

bool IsPairSocket(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 &&
         type == SOCK_SEQPACKET;
}

using enum Direction;
using enum MessageKind;

constexpr std::array kRules{
    Rule{kWebToLauncher, kRun, SaneRun},
    Rule{kWebToLauncher, kCancel, SaneCancel},
    Rule{kWebToLauncher, kExtend, SaneExtend},
    Rule{kWebToLauncher, kStatsRequest, SaneBare},
    Rule{kLauncherToWeb, kStarted, SaneJob, 2, IsReadEnd},
    Rule{kLauncherToWeb, kTimedOut, SaneJob},
    Rule{kLauncherToWeb, kDiagnosis, SaneDiagnosis},
    Rule{kLauncherToWeb, kDone, SaneDone},
    Rule{kLauncherToWeb, kReleased, SaneJob},
    Rule{kLauncherToWeb, kStats, SaneStats},
    Rule{kWebToGuardian, kReady, SaneBare},
    Rule{kWebToGuardian, kReloadRequest, SaneBare},
    Rule{kWebToGuardian, kStatsRequest, SaneBare},
    Rule{kGuardianToWeb, kGeneration, SaneGeneration, 1, IsSealed},
    Rule{kGuardianToWeb, kReloadFailed, SaneGeneration, 1, IsSealed},
    Rule{kGuardianToWeb, kStop, SaneBare},
    Rule{kGuardianToWeb, kLauncherSocket, SaneBare, 1, IsPairSocket},
    Rule{kGuardianToWeb, kStats, SaneStats},
    Rule{kGuardianToLauncher, kTable, SaneGeneration, 1, IsSealed},
    Rule{kGuardianToLauncher, kPing, SaneBare},
    Rule{kLauncherToGuardian, kTableReady, SaneGeneration},
    Rule{kLauncherToGuardian, kTableRefused, SaneGeneration},
    Rule{kLauncherToGuardian, kPong, SaneBare},
    Rule{kLoaderToGuardian, kGeneration, SaneGeneration, 2, IsSealed},
    Rule{kLoaderToGuardian, kReloadFailed, SaneGeneration, 1, IsSealed},
};

bool Keeps(const Rule& rule, const Packet& packet) {
  const bool fds_right = packet.fds.empty() || packet.fds.size() == rule.fds;
  return fds_right && rule.sane(packet) &&
         std::ranges::all_of(packet.fds, [&rule](const UniqueFd& fd) {
           return rule.fd_check(fd.get());
         });
}

bool IsHello(const Packet& packet) {
  const auto hello = packet.As<HelloMessage>();
  return hello && hello->kind == MessageKind::kHello &&
         hello->version == kProtocolVersion && packet.fds.empty();
}

}  // namespace

bool MessageRules::Accept(const Packet& packet) {
  if (!greeted_ && direction_ != Direction::kLoaderToGuardian) {
    greeted_ = IsHello(packet);
    return greeted_;
  }
  const MessageKind kind = packet.kind();
  const auto* const rule =
      std::ranges::find_if(kRules, [this, kind](const Rule& it) {
        return it.direction == direction_ && it.kind == kind;
      });
  return rule != kRules.end() && Keeps(*rule, packet);
}

}  // namespace command_exporter
