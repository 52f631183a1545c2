#include "core/service/program_check.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <set>
#include <tuple>
#include <utility>

#include "collectors/instances.hpp"
#include "collectors/start_messages.hpp"
#include "core/base/text.hpp"
#include "core/base/unique_fd.hpp"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434  // the same on every architecture
#endif

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

constexpr Duration kWait = 2s;
constexpr Duration kWaitForAll = 6s;
constexpr Duration kLeastWait = 50ms;

// Kills what does not end in time; false: even that did not end it.
bool Reaped(pid_t pid, Deadline until) {
  const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  for (const int signal : {0, SIGKILL}) {
    if (signal != 0) {
      ::kill(pid, signal);
      until = Deadline::After(kLeastWait);
    }
    do {
      pollfd end{process.get(), POLLIN, 0};
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          process ? until.Remaining() : Duration{1ms});
      ::poll(&end, process ? 1 : 0, static_cast<int>(left.count()));
      if (::waitpid(pid, nullptr, WNOHANG) == pid) {
        return true;
      }
    } while (!until.Passed());
  }
  return false;
}

SpawnPlan PlanFor(const CommandSpec& spec, int null,
                  const std::vector<const char*>& paths) {
  SpawnPlan plan;
  plan.only_look = true;
  plan.paths = paths.data();
  plan.argv = paths.data();
  plan.envp = paths.data() + paths.size() - 1;
  plan.cwd = spec.cwd.c_str();
  plan.stdin_fd = null;
  plan.stdout_fd = null;
  plan.stderr_fd = null;
  plan.highest_fd = null;
  if (spec.ids) {
    plan.SetIds(*spec.ids);
  }
  plan.parent = ::getpid();
  return plan;
}

// The file's own warning says more.
bool IsWarnedOf(const CollectorConfig& collector, const std::string& program) {
  const bool is_relative = program.find('/') != std::string::npos &&
                           !program.starts_with('/') &&
                           collector.run.cwd.empty();
  return is_relative || program.starts_with('~') || program.starts_with('$');
}

}  // namespace

std::optional<SpawnEnd> ProgramCheck::Look(const CommandSpec& spec) {
  if (!until_) {
    until_ = Deadline::After(kWaitForAll);
  }
  const UniqueFd opened(::open("/dev/null", O_RDWR | O_CLOEXEC));
  // Above the standard descriptors, one of which may be closed.
  const UniqueFd null(
      ::fcntl(opened.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  const std::vector<const char*> paths = Pointers(spec.paths);
  const auto child = spawner_.Start(PlanFor(spec, null.get(), paths));
  if (!child) {
    return std::nullopt;
  }
  const Duration most =
      std::clamp(until_->Remaining(), Duration{kLeastWait}, kWait);
  SpawnEnd end;
  if (!Reaped(child->pid, Deadline::After(most))) {
    return std::nullopt;  // its slot is not used again
  }
  spawner_.TryRelease(child->slot, true, end);
  if (end.failure.fault == StartFault::kNone) {
    return std::nullopt;  // killed
  }
  return end;
}

bool ProgramCheck::MayStart(const CommandSpec& spec) {
  const auto end = Look(spec);
  return !end || !end->diagnosis;
}

std::vector<std::string> ProgramWarnings(const Config& config,
                                         const CommandTable& table) {
  const std::vector<Instance> instances = ExpandInstances(config);
  std::set<std::tuple<std::vector<std::string>, std::string, std::string>> seen;
  std::vector<std::string> warnings;
  ProgramCheck check;
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const CollectorConfig& collector =
        config.collectors[instances[i].collector];
    const CommandSpec& spec = table.commands[i];
    const std::string& user =
        collector.run.user.empty() ? config.default_user : collector.run.user;
    if (IsWarnedOf(collector, spec.argv.front()) ||
        !seen.emplace(spec.paths, spec.cwd, user).second) {
      continue;
    }
    const auto end = check.Look(spec);
    if (!end || !end->diagnosis) {
      continue;
    }
    const RunDescription run{spec.argv.front(), spec.cwd, user};
    warnings.push_back(ToString(collector.position) + ": collector \"" +
                       collector.name + "\": cannot start " +
                       Printable(run.program) + ": " +
                       ObstacleText(*end->diagnosis, run));
  }
  return warnings;
}

}  // namespace command_exporter
