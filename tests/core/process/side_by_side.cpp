#include "tests/core/process/side_by_side.hpp"

#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

// Few enough that on two processors every scene can answer its heartbeat: a
// scene uses a hundredth of a processor, a sanitizer's build a multiple.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kAtOnce = 6;
#else
constexpr std::size_t kAtOnce = 12;
#endif

// Of this process.
int failed_assertions = 0;

// Only Catch's reporters learn the number of failed assertions.
class FailureCounter : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;

  bool assertionEnded(const Catch::AssertionStats& stats) override {
    failed_assertions += stats.assertionResult.isOk() ? 0 : 1;
    return false;  // for the reporters: nothing was printed
  }
};

CATCH_REGISTER_LISTENER(FailureCounter)

// Returns the exit status.
int PlayHere(const Play& play) {
  failed_assertions = 0;
  try {
    INFO(play.name);
    play.scene();
  } catch (const Catch::TestFailureException&) {
    // A REQUIRE, which was counted and reported.
  } catch (const std::exception& error) {
    std::cout << play.name << ": " << error.what() << '\n';
    ++failed_assertions;
  }
  std::cout << std::flush;
  return failed_assertions == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

pid_t ForkPlay(const Play& play) {
  std::cout << std::flush;  // otherwise both would write the buffered output
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::_exit(::getppid() == parent ? PlayHere(play) : EXIT_FAILURE);
  }
  return child;
}

// Waits for one of the processes.
void Await(std::map<pid_t, const Play*>& running) {
  int status = 0;
  const pid_t ended = ::waitpid(-1, &status, 0);
  REQUIRE(ended > 0);
  const auto found = running.find(ended);
  if (found == running.end()) {
    return;  // an orphan of a scene whose process has died
  }
  INFO(found->second->name);
  CHECK(status == 0);
  running.erase(found);
}

}  // namespace

void PlaySideBySide(const std::vector<Play>& plays) {
  std::map<pid_t, const Play*> running;
  for (const Play& play : plays) {
    if (running.size() >= kAtOnce) {
      Await(running);
    }
    const pid_t child = ForkPlay(play);
    REQUIRE(child > 0);
    running.emplace(child, &play);
  }
  while (!running.empty()) {
    Await(running);
  }
}

}  // namespace command_exporter
