#include "core/process/guardian/guardian_children.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>

#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

constexpr std::chrono::milliseconds kPause{1};
// Of walking the trees below, before the next look at the children.
constexpr std::chrono::milliseconds kSlice{5};

}  // namespace

GuardianChildren::GuardianChildren() {
  list_.Read(strangers_);
}

// Called right after fork, before any reaping, so that no status can be missed.
void GuardianChildren::Adopt(pid_t pid) {
  own_.push_back({pid, std::nullopt, false});
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

bool GuardianChildren::AwaitEnd(pid_t pid, Deadline until) {
  const auto is_there = [this, pid] {
    return std::ranges::any_of(
        own_, [pid](const OwnChild& child) { return child.pid == pid; });
  };
  Reap();
  while (is_there() && !TakeStatus(pid)) {
    if (until.Passed()) {
      return false;
    }
    std::this_thread::sleep_for(kPause);
    Reap();
  }
  return true;
}

void GuardianChildren::Forget(pid_t pid) {
  std::erase_if(own_, [pid](const OwnChild& child) {
    return child.pid == pid && child.status;
  });
  for (OwnChild& child : own_) {
    child.forgotten = child.forgotten || child.pid == pid;
  }
}

bool GuardianChildren::IsForgotten(pid_t pid) const {
  return std::ranges::any_of(own_, [pid](const OwnChild& child) {
    return child.pid == pid && child.forgotten;
  });
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
    std::erase_if(own_, [pid](const OwnChild& child) {
      return child.pid == pid && child.forgotten;
    });
    std::erase(old_, pid);
  }
}

bool GuardianChildren::IsSpared(pid_t pid,
                                std::initializer_list<pid_t> keep) const {
  return std::ranges::find(keep, pid) != keep.end() ||
         std::ranges::find(strangers_, pid) != strangers_.end();
}

// A loader that was given up is ours, and so is what a dead launcher left. What
// comes to us later from below that bears a tag, which is a real-time limit
// that differs from ours (run_tags.hpp).
bool GuardianChildren::IsStranger(pid_t pid) const {
  return !IsForgotten(pid) && std::ranges::find(old_, pid) == old_.end() &&
         RealTimeLimitOf(pid) == RealTimeLimitOf(::getpid());
}

void GuardianChildren::NoteStrangers(std::initializer_list<pid_t> keep,
                                     pid_t launcher) {
  // While orphans of a dead launcher are there, a tag decides, which a process
  // may have taken off. PID 1 has strangers to lose, others hardly ever.
  if (!old_.empty() && ::getpid() != 1) {
    return;
  }
  list_.Read(found_);
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
    if (!IsSpared(pid, keep) && IsStranger(pid)) {
      strangers_.push_back(pid);
    }
  }
}

bool GuardianChildren::KillAllBut(std::initializer_list<pid_t> keep,
                                  Deadline until) {
  return KillWhile(keep, Extent::kNotForgotten, until);
}

bool GuardianChildren::KillWhile(std::initializer_list<pid_t> keep,
                                 Extent extent, Deadline until) {
  for (;;) {
    Reap();
    // Children that could not be listed may be there.
    bool any = !list_.Read(found_);
    std::erase_if(found_, [&](pid_t pid) { return IsSpared(pid, keep); });
    for (const pid_t pid : found_) {
      any = any || extent == Extent::kAll || !IsForgotten(pid);
      ::kill(pid, SIGKILL);  // not yet reaped: still the same process
    }
    if (!any) {
      walk_.End();
      old_.clear();
      return true;
    }
    if (!walk_.IsGoingOn()) {
      walk_.Begin(found_);
    }
    walk_.Continue(Deadline::After(kSlice), [](const TreeWalk::Process&) {
      return TreeWalk::Verdict::kKillTree;
    });
    if (until.Passed()) {
      old_ = found_;
      return false;
    }
    std::this_thread::sleep_for(kPause);
  }
}

std::vector<pid_t> GuardianChildren::KillAll(Deadline until) {
  KillWhile({}, Extent::kAll, until);
  Reap();
  list_.Read(found_);
  std::erase_if(found_, [&](pid_t pid) { return IsSpared(pid, {}); });
  std::vector<pid_t> left = found_;
  walk_.Begin(found_);
  walk_.Continue(Deadline(), [&left](const TreeWalk::Process& process) {
    if (!process.is_child) {
      left.push_back(process.pid);
    }
    return TreeWalk::Verdict::kSpare;
  });
  return left;
}

void GuardianChildren::Close() {
  walk_.End();
  list_.Close();
}

}  // namespace command_exporter
