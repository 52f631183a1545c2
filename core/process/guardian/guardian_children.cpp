#include "core/process/guardian/guardian_children.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include "core/process/system/child_list.hpp"

namespace command_exporter {
namespace {

constexpr std::chrono::milliseconds kPause{1};
// Of walking the trees below, before the next look at the children.
constexpr std::chrono::milliseconds kSlice{5};

}  // namespace

GuardianChildren::GuardianChildren() {
  ChildList().Read(strangers_);
}

// Called right after fork, before any reaping, so that no status can be missed.
void GuardianChildren::Adopt(pid_t pid) {
  own_.push_back({pid, std::nullopt});
}

std::optional<int> GuardianChildren::TakeStatus(pid_t pid) {
  const auto found = std::ranges::find_if(own_, [pid](const OwnChild& child) {
    return child.pid == pid && child.status;
  });
  if (found == own_.end()) {
    return std::nullopt;
  }
  const auto status = found->status;
  own_.erase(found);
  return status;
}

void GuardianChildren::Forget(pid_t pid) {
  std::erase_if(own_,
                [pid](const OwnChild& child) { return child.pid == pid; });
}

// A reaped pid may belong to another process, which must not get the signal.
bool GuardianChildren::Kill(pid_t pid) const {
  const bool is_there = std::ranges::any_of(own_, [pid](const OwnChild& child) {
    return child.pid == pid && !child.status;
  });
  return is_there && ::kill(pid, SIGKILL) == 0;
}

void GuardianChildren::Reap() {
  for (;;) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG);
    if (pid < 0 && errno == EINTR) {
      continue;
    }
    if (pid <= 0) {
      return;
    }
    std::erase(strangers_, pid);
    for (OwnChild& child : own_) {
      // An entry with a status was reaped before, so this is another process.
      if (child.pid == pid && !child.status) {
        child.status = status;
      }
    }
  }
}

bool GuardianChildren::IsSpared(pid_t pid,
                                std::initializer_list<pid_t> keep) const {
  return std::ranges::find(keep, pid) != keep.end() ||
         std::ranges::find(strangers_, pid) != strangers_.end();
}

void GuardianChildren::NoteStrangers(std::initializer_list<pid_t> keep,
                                     pid_t launcher) {
  ChildList().Read(found_);
  siginfo_t info{};
  // When the launcher dies, the kernel gives its children to us and makes it a
  // zombie in one step. If it is alive now, none of the listed processes was
  // its child.
  if (::waitid(P_PID, static_cast<id_t>(launcher), &info,
               WEXITED | WNOHANG | WNOWAIT) != 0 ||
      info.si_pid != 0) {
    return;
  }
  for (const pid_t pid : found_) {
    if (!IsSpared(pid, keep)) {
      strangers_.push_back(pid);
    }
  }
}

bool GuardianChildren::KillAllBut(std::initializer_list<pid_t> keep,
                                  Deadline until) {
  ChildList list;
  for (;;) {
    Reap();
    list.Read(found_);
    bool any = false;
    for (const pid_t pid : found_) {
      if (!IsSpared(pid, keep)) {
        any = true;
        ::kill(pid, SIGKILL);  // not yet reaped: still the same process
      }
    }
    if (!any) {
      return true;
    }
    if (!walk_.IsGoingOn()) {
      walk_.Begin(found_);
    }
    walk_.Continue(
        Deadline::After(kSlice), [&](const TreeWalk::Process& process) {
          return IsSpared(process.pid, keep) ? TreeWalk::Verdict::kLeave
                                             : TreeWalk::Verdict::kKillTree;
        });
    if (until.Passed()) {
      return false;
    }
    std::this_thread::sleep_for(kPause);
  }
}

std::vector<pid_t> GuardianChildren::Left(std::initializer_list<pid_t> keep) {
  std::vector<pid_t> left;
  ChildList().Read(found_);
  TreeWalk walk;
  walk.Begin(found_);
  walk.Continue(Deadline(), [&](const TreeWalk::Process& process) {
    if (process.is_child && IsSpared(process.pid, keep)) {
      return TreeWalk::Verdict::kLeave;
    }
    left.push_back(process.pid);
    return TreeWalk::Verdict::kSpare;
  });
  return left;
}

}  // namespace command_exporter
