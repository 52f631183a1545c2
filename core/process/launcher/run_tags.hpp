// The tag of a run: a resource limit that bounds nothing, by which every
// process that a run has started can be attributed.
//
// A session is left by setsid(2), a variable of the environment goes with
// `env -i`, and reading another's environment means to wait for its memory:
// for a process in the middle of execve(2) there is none to read, and for one
// that has mapped a file of a dead network mount over it the reader hangs in
// state D. RLIMIT_RTTIME has none of these faults. It bounds the processor time
// of processes under a real-time policy, in microseconds; with a limit of some
// 100,000 years nothing is bounded. The kernel hands it on at every fork(2) and
// execve(2). /proc/PID/limits tells it of every process and zombie, to
// everybody, without a look at its memory. setrlimit(2), proc(5)
//
// A tag is a power of two, a random number of this launcher, and the low 32
// bits of the run's serial: with no limit of our own 2^62, 30 bits and 32 bits.
// The random number tells our run 1 from that of another exporter on the host,
// or of one that is a command of ours.
//
// It is no lock: a process may lower its limit, and then is nameless or, if it
// means to, an earlier run's, and goes with that one at the latest; with
// CAP_SYS_RESOURCE it may set any. A control group has no such hole.
//
// Hard limits of our own that are finite, because this exporter is itself run
// by another one, make the tags smaller; below some 35 years (LimitRTTIME= of
// systemd) there are none, and the environment has to do.
//
// Thread safety: pure.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_TAGS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_TAGS_HPP_

#include <sys/resource.h>

#include <cstdint>
#include <optional>

namespace command_exporter {

class RunTags {
 public:
  // `own`: the hard limit of RLIMIT_RTTIME of the process that starts runs.
  RunTags(rlim_t own, std::uint64_t random);

  // Those of this process, with a new random number.
  static RunTags OfThisProcess();

  bool usable() const { return prefix_ != 0; }

  // Requires: usable().
  rlimit TagOf(std::uint64_t serial) const;

  // The serial in the hard limit of a process, when the last run was `last`;
  // none: no tag of ours, or of a run that has not been.
  std::optional<std::uint64_t> SerialIn(rlim_t hard, std::uint64_t last) const;

 private:
  rlim_t prefix_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_TAGS_HPP_
