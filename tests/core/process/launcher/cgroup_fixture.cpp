#include "tests/core/process/launcher/cgroup_fixture.hpp"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <string_view>

#include <catch2/catch.hpp>

#include "core/process/spawn/spawn_syscall.hpp"
#include "core/process/system/cgroup_files.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {

CgroupFixture::CgroupFixture(const char* controller) {
  std::string why;
  home_.path = MakeCgroup(controller, why);
  INFO(why);
  REQUIRE_FALSE(home_.path.empty());
  home_.memory = std::string_view(controller) == "memory";
  home_.pids = std::string_view(controller) == "pids";
}

CgroupFixture::~CgroupFixture() {
  RemoveCgroup(AT_FDCWD, home_.path, Deadline::After(std::chrono::seconds{2}));
}

LauncherDriver::Options CgroupFixture::Options(
    std::function<void()> before) const {
  LauncherDriver::Options options;
  options.cgroups = home_;
  options.before = std::move(before);
  return options;
}

std::vector<std::string> CgroupFixture::Groups() const {
  return ChildCgroups(OpenCgroup(AT_FDCWD, home_.path.c_str()).get());
}

std::string CgroupFixture::Base() const {
  for (const std::string& name : Groups()) {
    if (name.starts_with(kRunsPrefix)) {
      return home_.path + "/" + name;
    }
  }
  FAIL("no launcher has a group in " << home_.path);
  return {};
}

void CgroupFixture::Delegate(uid_t user) {
  REQUIRE(::mkdir((home_.path + "/main").c_str(), 0755) == 0);
  for (const char* const name :
       {"", "/cgroup.procs", "/cgroup.subtree_control", "/cgroup.threads"}) {
    REQUIRE(::chown((home_.path + name).c_str(), user, user) == 0);
  }
}

void CgroupFixture::EnterMain() const {
  const UniqueFd leaf = OpenCgroup(AT_FDCWD, (home_.path + "/main").c_str());
  if (WriteCgroupFile(leaf.get(), "cgroup.procs", "0") != 0) {
    ::_exit(99);
  }
}

std::string UnifiedLine(const std::string& proc_cgroup) {
  const std::size_t at = proc_cgroup.find("0::");
  return at == std::string::npos
             ? std::string{}
             : proc_cgroup.substr(at, proc_cgroup.find('\n', at) - at);
}

void ForbidClone3(int error) {
  const auto code = static_cast<unsigned int>(error);
  std::array<sock_filter, 4> program{{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | code),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  }};
  const sock_fprog filter{program.size(), program.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
    ::_exit(98);
  }
}

}  // namespace command_exporter
