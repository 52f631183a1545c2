// CgroupFixture: a part of the real cgroup v2 tree for one test's launcher.
//
// Thread safety: none. Requires: the probe `cgroup`.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_CGROUP_FIXTURE_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_CGROUP_FIXTURE_HPP_

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "core/process/system/cgroup_home.hpp"
#include "tests/core/process/launcher/launcher_driver.hpp"

namespace command_exporter {

class CgroupFixture {
 public:
  // `controller`: "", "memory" or "pids".
  explicit CgroupFixture(const char* controller = "");
  // Removes all groups, so that one failed test does not fail the next.
  ~CgroupFixture();
  CgroupFixture(const CgroupFixture&) = delete;
  CgroupFixture& operator=(const CgroupFixture&) = delete;

  const CgroupHome& home() const { return home_; }

  LauncherDriver::Options Options(std::function<void()> before = {}) const;

  // Names of the groups in it: empty when nothing is left.
  std::vector<std::string> Groups() const;
  // The folder of the only launcher.
  std::string Base() const;
  // Gives it to a user, as systemd does, with a group "main" for the launcher.
  void Delegate(uid_t user);
  // Call it in the launcher, before it becomes the user.
  void EnterMain() const;

 private:
  CgroupHome home_;
};

// The line of cgroup v2 in /proc/PID/cgroup.
std::string UnifiedLine(const std::string& proc_cgroup);

// From now on clone3(2) fails with this error, here and in all children.
void ForbidClone3(int error);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_CGROUP_FIXTURE_HPP_
