#include "core/process/system/tree_walk.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <utility>

#include "core/process/system/child_list.hpp"
#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

// What lies deeper comes within reach when those above it have died.
constexpr std::size_t kMostLevels = 200;

UniqueFd Hold(pid_t pid) {
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
}

// As kill(2).
int Signal(const UniqueFd& process, int signal) {
  return static_cast<int>(
      ::syscall(SYS_pidfd_send_signal, process.get(), signal, nullptr, 0U));
}

// Nobody has waited for it yet, so its pid is still its own.
bool IsThere(const UniqueFd& process) {
  return Signal(process, 0) == 0 || errno == EPERM;
}

// Not only by its number: whoever is no child of this process cannot be waited
// for.
bool IsChild(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info,
                  WEXITED | WNOHANG | WNOWAIT) == 0;
}

}  // namespace

void TreeWalk::Begin(std::vector<pid_t> children) {
  path_.clear();
  path_.push_back({::getpid(), {}, Verdict::kLeave, std::move(children)});
  killed_before_ = std::exchange(killed_, {});
  found_more_ = false;
}

bool TreeWalk::Continue(Deadline until, const Judge& judge) {
  while (!path_.empty()) {
    Level& level = path_.back();
    if (level.children.empty()) {
      path_.pop_back();
      continue;
    }
    const pid_t pid = level.children.back();
    level.children.pop_back();
    Visit(pid, judge);
    if (until.Passed()) {
      break;
    }
  }
  return path_.empty();
}

void TreeWalk::Visit(pid_t pid, const Judge& judge) {
  Level next{pid, Hold(pid), {}, {}};
  if (!next.process) {
    found_more_ = found_more_ || errno == EMFILE || errno == ENFILE;
    return;
  }
  const Level& above = path_.back();
  const bool is_child = path_.size() == 1;
  const auto facts = FactsOf(pid);
  const bool is_ours =
      is_child ? IsChild(pid)
               : facts && facts->parent == above.pid && IsThere(above.process);
  if (!is_ours) {
    // It has died or has another parent now, unless /proc hides it (hidepid).
    found_more_ = found_more_ || facts || !IsThere(next.process);
    return;
  }
  next.verdict = above.verdict == Verdict::kKillTree
                     ? Verdict::kKillTree
                     : judge({pid, is_child, above.verdict});
  if (next.verdict == Verdict::kLeave) {
    return;
  }
  if (next.verdict != Verdict::kSpare) {
    Kill(pid, next.process, facts ? facts->started : Duration{0});
  }
  if (!ReadChildrenOf(pid, next.children)) {
    found_more_ = true;  // no free descriptor: they may be many
  }
  if (!IsThere(next.process) || next.children.empty()) {
    return;
  }
  if (path_.size() < kMostLevels) {
    path_.push_back(std::move(next));
  } else {
    found_more_ = true;
  }
}

void TreeWalk::Kill(pid_t pid, const UniqueFd& process, Duration started) {
  if (Signal(process, SIGKILL) != 0) {
    return;
  }
  killed_[pid] = started;
  const auto before = killed_before_.find(pid);
  found_more_ = found_more_ || before == killed_before_.end() ||
                before->second != started;
}

}  // namespace command_exporter
