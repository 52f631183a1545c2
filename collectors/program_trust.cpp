#include "collectors/program_trust.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <future>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

#include "core/base/deadline.hpp"
#include "core/base/path_trust.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using Lines = std::vector<std::string>;

constexpr Duration kWait = 2s;
constexpr Duration kWaitForAll = 6s;
constexpr Duration kLeastWait = 50ms;

std::uint32_t OwnerOf(const CommandSpec& spec) {
  return spec.ids ? spec.ids->uid : ::geteuid();
}

bool IsProgram(std::uint32_t mode) {
  return S_ISREG(mode) && (mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0;
}

// Then execve goes on to the next path. Whether it has come to be there, and
// whose it is then, the launcher sees before each start.
bool IsAbsent(const PathReport& report) {
  return report.error == ENOENT || report.error == ENOTDIR ||
         (report.error == 0 && !S_ISREG(report.mode));
}

// Whom a changed program would harm.
std::string Whom(std::uint32_t owner, const std::string& user) {
  if (owner == 0) {
    return "root";
  }
  return user.empty() ? "the exporter's user" : "user " + user;
}

struct Program {
  std::vector<std::string> paths{};
  std::uint32_t owner{};
  std::string whom{};

  bool operator<(const Program& other) const {
    return std::tie(paths, owner, whom) <
           std::tie(other.paths, other.owner, other.whom);
  }
};

// Of the first path that execve would take.
Lines Inspect(const Program& program) {
  for (const std::string& path : program.paths) {
    PathReport report =
        InspectPath(path, program.owner, program.whom, PathUse::kProgram);
    if (IsAbsent(report)) {
      continue;
    }
    if (!report.findings.empty() || IsProgram(report.mode)) {
      return report.findings;
    }
  }
  return {};
}

// Nothing when the file system does not answer in time.
std::optional<Lines> Ask(const Program& program, Deadline until) {
  std::packaged_task<Lines()> task([program] { return Inspect(program); });
  std::future<Lines> answer = task.get_future();
  try {
    std::thread(std::move(task)).detach();
  } catch (const std::system_error&) {
    return Inspect(program);  // no thread to be had
  }
  const Duration most =
      std::max(kLeastWait, std::min(kWait, until.Remaining()));
  if (answer.wait_for(most) != std::future_status::ready) {
    return std::nullopt;
  }
  return answer.get();
}

}  // namespace

ProgramReport InspectPrograms(const Config& config, const TableContext& context,
                              const CommandTable& table) {
  const std::vector<Instance> instances = ExpandInstances(config);
  const Deadline until = Deadline::After(kWaitForAll);
  ProgramReport report;
  std::set<Program> asked;
  std::set<std::string> told;
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const CollectorConfig& collector =
        config.collectors[instances[i].collector];
    const CommandSpec& spec = table.commands[i];
    const std::string& user =
        collector.run.user.empty() ? context.default_user : collector.run.user;
    const std::uint32_t owner = OwnerOf(spec);
    const Program program{spec.paths, owner, Whom(owner, user)};
    if (!asked.insert(program).second) {
      continue;
    }
    const std::string at = ToString(collector.position) + ": collector \"" +
                           collector.name + "\": ";
    const std::optional<Lines> findings = Ask(program, until);
    if (!findings) {
      report.unanswered.push_back(
          at + "the file system of its program " +
          Printable(spec.argv.front()) +
          " does not answer: who may change it is only seen when it starts");
    }
    for (const std::string& finding : findings.value_or(Lines{})) {
      if (told.insert(finding).second) {
        report.findings.push_back(at + finding);
      }
    }
  }
  return report;
}

void RequireTrust(CommandTable& table) {
  for (CommandSpec& spec : table.commands) {
    spec.program_owner = OwnerOf(spec);
  }
}

}  // namespace command_exporter
