// `limits` and `containment`: the resources of a command, and how its processes
// are found.
//
// Only the text is checked here. Whether this machine can enforce a limit
// (privilege, control groups) is checked when the command table is built
// (collectors/commands/limit_checks.hpp).
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/base/text.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {
namespace {

constexpr std::array<std::string_view, 4> kLimitKeys = {"cpu", "memory",
                                                        "files", "processes"};
// In the order of the enumeration.
constexpr std::array<std::string_view, 3> kContainments = {"auto", "session",
                                                           "cgroup"};

// The kernel counts whole seconds.
constexpr DurationRange kCpuRange = {std::chrono::milliseconds{1},
                                     std::chrono::hours{24}};
// At least the three standard descriptors and those that a dynamic program
// opens to start; at most the usual bound of the kernel (fs.nr_open).
constexpr IntegerRange kFileRange = {8, 1'048'576};
// The kernel's own bound of process numbers.
constexpr IntegerRange kProcessRange = {1, 4'194'304};
constexpr SizeRange kMemoryRange = {
    std::uint64_t{1} << 20U, std::uint64_t{1} << 40U,
    "from \"1MiB\" to \"1TiB\", such as \"512MiB\""};

void CheckLimitKeys(const TableReader& limits) {
  for (const TomlEntry& entry : limits.table().entries) {
    if (std::ranges::find(kLimitKeys, entry.key) != kLimitKeys.end()) {
      continue;
    }
    const std::string hint = DidYouMean(entry.key, kLimitKeys);
    limits.Fail(entry.position, "there is no limit " + Quote(entry.key) +
                                    (hint.empty() ? "; the limits are " +
                                                        QuoteChoices(kLimitKeys)
                                                  : hint));
  }
}

}  // namespace

void ReadLimitKeys(const TableReader& reader, KeyLevel level, RunConfig& run) {
  if (const TomlNode* const table = reader.FreeTable("limits", level)) {
    const TableReader limits(*table, reader.context() + ": limits",
                             reader.problems());
    LimitsConfig read;
    read.position = table->position;
    CheckLimitKeys(limits);
    read.cpu = limits.Time("cpu", kCpuRange);
    read.memory = ReadSize(limits, "memory", kMemoryRange);
    Assign(limits.Integer("files", kFileRange), read.files);
    Assign(limits.Integer("processes", kProcessRange), read.processes);
    run.limits = read;
  }
  if (const auto choice = reader.Choice("containment", kContainments)) {
    run.containment = static_cast<Containment>(*choice);
    run.containment_position = reader.PositionOf("containment");
  }
}

}  // namespace command_exporter
