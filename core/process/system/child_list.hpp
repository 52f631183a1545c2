// The children of a process, as /proc lists them.
// proc(5), /proc/PID/task/TID/children
//
// Thread safety: none; one thread owns a ChildList.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CHILD_LIST_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CHILD_LIST_HPP_

#include <sys/types.h>

#include <string>
#include <vector>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

// The children of this process, which must have one thread.
//
// The list is complete: an entry could be missed only if another child was
// reaped during the reading, and only this process reaps.
class ChildList {
 public:
  ChildList();
  // Zombies included. `pids` is overwritten. False: some or all are missing.
  bool Read(std::vector<pid_t>& pids);

  // In a forked process, which has other children.
  void Close() { file_.Reset(); }

 private:
  // For kernels without CONFIG_PROC_CHILDREN: reads the entry of every process.
  static bool Scan(std::vector<pid_t>& pids);

  UniqueFd file_;
  std::string text_{};
};

// All children of another process, those of each of its threads, zombies
// included. Empty also when it is gone, and on kernels without
// CONFIG_PROC_CHILDREN. `pids` is overwritten. False: some may be missing, for
// want of a descriptor or of memory.
bool ReadChildrenOf(pid_t pid, std::vector<pid_t>& pids);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_CHILD_LIST_HPP_
