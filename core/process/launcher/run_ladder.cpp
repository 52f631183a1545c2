#include "core/process/launcher/run_ladder.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <limits>
#include <optional>
#include <vector>

#include "core/process/system/proc_files.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// Until the first look at what SIGKILL has not ended, and between two looks.
constexpr Duration kFirstLook = 50ms;
constexpr Duration kLookAgain = 350ms;
// How long a process may take that could go but gets no processor to do so:
// enough for hundreds of them on a busy machine.
constexpr Duration kKillPatience = 5s;
// How long a pipe may be held by others after the leader's end.
constexpr Duration kLingerWait = 100ms;

// Nobody else holds a write end: all has been written that ever will be.
bool PipesClosed(const Run& run) {
  std::array<pollfd, 2> ends{{{run.out.get(), 0, 0}, {run.err.get(), 0, 0}}};
  ::poll(ends.data(), ends.size(), 0);
  return std::all_of(ends.begin(), ends.end(), [](const pollfd& end) {
    return (end.revents & (POLLHUP | POLLERR)) != 0;
  });
}

// To the whole group; to the leader alone in the moment before its setsid.
void Signal(const Run& run, int signal) {
  if (::kill(-run.leader, signal) != 0 && errno == ESRCH) {
    ::kill(run.leader, signal);
  }
}

// None: it needs only a processor to end.
std::optional<Sleeper> AsleepAt(pid_t pid) {
  if (::kill(pid, 0) != 0 && errno == EPERM) {
    // Another user's: no signal of ours reaches it, whatever it does.
    return Sleeper{pid, std::numeric_limits<std::uint64_t>::max()};
  }
  const auto switches = SwitchesInKernelSleep(pid);
  return switches ? std::optional(Sleeper{pid, *switches}) : std::nullopt;
}

}  // namespace

void RunLadder::Cancel(Run& run, CancelCause cause, Clock::time_point now) {
  const bool flood = cause == CancelCause::kOutputLimit;
  const Ending ending = flood ? Ending::kOutputLimit : Ending::kCancelled;
  if (run.state == RunState::kRunning) {
    run.cause = ending;
    if (flood) {
      Kill(run, now);
    } else {
      Terminate(run, now);
    }
  } else if (run.state == RunState::kTerminating && flood) {
    Kill(run, now);  // it goes on printing; the first cause stays
  } else if (run.state == RunState::kLinger) {
    run.cause = ending;
    Clear(run, now);
  }
}

void RunLadder::OnTimer(Run& run, Clock::time_point now) {
  switch (run.state) {
    case RunState::kRunning:
      run.cause = Ending::kTimedOut;
      sink_->TimedOut(run.job);
      Terminate(run, now);
      break;
    case RunState::kTerminating:
      Kill(run, now);
      break;
    case RunState::kLinger:
      Clear(run, now);
      break;
    case RunState::kKilling:
    case RunState::kClearing:
      Look(run, now);
      break;
    case RunState::kStuck:
      break;
  }
}

void RunLadder::OnHangUp(Run& run, Clock::time_point now) {
  if (run.state == RunState::kLinger && PipesClosed(run)) {
    Clear(run, now);
  } else if (IsEnding(run.state)) {
    changed_ = true;  // its control group may be empty now
  }
}

// The zombie keeps its pid, hence the group's id, from being used again: this
// is the last moment in which the group may be signalled.
bool RunLadder::LeaderExited(const Run& run) const {
  const bool lingers = run.state == RunState::kRunning && !PipesClosed(run);
  if (!lingers) {
    ::kill(-run.leader, SIGKILL);
  }
  return lingers;
}

void RunLadder::LeaderReaped(Run& run, bool lingers, Clock::time_point now) {
  if (lingers) {
    Linger(run, now);
  } else {
    Clear(run, now);
  }
}

void RunLadder::Terminate(Run& run, Clock::time_point now) {
  const Duration grace = run.command->spec().grace;
  if (grace <= Duration{0}) {
    Kill(run, now);
    return;
  }
  run.state = RunState::kTerminating;
  run.timer = Deadline(now + grace);
  Signal(run, SIGTERM);
  Signal(run, SIGCONT);  // a stopped process cannot act on TERM
}

void RunLadder::Kill(Run& run, Clock::time_point now) {
  run.state = RunState::kKilling;
  run.timer = Deadline(now + kFirstLook);
  run.patience = Deadline(now + kKillPatience);
  Signal(run, SIGKILL);
  if (run.cgroup) {
    run.cgroup->Kill();
  }
  changed_ = true;
}

void RunLadder::Linger(Run& run, Clock::time_point now) {
  run.state = RunState::kLinger;
  run.timer = std::min(Deadline(now + kLingerWait), run.timeout);
  watch_.AddPipes(run);
}

void RunLadder::Clear(Run& run, Clock::time_point now) {
  if (run.state != RunState::kStuck) {
    run.state = RunState::kClearing;
    run.timer = Deadline(now + kFirstLook);
    run.patience = std::min(run.patience, Deadline(now + kKillPatience));
  }
  if (run.cgroup && run.cgroup->Populated()) {
    run.cgroup->Kill();
    watch_.AddCgroup(run);
  }
  changed_ = true;
}

void RunLadder::Look(Run& run, Clock::time_point now) {
  delayed_ = true;
  if (SleepsOn(run) || run.patience.Passed(now)) {
    DeclareStuck(run, now);
  } else {
    run.timer = Deadline(now + kLookAgain);
    changed_ = true;  // the sweep kills what has come meanwhile
  }
}

// One of its processes is in the same sleep as at the last look.
bool RunLadder::SleepsOn(Run& run) const {
  std::vector<pid_t> left = orphans_->Of(run.serial);
  if (!run.reaped) {
    left.push_back(run.leader);
  }
  std::vector<Sleeper> before;
  before.swap(run.asleep);
  for (const pid_t pid : left) {
    if (const auto sleeper = AsleepAt(pid)) {
      run.asleep.push_back(*sleeper);
    }
  }
  return std::any_of(
      run.asleep.begin(), run.asleep.end(), [&before](const Sleeper& now) {
        return std::find(before.begin(), before.end(), now) != before.end();
      });
}

// The command is not started again while its run is in this state.
void RunLadder::DeclareStuck(Run& run, Clock::time_point now) {
  run.state = RunState::kStuck;
  run.timer = Deadline();
  ++stuck_;
  DoneMessage end = EndOf(run);
  end.ending = Ending::kStuck;
  end.code = 0;
  end.fault = StartFault::kNone;
  if (end.wall_ns == 0) {
    end.wall_ns = (now - run.started).count();
  }
  run.reported_cpu = run.cpu;
  watch_.ClosePipes(run);
  sink_->Ended(end);
}

void RunLadder::Finish(Run& run) {
  watch_.ClosePipes(run);
  if (run.state == RunState::kStuck) {
    --stuck_;
    sink_->Released(run.job);
  } else {
    if (run.start.diagnosis) {
      sink_->Diagnosed(run.job, *run.start.diagnosis);
    }
    sink_->Ended(EndOf(run));
  }
  if (run.cgroup) {
    watch_.RemoveCgroup(run);
  }
}

}  // namespace command_exporter
