// CgroupPool: the control groups of the launcher's runs.
//
// A run takes one before it starts and gives it back when nobody is in it any
// more, so a group never holds processes of two runs. Groups are made when
// they are first needed and used again (making and removing one costs as much
// as a tenth of a command); only folders are kept, no descriptors, so that an
// idle launcher has as many as at its start. A group that was killed is made
// anew: seen on Linux 6.18, whoever is born by clone3 in a group that
// cgroup.kill was ever written to (more often than to our own) is killed.
//
// Anything may happen to a file system. When no group can be had, Take says
// why, and the caller decides whether the run does without. A folder that was
// removed under us is made anew.
//
// Thread safety: none; the launcher's thread. Invariant: while it lives it
// holds the lock of its folder, by which others know that it lives.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_CGROUP_POOL_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_CGROUP_POOL_HPP_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/deadline.hpp"
#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"
#include "core/process/command/command_table.hpp"
#include "core/process/system/cgroup_home.hpp"

namespace command_exporter {

// The group of one run.
class RunCgroup {
 public:
  RunCgroup(std::uint32_t number, UniqueFd folder)
      : number_(number),
        folder_(std::move(folder)) {}

  std::uint32_t number() const { return number_; }

  // For clone3 and for openat.
  int folder() const { return folder_.get(); }

  // To be asked once the leader has been reaped; false stays false.
  bool Populated();
  void Kill();

  bool killed() const { return killed_; }

  // Shows EPOLLPRI when Populated may have changed; asking resets it. The
  // descriptor stays this object's. -1: there is none to be had.
  int Watch();

  bool watched() const { return static_cast<bool>(events_); }

  // The kernel has killed in it because of its limit of memory.
  bool RanOutOfMemory() const;
  // Notes how often that has happened before.
  void NoteMemoryKills();

 private:
  std::uint64_t MemoryKills() const;

  std::uint32_t number_;
  UniqueFd folder_;
  UniqueFd events_{};
  bool emptied_{};
  bool killed_{};
  std::uint64_t kills_before_{};
};

class CgroupPool {
 public:
  explicit CgroupPool(CgroupHome home);
  CgroupPool(const CgroupPool&) = delete;
  CgroupPool& operator=(const CgroupPool&) = delete;

  explicit operator bool() const { return static_cast<bool>(home_); }

  // The error is an errno; ENOTSUP when there is no home, or none with the
  // controller that a limit needs.
  Result<std::unique_ptr<RunCgroup>, int> Take(const RunLimits& limits);
  // Requires: !cgroup->Populated().
  void Give(std::unique_ptr<RunCgroup> cgroup);

  // The number of the run's group in which the process is; 0 for none of ours.
  std::uint32_t NumberOf(pid_t pid) const;

  // The end: kills what is in any of them and removes them all. False when
  // something is still there at `until`.
  bool RemoveAll(Deadline until);

 private:
  // What the folder of a number was last set to.
  struct Setting {
    std::optional<std::uint64_t> memory{};
    std::optional<std::uint32_t> processes{};
  };

  // 0 or errno, as below.
  int MakeBase();
  // The folder, made if need be; empty, with errno.
  UniqueFd Open(std::uint32_t number);
  int Bound(int folder, std::uint32_t number, const RunLimits& limits);

  CgroupHome home_;
  std::string base_name_{};
  UniqueFd base_{};                    // its lock is held
  std::vector<std::uint32_t> idle_{};  // last given back at the end
  std::vector<Setting> settings_{};    // [number - 1]
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_CGROUP_POOL_HPP_
