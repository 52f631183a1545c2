// CgroupPool: the control groups of the launcher's runs.
//
// A run takes a group before it starts and returns it when the group is empty,
// so a group never holds processes of two runs. Groups are created on first
// need and reused (creating and removing one costs as much as a tenth of a
// command). Only folders are kept, no descriptors, so that an idle launcher has
// as many as at its start. A killed group is created anew: on Linux 6.18, a
// process born by clone3 in a group whose cgroup.kill was ever written (more
// often than our own group's) was seen to be killed.
//
// Anything may happen to a file system. If no group is available, Take returns
// the reason, and the caller decides whether the run goes on without one. A
// folder that someone removed is created anew.
//
// Thread safety: none; the launcher's thread. Invariant: while this object
// lives it holds the lock of its folder; the lock shows others that it lives.
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

  // Call it only once the leader has been reaped; false stays false.
  bool Populated();
  void Kill();

  bool killed() const { return killed_; }

  // Shows EPOLLPRI when Populated may have changed; calling Populated resets
  // it. The descriptor stays this object's. -1: none available.
  int Watch();

  bool watched() const { return static_cast<bool>(events_); }

  // True when the kernel has killed a process in it because of its memory
  // limit.
  bool RanOutOfMemory() const;
  // Records the number of such kills so far.
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

  // The error is an errno; ENOTSUP when there is no home, or when the home
  // lacks the controller of a limit.
  Result<std::unique_ptr<RunCgroup>, int> Take(const RunLimits& limits);
  // Requires: !cgroup->Populated().
  void Give(std::unique_ptr<RunCgroup> cgroup);

  // The number of the run's group that holds the process; 0 if none of ours
  // does.
  std::uint32_t NumberOf(pid_t pid) const;

  // Kills all processes in the groups and removes the groups, at the end. False
  // when something remains at `until`.
  bool RemoveAll(Deadline until);

 private:
  // The last limits of a numbered folder.
  struct Setting {
    std::optional<std::uint64_t> memory{};
    std::optional<std::uint32_t> processes{};
  };

  // 0 or errno, as below.
  int MakeBase();
  // Opens the folder, and creates it if needed; empty, with errno.
  UniqueFd Open(std::uint32_t number);
  int Bound(int folder, std::uint32_t number, const RunLimits& limits);

  CgroupHome home_;
  std::string base_name_{};
  UniqueFd base_{};                    // its lock is held
  std::vector<std::uint32_t> idle_{};  // the last one returned is at the end
  std::vector<Setting> settings_{};    // [number - 1]
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_CGROUP_POOL_HPP_
