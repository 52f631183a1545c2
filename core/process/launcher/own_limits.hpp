// OwnLimits: the resource limits that the launcher began with.
//
// A command of the launcher's own user may lower them (prlimit(2)), and then no
// command can be started any more, or all of them inherit a limit that the
// administrator did not set. A soft limit can be set back. A hard one cannot,
// so the launcher ends, and the guardian, whose limits are whole, starts
// another. Raised limits are left alone: only an administrator can raise them.
//
// Thread safety: none; the launcher's thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_OWN_LIMITS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_OWN_LIMITS_HPP_

#include <sys/resource.h>

#include <algorithm>
#include <array>

#include "core/base/deadline.hpp"

namespace command_exporter {

class OwnLimits {
 public:
  // As they are now.
  OwnLimits();

  // Sets back what was lowered. False: not all of it can be.
  bool Restore() const;

  // A look is due at `at`, or earlier if one was asked for.
  void LookAt(Clock::time_point at) { next_ = std::min(next_, Deadline(at)); }

  // When Look does something.
  Deadline next() const { return next_; }

  // As Restore, if it is due. False, also from then on: a limit is lost.
  bool Look(Clock::time_point now);

 private:
  Deadline next_{};
  bool lost_{};
  std::array<rlimit, RLIM_NLIMITS> limits_{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_OWN_LIMITS_HPP_
