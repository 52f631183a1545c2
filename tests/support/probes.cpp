#include "tests/support/probes.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <sstream>

#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

std::string Because(const char* what, int error) {
  return std::string(what) + ": " + std::strerror(error);
}

// Runs `attempt` in a process of its own and returns 0 or an errno.
int InChild(const std::function<int()>& attempt) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(attempt());
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) {
    return errno;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

std::string TryRoot() {
  if (::geteuid() != 0) {
    return "this is user " + std::to_string(::geteuid());
  }
  const int error = InChild([] {
    constexpr uid_t kNobody = 65534;
    return ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                   ::setresuid(kNobody, kNobody, kNobody) == 0
               ? 0
               : errno;
  });
  return error == 0 ? "" : Because("setresuid", error);
}

std::string TryFuse() {
  const UniqueFd device(::open("/dev/fuse", O_RDWR | O_CLOEXEC));
  if (!device) {
    return Because("/dev/fuse", errno);
  }
  std::string folder = "/tmp/probe_fuse_XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) {
    return Because(folder.c_str(), errno);
  }
  const std::string options = "fd=" + std::to_string(device.get()) +
                              ",rootmode=40000,user_id=0,group_id=0";
  std::string why;
  if (::mount("probe", folder.c_str(), "fuse", MS_NOSUID | MS_NODEV,
              options.c_str()) != 0) {
    why = Because("mount", errno);
  } else {
    ::umount2(folder.c_str(), MNT_DETACH);
  }
  ::rmdir(folder.c_str());
  return why;
}

int EnterPidNamespace() {
  // unshare(2) moves the next child, which becomes PID 1.
  if (::unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) {
    return errno;
  }
  return InChild([] {
    const bool mounted =
        ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
        ::mount("proc", "/proc", "proc", 0, nullptr) == 0;
    return mounted ? 0 : errno;
  });
}

std::string TryPidNamespace() {
  const int error = InChild(EnterPidNamespace);
  return error == 0 ? "" : Because("unshare", error);
}

std::string TryPidCounter() {
  const char* const counter = "/proc/sys/kernel/ns_last_pid";
  const std::string why = TryPidNamespace();
  return why.empty() && ::access(counter, W_OK) != 0 ? Because(counter, errno)
                                                     : why;
}

std::string TryUserNamespace() {
  const int error =
      InChild([] { return ::unshare(CLONE_NEWUSER) == 0 ? 0 : errno; });
  return error == 0 ? "" : Because("unshare", error);
}

// The mount point of cgroup v2; empty if there is none.
std::string CgroupMount() {
  std::ifstream mounts("/proc/self/mounts");
  std::string line;
  while (std::getline(mounts, line)) {
    std::istringstream fields(line);
    std::string device;
    std::string place;
    std::string kind;
    if (fields >> device >> place >> kind && kind == "cgroup2") {
      return place;
    }
  }
  return {};
}

bool WriteTo(const std::string& path, const std::string& text) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) ==
                     static_cast<ssize_t>(text.size());
}

std::string TryCgroup(const char* controller) {
  std::string why;
  const std::string folder = MakeCgroup(controller, why);
  if (folder.empty()) {
    return why;
  }
  const std::string inner = folder + "/run";
  if (::mkdir(inner.c_str(), 0755) != 0) {
    why = Because(inner.c_str(), errno);
  } else {
    const int error = InChild(
        [&inner] { return WriteTo(inner + "/cgroup.procs", "0") ? 0 : errno; });
    why = error == 0 ? "" : Because("cgroup.procs", error);
    ::rmdir(inner.c_str());
  }
  ::rmdir(folder.c_str());
  return why;
}

std::string TryIpv6() {
  const UniqueFd socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) {
    return Because("socket", errno);
  }
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address),
                sizeof address) == 0
             ? ""
             : Because("bind to ::1", errno);
}

}  // namespace

std::string MakeCgroup(const char* controller, std::string& why) {
  const std::string mount = CgroupMount();
  if (mount.empty()) {
    why = "cgroup v2 is not mounted";
    return {};
  }
  const std::string name = controller;
  if (!name.empty()) {
    WriteTo(mount + "/cgroup.subtree_control", "+" + name);
  }
  std::string folder =
      mount + "/command_exporter_test_" + std::to_string(::getpid());
  if (::mkdir(folder.c_str(), 0755) != 0) {
    why = Because(folder.c_str(), errno);
    return {};
  }
  if (!name.empty() &&
      !WriteTo(folder + "/cgroup.subtree_control", "+" + name)) {
    why = Because(("controller " + name).c_str(), errno);
    ::rmdir(folder.c_str());
    return {};
  }
  return folder;
}

bool Skips(const char* probe, const std::string& why) {
  if (!why.empty()) {
    std::cout << "skipped: " << probe << ": " << why << '\n' << std::flush;
  }
  return !why.empty();
}

namespace probes {

std::string root() {
  static const std::string why = TryRoot();
  return why;
}

std::string fuse() {
  static const std::string why = TryFuse();
  return why;
}

std::string pid_namespace() {
  static const std::string why = TryPidNamespace();
  return why;
}

std::string pid_counter() {
  static const std::string why = TryPidCounter();
  return why;
}

std::string user_namespace() {
  static const std::string why = TryUserNamespace();
  return why;
}

std::string cgroup() {
  static const std::string why = TryCgroup("");
  return why;
}

std::string cgroup_memory() {
  static const std::string why = TryCgroup("memory");
  return why;
}

std::string cgroup_pids() {
  static const std::string why = TryCgroup("pids");
  return why;
}

std::string ipv6() {
  static const std::string why = TryIpv6();
  return why;
}

}  // namespace probes
}  // namespace command_exporter
