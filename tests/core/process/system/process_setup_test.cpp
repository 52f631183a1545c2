// That a process hides its memory: e2e/test_hidden.py tells what that is for.
#include "core/process/system/process_setup.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include <catch2/catch.hpp>

#include "core/process/system/user.hpp"

namespace command_exporter {
namespace {

// The exit status of a fork that does this.
int InAChild(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(body());
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int Dumpable() {
  return ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
}

TEST_CASE("a process that hides its memory does so for what it forks") {
  CHECK(InAChild([] {
          ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
          HideMemory();
          return Dumpable() + InAChild(Dumpable);
        }) == 0);
}

TEST_CASE(
    "whoever becomes a user hides its memory, also where it is that one") {
  CHECK(InAChild([] {
          ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
          return BecomeUser(CurrentUser()) ? Dumpable() : 2;
        }) == 0);
}

}  // namespace
}  // namespace command_exporter
