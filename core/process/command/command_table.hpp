// CommandTable: everything the launcher may ever start, fixed at load.
//
// The loader builds it from the checked configuration (names resolved to ids,
// environment complete, matrix expanded) and seals it in a memfd; the launcher
// reads it once. The launcher therefore parses no configuration, asks no name
// service and opens no file, and the web side cannot change what it runs.
//
// Thread safety: plain values; immutable once decoded.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_COMMAND_COMMAND_TABLE_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_COMMAND_COMMAND_TABLE_HPP_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"

namespace command_exporter {

// Ids to switch to before exec; set only if they differ from the launcher's.
struct RunIds {
  std::uint32_t uid{};
  std::uint32_t gid{};
  std::vector<std::uint32_t> groups{};
};

// Whether a run gets a control group of its own (cgroup_pool.hpp).
enum class CgroupUse : std::uint8_t {
  kNever,
  kIfThere,   // without one, only the session holds the run together
  kRequired,  // not started without one
};

// The limits of a run, enforced by the kernel; absent: the launcher's own. The
// first three limit each process, the last two (which need a control group)
// limit all processes together.
struct RunLimits {
  std::optional<std::uint32_t> cpu_seconds{};    // RLIMIT_CPU
  std::optional<std::uint64_t> address_space{};  // RLIMIT_AS, bytes
  std::optional<std::uint32_t> open_files{};     // RLIMIT_NOFILE
  std::optional<std::uint64_t> memory{};         // memory.max, bytes
  std::optional<std::uint32_t> processes{};      // pids.max
};

// Above every value that the configuration allows: a table with more is
// damaged.
inline constexpr Duration kLongestGrace = std::chrono::hours{1};
inline constexpr std::uint32_t kMostCpuSeconds = 24 * 60 * 60;
inline constexpr std::uint32_t kMostUmask = 0777;
inline constexpr int kLeastNice = -20;
inline constexpr int kMostNice = 19;
inline constexpr std::uint64_t kMostMemory = std::uint64_t{1} << 40U;
inline constexpr std::uint32_t kMostOpenFiles = std::uint32_t{1} << 20U;
inline constexpr std::uint32_t kMostProcesses = std::uint32_t{1} << 22U;

struct CommandSpec {
  std::string name{};  // collector, for process listings and messages
  std::vector<std::string> argv{};
  // Absolute paths that execve tries in order: one for a command with a slash,
  // else the name in each folder of PATH. ENOENT moves on to the next.
  std::vector<std::string> paths{};
  // NAME=value. The launcher adds COMMAND_EXPORTER_RUN (the marker),
  // COMMAND_EXPORTER_DEADLINE (Unix seconds) and
  // COMMAND_EXPORTER_TIMEOUT_SECONDS for each run.
  std::vector<std::string> environment{};
  std::string cwd{"/"};
  std::optional<std::string> stdin_text{};  // none: /dev/null
  std::optional<RunIds> ids{};
  std::optional<std::uint32_t> umask{};  // none: 022
  std::optional<int> nice{};
  Duration grace{std::chrono::seconds{1}};
  // If set, the program and all folders above it must, just before execve,
  // belong to root or to this uid and be writable by nobody else
  // (path_trust.hpp).
  std::optional<std::uint32_t> program_owner{};
  RunLimits limits{};
  CgroupUse cgroup{CgroupUse::kIfThere};
};

struct CommandTable {
  std::uint32_t generation{};
  std::vector<CommandSpec> commands{};
};

// A versioned byte string. Decode checks every length against the available
// bytes and every number against its bounds, and rejects trailing bytes.
std::string EncodeCommandTable(const CommandTable& table);
Result<CommandTable> DecodeCommandTable(std::string_view bytes);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_COMMAND_COMMAND_TABLE_HPP_
