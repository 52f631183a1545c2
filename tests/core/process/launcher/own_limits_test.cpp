// The launcher's own limits, which a command of its user may lower.
#include "core/process/launcher/own_limits.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

void Lower(int resource, bool hard, rlim_t to) {
  rlimit limit{};
  ::getrlimit(resource, &limit);
  limit.rlim_cur = to;
  limit.rlim_max = hard ? to : limit.rlim_max;
  ::setrlimit(resource, &limit);
}

// In a process without the right to raise limits.
bool InAChild(const std::function<bool()>& holds) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::_exit(::getuid() == 0 && ::setresuid(65534, 65534, 65534) != 0 ? 2
            : holds()                                                ? 0
                                                                     : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status == 0;
}

TEST_CASE("a soft limit that was lowered is set back") {
  CHECK(InAChild([] {
    const OwnLimits limits;
    Lower(RLIMIT_NOFILE, false, 12);
    Lower(RLIMIT_FSIZE, false, 0);
    rlimit files{};
    const bool whole = limits.Restore();
    ::getrlimit(RLIMIT_NOFILE, &files);
    return whole && files.rlim_cur > 12;
  }));
}

TEST_CASE("a hard limit that was lowered cannot be set back") {
  for (const int resource : {RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_RTTIME}) {
    CAPTURE(resource);
    CHECK(InAChild([resource] {
      const OwnLimits limits;
      Lower(resource, true, 1);
      return !limits.Restore();
    }));
  }
}

TEST_CASE("limits that nobody has lowered are left alone") {
  CHECK(InAChild([] {
    Lower(RLIMIT_CORE, false, 0);
    const OwnLimits limits;
    rlimit core{};
    ::getrlimit(RLIMIT_CORE, &core);
    core.rlim_cur = core.rlim_max;  // raised by an administrator
    ::setrlimit(RLIMIT_CORE, &core);
    const bool whole = limits.Restore();
    rlimit now{};
    ::getrlimit(RLIMIT_CORE, &now);
    return whole && now.rlim_cur == core.rlim_cur;
  }));
}

}  // namespace
}  // namespace command_exporter
