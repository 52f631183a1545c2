// RunWatch: what the launcher's epoll set watches of a run: the ends of its
// pipes once its leader is gone, and its control group.
//
// A descriptor leaves the set before it is closed: a child that has not called
// execve yet holds duplicates, so closing alone would not remove it, and its
// events would go on without an owner. epoll(7), question 6
//
// Thread safety: none; the launcher's thread.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_WATCH_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_WATCH_HPP_

#include <cstdint>

#include "core/process/launcher/run.hpp"

namespace command_exporter {

class RunWatch {
 public:
  // The data of an event is `event_base` and the run's serial, added.
  RunWatch(int epoll, std::uint64_t event_base)
      : epoll_(epoll),
        event_base_(event_base) {}

  // One event when the last writer of a pipe has closed it.
  void AddPipes(Run& run) const;
  void ClosePipes(Run& run) const;

  // An event when the last process has left the group. Requires: it has one.
  void AddCgroup(const Run& run) const;
  void RemoveCgroup(const Run& run) const;

 private:
  void Add(int fd, std::uint32_t events, const Run& run) const;
  void Remove(int fd) const;

  int epoll_;
  std::uint64_t event_base_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_LAUNCHER_RUN_WATCH_HPP_
