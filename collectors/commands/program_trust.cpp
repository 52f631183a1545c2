#include "collectors/commands/program_trust.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

#include "collectors/commands/search_path_trust.hpp"
#include "collectors/instances.hpp"
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

// execve then tries the next path. If the file appears later, the launcher
// checks its owner before each start.
bool IsAbsent(const PathReport& report) {
  return report.error == ENOENT || report.error == ENOTDIR ||
         (report.error == 0 && !S_ISREG(report.mode));
}

// The user at risk from a changed program.
std::string Whom(std::uint32_t owner, const std::string& user) {
  if (owner == 0) {
    return "root";
  }
  return user.empty() ? "the exporter's user" : "user " + user;
}

struct Program {
  std::string name{};
  std::vector<std::string> paths{};
  std::uint32_t owner{};
  std::string whom{};

  bool operator<(const Program& other) const {
    return std::tie(paths, owner, whom) <
           std::tie(other.paths, other.owner, other.whom);
  }
};

// Inspects the first path that execve would take.
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

// None when the file system does not answer in time.
template <typename Answer>
std::optional<Answer> Ask(const std::function<Answer()>& look, Deadline until) {
  std::packaged_task<Answer()> task(look);
  std::future<Answer> answer = task.get_future();
  try {
    std::thread(std::move(task)).detach();
  } catch (const std::system_error&) {
    return look();  // no thread available
  }
  const Duration most =
      std::max(kLeastWait, std::min(kWait, until.Remaining()));
  if (answer.wait_for(most) != std::future_status::ready) {
    return std::nullopt;
  }
  return answer.get();
}

std::string SearchPathOf(const CommandSpec& spec) {
  constexpr std::string_view kName = "PATH=";
  for (const std::string& variable : spec.environment) {
    if (variable.starts_with(kName)) {
      return variable.substr(kName.size());
    }
  }
  return {};
}

class Look {
 public:
  // `at` begins each line.
  void AskProgram(const Program& program, const std::string& at) {
    if (!asked_.insert(program).second) {
      return;
    }
    const auto findings =
        Ask<Lines>([program] { return Inspect(program); }, until_);
    if (!findings) {
      report_.unanswered.push_back(
          at + "the file system of its program " + Printable(program.name) +
          " does not answer: who may change it is only seen when it starts");
      return;
    }
    Tell(*findings, at, report_.findings);
  }

  void AskSearchPath(const std::string& path, const std::string& at) {
    if (!asked_paths_.insert(path).second) {
      return;
    }
    const auto seen =
        Ask<PathReport>([path] { return InspectSearchPath(path); }, until_);
    if (!seen) {
      report_.unanswered.push_back(
          at + "the file system of a folder of its PATH " + Quote(path) +
          " does not answer: who may put programs there is not known");
      return;
    }
    Tell(seen->findings, at, report_.findings);
    Tell(seen->warnings, at, report_.warnings);
  }

  ProgramReport Take() { return std::move(report_); }

 private:
  void Tell(const Lines& lines, const std::string& at, Lines& told) {
    for (const std::string& line : lines) {
      if (told_.insert(line).second) {
        told.push_back(at + line);
      }
    }
  }

  Deadline until_ = Deadline::After(kWaitForAll);
  std::set<Program> asked_;
  std::set<std::string> asked_paths_;
  std::set<std::string> told_;
  ProgramReport report_;
};

}  // namespace

ProgramReport InspectPrograms(const Config& config, const TableContext& context,
                              const CommandTable& table) {
  const std::vector<Instance> instances = ExpandInstances(config);
  Look look;
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const CollectorConfig& collector =
        config.collectors[instances[i].collector];
    const CommandSpec& spec = table.commands[i];
    const std::string& user =
        collector.run.user.empty() ? context.default_user : collector.run.user;
    const std::uint32_t owner = OwnerOf(spec);
    const std::string at = ToString(collector.position) + ": collector \"" +
                           collector.name + "\": ";
    look.AskProgram({spec.argv.front(), spec.paths, owner, Whom(owner, user)},
                    at);
    if (owner == 0) {
      look.AskSearchPath(SearchPathOf(spec), at);
    }
  }
  return look.Take();
}

void RequireTrust(CommandTable& table) {
  for (CommandSpec& spec : table.commands) {
    spec.program_owner = OwnerOf(spec);
  }
}

}  // namespace command_exporter
