#include "tests/core/process/launcher/hostile_programs.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "core/base/deadline.hpp"
#include "tests/core/process/launcher/command_specs.hpp"

namespace command_exporter {
namespace {

constexpr std::chrono::seconds kLife{25};

[[noreturn]] void Sleep() {
  ::sleep(kLife.count());
  ::_exit(0);
}

[[noreturn]] void Hop(Deadline until) {
  while (!until.Passed()) {
    const pid_t child = ::fork();
    if (child > 0) {
      ::_exit(0);
    }
    ::setsid();
  }
  ::_exit(0);
}

[[noreturn]] void Storm(Deadline until) {
  while (!until.Passed()) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int i = 0; i < 20; ++i) {
        if (::fork() == 0) {
          ::_exit(0);
        }
      }
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
  }
  ::_exit(0);
}

// 2^8 leaves. A process under a sanitizer needs milliseconds to die, which is
// not what is tested.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kTreeLevels = 5;
#else
constexpr int kTreeLevels = 8;
#endif

[[noreturn]] void Tree(int levels, int branches, bool sessions) {
  for (int i = 0; levels > 0 && i < branches; ++i) {
    if (::fork() == 0) {
      if (sessions) {
        ::setsid();
      }
      Tree(levels - 1, branches, sessions);
    }
  }
  Sleep();
}

[[noreturn]] void Nest(int levels) {
  ::setsid();
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  for (int i = 0; levels > 0 && i < 2; ++i) {
    if (::fork() == 0) {
      if (i == 0) {
        Nest(levels - 1);
      }
      ::setsid();
      Sleep();
    }
  }
  Sleep();
}

void PlayPart() {
  const char* const part = std::getenv("HOSTILE");
  const std::string_view name = part == nullptr ? "" : part;
  const Deadline until = Deadline::After(kLife);
  if (name == "hop") {
    Hop(until);
  } else if (name == "storm") {
    Storm(until);
  } else if (name == "tree") {
    Tree(kTreeLevels, 2, true);
  } else if (name == "bush") {
    Tree(3, 5, false);
  } else if (name == "nest") {
    Nest(6);
  }
}

// Before the tests' own main.
[[maybe_unused]] const bool kPlayed = (PlayPart(), true);

}  // namespace

CommandSpec Hostile(const std::string& name) {
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  CommandSpec spec =
      Program({std::string(path.data(), static_cast<std::size_t>(size))});
  spec.name = name;
  spec.environment.push_back("HOSTILE=" + name);
  return spec;
}

}  // namespace command_exporter
