#include "tests/core/process/launcher/hostile_programs.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

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

void WashEnvironment() {
  for (char** variable = environ; *variable != nullptr; ++variable) {
    std::memset(*variable, 'x', std::strlen(*variable));
  }
}

// A process that reads this one's environment waits for the file. Only whole
// pages: the first and last pages also hold strings of others. PADDING ensures
// that there are some.
[[noreturn]] void Mask() {
  constexpr std::uintptr_t kPage = 4096;
  if (::fork() != 0) {
    ::usleep(200'000);
    ::_exit(0);
  }
  ::setsid();
  const char* const padding = std::getenv("PADDING");
  const int file = ::open(std::getenv("HOSTILE_FILE"), O_RDONLY | O_CLOEXEC);
  const auto start = reinterpret_cast<std::uintptr_t>(padding);
  const auto from = (start + kPage - 1) / kPage * kPage;
  const auto to = (start + std::strlen(padding)) / kPage * kPage;
  void* const got = ::mmap(reinterpret_cast<void*>(from), to - from, PROT_READ,
                           MAP_PRIVATE | MAP_FIXED, file, 0);
  for (const int fd : {0, 1, 2}) {
    ::close(fd);
  }
  if (got == MAP_FAILED) {
    ::_exit(1);
  }
  Sleep();
}

struct Relatives {
  std::array<pid_t, 4> pids{};  // two children, two daemons
  std::atomic<int> ready{};
};

[[noreturn]] void Live(Relatives& relatives, std::size_t place) {
  for (const int fd : {0, 1, 2}) {
    ::close(fd);
  }
  relatives.pids.at(place) = ::getpid();
  ++relatives.ready;
  Sleep();
}

void StartDaemon(Relatives& relatives, std::size_t place, bool nameless) {
  const pid_t between = ::fork();
  if (between == 0) {
    ::setsid();
    if (::fork() == 0) {
      if (nameless) {
        WashEnvironment();
      }
      Live(relatives, place);
    }
    ::_exit(0);
  }
  ::waitpid(between, nullptr, 0);
}

[[noreturn]] void Family() {
  void* const memory =
      ::mmap(nullptr, sizeof(Relatives), PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto& relatives = *new (memory) Relatives{};
  for (const std::size_t child : {0U, 1U}) {
    if (::fork() == 0) {
      if (child == 1) {
        ::setsid();
      }
      Live(relatives, child);
    }
  }
  StartDaemon(relatives, 2, false);
  StartDaemon(relatives, 3, true);
  while (relatives.ready < 4) {
    ::usleep(1000);
  }
  ::usleep(static_cast<useconds_t>(::getpid() % 8) * 10'000);
  const auto& pids = relatives.pids;
  const bool live = ::waitpid(pids[0], nullptr, WNOHANG) == 0 &&
                    ::waitpid(pids[1], nullptr, WNOHANG) == 0 &&
                    ::kill(pids[2], 0) == 0 && ::kill(pids[3], 0) == 0;
  std::printf("%s %d %d %d %d\n", live ? "live" : "lost", pids[0], pids[1],
              pids[2], pids[3]);
  std::fflush(stdout);
  ::_exit(0);
}

[[noreturn]] void Crowd() {
  constexpr int kChildren = 5000;
  for (int i = 0; i < kChildren; ++i) {
    if (::fork() == 0) {
      Sleep();
    }
  }
  std::printf("here\n");
  std::fflush(stdout);
  Sleep();
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

// 2^8 leaves. Under a sanitizer a process needs milliseconds to end, which is
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

[[noreturn]] void OpenFiles() {
  int count = 0;
  while (::open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) {
    ++count;
  }
  std::printf("%d files, then: %s\n", count, std::strerror(errno));
  std::fflush(stdout);
  ::_exit(0);
}

// Has its own limit, because only a user of its own may run it.
[[noreturn]] void Bomb(Deadline until) {
  const rlimit processes{60, 60};
  if (::getuid() == 0 || ::setrlimit(RLIMIT_NPROC, &processes) != 0) {
    ::_exit(1);
  }
  while (!until.Passed()) {
    ::fork();
  }
  ::_exit(0);
}

// Goes from the right of its owner, root, to all rights of root.
[[noreturn]] void Rise() {
  ::signal(SIGTERM, SIG_IGN);
  if (::setresuid(0, 0, 0) != 0) {
    ::_exit(1);
  }
  std::printf("risen\n");
  std::fflush(stdout);
  Sleep();
}

void PlayPart() {
  const char* const part = std::getenv("HOSTILE");
  const std::string_view name = part == nullptr ? "" : part;
  const Deadline until = Deadline::After(kLife);
  if (name == "hop") {
    Hop(until);
  } else if (name == "hop_nameless") {
    WashEnvironment();
    Hop(until);
  } else if (name == "family") {
    Family();
  } else if (name == "mask") {
    Mask();
  } else if (name == "crowd") {
    Crowd();
  } else if (name == "storm") {
    Storm(until);
  } else if (name == "tree") {
    Tree(kTreeLevels, 2, true);
  } else if (name == "bush") {
    Tree(3, 5, false);
  } else if (name == "nest") {
    Nest(6);
  } else if (name == "files") {
    OpenFiles();
  } else if (name == "bomb") {
    Bomb(until);
  } else if (name == "rise") {
    Rise();
  }
}

// Runs before the tests' own main.
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

HostileFile::HostileFile(std::string name, mode_t mode)
    : name_(std::move(name)) {
  std::string folder = std::filesystem::temp_directory_path() / "ce-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    throw std::runtime_error("no folder " + folder);
  }
  folder_ = folder;
  std::filesystem::copy_file("/proc/self/exe", folder_ / name_);
  ::chmod((folder_ / name_).c_str(), mode);
  ::chmod(folder_.c_str(), 0755);
}

HostileFile::~HostileFile() {
  std::filesystem::remove_all(folder_);
}

CommandSpec HostileFile::Spec() const {
  CommandSpec spec = Hostile(name_);
  spec.argv = {folder_ / name_};
  spec.paths = spec.argv;
  return spec;
}

}  // namespace command_exporter
