#include "core/process/launcher/run.hpp"

#include <sys/wait.h>

namespace command_exporter {

bool IsEnding(RunState state) {
  return state == RunState::kKilling || state == RunState::kClearing ||
         state == RunState::kStuck;
}

DoneMessage EndOf(const Run& run) {
  DoneMessage end;
  const bool memory_bound =
      run.cgroup && run.command->spec().limits.memory.has_value();
  end.over_memory = memory_bound && run.cgroup->RanOutOfMemory() ? 1 : 0;
  end.job = run.job;
  end.leftovers = run.leftovers;
  end.wall_ns = run.wall.count();
  end.cpu_ns = run.cpu.count();
  end.max_rss_bytes = run.max_rss_bytes;
  if (const SpawnFailure& failure = run.start.failure;
      failure.fault != StartFault::kNone) {
    end.ending = Ending::kNotStarted;
    end.fault = failure.fault;
    end.code = failure.error;
  } else if (run.cause) {
    end.ending = *run.cause;
  } else if (!run.status) {
    // waitid(2) showed it and wait4(2) denied it: never a status of 0.
    end.ending = Ending::kLauncherLost;
  } else if (WIFEXITED(*run.status)) {
    end.ending = Ending::kExited;
    end.code = WEXITSTATUS(*run.status);
  } else {
    end.ending = Ending::kSignaled;
    end.code = WTERMSIG(*run.status);
  }
  return end;
}

}  // namespace command_exporter
